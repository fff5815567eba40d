"""The state of a crawl in the database, as the news spider needs it: every call of the storage in its one thread."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from pipeline.downloads.budget import Budget
from pipeline.errors import ArchiveError, StorageError
from pipeline.funnel import BUSY, FINAL, NOT_DUE, PAUSED, UNCHANGED, UNCOUNTED, Loss
from pipeline.items import Link, Origin, RawPage, Reason
from pipeline.pipelines import ArchivePipeline, StorePipeline, note_fault
from pipeline.sources import Source
from pipeline.spiders.polling import Poll
from pipeline.storage.claims import Claims
from pipeline.storage.frontier import pending_links, postpone, settled_as
from pipeline.storage.listings import (
    ListingState,
    SourceState,
    drop_listings,
    listings_of,
    save_listing,
    save_source,
    source_states,
)

if TYPE_CHECKING:
    from sqlalchemy import Engine

Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")

SEARCH_AGE = timedelta(days=7)
"""After this long the listings of a source are looked for anew; sites move them."""

DEEPEST = 3  # an index of indexes of sitemaps
MOST_CHILDREN = 20  # sitemaps of one index that are read in one run
MOST_SECTIONS = 8  # section pages that a front page names
MOST_LISTINGS = 60  # of a source that are read in one run
LIVELY_CHILDREN = 3  # of an index that says nothing new; many are not kept up to date
MOST_NEXT = 5  # older pages of a listing, followed as long as everything there is new

CLAIMS_AGE = 10.0
"""Seconds after which the claims are looked at again."""

_NEVER = datetime.min.replace(tzinfo=UTC)


class Desk:
    """What the database knows about the sources of a run, and what the run adds."""

    def __init__(self, crawler: Crawler) -> None:
        store = crawler.get_item_pipeline(StorePipeline)
        if store is None:
            raise RuntimeError("the news spider needs the StorePipeline")
        self._crawler = crawler
        self._store = store
        self._settings = crawler.settings
        self._sources: dict[str, SourceState] = {}
        self._listings: dict[str, dict[str, ListingState]] = {}
        self._budgets: dict[str, Budget] = {}
        self._asked: dict[str, set[str]] = {}
        self._claims = Claims()
        self._claims_seen = 0.0
        crawler.signals.connect(self._claims.close, signals.spider_closed)

    async def open(self, sources: Sequence[Source], *, due: bool) -> tuple[list[Source], dict[str, str]]:
        """Recall the sources; those of them that are to be polled now, and why the others (by name) are not."""
        self._sources = await self._ask(source_states)
        now = datetime.now(UTC)
        opened, passed_over = [], {}
        for source in sources:
            state = self._sources.get(source.name, SourceState(source.name))
            if reason := await self._why_passed_over(source, state, now if due else None):
                passed_over[source.name] = reason
                continue
            await self._save(replace(state, polled_at=now))
            self._budgets[source.name] = self._budget(source)
            self._listings[source.name] = {}
            self._asked[source.name] = set()
            opened.append(source)
        return opened, passed_over

    async def _why_passed_over(self, source: Source, state: SourceState, now: datetime | None) -> str:
        """Why a source is not polled; empty where it is, and no other run polls it. ``now``: where it has to be due."""
        if state.paused:
            return PAUSED
        if now and state.polled_at and abs(now - state.polled_at) < source.poll.min:
            return NOT_DUE
        return "" if await self._ask(self._claims.take, source.name) else BUSY

    async def recovered(self) -> AsyncIterator[RawPage]:
        """Pages that an earlier run fetched, and did not live to refine."""
        archive = self._crawler.get_item_pipeline(ArchivePipeline)
        try:
            if archive:
                async for page in archive.recovered():
                    yield page
        except (ArchiveError, StorageError) as error:
            note_fault(self._crawler, error)
            raise CloseSpider("archive_error") from error

    async def listings(self, source: Source) -> list[ListingState]:
        """The listings of a source that are polled for themselves: those that the file names, else those found."""
        stored = await self._ask(listings_of, source.name)
        known = {state.url: state for state in stored}
        declared = list(_declared(source))
        named = {state.url for state in declared}
        gone = [state for state in stored if state.declared and state.url not in named]
        found = [state for state in stored if not state.declared and not state.parent and _may_find(source, state.kind)]
        if gone:
            await self._ask(drop_listings, gone)
        self._listings[source.name] = known
        polled = [replace(known.get(state.url, state), declared=True) for state in declared] + found
        self._listings[source.name] |= {state.url: state for state in polled}
        polled = _without_spare_sections(polled)
        self._asked[source.name] = {state.url for state in polled}
        return polled

    def must_search(self, source: Source) -> bool:
        """Whether the source's listings are to be looked for."""
        state = self._sources[source.name]
        looks = any(_may_find(source, kind) for kind in Origin)
        return looks and (state.searched_at is None or abs(datetime.now(UTC) - state.searched_at) > SEARCH_AGE)

    async def searched(self, source: str) -> None:
        """The listings of a source were looked for."""
        await self._save(replace(self._sources[source], searched_at=datetime.now(UTC)))

    async def pending(self, source: Source) -> list[Link]:
        """Pages that earlier runs found and did not fetch, as many as the budget allows."""
        limit = self.budget(source.name).pages
        return await self._ask(pending_links, source.name, datetime.now(UTC), limit)

    def state(self, source: str, listing: str) -> ListingState:
        """What is known of a listing."""
        return self._listings[source][listing]

    async def note(self, state: ListingState, links: Iterable[Link]) -> list[Link]:
        """Write a poll down with what it found; those links that nobody knew."""
        self._listings[state.source][state.url] = state
        self._asked[state.source].add(state.url)
        return await self._ask(save_listing, state, list(links), datetime.now(UTC))

    async def navigation(self, state: ListingState) -> set[str]:
        """Addresses known to be no articles, where that helps to read a listing."""
        if state.kind is not Origin.SECTION:
            return set()
        return await self._ask(settled_as, state.source, Reason.INDEX_PAGE)

    async def lose(self, link: Link, loss: Loss, detail: str) -> None:
        """A page could not be had; what was not even tried stays as it is."""
        if loss not in UNCOUNTED:
            told = f"{loss}: {detail}" if detail else str(loss)
            await self._ask(postpone, {link.url: told}, final=loss in FINAL)

    def follow(self, poll: Poll, *, all_new: bool, depth: int) -> Iterator[ListingState]:
        """The listings that a listing leads to: sitemaps of an index, older pages as long as they hold news."""
        asked = self._asked[poll.state.source]
        for state in self._followed(poll, all_new=all_new, depth=depth):
            if state.url not in asked and len(asked) < MOST_LISTINGS:
                asked.add(state.url)
                yield state

    def _followed(self, poll: Poll, *, all_new: bool, depth: int) -> Iterator[ListingState]:
        state, listing = poll.state, poll.listing
        if poll.outcome == UNCHANGED and state.kind is Origin.SITEMAP:
            yield from self._lively(state)
        if not listing:
            return
        children = [] if depth >= DEEPEST else self._children(state, listing.children)
        yield from children
        if listing.next_url and listing.links and all_new and depth < MOST_NEXT:
            yield self._child(state, listing.next_url)

    def _children(self, state: ListingState, named: Sequence[Link]) -> list[ListingState]:
        """The listings that one names and that may hold something new. Of section pages only a front page's count."""
        if state.kind is Origin.SECTION:
            front = not state.declared and not state.parent
            return [self._child(state, link.url) for link in named[:MOST_SECTIONS]] if front else []
        stale, now = [], datetime.now(UTC)
        for link in named:
            child = self._child(state, link.url)
            if child.read_at is None or link.modified is None or not link.modified <= child.read_at <= now:
                stale.append(child)
        return stale[:MOST_CHILDREN]

    def _lively(self, index: ListingState) -> list[ListingState]:
        """The sitemaps of an index that changed last."""
        children = [state for state in self._listings[index.source].values() if state.parent == index.url]
        return sorted(children, key=lambda state: state.changed_at or _NEVER, reverse=True)[:LIVELY_CHILDREN]

    def _child(self, parent: ListingState, url: str) -> ListingState:
        """What is known of a listing that another names."""
        known = self._listings[parent.source]
        return known.setdefault(url, ListingState(parent.source, url, parent.kind, parent=parent.url))

    def budget(self, source: str) -> Budget:
        """What is left of a source's budget."""
        return self._budgets[source]

    def _budget(self, source: Source) -> Budget:
        settings = self._settings
        pages = source.max_pages or settings.getint("SOURCE_MAX_PAGES")
        return Budget(pages, settings.getint("SOURCE_MAX_BYTES"), monotonic() + settings.getfloat("SOURCE_MAX_TIME"))

    async def _ask(
        self,
        function: Callable[Concatenate["Engine", Arguments], Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Call a function of the storage; where that fails, the run ends."""
        try:
            if monotonic() - self._claims_seen > CLAIMS_AGE:
                await self._store.in_writer(self._claims.keep, self._store.engine)
                self._claims_seen = monotonic()
            return await self._store.in_writer(function, self._store.engine, *args, **kwargs)
        except StorageError as error:
            note_fault(self._crawler, error)
            raise CloseSpider("storage_error") from error

    async def _save(self, state: SourceState) -> None:
        self._sources[state.name] = state
        await self._ask(save_source, state)


def _declared(source: Source) -> Iterator[ListingState]:
    for kind, addresses in _named(source).items():
        for address in addresses or ():
            yield ListingState(source.name, address, kind, declared=True)


def _named(source: Source) -> dict[Origin, tuple[str, ...] | None]:
    return {Origin.FEED: source.feeds, Origin.SITEMAP: source.sitemaps, Origin.SECTION: source.sections}


def _may_find(source: Source, kind: Origin) -> bool:
    """Whether listings of a kind are looked for: where the file names no listing at all, and does not rule it out."""
    named = _named(source)
    return named[kind] is None and not any(named.values())


def _without_spare_sections(states: Sequence[ListingState]) -> list[ListingState]:
    """Section pages that were found by us are read only where no feed or sitemap works."""
    works = any(state.kind is not Origin.SECTION and state.read_at and not state.failures for state in states)
    return [state for state in states if state.declared or state.kind is not Origin.SECTION or not works]
