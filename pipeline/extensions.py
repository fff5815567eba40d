"""Scrapy extensions: the record of a run, and its progress on a terminal."""

import asyncio
import logging
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeAlias

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, NotConfigured
from scrapy.logformatter import LogFormatter
from scrapy.utils.asyncio import create_looping_call
from tqdm import tqdm
from tqdm.contrib.logging import logging_redirect_tqdm
from twisted.python.failure import Failure

from pipeline.errors import PipelineError, StorageError
from pipeline.funnel import PREFIX, Stage, funnels
from pipeline.items import EXTRACTOR
from pipeline.logs import begin_run
from pipeline.pipelines import FAULT, StorePipeline, note_fault
from pipeline.storage.indexing import update_index
from pipeline.storage.maintenance import space
from pipeline.storage.retrying import retried
from pipeline.storage.runs import BEAT, FINISHED, finish_run, note_run, start_run

if TYPE_CHECKING:
    from sqlalchemy import Engine

STATUS = {"finished": "finished", "shutdown": "interrupted"}
"""Scrapy's reason for closing → the run's status; any other reason is a status of its own, such as storage_error."""

COUNTED = ("files/", "articles/", PREFIX)


def counts(crawler: Crawler) -> dict[str, int]:
    """What the run has counted: ``files/done``, ``articles/new``, ``articles/rejected/…``, and the funnel's keys."""
    return {name: value for name, value in sorted(crawler.stats.get_stats().copy().items()) if name.startswith(COUNTED)}


def status_of(crawler: Crawler, reason: str) -> str:
    """How the run ended. ``reason``: Scrapy's for closing."""
    status = STATUS.get(reason, reason)
    return FAULT if status == FINISHED and crawler.stats.get_value(FAULT) is not None else status


class BriefLog(LogFormatter):
    """What Scrapy logs of items, less every whole article, which it would put into words even where none is shown."""

    def scraped(self, *_: object) -> None:  # type: ignore[override]
        """Nothing: the database has it."""


class RunRecord:
    """Keeps the run's row in the table of runs, and says there that the run is alive, as a killed one cannot."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._run_id: int | None = None
        self._reason = ""
        self._beating: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it, and listen for the spider's beginning and end."""
        record = cls(crawler)
        crawler.signals.connect(record.spider_opened, signals.spider_opened)
        crawler.signals.connect(record.spider_closed, signals.spider_closed)
        crawler.signals.connect(record.engine_stopped, signals.engine_stopped)
        crawler.signals.connect(record.item_error, signals.item_error)
        return record

    def item_error(self, item: object, failure: Failure) -> None:
        """An item that met an error nobody expected is not stored, so the run is no success."""
        url = getattr(item, "url", "an item")
        note_fault(self._crawler, PipelineError(f"{url}: not stored for an error: {failure.value!r}"))

    async def spider_opened(self, spider: Spider) -> None:
        """Begin the row."""
        store = self._crawler.get_item_pipeline(StorePipeline)
        if store is None or not hasattr(store, "engine"):
            return
        try:
            self._run_id = await store.in_writer(start_run, store.engine, spider.name, datetime.now(UTC), EXTRACTOR)
        except StorageError as error:
            note_fault(self._crawler, error)
            raise CloseSpider("storage_error") from error
        store.run_id = self._run_id
        begin_run(self._run_id)
        self._beating = asyncio.create_task(self._beat(store.engine, self._run_id))

    async def _beat(self, engine: "Engine", run_id: int) -> None:
        while True:
            await asyncio.sleep(BEAT.total_seconds())
            with suppress(StorageError):  # the next one may be heard; a real fault also meets what is saved
                await asyncio.to_thread(note_run, engine, run_id, datetime.now(UTC), counts(self._crawler))

    def spider_closed(self, reason: str) -> None:
        """Keep the reason until others have written down what they know, which may still fail."""
        self._reason = reason

    async def engine_stopped(self) -> None:
        """Complete the row, and have the articles found by their words."""
        store = self._crawler.get_item_pipeline(StorePipeline)
        if self._beating:
            self._beating.cancel()
        if store is None or self._run_id is None:
            return
        status = status_of(self._crawler, self._reason)
        counted = counts(self._crawler)
        try:
            if any(name.startswith(PREFIX) for name in counted):
                counted |= await asyncio.to_thread(retried(space), store.engine, self._folder())
            ended = (self._run_id, datetime.now(UTC), status, counted)
            await asyncio.to_thread(retried(finish_run), store.engine, *ended)
            if status == FINISHED:  # else whoever ended it is waiting; the next search catches up
                await asyncio.to_thread(retried(lambda: sum(update_index(store.engine))))
        except StorageError as error:
            note_fault(self._crawler, error)
        store.engine.dispose()

    def _folder(self) -> Path:
        """Where the archive is, or else where newsloom runs."""
        folder = Path(self._crawler.settings["ARCHIVE_DIR"] or ".")
        return folder if folder.is_dir() else Path()


