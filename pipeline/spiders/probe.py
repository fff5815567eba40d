"""Looking at a site before it becomes a source: its listings, and a few of the pages they name. Nothing is stored."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from twisted.python.failure import Failure

from pipeline.discovery.listing import Format
from pipeline.downloads.courtesy import CourtesyMiddleware
from pipeline.downloads.losses import LostError, fetch
from pipeline.downloads.sites import Site
from pipeline.downloads.soundness import WANTED
from pipeline.funnel import CHANGED
from pipeline.items import Link, Origin, RawPage
from pipeline.sources import Source, default_name
from pipeline.spiders.pages import opt_outs_of, page_of_response, page_of_source
from pipeline.spiders.polling import Poll, read_aside
from pipeline.spiders.search import answer_of, poll_once, try_listings
from pipeline.storage.listings import ListingState
from pipeline.traps import trap
from pipeline.urls import canonical_url

SAMPLES = 3
MOST_CHILDREN = 2  # sitemaps of an index that are looked into
MOST_SECTIONS = 4  # section pages that a front page names

_SITEMAPS = frozenset({Format.SITEMAP, Format.SITEMAP_INDEX, Format.TEXT_SITEMAP})
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sample:
    """A page that a listing names. ``page``: None where it was lost; ``loss`` then says why."""

    link: Link
    page: RawPage | None = None
    loss: str = ""


@dataclass(slots=True)
class Findings:
    """What a look at a site gave. ``front``: the page asked for; ``error``: why there is none.

    ``lost_at``: where redirects led to, if it was lost there.
    ``site``: what its host's robots.txt says. ``polls``: listings, those of no use included; the children of an index
    follow it. ``is_listing``: whether the address itself is a feed or a sitemap. ``whole``: False when interrupted.
    """

    front: RawPage | None = None
    error: BaseException | None = None
    lost_at: str = ""
    site: Site | None = None
    polls: list[Poll] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    is_listing: bool = False
    whole: bool = False


class ProbeSpider(Spider):
    """Looks at one site. It has no name until it is made, so that ``newsloom list`` does not offer it."""

    custom_settings = {  # noqa: RUF012 - Scrapy's way
        "ITEM_PIPELINES": {},
        "SPIDER_MIDDLEWARES": {},
        "EXTENSIONS": {},
        "FEEDS": {},
        "HTTPERROR_ALLOW_ALL": True,
        "RETRY_ENABLED": False,
    }

    def __init__(self, url: str, **kwargs: Any) -> None:  # noqa: ANN401 - Scrapy's signature
        super().__init__(name="probe", **kwargs)
        self.source = Source(url=url, name=default_name(url))
        self.findings = Findings()

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the front page."""
        yield Request(self.source.url, callback=self.look, errback=self.fail, dont_filter=True)

    def fail(self, failure: Failure) -> None:
        """Keep why there is no front page."""
        self.findings.error = failure.value
        asked = failure.request.url  # type: ignore[attr-defined]  # Scrapy puts it there
        self.findings.lost_at = "" if canonical_url(asked) == canonical_url(self.source.url) else asked
        self.findings.site = self._site(self.source.url)
        self.findings.whole = True

    async def look(self, response: Response) -> None:
        """Try the listings, then some of their pages."""
        self.findings.front = page_of_response(self.source.url, response, datetime.now(UTC))
        self.findings.site = self._site(response.url)
        own = await self._as_listing(response)
        if own:
            self.findings.is_listing = True
            await self._keep(own)
        else:
            async for poll in try_listings(self.crawler, self.source, response):
                await self._keep(poll)
        for link in self._choice():
            self.findings.samples.append(await self._sample(link))
        self.findings.whole = True

    async def _as_listing(self, response: Response) -> Poll | None:
        """The address itself as a feed or sitemap, where it is one."""
        state = ListingState(self.source.name, response.url, Origin.FEED)
        poll = await read_aside(state, answer_of(response))
        if poll.outcome != CHANGED or not poll.listing:
            return None
        kind = Origin.SITEMAP if poll.listing.format in _SITEMAPS else Origin.FEED
        return replace(poll, state=replace(poll.state, kind=kind))

    async def _keep(self, poll: Poll) -> None:
        """Keep a listing, and look into some of those that it names where that is what it is for."""
        self.findings.polls.append(poll)
        if not poll.listing:
            return
        is_section = poll.state.kind is Origin.SECTION
        children = poll.listing.children[: MOST_SECTIONS if is_section else MOST_CHILDREN]
        for child in children if is_section or not poll.listing.links else ():
            state = ListingState(self.source.name, child.url, poll.state.kind, parent=poll.state.url)
            self.findings.polls.append(await poll_once(self.crawler, self.source, state))

    def _choice(self) -> list[Link]:
        """The newest pages of the first listings that name any."""
        return list(_newest(self.findings.polls))[:SAMPLES]

    async def _sample(self, link: Link) -> Sample:
        request = Request(link.url, callback=NO_CALLBACK, meta={WANTED: True})
        try:
            response = await fetch(self.crawler, request)
        except LostError as error:
            return Sample(link, loss=error.detail or str(error.loss))
        now, opt_outs = datetime.now(UTC), opt_outs_of(self.settings)
        return Sample(link, page_of_source(self.source, link, response, now, opt_outs))

    def _site(self, url: str) -> Site | None:
        courtesy = self.crawler.get_downloader_middleware(CourtesyMiddleware)
        return courtesy.site_of(url) if courtesy else None


def newest(links: tuple[Link, ...]) -> datetime | None:
    """When the newest of the links was published or changed; None where nothing is dated."""
    return max((moment for link in links if (moment := link.published or link.modified)), default=None)


def _newest(polls: list[Poll]) -> Iterator[Link]:
    seen: set[str] = set()
    for poll in polls:
        links = poll.listing.links if poll.listing else ()
        for link in sorted(links, key=lambda link: link.published or link.modified or _LONG_AGO, reverse=True):
            address = canonical_url(link.url) or link.url
            if address not in seen and not trap(link.url):
                seen.add(address)
                yield link
