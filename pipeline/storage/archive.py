"""The archive: every page that was fetched, in WARC files below one folder, indexed in the database.

A file belongs to the process that holds its lock. What is written is on the disk (fsync) before it is indexed, and
indexed before it is refined; so what a kill leaves behind is at most a tail of a file that the index does not know,
which :meth:`Archive.recover` indexes as far as it is whole, and pages that nobody has refined yet.
"""

import fcntl
import hashlib
import logging
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Any, TypeAlias
from uuid import uuid4

from sqlalchemy import Engine, Row, delete, insert, select, update

from pipeline.errors import ArchiveError, PipelineError, StorageError
from pipeline.items import Exchange, RawPage
from pipeline.storage.archived import ArchivedPages
from pipeline.storage.captures import (
    UNREADABLE,
    CaptureFilter,
    add_captures,
    are_indexed,
    give_back,
    holders,
    read_capture,
    read_captures,
)
from pipeline.storage.connection import reading, writing
from pipeline.storage.retrying import retried
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
    warcinfo_record,
)

logger = logging.getLogger(__name__)

SUFFIX = ".warc.gz"

INDEXED_AT_ONCE = 200
"""Pages that were left behind."""


@dataclass(slots=True)
class _File:
    """A file that is written to. ``id``: of its row. ``size``: up to where it is indexed."""

    id: int
    name: str
    day: str
    file: FileIO
    size: int


_Held: TypeAlias = tuple[RawPage, str, Exchange, Original | None]
"""A page, the digest of its payload, how it came, and what it repeats."""


