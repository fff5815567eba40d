"""The few statements every writer needs."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

import orjson
from sqlalchemy import ARRAY, ColumnElement, Connection, Dialect, Table, any_, bindparam, insert, text

from pipeline.storage.rows import Values

_T = TypeVar("_T")

Bind: TypeAlias = Callable[[Any], Any]
"""Makes of a value what a driver takes."""

LOOKUP_SIZE = 500
"""Keys per lookup; databases limit how many values a statement may carry."""


LISTED = text("SELECT value FROM json_each(:listed)")
"""A row for each value of a JSON list. It is text because SQLAlchemy takes longer to make it than SQLite to run it."""


def add(connection: Connection, table: Table, rows: list[Values]) -> None:
    """Insert rows, which have the same columns; none: nothing.

    Many go to the driver all at once, to PostgreSQL as COPY: a statement that SQLAlchemy makes of each row takes it
    longer than the database needs to write it.
    """
    if len(rows) > 1:
        statement, binds = _statement(table, tuple(rows[0]), connection.dialect)
        columns = [[row[name] for row in rows] for name in rows[0]]
        bound = (map(bind, values) if bind else values for bind, values in zip(binds, columns, strict=True))
        connection.exec_driver_sql(statement, list(zip(*bound, strict=True)))
    elif rows:
        connection.execute(insert(table), rows)


@lru_cache
def _statement(table: Table, columns: tuple[str, ...], dialect: Dialect) -> tuple[str, list[Bind | None]]:
    """What inserts rows of these columns, and what makes of each column's values those that the driver takes."""
    quote = dialect.identifier_preparer.quote
    target = f"{quote(table.name)} ({', '.join(map(quote, columns))})"
    binds: list[Bind | None] = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in columns]
    if dialect.name == "postgresql":
        return f"COPY {target} FROM STDIN", binds
    return f"INSERT INTO {target} VALUES ({', '.join('?' * len(columns))})", binds  # noqa: S608 - our own names


def among(connection: Connection, column: ColumnElement[Any], values: Iterable[object]) -> ColumnElement[bool]:
    """Whether a column has one of many values, which are handed over as one."""
    listed = list(values)
    if connection.dialect.name == "postgresql":
        return column == any_(bindparam(None, listed, ARRAY(column.type)))
    return column.in_(LISTED.bindparams(listed=orjson.dumps(listed).decode()))


def chunks(values: Iterable[_T]) -> Iterator[list[_T]]:
    """The values in lists short enough for one lookup."""
    listed = list(values)
    for start in range(0, len(listed), LOOKUP_SIZE):
        yield listed[start : start + LOOKUP_SIZE]
