"""A week of thirty sites in half an hour: what a scheduler finds, whom it asks how often, what it tells of faults.

python -m tests.benchmarks.week [--sites 30] [--days 7] [--warm-up 14] [--seed 1] [--restarts 16] [--keep FOLDER]

Sites on loopback hosts publish, each in its own rhythm. After ``--warm-up`` days more than half of them meet a fault.
The service behind ``newsloom schedule`` works in a process that is ended and killed again and again, sometimes in the
middle of a run; its clock jumps whenever it has nothing to do. What it owes is checked at the end; exit status 1 where
something is wrong.
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
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import tomli_w

from tests.benchmarks.week_clock import START, Clock
from tests.benchmarks.week_faults import planted
from tests.benchmarks.week_notices import desk
from tests.benchmarks.week_report import report
from tests.benchmarks.week_world import DAY, MINUTE, Outlet, world
from tests.newssite import Web, hosts
from tests.processes import ROOT, clean_environment

PATIENCE = 300.0
"""Real seconds without a request after which the scheduler is taken to hang."""

DOWN = (1 * MINUTE, 30 * MINUTE)
"""How long nobody is at work after a kill."""


@dataclass(slots=True)
class Newsroom:
    """The scheduler's process, and what is done to it. ``kills``: on the clock of ``time.monotonic``."""

    folder: Path
    clock: Clock
    outlets: list[Outlet]
    arguments: list[str]
    chance: random.Random
    process: subprocess.Popen[bytes] = field(init=False)
    kills: list[float] = field(default_factory=list)
    ended: int = 0
    faults: list[str] = field(default_factory=list)

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.week_service", *self.arguments]
        with self.log.open("ab") as log:
            environment = clean_environment() | {"PYTHONPATH": str(ROOT)}
            self.process = subprocess.Popen(command, cwd=self.folder, env=environment, stderr=log, process_group=0)

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def write(self, outlets: list[Outlet], more: str = "") -> None:
        """The sources file."""
        text = "\n".join(f"[[source]]\n{tomli_w.dumps(outlet.entry())}" for outlet in outlets)
        (self.folder / "sources.toml").write_text(text + more, encoding="utf-8")

    def wait_until(self, moment: datetime) -> None:
        """Let it work until a virtual time, or its end. Where it ended by itself, that is a fault."""
        asked, since = 0, time.monotonic()
        while self.clock.now() < moment:
            time.sleep(0.005)
            if (status := self.process.poll()) is not None:
                if status == 0:
                    return
                self.faults.append(f"{self.clock.now():%d %H:%M}: it ended with status {status}")
                self.start()
            if asked != (asked := sum(len(outlet.requests) for outlet in self.outlets)):
                since = time.monotonic()
            if time.monotonic() - since > PATIENCE:
                raise RuntimeError(f"the scheduler hangs: {self.log.read_text('utf-8')[-2000:]}")

    def end(self) -> None:
        """End it in good order."""
        self.process.send_signal(signal.SIGTERM)
        if status := self.process.wait(PATIENCE):
            self.faults.append(f"{self.clock.now():%d %H:%M}: status {status} after SIGTERM")
        self.ended += 1
        self._begin_again()

    def kill(self) -> None:
        """Kill it with all its processes."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.kills.append(time.monotonic())
        self._begin_again()

    def in_a_run(self, act: Callable[[], None]) -> None:
        """Do something while a host is being asked."""
        since = time.monotonic()
        while not any(outlet.site.at_once for outlet in self.outlets) and time.monotonic() - since < PATIENCE:
            time.sleep(0.001)
        act()

    def reread(self) -> None:
        """Have it read a sources file that is no good, and then one with another source."""
        self.outlets[-1].known_from = self.clock.now()
        self.write(self.outlets, '\n[[source]]\nurl = "no address"\n')
        self._signal("the sources stay as they were")
        self.write(self.outlets)
        self._signal("read anew")

    def _begin_again(self) -> None:
        self.clock.pass_over(self.chance.uniform(*(span / MINUTE for span in DOWN)) * MINUTE)
        self.start()

    def _signal(self, answer: str) -> None:
        said, since = self.log.read_text("utf-8").count(answer), time.monotonic()
        self.process.send_signal(signal.SIGHUP)
        while self.log.read_text("utf-8").count(answer) == said:
            time.sleep(0.05)
            if time.monotonic() - since > PATIENCE:
                raise RuntimeError(f"SIGHUP: not a word of {answer!r}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=30)
    parser.add_argument("--days", type=float, default=7.0, help="with faults (default: 7)")
    parser.add_argument("--warm-up", type=float, default=14.0, help="days without (default: 14)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--restarts", type=int, default=16, help="half of them kills (default: 16)")
    parser.add_argument("--keep", type=Path, help="a new folder for database and log (default: a temporary one)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, hosts() as web:
        folder = options.keep or Path(scratch) / "week"
        folder.mkdir()
        sys.exit(not week(folder, web, options))


def week(folder: Path, web: Web, options: argparse.Namespace) -> bool:
    """Whether all is well."""
    chance, begun = random.Random(options.seed), time.monotonic()
    faulty = START + options.warm_up * DAY
    end = faulty + options.days * DAY
    clock = Clock.set_to(START, folder / "clock")
    outlets = world(web, clock, planted(options.sites, faulty, options.days, chance), chance, end)
    allowed = ",".join(f"127.0.0.1:{outlet.site.port}" for outlet in outlets)
    with desk(clock) as taken:
        arguments = [str(folder / "clock"), end.isoformat(), allowed, taken.address]
        room = Newsroom(folder, clock, outlets, arguments, chance)
        room.write(outlets[:-1])
        room.start()
        try:
            for moment, act in sorted(events(room, web, end, options.restarts), key=lambda event: event[0]):
                room.wait_until(moment)
                act()
            room.wait_until(end)
            room.process.wait(PATIENCE)
        finally:
            room.process.kill()
    return report(room, taken.taken, faulty, end, time.monotonic() - begun)


def events(room: Newsroom, web: Web, end: datetime, restarts: int) -> Iterator[tuple[datetime, Callable[[], None]]]:
    """What happens when, besides what the sites do."""
    for day in range((end - START).days):
        yield START + day * DAY, partial(print, f"day {day}", file=sys.stderr)
    yield START + (end - START) / 10, room.reread
    for n in range(restarts):
        act = room.end if n % 2 else room.kill
        yield START + room.chance.random() * (end - START), act if n % 4 < 2 else partial(room.in_a_run, act)
    for outlet in room.outlets:
        if outlet.fault and outlet.fault.refuses:
            yield outlet.fault.at, partial(web.shut, outlet.site)


if __name__ == "__main__":
    main()
