"""Finding articles by their words: the same answers in the same order on both databases.

Ranked are the newest articles that hold all that is asked for, and the newest of those that hold it in their headline:
of a word that stands in every third article, nobody wants the oldest ones. How they are ranked is decided by
:func:`pipeline.search.relevance` and :func:`pipeline.search.freshness`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, text

from pipeline.errors import QueryError
from pipeline.search import Query, Snippet, freshness, relevance, snippet
from pipeline.storage.connection import reading
from pipeline.storage.filters import ArticleFilter
from pipeline.storage.fulltext import HEADLINE, dialect_of, label_word, rough
from pipeline.storage.indexing import ID_BITS, LEADS, TEXTS, id_of, minute_of, number_behind, number_of, texts_of
from pipeline.storage.labels import label
from pipeline.storage.schema import articles, versions
from pipeline.storage.statements import chunks

RANKED = 1000
"""Newest articles that are ranked where their headlines may hold a part of the query."""

LOOKED_THROUGH = 20_000
"""Characters of an article in which the piece to be shown is looked for."""

ALL = 2**31 - 1
"""More articles than there can be."""

BLOCK = 2000
"""Articles that are found at a time where all are wanted."""

SHOWN = ("id", "url", "source", "section", "language", "published", "published_precision", "listed_at")
"""Columns of an article that a hit repeats."""

NUMBERS = range(-(2**63), 2**63)


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found. ``score``: from 0 to 2.5. ``text``: the piece of it that holds most of the query.

    ``published`` None: undated, listed by ``listed_at``.
    """

    id: int
    score: float
    url: str
    source: str
    section: str | None
    language: str | None
    published: datetime | None
    published_precision: str | None
    listed_at: datetime
    headline: Snippet
    text: Snippet


def search(engine: Engine, wanted: ArticleFilter, limit: int = 0) -> Iterator[Hit]:
    """The articles that ``wanted`` lets through, best first; ``limit`` 0: all. ``QueryError``: it has no words.

    Times of the filter count to the minute. Articles that are queued are found by what they said before.
    """
    query = _asked(wanted)
    with reading(engine) as connection:
        scores = _scores(query, _candidates(connection, wanted, limit))
    best = sorted(scores, key=lambda number: (scores[number], number), reverse=True)
    for numbers in chunks(best[: limit or None]):
        with reading(engine) as connection:
            rows = _rows(connection, [id_of(number) for number in numbers])
        yield from (_hit(rows[id_of(n)], query, scores[n]) for n in numbers if id_of(n) in rows)


def matching(engine: Engine, wanted: ArticleFilter) -> Iterator[list[int]]:
    """Ids of the articles that ``wanted`` lets through, in lists, later minutes first; a minute is never parted.

    As in :func:`search`; not looked at are the filter's revisions.
    """
    span = _span(wanted)
    while True:
        with reading(engine) as connection:
            found = _find(connection, wanted, span, BLOCK)
            if not found:
                return
            minute = range(minute_of(min(found)) << ID_BITS, min(found))
            found |= _find(connection, wanted, minute, ALL)
        yield list(map(id_of, found))
        span = range(span.start, minute.start)


def _asked(wanted: ArticleFilter) -> Query:
    if wanted.words is None:
        raise QueryError("nothing to look for")
    return wanted.words


def _candidates(connection: Connection, wanted: ArticleFilter, limit: int) -> dict[int, str]:
    """Folded headlines by number. Of a single word or phrase the newest are the best: no more of them are needed."""
    most = ALL if not limit else limit if len(_asked(wanted).wanted) == 1 else max(RANKED, limit)
    span = _span(wanted)
    found = _find(connection, wanted, span, most)
    if len(found) == most:
        found |= _find(connection, wanted, span, most, HEADLINE)
    return found


def _span(wanted: ArticleFilter) -> range:
    """The numbers of articles of the filter's times, in whole minutes."""
    first = NUMBERS.start if wanted.since is None else number_of(wanted.since)
    return range(first, NUMBERS.stop if wanted.until is None else number_behind(wanted.until))


def _find(connection: Connection, wanted: ArticleFilter, span: range, most: int, mark: str = "") -> dict[int, str]:
    """The newest with these numbers that hold it; ``mark``: of the words that are to hold it."""
    dialect, query, labels = dialect_of(connection), _asked(wanted), _labels(wanted)
    asked = {
        "question": dialect.question(query, labels, mark),
        "rough": dialect.question(rough(query), labels, mark),
        "first": span.start,
        "last": span.stop - 1,
        "most": most,
    }
    has_phrase = any(len(term.words) > 1 for term in (*query.wanted, *query.unwanted))
    connection.execute(text(dialect.prepare))
    return dict(connection.execute(text(dialect.find_phrases if has_phrase else dialect.find), asked).all())


def _labels(wanted: ArticleFilter) -> list[str]:
    asked: dict[str, object] = {**wanted.labelled, **({"gone": True} if wanted.gone else {})}
    return [label_word(label(field, value)) for field, value in asked.items()]


def _scores(query: Query, found: Mapping[int, str]) -> dict[int, float]:
    """How well each number's article answers, by its headline and by how much older it is than the newest."""
    newest = minute_of(max(found, default=0))
    return {
        number: relevance(headline, query.wanted) + freshness(timedelta(minutes=newest - minute_of(number)))
        for number, headline in found.items()
    }


def _rows(connection: Connection, ids: Sequence[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    is_current = (versions.c.article_id == articles.c.id) & (versions.c.number == articles.c.version)
    columns = (*(articles.c[name] for name in SHOWN + LEADS), *(versions.c[name] for name in TEXTS))
    query = select(*columns).join_from(articles, versions, is_current)
    return {row.id: row for row in connection.execute(query.where(articles.c.id.in_(ids)))}


def _hit(row: Row[*tuple[Any, ...]], query: Query, score: float) -> Hit:
    said = " ".join(" ".join(texts_of(row)).split())
    return Hit(
        **{name: getattr(row, name) for name in SHOWN},
        score=score,
        headline=snippet(row.headline, query, len(row.headline)),
        text=snippet(said[:LOOKED_THROUGH], query),
    )
