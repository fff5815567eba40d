"""The state of a crawl in the database, as the news spider needs it: every call of the storage in its one thread."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
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
from pipeline.spiders.agenda import (
    declared_listings,
    is_search_due,
    next_search,
    polled_listings,
    read_agenda,
)
from pipeline.spiders.polling import Poll
from pipeline.storage.allowance import note_polls
from pipeline.storage.claims import Claims
from pipeline.storage.frontier import pending_links, postpone, settled_as, visit_links
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

DEEPEST = 3  # an index of indexes of sitemaps
MOST_CHILDREN = 20  # sitemaps of one index that are read in one run
MOST_SECTIONS = 8  # section pages that a front page names
MOST_LISTINGS = 60  # of a source that are read in one run
LIVELY_CHILDREN = 3  # of an index that says nothing new; many are not kept up to date
MOST_NEXT = 5  # older pages of a listing, followed as long as everything there is new

CLAIMS_AGE = 10.0
"""Seconds after which the claims are looked at again."""

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a scheduled run does. sources: names. polls: source and address of listings → when they were polled last."""

    sources: set[str]
    polls: dict[tuple[str, str], datetime | None]

    def allows(self, state: ListingState) -> bool:
        """Whether a listing is to be polled, and was not by another run meanwhile."""
        key = (state.source, state.url)
        return key in self.polls and self.polls[key] == state.polled_at


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
        self._plan: Plan | None = None
        self._claims = Claims()
        self._claims_seen = 0.0
        crawler.signals.connect(self._claims.close, signals.spider_closed)

    async def open(self, sources: Sequence[Source], *, due: bool) -> tuple[list[Source], dict[str, str]]:
        """Recall the sources; those of them that are to be polled now, and why the others (by name) are not."""
        self._sources = await self._ask(source_states)
        now = datetime.now(UTC)
        if due:
            await self._decide(sources, now)
        opened, passed_over = [], {}
        for source in sources:
            state = self._sources.get(source.name, SourceState(source.name))
            if reason := await self._why_passed_over(source, state):
                passed_over[source.name] = reason
                continue
            await self._save(replace(state, polled_at=now))
            self._budgets[source.name] = self._budget(source)
            self._listings[source.name] = {}
            self._asked[source.name] = set()
            opened.append(source)
        return opened, passed_over

    async def _decide(self, sources: Sequence[Source], now: datetime) -> None:
        """Decide what is due."""
        per_hour = self._settings.getfloat("POLLS_PER_HOUR")
        visits = [visit for visit in await self._ask(read_agenda, sources, now, per_hour) if visit.due.at <= now]
        polls = {(each.source, each.url): each.polled_at for visit in visits for each in visit.listings}
        if per_hour and polls:
            await self._ask(note_polls, len(polls), now)
        self._plan = Plan({visit.source.name for visit in visits}, polls)

    async def _why_passed_over(self, source: Source, state: SourceState) -> str:
        """Why a source is not polled; empty where it is, and no other run polls it."""
        if state.paused:
            return PAUSED
        if self._plan and source.name not in self._plan.sources:
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
        self._listings[source.name] = {state.url: state for state in stored}
        polled = polled_listings(source, stored)
        self._listings[source.name] |= {state.url: state for state in polled}
        named = {state.url for state in declared_listings(source)}
        if gone := [state for state in stored if state.declared and state.url not in named]:
            await self._ask(drop_listings, gone)
        if self._plan:
            polled = [state for state in polled if self._plan.allows(state)]
        self._asked[source.name] = {state.url for state in polled}
        return polled

    def must_search(self, source: Source) -> bool:
        """Whether the source's listings are to be looked for."""
        state = self._sources[source.name]
        if not self._plan and state.search_failures:
            return next_search(source, state) is not None
        return is_search_due(source, state, datetime.now(UTC))

    async def searched(self, source: str) -> None:
        """The listings of a source were looked for."""
        state = self._sources[source]
        await self._save(replace(state, searched_at=datetime.now(UTC), search_failures=0, search_outcome=""))

    async def searched_in_vain(self, source: str, why: str) -> None:
        """No listing of a source was found."""
        state = self._sources[source]
        failures = state.search_failures + 1
        await self._save(replace(state, searched_at=datetime.now(UTC), search_failures=failures, search_outcome=why))

    async def pending(self, source: Source) -> list[Link]:
        """Pages that earlier runs found and did not fetch, as many as the budget allows.

        In a scheduled run those are left alone that could not be had of late.
        """
        limit = self.budget(source.name).pages
        return await self._ask(pending_links, source.name, datetime.now(UTC) if self._plan else None, limit)

    async def visits(self, source: Source, limit: int) -> list[Link]:
        """Articles to be seen again, in a scheduled run."""
        return await self._ask(visit_links, source.name, datetime.now(UTC), limit) if self._plan else []

    def state(self, source: str, listing: str) -> ListingState:
        """What is known of a listing."""
        return self._listings[source][listing]

    async def note(self, state: ListingState, links: Iterable[Link]) -> list[Link]:
        """Write a poll down with what it found; those links that nobody knew."""
        self._listings[state.source][state.url] = state
        self._asked[state.source].add(state.url)
        return await self._ask(save_listing, state, list(links), datetime.now(UTC), self._root(state))

    def _root(self, state: ListingState) -> str:
        """The listing that is polled for itself and led to this one; empty for such a one."""
        known, parent = self._listings[state.source], state.parent
        for _ in range(DEEPEST + MOST_NEXT):
            if parent not in known or not known[parent].parent:
                break
            parent = known[parent].parent
        return parent

    async def navigation(self, state: ListingState) -> set[str]:
        """Addresses known to be no articles, where that helps to read a listing."""
        if state.kind is not Origin.SECTION:
            return set()
        return await self._ask(settled_as, state.source, Reason.INDEX_PAGE)

    async def lose(self, link: Link, loss: Loss, detail: str) -> None:
        """A page could not be had; what was not even tried stays as it is, but that its host has to be left alone."""
        tried = loss not in UNCOUNTED
        if tried or loss is Loss.POSTPONED:
            told = f"{loss}: {detail}" if detail else str(loss)
            await self._ask(postpone, {link.url: told}, datetime.now(UTC), final=loss in FINAL, tried=tried)

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
