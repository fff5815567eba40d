"""What was last seen at each feed, sitemap and section page, and the state of the sources they belong to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from pipeline.items import Link, Origin
from pipeline.schedule import Pace, credited, learned
from pipeline.storage.connection import reading, writing
from pipeline.storage.frontier import note_links
from pipeline.storage.schema import listings, sources


@dataclass(frozen=True, slots=True)
class ListingState:
    """A feed, sitemap or section page of a source; the fields are those of the table."""

    source: str
    url: str
    kind: Origin
    declared: bool = False
    parent: str = ""
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    polled_at: datetime | None = None
    read_at: datetime | None = None
    changed_at: datetime | None = None
    failures: int = 0
    outcome: str = ""
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True, slots=True)
class SourceState:
    """State of a source; the fields are those of the table."""

    name: str
    paused: bool = False
    searched_at: datetime | None = None
    polled_at: datetime | None = None
    search_failures: int = 0
    search_outcome: str = ""


def listings_of(engine: Engine, source: str) -> list[ListingState]:
    """The listings of a source that are known, in order of their addresses."""
    query = select(listings).where(listings.c.source == source).order_by(listings.c.url)
    with reading(engine) as connection:
        return [_state(dict(row)) for row in connection.execute(query).mappings()]


def all_listings(engine: Engine) -> dict[str, list[ListingState]]:
    """The listings that are polled for themselves, by source."""
    query = select(listings).where(listings.c.parent == "").order_by(listings.c.source, listings.c.url)
    with reading(engine) as connection:
        states = [_state(dict(row)) for row in connection.execute(query).mappings()]
    return {source: list(known) for source, known in groupby(states, lambda state: state.source)}


def save_listing(
    engine: Engine, state: ListingState, links: Sequence[Link], now: datetime, root: str = ""
) -> list[Link]:
    """Remember a poll, with the links it gave and what it teaches of the pace; the links that were not known before.

    ``root``: the listing that led to this one, which is polled for itself and earns what this one brought.
    """
    with writing(engine) as connection:
        new = note_links(connection, links, now)
        if not state.failures:
            pace = learned(state.pace, now, len(links) or None, [link.published for link in new])
            _put(connection, replace(state, pace=pace))
            if root and (fresh := _fresh(state.pace, new, now)):
                _credit(connection, state.source, root, fresh, now)
        else:
            _put(connection, state)
    return new


def drop_listings(engine: Engine, states: Sequence[ListingState]) -> None:
    """Forget listings, such as those that the sources file no longer names."""
    with writing(engine) as connection:
        for state in states:
            connection.execute(delete(listings).where(listings.c.source == state.source, listings.c.url == state.url))


def source_states(engine: Engine) -> dict[str, SourceState]:
    """State of every source that has one, by name."""
    with reading(engine) as connection:
        return {row["name"]: SourceState(**row) for row in connection.execute(select(sources)).mappings()}


def save_source(engine: Engine, state: SourceState) -> None:
    """Remember the state of a source."""
    values = asdict(state)
    with writing(engine) as connection:
        known = connection.execute(update(sources).where(sources.c.name == state.name), values).rowcount
        if not known:
            connection.execute(insert(sources), values)


def _fresh(pace: Pace, new: Iterable[Link], now: datetime) -> int:
    """How many links came since a part of a listing was last read; on the day before where it never was."""
    since = pace.seen or now - timedelta(days=1)
    return sum(link.published >= since if link.published else pace.seen is not None for link in new)


def _credit(connection: Connection, source: str, url: str, pages: int, now: datetime) -> None:
    here = (listings.c.source == source) & (listings.c.url == url)
    known = connection.execute(select(listings).where(here)).mappings().first()
    if known:
        pace = credited(_state(dict(known)).pace, now, pages)
        connection.execute(update(listings).where(here), {"pace": asdict(pace)})


def _state(row: Mapping[str, Any]) -> ListingState:
    return ListingState(**{**row, "kind": Origin(row["kind"]), "pace": _pace(row["pace"])})


def _pace(said: Mapping[str, Any] | None) -> Pace:
    if not said:
        return Pace()
    seen = said["seen"] and datetime.fromisoformat(said["seen"])
    return Pace(**{**said, "hours": tuple(said["hours"]), "days": tuple(said["days"]), "seen": seen})


def _put(connection: Connection, state: ListingState) -> None:
    values = asdict(state)
    here = (listings.c.source == state.source) & (listings.c.url == state.url)
    if not connection.execute(update(listings).where(here), values).rowcount:
        connection.execute(insert(listings), values)
