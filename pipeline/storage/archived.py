"""Pages of the archive, read back."""

import os
from io import FileIO
from pathlib import Path

from sqlalchemy import Engine

from pipeline.errors import ArchiveError
from pipeline.items import Exchange, RawPage
from pipeline.storage.captures import Capture, read_capture
from pipeline.storage.warc import RecordError, read_exchange, read_page


class ArchivedPages:
    """Finds pages in the files below a folder. Raises ``ArchiveError`` where a file does not hold what it should."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self._folder, self._engine = folder, engine

    def page(self, capture: Capture) -> RawPage:
        """A page as it was fetched."""
        try:
            return read_page(self.records(capture), self._original(capture))
        except RecordError as error:
            raise self._fault(capture.file, f"offset {capture.offset}: {error}") from error

    def exchange(self, capture: Capture) -> Exchange:
        """What went over the wire for a page that can be read."""
        return read_exchange(self.records(capture), self._original(capture))

    def records(self, capture: Capture) -> bytes:
        """The records of a page as they stand in the file."""
        try:
            with opened(self._folder / capture.file) as file:
                file.seek(capture.offset)
                return file.read(capture.length)
        except OSError as error:
            raise self._fault(capture.file, f"cannot be read: {error.strerror}") from error

    def _original(self, capture: Capture) -> bytes:
        """The records that hold the payload of a page that repeats another's; nothing for any other page."""
        holder = None if capture.original_id is None else read_capture(self._engine, capture.original_id)
        return self.records(holder) if holder else b""

    def _fault(self, name: str, what: str) -> ArchiveError:
        return ArchiveError(f"{self._folder / name}: {what}")


def opened(path: Path) -> FileIO:
    """A file of the archive to read from; a named pipe in its place fails and is not waited for."""
    return FileIO(path, opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK))
