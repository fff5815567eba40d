"""What all of newsloom's commands share. No command itself: Scrapy collects those by class."""

import argparse
import logging
import sys
import traceback

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from pipeline.config import check
from pipeline.errors import ConfigError, PipelineError

logger = logging.getLogger(__name__)


class NewsloomCommand:
    """Mixin before a Scrapy command class: strict arguments, faults as one line, results on stdout.

    A command declares every argument in ``add_options`` (positional ones too), and implements
    ``execute(opts) -> int``, its exit status: 0 done, 1 a fault, 2 a usage error (raised as ``UsageError``).
    """

    requires_project = True
    requires_crawler_process = False
    exitcode = 0

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Name the usage line after newsloom."""
        super().add_options(parser)  # type: ignore[misc]
        parser.usage = (parser.usage or "").replace("scrapy ", "newsloom ", 1)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse what argparse left over: Scrapy itself would pass it on in silence."""
        if args:
            raise UsageError(f"unrecognized arguments: {' '.join(args)}", print_help=False)
        super().process_options(args, opts)  # type: ignore[misc]
        check_settings(self.settings)  # type: ignore[attr-defined]

    def run(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002 - Scrapy's signature
        """Run ``execute``; a fault is one line on stderr, its exit status 1, or 2 where a setting is wrong."""
        try:
            self.exitcode = self.execute(opts)
        except PipelineError as error:
            self.exitcode = told(error)

    def execute(self, opts: argparse.Namespace) -> int:
        """Do the command's work and return its exit status."""
        raise NotImplementedError

    def print_line(self, text: str = "") -> None:
        """Write one line of the command's result."""
        sys.stdout.write(f"{text}\n")


def check_settings(settings: BaseSettings) -> None:
    """End with a line and exit status 2 where a setting has a value that cannot be used."""
    level = settings["LOG_LEVEL"]
    try:
        check(settings)
        logging.Handler().setLevel(int(level) if str(level).isdecimal() else level)
    except ConfigError as error:
        sys.exit(told(error))
    except ValueError:
        sys.exit(told(ConfigError(f"LOG_LEVEL={level!r} is no log level")))


def run_crawler(process: AsyncCrawlerProcess, crawler: Crawler, **arguments: object) -> None:
    """Crawl to the end; a ``PipelineError`` tells in one line what kept the crawl from starting.

    A second Ctrl-C cuts the crawl off: it then has no ``finish_reason``.
    """
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


def told(error: PipelineError) -> int:
    """Say what is at fault in one line on stderr; its exit status."""
    sys.stderr.write(f"newsloom: {error}\n")
    return 2 if isinstance(error, ConfigError) else 1


def _setting_read(error: BaseException) -> str | None:
    """The setting that Scrapy was reading when it failed; its own message does not name it."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if frame.f_globals.get("__name__") == "scrapy.settings" and "name" in frame.f_locals:
            return str(frame.f_locals["name"])
    return None
