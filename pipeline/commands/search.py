"""``newsloom search``: which articles say what."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from pipeline.commands.base import NewsloomCommand
from pipeline.commands.filters import add_filters, filter_of
from pipeline.commands.indexing import catch_up, try_to_catch_up
from pipeline.commands.listing import GAP, add_limit, print_lines, when
from pipeline.config import wants_colour
from pipeline.export import Record, json_line, printable
from pipeline.items import isoformat
from pipeline.search import Query, Snippet, parse_query
from pipeline.storage.filters import ArticleFilter

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from pipeline.storage.search import Hit

BOLD = ("\x1b[1m", "\x1b[0m")
INDENT = "    "


class Command(NewsloomCommand, ScrapyCommand):
    """Searches the articles."""

    def syntax(self) -> str:
        """Arguments in the usage line."""
        return "[options] QUERY | --rebuild"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Search the stored articles"

    def long_desc(self) -> str:
        """What help says."""
        return (
            'Find articles by words, "phrases", -exclusions and prefix*; all must be there; case and accents make no '
            "difference. Best first: words in the headline, then new articles. Put a query in 'single quotes'."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        super().add_options(parser)
        parser.add_argument("words", nargs="*", metavar="QUERY", help="what to look for")
        parser.add_argument("--json", action="store_true", help="one JSON object a line, with places of the hits")
        parser.add_argument("--rebuild", action="store_true", help="make the index anew")
        add_limit(parser, "articles")
        add_filters(parser.add_argument_group("Only articles"))

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Put the query together; argparse leaves over the words that follow an option."""
        opts.query = " ".join([*opts.words, *(word for word in args if not word.startswith("-"))])
        super().process_options([word for word in args if word.startswith("-")], opts)
        if opts.rebuild and opts.query:
            raise UsageError("--rebuild takes no query", print_help=False)

    def execute(self, opts: argparse.Namespace) -> int:
        """Search or rebuild, and return the exit status."""
        query = None if opts.rebuild else parse_query(opts.query)
        with self.database() as engine:
            return self._rebuild(engine) if query is None else self._search(engine, query, opts)

    def _rebuild(self, engine: "Engine") -> int:
        from pipeline.storage.connection import writing  # noqa: PLC0415 - loads SQLAlchemy
        from pipeline.storage.indexing import clear_index  # noqa: PLC0415

        with writing(engine) as connection:
            clear_index(connection)
        count = catch_up(engine)
        self.print_line(f"{count:,} article{'' if count == 1 else 's'} indexed")
        return 0

    def _search(self, engine: "Engine", query: Query, opts: argparse.Namespace) -> int:
        from pipeline.storage.search import search  # noqa: PLC0415

        try_to_catch_up(engine)
        wanted = filter_of(opts)
        form = _json if opts.json else _plain
        hits = search(engine, replace(wanted, words=query), opts.limit)
        if not print_lines(self, (line for hit in hits for line in form(hit))):
            sys.stderr.write(f"newsloom: {_why_nothing(engine, wanted)}\n")
        return 0


def _why_nothing(engine: "Engine", wanted: ArticleFilter) -> str:
    from pipeline.storage.queries import has_articles, list_articles  # noqa: PLC0415

    if not has_articles(engine):
        return "no articles stored yet"
    if wanted != ArticleFilter() and not any(list_articles(engine, wanted, 1)):
        return "no article is let through by these options, whatever it says"
    return "no article matches"


def _json(hit: "Hit") -> Iterator[str]:
    record: Record = {
        "id": hit.id,
        "score": round(hit.score, 4),
        "url": hit.url,
        "headline": hit.headline.text,
        "headlineHits": hit.headline.hits,
        "snippet": hit.text.text,
        "snippetHits": hit.text.hits,
        "source": hit.source,
        "section": hit.section,
        "inLanguage": hit.language,
        "datePublished": isoformat(hit.published),
        "datePublishedPrecision": hit.published_precision,
    }
    yield json_line({name: value for name, value in record.items() if value is not None})


def _plain(hit: "Hit") -> Iterator[str]:
    mark = BOLD if sys.stdout.isatty() and wants_colour() else ("", "")
    yield f"{hit.id}{GAP}{marked(hit.headline, mark)}"
    yield GAP.join([INDENT + when(hit.published, hit.published_precision), printable(hit.source), printable(hit.url)])
    yield INDENT + marked(hit.text, mark)


def marked(found: Snippet, mark: tuple[str, str]) -> str:
    """The snippet with ``mark`` before and after each hit, safe for a terminal."""
    shown, last = "", 0
    for start, end in found.hits:
        shown += f"{_safe(found.text[last:start])}{mark[0]}{_safe(found.text[start:end])}{mark[1]}"
        last = end
    return shown + _safe(found.text[last:])


def _safe(piece: str) -> str:
    return printable(f"|{piece}|")[1:-1]  # it would take spaces off the ends
