"""Databases for tests: every test that asks for one runs on SQLite and on PostgreSQL, and finds it without rows.

``TEST_DATABASE_URL`` names a PostgreSQL server whose user may create databases; without it the tests start their own.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import URL, Engine, create_engine, text

from pipeline.storage.database import open_database, upgrade_database
from pipeline.storage.schema import metadata
from tests.commands.running import CommandLine
from tests.postgres import database_on, postgres_server

WITHOUT = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("new", deadline=None, suppress_health_check=WITHOUT)  # examples that nobody has seen
settings.register_profile("same", settings.get_profile("new"), derandomize=True)
settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option of the golden pages (test_golden.py)."""
    parser.addoption("--accept", action="store_true", help="write what becomes of the golden pages as what must")


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """A PostgreSQL server for the whole session."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_database(postgres: URL) -> Iterator[str]:
    """Address of a database with our schema, for one test after the other: making one takes a quarter of a second."""
    with database_on(postgres) as url:
        address = url.render_as_string(hide_password=False)
        upgrade_database(address)
        yield address


@pytest.fixture(scope="session")
def sqlite_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with our schema, to be copied: migrating a new one takes a tenth of a second."""
    path = tmp_path_factory.mktemp("template") / "newsloom.db"
    upgrade_database(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/newsloom.db"
        return
    with database_on(request.getfixturevalue("postgres")) as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database with our schema and no rows."""
    if request.param == "sqlite":
        yield f"sqlite:///{shutil.copy(request.getfixturevalue('sqlite_database'), tmp_path)}"
        return
    url = request.getfixturevalue("postgres_database")
    yield url
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)}, search_index, search_queue RESTART IDENTITY"))
    engine.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An open database with no rows."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Address of an SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path}/newsloom.db"


@pytest.fixture
def sqlite(sqlite_url: str, sqlite_database: Path, tmp_path: Path) -> Iterator[Engine]:
    """An open SQLite database with no rows."""
    shutil.copy(sqlite_database, tmp_path)
    engine = open_database(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def cli(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """The command line on the database of ``sqlite``, in this process."""
    return CommandLine(sqlite_url, monkeypatch, capsys)
