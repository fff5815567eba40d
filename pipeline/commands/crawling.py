"""Running a crawl for a command: what keeps it from starting, and what went wrong in it. No command itself."""

import logging
import traceback
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.extensions.feedexport import FileFeedStorage
from scrapy.settings import BaseSettings

from pipeline.errors import ConfigError, PipelineError, SourceError

logger = logging.getLogger(__name__)


def run_crawler(process: AsyncCrawlerProcess, crawler: Crawler, **arguments: object) -> None:
    """Crawl to the end; a ``PipelineError`` tells in one line what kept the crawl from starting.

    A second Ctrl-C cuts the crawl off: it then has no ``finish_reason``.
    """
    _check_outputs(crawler.settings)
    crawl = process.crawl(crawler, **arguments)
    process.start()
    error = crawl.exception() if crawl.done() else None
    if error is None:
        return
    logger.debug("the crawl did not start", exc_info=error)
    if isinstance(error, PipelineError):
        raise error
    cause = " ".join(f"{type(error).__name__}: {error}".split())
    name = _setting_read(error)
    if name:
        value = crawler.settings[name]
        shown = f"{name}={value!r}" if isinstance(value, str) else name
        raise ConfigError(f"{shown} cannot be used: {cause}") from error
    raise PipelineError(f"the crawl cannot be started: {cause}") from error


def was_interrupted(crawler: Crawler) -> bool:
    """Whether the user ended a run."""
    return bool(crawler.stats.get_value("finish_reason", "shutdown") == "shutdown")


def fault(crawler: Crawler) -> str | None:
    """What went wrong in a crawl that ran: what ended it, or that an output lacks articles. None: nothing."""
    from pipeline.pipelines import FAULT  # noqa: PLC0415 - loads SQLAlchemy, which not every crawl needs

    stats = crawler.stats.get_stats()
    failed = any(name.startswith("feedexport/failed_count/") for name in stats)
    if stats.get("spider_exceptions/count"):
        return "the spider itself failed, see the log"
    return stats.get(FAULT) or ("the articles could not be written to their file" if failed else None)


def _check_outputs(settings: BaseSettings) -> None:
    """Make sure that articles can be appended where `-o` and FEEDS say: Scrapy only logs it, article after article."""
    try:
        feeds = settings.getdict("FEEDS")
    except ValueError as error:
        raise ConfigError(f"FEEDS={settings['FEEDS']!r} cannot be used: {error}") from error
    for uri in map(str, feeds):
        scheme = urlsplit(uri).scheme
        if scheme not in settings.getwithbase("FEED_STORAGES"):
            raise ConfigError(f"FEEDS: {uri}: nothing can be written to {scheme}:")
        if scheme in ("", "file") and "%(" not in uri:  # else the name is not known yet
            try:
                FileFeedStorage(uri).open(Spider("outputs")).close()
            except OSError as error:
                raise SourceError(f"cannot be written: {str(error.strerror).lower()}", path=uri) from error


def _setting_read(error: BaseException) -> str | None:
    """The setting that Scrapy was reading when it failed; its own message does not name it."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if frame.f_globals.get("__name__") == "scrapy.settings" and "name" in frame.f_locals:
            return str(frame.f_locals["name"])
    return None
