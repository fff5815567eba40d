"""Politeness: what a host's robots.txt allows, how far apart requests to it are, and when it is left alone.

Decisions are those of ``pipeline.robots`` and ``pipeline.politeness``; here they are acted on. A request is checked
when it enters, and once more at the moment it would leave: it may have waited in between.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from pipeline.downloads.losses import AddressRefusedError, LostError, fetch, loss_of
from pipeline.errors import StorageError
from pipeline.funnel import FINAL, UNCOUNTED, Loss
from pipeline.pipelines import StorePipeline
from pipeline.politeness import Host, Limits, after_failure, after_success, delay_of, is_postponed, retry_after, wait
from pipeline.robots import MOST_BYTES, Robots, product_token, read_robots, text_of_robots
from pipeline.storage.hosts import HostState, host_states, save_hosts
from pipeline.text import without_controls

if TYPE_CHECKING:
    from pipeline.downloads.budget import Budget

logger = logging.getLogger(__name__)

SOURCE_DELAY = "source_delay"
"""Request meta: seconds between two requests that the source asks for, or None."""

BUDGET = "budget"
"""Request meta: what is left of the source's budget, for requests that it may keep from leaving."""

ROBOTS_REQUEST = "robots_request"
"""Request meta: set on a request for robots.txt itself, and on its redirects; the number of bytes received."""

ROBOTS_AGE = timedelta(days=1)
MOST_ROBOTS_REDIRECTS = 5
OVERLOADED = frozenset({429, 503})
HOST_FAULTS = frozenset({Loss.NO_HOST, Loss.NOT_CONNECTED, Loss.TIMEOUT, Loss.TRUNCATED})
LONGEST_NAP = 0.5  # seconds until a waiting request looks whether the run has ended


