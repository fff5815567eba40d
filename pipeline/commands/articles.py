"""``newsloom articles``: what is stored, as a list or one by one."""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from pipeline.commands.base import NewsloomCommand
from pipeline.commands.listing import DEFAULT_LIMIT, Column, count, print_lines, table, terminal_width
from pipeline.export import article_record, json_line, markdown, printable
from pipeline.items import Article, Precision, exported_signals

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from pipeline.storage.queries import ArticleFilter, Summary

LISTING_ONLY = ("limit", "source", "since")
SHOW_ONLY = ("why", "raw", "markdown")
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
        listing.add_argument("--limit", type=count, metavar="N", help="at most N articles (default: 20; 0: all)")
        listing.add_argument("--source", metavar="NAME", help="only articles of this source")
        listing.add_argument(
            "--since", type=moment, metavar="DATE", help="only articles of this day or time (ISO 8601) and after"
        )
        showing = parser.add_argument_group("Show").add_mutually_exclusive_group()
        showing.add_argument(
            "--why", action="store_true", help="every removed line with its rule, every field's signal"
        )
        showing.add_argument("--raw", action="store_true", help="the text blocks as stored, one a line with its kind")
        showing.add_argument("--markdown", action="store_true", help="the article as Markdown")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Tell the listing from ``show ID``; argparse leaves over the words that follow an option."""
        words = opts.words + [word for word in args if not word.startswith("-")]
        super().process_options([word for word in args if word.startswith("-")], opts)
        opts.show = _article_id(words)
        misplaced = LISTING_ONLY if opts.show is not None else SHOW_ONLY
        for option in misplaced:
            if getattr(opts, option) not in (None, False):
                needs = "lists articles" if opts.show is not None else "needs: articles show ID"
                raise UsageError(f"--{option} {needs}", print_help=False)
        if opts.json and any(getattr(opts, option) for option in SHOW_ONLY):
            raise UsageError("--json is a form of its own: no --why, --raw or --markdown", print_help=False)

    def execute(self, opts: argparse.Namespace) -> int:
        """List or show, and return the exit status."""
        from pipeline.storage.database import open_database  # noqa: PLC0415 - SQLAlchemy, for this command only
        from pipeline.storage.queries import ArticleFilter  # noqa: PLC0415

        settings: Any = self.settings
        engine = open_database(settings["DATABASE_URL"])
        try:
            if opts.show is not None:
                return self._show(engine, opts)
            wanted = ArticleFilter(source=opts.source, since=opts.since)
            limit = DEFAULT_LIMIT if opts.limit is None else opts.limit
            return self._list(engine, wanted, limit, as_json=opts.json)
        finally:
            engine.dispose()

    def _list(self, engine: "Engine", wanted: "ArticleFilter", limit: int, *, as_json: bool) -> int:
        from pipeline.storage.queries import has_articles, list_articles, read_articles  # noqa: PLC0415

        lines: Iterator[str]
        if as_json:
            found = read_articles(engine, wanted, limit)
            lines = (json_line(article_record(stored.article, stored.id, stored.version)) for stored in found)
        else:
            rows = [_row(summary) for summary in list_articles(engine, wanted, limit)]
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
            form = _why if opts.why else _raw if opts.raw else plain
            print_lines(self, form(stored.article))
        return 0


def moment(text: str) -> datetime:
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
        _time(summary.published, summary.published_precision) or "-",
        printable(summary.source),
        printable(summary.headline),
        str(summary.words),
    ]


def _time(value: datetime | None, precision: str | None) -> str:
    """As much of the time as the page stated: a day as it stands there, else in UTC."""
    if value is None:
        return ""
    return f"{value:%Y-%m-%d}" if precision == Precision.DAY else f"{value.astimezone(UTC):%Y-%m-%d %H:%M}"


def plain(article: Article) -> Iterator[str]:
    """The article as lines to read: its head, then each block of the body after an empty line."""
    yield from head(article)
    for block in article.body:
        yield ""
        yield printable(block.text)


def head(article: Article) -> Iterator[str]:
    """Headline, authors, dates, address: each where there is one."""
    yield printable(article.headline)
    authors = [printable(a.name if a.role == "author" else f"{a.name} ({a.role})") for a in article.authors]
    if authors:
        yield f"By {', '.join(authors)}"
    published = _time(article.published, article.published_precision)
    modified = _time(article.modified, article.modified_precision)
    dates = [f"{label} {time}" for label, time in (("Published", published), ("Modified", modified)) if time]
    if dates:
        yield ", ".join(dates)
    yield printable(article.canonical_url or article.url)


def _why(article: Article) -> Iterator[str]:
    yield from head(article)
    yield ""
    signals = [[printable(field), printable(signal)] for field, signal in exported_signals(article.signals).items()]
    yield from table([Column("field"), Column("signal")], signals, None)
    yield ""
    lines = [[str(line.position + 1), printable(line.rule), printable(line.text)] for line in article.removed]
    yield from table([Column("line", right=True), Column("rule"), Column("removed")], lines, None)


def _raw(article: Article) -> Iterator[str]:
    rows = [("headline", article.headline), ("standfirst", article.standfirst)]
    rows += [(f"{b.kind} {b.level}" if b.level else b.kind, b.text) for b in article.body]
    rows += [("attribution", line) for line in article.attribution]
    for image in article.images:
        rows += [("image", image.url), ("caption", image.caption), ("credit", image.credit)]
    for kind, text in rows:
        if text:
            yield f"{kind:<12} {printable(text)}"
