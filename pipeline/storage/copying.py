"""A whole library from one database into another, of either kind, in steps that can be interrupted; then compared."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, Row, Table, delete, func, insert, select, text, tuple_, update

from pipeline.errors import StorageError
from pipeline.storage.connection import name, reading, writing
from pipeline.storage.indexing import clear_index
from pipeline.storage.schema import bookmarks, leases, metadata
from pipeline.storage.statements import add

STEP = 1000
"""Rows of one transaction."""

DONE: list[Any] = []
"""Stands for the key of a table that is copied."""

TABLES = {str(table.name): table for table in metadata.sorted_tables if table not in (bookmarks, leases)} | {
    "bookmarks": bookmarks
}
"""In an order in which every row finds those that it refers to; where the copying itself keeps its place comes last.

Leases are left out: what a process holds, it holds of its own database.
"""

Tell = Callable[[str, int], object]
"""Told of each step: the table, and how many of its rows were copied."""


def copy_database(source: Engine, target: Engine, tell: Tell) -> dict[str, int]:
    """Copy every row; the number of rows of each table.

    Goes on where an earlier copying of the same source was interrupted. Raises ``StorageError`` where the target holds
    rows of its own, and where source and target differ at the end: then the source was written to meanwhile.
    """
    job = f"copy of {name(source)}"
    places = _begin(target, job)
    for label, table in TABLES.items():
        if places.get(label) == DONE:
            continue
        for rows in _steps(source, table, places.get(label)):
            places[label] = _key(table, rows[-1]) if rows else DONE
            _write(target, table, rows, job, places)
            tell(label, len(rows))
    counts = _verify(source, target, job)
    _end(target, job)
    return counts


def _begin(target: Engine, job: str) -> dict[str, list[Any]]:
    """Table → key of the row behind which to go on, or ``DONE``; nothing at the beginning."""
    with writing(target) as connection:
        noted = connection.scalar(select(bookmarks.c.position).where(bookmarks.c.job == job))
        if noted is not None:
            return dict(noted)
        for label, table in TABLES.items():
            if connection.execute(select(table).limit(1)).first() is not None:
                raise StorageError(f"{name(target)}: holds a library already (table {label!r} has rows)")
        connection.execute(insert(bookmarks), {"job": job, "position": {}, "noted_at": datetime.now(UTC)})
        return {}


def _write(target: Engine, table: Table, rows: Sequence[Row[Any]], job: str, places: dict[str, list[Any]]) -> None:
    """Write rows, together with how far that brings the copy."""
    with writing(target) as connection:
        if rows:
            add(connection, table, [dict(row._mapping) for row in rows])  # noqa: SLF001 - a public name
        kept = {"position": places, "noted_at": datetime.now(UTC)}
        connection.execute(update(bookmarks).where(bookmarks.c.job == job).values(kept))


def _end(target: Engine, job: str) -> None:
    with writing(target) as connection:
        connection.execute(delete(bookmarks).where(bookmarks.c.job == job))
        clear_index(connection)
        if target.dialect.name == "postgresql":
            _advance_sequences(connection)


def _steps(source: Engine, table: Table, after: Sequence[Any] | None = None) -> Iterator[Sequence[Row[Any]]]:
    """The rows of a table by key, some at a time; an empty step is the last one."""
    key = tuple(table.primary_key)
    query = select(table).order_by(*key).limit(STEP)
    while True:
        page = query.where(tuple_(*key) > tuple(after)) if after else query
        with reading(source) as connection:
            rows = connection.execute(page).all()
        yield rows
        if not rows:
            return
        after = _key(table, rows[-1])


def _key(table: Table, row: Row[Any]) -> list[Any]:
    return [getattr(row, column.name) for column in table.primary_key]


def _verify(source: Engine, target: Engine, job: str) -> dict[str, int]:
    counts = {}
    for label, table in TABLES.items():
        ours, theirs = _digest(source, table, job), _digest(target, table, job)
        if ours != theirs:
            raise StorageError(
                f"{name(target)}: table {label!r} has {theirs[0]} rows unlike the {ours[0]} of {name(source)}: "
                "that was written to meanwhile; copy into another empty database"
            )
        counts[label] = ours[0]
    return counts


def _digest(engine: Engine, table: Table, job: str) -> tuple[int, int]:
    """Number of rows, and a sum over them whatever their order: databases sort text in their own ways."""
    count = total = 0
    for rows in _steps(engine, table):
        for row in rows:
            if table is bookmarks and row.job == job:
                continue
            data = orjson.dumps(list(row), option=orjson.OPT_SORT_KEYS)
            total = (total + int.from_bytes(hashlib.sha256(data).digest())) % 2**256
            count += 1
    return count, total


def _advance_sequences(connection: Connection) -> None:
    """Let PostgreSQL go on counting behind the copied ids."""
    for label, table in TABLES.items():
        column = table.autoincrement_column
        if column is None:
            continue
        sequence = connection.scalar(select(func.pg_get_serial_sequence(label, str(column.name))))
        if sequence and (last := connection.scalar(select(func.max(column)))):
            connection.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})
