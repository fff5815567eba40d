"""Listings page after page, so that a long one stays small.

Pages are found by key ("after this time and id"), never by offset: page 1,000 costs what page 1 costs, and what is
saved meanwhile shifts nothing. Each page is a transaction of its own; a slow reader holds up nobody.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Column, Connection, Engine, Select, tuple_

from pipeline.storage.connection import reading

PAGE_SIZE = 200
"""Rows fetched at a time."""

Query: TypeAlias = Select[*tuple[Any, ...]]
_T = TypeVar("_T")

Build: TypeAlias = Callable[[Connection, Sequence[Any]], list[_T]]
"""What makes items of the rows of a page."""


@dataclass(frozen=True, slots=True)
class Order:
    """A listing's order: by ``first``, the last first, and by id where that is equal.

    ``id``: the column that holds it in the table of ``first``. Rows have the value of ``first`` under its name, and the
    id as ``id``.
    """

    first: Column[Any]
    id: Column[Any]


def paged(engine: Engine, query: Query, order: Order, build: Build[_T], limit: int) -> Iterator[_T]:
    """What ``build`` makes of each page of ``query``, ``limit`` 0: all; no transaction is open at a yield."""
    query = query.order_by(order.first.desc(), order.id.desc())
    page, left = query, limit
    while True:
        size = min(left, PAGE_SIZE) if limit else PAGE_SIZE
        with reading(engine) as connection:
            rows = connection.execute(page.limit(size)).all()
            built = build(connection, rows)
        yield from built
        left -= len(rows)
        if len(rows) < size or (limit and not left):
            return
        page = query.where(tuple_(order.first, order.id) < (getattr(rows[-1], order.first.name), rows[-1].id))
