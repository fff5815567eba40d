"""The hosts of a run: recalled from the database when the run first meets them, written down as they change."""

import asyncio
from asyncio import Lock, Semaphore, Task
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import Crawler

from pipeline.downloads.losses import LostError
from pipeline.errors import StorageError
from pipeline.funnel import Loss
from pipeline.pipelines import StorePipeline, fail_run, note_fault
from pipeline.politeness import Host
from pipeline.robots import Robots, read_robots
from pipeline.storage.hosts import HostState, host_state, save_hosts
from pipeline.storage.retrying import retried
from pipeline.text import without_controls

ROBOTS_AGE = timedelta(days=1)
SAVE_INTERVAL = 1.0
"""Seconds between two writings: what a killed run may forget, such as that a host wants to be left alone."""


@dataclass(slots=True)
class Site:
    """A host as this run knows it. ``robots``: None until its file was asked for, at ``robots_at``.

    ``fault``: why no answer to the request for it came. ``places``: of the requests that may be on their way at once.
    ``turn``: held by the one that leaves next.
    """

    name: str
    policy: Host
    places: Semaphore
    asked_at: datetime | None = None
    robots: Robots | None = None
    robots_at: datetime | None = None
    robots_status: int | None = None
    fault: LostError | None = None
    is_recalled: bool = False
    turn: Lock = field(default_factory=Lock)
    recalling: Lock = field(default_factory=Lock)
    robots_lock: Lock = field(default_factory=Lock)

    @property
    def has_fresh_robots(self) -> bool:
        """Whether its robots.txt, or the lack of it, is known and not too old."""
        return self.robots_at is not None and abs(datetime.now(UTC) - self.robots_at) < ROBOTS_AGE


class Sites:
    """All hosts that the run has met, by name. ``agent``: the crawler's product token."""

    def __init__(self, crawler: Crawler, agent: str) -> None:
        self._crawler = crawler
        self._agent = agent
        self._sites: dict[str, Site] = {}
        self._changed: dict[str, bool] = {}  # host → whether its robots.txt is new
        self._saving: Task[None] | None = None

    def known(self, name: str) -> Site | None:
        """A host that the run has met."""
        return self._sites.get(name)

    async def meet(self, name: str) -> Site:
        """A host, with what earlier runs knew of it. ``LostError``: the database cannot be read, the run ends."""
        settings = self._crawler.settings
        if name not in self._sites:
            places = Semaphore(settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"))
            self._sites[name] = Site(name, Host(settings.getfloat("DOWNLOAD_DELAY")), places)
        site = self._sites[name]
        async with site.recalling:
            if not site.is_recalled:
                await self._recall(site)
        return site

    def note(self, site: Site, *, robots: bool = False) -> None:
        """Write a host down soon, together with all that change until then. ``robots``: its robots.txt as well."""
        self._changed[site.name] = robots or self._changed.get(site.name, False)
        if self._saving is None or self._saving.done():
            self._saving = asyncio.ensure_future(self._save_soon())

    async def close(self) -> None:
        """Write down what has changed last; the storage's own thread has ended by now."""
        if self._saving:
            self._saving.cancel()
        store, changed = self._store, self._take_changed()
        if store is None or not changed:
            return
        try:
            await asyncio.to_thread(retried(save_hosts), store.engine, changed)
        except StorageError as error:
            note_fault(self._crawler, error)
        store.engine.dispose()

    @property
    def _store(self) -> StorePipeline | None:
        store = self._crawler.get_item_pipeline(StorePipeline)
        return store if store is not None and hasattr(store, "engine") else None

    async def _recall(self, site: Site) -> None:
        if store := self._store:
            try:
                state = await store.in_writer(host_state, store.engine, site.name)
            except StorageError as error:
                fail_run(self._crawler, "storage_error", error)
                raise LostError(Loss.INTERRUPTED) from error
            if state:
                self._restore(site, state)
        site.is_recalled = True

    def _restore(self, site: Site, state: HostState) -> None:
        site.policy = Host(site.policy.delay, state.failures, not_before=state.not_before)
        site.asked_at = state.asked_at
        robots = read_robots(state.robots_status, (state.robots or "").encode(), self._agent)
        if robots.verdict is not False:  # an answer that said nothing does not stand for the file any longer
            site.robots, site.robots_at, site.robots_status = robots, state.robots_at, state.robots_status

    async def _save_soon(self) -> None:
        while self._changed:
            await asyncio.sleep(SAVE_INTERVAL)
            scraper: Any = self._crawler.engine.scraper.slot
            if (store := self._store) is None or scraper is None or scraper.closing:  # then ``close`` does it
                return
            try:
                await store.in_writer(save_hosts, store.engine, self._take_changed())
            except StorageError as error:
                fail_run(self._crawler, "storage_error", error)

    def _take_changed(self) -> list[HostState]:
        changed, self._changed = self._changed, {}
        return [_state(self._sites[name], robots=robots) for name, robots in changed.items()]


def _state(site: Site, *, robots: bool) -> HostState:
    state = HostState(site.name, site.asked_at, site.policy.not_before, site.policy.failures)
    if not robots or site.robots is None:
        return state
    text = without_controls(site.robots.text)
    return replace(state, robots=text, robots_status=site.robots_status, robots_at=site.robots_at)


@lru_cache(1024)  # the queue asks it for each request under way, whenever it is asked for the next one
def host_of(url: str) -> str:
    """The host with its port, where that is not the scheme's own."""
    parts = urlsplit(url)
    name = (parts.hostname or "").rstrip(".")
    try:
        port = parts.port
    except ValueError:  # beyond 65535: no connection will come of it
        return parts.netloc
    return f"{name}:{port}" if port not in (None, 80, 443) else name
