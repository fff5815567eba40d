"""Item pipelines: a raw page becomes an article or a rejection, and either is stored."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, Generic, ParamSpec, Self, TypeVar

from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DropItem
from scrapy.settings import BaseSettings

from pipeline.directives import asks_not_to_be_kept
from pipeline.durations import durations
from pipeline.errors import ArchiveError, ExtractionError, PipelineError, StorageError
from pipeline.items import Article, RawPage, Rejection
from pipeline.middlewares import page_refined, run_failed
from pipeline.storage.archive import Archive
from pipeline.storage.articles import save
from pipeline.storage.database import open_database
from pipeline.storage.identity import Outcome
from pipeline.storage.retrying import retried
from pipeline.workers import Limits, Workers

if TYPE_CHECKING:
    from sqlalchemy import Engine

logger = logging.getLogger(__name__)

item_stored = object()
"""Signal: ``item`` is in the database; ``outcome``: what became of it."""

FAULT = "fault"
"""Statistic: what ended the run early, one line."""

PATIENCE = 5
"""Intervals for which items that keep coming are gathered before they are written."""

RECOVERED_AT_ONCE = 20
"""Pages read from the archive at a time."""

Item = TypeVar("Item")
Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")


class Rejected(DropItem):
    """The page was stored as refused; there is no article to hand on."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(f"{rejection.reason}: {rejection.detail}", log_level="DEBUG")
        self.rejection = rejection


class RunFailed(DropItem):
    """The run met a fault, so the item was not stored; the fault itself was logged once."""

    def __init__(self, error: PipelineError) -> None:
        super().__init__(str(error), log_level="DEBUG")


