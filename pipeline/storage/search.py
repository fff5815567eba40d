"""Finding articles by their words: the same answers in the same order on both databases.

Ranked are the newest articles that hold all that is asked for, and the newest of those that hold it in their headline:
of a word that stands in every third article, nobody wants the oldest ones. How they are ranked is decided by
:func:`pipeline.search.relevance` and :func:`pipeline.search.freshness`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, text

from pipeline.search import Query, Snippet, freshness, relevance, snippet
from pipeline.storage.connection import reading
from pipeline.storage.fulltext import HEADLINE, dialect_of, rough
from pipeline.storage.indexing import LEADS, TEXTS, id_of, label, minute_of, number_of, texts_of
from pipeline.storage.queries import ArticleFilter
from pipeline.storage.schema import articles, versions
from pipeline.storage.statements import chunks

RANKED = 1000
"""Newest articles that are ranked where their headlines may hold a part of the query."""

LOOKED_THROUGH = 20_000
"""Characters of an article in which the piece to be shown is looked for."""

ALL = 2**31 - 1
"""More articles than there can be."""

SHOWN = ("id", "url", "source", "section", "language", "published", "published_precision", "listed_at")
"""Columns of an article that a hit repeats."""

EARLIEST, LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


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


def search(engine: Engine, query: Query, wanted: ArticleFilter, limit: int = 0) -> Iterator[Hit]:
    """The articles that ``wanted`` lets through and that hold what is asked for, best first; ``limit`` 0: all.

    Times of the filter count to the minute. Articles that are queued are found by what they said before.
    """
    with reading(engine) as connection:
        scores = _scores(query, _candidates(connection, query, wanted, limit))
    best = sorted(scores, key=lambda number: (scores[number], number), reverse=True)
    for numbers in chunks(best[: limit or None]):
        with reading(engine) as connection:
            rows = _rows(connection, [id_of(number) for number in numbers])
        yield from (_hit(rows[id_of(n)], query, scores[n]) for n in numbers if id_of(n) in rows)


def _candidates(connection: Connection, query: Query, wanted: ArticleFilter, limit: int) -> dict[int, str]:
    """Folded headlines by number. Of a single word or phrase the newest are the best: no more of them are needed."""
    most = ALL if not limit else limit if len(query.wanted) == 1 else max(RANKED, limit)
    found = _find(connection, query, wanted, most)
    if len(found) == most:
        found |= _find(connection, query, wanted, most, HEADLINE)
    return found


def _find(connection: Connection, query: Query, wanted: ArticleFilter, most: int, mark: str = "") -> dict[int, str]:
    """The newest that hold it; ``mark``: of the words that are to hold it."""
    dialect, labels = dialect_of(connection), _labels(wanted)
    asked = {
        "question": dialect.question(query, labels, mark),
        "rough": dialect.question(rough(query), labels, mark),
        "first": number_of(wanted.since or EARLIEST),
        "last": number_of(wanted.until or LATEST) - 1,
        "most": most,
    }
    has_phrase = any(len(term.words) > 1 for term in (*query.wanted, *query.unwanted))
    connection.execute(text(dialect.prepare))
    return dict(connection.execute(text(dialect.find_phrases if has_phrase else dialect.find), asked).all())


def _labels(wanted: ArticleFilter) -> list[str]:
    values = {name: getattr(wanted, name) for name in ("source", "author", "section", "kind")}
    values["language"] = wanted.language and wanted.language.lower()
    values["gone"] = wanted.gone or None
    return [label(name, value) for name, value in values.items() if value is not None]


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
