"""The index of the archive: which page stands where, and what became of it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, bindparam, func, or_, select, update

from pipeline.storage.connection import reading, writing
from pipeline.storage.frontier import CAPTURED, PENDING, address_of
from pipeline.storage.retrying import retried
from pipeline.storage.schema import archive_files, captures, frontier, versions
from pipeline.storage.statements import add, among, chunks

PAGE_SIZE = 500
"""Rows fetched at a time."""


UNREADABLE = "unreadable"
"""Outcome of a capture that the archive does not hold any more."""


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A WARC file of the archive; the fields are those of the table."""

    id: int
    name: str
    collection: str
    opened_at: datetime
    size: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Capture:
    """A fetched page in the archive; the fields are those of the table. ``file``: name of its WARC file."""

    id: int
    file: str
    offset: int
    length: int
    url: str
    source: str
    fetched_at: datetime
    status: int
    digest: str
    payload: str
    original_id: int | None
    outcome: str


@dataclass(frozen=True, slots=True)
class CaptureFilter:
    """Which captures. ``since``, ``until``: fetched at or after, and before. ``host``: of the address asked for.

    ``file``: name of the file they stand in. ``unrefined``: only those of which nobody knows yet what they are.
    """

    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    host: str | None = None
    file: str | None = None
    unrefined: bool = False


def read_files(engine: Engine) -> list[ArchiveFile]:
    """The files of the archive in the order they were begun."""
    with reading(engine) as connection:
        rows = connection.execute(select(archive_files).order_by(archive_files.c.id)).all()
    return [ArchiveFile(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


def read_captures(engine: Engine, wanted: CaptureFilter, after_id: int = 0) -> Iterator[Capture]:
    """The captures that ``wanted`` lets through, in the order they were fetched, after that of id ``after_id``."""
    query = _filtered(wanted).order_by(captures.c.id).limit(PAGE_SIZE)
    while True:
        found = _read(engine, query.where(captures.c.id > after_id))
        yield from found
        if len(found) < PAGE_SIZE:
            return
        after_id = found[-1].id


def count_captures(engine: Engine, wanted: CaptureFilter) -> int:
    """How many captures ``wanted`` lets through."""
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(_filtered(wanted).subquery())) or 0


@retried
def read_capture(engine: Engine, capture_id: int) -> Capture | None:
    """One capture, or None."""
    with reading(engine) as connection:
        row = connection.execute(_whole().where(captures.c.id == capture_id)).first()
        return Capture(**row._mapping) if row else None  # noqa: SLF001 - see above


def holders(connection: Connection, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Capture]:
    """The last capture that holds each payload, by (address asked for, payload digest)."""
    asked = set(wanted)
    query = _whole().where(captures.c.original_id.is_(None)).order_by(captures.c.id)
    found = (
        Capture(**row._mapping)  # noqa: SLF001 - see above
        for part in chunks(asked)
        for row in connection.execute(
            query.where(
                captures.c.address.in_({address_of(url) for url, _ in part}),  # many pages may have one payload
                captures.c.payload.in_({payload for _, payload in part}),
            )
        )
    )
    return {key: capture for capture in found if (key := (capture.url, capture.payload)) in asked}


def made_versions(connection: Connection, ids: Iterable[int]) -> Iterator[tuple[int, Capture]]:
    """The captures that versions of these articles were made of, with the article's id, the first first."""
    is_its_page = (versions.c.digest == captures.c.digest) & (versions.c.fetched_at == captures.c.fetched_at)
    query = _whole().join(versions, is_its_page).add_columns(versions.c.article_id).distinct()
    for row in connection.execute(query.where(versions.c.article_id.in_(ids)).order_by(captures.c.id)):
        yield row.article_id, Capture(**{name: getattr(row, name) for name in Capture.__slots__})


def are_indexed(connection: Connection, ids: Collection[int]) -> bool:
    """Whether all captures of these ids are there."""
    asked = (select(func.count()).where(captures.c.id.in_(part)) for part in chunks(ids))
    return sum(connection.scalar(query) or 0 for query in asked) == len(ids)


def add_captures(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Index pages, and take them off the list of those to fetch."""
    add(connection, captures, [{**row, "address": address_of(row["url"]), "outcome": ""} for row in rows])
    for part in chunks({address_of(row["url"]) for row in rows}):
        waiting = frontier.c.address.in_(part) & (frontier.c.state == PENDING)
        connection.execute(update(frontier).where(waiting).values(state=CAPTURED))


def settle_captures(connection: Connection, outcomes: Mapping[tuple[str, datetime], str]) -> None:
    """Captures were refined. ``outcomes``: (address, time of fetching) → what became of it."""
    named = among(connection, captures.c.address, {address for address, _ in outcomes})
    unrefined = select(captures.c.id, captures.c.address, captures.c.fetched_at).where(captures.c.outcome == "", named)
    found = [
        {"key": row.id, "outcome": outcomes[row.address, row.fetched_at]}
        for row in connection.execute(unrefined)
        if (row.address, row.fetched_at) in outcomes
    ]
    if found:
        connection.execute(update(captures).where(captures.c.id == bindparam("key")), found)


@retried
def give_back(engine: Engine, capture: Capture, outcome: str) -> None:
    """A capture cannot be read; have its page fetched again."""
    with writing(engine) as connection:
        connection.execute(update(captures).where(captures.c.id == capture.id).values(outcome=outcome))
        held = (frontier.c.address == address_of(capture.url)) & (frontier.c.state == CAPTURED)
        connection.execute(update(frontier).where(held).values(state=PENDING))


@retried
def _read(engine: Engine, query: Select[*tuple[Any, ...]]) -> list[Capture]:
    with reading(engine) as connection:
        return [Capture(**row._mapping) for row in connection.execute(query)]  # noqa: SLF001 - see above


def _whole() -> Select[*tuple[Any, ...]]:
    shared = (captures.c[name] for name in Capture.__slots__ if name != "file")
    return select(*shared, archive_files.c.name.label("file")).join_from(captures, archive_files)


def _filtered(wanted: CaptureFilter) -> Select[*tuple[Any, ...]]:
    query = _whole()
    if wanted.source is not None:
        query = query.where(captures.c.source == wanted.source)
    if wanted.since is not None:
        query = query.where(captures.c.fetched_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(captures.c.fetched_at < wanted.until)
    if wanted.host is not None:
        starts = (f"{scheme}://{wanted.host}{end}" for scheme in ("http", "https") for end in "/:?#")
        query = query.where(or_(*(captures.c.url.istartswith(start, autoescape=True) for start in starts)))
    if wanted.file is not None:
        query = query.where(archive_files.c.name == wanted.file)
    if wanted.unrefined:
        query = query.where(captures.c.outcome == "")
    return query
