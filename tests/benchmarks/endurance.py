"""Whether a scheduler's memory stays flat: thousands of polls of feeds on loopback hosts, in one process.

python -m tests.benchmarks.endurance [--polls 10000] [--feeds 500]

The database's times are put back after each run, so that every feed is due again at once; one in fifty feeds has a new
page each time. Printed for each tenth of the polls: polls so far, resident memory of the process in MB without its
workers, CPU ms a poll of the process, hosts included.
"""

import argparse
import asyncio
import os
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings
from sqlalchemy import update

from pipeline import service
from pipeline.service import Service
from pipeline.storage.connection import writing
from pipeline.storage.schema import listings
from tests.crawling import SETTINGS
from tests.newssite import Answer, Asked, article, feed, hosts

SHARE_NEW = 50


class Feeds:
    """``number`` feeds on one host; every fiftieth answer of it names a page that is new."""

    def __init__(self, number: int, url: str) -> None:
        self.number, self.url = number, url
        self.asked = 0

    def answer(self, asked: Asked) -> Answer:
        if asked.path.startswith("/page"):
            return Answer(article(f"Page {asked.path}"))
        if not asked.path.startswith("/feed"):
            return Answer("nothing here", 404)
        self.asked += 1
        pages = [f"/page/{asked.path[6:]}/{self.asked // self.number // SHARE_NEW}"]
        return Answer(feed(self.url, *pages), kind="application/rss+xml")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--polls", type=int, default=10_000)
    parser.add_argument("--feeds", type=int, default=500)
    options = parser.parse_args()
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "pipeline.settings")
    service.PAUSE, service.LOOK = timedelta(), timedelta(seconds=0.2)
    with hosts() as web, tempfile.TemporaryDirectory() as scratch:
        host = web.host()
        feeds = Feeds(options.feeds, host.url)
        host.other = feeds.answer
        os.chdir(scratch)
        text = "".join(
            f'[[source]]\nname = "feed-{n}"\nurl = "{host.url}/"\nfeeds = ["{host.url}/feed/{n}"]\n'
            for n in range(options.feeds)
        )
        Path("sources.toml").write_text(text, encoding="utf-8")
        settings = get_project_settings()
        settings.update({**SETTINGS, "ALLOW_PRIVATE_ADDRESSES": f"127.0.0.1:{host.port}", "KEEP_RUNS_DAYS": 0})
        scheduler = Service(AsyncCrawlerProcess(settings), settings, wait=False)
        asyncio.get_event_loop().create_task(watch(scheduler, feeds, options.polls, host.log))
        scheduler.run()


async def watch(scheduler: Service, feeds: Feeds, polls: int, log: list[Asked]) -> None:
    """Make all feeds due again whenever they were asked; tell how much memory that took."""
    told = rounds = 0
    print(f"{feeds.number} feeds\n{'polls':>8} {'MB':>8} {'ms/poll':>8}")
    while feeds.asked < polls:
        await asyncio.sleep(0.05)
        if feeds.asked >= feeds.number * (rounds + 1) and not scheduler._crawling:
            rounds += 1
            await asyncio.to_thread(make_due, scheduler)
            log.clear()
        if feeds.asked // (polls // 10) > told:
            told = feeds.asked // (polls // 10)
            print(f"{feeds.asked:>8} {resident():>8.0f} {time.process_time() / feeds.asked * 1000:>8.1f}", flush=True)
    scheduler._ending.set()


def resident() -> float:
    """MB of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def make_due(scheduler: Service) -> None:
    with writing(scheduler._engine) as connection:
        connection.execute(update(listings).values(polled_at=datetime.now(UTC) - timedelta(days=3)))


if __name__ == "__main__":
    main()
