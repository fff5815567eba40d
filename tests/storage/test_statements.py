"""The statements that carry many rows or keys at once. On SQLite and PostgreSQL."""

import pytest
from sqlalchemy import select

from pipeline.errors import StorageError
from pipeline.storage.connection import reading, writing
from pipeline.storage.schema import authors, bookmarks
from pipeline.storage.statements import add, among
from tests.storage.samples import NOON

AWKWARD = ["\\N", "\\.", "", " ", "a\tb\nc\rd", "\\", 'a "b"', "it's", "100 %", "%(x)s ?", ":x", "{1,2}", "Ærø 🦆"]
"""Names that mean something to a database, or to what writes to one."""


def names(engine, *wanted):
    with reading(engine) as connection:
        query = select(authors.c.name).order_by(authors.c.id)
        return connection.scalars(query.where(among(connection, authors.c.name, wanted)) if wanted else query).all()


def test_rows_come_back_as_they_were_added_however_their_columns_are_ordered(engine):
    rows = [{"id": number, "name": name} for number, name in enumerate(AWKWARD)]
    rows[1] = dict(reversed(rows[1].items()))
    with writing(engine) as connection:
        add(connection, authors, rows)
    assert names(engine) == AWKWARD


@pytest.mark.parametrize("count", [0, 1, 2])
def test_columns_of_every_type_are_added(engine, count):
    rows = [{"job": f"job {n}", "position": {"at": [n, None, "\\N"]}, "noted_at": NOON} for n in range(count)]
    with writing(engine) as connection:
        add(connection, bookmarks, rows)
    with reading(engine) as connection:
        assert [dict(row) for row in connection.execute(select(bookmarks).order_by("job")).mappings()] == rows


def test_rows_of_which_one_cannot_be_added_are_not_added_at_all(engine):
    with pytest.raises(StorageError, match=r"(?i)unique"), writing(engine) as connection:
        add(connection, authors, [{"id": number, "name": name} for number, name in enumerate(["a", "b", "a"])])
    assert names(engine) == []


def test_what_is_among_many_values_is_found(engine):
    with writing(engine) as connection:
        add(connection, authors, [{"id": number, "name": name} for number, name in enumerate([*AWKWARD, "else"])])
    assert names(engine, *AWKWARD, *(f"nobody {number}" for number in range(40_000))) == AWKWARD


def test_nothing_is_among_no_values(engine):
    with writing(engine) as connection:
        add(connection, authors, [{"id": 1, "name": "a"}])
        assert connection.scalars(select(authors.c.name).where(among(connection, authors.c.name, []))).all() == []
