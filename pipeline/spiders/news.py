"""The news crawl: the listings of the sources in sources.toml, then the pages they name that are new.

All state is in the database: what a listing names is written down together with the listing, so a run that is killed
at any moment loses no page; the next one fetches what this one did not.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings
from twisted.python.failure import Failure

from pipeline.downloads.courtesy import BUDGET, SOURCE_DELAY
from pipeline.downloads.guard import RENDERED
from pipeline.downloads.losses import loss_of
from pipeline.downloads.soundness import CUT, WANTED
from pipeline.errors import ConfigError
from pipeline.extensions import counts
from pipeline.funnel import NOT_DUE, READ, Loss, Measure, Stage, fields_of, funnels, key
from pipeline.items import Article, Link, Origin, RawPage, Rejection
from pipeline.pipelines import item_stored
from pipeline.sources import Source
from pipeline.spiders.definitions import chosen, read_sources, require_contact
from pipeline.spiders.desk import Desk
from pipeline.spiders.pages import opt_outs_of, page_of_source
from pipeline.spiders.polling import Poll, conditions, failed, read_aside
from pipeline.spiders.search import answer_of, find_listings
from pipeline.storage.identity import Outcome
from pipeline.storage.listings import ListingState
from pipeline.text import word_count
from pipeline.traps import trap

KINDS = {"feeds": Origin.FEED, "sitemaps": Origin.SITEMAP, "sections": Origin.SECTION}
Callback = Callable[..., Any]

LISTING_PRIORITY = {Origin.FEED: 102, Origin.SITEMAP: 101, Origin.SECTION: 100}
"""Listings before pages: a site's newest pages are known before the first is fetched. Feeds first."""

NOT_FOUND = "status_404: neither a feed nor a sitemap nor a section page"


