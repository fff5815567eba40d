"""The frontier: which pages the listings have named, which of them are to be fetched, and what became of the others.

A listing's links are written down in the transaction that also remembers the listing as read, so that a killed run
loses none of them: what was found and not fetched is fetched by the next one.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Engine, bindparam, func, literal, select, true, update

from pipeline.items import Link, Origin, Precision
from pipeline.schedule import next_try, next_visit, wait_after
from pipeline.storage.connection import reading, writing
from pipeline.storage.identity import TWIN, Outcome
from pipeline.storage.records import bounded, storable
from pipeline.storage.schema import addresses, frontier
from pipeline.storage.statements import add, among, chunks
from pipeline.text import without_controls
from pipeline.urls import canonical_url, is_twin, twin_key

PENDING, CAPTURED, SETTLED = "pending", "captured", "settled"

CHANGED = (Outcome.NEW, Outcome.UPDATED)

MOST_TRIES = 5
"""Runs that may try to fetch a page in vain before it is given up."""


def address_of(url: str) -> str:
    """The key of a page in the frontier."""
    return bounded(without_controls(canonical_url(url) or url))


def note_links(connection: Connection, links: Iterable[Link], now: datetime) -> list[Link]:
    """Write down the links that are not known yet; these, in the order given, one of each address."""
    named: dict[str, Link] = {}
    for link in links:
        named.setdefault(address_of(link.url), link)
    known = {
        address
        for part in chunks(named)
        for address in connection.scalars(select(frontier.c.address).where(frontier.c.address.in_(part)))
    }
    new = {address: link for address, link in named.items() if address not in known}
    for address in _spare_twins(connection, new):
        del new[address]
    add(connection, frontier, [_row(address, link, now) for address, link in new.items()])
    return list(new.values())


def _spare_twins(connection: Connection, new: Collection[str]) -> list[str]:
    """AMP and mobile pages among new addresses whose article is stored, or whose full page is still to come.

    They are not written down: where the full page comes to nothing, a later listing brings them back.
    """
    twins = {address: key for address in new if is_twin(address) and (key := twin_key(address))}
    full = {bounded(spelling): key for key in twins.values() for spelling in _full_pages(key)}
    told = {full[address] for address in full.keys() & new}
    for part in chunks(full):
        coming = select(frontier.c.address).where(frontier.c.address.in_(part), frontier.c.state != SETTLED)
        told.update(full[address] for address in connection.scalars(coming))
    stored = {bounded(f"{TWIN}{key}"): key for key in twins.values()}
    for part in chunks(stored):
        known = select(addresses.c.address).where(addresses.c.address.in_(part))
        told.update(stored[address] for address in connection.scalars(known))
    spare = []
    for address, key in twins.items():
        if key in told:
            spare.append(address)
        told.add(key)  # of two twins the first is enough
    return spare


def _full_pages(key: str) -> Iterator[str]:
    """The addresses that a full page may have, by the key that it shares with its twins."""
    for scheme, www, end in product(("https", "http"), ("", "www."), ("",) if "?" in key else ("", "/")):
        yield f"{scheme}://{www}{key}{end}"


def pending_links(engine: Engine, source: str, now: datetime | None, limit: int) -> list[Link]:
    """Pages of a source that are to be fetched, newest first. ``now``: None also for those that are to wait."""
    ready = frontier.c.not_before.is_(None) | (frontier.c.not_before <= now) if now else true()
    return _links(engine, (frontier.c.source == source, frontier.c.state == PENDING, ready), limit)


def visit_links(engine: Engine, source: str, now: datetime, limit: int) -> list[Link]:
    """Articles of a source that are to be seen again, newest first."""
    return _links(engine, (frontier.c.source == source, frontier.c.visit_at <= now), limit)


def next_pages(engine: Engine) -> dict[str, datetime]:
    """When the next page of each source is to be fetched, or seen again; the beginning of time for at once."""
    at_once = datetime.min.replace(tzinfo=UTC)
    waiting = select(
        frontier.c.source, func.count().filter(frontier.c.not_before.is_(None)), func.min(frontier.c.not_before)
    ).where(frontier.c.state == PENDING)
    seen = select(frontier.c.source, literal(0), func.min(frontier.c.visit_at)).where(frontier.c.visit_at.is_not(None))
    found: dict[str, datetime] = {}
    with reading(engine) as connection:
        for query in (waiting, seen):
            for source, ready, moment in connection.execute(query.group_by(frontier.c.source)):
                when = at_once if ready or moment is None else moment
                found[source] = min(when, found.get(source, when))
    return found


def _links(engine: Engine, conditions: Sequence[ColumnElement[bool]], limit: int) -> list[Link]:
    query = (
        select(frontier.c.url, frontier.c.source, frontier.c.link)
        .where(*conditions)
        .order_by(frontier.c.listed_at.desc(), frontier.c.address)
        .limit(limit)
    )
    with reading(engine) as connection:
        return [_link(row.url, row.source, row.link) for row in connection.execute(query)]


def count_pending(engine: Engine) -> dict[str, int]:
    """Number of pages still to be fetched by source."""
    query = select(frontier.c.source, func.count()).where(frontier.c.state == PENDING).group_by(frontier.c.source)
    with reading(engine) as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def settled_as(engine: Engine, source: str, outcome: str) -> set[str]:
    """Addresses of a source's pages that came to this end."""
    query = select(frontier.c.address).where(
        frontier.c.source == source, frontier.c.state == SETTLED, frontier.c.outcome == outcome
    )
    with reading(engine) as connection:
        return set(connection.scalars(query))


