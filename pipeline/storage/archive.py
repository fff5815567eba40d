"""The archive: every page that was fetched, in WARC files below one folder, indexed in the database.

What is written is on the disk (fsync) before it is indexed, and indexed before it is refined; so what a kill leaves
behind is at most a tail of a file that the index does not know, which :meth:`Archive.recover` indexes as far as it is
whole, and pages that nobody has refined yet.
"""

import hashlib
import logging
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Engine, Row, delete, select, update

from pipeline.errors import ArchiveError, PipelineError, StorageError
from pipeline.items import Exchange, RawPage
from pipeline.storage.captures import (
    UNREADABLE,
    CaptureFilter,
    give_back,
    holders,
    read_capture,
    read_captures,
)
from pipeline.storage.connection import reading, writing
from pipeline.storage.openfiles import OpenFile, OpenFiles, day_of, locked
from pipeline.storage.rows import Values
from pipeline.storage.schema import archive_files
from pipeline.storage.warc import (
    Group,
    Original,
    RecordError,
    groups,
    page_records,
    payload_digest,
    read_page,
)

logger = logging.getLogger(__name__)

INDEXED_AT_ONCE = 200
"""Pages that were left behind."""

_Held: TypeAlias = tuple[RawPage, str, Exchange, Original | None]
"""A page, the digest of its payload, how it came, and what it repeats."""


