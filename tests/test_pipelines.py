import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.pipelines import Batches

ROOT = Path(__file__).parent.parent


def written(size: int, interval: float, items: int, *, pause: float = 0) -> list[list[int]]:
    """The batches in which so many items, added one after another, were written."""
    batches: list[list[int]] = []
    under_way = 0

    async def write(batch: list[int]) -> list[int]:
        nonlocal under_way
        under_way += 1
        assert under_way == 1, "one batch at a time"
        await asyncio.sleep(0.01)
        batches.append(batch)
        under_way -= 1
        return [item * 10 for item in batch]

    async def add_all() -> list[int]:
        gathering = Batches(write, size, interval)
        adding = []
        for item in range(items):
            adding.append(asyncio.ensure_future(gathering.add(item)))
            await asyncio.sleep(pause)
        return await asyncio.gather(*adding)

    assert asyncio.run(add_all()) == [item * 10 for item in range(items)]
    return batches


def test_full_batches_are_written_at_once_the_rest_after_the_interval():
    assert [len(batch) for batch in written(4, 0.05, 10)] == [4, 4, 2]
    assert [len(batch) for batch in written(4, 60, 8)] == [4, 4]


def test_slow_items_do_not_wait_for_company():
    assert written(100, 0.01, 3, pause=0.1) == [[0], [1], [2]]


def test_items_that_keep_coming_are_written_together():
    assert written(100, 0.5, 30, pause=0.03) == [list(range(30))]


def test_items_that_never_stop_coming_are_written_all_the_same():
    assert len(written(100, 0.02, 50, pause=0.01)) > 1


def test_a_batch_that_fails_fails_for_each_of_its_items_and_the_next_is_tried():
    async def write(batch: list[int]) -> list[int]:
        if 1 in batch:
            raise OSError("disk full")
        return batch

    async def add_all() -> list[int | BaseException]:
        gathering = Batches(write, 2, 0.01)
        return await asyncio.gather(*map(gathering.add, range(4)), return_exceptions=True)

    first, second, *others = asyncio.run(add_all())
    assert isinstance(first, OSError)
    assert isinstance(second, OSError)
    assert others == [2, 3]


CRAWL = """
import asyncio, json, sys
from datetime import UTC, datetime
from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from pipeline.items import RawPage, Reason, Rejection
from pipeline.middlewares import page_refined

drawn, done, most = 0, 0, 0

class Pages(Spider):
    name = "pages"
    async def start(self):
        global drawn, most
        for number in range(int(sys.argv[1])):
            drawn += 1
            most = max(most, drawn - done)
            yield RawPage(f"https://a.example/{number}", bytes(int(sys.argv[2])), datetime.now(UTC))

class Slow:
    @classmethod
    def from_crawler(cls, crawler):
        self = cls()
        self.crawler = crawler
        return self
    async def process_item(self, item):
        global done
        await asyncio.sleep(0.01)
        done += 1
        self.crawler.signals.send_catch_log(page_refined, page=item)
        if drawn % 3 == 0:
            raise ValueError("an item may also fail")
        return item

process = AsyncCrawlerProcess({
    "ITEM_PIPELINES": {Slow: 1}, "SPIDER_MIDDLEWARES": {"pipeline.middlewares.ItemsInFlightMiddleware": 900},
    "ITEMS_IN_FLIGHT": 5, "LOG_ENABLED": False, "REMOTE_CONTROL_ENABLED": False, "TELNETCONSOLE_ENABLED": False})
crawler = process.create_crawler(Pages)
process.crawl(crawler)
process.start()
print(json.dumps([done, most, crawler.stats.get_value("elapsed_time_seconds")]))
"""


@pytest.mark.parametrize(("pages", "size", "bound"), [(60, 1000, 5), (12, 30 * 2**20, 2), (4, 100 * 2**20, 1)])
def test_no_more_is_drawn_than_the_pipelines_can_take(pages, size, bound):
    command = [sys.executable, "-c", CRAWL, str(pages), str(size)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=60)
    done, most, seconds = json.loads(result.stdout)
    assert done == pages
    assert most <= bound + 1, "one more is drawn before it has to wait"
    assert seconds < 4.5, "Scrapy's look every five seconds was not needed"
