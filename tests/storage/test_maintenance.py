"""Is the database sound, and how big is it."""

import sqlite3
from contextlib import closing

import pytest

from pipeline.storage.articles import save
from pipeline.storage.maintenance import check, stats
from pipeline.storage.schema import HEAD, metadata
from tests.storage.samples import article, plain, rejection


def test_a_sound_database(engine):
    save(engine, [plain(1), article("One."), article("Two.", hours=1), rejection("https://x.example/")])
    assert check(engine) == []


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        ("UPDATE articles SET version = 9", "article 1 has no current version"),
        ("UPDATE article_versions SET number = 3 WHERE number = 1", "article 1 has gaps in its version numbers"),
        ("DELETE FROM addresses", "article 1 has no address"),
    ],
)
def test_a_contradiction_is_found(engine, damage, finding):
    save(engine, [article("One.", removed=()), article("Two.", hours=1)])
    with engine.begin() as connection:
        connection.exec_driver_sql(damage)
    assert check(engine) == [finding]


def test_a_broken_reference_is_found(sqlite, sqlite_url):
    save(sqlite, [plain(1)])
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute("UPDATE images SET article_id = 77 WHERE position = 0")
    assert check(sqlite) == ["images: row ? refers to a row of articles that does not exist"]


def test_sizes(engine):
    save(engine, [plain(1), plain(2)])
    measured = stats(engine)
    assert measured.schema == HEAD
    assert measured.size > 0
    assert set(measured.rows) == set(metadata.tables)
    assert (measured.rows["articles"], measured.rows["authors"], measured.rows["runs"]) == (2, 2, 0)