class NewsSpider(Spider):
    """Fetches what the sources' listings name and nobody has fetched yet.

    source: names of sources, separated by commas; all enabled ones without. kind: "feeds", "sitemaps" or "sections";
    all without. due: with "1" only what is due. sources: instead of those of the sources file; what of them is not due
    is not told.
    """

    name = "news"
    custom_settings = {"HTTPERROR_ALLOW_ALL": True}  # noqa: RUF012 - Scrapy's way; refine() says why it refuses them

    def __init__(
        self,
        source: str = "",
        kind: str = "",
        due: str = "",
        sources: Sequence[Source] | None = None,
        **kwargs: Any,  # noqa: ANN401 - as Scrapy
    ) -> None:
        super().__init__(**kwargs)
        if kind and kind not in KINDS:
            raise ConfigError(f"kind={kind!r} is none of {', '.join(KINDS)}")
        self._only = KINDS.get(kind)
        self._names = [name.strip() for name in source.split(",") if name.strip()]
        self._due = due not in ("", "0", "false", "no")
        self._given = sources
        self.sources: dict[str, Source] = {}

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Leave JOBDIR unused: the database knows what is left to do, and Scrapy's own list would be done once more."""
        super().update_settings(settings)
        settings.set("JOBDIR", "", max(SETTINGS_PRIORITIES.values()) + 1)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:  # noqa: ANN401 - Scrapy's signature
        """Build it, and read the sources file. ``SourceError``: it cannot be used. ``ConfigError``: no contact."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        given, names = spider._given, spider._names  # noqa: SLF001 - our own
        sources = read_sources(crawler.settings["SOURCES_FILE"]) if given is None else given
        spider.sources = {source.name: source for source in chosen(sources, names)}
        require_contact(crawler.settings, spider.sources.values())
        crawler.signals.connect(spider.item_stored, item_stored)
        return spider

    async def start(self) -> AsyncIterator[Request | RawPage]:
        """Ask for every listing that is due, and for pages that earlier runs have left."""
        self._desk = Desk(self.crawler)
        async for page in self._desk.recovered():
            self._count(page.source, Stage.PENDING)
            self._count(page.source, Stage.FETCHED)
            yield page
        opened, passed_over = await self._desk.open(list(self.sources.values()), due=self._due)
        for name, reason in passed_over.items():
            if self._given is None or reason != NOT_DUE:
                self._count_listing(name, reason)
        for source in opened:
            for state in await self._desk.listings(source):
                if self._wants(state):
                    yield self._poll(source, state)
            if self._desk.must_search(source):
                request = self._request(source, source.url, self.search, self.search_failed)
                _render(source, request)
                yield request.replace(cb_kwargs={"source": source.name}, priority=LISTING_PRIORITY[Origin.SECTION])
            left = await self._desk.pending(source)
            self._count(source, Stage.PENDING, len(left))
            for request in self._pages(source, left):
                yield request
            seen = await self._desk.visits(source, self._desk.budget(source.name).pages)
            self._count(source, Stage.REVISITED, len(seen))
            for request in self._pages(source, seen):
                yield request

    async def search(self, response: Response, source: str) -> AsyncIterator[Request]:
        """Look for listings on a source's front page, and where sites usually have them."""
        found = False
        async for poll in find_listings(self.crawler, self.sources[source], response):
            if poll.outcome not in READ:
                self._count_listing(source, poll.outcome)
            elif self._wants(poll.state):
                async for request in self._noted(self.sources[source], poll, 0):
                    yield request
            found = found or poll.outcome in READ
        if found and self.crawler.crawling:
            await self._desk.searched(source)
        elif self.crawler.crawling:
            await self._desk.searched_in_vain(source, NOT_FOUND)

    async def search_failed(self, failure: Failure) -> None:
        """The front page could not be had."""
        source: str = failure.request.cb_kwargs["source"]  # type: ignore[attr-defined]
        loss, detail = _loss(failure)
        self._count_listing(source, loss)
        if loss not in (Loss.INTERRUPTED, Loss.BUDGET):
            await self._desk.searched_in_vain(source, f"{loss}: {detail}"[:500])

    async def read_listing(self, response: Response, source: str, listing: str, depth: int) -> AsyncIterator[Request]:
        """Read a feed, sitemap or section page; ask for the pages it names that are new."""
        self._measure(source, response)
        state = self._desk.state(source, listing)
        navigation = await self._desk.navigation(state)
        poll = await read_aside(state, answer_of(response), navigation)
        async for request in self._noted(self.sources[source], poll, depth):
            yield request

    async def listing_lost(self, failure: Failure) -> None:
        """A listing could not be had."""
        request: Request = failure.request  # type: ignore[attr-defined]
        source, listing = request.cb_kwargs["source"], request.cb_kwargs["listing"]
        loss, detail = _loss(failure)
        self._count_listing(source, loss)
        if loss not in (Loss.INTERRUPTED, Loss.BUDGET):
            await self._desk.note(failed(self._desk.state(source, listing), loss, datetime.now(UTC), detail).state, ())

    async def read_page(self, response: Response, link: Link) -> AsyncIterator[RawPage]:
        """Hand a page on."""
        self._measure(link.source, response)
        if response.status == 429 or response.status >= 500:
            await self._lose(link, Loss.SERVER_ERROR, f"status {response.status}")
            return
        self._count(link.source, Stage.FETCHED)
        source = self.sources[link.source]
        yield page_of_source(source, link, response, datetime.now(UTC), opt_outs_of(self.settings))

    async def page_lost(self, failure: Failure) -> None:
        """A page could not be had."""
        await self._lose(failure.request.cb_kwargs["link"], *_loss(failure))  # type: ignore[attr-defined]

    def item_stored(self, item: Article | Rejection, outcome: Outcome) -> None:
        """Count what became of a page."""
        if isinstance(item, Rejection):
            self.crawler.stats.inc_value(key(item.source, "rejected", item.reason))
        else:
            self._count(item.source, Stage.ARTICLE)
            self._count(item.source, Stage(f"stored_{outcome}"))
            self._count(item.source, Measure.WORDS, word_count(item.text))
            for name in fields_of(item):
                self.crawler.stats.inc_value(key(item.source, "with", name))

    def closed(self, reason: str) -> None:  # noqa: ARG002 - Scrapy's signature
        """Count the pages that the run's end left waiting."""
        for name, funnel in funnels(counts(self.crawler)).items():
            if funnel.waiting:
                self.crawler.stats.inc_value(key(name, "lost", Loss.INTERRUPTED), funnel.waiting)

    async def _noted(self, source: Source, poll: Poll, depth: int) -> AsyncIterator[Request]:
        """Write a poll down, and ask for what it leads to."""
        self._count_listing(source.name, poll.outcome)
        listing = poll.listing
        links = [replace(link, source=source.name) for link in listing.links] if listing else []
        self._count(source, Stage.DISCOVERED, len(links))
        wanted = list(self._wanted(source, links))
        new = await self._desk.note(poll.state, wanted)
        self._count(source, Stage.KNOWN, len(wanted) - len(new))
        self._count(source, Stage.NEW, len(new))
        for request in self._pages(source, new):
            yield request
        for state in self._desk.follow(poll, all_new=len(new) == len(links), depth=depth):
            yield self._poll(source, state, depth + 1)

    def _wanted(self, source: Source, links: Iterable[Link]) -> Iterator[Link]:
        for link in links:
            if not source.wants(link.url):
                self._count(source, Stage.EXCLUDED)
            elif trap(link.url):
                self._count(source, Stage.TRAP)
            else:
                yield link

    def _pages(self, source: Source, links: Sequence[Link]) -> Iterator[Request]:
        """Requests for pages, as many as the source's budget allows."""
        for link in links:
            if not self._desk.budget(source.name).take_page():
                self._count_lost(source.name, Loss.BUDGET)
                continue
            yield self._page(source, link)

    async def _lose(self, link: Link, loss: Loss, detail: str) -> None:
        self._count_lost(link.source, loss)
        await self._desk.lose(link, loss, detail)

    def _poll(self, source: Source, state: ListingState, depth: int = 0) -> Request:
        """The request for a listing."""
        request = self._request(source, state.url, self.read_listing, self.listing_lost)
        request.cb_kwargs.update(source=source.name, listing=state.url, depth=depth)
        if state.kind is Origin.SECTION:
            _render(source, request)
        if RENDERED not in request.meta:
            request.headers.update(conditions(state, datetime.now(UTC)))
            request.meta[CUT] = self.settings.getint("DOWNLOAD_MAXSIZE")
        request.meta["download_fail_on_dataloss"] = False  # the links in the first part are whole
        if depth:
            request.meta[BUDGET] = self._desk.budget(source.name)
        return request.replace(priority=LISTING_PRIORITY[state.kind])

    def _page(self, source: Source, link: Link) -> Request:
        """The request for a page."""
        request = self._request(source, link.url, self.read_page, self.page_lost)
        request.cb_kwargs["link"] = link
        request.meta.update({WANTED: True, BUDGET: self._desk.budget(source.name)})
        _render(source, request)
        return request

    def _request(self, source: Source, url: str, callback: Callback, errback: Callback) -> Request:
        meta = {SOURCE_DELAY: source.delay}
        return Request(url, callback=callback, errback=errback, meta=meta, dont_filter=True)  # the database filters

    def _measure(self, source: str, response: Response) -> None:
        """Count what an answer cost."""
        budget = self._desk.budget(source)
        budget.take_bytes(len(response.body))
        self._count(source, Measure.ANSWERS)
        self._count(source, Measure.BYTES, len(response.body))
        self._count(source, Measure.WAITED, round(response.meta.get("download_latency", 0) * 1000))
        self.crawler.stats.set_value(key(source, Measure.SECONDS), round(budget.seconds))

    def _wants(self, state: ListingState) -> bool:
        return self._only in (None, state.kind)

    def _count(self, source: Source | str, stage: Stage | Measure, number: int = 1) -> None:
        name = source if isinstance(source, str) else source.name
        if number:
            self.crawler.stats.inc_value(key(name, stage), number)

    def _count_lost(self, source: str, loss: Loss) -> None:
        self.crawler.stats.inc_value(key(source, "lost", loss))

    def _count_listing(self, source: str, outcome: str) -> None:
        self.crawler.stats.inc_value(key(source, "listings", outcome))


def _render(source: Source, request: Request) -> None:
    """Have a browser render the page where the source asks for it; each source has a browser context of its own."""
    if source.render == "browser":
        request.meta.update({RENDERED: True, "playwright_context": source.name})


def _loss(failure: Failure) -> tuple[Loss, str]:
    return loss_of(failure.value or RuntimeError("no cause"))
