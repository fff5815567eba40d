"""``newsloom articles``: what is stored, as a list or one by one."""

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from pipeline.commands import forms
from pipeline.commands.base import NewsloomCommand
from pipeline.commands.filters import FIELDS, add_filters, add_matching, filter_of
from pipeline.commands.history import diff_lines, edit_lines, version_lines
from pipeline.commands.indexing import try_to_catch_up
from pipeline.commands.listing import DEFAULT_LIMIT, Column, add_limit, print_lines, table, terminal_width, when
from pipeline.config import wants_colour
from pipeline.explain import moment
from pipeline.export import Record, article_record, json_line, markdown, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from pipeline.storage.assembling import StoredArticle
    from pipeline.storage.queries import Summary

USES = {
    "limit": ("list", "changed"),
    **dict.fromkeys(FIELDS, ("list",)),
    "source": ("list", "changed"),
    "since": ("list", "changed"),
    "matching": ("list",),
    "silent": ("changed",),
    "why": ("show",),
    "raw": ("show",),
    "markdown": ("show",),
    "version": ("show",),
    "versions": ("show",),
    "from_version": ("diff",),
    "to_version": ("diff",),
}
"""Option → what it goes with."""

WRITTEN = {"list": "articles", "changed": "articles changed", "show": "articles show ID", "diff": "articles diff ID"}
FORMS = ("why", "raw", "markdown")

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
        return "[options] | show ID [options] | diff ID [options] | changed [options]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "List the stored articles, show one, or what was changed in them"

    def long_desc(self) -> str:
        """What help says."""
        return (
            "List the stored articles, newest first, undated ones by when they were fetched; or show one of them: "
            "headline, authors, dates, address and clean body; or the words that differ between two of its versions; "
            "or which articles were changed after they were published. Times are in UTC."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        super().add_options(parser)
        parser.add_argument(
            "words", nargs="*", metavar="show ID | diff ID | changed", help="an article, its changes, or all changes"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object a line, whole articles")
        listing = parser.add_argument_group("List")
        add_limit(listing, "articles")
        add_filters(listing)
        add_matching(listing)
        listing.add_argument("--silent", action="store_true", help="changed: only where the page does not say so")
        one = parser.add_argument_group("Versions")
        one.add_argument("--version", type=_number, metavar="N", help="show this version, exactly as it was made")
        one.add_argument("--versions", action="store_true", help="list all versions of the article")
        one.add_argument("--from", dest="from_version", type=_number, metavar="N", help="diff: from this version")
        one.add_argument("--to", dest="to_version", type=_number, metavar="N", help="diff: to this version")
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
        opts.use, opts.id = _use(words)
        for option, uses in USES.items():
            value = getattr(opts, option)
            is_given = value != DEFAULT_LIMIT if option == "limit" else bool(value)
            if is_given and opts.use not in uses:
                named = "lang" if option == "language" else option.partition("_")[0]
                needs = " or ".join(WRITTEN[use] for use in uses)
                raise UsageError(f"--{named} needs: {needs}", print_help=False)
        if opts.json and any(getattr(opts, option) for option in FORMS):
            raise UsageError("--json is a form of its own: no --why, --raw or --markdown", print_help=False)
        if opts.versions and (opts.version or any(getattr(opts, option) for option in FORMS)):
            raise UsageError("--versions lists them all: no --version, --why, --raw or --markdown", print_help=False)

    def execute(self, opts: argparse.Namespace) -> int:
        """List, show or compare, and return the exit status."""
        do = {"list": self._list, "show": self._show, "diff": self._diff, "changed": self._changed}[opts.use]
        with self.database() as engine:
            return do(engine, opts)

    def _list(self, engine: "Engine", opts: argparse.Namespace) -> int:
        from pipeline.storage.queries import (  # noqa: PLC0415 - loads SQLAlchemy
            has_articles,
            list_articles,
            read_articles,
        )

        wanted = filter_of(opts)
        if wanted.words:
            try_to_catch_up(engine)
        lines: Iterator[str]
        if opts.json:
            found = read_articles(engine, wanted, opts.limit)
            lines = (json_line(_record(stored)) for stored in found)
        else:
            rows = [_row(summary) for summary in list_articles(engine, wanted, opts.limit)]
            lines = table(COLUMNS, rows, terminal_width())
        if not print_lines(self, lines):
            none = "no article matches" if has_articles(engine) else "no articles stored yet"
            sys.stderr.write(f"newsloom: {none}\n")
        return 0

    def _show(self, engine: "Engine", opts: argparse.Namespace) -> int:
        from pipeline.storage.queries import read_article  # noqa: PLC0415
        from pipeline.storage.states import read_versions  # noqa: PLC0415

        stored = read_article(engine, opts.id)
        if stored is None:
            return _none(f"there is no article {opts.id}")
        if opts.versions:
            print_lines(self, version_lines(read_versions(engine, opts.id), json=opts.json))
            return 0
        if opts.version:
            versions = read_versions(engine, opts.id)
            if opts.version > len(versions):
                return _none(f"article {opts.id} has no version {opts.version}, its last is {len(versions)}")
            stored = replace(stored, version=opts.version, article=versions[opts.version - 1].article)
        elif stored.gone_at and not (opts.json or opts.markdown or opts.raw):
            self.print_line(f"Gone since {moment(stored.gone_at)}: status {stored.gone_status}")
        self._print(stored, opts)
        return 0

    def _print(self, stored: "StoredArticle", opts: argparse.Namespace) -> None:
        if opts.json:
            self.print_line(json_line(_record(stored)))
        elif opts.markdown:
            self.print_line(markdown(stored.article).removesuffix("\n"))
        else:
            form = forms.why if opts.why else forms.raw if opts.raw else forms.plain
            print_lines(self, form(stored.article))

    def _diff(self, engine: "Engine", opts: argparse.Namespace) -> int:
        from pipeline.storage.queries import read_article  # noqa: PLC0415
        from pipeline.storage.states import before, read_versions  # noqa: PLC0415

        stored, known = read_article(engine, opts.id), read_versions(engine, opts.id)
        if stored is None:
            return _none(f"there is no article {opts.id}")
        for number in filter(None, (opts.from_version, opts.to_version)):
            if number > len(known):
                return _none(f"article {opts.id} has no version {number}, its last is {len(known)}")
        new = known[(opts.to_version or stored.version) - 1]
        old = known[opts.from_version - 1] if opts.from_version else before(known, new)
        if old is None:
            return _none(f"article {opts.id} has nothing before version {new.number}")
        colour = sys.stdout.isatty() and wants_colour()
        print_lines(self, diff_lines(old, new, json=opts.json, colour=colour))
        return 0

    def _changed(self, engine: "Engine", opts: argparse.Namespace) -> int:
        from pipeline.storage.states import EditFilter, list_edits  # noqa: PLC0415

        found = list_edits(engine, EditFilter(opts.source, opts.since, opts.silent), opts.limit)
        if not print_lines(self, edit_lines(found, json=opts.json)):
            sys.stderr.write("newsloom: no article was changed\n")
        return 0


def _use(words: list[str]) -> tuple[str, int | None]:
    """What is asked for, and of which article."""
    match words:
        case []:
            return "list", None
        case ["changed"]:
            return "changed", None
        case ["show" | "diff" as use, text] if text.isdecimal():
            return use, int(text)
        case ["show" | "diff", text]:
            raise UsageError(f"an article's id is a number, not {text!r}", print_help=False)
        case ["show" | "diff" as use]:
            raise UsageError(f"{use} which article? newsloom articles {use} ID", print_help=False)
        case ["show" | "diff", _, *more] | ["changed", *more]:
            raise UsageError(f"unrecognized arguments: {' '.join(more)}", print_help=False)
    raise UsageError(f"unrecognized arguments: {' '.join(words)}", print_help=False)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of a version")
    return int(text)


def _none(what: str) -> int:
    """Say that what was asked for is not there; the exit status."""
    sys.stderr.write(f"newsloom: {what}\n")
    return 1


def _record(stored: "StoredArticle") -> Record:
    return article_record(stored.article, stored.id, stored.version, stored.gone_at, stored.gone_status)


def _row(summary: "Summary") -> list[str]:
    return [
        str(summary.id),
        when(summary.published, summary.published_precision),
        printable(summary.source),
        printable(summary.headline),
        str(summary.words),
    ]
