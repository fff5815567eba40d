"""``newsloom articles``: what is stored, as a list or one by one."""

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from pipeline.commands import forms
from pipeline.commands.base import NewsloomCommand
from pipeline.commands.listing import DEFAULT_LIMIT, Column, add_limit, print_lines, table, terminal_width, when
from pipeline.export import article_record, json_line, markdown, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from pipeline.storage.queries import Summary

LISTING_ONLY = {"limit": DEFAULT_LIMIT, "source": None, "since": None}
SHOW_ONLY = {"why": False, "raw": False, "markdown": False}
"""Options of the one and of the other use, with their defaults."""

COLUMNS = (
    Column("id", right=True),
    Column("published"),
    Column("source"),
    Column("headline", shrinks=True),
    Column("words", right=True),
)


class Command(NewsloomCommand, ScrapyCommand):
    """Lists and shows articles."""

    def syntax(self) -> str:
        """Arguments in the usage line."""
        return "[options] | show ID [options]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "List the stored articles, or show one"

    def long_desc(self) -> str:
        """What help says."""
        return (
            "List the stored articles, newest first, undated ones by when they were fetched; or show one of them: "
            "headline, authors, dates, address and clean body. Times are in UTC."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        super().add_options(parser)
        parser.add_argument("words", nargs="*", metavar="show ID", help="show the article of this id")
        parser.add_argument("--json", action="store_true", help="one JSON object a line, whole articles")
        listing = parser.add_argument_group("List")
        add_limit(listing, "articles")
        listing.add_argument("--source", metavar="NAME", help="only articles of this source")
        listing.add_argument(
            "--since", type=date_or_time, metavar="DATE", help="only articles of this day or time (ISO 8601) and after"
        )
        showing = parser.add_argument_group("Show").add_mutually_exclusive_group()
        showing.add_argument(
            "--why", action="store_true", help="every field with its signal, every removed line with its rule"
        )
        showing.add_argument("--raw", action="store_true", help="the text blocks as stored, one a line with its kind")
        showing.add_argument("--markdown", action="store_true", help="the article as Markdown")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Tell the listing from ``show ID``; argparse leaves over the words that follow an option."""
        words = opts.words + [word for word in args if not word.startswith("-")]
        super().process_options([word for word in args if word.startswith("-")], opts)
        opts.show = _article_id(words)
        misplaced = LISTING_ONLY if opts.show is not None else SHOW_ONLY
        for option, default in misplaced.items():
            if getattr(opts, option) != default:
                needs = "lists articles" if opts.show is not None else "needs: articles show ID"
                raise UsageError(f"--{option} {needs}", print_help=False)
        if opts.json and any(getattr(opts, option) for option in SHOW_ONLY):
            raise UsageError("--json is a form of its own: no --why, --raw or --markdown", print_help=False)

    def execute(self, opts: argparse.Namespace) -> int:
        """List or show, and return the exit status."""
        with self.database() as engine:
            return self._list(engine, opts) if opts.show is None else self._show(engine, opts)

    def _list(self, engine: "Engine", opts: argparse.Namespace) -> int:
        from pipeline.storage.queries import (  # noqa: PLC0415 - loads SQLAlchemy
            ArticleFilter,
            has_articles,
            list_articles,
            read_articles,
        )

        wanted = ArticleFilter(source=opts.source, since=opts.since)
        lines: Iterator[str]
        if opts.json:
            found = read_articles(engine, wanted, opts.limit)
            lines = (json_line(article_record(stored.article, stored.id, stored.version)) for stored in found)
        else:
            rows = [_row(summary) for summary in list_articles(engine, wanted, opts.limit)]
            lines = table(COLUMNS, rows, terminal_width())
        if not print_lines(self, lines):
            none = "no article matches" if has_articles(engine) else "no articles stored yet"
            sys.stderr.write(f"newsloom: {none}\n")
        return 0

    def _show(self, engine: "Engine", opts: argparse.Namespace) -> int:
        from pipeline.storage.queries import read_article  # noqa: PLC0415

        stored = read_article(engine, opts.show)
        if stored is None:
            sys.stderr.write(f"newsloom: there is no article {opts.show}\n")
            return 1
        if opts.json:
            self.print_line(json_line(article_record(stored.article, stored.id, stored.version)))
        elif opts.markdown:
            self.print_line(markdown(stored.article).removesuffix("\n"))
        else:
            form = forms.why if opts.why else forms.raw if opts.raw else forms.plain
            print_lines(self, form(stored.article))
        return 0


def date_or_time(text: str) -> datetime:
    """A date or time in ISO 8601, in UTC where it names no zone."""
    try:
        value = datetime.fromisoformat(text)
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date such as 2026-11-22 or 2026-11-22T18:30Z") from error


def _article_id(words: list[str]) -> int | None:
    match words:
        case []:
            return None
        case ["show", text] if text.isdecimal():
            return int(text)
        case ["show", text]:
            raise UsageError(f"an article's id is a number, not {text!r}", print_help=False)
        case ["show"]:
            raise UsageError("show which article? newsloom articles show ID", print_help=False)
        case ["show", _, *more]:
            raise UsageError(f"unrecognized arguments: {' '.join(more)}", print_help=False)
    raise UsageError(f"unrecognized arguments: {' '.join(words)}", print_help=False)


def _row(summary: "Summary") -> list[str]:
    return [
        str(summary.id),
        when(summary.published, summary.published_precision),
        printable(summary.source),
        printable(summary.headline),
        str(summary.words),
    ]