def settle(
    connection: Connection, outcomes: Mapping[str, str], now: datetime | None = None, steps: Sequence[timedelta] = ()
) -> None:
    """Pages were fetched and dealt with. ``outcomes``: by address. Pages that no listing named are passed over.

    ``steps``: how long after it was found an article is seen again, as long as it had changed, the last time ``now``.
    """
    named = among(connection, frontier.c.address, outcomes)
    open_ = (frontier.c.state != SETTLED) | frontier.c.visit_at.is_not(None)
    rows: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for address, found_at in connection.execute(select(frontier.c.address, frontier.c.found_at).where(named, open_)):
        outcome = outcomes[address]
        visit_at = next_visit(found_at, now, steps) if now and outcome in CHANGED else None
        done = {"key": address, "outcome": outcome, "state": SETTLED, "not_before": None, "visit_at": visit_at}
        rows[visit_at is None].append(done)
    _update(connection, [{**row, "link": {}} for row in rows[True]])
    _update(connection, rows[False])  # what the listing said of an article is said again at the next visit


def postpone(
    engine: Engine, lost: Mapping[str, str], now: datetime, *, final: bool = False, tried: bool = True
) -> None:
    """Pages were not had this time. ``lost``: page's URL → why. ``final``: it would be in vain to try again.

    ``tried``: whether they were asked for at all. Articles that were to be seen again are, unless it is in vain.
    """
    reasons = {address_of(url): reason for url, reason in lost.items()}
    with writing(engine) as connection:
        query = select(frontier.c.address, frontier.c.tries, frontier.c.state)
        for address, tries, state in connection.execute(
            query.where(among(connection, frontier.c.address, reasons))
        ).all():
            tries += tried  # noqa: PLW2901 - this one counts
            later = next_try(tries, now, reasons[address]) if tried else now + wait_after("postponed", 1)
            given_up = final or tries >= MOST_TRIES
            row: dict[str, Any] = {"key": address, "tries": tries}
            if state == SETTLED:
                row |= {"visit_at": None if given_up else later}
            else:
                row |= {"state": SETTLED if given_up else PENDING, "not_before": None if given_up else later}
                row |= {"outcome": reasons[address]} if tried else {}
            _update(connection, [row])


def _update(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(update(frontier).where(frontier.c.address == bindparam("key")), rows)


def _row(address: str, link: Link, now: datetime) -> dict[str, Any]:
    link = storable(link)
    said = orjson.loads(orjson.dumps(link))
    return {
        "address": address,
        "url": link.url,
        "source": link.source,
        "state": PENDING,
        "outcome": "",
        "link": {name: value for name, value in said.items() if value and name not in ("url", "source")},
        "found_at": now,
        "listed_at": min(link.published or now, now),
        "not_before": None,
        "tries": 0,
        "visit_at": None,
    }


def _link(url: str, source: str, said: Mapping[str, Any]) -> Link:
    fields: dict[str, Any] = dict(said)
    for name in ("published", "modified"):
        fields[name] = datetime.fromisoformat(said[name]) if name in said else None
    for name in ("authors", "tags"):
        fields[name] = tuple(said.get(name, ()))
    if "published_precision" in said:
        fields["published_precision"] = Precision(said["published_precision"])
    fields["origin"] = Origin(said["origin"])
    return Link(url=url, source=source, **fields)
