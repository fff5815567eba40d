"""The archived pages of articles."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from sqlalchemy import Engine

from pipeline.storage.captures import Capture, made_versions
from pipeline.storage.connection import reading
from pipeline.storage.filters import ArticleFilter
from pipeline.storage.paging import PAGE_SIZE
from pipeline.storage.queries import list_articles


def pages_of(engine: Engine, wanted: ArticleFilter, limit: int = 0) -> Iterator[tuple[int, list[Capture]]]:
    """The articles that ``wanted`` lets through, and the captures that their versions were made of, the first first.

    An article that was not crawled, or whose pages were pruned, has none.
    """
    found = list_articles(engine, wanted, limit)
    while ids := [summary.id for summary in islice(found, PAGE_SIZE)]:
        pages = _pages(engine, ids)
        yield from ((article_id, pages[article_id]) for article_id in ids)


def _pages(engine: Engine, ids: Sequence[int]) -> dict[int, list[Capture]]:
    pages: dict[int, list[Capture]] = defaultdict(list)
    with reading(engine) as connection:
        for article_id, capture in made_versions(connection, ids):
            pages[article_id].append(capture)
    return pages
