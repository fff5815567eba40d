"""Engines and transactions: the two ways into the database, and its faults as one clear line.

``reading`` sees one unchanging state; ``writing`` holds the database's one write lock from its first statement to
its commit, so that what a writer looked up is still true when it writes. Every fault leaves as a ``StorageError``.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import URL, Connection, Engine, create_engine, event, func, inspect, make_url, select, table, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError, StatementError

from pipeline.errors import ConfigError, StorageError
from pipeline.storage.schema import VERSION_TABLE, metadata

LOCK_WAIT = 30
"""Seconds to wait for another process's write lock before giving up. A batch holds it for some hundredths."""

WRITE_LOCK = 0x6E6577736C6F6F6D
"""Key of PostgreSQL's advisory lock, "newsloom" in ASCII."""

CONNECT_WAIT = 10
"""Seconds to wait for a PostgreSQL server to answer."""

SCHEMES = {"sqlite": "sqlite", "postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}


def connect(url: str) -> Engine:
    """An engine for ``url``; the schema is not looked at, and nothing is connected yet.

    Raises ``ConfigError`` for an address that is none, without a word of it: it may hold a password.
    """
    address = _parse(url)
    try:
        if address.get_backend_name() == "sqlite":
            return _sqlite(address)
        return _postgresql(address)
    except ModuleNotFoundError as error:
        raise StorageError("PostgreSQL needs its driver: pip install 'newsloom[postgres]'") from error


def name(engine: Engine) -> str:
    """The database in words, without user or password."""
    url = engine.url
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    host = url.host or url.query.get("host") or "the local socket"
    return f"PostgreSQL database {url.database or '(default)'} on {host}"


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the database and writes nothing."""
    with faults(engine), engine.connect().execution_options(**_snapshot(engine)) as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the write lock; commits at the end, writes nothing when anything goes wrong."""
    with faults(engine), engine.connect().execution_options(newsloom_writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_WAIT}s'"))
            connection.execute(select(func.pg_advisory_xact_lock(WRITE_LOCK)))
        yield connection


@contextmanager
def faults(engine: Engine) -> Iterator[None]:
    """Turn the database's errors into a ``StorageError`` that names the database and the cause, in one line."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StorageError(f"{name(engine)}: {_cause(error)}") from error


def schema_version(connection: Connection) -> str | None:
    """The schema's version, None for an empty database; a ``StorageError`` for another program's."""
    tables = set(inspect(connection).get_table_names())
    if VERSION_TABLE in tables:
        version = connection.scalar(select(text("version_num")).select_from(table(VERSION_TABLE)))
        return None if version is None else str(version)
    # A file is one program's; a PostgreSQL database may well have other tables beside ours.
    foreign = sorted(tables if connection.dialect.name == "sqlite" else tables & set(metadata.tables))
    if foreign:
        raise StorageError(
            f"{name(connection.engine)}: belongs to another program (it has a table {foreign[0]!r}); "
            "name another database in DATABASE_URL"
        )
    return None


def _parse(url: str) -> URL:
    try:
        address = make_url(url)
        scheme = SCHEMES[address.get_backend_name()]
    except (ArgumentError, ValueError, KeyError):
        raise ConfigError(
            "DATABASE_URL is no address of a database: "
            "use sqlite:///data/newsloom.db or postgresql://user:password@host/name"
        ) from None
    if scheme == "sqlite" and address.database in (None, "", ":memory:"):
        raise ConfigError("DATABASE_URL names no file: an SQLite database in memory would be lost at once")
    return address.set(drivername=scheme)


def _sqlite(url: URL) -> Engine:
    folder = Path(str(url.database)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{url.database}: cannot make its folder: {error.strerror}") from error
    engine = create_engine(
        url, json_serializer=_json, json_deserializer=orjson.loads, connect_args={"timeout": LOCK_WAIT}
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(url: URL) -> Engine:
    engine = create_engine(
        url,
        json_serializer=_json,
        json_deserializer=orjson.loads,
        pool_pre_ping=True,
        connect_args={"connect_timeout": CONNECT_WAIT},
    )
    event.listen(engine, "do_executemany", _copy)
    return engine


def _copy(cursor: Any, statement: str, rows: Iterable[Sequence[Any]], _context: object) -> bool:  # noqa: ANN401 - the driver may not be there
    """Let SQLAlchemy execute COPY, for which psycopg has a method of its own; whether this was one."""
    if not statement.startswith("COPY "):
        return False
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
    return True


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Take transactions into our own hand, and have references checked.

    synchronous=NORMAL with WAL: a power cut may take the last transactions with it, whole ones; the file stays sound
    and a replay brings them back. FULL would wait for the disk at every batch.
    """
    connection.isolation_level = None  # else sqlite3 begins a deferred transaction by itself
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")


def _begin_sqlite(connection: Connection) -> None:
    """Writers take the lock before they read: a reader that turned writer could not be made to wait."""
    writes = connection.get_execution_options().get("newsloom_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _snapshot(engine: Engine) -> dict[str, str]:
    """What SQLite always gives: all statements of a transaction see the state at its start."""
    return {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}


def _cause(error: SQLAlchemyError | sqlite3.Error) -> str:
    original = error.orig if isinstance(error, StatementError) and error.orig is not None else error
    words = " ".join(str(original).split()) or type(original).__name__
    for seen, told in CAUSES.items():
        if seen in words:
            return told
    return words if isinstance(error, DBAPIError | sqlite3.Error) else f"{type(error).__name__}: {words}"


CAUSES = {
    "database is locked": f"locked by another process for more than {LOCK_WAIT} s",
    "lock timeout": f"locked by another process for more than {LOCK_WAIT} s",
    "database or disk is full": "the disk is full",
    "disk I/O error": "the disk refuses to write or read (full, over quota or damaged)",
    "readonly database": "read-only: no permission to write the file or its folder",
    "unable to open database file": "cannot be opened: no permission for the file or its folder",
    "file is not a database": "not an SQLite database",
}
"""What SQLite and PostgreSQL say → what it means for a person."""
