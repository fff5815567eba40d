"""What the archive holds, in figures."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, func, select

from pipeline.storage.captures import UNREADABLE
from pipeline.storage.connection import reading
from pipeline.storage.schema import archive_files, captures


@dataclass(frozen=True, slots=True)
class Holding:
    """What the archive has of a collection, or of one of its sources.

    ``source``: None for the collection. ``files``: in which its pages stand; ``stored``: bytes of these files, None for
    a source, which shares them. ``revisits``: pages whose payload stands elsewhere. ``size``: bytes of the pages'
    records. ``first``, ``last``: when pages were fetched, None without any. ``unrefined``: pages of which nobody knows
    yet what they are; ``unreadable``: pages that a crawl could not read again.
    """

    collection: str
    source: str | None
    files: int
    stored: int | None
    pages: int
    revisits: int
    size: int
    first: datetime | None
    last: datetime | None
    unrefined: int
    unreadable: int


def holdings(engine: Engine) -> list[Holding]:
    """What there is of each collection, each followed by its sources."""
    by_source = (
        select(archive_files.c.collection, captures.c.source, *_figures())
        .join_from(captures, archive_files)
        .group_by(archive_files.c.collection, captures.c.source)
    )
    by_collection = (
        select(archive_files.c.collection, *_figures())
        .join_from(archive_files, captures, isouter=True)
        .group_by(archive_files.c.collection)
    )
    stored = select(archive_files.c.collection, func.sum(archive_files.c.size)).group_by(archive_files.c.collection)
    with reading(engine) as connection:
        sizes = {row[0]: int(row[1]) for row in connection.execute(stored)}
        rows = [*connection.execute(by_collection), *connection.execute(by_source)]
    found = [_holding(row._asdict(), sizes) for row in rows]
    return sorted(found, key=lambda holding: (holding.collection, holding.source is not None, holding.source))


def _holding(row: dict[str, Any], sizes: dict[str, int]) -> Holding:
    shared = {"source": None, "stored": sizes[row["collection"]]} if "source" not in row else {"stored": None}
    return Holding(**row | shared | {"size": int(row["size"])})


def _figures() -> tuple[ColumnElement[Any], ...]:
    page = captures.c
    return (
        func.count(archive_files.c.id.distinct()).label("files"),
        func.count(page.id).label("pages"),
        func.count(page.original_id).label("revisits"),
        func.coalesce(func.sum(page.length), 0).label("size"),
        func.min(page.fetched_at).label("first"),
        func.max(page.fetched_at).label("last"),
        func.count(page.id).filter(page.outcome == "").label("unrefined"),
        func.count(page.id).filter(page.outcome == UNREADABLE).label("unreadable"),
    )
