"""Which sources a run crawls, so that no other does at the same time: it would fetch the same pages, twice as fast.

A claim ends with its process at the latest, so that a kill leaves none behind.
"""

import fcntl
import logging
from contextlib import ExitStack
from io import FileIO
from zlib import crc32

from sqlalchemy import Connection, Engine, Integer, Select, func, select, text

from pipeline.errors import LostTransactionError, StorageError
from pipeline.storage.connection import faults

logger = logging.getLogger(__name__)

CLAIM = 0x6E657773
"""First key of PostgreSQL's advisory locks, "news" in ASCII; the second stands for a source."""

SUFFIX = "-claims"
"""Ends the name of the file, beside an SQLite database, of which each source has a byte to lock."""

ENDLESS = """
SELECT set_config(name, '0', true) FROM pg_settings
WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout')
"""
"""Lets the transaction that holds the claims last as long as the run."""


class Claims:
    """The sources that one run has claimed, until ``close``."""

    def __init__(self) -> None:
        self._sources: list[str] = []
        self._held = ExitStack()
        self._file: FileIO | None = None
        self._connection: Connection | None = None

    def take(self, engine: Engine, source: str) -> bool:
        """Claim a source; False: another process has it."""
        if engine.dialect.name == "postgresql":
            taken = bool(self._ask(engine, _lock(source)))
        else:
            taken = self._lock_byte(engine, source)
        if taken:
            self._sources.append(source)
        return taken

    def keep(self, engine: Engine) -> None:
        """See that the claims are still held. After a ``LostTransactionError`` another call claims them anew."""
        if engine.dialect.name == "postgresql" and self._sources:
            self._ask(engine, select(1))

    def close(self) -> None:
        """Give all back."""
        self._held.close()
        self._connection = self._file = None

    def _ask(self, engine: Engine, question: Select[int]) -> int | None:
        try:
            with faults(engine):
                return self._holder(engine).scalar(question)
        except LostTransactionError:
            self.close()
            raise

    def _holder(self, engine: Engine) -> Connection:
        """The connection that holds the claims, in a transaction that stays open: a pooler lends no more than those."""
        if self._connection is None:
            connection = self._held.enter_context(engine.connect())
            connection.detach()  # from the pool, which is closed before the claims are
            connection.execute(text(ENDLESS))
            for source in self._sources:
                if not connection.scalar(_lock(source)):
                    logger.warning("%s: another run took it up while the database was away", source)
            self._connection = connection
        return self._connection

    def _lock_byte(self, engine: Engine, source: str) -> bool:
        name = f"{engine.url.database}{SUFFIX}"
        try:
            if self._file is None:
                self._file = self._held.enter_context(FileIO(name, "a"))
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, crc32(source.encode()))
        except BlockingIOError:
            return False
        except OSError as error:
            raise StorageError(f"{name}: cannot be locked: {error.strerror}") from error
        return True


def _lock(source: str) -> Select[int]:
    number = crc32(source.encode()) - 2**31
    return select(func.pg_try_advisory_xact_lock(CLAIM, number).cast(Integer))
