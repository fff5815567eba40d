"""One page from the web for a command, by Scrapy's own downloader with the project's settings. No command itself."""

import logging
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.logger import globalLogBeginner
from twisted.python.failure import Failure

from pipeline.commands.crawling import run_crawler, was_interrupted
from pipeline.downloads.losses import LostError
from pipeline.errors import SourceError
from pipeline.items import RawPage
from pipeline.spiders.pages import page_of_response

CAUSES: dict[type[Exception], str] = {
    CannotResolveHostError: "there is no such host",
    DownloadConnectionRefusedError: "the connection was refused",
    DownloadTimeoutError: "no answer within {DOWNLOAD_TIMEOUT} s (DOWNLOAD_TIMEOUT)",
    DownloadCancelledError: "more than {DOWNLOAD_MAXSIZE} bytes (DOWNLOAD_MAXSIZE)",
    ResponseDataLossError: "the answer was cut short",
}
_TLS = re.compile(r"'SSL routines', '[^']*', '([^']+)'")
_FAILURE = re.compile(r"\[?<twisted\.python\.failure\.Failure [\w.]+: (.*?)>\]?")  # how Twisted writes a cause
TOLD_BY_US = ("scrapy.downloadermiddlewares", "scrapy.core.downloader", "twisted")


class PageSpider(Spider):
    """Fetches one address. ``outcome``: the page or what kept it away; None when it was interrupted."""

    name = "page"
    custom_settings = {  # noqa: RUF012 - Scrapy's way
        "ITEM_PIPELINES": {},
        "SPIDER_MIDDLEWARES": {},
        "EXTENSIONS": {},
        "FEEDS": {},
        "HTTPERROR_ALLOW_ALL": True,  # an error page is an answer: refine() refuses it, and says why
        "RETRY_ENABLED": False,
    }

    def __init__(self, url: str, **kwargs: Any) -> None:  # noqa: ANN401 - Scrapy's signature
        super().__init__(**kwargs)
        self.url = url
        self.outcome: RawPage | BaseException | None = None

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the address."""
        yield Request(self.url, callback=self.keep, errback=self.fail, dont_filter=True)

    def keep(self, response: Response) -> None:
        """Keep the answer, whatever its status."""
        self.outcome = page_of_response(self.url, response, datetime.now(UTC))

    def fail(self, failure: Failure) -> None:
        """Keep what went wrong."""
        self.outcome = failure.value


def fetch_page(url: str, settings: Settings) -> RawPage | None:
    """The page at a web address, None when the user interrupted; a ``SourceError`` says why it cannot be had."""
    crawler = run_for(PageSpider, url, settings)
    outcome: RawPage | BaseException | None = getattr(crawler.spider, "outcome", None)
    if not isinstance(outcome, BaseException):
        return outcome
    if was_interrupted(crawler):
        return None
    raise SourceError(cause_of(outcome, settings), path=url) from outcome


def run_for(spider: type[Spider], url: str, settings: Settings) -> Crawler:
    """Run a spider for an address that the user typed: its own host and port may be private."""
    parts = urlsplit(url)
    own = f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"  # the user may fetch from home
    allowed = settings.getlist("ALLOW_PRIVATE_ADDRESSES")
    settings.set("ALLOW_PRIVATE_ADDRESSES", ",".join([*allowed, own]), priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    globalLogBeginner.beginLoggingTo([], discardBuffer=True, redirectStandardIO=False)  # a bad certificate's traceback
    for name in TOLD_BY_US:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    crawler = process.create_crawler(spider)
    run_crawler(process, crawler, url=url)
    return crawler


def cause_of(error: BaseException, settings: Settings) -> str:
    """What went wrong with a download, in words."""
    if isinstance(error, LostError):
        return cause_of(error.__cause__, settings) if error.__cause__ else error.detail or str(error)
    for kind, text in CAUSES.items():
        if isinstance(error, kind):
            return text.format_map(settings)
    if told := _TLS.search(str(error)):
        return f"no secure connection: {told[1]}"
    text = _FAILURE.sub(r"\1", " ".join(str(error).split()))
    return text[:1].lower() + text[1:] if isinstance(error, IgnoreRequest) else f"the download failed: {text}"
