"""Opening a database: made, migrated, checked; every fault one clear line. Real files, a real server."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text, update

from pipeline.errors import ConfigError, StorageError
from pipeline.storage.articles import save
from pipeline.storage.connection import connect, writing
from pipeline.storage.database import open_database, upgrade_database
from pipeline.storage.filters import ArticleFilter
from pipeline.storage.maintenance import check
from pipeline.storage.migrate import configuration, known_versions
from pipeline.storage.queries import read_articles
from pipeline.storage.schema import HEAD, VERSION_TABLE, metadata, versions
from pipeline.storage.states import read_versions
from tests.storage.library import fill
from tests.storage.samples import article, contents, local, plain

ROOT = Path(__file__).parent.parent.parent


def fault(url: str, kind: type[Exception] = StorageError) -> str:
    """The one line that opening it ends with."""
    with pytest.raises(kind) as caught:
        open_database(url)
    line = str(caught.value)
    assert "\n" not in line
    assert "s3cret" not in line
    return line


def run(url: str, statement: str) -> None:
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_a_missing_sqlite_file_and_its_folders_are_made(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/a/b/c.db")
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "foreign_keys")
        }
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1}


def test_a_relative_path_is_below_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    open_database("sqlite:///data/newsloom.db").dispose()
    assert (tmp_path / "data/newsloom.db").is_file()


def test_the_migrated_schema_is_the_one_in_the_code(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": VERSION_TABLE,
                "compare_type": True,
                "target_metadata": metadata,
                "include_name": lambda name, kind, _: kind != "table" or not name.startswith("search_"),
            },
        )
        assert compare_metadata(context, metadata) == []


def test_migrations_run_down_and_up_again(database_url):
    engine = connect(database_url)
    with writing(engine) as connection:
        command.downgrade(configuration(connection), "base")
    assert set(inspect(engine).get_table_names()) == {VERSION_TABLE}
    assert upgrade_database(database_url) == (None, HEAD)
    assert set(metadata.tables) < set(inspect(engine).get_table_names())
    engine.dispose()


def test_versions_of_an_old_schema_get_their_hashes_and_records(database_url, engine):
    """A database as it was before 0006 stored records, and before 0007 told noise from changes."""
    save(engine, [article("One."), article("Two.", hours=1), local("a.txt", "3."), *map(plain, range(600))])
    ids = (1, 2, 602)
    known, hashed = [read_versions(engine, number) for number in ids], hashes(engine)
    with writing(engine) as connection:
        command.downgrade(configuration(connection), "0006")
        connection.execute(update(versions).values(content_hash="", record=None))
    assert upgrade_database(database_url) == ("0006", HEAD)
    assert [read_versions(engine, number) for number in ids] == known
    assert hashes(engine) == hashed


def test_articles_of_an_old_schema_get_their_labels(database_url, engine):
    """As they were before 0010."""
    save(
        engine,
        [article("One.", language="pt-BR"), plain(1, tags=(), authors=(), section=None), *map(plain, range(600))],
    )
    labels = contents(engine)["article_labels"]
    with writing(engine) as connection:
        command.downgrade(configuration(connection), "0009")
    assert upgrade_database(database_url) == ("0009", HEAD)
    assert [row[:3] for row in contents(engine)["article_labels"]] == [row[:3] for row in labels]


def test_migrations_keep_what_is_stored(database_url, engine, tmp_path):
    """Down to the first schema and up again, with a library in it; what an old schema has no place for is lost."""
    fill(engine, tmp_path / "archive")
    before = [stored.article.headline for stored in read_articles(engine, ArticleFilter())]
    with writing(engine) as connection:
        command.downgrade(configuration(connection), first := known_versions()[-1])
    assert upgrade_database(database_url) == (first, HEAD)
    assert check(engine) == []
    assert [stored.article.headline for stored in read_articles(engine, ArticleFilter())] == before


def hashes(engine: Engine) -> dict[tuple[int, int], str]:
    with engine.connect() as connection:
        rows = connection.execute(select(versions.c.article_id, versions.c.number, versions.c.content_hash))
        return {(row.article_id, row.number): row.content_hash for row in rows}


def test_the_newest_migration_is_the_one_the_code_asks_for():
    assert known_versions()[0] == HEAD


def test_upgrading_twice_does_nothing_the_second_time(empty_url):
    assert upgrade_database(empty_url) == (None, HEAD)
    assert upgrade_database(empty_url) == (HEAD, HEAD)


def test_a_server_without_schema_says_what_to_run(postgres):
    line = fault(postgres.render_as_string(hide_password=False))
    assert line.endswith("run: newsloom db upgrade")


def test_a_newer_schema_is_refused(empty_url):
    upgrade_database(empty_url)
    run(empty_url, f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    assert "schema 9999, newer than this newsloom's" in fault(empty_url)
    with pytest.raises(StorageError, match="newer than"):
        upgrade_database(empty_url)


def test_another_programs_database_is_refused_and_left_alone(empty_url, tmp_path):
    run(empty_url, "CREATE TABLE articles (id INTEGER)")
    before = [path.read_bytes() for path in tmp_path.iterdir()]
    assert "belongs to another program" in fault(empty_url)
    with pytest.raises(StorageError, match="belongs to another program"):
        upgrade_database(empty_url)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == before


def test_a_file_that_is_no_database(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("Buy milk. " * 500)
    assert fault(f"sqlite:///{path}") == f"{path}: not an SQLite database"
    assert path.read_text() == "Buy milk. " * 500


def test_a_folder_in_the_files_place(tmp_path):
    assert fault(f"sqlite:///{tmp_path}").startswith(f"{tmp_path}: cannot be opened")


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    assert "cannot make its folder" in fault(f"sqlite:///{tmp_path}/file/newsloom.db")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "newsloom.db",
        "mysql://user:s3cret@host/name",
        "postgresql://user:s3cret@host:s3cret/name",
        "nosuch://user:s3cret@host/name",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_an_address_that_is_none(url):
    assert fault(url, ConfigError).startswith("DATABASE_URL ")


def test_a_server_that_is_not_there(tmp_path):
    line = fault(f"postgresql://user:s3cret@/name?host={tmp_path}")
    assert line.startswith(f"PostgreSQL database name on {tmp_path}: connection ")


def test_a_database_that_the_server_does_not_have(postgres):
    line = fault(postgres.set(database="nowhere", password="s3cret").render_as_string(hide_password=False))
    assert 'database "nowhere" does not exist' in line


def test_processes_that_start_at_once_migrate_once(sqlite_url):
    code = f"from pipeline.storage.database import open_database; open_database({sqlite_url!r})"
    processes = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.PIPE) for _ in range(4)]
    assert [process.communicate()[1] for process in processes] == [b""] * 4
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        assert connection.execute(f"SELECT * FROM {VERSION_TABLE}").fetchall() == [(HEAD,)]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
