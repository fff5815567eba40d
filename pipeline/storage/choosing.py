"""The articles that a filter lets through, newest first, read along an index whatever the filter.

Of several labels that are asked for, the articles of one are walked along, as a rule of that which fewest share, and
each is looked up for the others; few are gone, so that these come first. Words are looked up in the search index.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Engine, select

from pipeline.storage.connection import reading
from pipeline.storage.filters import ArticleFilter
from pipeline.storage.labels import label
from pipeline.storage.paging import PAGE_SIZE, Build, Order, Query, paged
from pipeline.storage.schema import article_labels, articles, versions
from pipeline.storage.search import matching
from pipeline.storage.statements import chunks

_T = TypeVar("_T")

NEWEST = Order(articles.c.listed_at, articles.c.id)
LAST_WRITTEN = Order(articles.c.revision, articles.c.id)
LABELLED = Order(article_labels.c.listed_at, article_labels.c.article_id)

IS_CURRENT = (versions.c.article_id == articles.c.id) & (versions.c.number == articles.c.version)


def chosen(engine: Engine, columns: Sequence[Any], wanted: ArticleFilter, build: Build[_T], limit: int) -> Iterator[_T]:
    """What ``build`` makes of rows with these columns, ``id`` and ``listed_at`` among them; ``limit`` 0: all.

    The newest first; where revisions are asked for and no words, the last written.
    """
    query = select(*columns).join_from(articles, versions, IS_CURRENT)
    if wanted.words is None:
        query, order = _along_an_index(query, wanted)
        yield from paged(engine, query, order, build, limit)
    else:
        found = _found(engine, _where(query, wanted, NEWEST), wanted, build, min(limit or PAGE_SIZE, PAGE_SIZE))
        yield from islice(found, limit or None)


def _along_an_index(query: Query, wanted: ArticleFilter) -> tuple[Query, Order]:
    labels = {field: label(field, value) for field, value in wanted.labelled.items()}
    order = LAST_WRITTEN if wanted.revisions is not None else NEWEST
    first = next(iter(labels), None)
    if order is NEWEST and first and not wanted.gone:
        order = LABELLED
        query = query.join(article_labels, article_labels.c.article_id == articles.c.id)
        query = query.where(article_labels.c.label == labels.pop(first))
    for number in labels.values():
        other = article_labels.alias()
        query = query.where(select(1).where(other.c.article_id == articles.c.id, other.c.label == number).exists())
    return _where(query, wanted, order), order


def _where(query: Query, wanted: ArticleFilter, order: Order) -> Query:
    """All conditions but labels and words."""
    listed_at = order.first if order is LABELLED else articles.c.listed_at
    if wanted.since is not None:
        query = query.where(listed_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(listed_at < wanted.until)
    if wanted.gone:
        query = query.where(articles.c.gone_at.is_not(None))
    if wanted.revisions is not None:
        after, last = wanted.revisions
        query = query.where(articles.c.revision > after, articles.c.revision <= last)
    return query


def _found(engine: Engine, query: Query, wanted: ArticleFilter, build: Build[_T], size: int) -> Iterator[_T]:
    """Those that the search index knows, which has them in order of the minutes that they are listed at."""
    keys = query.with_only_columns(articles.c.listed_at, articles.c.id)
    for ids in matching(engine, wanted):
        with reading(engine) as connection:
            found = [row for part in chunks(ids) for row in connection.execute(keys.where(articles.c.id.in_(part)))]
        places = [article_id for _, article_id in sorted(found, reverse=True)]
        for start in range(0, len(places), size):
            page = places[start : start + size]
            with reading(engine) as connection:
                rows = {row.id: row for row in connection.execute(query.where(articles.c.id.in_(page)))}
                built = build(connection, [rows[article_id] for article_id in page if article_id in rows])
            yield from built