@dataclass(slots=True)
class Site:
    """A host as this run knows it. ``robots``: None until its file was asked for, at ``robots_at``.

    ``text``: of that file. ``fault``: why no answer to the request for it came.
    ``places``: of the requests that may be on their way at once. ``turn``: held by the one that leaves next.
    """

    policy: Host
    asked_at: datetime | None = None
    robots: Robots | None = None
    robots_at: datetime | None = None
    robots_status: int | None = None
    text: str = ""
    fault: LostError | None = None
    places: asyncio.Semaphore | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    robots_lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class CourtesyMiddleware:
    """A downloader middleware; ``pipeline.downloads.guard.GuardedHandler`` enters ``turn`` and calls ``arrived``."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._obey = settings.getbool("ROBOTSTXT_OBEY")
        self._agent = product_token(settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"])
        self._limits = Limits(
            delay=settings.getfloat("DOWNLOAD_DELAY"),
            most_delay=settings.getfloat("CRAWL_DELAY_MAX"),
            patience=settings.getfloat("HOST_PATIENCE"),
            failures=settings.getint("HOST_FAILURES"),
        )
        self._sites: dict[str, Site] = {}
        self._known: dict[str, HostState] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it, and listen for the run's beginning and end."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.spider_opened, signals.spider_opened)
        crawler.signals.connect(middleware.spider_closed, signals.spider_closed)
        crawler.signals.connect(middleware.bytes_received, signals.bytes_received)
        return middleware

    async def spider_opened(self) -> None:
        """Recall the hosts of earlier runs, where there is a database."""
        if store := self._store:
            self._known = await store.in_writer(host_states, store.engine)

    async def spider_closed(self) -> None:
        """Remember the hosts for the next run."""
        store = self._store
        if not store or not self._sites:
            return
        try:
            await asyncio.to_thread(save_hosts, store.engine, list(self._states()))
        except StorageError as error:
            logger.error("%s", error)  # noqa: TRY400 - one line says it all
        finally:
            store.engine.dispose()

    async def process_request(self, request: Request) -> None:
        """Refuse a request that robots.txt forbids or whose host is to be left alone."""
        site = self._site(request)
        self._check(site)
        slots = self._crawler.engine.downloader.per_slot_settings
        request.meta["download_slot"] = name = host_of(request.url)
        slots.setdefault(name, {"concurrency": self._per_host, "delay": 0, "jitter": 0})  # ``turn`` keeps the delay
        if not self._obey or ROBOTS_REQUEST in request.meta:
            return
        robots = await self._robots(site, request)
        if site.fault:
            raise LostError(site.fault.loss, site.fault.detail) from site.fault.__cause__
        if not robots.allows(request.url):
            unread = robots.verdict is False
            raise LostError(Loss.ROBOTS, "robots.txt cannot be read for now" if unread else "forbidden by robots.txt")

    @asynccontextmanager
    async def turn(self, request: Request) -> AsyncIterator[None]:
        """Wait until the request may be sent, and keep its host's other requests waiting until the block ends.

        Scrapy counts a request as on its way a moment late: two that wait in a slot for one would leave together.
        """
        site = self._site(request)
        if site.places is None:
            site.places = asyncio.Semaphore(self._per_host)
        async with site.places:
            await self._leave(site, request)
            yield

    async def _leave(self, site: Site, request: Request) -> None:
        """Wait for the moment that keeps the request apart from the one before."""
        delay = delay_of(self._limits, request.meta.get(SOURCE_DELAY), site.robots.delay if site.robots else None)
        site.policy = replace(site.policy, delay=delay)
        budget: Budget | None = request.meta.get(BUDGET)
        async with site.turn:
            if budget and budget.is_spent:
                raise LostError(Loss.BUDGET)
            while (left := self._seconds_left(site)) > 0 or not self._crawler.crawling:
                self._check(site)
                if not self._crawler.crawling:
                    raise LostError(Loss.INTERRUPTED)
                await asyncio.sleep(min(left, LONGEST_NAP))
            site.asked_at = datetime.now(UTC)

    def arrived(self, request: Request, response: Response) -> None:
        """Learn from an answer, before the host's next request may leave."""
        site = self._site(request)
        if not _is_fault(response):
            site.policy = after_success(site.policy)
            return
        now = datetime.now(UTC)
        header = response.headers.get("Retry-After")
        wish = retry_after(header.decode("latin-1"), now) if header else None
        site.policy = after_failure(site.policy, self._limits, now, wish)

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """Ask an overloaded host again when it wants to be asked, if that is soon."""
        if not _is_fault(response) or ROBOTS_REQUEST in request.meta:
            return response
        self._check(self._site(request))
        spider: Any = self._crawler.spider
        again = get_retry_request(
            request, spider=spider, reason=f"status {response.status}", give_up_log_level=logging.DEBUG
        )
        return again or response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Learn from a failure to get an answer."""
        if ROBOTS_REQUEST in request.meta and isinstance(exception, AddressRefusedError) and _is_redirected(request):
            raise LostError(Loss.ROBOTS, "robots.txt leads to an address that is not public") from exception
        if loss_of(exception)[0] in HOST_FAULTS:
            site = self._site(request)
            site.policy = after_failure(site.policy, self._limits, datetime.now(UTC))

    def bytes_received(self, data: bytes, request: Request) -> None:
        """End the download of a robots.txt where the part that counts ends."""
        if ROBOTS_REQUEST in request.meta:
            request.meta[ROBOTS_REQUEST] += len(data)
            if request.meta[ROBOTS_REQUEST] > MOST_BYTES:
                raise StopDownload(fail=False)

    def robots_text(self, url: str) -> str:
        """The robots.txt of an address's host, as far as it was read; empty without one."""
        site = self.site_of(url)
        return site.text if site else ""

    def site_of(self, url: str) -> Site | None:
        """What is known of an address's host; None when it was not asked."""
        return self._sites.get(host_of(url))

    @property
    def _store(self) -> StorePipeline | None:
        store = self._crawler.get_item_pipeline(StorePipeline)
        return store if store is not None and hasattr(store, "engine") else None

    @property
    def _per_host(self) -> int:
        return self._crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")

    def _seconds_left(self, site: Site) -> float:
        now = datetime.now(UTC)
        spacing = site.policy.spacing - (now - site.asked_at).total_seconds() if site.asked_at else 0.0
        return max(wait(site.policy, now), spacing)

    def _check(self, site: Site) -> None:
        if is_postponed(site.policy, self._limits, datetime.now(UTC)):
            raise LostError(Loss.POSTPONED, f"until {site.policy.not_before:%Y-%m-%d %H:%M} UTC")

    def _site(self, request: Request) -> Site:
        name = host_of(request.url)
        if name not in self._sites:
            known = self._known.get(name, HostState(name))
            policy = Host(self._limits.delay, known.failures, not_before=known.not_before)
            site = Site(policy, min(known.asked_at, datetime.now(UTC)) if known.asked_at else None)
            if known.robots_at and datetime.now(UTC) - known.robots_at < ROBOTS_AGE and _is_answer(known.robots_status):
                site.robots = read_robots(known.robots_status, known.robots.encode(), self._agent)
                site.robots_at, site.robots_status, site.text = known.robots_at, known.robots_status, known.robots
            self._sites[name] = site
        return self._sites[name]

    async def _robots(self, site: Site, request: Request) -> Robots:
        """The host's rules; the first request to a host asks for them, the others wait for its answer."""
        async with site.robots_lock:
            if site.robots is None or not site.robots_at or datetime.now(UTC) - site.robots_at > ROBOTS_AGE:
                site.robots_status, site.text = await self._fetch_robots(site, request)
                site.robots = read_robots(site.robots_status, site.text.encode(), self._agent)
                site.robots_at = datetime.now(UTC)
            return site.robots

    async def _fetch_robots(self, site: Site, request: Request) -> tuple[int | None, str]:
        """Status and text of a host's robots.txt; without a status where no answer came."""
        meta = {
            ROBOTS_REQUEST: 0,
            SOURCE_DELAY: request.meta.get(SOURCE_DELAY),
            "redirect_ttl": MOST_ROBOTS_REDIRECTS,
            "handle_httpstatus_all": False,
            "dont_retry": True,
        }
        address = urljoin(request.url, "/robots.txt")
        asked = Request(address, callback=NO_CALLBACK, meta=meta, priority=request.priority, dont_filter=True)
        try:
            response = await fetch(self._crawler, asked)
        except LostError as error:
            if error.loss in UNCOUNTED:
                raise
            if error.loss is Loss.REDIRECTS:  # too many: RFC 9309 takes the file for missing
                return 404, ""
            unreadable = error.loss in FINAL - {Loss.ADDRESS}
            site.fault = LostError(Loss.ROBOTS, f"robots.txt cannot be read: {error}") if unreadable else error
            return None, ""
        return response.status, text_of_robots(response.body)

    def _states(self) -> Iterator[HostState]:
        for name, site in self._sites.items():
            yield HostState(
                name, site.asked_at, site.policy.not_before, site.policy.failures,
                without_controls(site.text), site.robots_status, site.robots_at,
            )  # fmt: skip


def _is_fault(response: Response) -> bool:
    return response.status in OVERLOADED or response.status >= 500


def _is_redirected(request: Request) -> bool:
    return bool(request.meta.get("redirect_times"))


def host_of(url: str) -> str:
    """The host with its port, where that is not the scheme's own."""
    parts = urlsplit(url)
    name = (parts.hostname or "").rstrip(".")
    return f"{name}:{parts.port}" if parts.port not in (None, 80, 443) else name


def _is_answer(status: int | None) -> bool:
    """Whether a stored answer may stand for the file: one that said nothing is asked for again."""
    return status is not None and status < 500 and status not in OVERLOADED