class Archive(ArchivedPages):
    """Writes pages, too. ``folder``: where the files are; ``file_size``: bytes from which one is full.

    Raises ``ArchiveError`` when a file cannot be written or read, ``StorageError`` when the index cannot.
    """

    def __init__(self, folder: Path, engine: Engine, file_size: int = 2**30) -> None:
        super().__init__(folder, engine)
        self._file_size = file_size
        self._files: dict[str, _File] = {}
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
            if is_whole and file.size and file.day == _day(now) and row.collection not in self._files:
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

    def _write(self, file: _File, batch: Sequence[_Held]) -> bool:
        """Write and index pages; False where what one of them repeats was deleted meanwhile."""
        data, rows = bytearray(), []
        for page, payload, exchange, original in batch:
            records = page_records(page, exchange, payload, original)
            rows.append(_row(page, payload, original) | _place(file, file.size + len(data), len(records)))
            data += records
        self._append(file, data)
        return self._index(file, rows, file.size + len(data))

    def _file(self, collection: str, now: datetime) -> _File:
        """The file that pages of a collection go to now."""
        file = self._files.get(collection)
        if file and (file.size >= self._file_size or file.day != _day(now)):
            self._close(self._files.pop(collection))
            file = None
        if file is None:
            file = self._files[collection] = self._begin(collection, now)
        return file

    def _begin(self, collection: str, now: datetime) -> _File:
        """A new file, known to the database before there is anything in it."""
        name, file = self._create(collection, now)
        try:
            begun = _File(self._register(name, collection, now), name, _day(now), file, 0)
            record = warcinfo_record(Path(name).name, now)
            self._append(begun, record)
            self._index(begun, [], len(record))
        except PipelineError:
            file.close()
            raise
        return begun

    @retried
    def _register(self, name: str, collection: str, now: datetime) -> int:
        row = {"name": name, "collection": collection, "opened_at": now, "size": 0, "closed": False}
        with writing(self._engine) as connection:
            known = connection.scalar(select(archive_files.c.id).where(archive_files.c.name == name))
            return known or connection.execute(insert(archive_files).returning(archive_files.c.id), row).one()[0]

    def _create(self, collection: str, now: datetime) -> tuple[str, FileIO]:
        """A file that did not exist, locked. Its name is chosen by chance, for other machines may share the index."""
        day = _day(now)
        name = f"{collection}/{day[:4]}/{day}/{collection}-{now:%Y%m%dT%H%M%S}-{uuid4().hex[:8]}{SUFFIX}"
        path = self._folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with ExitStack() as undone:
                file = undone.enter_context(FileIO(path, "x+"))
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _sync_folder(path.parent)
                undone.pop_all()
        except OSError as error:
            raise self._fault(name, f"cannot be made: {error.strerror}") from error
        return name, file

    def _append(self, file: _File, data: bytes | bytearray) -> None:
        """Write to the disk, or leave the file as it was."""
        try:
            file.file.seek(file.size)
            file.file.truncate()
            view = memoryview(data)
            while view:
                view = view[file.file.write(view) :]
            os.fsync(file.file.fileno())
            (self._folder / file.name).stat()  # a file that was deleted would take everything and keep nothing
        except OSError as error:
            with suppress(OSError):
                file.file.truncate(file.size)
            raise self._fault(file.name, f"cannot be written: {error.strerror}") from error

    @retried
    def _index(self, file: _File, rows: list[Values], size: int) -> bool:
        """False, and nothing is done, where a page that one of these repeats is not in the index any more."""
        before = (archive_files.c.id == file.id) & (archive_files.c.size == file.size)
        with writing(self._engine) as connection:
            if not are_indexed(connection, {row["original_id"] for row in rows if row["original_id"]}):
                return False
            if connection.execute(update(archive_files).where(before).values(size=size)).rowcount:
                add_captures(connection, rows)  # else it was done, and the answer got lost
        file.size = size
        return True

    def _take(self, row: Row[Any]) -> _File | None:
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
        return _File(row.id, row.name, row.name.split("/")[2], file, row.size)

    def _forget(self, row: Row[Any]) -> None:
        """A file is not there: killed before it was made, or lost since."""
        this = archive_files.c.id == row.id
        with writing(self._engine) as connection:
            if row.size:
                logger.warning("%s: the file is gone", self._folder / row.name)
                connection.execute(update(archive_files).where(this).values(closed=True))
            else:
                connection.execute(delete(archive_files).where(this))

    def _index_rest(self, file: _File) -> bool:
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
                    self._index(file, rows, done)  # what a page repeats may stand right before it
                    rows = []
                rows += self._rows_of(group, file)
                done = group.end
            self._index(file, rows, done)
            if file.size < end:
                self._warn(file, file.size, f"{end - file.size} bytes that were not written whole are cut off")
                file.file.truncate(file.size)
        except OSError as error:
            raise self._fault(file.name, f"cannot be repaired: {error.strerror}") from error
        return True

    def _rows_of(self, group: Group, file: _File) -> list[Values]:
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

    def _close(self, file: _File) -> None:
        """Write no more to a file; one with nothing in it goes."""
        if not file.size:
            with suppress(OSError):
                (self._folder / file.name).unlink()
        with file.file:
            self._note_closed(file)

    @retried
    def _note_closed(self, file: _File) -> None:
        this = archive_files.c.id == file.id
        with writing(self._engine) as connection:
            connection.execute(
                update(archive_files).where(this).values(closed=True)
                if file.size
                else delete(archive_files).where(this)
            )

    def _warn(self, file: _File, offset: int, what: str) -> None:
        logger.warning("%s: offset %d: %s", self._folder / file.name, offset, what)


def locked(path: Path) -> FileIO:
    """A file of the archive, held by this process until it is closed; ``BlockingIOError``: another one holds it."""
    with ExitStack() as undone:
        file = undone.enter_context(FileIO(path, "r+"))
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        undone.pop_all()
    return file


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


def _place(file: _File, offset: int, length: int) -> Values:
    return {"file_id": file.id, "offset": offset, "length": length}


def _day(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y-%m-%d}"


def _sync_folder(folder: Path) -> None:
    """Have the name of a new file outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
