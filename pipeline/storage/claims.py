"""Which sources a run crawls, so that no other does at the same time: it would fetch the same pages, twice as fast.

A claim ends with its process at the latest, so that a kill leaves none behind.
"""

import fcntl
from contextlib import ExitStack
from io import FileIO
from zlib import crc32

from sqlalchemy import Connection, Engine, func, select

from pipeline.errors import StorageError
from pipeline.storage.connection import faults

CLAIM = 0x6E657773
"""First key of PostgreSQL's advisory locks, "news" in ASCII; the second stands for a source."""

SUFFIX = "-claims"
"""Ends the name of the file, beside an SQLite database, of which each source has a byte to lock."""


class Claims:
    """The sources that one run has claimed, until ``close``."""

    def __init__(self) -> None:
        self._held = ExitStack()
        self._file: FileIO | None = None
        self._connection: Connection | None = None

    def take(self, engine: Engine, source: str) -> bool:
        """Claim a source; False: another process has it."""
        number = crc32(source.encode())
        return self._lock(engine, number) if engine.dialect.name == "postgresql" else self._lock_byte(engine, number)

    def close(self) -> None:
        """Give all back."""
        self._held.close()

    def _lock(self, engine: Engine, number: int) -> bool:
        with faults(engine):
            if self._connection is None:
                opened = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                self._connection = self._held.enter_context(opened)
                self._connection.detach()  # a lock lasts as long as its connection, which must not outlive us in a pool
            taken = self._connection.scalar(select(func.pg_try_advisory_lock(CLAIM, number - 2**31)))
        return bool(taken)

    def _lock_byte(self, engine: Engine, number: int) -> bool:
        name = f"{engine.url.database}{SUFFIX}"
        try:
            if self._file is None:
                self._file = self._held.enter_context(FileIO(name, "a"))
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
        except BlockingIOError:
            return False
        except OSError as error:
            raise StorageError(f"{name}: cannot be locked: {error.strerror}") from error
        return True
