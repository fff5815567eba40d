"""The scheduler: scheduled runs one after another in one process, until it is told to end.

A run is what ``newsloom crawl news -a due=1`` does. All state is in the database: whoever is killed here leaves nothing
behind but a lease that ends by itself. Runs are short, so that what becomes due meanwhile does not wait for long.
"""

import asyncio
import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from pipeline.errors import PipelineError
from pipeline.health import Watch, tell
from pipeline.pipelines import FAULT
from pipeline.sources import Source
from pipeline.spiders.agenda import read_agenda
from pipeline.spiders.definitions import chosen, read_sources, require_contact
from pipeline.spiders.news import NewsSpider
from pipeline.storage.database import open_database
from pipeline.storage.leases import end_lease, lease_holder, take_lease
from pipeline.storage.pruning import prune
from pipeline.storage.retention import drop_rejections, drop_runs

if TYPE_CHECKING:
    from sqlalchemy import Engine

logger = logging.getLogger(__name__)

LEASE, LEASE_LASTS, LEASE_RENEWED = "schedule", timedelta(seconds=30), 8.0
LONGEST_RUN = 120.0
"""Seconds after which a run asks for no more of a source; the next one goes on."""

PAUSE = timedelta(seconds=3)  # between two runs
LOOK = timedelta(minutes=1)  # at the database at least so often: others may have changed something
AFTER_FAULT = timedelta(minutes=1)
LOOKED_AFTER = timedelta(minutes=10)  # how often the health of the sources is looked at, where NOTIFY says whom to tell
CLOCK_JUMP = 5.0  # seconds by which clock and time differ all of a sudden


