"""What ``kill -9`` costs: crawls and replays killed at random moments, again and again, until one comes to its end.

python -m tests.benchmarks.killing --kills 300
python -m tests.benchmarks.killing --kills 100 --restarts     of the PostgreSQL server under a run, which is not killed

A world of our own on the loopback interface is crawled; or its pages are replayed, from a folder and from WARC files.
Each run is killed with all its workers, mostly soon after it has stored something. Once a run has lived to its end
everything is looked at, archive, index, database and what the hosts were asked; and the next round begins with nothing.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, func, make_url, select

from pipeline.errors import StorageError
from pipeline.storage.connection import connect, reading
from pipeline.storage.database import upgrade_database
from pipeline.storage.schema import articles, captures, rejections
from tests.benchmarks.killing_checks import Findings, State, findings_of, state_of
from tests.benchmarks.killing_world import World
from tests.crawling import Newsroom
from tests.newssite import hosts
from tests.postgres import database_on, postgres_server, restart
from tests.processes import ROOT

Start = Callable[[Path, str], subprocess.Popen[str]]

Disturb = Callable[["Job", Path, str, float], tuple[int, int]]
"""Brings a job to its end under disturbances; how many there were, and how many runs."""

HEADINGS = ("rounds", "kills", "runs", "pages", "lost", "doubled", "findings")
KEPT = (captures, articles, rejections)
SHOWN = 40
"""Findings of one kind that are printed."""

PATIENCE = 300.0
"""Seconds after which a run that nobody killed is taken to hang."""


@dataclass(slots=True)
class Figures:
    """What the rounds of one kind came to. ``runs``: those that were killed and those that came to their end."""

    rounds: int = 0
    kills: int = 0
    runs: int = 0
    pages: int = 0
    found: Findings = field(default_factory=Findings)

    def row(self, name: str) -> str:
        numbers = (self.rounds, self.kills, self.runs, self.pages)
        found = (len(self.found.lost), len(self.found.doubled), len(self.found.others))
        return f"{name:<16}" + "".join(f"{number:>9,}" for number in (*numbers, *found))


@dataclass(frozen=True, slots=True)
class Job:
    """A command to be killed. ``world``: what it crawls, None for a replay.

    ``life``: how long a run lives on average after it has stored something, as a part of the time that all of it takes.
    """

    name: str
    start: Start
    life: float
    world: World | None = None

    def run(self, folder: Path, url: str) -> float:
        """Once, to its end; the seconds it took."""
        begun = time.monotonic()
        process = self.start(folder, url)
        _, told = process.communicate(timeout=PATIENCE)
        if process.returncode:
            raise RuntimeError(f"{self.name}: exit status {process.returncode}: {told}")
        return time.monotonic() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=300, help="of each kind, at least (default: 300)")
    parser.add_argument("--pages", type=int, default=300, help="of the world, about (default: 300)")
    parser.add_argument("--seed", type=int, default=1, help="of the moments (default: 1)")
    parser.add_argument("--only", choices=["crawl", "folder", "warc"], nargs="+", help="kinds (default: all)")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    parser.add_argument("--restarts", action="store_true", help="restart the PostgreSQL server, kill no run")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    disturb = partial(restarted if options.restarts else killed, chance)
    with (
        tempfile.TemporaryDirectory() as scratch,
        databases(postgres=options.postgres or options.restarts) as database,
    ):
        print(f"{'':<16}" + "".join(f"{word:>9}" for word in HEADINGS))
        for job in jobs(Path(scratch), options.pages, options.only or ["crawl", "folder", "warc"]):
            figures = rounds(job, Path(scratch), database, options.kills, disturb)
            print(figures.row(job.name), flush=True)
            for line in (*figures.found.lost, *figures.found.doubled, *figures.found.others)[:SHOWN]:
                print(f"  {line:.300}")


def rounds(job: Job, scratch: Path, database: Callable[[Path], str], kills: int, disturb: Disturb) -> Figures:
    """Rounds of a job until it was disturbed so often."""
    figures = Figures()
    undisturbed, length = reference(job, scratch / job.name / "whole", database)
    while figures.kills < kills:
        folder = scratch / job.name / str(figures.rounds)
        url = database(folder)
        if job.world:
            job.world.reset()
        disturbed, runs = disturb(job, folder, url, length)
        figures.kills += disturbed
        figures.runs += runs
        figures.rounds += 1
        state = state_of(folder, url)
        figures.pages += len(state.captured if job.world else state.articles)
        figures.found.add(f"round {figures.rounds}", findings_of(state, undisturbed, job.world))
    return figures


def reference(job: Job, folder: Path, database: Callable[[Path], str]) -> tuple[State, float]:
    """What a run leaves that nobody disturbed, and the seconds it takes."""
    url = database(folder)
    if job.world:
        job.world.reset()
    length = job.run(folder, url)
    state = state_of(folder, url)
    found = findings_of(state, state, job.world)
    if found.lost or found.doubled or found.others:
        raise RuntimeError(f"{job.name}: not even an undisturbed run is clean: {found}")
    return state, length


def killed(chance: random.Random, job: Job, folder: Path, url: str, length: float) -> tuple[int, int]:
    """Runs of a job until one comes to its end, all others killed."""
    kills = 0
    while kill(job.start(folder, url), url, chance, length, job.life):
        kills += 1
    return kills, kills + 1


def restarted(chance: random.Random, job: Job, folder: Path, url: str, length: float) -> tuple[int, int]:
    """One run, during which the server is restarted, in good order or as after a crash."""
    process, restarts = job.start(folder, url), 0
    wait_for_progress(process, url)
    while process.poll() is None:
        try:
            process.communicate(timeout=chance.uniform(0, length / 4))
        except subprocess.TimeoutExpired:
            restart(make_url(url), chance.choice(("fast", "immediate")))
            restarts += 1
    if process.returncode:
        raise RuntimeError(f"{job.name}: exit status {process.returncode}: {process.communicate()[1]}")
    return restarts, 1


def kill(process: subprocess.Popen[str], url: str, chance: random.Random, length: float, life: float) -> bool:
    """Kill a run and its workers; False: it had come to its end.

    One in four is killed whenever it may be, the others after something of theirs was stored, some of them too late.
    """
    early = chance.random() < 1 / 4
    seconds = chance.uniform(0, length) if early else chance.expovariate(1 / (life * length))
    if not early:
        wait_for_progress(process, url)
    try:
        _, told = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return True
    if process.returncode:
        raise RuntimeError(f"exit status {process.returncode}: {told}")
    return False


def wait_for_progress(process: subprocess.Popen[str], url: str) -> None:
    """Wait until a run has stored something, or is over."""
    engine = connect(url)
    before, deadline = stored(engine), time.monotonic() + PATIENCE
    while process.poll() is None and stored(engine) == before:
        if time.monotonic() > deadline:
            os.killpg(process.pid, signal.SIGKILL)
            raise RuntimeError("the run hangs")
        time.sleep(0.02)
    engine.dispose()


def stored(engine: Engine) -> int:
    """Pages that are archived or stored so far; 0 while there is no database, which must not be made by looking."""
    if engine.dialect.name == "sqlite" and not Path(f"{engine.url.database}-wal").exists():
        return 0
    try:
        with reading(engine) as connection:
            counts = (connection.scalar(select(func.count()).select_from(table)) for table in KEPT)
            return sum(count or 0 for count in counts)
    except StorageError:
        return 0


def jobs(scratch: Path, pages: int, names: list[str]) -> Iterator[Job]:
    with hosts() as web:
        world = World(Newsroom(scratch, web), pages)
        if "crawl" in names:
            yield Job("crawl", world.crawl, 0.05, world)
        if "folder" in names:
            yield Job("replay of files", replay(world.write_files(scratch / "files")), 0.3)
        if "warc" in names:
            yield Job("replay of WARC", replay(world.write_warc(scratch / "warc")), 0.3)


def replay(files: Path) -> Start:
    def start(folder: Path, url: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "pipeline", "replay", str(files), "-s", f"DATABASE_URL={url}"],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )

    return start


@contextmanager
def databases(*, postgres: bool) -> Iterator[Callable[[Path], str]]:
    """What makes a folder with a database of its own, and gives the database's address."""
    with ExitStack() as ended:
        server = ended.enter_context(postgres_server()) if postgres else None

        def database(folder: Path) -> str:
            folder.mkdir(parents=True)
            if server is None:
                return f"sqlite:///{folder}/newsloom.db"
            address = ended.enter_context(database_on(server)).render_as_string(hide_password=False)
            upgrade_database(address)
            return address

        yield database


if __name__ == "__main__":
    main()
