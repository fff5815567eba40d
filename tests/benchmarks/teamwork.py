"""Two runs that write into one PostgreSQL database while its server is restarted: is anything lost, or doubled?

python -m tests.benchmarks.teamwork [--articles 20000] [--restarts 6]

Two ``newsloom replay`` processes store two thirds of the articles each, in orders of their own, so that they meet in a
third of them; the server is restarted meanwhile, in turns as an administrator does it and as a crash. Each article has
to be there once, with one version, and both runs have to end well.
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from subprocess import CompletedProcess
from typing import Literal

from sqlalchemy import URL, Engine, Table, func, select

from pipeline.storage.connection import reading
from pipeline.storage.database import open_database, upgrade_database
from pipeline.storage.filters import ArticleFilter
from pipeline.storage.maintenance import check
from pipeline.storage.queries import list_articles
from pipeline.storage.retrying import retried
from pipeline.storage.schema import articles, versions
from tests import processes
from tests.benchmarks.pages import page
from tests.postgres import database_on, postgres_server, restart

FETCHED = "2026-01-02T03:04:05+00:00"
LONGEST = 3600.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of it. ``waited``: times that a run had to wait; ``faults``: of runs, and what ``db check`` finds."""

    saved: int
    lost: int
    doubled: int
    restarts: int
    waited: int
    seconds: float
    faults: list[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000, help="how many (default: 20000)")
    parser.add_argument("--restarts", type=int, default=6, help="of the server (default: 6)")
    options = parser.parse_args()
    with postgres_server() as server, database_on(server) as url, tempfile.TemporaryDirectory() as folder:
        figures = work_together(url, Path(folder), options.articles, options.restarts)
    print(f"{'saved':>9}{'lost':>9}{'doubled':>9}{'restarts':>9}{'waited':>9}{'seconds':>9}")
    print(f"{figures.saved:>9,}{figures.lost:>9,}{figures.doubled:>9,}{figures.restarts:>9}{figures.waited:>9}", end="")
    print(f"{figures.seconds:>9,.0f}")
    if figures.lost or figures.doubled or figures.faults:
        raise SystemExit("\n".join(["NOT AS IT SHOULD BE", *figures.faults]))


def work_together(url: URL, folder: Path, number: int, restarts: int) -> Figures:
    """Two runs and some restarts of the server of a new database; what came of it."""
    address = url.render_as_string(hide_password=False)
    upgrade_database(address)
    engine = open_database(address, patience=60)
    shares = {"a.jsonl": range(number * 2 // 3), "b.jsonl": range(number // 3, number)}
    files = [written(folder / name, share) for name, share in shares.items()]
    start = time.perf_counter()
    with ThreadPoolExecutor(len(files)) as pool:
        runs = [pool.submit(replay, file, address) for file in files]
        done = disturb(engine, runs, [number * count // (restarts + 1) for count in range(1, restarts + 1)])
    seconds = time.perf_counter() - start
    ended = [run.result() for run in runs]
    faults = [f"exit status {run.returncode}: {run.stderr}" for run in ended if run.returncode]
    found = [row.headline.rsplit(" ", 1)[1] for row in list_articles(engine, ArticleFilter())]
    figures = Figures(
        saved=len(found),
        lost=len(set(map(str, range(number))) - set(found)),
        doubled=len(found) - len(set(found)) + count(engine, versions) - len(found),
        restarts=done,
        waited=sum(run.stderr.count("the database is back") for run in ended),
        seconds=seconds,
        faults=faults + check(engine),
    )
    engine.dispose()
    return figures


def written(path: Path, numbers: Sequence[int]) -> Path:
    """A file of pages, in an order of its own."""
    shuffled = random.Random(path.name).sample(numbers, len(numbers))
    with path.open("w") as file:
        for number in shuffled:
            url = f"https://daily.example/{number}"
            file.write(json.dumps({"html": page(number), "url": url, "fetched_at": FETCHED}) + "\n")
    return path


def replay(file: Path, address: str) -> CompletedProcess[str]:
    environment = processes.clean_environment() | {"NEWSLOOM_DATABASE_URL": address}
    return processes.run(["replay", file], file.parent, environment, LONGEST)


def disturb(engine: Engine, runs: Sequence[Future[CompletedProcess[str]]], marks: Sequence[int]) -> int:
    """Restart the server each time that so many articles are stored; how often it was."""
    done = 0
    modes: Iterator[Literal["fast", "immediate"]] = cycle(("fast", "immediate"))
    for mark, mode in zip(marks, modes, strict=False):
        while retried(count)(engine, articles) < mark:
            if all(run.done() for run in runs):
                return done
            time.sleep(0.02)
        restart(engine.url, mode)
        done += 1
    return done


def count(engine: Engine, table: Table) -> int:
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


if __name__ == "__main__":
    main()
