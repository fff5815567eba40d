"""The search index: the words of every article, and the queue of those whose words it does not know yet.

Whoever writes articles puts them into the queue, which costs little; :func:`update_index` works it off when a run ends
and before a search is answered. An article in the queue is found by what it said before.

Words are cut and folded here (:func:`pipeline.search.tokens`), not by the database, so that both databases give the
same answers. An article is one list of words in which places count, for phrases::

    ¶harbour ¶ferry ¦ harbour ferry ¦ is the ferry back? ¦ … ¦ is·the §2c1f… §90ab…

The marks are explained where they are defined, in :mod:`pipeline.storage.fulltext`; no text holds them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, text

from pipeline.search import MOST_WORDS, short_pairs, tokens
from pipeline.storage.connection import reading, writing
from pipeline.storage.fulltext import GAP, HEADLINE, dialect_of, label_word
from pipeline.storage.labels import SINGLE, label, labels_of
from pipeline.storage.schema import article_authors, articles, authors, search_queue, versions
from pipeline.storage.statements import add

BATCH = 200
"""Articles of one transaction; it holds the write lock for some tenths of a second."""

LONGEST_HEADLINE = 100
"""Words of a headline that are indexed."""

MOST_PLACES = 255
"""Places of one word that are indexed; PostgreSQL keeps no more."""

MOST_LETTERS = 150_000
"""Letters of an article's words that are indexed; PostgreSQL takes a mebibyte of UTF-8."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ID_BITS = 31

LEADS = ("standfirst", "description")
TEXTS = ("headline", "blocks", "updates", "factboxes")
"""Columns of an article and of its version that hold its words."""

FILTERED = ("id", "listed_at", "source", "section", "language", "kind", "tags", "gone_at")
COLUMNS = (*(articles.c[name] for name in FILTERED + LEADS), *(versions.c[name] for name in TEXTS))


@dataclass(frozen=True, slots=True)
class Document:
    """An article as the index holds it. ``number``: see :func:`number_of`. ``headline``: folded, words in a row."""

    number: int
    headline: str
    words: list[str]


def number_of(listed_at: datetime, article_id: int = 0) -> int:
    """An article's number in the index: it rises with the minute the article is listed at, and then with its id."""
    return ((listed_at - EPOCH) // timedelta(minutes=1) << ID_BITS) + article_id


def number_behind(time: datetime) -> int:
    """A number behind those of all articles listed before a time, and of none but those of its minute."""
    return -((EPOCH - time) // timedelta(minutes=1)) << ID_BITS


def id_of(number: int) -> int:
    """The article of a number."""
    return number & ((1 << ID_BITS) - 1)


def minute_of(number: int) -> int:
    """The minute of a number."""
    return number >> ID_BITS


def enqueue(connection: Connection, ids: Iterable[int]) -> None:
    """Note that articles are written, in the transaction that writes them."""
    add(connection, search_queue, [{"article_id": id_} for id_ in ids])


def clear_index(connection: Connection) -> None:
    """Forget all words, and queue every article."""
    for statement in dialect_of(connection).clear:
        connection.execute(text(statement))
    connection.execute(delete(search_queue))
    connection.execute(insert(search_queue).from_select(["article_id"], select(articles.c.id).order_by(articles.c.id)))


def waiting(engine: Engine) -> int:
    """Number of articles in the queue; one that was written twice counts twice."""
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(search_queue)) or 0


def update_index(engine: Engine) -> Iterator[int]:
    """Work off the queue, one batch for each number of articles that is asked for."""
    while queued := _queued(engine):
        with reading(engine) as connection:
            documents = read_documents(connection, set(queued.values()))
        with writing(engine) as connection:
            _exchange(connection, queued, documents)
        yield len(documents)


def _queued(engine: Engine) -> dict[int, int]:
    """The head of the queue: article by place."""
    with reading(engine) as connection:
        rows = connection.execute(select(search_queue).order_by(search_queue.c.id).limit(BATCH))
        return {row.id: row.article_id for row in rows}


def _exchange(connection: Connection, queued: Mapping[int, int], documents: Mapping[int, Document]) -> None:
    """Put documents in the place of older ones, but for those that another process has put since they were read."""
    left = set(connection.scalars(select(search_queue.c.id).where(search_queue.c.id.in_(queued))))
    taken = set(queued.values()) - {queued[place] for place in queued.keys() - left}
    if not taken:
        return
    dialect = dialect_of(connection)
    connection.execute(text(dialect.prepare))
    old = dialect.any_of(label_word(label("id", article_id)) for article_id in taken)
    connection.execute(text(dialect.remove), {"question": old})
    new = [documents[article_id] for article_id in sorted(taken & documents.keys())]
    rows = [{"number": d.number, "headline": d.headline, "words": dialect.stored(d.words)} for d in new]
    if rows:
        connection.execute(text(dialect.insert), rows)
    done = [place for place in left if queued[place] in taken]
    connection.execute(delete(search_queue).where(search_queue.c.id.in_(done)))


def read_documents(connection: Connection, ids: Iterable[int]) -> dict[int, Document]:
    """What the index is to hold of articles, by id."""
    ids = list(ids)
    is_current = (versions.c.article_id == articles.c.id) & (versions.c.number == articles.c.version)
    written = select(article_authors.c.article_id, authors.c.name).join(authors)
    names: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(written.where(article_authors.c.article_id.in_(ids))):
        names[row.article_id].append(row.name)
    query = select(*COLUMNS).join_from(articles, versions, is_current).where(articles.c.id.in_(ids))
    return {row.id: _document(row, names[row.id]) for row in connection.execute(query)}


def texts_of(row: Row[*tuple[Any, ...]]) -> Iterator[str]:
    """The texts of an article but its headline."""
    yield row.standfirst or ""
    for block in row.blocks:
        yield block["text"]
    for update in row.updates or ():
        yield from (update["headline"], update["text"])
    for box in row.factboxes or ():
        yield from (box["title"], *box["lines"])
    yield row.description or ""


def _document(row: Row[*tuple[Any, ...]], names: Iterable[str]) -> Document:
    headline = tokens(row.headline)[:LONGEST_HEADLINE]
    words = [*(HEADLINE + word for word in headline), GAP, *headline]
    for said in texts_of(row):
        words += (GAP, *tokens(said))
    words = _bounded(words)
    pairs = dict.fromkeys([*(HEADLINE + pair for pair in short_pairs(headline)), *short_pairs(words)])
    return Document(number_of(row.listed_at, row.id), " ".join(headline), [*words, GAP, *pairs, *_labels(row, names)])


def _bounded(words: list[str]) -> list[str]:
    """As much of the words as PostgreSQL can hold, in their places."""
    words = words[:MOST_WORDS]
    while sum(map(len, words)) > MOST_LETTERS:
        words = words[: len(words) // 2]
    frequent = {word for word, count in Counter(words).items() if count > MOST_PLACES}
    if not frequent:
        return words
    seen: Counter[str] = Counter()
    for place, word in enumerate(words):
        if word in frequent:
            seen[word] += 1
            if seen[word] > MOST_PLACES:
                words[place] = GAP
    return words


def _labels(row: Row[*tuple[Any, ...]], names: Iterable[str]) -> Iterator[str]:
    """Words for all that articles are filtered by."""
    found = labels_of({name: getattr(row, name) for name in SINGLE}, row.tags, names) | {label("id", row.id)}
    if row.gone_at:
        found.add(label("gone", value=True))
    return map(label_word, sorted(found))
