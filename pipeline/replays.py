"""What only a replay needs of Scrapy: bookmarks in its files, and a filter for languages."""

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self, cast

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DropItem
from scrapy.utils.asyncio import create_looping_call

from pipeline.errors import StorageError
from pipeline.items import Article, Rejection
from pipeline.pipelines import FAULT, StorePipeline, fail_run, item_stored, note_fault
from pipeline.storage.bookmarks import note_bookmarks, read_bookmarks
from pipeline.storage.retrying import retried

if TYPE_CHECKING:
    from pipeline.spiders.files import FilesSpider

INTERVAL = 2.0
"""Seconds between two notes: what is done again after a kill, at most."""


class OtherLanguageError(DropItem):
    """The article is in a language that nobody asked for."""

    def __init__(self) -> None:
        super().__init__("in another language", log_level="DEBUG")


class LanguagePipeline:
    """Drops articles in other languages than those wanted; only the extraction tells, so it has been done by then."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it."""
        return cls(crawler)

    def process_item(self, item: Article | Rejection) -> Article | Rejection:
        """Hand on what is wanted; a rejection has no language."""
        spider = _spider(self._crawler)
        if isinstance(item, Rejection) or spider.wanted.takes_article(item):
            return item
        self._crawler.stats.inc_value("files/passed_over/other_language")
        spider.ledger.stored(item.url, item.fetched_at)
        raise OtherLanguageError


class Bookmarks:
    """Notes every few seconds up to where each WARC file is stored; a run that was ended begins there again."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._clock = create_looping_call(self._note_soon)
        self._noting: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it, and listen."""
        bookmarks = cls(crawler)
        crawler.signals.connect(bookmarks.spider_opened, signals.spider_opened)
        crawler.signals.connect(bookmarks.item_stored, item_stored)
        crawler.signals.connect(bookmarks.spider_closed, signals.spider_closed)
        return bookmarks

    async def spider_opened(self) -> None:
        """Read what earlier runs have noted."""
        store = self._store
        if store is None:
            return
        try:
            noted = await store.in_writer(read_bookmarks, store.engine, "replay ")
        except StorageError as error:
            note_fault(self._crawler, error)
            raise CloseSpider("storage_error") from error
        _spider(self._crawler).ledger.noted.update(noted)
        self._clock.start(INTERVAL, now=False)

    def item_stored(self, item: Article | Rejection) -> None:
        """A page is in the database."""
        _spider(self._crawler).ledger.stored(item.url, item.fetched_at)

    async def spider_closed(self) -> None:
        """Note what is left to note."""
        if self._clock.running:
            self._clock.stop()
        if self._noting:
            await self._noting
        store = self._store
        if store is None or self._crawler.stats.get_value(FAULT) is not None:
            return
        try:
            if changed := _spider(self._crawler).ledger.changes():
                await asyncio.to_thread(retried(note_bookmarks), store.engine, changed, datetime.now(UTC))
        except StorageError as error:
            note_fault(self._crawler, error)
        store.engine.dispose()

    @property
    def _store(self) -> StorePipeline | None:
        store = self._crawler.get_item_pipeline(StorePipeline)
        return store if hasattr(store, "engine") else None

    def _note_soon(self) -> None:
        if self._noting is None or self._noting.done():
            self._noting = asyncio.ensure_future(self._note())

    async def _note(self) -> None:
        store = self._store
        if store and (changed := _spider(self._crawler).ledger.changes()):
            try:  # in a thread of its own: the storage's may end meanwhile, with the run
                await asyncio.to_thread(retried(note_bookmarks), store.engine, changed, datetime.now(UTC))
            except StorageError as error:
                fail_run(self._crawler, "storage_error", error)


def _spider(crawler: Crawler) -> "FilesSpider":
    return cast("FilesSpider", crawler.spider)
