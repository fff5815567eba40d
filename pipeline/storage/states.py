"""Reading the versions of articles: one, all of one article, and what publishers edited."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Engine, select, tuple_

from pipeline.differences import Edit, edit, is_edited
from pipeline.items import Article, RemovedLine
from pipeline.storage.connection import reading
from pipeline.storage.paging import Query
from pipeline.storage.queries import LARGEST_ID
from pipeline.storage.rows import version_from
from pipeline.storage.schema import articles, removed_lines, versions

PAGE_SIZE = 50
"""Edits looked for at a time: each brings all versions of its article."""


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A version exactly as it was made. ``replaces``: number of the one that another extractor made of its page."""

    number: int
    replaces: int | None
    article: Article


@dataclass(frozen=True, slots=True)
class EditFilter:
    """Which edits to list. ``source``: exact name; ``since``: seen at or after; ``silent``: only those not told."""

    source: str | None = None
    since: datetime | None = None
    silent: bool = False


@dataclass(frozen=True, slots=True)
class StoredEdit:
    """An edit by the publisher of an article; ``new``: the state it was first seen in."""

    id: int
    source: str
    old: StoredVersion
    new: StoredVersion
    edit: Edit


def read_versions(engine: Engine, article_id: int) -> list[StoredVersion]:
    """All versions of an article by number; none of an unknown one."""
    if article_id > LARGEST_ID:
        return []
    with reading(engine) as connection:
        return versions_of(connection, [article_id])[article_id]


def versions_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[StoredVersion]]:
    """All versions of some articles, by number."""
    lines: dict[tuple[int, int], list[RemovedLine]] = defaultdict(list)
    query = select(removed_lines).where(removed_lines.c.article_id.in_(ids)).order_by(removed_lines.c.seq)
    for row in connection.execute(query):
        lines[row.article_id, row.version].append(RemovedLine(row.text, row.rule, row.position))
    found: dict[int, list[StoredVersion]] = defaultdict(list)
    rows: Sequence[Any] = connection.execute(
        select(versions).where(versions.c.article_id.in_(ids)).order_by(versions.c.number)
    ).all()
    for row in rows:
        article = version_from(row._mapping, lines[row.article_id, row.number])  # noqa: SLF001 - a public name
        found[row.article_id].append(StoredVersion(row.number, row.replaces, article))
    return found


def states(known: Sequence[StoredVersion]) -> dict[int, StoredVersion]:
    """What an article looked like, from first to last: the version that a page showed first → what now counts as it."""
    latest = {_first(known, version): version for version in known}
    by_time = sorted(latest, key=lambda number: (latest[number].article.fetched_at, number))
    return {number: latest[number] for number in by_time}


def before(known: Sequence[StoredVersion], version: StoredVersion) -> StoredVersion | None:
    """The state that a version followed, as it now counts; the version it replaces where it is the first state."""
    shown = states(known)
    numbers = list(shown)
    place = numbers.index(_first(known, version))
    if place:
        return shown[numbers[place - 1]]
    return known[version.replaces - 1] if version.replaces else None


def _first(known: Sequence[StoredVersion], version: StoredVersion) -> int:
    """Number of the version that a page showed first, of one that replaces it."""
    while version.replaces:
        version = known[version.replaces - 1]
    return version.number


def list_edits(engine: Engine, wanted: EditFilter, limit: int = 0) -> Iterator[StoredEdit]:
    """The edits that ``wanted`` lets through, last seen first; ``limit`` 0: all."""
    by = (versions.c.fetched_at, versions.c.article_id, versions.c.number)
    query = _candidates(wanted).order_by(*(column.desc() for column in by)).limit(PAGE_SIZE)
    page, given = query, 0
    while True:
        with reading(engine) as connection:
            rows = connection.execute(page).all()
            known = versions_of(connection, list({row.article_id for row in rows}))
        for row in rows:
            edited = _edit_to(row.number, known[row.article_id])
            if edited and not (wanted.silent and not edited[2].is_silent):
                yield StoredEdit(row.article_id, row.source, *edited)
                given += 1
                if given == limit:
                    return
        if len(rows) < PAGE_SIZE:
            return
        page = query.where(tuple_(*by) < tuple(getattr(rows[-1], column.name) for column in by))


def _candidates(wanted: EditFilter) -> Query:
    """Versions that pages showed, of articles that have more than one."""
    second = versions.alias()
    several = select(1).where(second.c.article_id == versions.c.article_id, second.c.number == 2).exists()
    query = select(versions.c.fetched_at, versions.c.article_id, versions.c.number, articles.c.source)
    query = query.join_from(versions, articles).where(versions.c.replaces.is_(None), several)
    if wanted.source is not None:
        query = query.where(articles.c.source == wanted.source)
    if wanted.since is not None:
        query = query.where(versions.c.fetched_at >= wanted.since)
    return query


def _edit_to(number: int, known: Sequence[StoredVersion]) -> tuple[StoredVersion, StoredVersion, Edit] | None:
    """The edit that led to a state, None where it is the first one or differs from the one before in noise only."""
    shown = states(known)
    for before, after in pairwise(shown):
        if after == number and is_edited(shown[before].article, shown[after].article):
            old, new = shown[before], shown[after]
            return old, new, edit(old.article, new.article)
    return None