class Service:
    """``wait``: for the lease of another scheduler to end, instead of leaving."""

    def __init__(self, process: AsyncCrawlerProcess, settings: Settings, *, wait: bool) -> None:
        self._process, self._settings, self._wait = process, settings, wait
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._sources = self._read_sources()
        self._engine: Engine = open_database(settings["DATABASE_URL"])
        self._watch = Watch(self._engine)
        self._ending = asyncio.Event()
        self._in_hand: set[asyncio.Task[None] | None] = set()
        self._crawling = False
        self._fault: PipelineError | None = None
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it tells of every job
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 2, "misfire_grace_time": None}
        )

    def run(self) -> None:
        """Work until a signal ends it. ``PipelineError``: what ended it instead."""
        loop = asyncio.get_event_loop()
        work = loop.create_task(self._work())
        work.add_done_callback(lambda _: _stop_reactor())
        self._process.start(stop_after_crawl=False, install_signal_handlers=False)
        self._engine.dispose()
        if work.done():
            work.result()
        if self._fault:
            raise self._fault

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._ending.set)
        loop.add_signal_handler(signal.SIGHUP, self._reread)
        if not await self._take_lease():
            return
        logger.warning("at work: %d sources", len(self._sources))
        keeping = loop.create_task(self._keep())
        try:
            self._scheduler.start()
            self._crawl_at(datetime.now(UTC))
            daily = {"days": 1, "next_run_time": datetime.now(UTC) + LOOK}
            self._scheduler.add_job(self._do, "interval", [self._retain], **daily)
            if self._settings["NOTIFY"]:
                self._scheduler.add_job(self._do, "interval", [self._tell], seconds=LOOKED_AFTER.total_seconds())
            await self._ending.wait()
            self._scheduler.pause()
            await self._stop()
            self._scheduler.shutdown(wait=False)
        finally:
            keeping.cancel()
            await asyncio.to_thread(end_lease, self._engine, LEASE, self._holder)

    async def _take_lease(self) -> bool:
        """Whether this process is the scheduler now; else it is to end."""
        told = False
        while not self._ending.is_set():
            if await self._renewed():
                return True
            if not self._wait:
                other = await asyncio.to_thread(lease_holder, self._engine, LEASE)
                raise PipelineError(f"another scheduler is at work: {other or 'it has just ended'}")
            if not told:
                logger.warning("another scheduler is at work; waiting until it ends")
                told = True
            await _until(self._ending, 1.0)
        return False

    async def _renewed(self) -> bool:
        return await asyncio.to_thread(take_lease, self._engine, LEASE, self._holder, LEASE_LASTS)

    async def _keep(self) -> None:
        """Renew the lease, and look at the clock: jobs wait for a time of day that may be further away now."""
        ahead = time.time() - time.monotonic()
        while True:
            await asyncio.sleep(LEASE_RENEWED)
            if abs(time.time() - time.monotonic() - ahead) > CLOCK_JUMP:
                ahead = time.time() - time.monotonic()
                logger.warning("the clock was set; looking at what is due by it")
                self._crawl_at(datetime.now(UTC))
            try:
                if await self._renewed():
                    continue
                self._fault = PipelineError("another scheduler has taken over; this one was silent for too long")
                self._ending.set()
            except PipelineError as error:
                logger.warning("the lease could not be renewed: %s", error)

    async def _do(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """A job that is waited for when the scheduler is to end, and given up where that takes too long."""
        task = asyncio.current_task()
        self._in_hand.add(task)
        try:
            with suppress(asyncio.CancelledError):
                await work()
        finally:
            self._in_hand.discard(task)

    def _crawl_at(self, moment: datetime) -> None:
        if not self._ending.is_set():
            self._scheduler.add_job(self._do, "date", [self._crawl], run_date=moment, id="crawl", replace_existing=True)

    async def _crawl(self) -> None:
        """Do what is due, and come back when something is again."""
        if self._crawling:
            return  # it looks again when it is done
        self._crawling, wait = True, AFTER_FAULT
        try:
            wait = await self._crawl_what_is_due()
        except PipelineError as error:
            logger.error("%s", error)  # noqa: TRY400 - one line says it
        finally:
            self._crawling = False
            self._crawl_at(datetime.now(UTC) + wait)

    async def _crawl_what_is_due(self) -> timedelta:
        now, per_hour = datetime.now(UTC), self._settings.getfloat("POLLS_PER_HOUR")
        visits = await asyncio.to_thread(read_agenda, self._engine, self._sources, now, per_hour)
        next_at = min((visit.due.at for visit in visits), default=now + LOOK)
        if next_at > now or self._ending.is_set():
            return min(next_at - now, LOOK)
        settings = self._settings.copy()
        longest = min(settings.getfloat("SOURCE_MAX_TIME"), LONGEST_RUN)
        settings.set("SOURCE_MAX_TIME", longest, priority="cmdline")
        crawler = Crawler(NewsSpider, settings)
        await self._process.crawl(crawler, due="1", sources=self._sources)
        failed = crawler.stats.get_value(FAULT) is not None
        return AFTER_FAULT if failed else PAUSE

    async def _stop(self) -> None:
        """Let what is under way come to its end, within the deadline."""
        deadline = self._settings.getfloat("STOP_DEADLINE")
        try:
            async with asyncio.timeout(deadline):
                await self._process.stop()
                await self._process.join()
                await asyncio.gather(*filter(None, self._in_hand))
        except TimeoutError:
            logger.warning("what was under way did not end within %g s; the next run takes it up", deadline)

    async def _tell(self) -> None:
        """Send notices of what is wrong with sources, or is over."""
        now, names = datetime.now(UTC), {source.name for source in self._sources}
        cooldown = timedelta(hours=self._settings.getfloat("NOTIFY_COOLDOWN"))
        try:
            found = await asyncio.to_thread(self._watch.look, now, names)
            await asyncio.to_thread(tell, self._engine, found, now, self._settings["NOTIFY"], cooldown)
        except PipelineError as error:
            logger.error("%s", error)  # noqa: TRY400 - one line says it

    async def _retain(self) -> None:
        """Delete what has been kept for long enough."""
        now, tasks = datetime.now(UTC), self._retention()
        for task in tasks:
            before = now - timedelta(days=task.days)
            try:
                number = await asyncio.to_thread(task.drop, before)
            except PipelineError as error:
                logger.error("%s", error)  # noqa: TRY400 - one line says it
            else:
                logger.info("deleted from before %s: %d %s", before.date(), number, task.what)

    def _retention(self) -> list["Retention"]:
        settings, engine = self._settings, self._engine

        def drop_pages(before: datetime) -> int:
            return sum(not file.kept for file in prune(engine, Path(settings["ARCHIVE_DIR"]), before))

        tasks = [
            Retention("files of the archive", settings.getfloat("KEEP_ARCHIVE_DAYS"), drop_pages),
            Retention("rejections", settings.getfloat("KEEP_REJECTIONS_DAYS"), partial(drop_rejections, engine)),
            Retention("runs", settings.getfloat("KEEP_RUNS_DAYS"), partial(drop_runs, engine)),
        ]
        return [task for task in tasks if task.days]

    def _reread(self) -> None:
        """Take the sources file as it is now, unless it cannot be used."""
        try:
            self._sources = self._read_sources()
        except PipelineError as error:
            logger.error("the sources stay as they were: %s", error)  # noqa: TRY400 - one line says it
            return
        logger.warning("%s read anew: %d sources", self._settings["SOURCES_FILE"], len(self._sources))
        self._crawl_at(datetime.now(UTC))

    def _read_sources(self) -> list[Source]:
        sources = chosen(read_sources(self._settings["SOURCES_FILE"]), ())
        require_contact(self._settings, sources)
        return sources


@dataclass(frozen=True, slots=True)
class Retention:
    """What is deleted when it is older than so many days."""

    what: str
    days: float
    drop: Callable[[datetime], int]


async def _until(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event, for so long at most."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass


def _stop_reactor() -> None:
    from twisted.internet import reactor  # noqa: PLC0415 - importing it makes one

    running: Any = reactor
    running.stop()
