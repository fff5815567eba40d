"""Spider middlewares: how much is under way at once."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Self, cast

from scrapy import Request, signals
from scrapy.core.scraper import Slot
from scrapy.crawler import Crawler

from pipeline.items import RawPage

BYTES_IN_FLIGHT = 64 * 2**20
"""Bytes of raw pages between spider and extraction; one larger page may pass alone."""

page_refined = object()
"""Signal: the bytes of ``page`` are no longer needed."""

run_failed = object()
"""Signal: a fault has ended the run; nothing more is to be read."""


class ItemsInFlightMiddleware:
    """Draws the items of ``start()`` only as fast as the pipelines finish them.

    Scrapy itself takes them without any bound, and a folder of 100,000 pages would be in memory at once.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._limit = max(1, crawler.settings.getint("ITEMS_IN_FLIGHT"))
        self._items = 0
        self._bytes = 0
        self._failed = False
        self._moved = asyncio.Event()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it, and listen to what ends an item."""
        middleware = cls(crawler)
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(middleware.item_done, signal)
        crawler.signals.connect(middleware.page_refined, page_refined)
        crawler.signals.connect(middleware.run_failed, run_failed)
        return middleware

    async def process_start(self, start: AsyncGenerator[Any]) -> AsyncGenerator[Any]:
        """Pass items on while there is room for them, and end when the last one is through the pipelines.

        An earlier end would cost seconds: the engine notices that there is nothing left to do when ``start()`` ends,
        and otherwise looks only every five seconds.
        """
        async with aclosing(start):
            async for item in start:
                await self._room_for(item)
                if self._failed:
                    break
                self._items += not isinstance(item, Request)
                self._bytes += _size(item)
                yield item
        while self._items:
            await self._movement()
        await self._quiet_pipelines()

    def item_done(self, response: object) -> None:
        """Count an item of ``start()`` out."""
        if response is None:
            self._items -= 1
            self._moved.set()
            if self._slot.closing:
                self._closing = asyncio.ensure_future(self._close_scraper())

    def page_refined(self, page: RawPage) -> None:
        """Count a page's bytes out."""
        self._bytes -= _size(page)
        self._moved.set()

    def run_failed(self) -> None:
        """Read no more."""
        self._failed = True
        self._moved.set()

    async def _room_for(self, item: object) -> None:
        while not self._failed and self._items and self._is_full(_size(item)):
            await self._movement()

    def _is_full(self, size: int) -> bool:
        return self._items >= self._limit or self._bytes + size > BYTES_IN_FLIGHT

    async def _movement(self) -> None:
        self._moved.clear()
        await self._moved.wait()

    @property
    def _slot(self) -> Slot:
        return cast("Slot", self._crawler.engine.scraper.slot)  # there is one as soon as a spider is open

    async def _quiet_pipelines(self) -> None:
        """Wait for Scrapy's own count of items, which it corrects a moment after the signals."""
        while self._slot.itemproc_size:  # noqa: ASYNC110 - a number of Scrapy's, without an event
            await asyncio.sleep(0.01)

    async def _close_scraper(self) -> None:
        """Let the scraper close after its last item.

        Scrapy 2.19 looks whether it may close only after responses. After Ctrl-C, with items of ``start()`` in the
        pipelines, it would wait for ever.
        """
        await self._quiet_pipelines()
        if self._slot.closing and not self._slot.closing.called:
            self._crawler.engine.scraper._check_if_closing()  # noqa: SLF001 - see above


def _size(item: object) -> int:
    return len(item.body) if isinstance(item, RawPage) else 0
