"""How fast ``newsloom replay`` is beside a bare loop over trafilatura, and how much memory it takes.

python -m tests.benchmarks.replay --pages 5000                      made-up pages of 4 KB
python -m tests.benchmarks.replay --pages 1000 --folder FOLDER      pages of a set or folder, copied until enough
python -m tests.benchmarks.replay --memory 5000 50000

Both are whole processes, from start to exit. They take turns, and the best round counts: other processes
on the machine only ever slow one down. CPU seconds are those of all processes together.
"""

import argparse
import ctypes
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Self

from tests.benchmarks.pages import write_pages
from tests.benchmarks.sets import read_pages

ADOPT_ORPHANS = 36  # prctl(2): PR_SET_CHILD_SUBREAPER
SITE = re.compile(rb"(https?:\\?/\\?/)(?!(?:www\.)?schema\.org|www\.w3\.org|ogp\.me)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=5000, help="how many (default: 5000)")
    parser.add_argument("--folder", type=Path, action="append", default=[], help="real pages instead of made-up ones")
    parser.add_argument("--rounds", type=int, default=3, help="how often both are run (default: 3)")
    parser.add_argument("--memory", type=int, nargs="+", metavar="PAGES", help="measure memory for these numbers")
    parser.add_argument("--bare", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.bare:
        bare_loop(options.bare)
        return
    with tempfile.TemporaryDirectory() as scratch:
        if options.memory:
            compare_memory(Path(scratch), options.memory)
        else:
            make = copied if options.folder else made
            compare_speed(Path(scratch), make(Path(scratch, "pages"), options.pages, *options.folder), options.rounds)


def bare_loop(folder: Path) -> None:
    """Read every file and call trafilatura once: what the extraction costs without anything around it."""
    from trafilatura import bare_extraction  # noqa: PLC0415 - its import belongs to the time measured

    for path in sorted(folder.rglob("*.html")):
        bare_extraction(path.read_bytes(), with_metadata=True)


@dataclass(frozen=True, slots=True, order=True)
class Cost:
    """Seconds by the clock and of all processors."""

    wall: float
    cpu: float

    @classmethod
    def of(cls, command: list[str]) -> Self:
        """Run a command, and wait for every process it leaves behind."""
        ctypes.CDLL(None).prctl(ADOPT_ORPHANS, 1)
        before, start = processor_seconds(), time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        wall = time.perf_counter() - start
        while ended_orphan():
            pass
        return cls(wall, processor_seconds() - before)


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ended_orphan() -> bool:
    try:
        os.wait()
    except ChildProcessError:
        return False
    return True


def compare_speed(scratch: Path, folder: Path, rounds: int) -> None:
    number = sum(1 for _ in folder.rglob("*.html"))
    print(f"{number:,} pages, {len(os.sched_getaffinity(0))} processors, load before: {os.getloadavg()[0]:.1f}")
    costs: list[tuple[Cost, Cost]] = []
    for turn in range(rounds):
        bare = Cost.of([sys.executable, "-m", "tests.benchmarks.replay", "--bare", str(folder)])
        costs.append((bare, Cost.of(replay_command(scratch / f"{turn}.db", folder))))
        print(f"  round {turn + 1}: bare {_shown(costs[-1][0])}, replay {_shown(costs[-1][1])}", flush=True)
    bare, replay = (min(one) for one in zip(*costs, strict=True))
    print(f"  bare loop        {bare.wall:7.1f} s  {number / bare.wall:7.1f} pages/s")
    print(f"  newsloom replay  {replay.wall:7.1f} s  {number / replay.wall:7.1f} pages/s")
    print(f"  ratio            {bare.wall / replay.wall:7.2f}    (1 = as fast as the bare loop)")
    least = [min(cost.cpu for cost in one) for one in zip(*costs, strict=True)]
    print(f"  CPU              {least[1] / least[0]:7.2f}    (1 = as much as the bare loop)")


def _shown(cost: Cost) -> str:
    return f"{cost.wall:.1f} s ({cost.cpu:.1f} s CPU)"


def compare_memory(scratch: Path, sizes: list[int]) -> None:
    print("   pages  main MiB  largest worker MiB")
    for size in sizes:
        folder = made(scratch / str(size), size)
        main_peak, worker_peak = peaks(replay_command(scratch / f"{size}.db", folder))
        print(f"{size:8,}  {main_peak:8.0f}  {worker_peak:18.0f}", flush=True)


def made(folder: Path, number: int) -> Path:
    write_pages(folder, number)
    return folder


def copied(folder: Path, number: int, *folders: Path) -> Path:
    """The pages of ``folders``, and copies of them at other sites with other words, so that each is an article."""
    originals = [page.body for page in read_pages(folders)]
    folder.mkdir()
    for index, body in enumerate(islice(cycle(originals), number)):
        copy = str(index // len(originals)).encode()
        page = SITE.sub(rb"\1copy" + copy + b".", body).replace(b"</p>", b" " + copy + b"</p>")
        (folder / f"page-{index:06}.html").write_bytes(page)
    return folder


def replay_command(database: Path, folder: Path) -> list[str]:
    return [sys.executable, "-m", "pipeline", "replay", "-s", f"DATABASE_URL=sqlite:///{database}", str(folder)]


def peaks(command: list[str]) -> tuple[float, float]:
    """Peak resident MiB of the main process and of its largest worker."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    highest: dict[int, float] = {}
    while process.poll() is None:
        for pid in session_of(process.pid):
            highest[pid] = max(highest.get(pid, 0.0), peak_of(pid))
        time.sleep(0.2)
    if process.returncode:
        raise SystemExit(f"replay ended with status {process.returncode}")
    return highest.pop(process.pid), max(highest.values(), default=0.0)


def session_of(leader: int) -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and is_in_session(int(name), leader)]  # noqa: PTH208 - only names are wanted


def is_in_session(pid: int, leader: int) -> bool:
    try:
        return os.getsid(pid) == leader
    except ProcessLookupError:
        return False


def peak_of(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:  # it ended meanwhile
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)


if __name__ == "__main__":
    main()