class Archive(OpenFiles):
    """Writes pages, too. ``folder``: where the files are; ``file_size``: bytes from which one is full.

    Raises ``ArchiveError`` when a file cannot be written or read, ``StorageError`` when the index cannot.
    """

    def __init__(self, folder: Path, engine: Engine, file_size: int = 2**30) -> None:
        super().__init__(folder, engine)
        self._file_size = file_size
        self._files: dict[str, OpenFile] = {}
        self._others: set[str] = set()

    def recover(self, now: datetime) -> None:
        """Take over the files that nobody writes to any more: index what a killed process had written and not indexed.

        A tail that is not whole is cut off. Files of today are written on; older and damaged ones are closed.
        After a fault it can be called again.
        """
        with reading(self._engine) as connection:
            rows = connection.execute(select(archive_files).where(~archive_files.c.closed)).all()
        if any(row.size for row in rows) and not self._folder.exists():
            known = "there is no such folder, but the database knows files in it; make an empty one if they are lost"
            raise ArchiveError(f"{self._folder}: {known}")
        for row in rows:
            file = self._take(row)
            if file is None:
                continue
            try:
                is_whole = self._index_rest(file)
            except PipelineError:
                file.file.close()
                self.close()
                raise
            if is_whole and file.size and file.day == day_of(now) and row.collection not in self._files:
                self._files[row.collection] = file
            else:
                self._close(file)

    def store(self, pages: Sequence[RawPage], now: datetime) -> None:
        """Write pages, each of which has an ``exchange``, and index them."""
        found = [(page, page.exchange, payload_digest(page.exchange.body)) for page in pages if page.exchange]
        known = self._originals([(page.url, payload) for page, _, payload in found])
        batches: dict[str, list[_Held]] = defaultdict(list)
        for page, exchange, payload in found:
            batches[exchange.collection].append((page, payload, exchange, known.get((page.url, payload))))
        for collection, batch in batches.items():
            file = self._file(collection, now)
            try:
                if not self._write(file, batch):
                    self._write(file, [(page, payload, exchange, None) for page, payload, exchange, _ in batch])
            except StorageError:  # which may have come after the commit: what is written stays for the next run to see
                self._files.pop(collection).file.close()
                raise

    def unrefined(self) -> Iterator[RawPage]:
        """Pages that were written, and of which nobody knows yet what they are: their run was ended before.

        Those in files that other processes write to are theirs to refine.
        """
        for capture in read_captures(self._engine, CaptureFilter(unrefined=True)):
            if capture.file in self._others:
                continue
            try:
                yield self.page(capture)
            except ArchiveError as error:
                logger.warning("%s; it will be fetched again", error)
                give_back(self._engine, capture, UNREADABLE)

    def close(self) -> None:
        """Let the files go; another process may write on."""
        for file in self._files.values():
            file.file.close()
        self._files.clear()

    def _write(self, file: OpenFile, batch: Sequence[_Held]) -> bool:
        """Write and index pages; False where what one of them repeats was deleted meanwhile."""
        data, rows = bytearray(), []
        for page, payload, exchange, original in batch:
            records = page_records(page, exchange, payload, original)
            rows.append(_row(page, payload, original) | _place(file, file.size + len(data), len(records)))
            data += records
        self._append(file, data)
        return self._index(file, rows, file.size + len(data))

    def _file(self, collection: str, now: datetime) -> OpenFile:
        """The file that pages of a collection go to now."""
        file = self._files.get(collection)
        if file and (file.size >= self._file_size or file.day != day_of(now)):
            self._close(self._files.pop(collection))
            file = None
        if file is None:
            file = self._files[collection] = self._begin(collection, now)
        return file

    def _take(self, row: Row[Any]) -> OpenFile | None:
        """A file that was left behind, or None where its process still writes to it or nothing can be added to it."""
        try:
            file = locked(self._folder / row.name)
        except FileNotFoundError:
            self._forget(row)
            return None
        except BlockingIOError:
            self._others.add(row.name)
            return None
        except OSError as error:
            raise self._fault(row.name, f"cannot be opened: {error.strerror}") from error
        return OpenFile(row.id, row.name, row.name.split("/")[2], file, row.size)

    def _forget(self, row: Row[Any]) -> None:
        """A file is not there: killed before it was made, or lost since."""
        this = archive_files.c.id == row.id
        with writing(self._engine) as connection:
            if row.size:
                logger.warning("%s: the file is gone", self._folder / row.name)
                connection.execute(update(archive_files).where(this).values(closed=True))
            else:
                connection.execute(delete(archive_files).where(this))

    def _index_rest(self, file: OpenFile) -> bool:
        """Index the pages that stand behind the part of a file that is indexed; whether it can be written on.

        What is not whole is cut off at its end, and passed over where whole pages follow.
        """
        end = os.fstat(file.file.fileno()).st_size
        if end < file.size:
            logger.warning("%s: %d bytes are missing at its end", self._folder / file.name, file.size - end)
            return False
        try:
            file.file.seek(file.size)
            done = file.size
            rows: list[Values] = []
            for group in groups(file.file):
                if group.start > done:
                    self._warn(file, done, f"{group.start - done} bytes are damaged and passed over")
                if group.repeats or len(rows) >= INDEXED_AT_ONCE:
                    self._index_found(file, rows, done)  # what a page repeats may stand right before it
                    rows = []
                rows += self._rows_of(group, file)
                done = group.end
            self._index_found(file, rows, done)
            if file.size < end:
                self._warn(file, file.size, f"{end - file.size} bytes that were not written whole are cut off")
                file.file.truncate(file.size)
        except OSError as error:
            raise self._fault(file.name, f"cannot be repaired: {error.strerror}") from error
        return True

    def _index_found(self, file: OpenFile, rows: list[Values], size: int) -> None:
        if not self._index(file, rows, size):
            raise self._fault(file.name, "a page in it repeats one that was deleted at this moment; run it again")

    def _rows_of(self, group: Group, file: OpenFile) -> list[Values]:
        """The row of a page that was written and not indexed; none for another group, or where the page is lost."""
        key = (group.url, group.payload)
        original = self._originals([key]).get(key) if group.repeats else None
        holder = read_capture(self._engine, original.capture_id) if original else None
        try:
            page = read_page(group.records, self.records(holder) if holder else b"")
        except RecordError as error:
            if group.url:
                self._warn(file, group.start, f"{group.url}: {error}; it will be fetched again")
            return []
        return [_row(page, group.payload, original) | _place(file, group.start, group.end - group.start)]

    def _originals(self, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Original]:
        """What can be referred to, by (address asked for, payload digest): nothing that was lost meanwhile."""
        with reading(self._engine) as connection:
            found = holders(connection, wanted)
        known = {}
        for key, capture in found.items():
            try:
                known[key] = Original(capture.id, self.page(capture).final_url, capture.fetched_at)
            except ArchiveError as error:
                logger.warning("%s; its page is written anew", error)
        return known

    def _warn(self, file: OpenFile, offset: int, what: str) -> None:
        logger.warning("%s: offset %d: %s", self._folder / file.name, offset, what)


def _row(page: RawPage, payload: str, original: Original | None) -> Values:
    return {
        "url": page.url,
        "source": page.source,
        "fetched_at": page.fetched_at,
        "status": page.status,
        "digest": hashlib.sha256(page.body).hexdigest(),
        "payload": payload,
        "original_id": original.capture_id if original else None,
    }


def _place(file: OpenFile, offset: int, length: int) -> Values:
    return {"file_id": file.id, "offset": offset, "length": length}
