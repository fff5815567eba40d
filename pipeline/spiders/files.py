"""The loader: local files and folders as raw pages."""
# ruff: noqa: PTH100 - names are plain strings: pathlib costs several times as much over 100,000 files

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Generator, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, BinaryIO
from urllib.parse import quote_from_bytes

from scrapy import Spider
from scrapy.settings import BaseSettings, default_settings

from pipeline.items import UNREADABLE_REASONS, RawPage, Reason, Rejection
from pipeline.spiders.ledger import Ledger, Mark, Position
from pipeline.spiders.rows import Provenance, page_of_row, parse_object, parse_provenance
from pipeline.spiders.streams import RefusedError, lines, modified_at, open_file, read_whole, unpacked, unreadable
from pipeline.spiders.walk import SIDE_CAR, FileForm, Found, Shape, Tally, any_form_of, walk
from pipeline.spiders.wanted import Wanted
from pipeline.spiders.warc import PassedOver, Reached, Refused, WarcReader
from pipeline.storage.records import bounded

SIDE_CAR_LIMIT = 2**20
AHEAD = 32
BYTES_AHEAD = 2**20
REQUESTS_ONLY = (
    "DOWNLOAD_HANDLERS",
    "DOWNLOAD_HANDLERS_BASE",
    "DOWNLOADER_MIDDLEWARES",
    "DOWNLOADER_MIDDLEWARES_BASE",
    "SPIDER_MIDDLEWARES_BASE",
)
"""What serves requests, of which there are none; each page would pass through some of it."""

ONLY_HERE = (
    ("ITEM_PIPELINES", "pipeline.replays.LanguagePipeline", 500),
    ("EXTENSIONS", "pipeline.replays.Bookmarks", 150),
)

WITHOUT_REQUESTS: dict[str, Any] = {
    **{name: {} for name in REQUESTS_ONLY},
    "SCHEDULER_PRIORITY_QUEUE": default_settings.SCHEDULER_PRIORITY_QUEUE,  # ours asks one of those
}
"""Settings of a spider that makes none."""


class FilesSpider(Spider):
    """Hands over the pages of local files and folders, with no request made.

    paths: files and folders, or one text of them separated by the system's path separator
    (``newsloom crawl files -a paths=seeds:more``). wanted: the filters. ledger: how far WARC files are stored, which
    ``pipeline.replays`` keeps in the database.
    """

    name = "files"
    custom_settings = WITHOUT_REQUESTS

    def __init__(
        self,
        paths: str | Iterable[str] = "seeds",
        wanted: Wanted = Wanted(),  # noqa: B008 - frozen
        **kwargs: Any,  # noqa: ANN401 - Scrapy's signature
    ) -> None:
        super().__init__(**kwargs)
        self.paths = paths.split(os.pathsep) if isinstance(paths, str) else list(paths)
        self.wanted = wanted
        self.tally = Tally()
        self.ledger = Ledger()

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Add what only a replay needs."""
        super().update_settings(settings)
        for name, component, priority in ONLY_HERE:
            settings.set(name, {**settings.getdict(name), component: priority}, "spider")

    async def start(self) -> AsyncIterator[RawPage | Rejection]:
        """Read some pages ahead in a thread; how many wait behind is the middleware's matter."""
        limit = self.settings.getint("PAGE_MAX_SIZE")
        read = read_pages(self.paths, Reading(limit, self.tally, self.wanted, self.ledger.noted))
        loop = asyncio.get_running_loop()
        with closing(read), ThreadPoolExecutor(1, thread_name_prefix="reader") as reader:
            upcoming = loop.run_in_executor(reader, _some, read)
            while some := await upcoming:
                upcoming = loop.run_in_executor(reader, _some, read)
                for page in some:
                    if isinstance(page, FileDone):
                        self._count(page)
                    elif isinstance(page, Mark):
                        self.ledger.reached(page)
                    else:
                        self.ledger.handed(page.url, page.fetched_at)
                        yield page
                self._publish()

    def closed(self, reason: str) -> None:  # noqa: ARG002 - Scrapy's signature
        """Say how far it came; start() may have been left in the middle."""
        self._publish()

    def _count(self, file: "FileDone") -> None:
        self.tally.done += 1
        self.tally.unreadable += not file.was_readable
        self.ledger.file_done()

    def _publish(self) -> None:
        self.crawler.stats.get_stats().update((f"files/{name}", number) for name, number in self.tally.counts().items())


@dataclass(frozen=True, slots=True)
class FileDone:
    """Follows the last page of a file. was_readable: whether it was read to its end, or refused for what it holds."""

    was_readable: bool = True


