"""The options by which commands choose articles."""

import argparse
from datetime import UTC, datetime

from pipeline.durations import UNITS, duration
from pipeline.errors import QueryError
from pipeline.items import Kind
from pipeline.search import Query, parse_query
from pipeline.storage.filters import ArticleFilter
from pipeline.text import without_controls

FIELDS = ("source", "since", "until", "language", "author", "section", "tag", "kind", "gone")
"""Fields of ``ArticleFilter`` that are options."""


def add_filters(parser: argparse._ActionsContainer) -> None:
    """Declare the options."""
    parser.add_argument("--source", type=without_controls, metavar="NAME", help="of this source")
    parser.add_argument("--since", type=date_or_time, metavar="DATE", help="of this day or time (or age: 2d), or later")
    parser.add_argument("--until", type=date_or_time, metavar="DATE", help="from before this day or time")
    parser.add_argument(
        "--lang", dest="language", type=without_controls, metavar="TAG", help="in this language (pt takes in pt-BR)"
    )
    parser.add_argument("--author", type=without_controls, metavar="NAME", help="by this author")
    parser.add_argument("--section", type=without_controls, metavar="NAME", help="of this section")
    parser.add_argument("--tag", type=without_controls, metavar="TAG", help="with this tag")
    parser.add_argument("--kind", choices=[str(kind) for kind in Kind], help="of this kind")
    parser.add_argument("--gone", action="store_true", help="whose page answers 404 or 410 now")


def add_matching(parser: argparse._ActionsContainer) -> None:
    """Declare ``--matching``."""
    parser.add_argument("--matching", type=_query, metavar="QUERY", help="that say this, as in newsloom search")


def filter_of(opts: argparse.Namespace) -> ArticleFilter:
    """What the options say."""
    return ArticleFilter(**{name: getattr(opts, name) for name in FIELDS}, words=getattr(opts, "matching", None))


def _query(text: str) -> Query:
    try:
        return parse_query(text)
    except QueryError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def date_or_time(text: str) -> datetime:
    """A date or time in ISO 8601, in UTC where it names no zone; or how long ago that was, such as "2d"."""
    try:
        if text.endswith(UNITS):
            return datetime.now(UTC) - duration(text)
        value = datetime.fromisoformat(text)
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        known = "2026-11-22 or 2026-11-22T18:30Z, and no age such as 2d"
        raise argparse.ArgumentTypeError(f"{text!r} is no date such as {known}") from error