Progressed: TypeAlias = tuple[str, int, int]
"""What is counted, how many of them are done, and how many there are as far as is known."""


def _files(counted: Mapping[str, Any]) -> Progressed:
    """In bytes where there are WARC files: each holds more pages than other folders do."""
    if size := counted.get("files/bytes_found"):
        return "B", counted["files/bytes_done"], size
    return " files", counted.get("files/done", 0), counted.get("files/found", 0)


def _pages(counted: Mapping[str, Any]) -> Progressed:
    found = funnels(counted).values()
    done = sum(funnel.stages.get(Stage.FETCHED, 0) + sum(funnel.lost.values()) for funnel in found)
    return " pages", done, sum(funnel.to_fetch for funnel in found)


def _captures(counted: Mapping[str, Any]) -> Progressed:
    judged = sum(number for name, number in counted.items() if name.startswith("articles/reread/"))
    return " pages", counted.get("captures/resumed", 0) + judged, counted.get("captures/found", 0)


Count: TypeAlias = Callable[[Mapping[str, Any]], Progressed]

SHOWN: dict[str, Count] = {"files": _files, "news": _pages, "reextract": _captures}
"""Spider → what its statistics say of its progress."""


class Progress:
    """Shows on a terminal how much of the files or pages found so far is dealt with."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._shown = ExitStack()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it where a terminal would show it."""
        if not sys.stderr.isatty():
            raise NotConfigured
        progress = cls(crawler)
        crawler.signals.connect(progress.spider_opened, signals.spider_opened)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    def spider_opened(self, spider: Spider) -> None:
        """Show the bar, where it is known what the spider counts."""
        if spider.name not in SHOWN:
            return
        self._write_logs_above()
        bar: tqdm[NoReturn] = tqdm(file=sys.stderr, leave=False, dynamic_ncols=True)
        self._shown.enter_context(bar)
        count = SHOWN[spider.name]
        self._shown.callback(self._draw, bar, count)
        drawing = create_looping_call(self._draw, bar, count)
        self._shown.callback(drawing.stop)
        drawing.start(0.2)

    def _write_logs_above(self) -> None:
        """Let log lines and the bar not overwrite each other; tqdm's handlers forget the level of the old ones."""
        root = logging.getLogger()
        level = min((handler.level for handler in root.handlers), default=logging.WARNING)
        self._shown.enter_context(logging_redirect_tqdm())
        for handler in root.handlers:
            handler.setLevel(max(level, handler.level))

    def spider_closed(self) -> None:
        """Show the last state, however short the run was, and take the bar away."""
        self._shown.close()

    def _draw(self, bar: "tqdm[NoReturn]", count: Count) -> None:
        bar.unit, done, bar.total = count(self._crawler.stats.get_stats())
        bar.unit_scale = bar.unit == "B"
        bar.update(done - bar.n)
        bar.refresh()
