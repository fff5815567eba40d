"""The few statements every writer needs."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from sqlalchemy import Connection, Table, insert

from pipeline.storage.rows import Values

_T = TypeVar("_T")

LOOKUP_SIZE = 500
"""Keys per lookup; databases limit how many values a statement may carry."""


def add(connection: Connection, table: Table, rows: list[Values]) -> None:
    """Insert many rows with one statement; none: nothing."""
    if rows:
        connection.execute(insert(table), rows)


def chunks(values: Iterable[_T]) -> Iterator[list[_T]]:
    """The values in lists short enough for one lookup."""
    listed = list(values)
    for start in range(0, len(listed), LOOKUP_SIZE):
        yield listed[start : start + LOOKUP_SIZE]
