"""The scheduler of a compressed week, in a process of its own: ``python -m tests.benchmarks.week_service CLOCK END``.

It is the service behind ``newsloom schedule``, with one difference: whenever it has nothing in hand the clock jumps to
when it has again. While a run is under way, time is real.
"""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from math import ceil, inf
from pathlib import Path

import time_machine
from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_EXECUTED,
    EVENT_JOB_MISSED,
    EVENT_JOB_SUBMITTED,
    JobExecutionEvent,
    JobSubmissionEvent,
)
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

from pipeline import service
from pipeline.service import Service
from tests.benchmarks.week_clock import START, Clock

STEP = timedelta(minutes=10)
"""The clock jumps to full multiples, so that what is due at about the same time is done in one run."""

DELAY = 0.2
SETTINGS = {
    "DOWNLOAD_DELAY": str(DELAY),
    "RETRY_TIMES": "1",
    "STORE_FLUSH_INTERVAL": "0.01",
    "HOST_PATIENCE": "5",
    "EXTRACTION_WORKERS": "0",
    "USER_AGENT": "newsloom-tests/1.0 (+https://news.example/bot)",
}


async def drive(scheduler: Service, clock: Clock, end: datetime) -> None:
    """Let time pass until the end."""
    jobs, idle, in_hand = scheduler._scheduler, asyncio.Event(), 0
    traveller = time_machine.travel(clock.now()).start()
    idle.set()

    def count(event: JobExecutionEvent | JobSubmissionEvent) -> None:
        nonlocal in_hand
        in_hand += 1 if event.code == EVENT_JOB_SUBMITTED else -1
        (idle.clear if in_hand else idle.set)()

    jobs.add_listener(count, EVENT_JOB_SUBMITTED | EVENT_JOB_EXECUTED | EVENT_JOB_ERROR | EVENT_JOB_MISSED)
    while clock.now() < end:
        await asyncio.sleep(0.001)  # let jobs begin
        await idle.wait()
        if jobs.running and (due := min(job.next_run_time for job in jobs.get_jobs())) > datetime.now(UTC):
            moment = START + ceil((due - START) / STEP) * STEP
            clock.jump(moment)
            traveller.move_to(moment)
            jobs.wakeup()
    scheduler._ending.set()


def main() -> None:
    path, end, allowed, notify = sys.argv[1:]
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "pipeline.settings")
    service.LOOK, service.CLOCK_JUMP = STEP, inf
    settings = get_project_settings()
    settings.update({**SETTINGS, "ALLOW_PRIVATE_ADDRESSES": allowed, "NOTIFY": notify})
    scheduler = Service(AsyncCrawlerProcess(settings), settings, wait=True)
    asyncio.get_event_loop().create_task(drive(scheduler, Clock(Path(path)), datetime.fromisoformat(end)))
    scheduler.run()


if __name__ == "__main__":
    main()
