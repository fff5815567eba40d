"""What a scheduled run has to do, and when the next one has: the decisions of ``pipeline.schedule`` for all sources."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pipeline.items import Origin
from pipeline.schedule import HOUR, PRICE, Due, by_worth, is_due, next_poll, price_for, wait_after
from pipeline.sources import Source
from pipeline.storage.allowance import polls_made
from pipeline.storage.frontier import next_pages
from pipeline.storage.listings import ListingState, SourceState, all_listings, source_states

if TYPE_CHECKING:
    from sqlalchemy import Engine

SEARCH_AGE = timedelta(days=7)
"""After this long the listings of a source are looked for anew; sites move them."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a source is asked for next. ``due``: when, and why then; ``listings``: those to be polled by now."""

    source: Source
    due: Due
    listings: tuple[ListingState, ...] = ()


def read_agenda(engine: "Engine", sources: Sequence[Source], now: datetime, per_hour: float) -> list[Visit]:
    """The next visit of each source that is not paused. ``per_hour``: polls of listings at most, 0 for no limit."""
    states, stored, pages = source_states(engine), all_listings(engine), next_pages(engine)
    sources = [source for source in sources if not states.get(source.name, SourceState(source.name)).paused]
    listings = {source.name: polled_listings(source, stored.get(source.name, ())) for source in sources}
    polls = _polls(sources, listings, per_hour)
    ready = [listing for some in polls.values() for listing, due in some if is_due(due, listing, now)]
    if per_hour:
        ready = by_worth(ready, now)[: max(0, int(per_hour) - polls_made(engine, now))]
    granted: dict[str, list[ListingState]] = {}
    for listing in ready:
        granted.setdefault(listing.source, []).append(listing)
    visits = []
    for source in sources:
        chosen = tuple(granted.get(source.name, ()))
        dues = _polls_due(polls[source.name], chosen, now)
        if search := next_search(source, states.get(source.name, SourceState(source.name))):
            dues.append(Due(now, search.why) if _is_time(search, now) else search)
        if source.name in pages:
            dues.append(Due(pages[source.name], "pages are to be fetched"))
        nothing = Due(now + SEARCH_AGE, "it has no listings")
        visits.append(Visit(source, min(dues, key=lambda due: due.at, default=nothing), chosen))
    return visits


def _polls(
    sources: Sequence[Source], listings: Mapping[str, Sequence[ListingState]], per_hour: float
) -> dict[str, list[tuple[ListingState, Due]]]:
    """When each listing is to be polled, by source."""
    price = PRICE
    if per_hour:
        price = price_for([(listing, each.poll) for each in sources for listing in listings[each.name]], per_hour)
    return {
        source.name: [(listing, next_poll(listing, source.poll, price)) for listing in listings[source.name]]
        for source in sources
    }


def _polls_due(polls: Sequence[tuple[ListingState, Due]], chosen: Sequence[ListingState], now: datetime) -> list[Due]:
    """When listings are to be polled, where some of them are now, and others are too many for this hour."""
    next_hour = (now + HOUR).replace(minute=0, second=0, microsecond=0)
    dues = []
    for listing, due in polls:
        if listing in chosen:
            dues.append(Due(now, due.why))
        elif is_due(due, listing, now):
            dues.append(Due(next_hour, "the polls of this hour are used up"))
        else:
            dues.append(due)
    return dues


def polled_listings(source: Source, stored: Sequence[ListingState]) -> list[ListingState]:
    """The listings of a source that are polled for themselves: those that the file names, else those found."""
    known = {state.url: state for state in stored}
    declared = [replace(known.get(state.url, state), declared=True) for state in declared_listings(source)]
    found = [state for state in stored if not state.declared and not state.parent and may_find(source, state.kind)]
    return _without_spare_sections([*declared, *found])


def declared_listings(source: Source) -> Iterator[ListingState]:
    """The listings that the file names."""
    for kind, addresses in _named(source).items():
        for address in addresses or ():
            yield ListingState(source.name, address, kind, declared=True)


def may_find(source: Source, kind: Origin) -> bool:
    """Whether listings of a kind are looked for: where the file names no listing at all, and does not rule it out."""
    named = _named(source)
    return named[kind] is None and not any(named.values())


def next_search(source: Source, state: SourceState) -> Due | None:
    """When the listings of a source are to be looked for; None for never."""
    if not any(may_find(source, kind) for kind in Origin):
        return None
    if state.searched_at is None:
        return Due(datetime.min.replace(tzinfo=UTC), "its listings were never looked for")
    if state.search_failures:
        why = f"no listing was found: {state.search_outcome}"
        return Due(state.searched_at + wait_after(state.search_outcome, state.search_failures), why)
    return Due(state.searched_at + SEARCH_AGE, "its listings are looked for anew")


def is_search_due(source: Source, state: SourceState, now: datetime) -> bool:
    """Whether it is time to look for a source's listings."""
    due = next_search(source, state)
    return due is not None and _is_time(due, now)


def _is_time(search: Due, now: datetime) -> bool:
    """Whether to look for listings; also where that lies far ahead, since the clock was put back."""
    return search.at <= now or search.at > now + 2 * SEARCH_AGE


def _named(source: Source) -> dict[Origin, tuple[str, ...] | None]:
    return {Origin.FEED: source.feeds, Origin.SITEMAP: source.sitemaps, Origin.SECTION: source.sections}


def _without_spare_sections(states: Sequence[ListingState]) -> list[ListingState]:
    """Section pages that were found by us are read only where no feed or sitemap works."""
    works = any(state.kind is not Origin.SECTION and state.read_at and not state.failures for state in states)
    return [state for state in states if state.declared or state.kind is not Origin.SECTION or not works]
