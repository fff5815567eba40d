"""What was last seen at each feed, sitemap and section page, and the state of the sources they belong to."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, select, update

from pipeline.items import Link, Origin
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


@dataclass(frozen=True, slots=True)
class SourceState:
    """State of a source; the fields are those of the table."""

    name: str
    paused: bool = False
    searched_at: datetime | None = None
    polled_at: datetime | None = None


def listings_of(engine: Engine, source: str) -> list[ListingState]:
    """The listings of a source that are known, in order of their addresses."""
    query = select(listings).where(listings.c.source == source).order_by(listings.c.url)
    with reading(engine) as connection:
        return [ListingState(**{**row, "kind": Origin(row["kind"])}) for row in connection.execute(query).mappings()]


def save_listing(engine: Engine, state: ListingState, links: Iterable[Link], now: datetime) -> list[Link]:
    """Remember a poll together with the links it gave; those of them that were not known before."""
    with writing(engine) as connection:
        new = note_links(connection, links, now)
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


def _put(connection: Connection, state: ListingState) -> None:
    values = asdict(state)
    here = (listings.c.source == state.source) & (listings.c.url == state.url)
    if not connection.execute(update(listings).where(here), values).rowcount:
        connection.execute(insert(listings), values)
