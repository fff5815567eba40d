"""The column types that SQLAlchemy does not bring along."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator

from pipeline.errors import StorageError


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on every database; a naive one is refused instead of guessed at.

    SQLite has no zone: there the UTC digits are stored as sortable text, and come back aware all the same.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:  # noqa: ANN401 - SQLAlchemy's type for it is private
        """Work each time out once: the rows of an article repeat it, and its columns."""
        process = super().bind_processor(dialect)
        return process and lru_cache(1000)(process)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise StorageError(f"naive datetime {value.isoformat()}: times are stored with their zone known")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From UTC digits (SQLite) or the session's zone (PostgreSQL)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
