"""What only a re-extraction needs of Scrapy: the pipeline that judges pages, and remembers how far it has come."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from scrapy.crawler import Crawler

from pipeline.errors import StorageError
from pipeline.items import Article, Rejection
from pipeline.pipelines import FAULT, Batches, StorePipeline, batching, fail_run, note_fault
from pipeline.rereading import Rereading, summary_from
from pipeline.spiders.reextract import ReextractSpider
from pipeline.storage.bookmarks import note_bookmarks, read_bookmarks
from pipeline.storage.captures import count_captures
from pipeline.storage.generations import Job, Made, reread

page_judged = object()
"""Signal: ``page`` is a Rereading."""


class RereadPipeline(StorePipeline):
    """Compares what became of archived pages with what is stored, and unless it is a dry run stores what differs."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._made: Batches[Made, Rereading] = Batches(self._reread, *batching(crawler.settings))
        self._job: Job
        self._inputs: str

    async def open_spider(self) -> None:
        """Open the database, and go on where an earlier run of the same job was ended."""
        await super().open_spider()
        spider, wanted = self._spider, self._spider.wanted
        spider.engine = self.engine
        filters = {"source": wanted.source, "since": wanted.since, "until": wanted.until, "host": wanted.host}
        told = [f"{name}={value}" for name, value in (filters | {"limit": spider.limit}).items() if value]
        self._job = Job(" ".join(["reextract", *told]), spider.dry)
        self._inputs = await asyncio.to_thread(spider.inputs)
        found = await asyncio.to_thread(count_captures, self.engine, wanted)
        self._crawler.stats.set_value("captures/found", min(found, spider.limit or found))
        if spider.dry:
            return
        noted = (await self.in_writer(read_bookmarks, self.engine, self._job.name)).get(self._job.name)
        if noted and noted["inputs"] == self._inputs:
            spider.after, spider.done = noted["after"], set(noted["done"])
            spider.summary = summary_from(noted["summary"])
            self._crawler.stats.set_value("captures/resumed", spider.summary.taken)

    async def process_item(self, item: Article | Rejection) -> Article | Rejection:  # type: ignore[override]
        """Judge an item and hand it on."""
        key = (item.url, item.fetched_at)
        try:
            page = await self._made.add((self._spider.taken[key], item))
        except StorageError as error:
            raise fail_run(self._crawler, "storage_error", error) from error
        del self._spider.taken[key]
        self._crawler.stats.inc_value(f"articles/reread/{page.verdict}")
        self._crawler.signals.send_catch_log(page_judged, page=page)
        return item

    async def close_spider(self) -> None:
        """Forget how far the job has come where it came to its end."""
        spider = self._spider
        is_done = spider.is_read and not spider.taken and not self._crawler.stats.get_value(FAULT)
        if is_done and not spider.dry:
            try:
                await self.in_writer(note_bookmarks, self.engine, {self._job.name: None}, datetime.now(UTC))
            except StorageError as error:
                note_fault(self._crawler, error)
        await super().close_spider()

    async def _reread(self, made: Sequence[Made]) -> Sequence[Rereading]:
        spider = self._spider
        spider.done.update(capture.id for capture, _ in made)
        on_their_way = {capture.id for capture in spider.taken.values()} - spider.done
        after = min(on_their_way) - 1 if on_their_way else spider.reached
        spider.done = {number for number in spider.done if number > after}

        def position(judged: Sequence[Rereading]) -> Mapping[str, Any]:
            spider.summary = summary_from(before)  # for the batch may come twice
            for page in judged:
                spider.summary.add(page)
            summary = spider.summary.as_json()
            return {"inputs": self._inputs, "after": after, "done": sorted(spider.done), "summary": summary}

        before, self._job.run_id = spider.summary.as_json(), self.run_id
        judged = await self.in_writer(reread, self.engine, self._job, made, position, datetime.now(UTC))
        if self._job.dry:
            position(judged)
        return judged

    @property
    def _spider(self) -> ReextractSpider:
        return cast("ReextractSpider", self._crawler.spider)
