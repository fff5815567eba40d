"""Whether all that the archive holds can still be read, and what it means where it cannot."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from sqlalchemy import Engine, select

from pipeline.errors import ArchiveError
from pipeline.storage.archived import ArchivedPages, opened
from pipeline.storage.captures import (
    ArchiveFile,
    Capture,
    CaptureFilter,
    read_captures,
    read_files,
)
from pipeline.storage.connection import reading
from pipeline.storage.schema import articles, captures, versions
from pipeline.storage.statements import chunks
from pipeline.storage.warc import Group, groups


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in the archive. ``offset``: where in ``file``, None for the whole.

    ``pages``: how many are concerned, one behind the other; ``url``: of the first.
    """

    file: str
    offset: int | None
    what: str
    pages: int = 0
    url: str = ""

    @property
    def text(self) -> str:
        """All of it in one line."""
        place = self.file if self.offset is None else f"{self.file}: offset {self.offset}"
        pages = f"{self.pages:,} pages, the first " if self.pages > 1 else ""
        return f"{place}: {self.what}" + (f": {pages}{self.url}" if self.url else "")


@dataclass(frozen=True, slots=True)
class LostVersion:
    """A version of an article whose page the archive cannot give back. ``current``: whether it is the one shown."""

    article: int
    version: int
    current: bool


class Inspection:
    """Reads every page of the archive. ``files``, ``pages``, ``size``: what was read; ``lost``: ids of captures."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self._folder, self._engine = folder, engine
        self._archive = ArchivedPages(folder, engine)
        self.files = self.pages = self.size = 0
        self.lost: set[int] = set()

    def faults(self, progress: Callable[[int], object]) -> Iterator[Fault]:
        """What is wrong, as it is found. ``progress``: told how many bytes more were read."""
        found = dict(self._files_below())
        files = read_files(self._engine)
        for file in files:
            self.files += 1
            yield from self._of_file(file, found.get(file.name), progress)
        for name in sorted(found.keys() - {file.name for file in files}):
            if found[name]:  # an empty one was left by a process that was killed before it wrote
                yield self._fault(name, None, f"{found[name]:,} bytes, a file that the index does not know")

    def lost_versions(self) -> Iterator[LostVersion]:
        """The versions of articles that were made of pages which ``faults`` could not read."""
        told: set[str] = set()
        for part in chunks(sorted(self.lost)):
            with reading(self._engine) as connection:
                digests = set(connection.scalars(select(captures.c.digest).where(captures.c.id.in_(part)))) - told
                told |= digests
                held = select(captures.c.id, captures.c.digest).where(captures.c.digest.in_(digests))
                readable = {row.digest for row in connection.execute(held) if row.id not in self.lost}
                query = (
                    select(versions.c.article_id, versions.c.number, articles.c.version)
                    .join_from(versions, articles)
                    .where(versions.c.digest.in_(digests - readable))
                    .order_by(versions.c.article_id, versions.c.number)
                )
                rows = connection.execute(query).all()
            yield from (LostVersion(row.article_id, row.number, row.number == row.version) for row in rows)

    def _files_below(self) -> Iterator[tuple[str, int]]:
        """Name and bytes of each WARC file in the folder."""

        def refuse(error: OSError) -> None:
            raise ArchiveError(f"{error.filename}: cannot be read: {error.strerror}") from error

        if not read_files(self._engine) and not self._folder.exists():
            return
        for folder, _, names in os.walk(self._folder, onerror=refuse):
            for path in (Path(folder, name) for name in names if ".warc" in name):
                with suppress(FileNotFoundError):  # deleted meanwhile
                    yield path.relative_to(self._folder).as_posix(), path.stat().st_size

    def _of_file(self, file: ArchiveFile, size: int | None, progress: Callable[[int], object]) -> Iterator[Fault]:
        if size is not None and size < file.size:
            yield self._fault(file.name, size, f"{file.size - size:,} bytes are missing at its end")
        position, run = 0, None
        for capture in read_captures(self._engine, CaptureFilter(file=file.name)):
            if size is not None:
                yield from self._between(file.name, position, min(capture.offset, size))
            position = capture.offset + capture.length
            if wrong := self._wrong(capture):
                self.lost.add(capture.id)
                run = run or self._fault(file.name, capture.offset, wrong, capture.url)
                run = replace(run, pages=run.pages + 1)
            elif run:
                yield run
                run = None
            self.pages += 1
            self.size += capture.length
            progress(capture.length)
        if run:
            yield run
        if size is not None and file.closed and file.size:
            yield from self._between(file.name, position, size)

    def _wrong(self, capture: Capture) -> str:
        """What is wrong with a page; empty when nothing is."""
        try:
            page = self._archive.page(capture)
        except ArchiveError as error:
            return (
                str(error).removeprefix(f"{self._folder / capture.file}: ").removeprefix(f"offset {capture.offset}: ")
            )
        if page.url != capture.url:
            return f"another page stands there, {page.url}"
        if hashlib.sha256(page.body).hexdigest() != capture.digest:
            return "the body is not that of the index"
        return ""

    def _between(self, name: str, start: int, end: int) -> Iterator[Fault]:
        """What stands in a file between the pages that the index knows."""
        if start >= end:
            return
        unknown = None
        for group in takewhile(lambda group: group.end <= end, self._groups(name, start)):
            if group.start > start:
                yield self._fault(name, start, f"{group.start - start:,} bytes that are no record")
            start = group.end
            if group.url:
                unknown = unknown or self._fault(name, group.start, "not in the index", group.url)
                unknown = replace(unknown, pages=unknown.pages + 1)
        if unknown:
            yield unknown
        if start < end:
            yield self._fault(name, start, f"{end - start:,} bytes that are no record")

    def _groups(self, name: str, start: int) -> Iterator[Group]:
        with suppress(OSError), opened(self._folder / name) as file:
            file.seek(start)
            yield from groups(file)

    def _fault(self, name: str, offset: int | None, what: str, url: str = "") -> Fault:
        return Fault(str(self._folder / name), offset, what, url=url)
