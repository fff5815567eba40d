"""How fast ``newsloom replay`` is beside a bare loop over trafilatura, and how much memory it takes.

python -m tests.benchmarks.replay --pages 5000
python -m tests.benchmarks.replay --memory 5000 50000
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.pages import write_pages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=5000, help="pages to make (default: 5000)")
    parser.add_argument("--folder", type=Path, help="use the pages of this folder instead")
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
            compare_speed(Path(scratch), options.folder, options.pages)


def bare_loop(folder: Path) -> None:
    """Read every file and call trafilatura once: what the extraction costs without anything around it."""
    from trafilatura import bare_extraction  # noqa: PLC0415 - its import belongs to the time measured

    for path in sorted(folder.rglob("*.html")):
        bare_extraction(path.read_bytes(), with_metadata=True)


def compare_speed(scratch: Path, folder: Path | None, pages: int) -> None:
    folder = folder or made(scratch, pages)
    number = sum(1 for _ in folder.rglob("*.html"))
    bare = seconds([sys.executable, "-m", "tests.benchmarks.replay", "--bare", str(folder)])
    replay = seconds(replay_command(scratch / "speed.db", folder))
    print(f"{number:,} pages, {len(os.sched_getaffinity(0))} processors, whole processes from start to exit")
    print(f"  bare loop        {bare:7.1f} s  {number / bare:7.1f} pages/s")
    print(f"  newsloom replay  {replay:7.1f} s  {number / replay:7.1f} pages/s")
    print(f"  ratio            {bare / replay:7.2f}    (1 = as fast as the bare loop)")


def compare_memory(scratch: Path, sizes: list[int]) -> None:
    print("   pages  main MiB  largest worker MiB")
    for size in sizes:
        folder = made(scratch / str(size), size)
        main_peak, worker_peak = peaks(replay_command(scratch / f"{size}.db", folder))
        print(f"{size:8,}  {main_peak:8.0f}  {worker_peak:18.0f}", flush=True)


def made(folder: Path, number: int) -> Path:
    write_pages(folder / "pages", number)
    return folder / "pages"


def replay_command(database: Path, folder: Path) -> list[str]:
    return [sys.executable, "-m", "pipeline", "replay", "-s", f"DATABASE_URL=sqlite:///{database}", str(folder)]


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


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