class ArchivePipeline:
    """Writes each fetched page to the archive before anything is made of it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._folder = crawler.settings["ARCHIVE_DIR"]
        self._archive: Archive | None = None
        self._batches = Batches(self._write, *batching(crawler.settings))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it from the settings."""
        return cls(crawler)

    async def recovered(self) -> AsyncIterator[RawPage]:
        """Pages that an earlier run fetched, and did not live to refine."""
        if self._folder:
            await self._in_writer(Archive.recover, datetime.now(UTC))
            left = await self._in_writer(Archive.unrefined)
            while some := await self._in_writer(lambda _: list(islice(left, RECOVERED_AT_ONCE))):
                for page in some:
                    yield page

    async def process_item(self, item: RawPage | Rejection) -> RawPage | Rejection:
        """Write a page that was fetched, unless it asks not to be kept, and hand it on."""
        if not isinstance(item, RawPage) or item.exchange is None:
            return item
        if self._folder and not asks_not_to_be_kept(item):
            try:
                await self._batches.add(item)
            except (ArchiveError, StorageError) as error:
                raise fail_run(self._crawler, "archive_error", error) from error
        return replace(item, exchange=None)

    def close_spider(self) -> None:
        """Let the files go."""
        if self._archive:
            self._archive.close()

    async def _write(self, pages: Sequence[RawPage]) -> Sequence[RawPage]:
        await self._in_writer(Archive.store, pages, datetime.now(UTC))
        self._crawler.stats.inc_value("archive/pages", len(pages))
        return pages

    async def _in_writer(
        self,
        method: Callable[Concatenate[Archive, Arguments], Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Use the archive in the one thread that writes to the database."""
        store = self._crawler.get_item_pipeline(StorePipeline)
        if store is None:
            raise ArchiveError("the ArchivePipeline needs the StorePipeline, whose database indexes the archive")
        if self._archive is None:
            size = self._crawler.settings.getint("ARCHIVE_FILE_SIZE")
            self._archive = Archive(Path(self._folder), store.engine, size)
        return await store.in_writer(method, self._archive, *args, **kwargs)


class RefinePipeline:
    """Turns a ``RawPage`` into an ``Article`` or a ``Rejection``, in worker processes."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        limits = Limits(crawler.settings.getfloat("PAGE_DEADLINE"), crawler.settings.getint("PAGE_MEMORY"))
        self._workers = Workers(crawler.settings.getint("EXTRACTION_WORKERS"), limits)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it from the settings."""
        return cls(crawler)

    async def process_item(self, item: RawPage | Rejection) -> Article | Rejection:
        """Refine a page; a rejection of the spider's own passes through."""
        if not isinstance(item, RawPage):
            return item
        try:
            return await self._workers.refine(item)
        except ExtractionError as error:
            raise fail_run(self._crawler, "extraction_error", error) from error
        finally:
            self._crawler.signals.send_catch_log(page_refined, page=item)

    async def close_spider(self) -> None:
        """End the workers."""
        await asyncio.to_thread(self._workers.close)


class StorePipeline:
    """Stores articles and rejections in batches; an item is done when its batch is committed.

    run_id: what the items are stored under, or None; set by ``extensions.RunRecord``.
    """

    engine: "Engine"
    run_id: int | None = None

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._fault = ""
        self._batches = Batches(self._save, *batching(crawler.settings))
        self._visits = durations(crawler.settings["REVISITS"])

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it from the settings."""
        return cls(crawler)

    async def open_spider(self) -> None:
        """Open the database; the run ends here when that fails."""
        try:
            settings = self._crawler.settings
            opened = self.in_writer(open_database, settings["DATABASE_URL"], settings.getfloat("DATABASE_PATIENCE"))
            self.engine = await opened
        except StorageError as error:
            note_fault(self._crawler, error)
            raise CloseSpider("storage_error") from error

    async def process_item(self, item: Article | Rejection) -> Article:
        """Store an item and hand it on; a rejection is dropped once it is stored."""
        try:
            outcome = await self._batches.add(item)
        except StorageError as error:
            raise fail_run(self._crawler, "storage_error", error) from error
        self._crawler.signals.send_catch_log(item_stored, item=item, outcome=outcome)
        if isinstance(item, Rejection):
            self._crawler.stats.inc_value(f"articles/rejected/{item.reason}")
            raise Rejected(item)
        self._crawler.stats.inc_value(f"articles/{outcome}")
        return item

    async def close_spider(self) -> None:
        """End the writer; Scrapy has waited for every item, so no batch is open."""
        if hasattr(self, "engine"):
            self._writer.submit(self.engine.dispose)
        self._writer.shutdown()

    async def in_writer(
        self, function: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Result:
        """Call a function of the storage in the one thread that writes.

        Where the database's server goes away it is called anew, see :func:`pipeline.storage.retrying.retried`. What it
        cannot do ends the run, so all that still waits fails at once: each might wait long for the same lock.
        """

        def call() -> Result:
            if self._fault:
                raise StorageError(self._fault)
            try:
                return retried(function)(*args, **kwargs)
            except StorageError as error:
                self._fault = str(error)
                raise

        return await asyncio.get_running_loop().run_in_executor(self._writer, call)

    async def _save(self, items: Sequence[Article | Rejection]) -> Sequence[Outcome]:
        return await self.in_writer(save, self.engine, items, self.run_id, self._visits)


def fail_run(crawler: Crawler, reason: str, error: PipelineError) -> RunFailed:
    """End the run for a fault; the result is to be raised for the item in hand."""
    if crawler.stats.get_value(FAULT) is None:
        note_fault(crawler, error)
        crawler.signals.send_catch_log(run_failed)
        closing = asyncio.ensure_future(crawler.engine.close_spider_async(reason=reason))
        closing.add_done_callback(lambda done: done.exception())
    return RunFailed(error)


def note_fault(crawler: Crawler, error: PipelineError) -> None:
    """Say once, in one line, what ends the run; a run with a fault never counts as a success."""
    if crawler.stats.get_value(FAULT) is None:
        crawler.stats.set_value(FAULT, str(error))
        logger.error("%s", error)


def batching(settings: BaseSettings) -> tuple[int, float]:
    """Items and seconds of a batch."""
    size = min(settings.getint("STORE_BATCH_SIZE"), settings.getint("ITEMS_IN_FLIGHT") // 2)
    return max(1, size), settings.getfloat("STORE_FLUSH_INTERVAL")


class Batches(Generic[Item, Result]):
    """Gathers items into batches and has them written one after another, never two at once.

    A batch is written when it holds ``size`` items, when none has come for ``interval`` seconds, and ``PATIENCE`` times
    as long after the first in any case: a transaction costs more than an item in it.
    """

    def __init__(self, write: Callable[[list[Item]], Awaitable[Sequence[Result]]], size: int, interval: float) -> None:
        self._write = write
        self._size = size
        self._interval = interval
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._full = asyncio.Event()
        self._writing: asyncio.Task[None] | None = None

    async def add(self, item: Item) -> Result:
        """Wait until the item's batch is written; what the writing raises is raised for each of its items."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if len(self._waiting) >= self._size:
            self._full.set()
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        return await future

    async def _write_all(self) -> None:
        while self._waiting:
            await self._gather()
            batch, self._waiting = self._waiting[: self._size], self._waiting[self._size :]
            if len(self._waiting) < self._size:
                self._full.clear()
            await self._write_batch(batch)

    async def _gather(self) -> None:
        for _ in range(PATIENCE):
            held = len(self._waiting)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._full.wait(), self._interval)
            if self._full.is_set() or len(self._waiting) == held:
                return

    async def _write_batch(self, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._write([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - handed to everyone who waits for it
            for _, future in batch:
                future.set_exception(error)
        else:
            for (_, future), result in zip(batch, results, strict=True):
                future.set_result(result)
