"""Engines and transactions: the two ways into the database, and its faults as one clear line.

``reading`` sees one unchanging state; ``writing`` holds the database's one write lock from its first statement to
its commit, so that what a writer looked up is still true when it writes. Every fault leaves as a ``StorageError``.
"""

import logging
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import URL, Connection, Engine, create_engine, event, func, inspect, make_url, select, table, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError, StatementError

from pipeline.errors import ConfigError, LostTransactionError, StorageError
from pipeline.storage.schema import VERSION_TABLE, metadata

if TYPE_CHECKING:
    import psycopg

LOCK_WAIT = 30
"""Seconds to wait for another process's write lock before giving up. A batch holds it for some hundredths."""

WRITE_LOCK = 0x6E6577736C6F6F6D
"""Key of PostgreSQL's advisory lock, "newsloom" in ASCII."""

PARAMETERS = {
    "connect_timeout": 10,  # seconds
    "client_encoding": "utf8",  # else that of the database, which may know fewer letters
    "fallback_application_name": "newsloom",
    "keepalives_idle": 30,  # seconds; a connection through a firewall is not to be forgotten there
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,  # milliseconds; else a cut cable holds a writer up for a quarter of an hour
}
"""Connection parameters of libpq where the URL says nothing."""

PREPARING = "prepare_threshold"
"""Parameter of the URL, psycopg's own: 0 prepares no statements on the server, for poolers that know of none."""

TIMEOUTS = {
    "lock_timeout": f"{LOCK_WAIT}s",
    "statement_timeout": "10min",
    "idle_in_transaction_session_timeout": "20s",  # a process that was stopped shall not keep the write lock
}
"""PostgreSQL's settings of each connection, where neither URL nor role, database or server have set them."""

TRANSIENT = ("08", "25P03", "40001", "40P01", "57P01", "57P02")
"""How SQLSTATEs begin that may not come again: broken connection, idleness, conflict, deadlock, shutdown, crash."""

SCHEMES = {"sqlite": "sqlite", "postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}


def connect(url: str, patience: float = 0.0) -> Engine:
    """An engine for ``url``; the schema is not looked at, and nothing is connected yet.

    ``patience``: seconds for which what :func:`pipeline.storage.retrying.retried` does is tried again.
    Raises ``ConfigError`` for an address that is none, without a word of it: it may hold a password.
    """
    address = _parse(url)
    try:
        if address.get_backend_name() == "sqlite":
            return _sqlite(address)
        return _postgresql(address, patience)
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
            connection.execute(select(func.pg_advisory_xact_lock(WRITE_LOCK)))
        yield connection


@contextmanager
def faults(engine: Engine) -> Iterator[None]:
    """Turn the database's errors into a ``StorageError`` that names the database and the cause, in one line."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        told = f"{name(engine)}: {_cause(error)}"
        if isinstance(error, DBAPIError) and _is_transient(engine, error):
            raise LostTransactionError(told, engine.get_execution_options().get("newsloom_patience", 0.0)) from error
        raise StorageError(told) from error


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
        scheme = SCHEMES.get(address.get_backend_name())
    except (ArgumentError, ValueError):
        scheme = None
    if scheme is None or "@" in (address.host or ""):  # the rest of a password, which no message may repeat
        raise ConfigError(
            "DATABASE_URL (or the address given) is no address of a database: "
            "use sqlite:///data/newsloom.db or postgresql://user:password@host/name, a password's @ as %40"
        )
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


def _postgresql(url: URL, patience: float) -> Engine:
    parameters: dict[str, object] = {key: value for key, value in PARAMETERS.items() if key not in url.query}
    if url.query.get(PREPARING) == "0":
        parameters[PREPARING] = None
    engine = create_engine(
        url.difference_update_query([PREPARING]),
        json_serializer=_json,
        json_deserializer=orjson.loads,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",  # a writer that waited for the lock sees what was written meanwhile
        connect_args=parameters,
        execution_options={"newsloom_patience": patience},
    )
    event.listen(engine, "connect", _set_up_postgresql)
    event.listen(engine, "do_executemany", _copy)
    logging.getLogger("psycopg").setLevel(logging.ERROR)  # it warns of a broken connection, and then raises it
    return engine


def _set_up_postgresql(connection: "psycopg.Connection", _record: object) -> None:
    with connection.cursor() as cursor:
        for name_, value in TIMEOUTS.items():
            question = "SELECT set_config(name, %s, false) FROM pg_settings WHERE name = %s AND source = 'default'"
            cursor.execute(question, (value, name_))
    connection.commit()


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


def _is_transient(engine: Engine, error: DBAPIError) -> bool:
    """Whether the same may work in a moment. Where no connection is had at first, it is the address that is wrong."""
    if engine.dialect.name != "postgresql":
        return False
    state: str | None = getattr(error.orig, "sqlstate", None)
    if state is None:
        has_answered = engine.dialect.server_version_info is not None  # asked when it is first connected to
        return has_answered and isinstance(error, OperationalError)
    return state.startswith(TRANSIENT)


def _cause(error: SQLAlchemyError | sqlite3.Error) -> str:
    original = error.orig if isinstance(error, StatementError) and error.orig is not None else error
    said = getattr(getattr(original, "diag", None), "message_primary", None)  # psycopg's, less the statement
    words = " ".join((said or str(original)).split()) or type(original).__name__
    for seen, told in CAUSES.items():
        if seen in words:
            return told
    return words if isinstance(error, DBAPIError | sqlite3.Error) else f"{type(error).__name__}: {words}"


CAUSES = {
    "database is locked": f"locked by another process for more than {LOCK_WAIT} s",
    "lock timeout": "locked by another process for more than its lock_timeout",
    "database or disk is full": "the disk is full",
    "disk I/O error": "the disk refuses to write or read (full, over quota or damaged)",
    "readonly database": "read-only: no permission to write the file or its folder",
    "unable to open database file": "cannot be opened: no permission for the file or its folder",
    "file is not a database": "not an SQLite database",
    "read-only transaction": "read-only: a standby, or a role or server that may only read",
}
"""What SQLite and PostgreSQL say → what it means for a person."""