Read = RawPage | Rejection | Mark | FileDone


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read. limit: bytes a page may have, unpacked. tally: told what is found.

    noted: how far earlier runs have come, by job.
    """

    limit: int
    tally: Tally
    wanted: Wanted = field(default_factory=Wanted)
    noted: Mapping[str, Position] = field(default_factory=dict)


def read_pages(roots: Iterable[str], reading: Reading) -> Generator[Read]:
    """Every page of every file below ``roots``; what cannot be had is a ``Rejection`` naming the cause."""
    warc = WarcReader(reading.limit, reading.wanted)
    for found in walk(roots, reading.tally):
        try:
            for page in _pages_of(found, reading, warc):
                if isinstance(page, RawPage) and not reading.wanted.takes(page.final_url, page.fetched_at):
                    reading.tally.passed_over[PassedOver.FILTERED] += 1
                else:
                    yield page
        except RefusedError as refusal:
            yield _refused(file_uri(found.path), refusal)
            yield FileDone(was_readable=refusal.reason not in UNREADABLE_REASONS)
        else:
            yield FileDone()


def _some(read: Iterator[Read]) -> list[Read]:
    """The next few, for a change of threads costs more than a small file; empty at the end."""
    some: list[Read] = []
    size = 0
    for page in read:
        some.append(page)
        size += len(page.body) if isinstance(page, RawPage) else 0
        if len(some) >= AHEAD or size >= BYTES_AHEAD:
            break
    return some


def file_uri(path: str) -> str:
    """The ``file:`` URI of a path, made absolute; a name that is no UTF-8 keeps its bytes, percent-encoded."""
    return "file://" + quote_from_bytes(os.fsencode(os.path.abspath(path)))


def _pages_of(found: Found, reading: Reading, warc: WarcReader) -> Iterator[RawPage | Rejection | Mark]:
    if found.fault:
        raise unreadable(found.fault) from found.fault
    form = any_form_of(found.path)
    with open_file(found.path) as file:
        if form.shape is Shape.WARC:
            yield from _records(file, found.path, reading, warc)
        elif form.shape is Shape.ROWS:
            yield from _rows(file, found.path, form, reading.limit)
        else:
            yield _page(file, found.path, form, reading.limit)


def _records(file: BinaryIO, path: str, reading: Reading, warc: WarcReader) -> Iterator[RawPage | Rejection | Mark]:
    """The pages of a WARC file, from where an earlier run has come to if it is still the same file."""
    url, status, tally, before = file_uri(path), os.fstat(file.fileno()), reading.tally, reading.tally.bytes_done
    job = bounded(f"replay {url} {reading.wanted.in_words()}".rstrip())
    this: Position = {"size": status.st_size, "mtime_ns": status.st_mtime_ns}
    position = reading.noted.get(job, {})
    start = position["offset"] if position.items() >= this.items() else 0
    tally.resumed += start > 0
    try:
        for found in warc.read(file, path, start):
            if isinstance(found, Reached):
                tally.bytes_done = before + found.read_up_to
                yield Mark(job, {"offset": found.offset, **this})
            elif isinstance(found, PassedOver):
                tally.passed_over[found] += 1
            else:
                yield _refused_record(url, found) if isinstance(found, Refused) else found
    except OSError as error:
        raise unreadable(error) from error
    finally:
        tally.bytes_done = before + status.st_size
    yield Mark(job, None)


def _refused_record(file_url: str, found: Refused) -> Rejection:
    """A page too large is known by its own address; of others it may be wrong."""
    place, refusal = f"{file_url}#offset={found.offset}", found.refusal
    if refusal.reason is Reason.TOO_LARGE:
        return _refused(found.url, RefusedError(refusal.reason, f"{refusal.detail}, in {place}"))
    about = f"{found.url}: " if found.url else ""
    return _refused(place, RefusedError(refusal.reason, about + refusal.detail))


def _page(file: BinaryIO, path: str, form: FileForm, limit: int) -> RawPage:
    said = _side_car(path, form)
    url = said.url or file_uri(path)
    return RawPage(
        url=url,
        final_url=url,
        body=read_whole(file, form.packing, limit),
        fetched_at=said.fetched_at or modified_at(file),
        headers=said.headers,
        media=form.media,
        source=said.source or "",
    )


def _side_car(path: str, form: FileForm) -> Provenance:
    """What NAME.meta.json says, or nothing; beside a packed file the name may also lack the packing."""
    names = [path, path[: -len(form.packing)]] if form.packing else [path]
    for name in (name + SIDE_CAR for name in names):
        if not os.path.lexists(name):
            continue
        try:
            with open_file(name) as file:
                return parse_provenance(parse_object(read_whole(file, "", SIDE_CAR_LIMIT)))
        except RefusedError as refusal:
            raise RefusedError(Reason.MALFORMED, f"{_printable(name)}: {refusal.detail}") from refusal
    return Provenance()


def _rows(file: BinaryIO, path: str, form: FileForm, limit: int) -> Iterator[RawPage | Rejection]:
    url, read_at = file_uri(path), modified_at(file)
    for number, row in enumerate(lines(unpacked(file, form.packing), limit), start=1):
        try:
            if row is None or row.strip():
                yield page_of_row(_held(row, limit), url, read_at)
        except RefusedError as refusal:
            yield _refused(_row_uri(url, number, row), RefusedError(refusal.reason, f"row {number}: {refusal.detail}"))


def _held(row: bytes | None, limit: int) -> bytes:
    if row is None:
        raise RefusedError(Reason.TOO_LARGE, f"over the limit of {limit:,} bytes")
    return row


def _row_uri(file_url: str, number: int, row: bytes | None) -> str:
    """An identity for a row that gives no page: its digest, or its number when it was too long to look at."""
    return f"{file_url}#row={number}" if row is None else f"{file_url}#sha256={hashlib.sha256(row).hexdigest()[:16]}"


def _refused(url: str, refusal: RefusedError) -> Rejection:
    return Rejection(url=url, reason=refusal.reason, detail=refusal.detail, fetched_at=datetime.now(UTC))


def _printable(name: str) -> str:
    return os.fsencode(name).decode(errors="backslashreplace")
