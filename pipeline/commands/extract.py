"""``newsloom extract``: what the extraction makes of one page, with no database."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from pipeline.commands import forms
from pipeline.commands.base import INTERRUPTED, NewsloomCommand
from pipeline.commands.fetching import fetch_page
from pipeline.commands.listing import print_lines
from pipeline.commands.refining import refine_all
from pipeline.errors import SourceError
from pipeline.explain import page_lines, summary
from pipeline.export import json_line, markdown, printable, record
from pipeline.items import RawPage, Rejection
from pipeline.report import html_report
from pipeline.spiders.files import Reading, read_pages
from pipeline.spiders.walk import Shape, Tally, any_form_of
from pipeline.urls import absolute_url, is_web_address


class Command(NewsloomCommand, ScrapyCommand):
    """Extracts one page."""

    def syntax(self) -> str:
        """Arguments in the usage line."""
        return "[options] URL|FILE"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Show what the extraction makes of one page, without a database"

    def long_desc(self) -> str:
        """What help says."""
        return (
            "Fetch a page (robots.txt is obeyed) or read a file, and show the article that is in it: headline, "
            "authors, dates, address and clean body. Nothing is stored. Exit status: 0 an article, 1 the page could "
            "not be had or is no article, 2 wrong usage, 130 interrupted."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        super().add_options(parser)
        parser.add_argument("page", metavar="URL|FILE", help="web address, or a file as replay reads them")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="the article or rejection as one JSON object")
        form.add_argument("--markdown", action="store_true", help="the article as Markdown")
        form.add_argument(
            "--why", action="store_true", help="every field with its signal, every line of the page with its rule"
        )
        form.add_argument("--html-report", metavar="FILE", help="write the same as one HTML page for a browser")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check everything before anything is fetched or read."""
        super().process_options(args, opts)
        if is_web_address(opts.page):
            if absolute_url(opts.page) is None:
                raise UsageError(f"{opts.page} is no web address", print_help=False)
        elif not os.path.lexists(opts.page):
            raise UsageError(f"there is no file {opts.page}; an address begins with https://", print_help=False)
        elif Path(opts.page).is_dir():
            raise UsageError(f"{opts.page} is a folder; extract takes one page", print_help=False)
        elif any_form_of(opts.page).shape is not Shape.PAGE:
            raise UsageError(f"{opts.page} holds many pages; extract takes one", print_help=False)
        if opts.html_report is not None:
            self._check_report(Path(opts.html_report))

    def _check_report(self, path: Path) -> None:
        if path.is_dir():
            raise UsageError(f"{path} is a folder; the report is one file", print_help=False)
        if not path.parent.is_dir():
            raise UsageError(f"there is no folder {path.parent}", print_help=False)

    def execute(self, opts: argparse.Namespace) -> int:
        """Get the page, extract, show the outcome, and return the exit status."""
        from_web = is_web_address(opts.page)
        limit = self.settings.getint("PAGE_MAX_SIZE")
        page = fetch_page(opts.page, self.settings) if from_web else _read(opts.page, limit)
        if page is None:
            return INTERRUPTED
        item = page if isinstance(page, Rejection) else asyncio.run(refine_all([page], self.settings))[0]
        if opts.html_report:
            _write(Path(opts.html_report), html_report(item))
        if opts.json:
            self.print_line(json_line(record(item)))
        elif isinstance(item, Rejection):
            sys.stderr.write(f"newsloom: {printable(f'{opts.page}: {item.reason}: {item.detail}')}\n")
        elif opts.markdown:
            self.print_line(markdown(item).removesuffix("\n"))
        elif opts.html_report:
            self.print_line(f"{summary(page_lines(item))}: {printable(opts.html_report)}")
        else:
            print_lines(self, (forms.every_line if opts.why else forms.plain)(item))
        return int(isinstance(item, Rejection))


def _read(path: str, limit: int) -> RawPage | Rejection:
    """The page in a file, or why it cannot be had."""
    return next(page for page in read_pages([path], Reading(limit, Tally())) if isinstance(page, RawPage | Rejection))


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all; what is no ordinary file, such as /dev/stdout, is written to as it is."""
    target = path.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
            return
        part.write_text(text, encoding="utf-8")
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise SourceError((error.strerror or str(error)).lower(), path=str(path)) from error
