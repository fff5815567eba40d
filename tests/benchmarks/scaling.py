"""Pages a second through the worker pool with one, two … workers, and the ratio to one.

python -m tests.benchmarks.scaling FOLDER... [--workers 1 2 4]      pages of sets, or of folders with HTML files
python -m tests.benchmarks.scaling                                  made-up pages

The pages are in memory and wait for a free worker; starting the workers is not timed. The numbers of workers take
turns, round by round, and the best round counts: other processes on the machine only ever slow one down.
"""

import argparse
import asyncio
import os
import time
from collections.abc import Sequence
from pathlib import Path

from pipeline.items import Article, RawPage
from pipeline.workers import Limits, Workers
from tests.benchmarks.sets import read_pages
from tests.benchmarks.tools import quieten

_LIMITS = Limits(deadline=60, memory=2048)
_WARM = 20  # pages for each worker before the clock starts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", metavar="FOLDER")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], metavar="N", help="default: 1 2; 0 is none")
    parser.add_argument("--rounds", type=int, default=3, help="how often every number is run (default: 3)")
    options = parser.parse_args()
    quieten()
    pages = read_pages(options.folders)
    print(f"{len(pages)} pages, {len(os.sched_getaffinity(0))} processors, load before: {os.getloadavg()[0]:.1f}")
    rates: dict[int, list[float]] = {count: [] for count in options.workers}
    for _ in range(options.rounds):
        for count in options.workers:
            rates[count].append(asyncio.run(rate(pages, count)))
    show(rates)


async def rate(pages: Sequence[RawPage], count: int) -> float:
    """Pages a second with so many workers."""
    workers = Workers(count, _LIMITS)
    try:
        await _refine_all(workers, pages[: _WARM * max(count, 1)])
        start = time.perf_counter()
        articles = await _refine_all(workers, pages)
        elapsed = time.perf_counter() - start
    finally:
        workers.close()
    if not articles:
        raise SystemExit("no page became an article: nothing was measured")
    return len(pages) / elapsed


async def _refine_all(workers: Workers, pages: Sequence[RawPage]) -> int:
    """Number of articles among the pages."""
    outcomes = await asyncio.gather(*(workers.refine(page) for page in pages))
    return sum(isinstance(outcome, Article) for outcome in outcomes)


def show(rates: dict[int, list[float]]) -> None:
    base = max(rates.get(1) or next(iter(rates.values())))
    print(f"{'workers':>8}{'pages/s':>10}{'ratio':>8}   each round")
    for count, found in rates.items():
        rounds = " ".join(f"{one:.1f}" for one in found)
        print(f"{count:>8}{max(found):>10.1f}{max(found) / base:>8.2f}   {rounds}")


if __name__ == "__main__":
    main()
