"""Politeness: what a host's robots.txt allows, how far apart requests to it are, and when it is left alone.

Decisions are those of ``pipeline.robots`` and ``pipeline.politeness``; here they are acted on. A request is checked
when it enters, and once more at the moment it would leave: it may have waited in between.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from pipeline.downloads.losses import LostError, fetch, loss_of
from pipeline.downloads.sites import Site, Sites, host_of
from pipeline.downloads.soundness import CUT
from pipeline.funnel import FINAL, UNCOUNTED, Loss
from pipeline.politeness import Limits, after_failure, after_success, delay_of, is_postponed, retry_after, wait
from pipeline.robots import MOST_BYTES, product_token, read_robots

if TYPE_CHECKING:
    from pipeline.downloads.budget import Budget

SOURCE_DELAY = "source_delay"
"""Request meta: seconds between two requests that the source asks for, or None."""

BUDGET = "budget"
"""Request meta: what is left of the source's budget, for requests that it may keep from leaving."""

ROBOTS_REQUEST = "robots_request"
"""Request meta: set on a request for robots.txt itself, and on its redirects."""

MOST_ROBOTS_REDIRECTS = 5
OVERLOADED = frozenset({429, 503})
HOST_FAULTS = frozenset({Loss.NO_HOST, Loss.NOT_CONNECTED, Loss.TIMEOUT, Loss.TRUNCATED})
LONGEST_NAP = 0.5  # seconds until a waiting request looks whether the run has ended


