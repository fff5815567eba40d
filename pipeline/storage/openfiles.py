"""The files of the archive that are written to: each belongs to the process that holds its lock."""

import fcntl
import os
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from uuid import uuid4

from sqlalchemy import delete, insert, select, update

from pipeline.errors import PipelineError
from pipeline.storage.archived import ArchivedPages
from pipeline.storage.captures import add_captures, are_indexed
from pipeline.storage.connection import writing
from pipeline.storage.retrying import retried
from pipeline.storage.rows import Values
from pipeline.storage.schema import archive_files
from pipeline.storage.warc import warcinfo_record

SUFFIX = ".warc.gz"


@dataclass(slots=True)
class OpenFile:
    """A file that is written to. ``id``: of its row. ``size``: up to where it is indexed."""

    id: int
    name: str
    day: str
    file: FileIO
    size: int


class OpenFiles(ArchivedPages):
    """Makes files, adds to them, and lets them go."""

    def _begin(self, collection: str, now: datetime) -> OpenFile:
        """A new file, known to the database before there is anything in it."""
        name, file = self._create(collection, now)
        try:
            begun = OpenFile(self._register(name, collection, now), name, day_of(now), file, 0)
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
        day = day_of(now)
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

    def _append(self, file: OpenFile, data: bytes | bytearray) -> None:
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
    def _index(self, file: OpenFile, rows: list[Values], size: int) -> bool:
        """False, and nothing is done, where a page that one of these repeats is not in the index any more."""
        before = (archive_files.c.id == file.id) & (archive_files.c.size == file.size)
        with writing(self._engine) as connection:
            if not are_indexed(connection, {row["original_id"] for row in rows if row["original_id"]}):
                return False
            if connection.execute(update(archive_files).where(before).values(size=size)).rowcount:
                add_captures(connection, rows)  # else it was done, and the answer got lost
        file.size = size
        return True

    def _close(self, file: OpenFile) -> None:
        """Write no more to a file; one with nothing in it goes."""
        if not file.size:
            with suppress(OSError):
                (self._folder / file.name).unlink()
        with file.file:
            self._note_closed(file)

    @retried
    def _note_closed(self, file: OpenFile) -> None:
        this = archive_files.c.id == file.id
        with writing(self._engine) as connection:
            connection.execute(
                update(archive_files).where(this).values(closed=True)
                if file.size
                else delete(archive_files).where(this)
            )


def locked(path: Path) -> FileIO:
    """A file of the archive, held by this process until it is closed; ``BlockingIOError``: another one holds it."""
    with ExitStack() as undone:
        file = undone.enter_context(FileIO(path, "r+"))
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        undone.pop_all()
    return file


def day_of(now: datetime) -> str:
    """The day that a file is for, in UTC, as its name has it."""
    return f"{now.astimezone(UTC):%Y-%m-%d}"


def _sync_folder(folder: Path) -> None:
    """Have the name of a new file outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
