"""The archive's pages once more: what today's extractor makes of them is compared with what is stored."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from scrapy import Spider

from pipeline.errors import ArchiveError
from pipeline.items import RawPage, SiteRules
from pipeline.rereading import Summary
from pipeline.spiders.definitions import read_file
from pipeline.spiders.files import WITHOUT_REQUESTS
from pipeline.spiders.pages import opt_outs_of, rules_of
from pipeline.storage.archive import Archive
from pipeline.storage.captures import Capture, CaptureFilter, read_captures
from pipeline.text import without_controls

if TYPE_CHECKING:
    from sqlalchemy import Engine

logger = logging.getLogger(__name__)

AHEAD = 16
"""Pages read at a time."""

Taken: TypeAlias = tuple[str, datetime]
"""Address and time of a capture."""


class ReextractSpider(Spider):
    """Hands over the pages of the archive that ``wanted`` lets through; no request is made.

    limit: pages at most, 0 for all. dry: whether nothing is to be stored. What follows is shared with the pipeline.
    engine: the database. after: id of the capture up to which all are done; done: ids of later ones that are.
    taken: captures on their way; reached: id of the last one. is_read: whether all were taken. summary: of all done.
    """

    name = "reextract"
    custom_settings: dict[str, Any] = WITHOUT_REQUESTS | {
        "ITEM_PIPELINES": {
            "pipeline.pipelines.RefinePipeline": 300,
            "pipeline.reextraction.RereadPipeline": 800,
        },
    }

    def __init__(self, wanted: CaptureFilter, limit: int = 0, *, dry: bool = True, **kwargs: Any) -> None:  # noqa: ANN401 - Scrapy's signature
        super().__init__(**kwargs)
        self.wanted, self.limit, self.dry = wanted, limit, dry
        self.engine: Engine
        self.after, self.reached, self.done = 0, 0, set[int]()
        self.taken: dict[Taken, Capture] = {}
        self.summary = Summary()
        self.is_read = False

    async def start(self) -> AsyncIterator[RawPage]:
        """Read some pages ahead in a thread."""
        pages = self._pages()
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, thread_name_prefix="reader") as reader:
            while some := await loop.run_in_executor(reader, lambda: list(islice(pages, AHEAD))):
                for capture, page in some:
                    self.taken[without_controls(page.url), page.fetched_at] = capture  # as items have it
                    self.reached = capture.id
                    yield page
        self.is_read = True

    @property
    def left(self) -> int | None:
        """How many pages the limit leaves, None for all."""
        return max(0, self.limit - self.summary.taken) if self.limit else None

    def inputs(self) -> str:
        """A hash of all that decides what becomes of a page: another one makes another job of it."""
        sources = [path.read_bytes() for path in sorted(_code(Path(str(files("pipeline")))))]
        told = repr((self._rules(), opt_outs_of(self.settings))).encode()
        return hashlib.sha256(b"\0".join([*sources, told])).hexdigest()

    def _pages(self) -> Iterator[tuple[Capture, RawPage]]:
        archive = Archive(Path(self.settings["ARCHIVE_DIR"]), self.engine)
        rules, opt_outs = self._rules(), opt_outs_of(self.settings)
        known = read_captures(self.engine, self.wanted, self.after)
        done = frozenset(self.done)
        captures = (capture for capture in known if capture.outcome and capture.id not in done)
        for capture in islice(captures, self.left):
            try:
                page = archive.page(capture)
            except ArchiveError as error:
                logger.error("%s", error)  # noqa: TRY400 - one line says it all
                self.summary.unreadable += 1
                continue
            today = rules.get(capture.source, page.rules)
            yield capture, replace(page, fetched_at=capture.fetched_at, rules=today, opt_outs=opt_outs)

    def _rules(self) -> dict[str, SiteRules]:
        """What is known of each site today; nothing without a sources file."""
        path = self.settings["SOURCES_FILE"]
        return {s.name: rules_of(s) for s in read_file(path)[0]} if Path(path).exists() else {}


def _code(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.suffix in (".py", ".toml"))