class CourtesyMiddleware:
    """A downloader middleware; ``guard.GuardedHandler`` enters ``turn`` and calls ``sent`` and ``arrived``."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._obey = settings.getbool("ROBOTSTXT_OBEY")
        self._per_host = settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._agent = product_token(settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"])
        self._limits = Limits(
            delay=settings.getfloat("DOWNLOAD_DELAY"),
            most_delay=settings.getfloat("CRAWL_DELAY_MAX"),
            patience=settings.getfloat("HOST_PATIENCE"),
            failures=settings.getint("HOST_FAILURES"),
        )
        self._sites = Sites(crawler, self._agent)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it, and listen for the run's end."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.spider_closed, signals.spider_closed)
        return middleware

    async def spider_closed(self) -> None:
        """Remember the hosts for the next run."""
        await self._sites.close()

    async def process_request(self, request: Request) -> Request | None:
        """Refuse a request that robots.txt forbids or whose host is to be left alone.

        Where that had to be found out first, its turn may be far off: then it goes back to the queue.
        """
        name = host_of(request.url)
        is_stranger = self._sites.known(name) is None
        site = await self._sites.meet(name)
        self._check(site)
        self._slow_down(site, request)
        request.meta["download_slot"] = name
        slots = self._crawler.engine.downloader.per_slot_settings
        slots.setdefault(name, {"concurrency": self._per_host, "delay": 0, "jitter": 0})  # ``turn`` keeps the delay
        if ROBOTS_REQUEST in request.meta:
            return None
        if is_stranger and self._seconds_left(site) > 0:
            return request.replace(dont_filter=True)
        if not self._obey:
            return None
        asked = await self._ask_robots(site, request)
        self._obey_robots(site, request)
        self._slow_down(site, request)
        return request.replace(dont_filter=True) if asked and self._seconds_left(site) > 0 else None

    @asynccontextmanager
    async def turn(self, request: Request) -> AsyncIterator[None]:
        """Wait until the request may be sent, and keep its host's other requests waiting until the block ends.

        Scrapy counts a request as on its way a moment late: two that wait in a slot for one would leave together.
        """
        site = self._site(request)
        async with site.places:
            await self._leave(site, request)
            yield

    async def approach(self, url: str) -> None:
        """Wait until the host may be asked. For requests that pass by the queue: none of them holds a place there."""
        site = await self._sites.meet(host_of(url))
        await self._wait(site)

    def seconds_until(self, name: str, under_way: int) -> float | None:
        """Seconds until the queue may hand out another request of a host, of which some are under way.

        None: when one of those is back. At once, where it is to be refused. Without a delay the next one gets ready
        while one is on its way.
        """
        site = self._sites.known(name)
        if site is None or (self._obey and site.robots is None):
            places = 1
        else:
            places = self._per_host + (site.policy.spacing == 0)
        if under_way >= places:
            return None
        return 0.0 if site is None or self._is_postponed(site) else self._seconds_left(site)

    def sent(self, url: str) -> None:
        """Count the spacing from the moment a request is sent; looking up a name and connecting took a while."""
        if site := self.site_of(url):
            site.asked_at = datetime.now(UTC)

    def arrived(self, request: Request, response: Response) -> None:
        """Learn from an answer, before the host's next request may leave."""
        site = self._site(request)
        if not _is_fault(response):
            site.policy = after_success(site.policy)
            self._sites.note(site)
            return
        header = response.headers.get("Retry-After")
        self._fail(request, header.decode("latin-1") if header else "")

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
        loss = loss_of(exception)[0]
        if ROBOTS_REQUEST in request.meta and loss is Loss.PRIVATE_ADDRESS and request.meta.get("redirect_times"):
            raise LostError(Loss.ROBOTS, "robots.txt leads to an address that is not public") from exception
        if loss in HOST_FAULTS:
            self._fail(request)

    def robots_text(self, url: str) -> str:
        """The robots.txt of an address's host, as far as it was read; empty without one."""
        site = self.site_of(url)
        return site.robots.text if site and site.robots else ""

    def site_of(self, url: str) -> Site | None:
        """What is known of an address's host; None when it was not asked."""
        return self._sites.known(host_of(url))

    def _site(self, request: Request) -> Site:
        site = self.site_of(request.url)
        if site is None:
            raise RuntimeError(f"{request.url} did not pass through process_request")
        return site

    def _check(self, site: Site) -> None:
        if self._is_postponed(site):
            raise LostError(Loss.POSTPONED, f"until {site.policy.not_before:%Y-%m-%d %H:%M} UTC")

    def _is_postponed(self, site: Site) -> bool:
        return is_postponed(site.policy, self._limits, datetime.now(UTC))

    def _slow_down(self, site: Site, request: Request) -> None:
        """Let the host have the spacing that it and the source want."""
        robots = site.robots.delay if site.robots else None
        site.policy = replace(site.policy, delay=delay_of(self._limits, request.meta.get(SOURCE_DELAY), robots))

    async def _leave(self, site: Site, request: Request) -> None:
        """Wait for the moment that keeps the request apart from the one before."""
        budget: Budget | None = request.meta.get(BUDGET)
        async with site.turn:
            if budget and budget.is_spent:
                raise LostError(Loss.BUDGET)
            self._slow_down(site, request)
            await self._wait(site)
            site.asked_at = datetime.now(UTC)
            self._sites.note(site)

    async def _wait(self, site: Site) -> None:
        while (left := self._seconds_left(site)) > 0 or not self._crawler.crawling:
            self._check(site)
            if not self._crawler.crawling:
                raise LostError(Loss.INTERRUPTED)
            await asyncio.sleep(min(left, LONGEST_NAP))

    def _seconds_left(self, site: Site) -> float:
        now = datetime.now(UTC)
        spacing = site.policy.spacing
        if site.asked_at is None:
            return wait(site.policy, now)
        left = spacing - (now - site.asked_at).total_seconds()
        return max(wait(site.policy, now), min(left, spacing))  # a clock may be set back

    def _fail(self, request: Request, retry: str = "") -> None:
        """Count a failure of the host. ``retry``: its Retry-After."""
        site, now = self._site(request), datetime.now(UTC)
        site.policy = after_failure(site.policy, self._limits, now, retry_after(retry, now))
        self._sites.note(site)

    async def _ask_robots(self, site: Site, request: Request) -> bool:
        """Ask for the host's rules where they are not known; whether that was so.

        The first request to a host asks, the others wait for its answer.
        """
        async with site.robots_lock:
            if site.has_fresh_robots:
                return False
            site.robots_status, body, site.fault = await self._fetch_robots(request)
            site.robots = read_robots(site.robots_status, body, self._agent)
            site.robots_at = datetime.now(UTC)
            self._sites.note(site, robots=True)
            return True

    async def _fetch_robots(self, request: Request) -> tuple[int | None, bytes, LostError | None]:
        """Status and body of a host's robots.txt, or why there was no answer."""
        meta = {
            ROBOTS_REQUEST: True,
            CUT: MOST_BYTES,
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
                return 404, b"", None
            unreadable = error.loss in FINAL - {Loss.PRIVATE_ADDRESS}
            return None, b"", LostError(Loss.ROBOTS, f"robots.txt cannot be read: {error}") if unreadable else error
        return response.status, response.body, None

    def _obey_robots(self, site: Site, request: Request) -> None:
        if site.fault:
            raise LostError(site.fault.loss, site.fault.detail) from site.fault.__cause__
        if site.robots and not site.robots.allows(request.url):
            if site.robots.verdict is False:
                raise LostError(Loss.SERVER_ERROR, "robots.txt cannot be read for now")
            raise LostError(Loss.ROBOTS, "forbidden by robots.txt")


def _is_fault(response: Response) -> bool:
    return response.status in OVERLOADED or response.status >= 500
