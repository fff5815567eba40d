"""Reading what is stored, newest first: typed rows, fetched page after page so that a long listing stays small.

Pages are found by key ("after this time and id"), never by offset: page 1,000 costs what page 1 costs, and what is
saved meanwhile shifts nothing. Each page is a transaction of its own; a slow reader holds up nobody.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Column, Connection, Engine, Select, Table, func, select, tuple_

from pipeline.items import Article, Author, Image, Reason, Rejection, RemovedLine
from pipeline.storage.connection import reading
from pipeline.storage.identity import TWIN
from pipeline.storage.rows import article_from, rejection_from
from pipeline.storage.schema import (
    addresses,
    article_authors,
    articles,
    authors,
    images,
    rejections,
    removed_lines,
    versions,
)

PAGE_SIZE = 200
"""Rows fetched at a time."""

TEXT = ("headline", "blocks", "updates", "factboxes", "settings")
"""Columns of a version that an article is made of beside its own row."""

LARGEST_ID = 2**31 - 1
"""A larger number fits no id column, and a database would refuse the question."""

Query: TypeAlias = Select[*tuple[Any, ...]]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles to list. ``source``, ``author``, ``section``: exact names; ``language``: a tag or its beginning.

    ``since``: published (undated: fetched) at or after; ``until``: before. ``gone``: only those whose address answered
    404 or 410 last. ``revisions``: written last by a transaction after the first of these, up to the second.
    """

    source: str | None = None
    since: datetime | None = None
    gone: bool = False
    until: datetime | None = None
    language: str | None = None
    author: str | None = None
    section: str | None = None
    kind: str | None = None
    revisions: tuple[int, int] | None = None


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
class StoredArticle:
    """An article with its id and the number of its current version.

    ``gone_at``, ``gone_status``: when its address first answered 404 or 410 instead; None while it stands.
    """

    id: int
    version: int
    article: Article
    gone_at: datetime | None = None
    gone_status: int | None = None


@dataclass(frozen=True, slots=True)
class StoredRejection:
    """A refused page with its id."""

    id: int
    rejection: Rejection


@dataclass(frozen=True, slots=True)
class Order:
    """A listing's order: by a time column of ``table``, latest first, and by id where times are equal."""

    table: Table
    time: str

    @property
    def columns(self) -> tuple[Column[Any], Column[Any]]:
        """The columns to order by."""
        return self.table.c[self.time], self.table.c.id


def list_articles(engine: Engine, wanted: ArticleFilter, limit: int = 0) -> Iterator[Summary]:
    """The articles that ``wanted`` lets through, newest first; ``limit`` 0: all."""
    article = articles.c
    columns = (article.id, article.published, article.published_precision, article.listed_at, article.source)
    query = _current(select(*columns, versions.c.headline, versions.c.words), wanted)
    return _paged(engine, query, Order(articles, "listed_at"), _summaries, limit)


def read_articles(engine: Engine, wanted: ArticleFilter, limit: int = 0) -> Iterator[StoredArticle]:
    """The same articles, whole."""
    return _paged(engine, _current(_whole(), wanted), Order(articles, "listed_at"), _assemble, limit)


def read_article(engine: Engine, article_id: int) -> StoredArticle | None:
    """One article whole, or None when there is none of that id."""
    if article_id > LARGEST_ID:
        return None
    with reading(engine) as connection:
        rows = connection.execute(_current(_whole(), ArticleFilter()).where(articles.c.id == article_id)).all()
        return next(iter(_assemble(connection, rows)), None)


def articles_of(connection: Connection, ids: Sequence[int]) -> dict[int, StoredArticle]:
    """Articles whole, by id."""
    rows = connection.execute(_current(_whole(), ArticleFilter()).where(articles.c.id.in_(ids))).all()
    return {stored.id: stored for stored in _assemble(connection, rows)}


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
    return _paged(engine, query, Order(rejections, "fetched_at"), _rejections, limit)


def _whole() -> Query:
    return select(articles, *(versions.c[name] for name in TEXT))


def _current(query: Query, wanted: ArticleFilter) -> Query:
    is_current = (versions.c.article_id == articles.c.id) & (versions.c.number == articles.c.version)
    query = query.join_from(articles, versions, is_current)
    if wanted.source is not None:
        query = query.where(articles.c.source == wanted.source)
    if wanted.since is not None:
        query = query.where(articles.c.listed_at >= wanted.since)
    if wanted.gone:
        query = query.where(articles.c.gone_at.is_not(None))
    if wanted.until is not None:
        query = query.where(articles.c.listed_at < wanted.until)
    if wanted.language is not None:
        tag, spoken = wanted.language.lower(), func.lower(articles.c.language)
        query = query.where((spoken == tag) | spoken.startswith(f"{tag}-", autoescape=True))
    if wanted.author is not None:
        written = select(article_authors.c.article_id).join(authors).where(authors.c.name == wanted.author)
        query = query.where(articles.c.id.in_(written))
    if wanted.section is not None:
        query = query.where(articles.c.section == wanted.section)
    if wanted.kind is not None:
        query = query.where(articles.c.kind == wanted.kind)
    if wanted.revisions is not None:
        after, last = wanted.revisions
        query = query.where(articles.c.revision > after, articles.c.revision <= last)
    return query


def _paged(
    engine: Engine,
    query: Query,
    order: Order,
    build: Callable[[Connection, Sequence[Any]], list[_T]],
    limit: int,
) -> Iterator[_T]:
    """What ``build`` makes of each page of ``query``; no transaction is open while the caller looks at it."""
    by = order.columns
    query = query.order_by(*(column.desc() for column in by))
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
        page = query.where(tuple_(*by) < tuple(getattr(rows[-1], column.name) for column in by))


def _summaries(_connection: Connection, rows: Sequence[Any]) -> list[Summary]:
    return [Summary(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for values by column


def _rejections(_connection: Connection, rows: Sequence[Any]) -> list[StoredRejection]:
    return [StoredRejection(row.id, rejection_from(row)) for row in rows]


def _assemble(connection: Connection, rows: Sequence[Any]) -> list[StoredArticle]:
    """Whole articles from their rows and the rows of their parts."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    by_address = _grouped(
        connection, select(addresses).order_by(addresses.c.position, addresses.c.address), addresses, ids
    )
    written = select(article_authors.c.article_id, authors.c.name, article_authors.c.role).join(authors)
    by_author = _grouped(connection, written.order_by(article_authors.c.position), article_authors, ids)
    by_image = _grouped(connection, select(images).order_by(images.c.position), images, ids)
    current = select(removed_lines).join(
        articles, (removed_lines.c.article_id == articles.c.id) & (removed_lines.c.version == articles.c.version)
    )
    by_line = _grouped(connection, current.order_by(removed_lines.c.seq), removed_lines, ids)
    return [
        StoredArticle(
            row.id,
            row.version,
            article_from(
                row._mapping,  # noqa: SLF001 - see above
                addresses=[a.address for a in by_address[row.id] if not a.address.startswith(TWIN)],
                authors=[Author(a.name, a.role) for a in by_author[row.id]],
                images=[Image(i.url, i.caption, i.credit) for i in by_image[row.id]],
                removed=[RemovedLine(line.text, line.rule, line.position) for line in by_line[row.id]],
            ),
            row.gone_at,
            row.gone_status,
        )
        for row in rows
    ]


def _grouped(connection: Connection, query: Query, table: Table, ids: Sequence[int]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(query.where(table.c.article_id.in_(ids))):
        groups[row.article_id].append(row)
    return groups
