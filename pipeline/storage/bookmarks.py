"""Bookmarks: how far long jobs have come, so that one that was ended can be taken up again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, select

from pipeline.storage.connection import reading, writing
from pipeline.storage.schema import bookmarks
from pipeline.storage.statements import add


def read_bookmarks(engine: Engine, beginning: str) -> dict[str, dict[str, Any]]:
    """Job → position, of the jobs whose names begin so."""
    query = select(bookmarks.c.job, bookmarks.c.position).where(bookmarks.c.job.startswith(beginning, autoescape=True))
    with reading(engine) as connection:
        return {row.job: row.position for row in connection.execute(query)}


def note_bookmarks(engine: Engine, positions: Mapping[str, Mapping[str, Any] | None], now: datetime) -> None:
    """Note how far jobs have come; None: to their end, nothing is left to note."""
    with writing(engine) as connection:
        put_bookmarks(connection, positions, now)


def put_bookmarks(connection: Connection, positions: Mapping[str, Mapping[str, Any] | None], now: datetime) -> None:
    """The same in the transaction in hand."""
    rows = [{"job": job, "position": position, "noted_at": now} for job, position in positions.items() if position]
    connection.execute(delete(bookmarks).where(bookmarks.c.job.in_(positions)))
    add(connection, bookmarks, rows)
