"""How SQLite (FTS5) and PostgreSQL (tsvector) keep the words of articles and are asked for them, side by side.

Neither cuts or folds words itself. FTS5's tokenizer ``ascii`` parts ours at the spaces between them, and a tsvector is
written out, every word with its places.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from pipeline.search import Query, Term, short_pairs

HEADLINE = "¶"
"""Begins a word of the headline."""

LABEL = "§"
"""Begins the word of a label."""

GAP = "¦"
"""Stands between texts, so that no phrase runs on from one to the next."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a database calls things.

    ``find``: the statement for numbers and headlines of articles, the newest first. ``find_phrases``: the same for a
    question with phrases; ``rough`` asks for their words wherever these stand. ``clear``: what empties the index.
    ``stored``: the words of an article as one value.
    """

    quote: str
    next: str
    beginning: str
    both: str
    either: str
    without: str
    prepare: str
    find: str
    find_phrases: str
    insert: str
    remove: str
    clear: tuple[str, ...]
    stored: Callable[[Sequence[str]], str]

    def question(self, query: Query, labels: Iterable[str] = (), mark: str = "") -> str:
        """All that is wanted and none that is not; ``mark``: what each wanted word begins with."""
        wanted = [self._term(term, mark) for term in query.wanted]
        asked = f"({self.both.join([*wanted, *map(self._word, labels)])})"
        unwanted = self.either.join(map(self._term, query.unwanted))
        return f"{asked}{self.without}({unwanted})" if unwanted else asked

    def any_of(self, words: Iterable[str]) -> str:
        """At least one of the words."""
        return self.either.join(map(self._word, words))

    def _term(self, term: Term, mark: str = "") -> str:
        words = self.next.join(self._word(mark + word) for word in term.words)
        return f"({words}{self.beginning if term.prefix else ''})"

    def _word(self, word: str) -> str:
        return f"{self.quote}{word}{self.quote}"  # no word holds a quote


def rough(query: Query) -> Query:
    """A query that finds what ``query`` does and more: the words of phrases, and their short pairs, stand anywhere."""
    unwanted = tuple(term for term in query.unwanted if len(term.words) == 1)
    return Query(tuple(part for term in query.wanted for part in _parts(term)), unwanted)


def _parts(term: Term) -> Iterator[Term]:
    *whole, last = term.words
    yield from (Term((word,)) for word in whole)
    yield Term((last,), term.prefix)
    yield from (Term((pair,)) for pair in short_pairs(whole if term.prefix else term.words))


def label_word(label: int) -> str:
    """The word that stands for a label, see :mod:`pipeline.storage.labels`."""
    return f"{LABEL}{label % 2**64:016x}"


def dialect_of(connection: Connection) -> Dialect:
    """That of the database connected to."""
    return SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL


def _vector(words: Sequence[str]) -> str:
    places: dict[str, list[str]] = defaultdict(list)
    for place, word in enumerate(words, 1):
        places[word].append(str(place))
    places.pop(GAP, None)
    return " ".join(f"'{word}':{','.join(at)}" for word, at in places.items())


_FIND = """
    SELECT rowid AS number, headline FROM search_index
    WHERE search_index MATCH :question AND rowid BETWEEN :first AND :last ORDER BY rowid DESC LIMIT :most
"""

SQLITE = Dialect(
    quote='"',
    next=" + ",
    beginning=" *",
    both=" AND ",
    either=" OR ",
    without=" NOT ",
    prepare="SELECT 1",
    find=_FIND,
    find_phrases=_FIND,
    insert="INSERT INTO search_index (rowid, headline, words) VALUES (:number, :headline, :words)",
    remove="""
        DELETE FROM search_index WHERE rowid IN (SELECT rowid FROM search_index WHERE search_index MATCH :question)
    """,
    clear=(
        "DROP TABLE search_index",
        """
            CREATE VIRTUAL TABLE search_index
            USING fts5 (headline UNINDEXED, words, tokenize = 'ascii', columnsize = 0)
        """,
    ),
    stored=" ".join,
)

POSTGRESQL = Dialect(
    quote="'",
    next=" <-> ",
    beginning=":*",
    both=" & ",
    either=" | ",
    without=" & !",
    # It takes a look at an article's words for free, and would look at those of every article: they lie in a table of
    # their own, and are costly to fetch. A common word stands in tens of thousands of rows, which are sorted in memory.
    prepare="""
        SELECT set_config('enable_seqscan', 'off', true), set_config('plan_cache_mode', 'force_custom_plan', true),
        set_config('jit', 'off', true), set_config('work_mem', '32MB', true),
        set_config('max_parallel_workers_per_gather', '0', true)
    """,
    # "+ 0" hides the primary key from it, along which it would look at the words of one article after the other.
    find="""
        SELECT number, headline FROM search_index
        WHERE words @@ CAST(:question AS tsquery) AND number + 0 BETWEEN :first AND :last
        ORDER BY number + 0 DESC LIMIT :most
    """,
    # Its index knows no places: those are looked up for one article after the other, the newest first, until there
    # are enough.
    find_phrases="""
        SELECT number, headline FROM (
            SELECT number, number + 0 AS place, headline, words FROM search_index
            WHERE words @@ CAST(:rough AS tsquery) AND number + 0 BETWEEN :first AND :last
            ORDER BY place DESC OFFSET 0
        ) AS found
        WHERE words @@ CAST(:question AS tsquery) ORDER BY place DESC LIMIT :most
    """,
    insert="INSERT INTO search_index (number, headline, words) VALUES (:number, :headline, CAST(:words AS tsvector))",
    remove="DELETE FROM search_index WHERE words @@ CAST(:question AS tsquery)",
    clear=("TRUNCATE search_index",),
    stored=_vector,
)
