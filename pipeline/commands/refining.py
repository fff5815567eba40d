"""Refining pages for a command, under the limits that a crawl has. No command itself."""

from collections.abc import Iterable

from scrapy.settings import BaseSettings

from pipeline.items import Article, RawPage, Rejection
from pipeline.workers import Limits, Workers


async def refine_all(pages: Iterable[RawPage], settings: BaseSettings) -> list[Article | Rejection]:
    """What becomes of each page; none can hang or harm the command."""
    limits = Limits(settings.getfloat("PAGE_DEADLINE"), settings.getint("PAGE_MEMORY"))
    workers = Workers(min(settings.getint("EXTRACTION_WORKERS"), 1), limits)
    try:
        return [await workers.refine(page) for page in pages]
    finally:
        workers.close()
