"""Copying a library between databases: from each kind into each, interrupted, compared."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from pipeline.errors import StorageError
from pipeline.storage import copying
from pipeline.storage.articles import save
from pipeline.storage.connection import reading, writing
from pipeline.storage.copying import TABLES, copy_database
from pipeline.storage.database import open_database, upgrade_database
from pipeline.storage.runs import start_run
from pipeline.storage.schema import articles, runs
from tests.storage.library import fill
from tests.storage.samples import NOON, URL, article, rejection


@pytest.fixture
def target(empty_url):
    upgrade_database(empty_url)
    engine = open_database(empty_url)
    yield engine
    engine.dispose()


@pytest.fixture
def library(tmp_path):
    sqlite = open_database(f"sqlite:///{tmp_path}/library.db")
    fill(sqlite, tmp_path / "archive")
    yield sqlite
    sqlite.dispose()


def rows(engine):
    with reading(engine) as connection:
        return {label: sorted(map(repr, connection.execute(select(table)))) for label, table in TABLES.items()}


def copied(library, target):
    steps = []
    counts = copy_database(library, target, lambda *step: steps.append(step))
    return counts, steps


def test_every_row_of_every_table_arrives(library, target):
    counts, steps = copied(library, target)
    assert rows(target) == rows(library)
    assert [label for label, number in counts.items() if not number] == [], "have tests.storage.library fill it"
    assert {label for label, _ in steps} == set(TABLES)


def test_the_copy_goes_on_counting_behind_the_ids_it_holds(library, target):
    copied(library, target)
    with reading(library) as connection:
        last = connection.scalar(select(func.max(runs.c.id)))
    assert start_run(target, "news", NOON) == last + 1
    save(target, [article(url=f"{URL}/new"), replace(rejection(), url=f"{URL}/bad")])


class StopError(Exception):
    """Stands for whatever ends a copying."""


@pytest.mark.parametrize("after", [2, 9])
def test_an_interrupted_copy_goes_on_where_it_was(library, target, monkeypatch, after):
    monkeypatch.setattr(copying, "STEP", 10)
    steps = []

    def stop(*step):
        steps.append(step)
        if len(steps) == after:
            raise StopError

    with pytest.raises(StopError):
        copy_database(library, target, stop)
    _, rest = copied(library, target)
    assert rows(target) == rows(library)
    total = sum(len(found) for found in rows(library).values())
    assert sum(number for _, number in steps + rest) == total


def test_a_database_that_holds_a_library_is_left_alone(library, target):
    save(target, [article()])
    before = rows(target)
    with pytest.raises(StorageError, match="holds a library already"):
        copied(library, target)
    assert rows(target) == before


def test_a_second_copy_into_the_same_database_is_refused(library, target):
    copied(library, target)
    with pytest.raises(StorageError, match="holds a library already"):
        copied(library, target)


def test_a_source_that_changed_meanwhile_is_told(library, target):
    def change(name, _):
        if name == "bookmarks":
            with writing(library) as connection:
                connection.execute(update(articles).where(articles.c.id == 1).values(section="Other"))

    with pytest.raises(StorageError, match=r"table 'articles' .* written to meanwhile"):
        copy_database(library, target, change)
