"""Reading what is stored: typed rows of articles and rejections, as long a listing as it may be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from pipeline.items import Reason, Rejection
from pipeline.storage.assembling import WHOLE, StoredArticle, assemble
from pipeline.storage.choosing import IS_CURRENT, chosen
from pipeline.storage.connection import reading
from pipeline.storage.filters import ArticleFilter
from pipeline.storage.paging import Order, paged
from pipeline.storage.rows import rejection_from
from pipeline.storage.schema import articles, rejections, versions

LARGEST_ID = 2**31 - 1
"""A larger number fits no id column, and a database would refuse the question."""


@dataclass(frozen=True, slots=True)
class Summary:
    """An article as a line of a listing. ``published`` None: undated, listed by ``listed_at``, when it was fetched."""

    id: int
    published: datetime | None
    published_precision: str | None
    listed_at: datetime
    source: str
    headline: str
    words: int


@dataclass(frozen=True, slots=True)
class StoredRejection:
    """A refused page with its id."""

    id: int
    rejection: Rejection


def list_articles(engine: Engine, wanted: ArticleFilter, limit: int = 0) -> Iterator[Summary]:
    """The articles that ``wanted`` lets through, newest first; ``limit`` 0: all."""
    article, version = articles.c, versions.c
    columns = (article.id, article.published, article.published_precision, article.listed_at, article.source)
    return chosen(engine, (*columns, article.revision, version.headline, version.words), wanted, _summaries, limit)


def read_articles(engine: Engine, wanted: ArticleFilter, limit: int = 0) -> Iterator[StoredArticle]:
    """The same articles, whole."""
    return chosen(engine, WHOLE, wanted, assemble, limit)


def read_article(engine: Engine, article_id: int) -> StoredArticle | None:
    """One article whole, or None when there is none of that id."""
    if article_id > LARGEST_ID:
        return None
    with reading(engine) as connection:
        return articles_of(connection, [article_id]).get(article_id)


def articles_of(connection: Connection, ids: Sequence[int]) -> dict[int, StoredArticle]:
    """Articles whole, by id."""
    query = select(*WHOLE).join_from(articles, versions, IS_CURRENT).where(articles.c.id.in_(ids))
    return {stored.id: stored for stored in assemble(connection, connection.execute(query).all())}


def last_revision(engine: Engine) -> int:
    """Number of the last transaction that wrote an article, 0 for none."""
    with reading(engine) as connection:
        return connection.scalar(select(func.max(articles.c.revision))) or 0


def has_articles(engine: Engine) -> bool:
    """Whether any article is stored."""
    with reading(engine) as connection:
        return connection.scalar(select(articles.c.id).limit(1)) is not None


def read_rejections(engine: Engine, reason: Reason | None = None, limit: int = 0) -> Iterator[StoredRejection]:
    """Rejections, last fetched first; ``limit`` 0: all."""
    query = select(rejections)
    if reason is not None:
        query = query.where(rejections.c.reason == reason)
    return paged(engine, query, Order(rejections.c.fetched_at, rejections.c.id), _rejections, limit)


def _summaries(_connection: Connection, rows: Sequence[Any]) -> list[Summary]:
    return [Summary(*(getattr(row, name) for name in Summary.__slots__)) for row in rows]


def _rejections(_connection: Connection, rows: Sequence[Any]) -> list[StoredRejection]:
    return [StoredRejection(row.id, rejection_from(row)) for row in rows]
