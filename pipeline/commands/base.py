"""What all of newsloom's commands share. No command itself: Scrapy collects those by class."""

import argparse
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyHelpFormatter
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from pipeline.config import check
from pipeline.errors import ConfigError, PipelineError, QueryError

if TYPE_CHECKING:
    from sqlalchemy import Engine


INTERRUPTED = 130
"""Exit status of a command that the user ended."""


class HelpFormatter(ScrapyHelpFormatter):
    """Scrapy's, which would make a heading of each line that happens to be broken behind a colon."""

    def format_part_strings(self, part_strings: list[str]) -> list[str]:
        """Keep the lines of an option from it: they are indented."""
        is_option = bool(part_strings) and part_strings[0].startswith(" ")
        return part_strings if is_option else super().format_part_strings(part_strings)


class NewsloomCommand:
    """Mixin before a Scrapy command class: strict arguments, faults as one line, results on stdout.

    A command declares every argument in ``add_options`` (positional ones too), and implements
    ``execute(opts) -> int``, its exit status: 0 done, 1 a fault, 2 a usage error (raised as ``UsageError``); 130 where
    the user ended it.
    """

    requires_project = True
    requires_crawler_process = False
    exitcode = 0
    settings: Any  # Scrapy sets both before it calls anything; its types allow for None
    crawler_process: Any

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Name the usage line after newsloom."""
        super().add_options(parser)  # type: ignore[misc]
        parser.formatter_class = HelpFormatter
        parser.usage = (parser.usage or "").replace("scrapy ", "newsloom ", 1)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse what argparse left over: Scrapy itself would pass it on in silence."""
        if args:
            raise UsageError(f"unrecognized arguments: {' '.join(args)}", print_help=False)
        super().process_options(args, opts)  # type: ignore[misc]
        check_settings(self.settings)
        if self.settings.getbool("LOG_JSON"):
            from pipeline.logs import use_json  # noqa: PLC0415 - for those who want it

            use_json(self.settings)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002 - Scrapy's signature
        """Run ``execute``; a fault is one line on stderr, its exit status 1, or 2 where a setting or query is wrong."""
        try:
            self.exitcode = self.execute(opts)
        except PipelineError as error:
            self.exitcode = told(error)
        except KeyboardInterrupt:
            sys.stderr.write("newsloom: interrupted\n")
            self.exitcode = INTERRUPTED

    def execute(self, opts: argparse.Namespace) -> int:
        """Do the command's work and return its exit status."""
        raise NotImplementedError

    @contextmanager
    def database(self) -> Iterator["Engine"]:
        """The database, open."""
        from pipeline.storage.database import open_database  # noqa: PLC0415 - SQLAlchemy, for who needs it

        engine = open_database(self.settings["DATABASE_URL"])
        try:
            yield engine
        finally:
            engine.dispose()

    @property
    def archive_folder(self) -> Path:
        """Where the archive is. ``ConfigError``: there is none."""
        if not self.settings["ARCHIVE_DIR"]:
            raise ConfigError("ARCHIVE_DIR is empty: there is no archive")
        return Path(self.settings["ARCHIVE_DIR"])

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


def told(error: PipelineError) -> int:
    """Say what is at fault in one line on stderr; its exit status."""
    sys.stderr.write(f"newsloom: {error}\n")
    return 2 if isinstance(error, ConfigError | QueryError) else 1
