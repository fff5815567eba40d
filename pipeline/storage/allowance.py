"""How many polls the scheduled runs of this hour have made, all together."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select

from pipeline.storage.bookmarks import put_bookmarks
from pipeline.storage.connection import reading, writing
from pipeline.storage.schema import bookmarks

POLLS = "polls"
"""Bookmark: {"hour": its beginning, "polls": how many}."""


def polls_made(engine: Engine, now: datetime) -> int:
    """Polls of this hour so far."""
    with reading(engine) as connection:
        return _made(connection, now)


def note_polls(engine: Engine, polls: int, now: datetime) -> None:
    """Polls are about to be made."""
    with writing(engine) as connection:
        noted = {"hour": _hour(now), "polls": _made(connection, now) + polls}
        put_bookmarks(connection, {POLLS: noted}, now)


def _made(connection: Connection, now: datetime) -> int:
    noted: dict[str, Any] = connection.scalar(select(bookmarks.c.position).where(bookmarks.c.job == POLLS)) or {}
    return int(noted["polls"]) if noted.get("hour") == _hour(now) else 0


def _hour(now: datetime) -> str:
    return f"{now:%Y-%m-%dT%H}"
