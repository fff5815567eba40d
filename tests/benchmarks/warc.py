"""Reading WARC files: how fast beside fastwarc, what a replay of them costs beside its workers, and memory.

python -m tests.benchmarks.warc --pages 5000                      made-up pages of 4 KB
python -m tests.benchmarks.warc --pages 1000 --folder FOLDER      pages of a set or folder, copied until enough

Readers take turns, and the best round counts. fastwarc hands on records that are cut or wrongly framed as whole; it is
the baseline for speed only. The replay is measured as ``tests.benchmarks.steady --warc`` does. Memory is what the main
process holds when a tenth of the pages is stored, and when all are.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from fastwarc.warc import ArchiveIterator
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

from pipeline.items import RawPage
from pipeline.pipelines import item_stored
from pipeline.spiders.files import Reading, read_pages
from pipeline.spiders.walk import Tally
from pipeline.warcfile import read_records
from tests.benchmarks import steady
from tests.benchmarks.replay import copied, made

LIMIT = 10 * 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=5000, help="how many (default: 5000)")
    parser.add_argument("--folder", type=Path, action="append", default=[], help="real pages instead of made-up ones")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)), help="default: one a processor")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is run (default: 3)")
    parser.add_argument("--memory", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory:
        measure_memory(options.memory, options.pages)
        return
    with tempfile.TemporaryDirectory() as scratch:
        make = copied if options.folder else made
        path = steady.packed(make(Path(scratch, "pages"), options.pages, *options.folder))
        compare_readers(path, options)
        steady.compare(path, options)
        command = [sys.executable, "-m", "tests.benchmarks.warc", "--pages", str(options.pages), "--memory", str(path)]
        held = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
        print(f"  memory  {held[0]:7.0f} {held[1]:7.0f}   MiB after a tenth of the pages, and after all")


def compare_readers(path: Path, options: argparse.Namespace) -> None:
    print(f"{options.pages:,} pages, {path.stat().st_size / 2**20:.0f} MiB; a second of CPU reads")
    rates = {
        name: max(rate(read, path, options.pages) for _ in range(options.rounds)) for name, read in READERS.items()
    }
    for name, found in rates.items():
        print(f"  {name:<24} {found:8,.0f}   {found / rates['fastwarc']:5.2f}")


def rate(read: Callable[[Path], int], path: Path, number: int) -> float:
    start = time.process_time()
    if read(path) != number:
        raise SystemExit(f"{read.__name__} has not found every page")
    return number / (time.process_time() - start)


def with_fastwarc(path: Path) -> int:
    """Records with their blocks."""
    with path.open("rb") as file:
        return sum(bool(record.reader.read()) for record in ArchiveIterator(file, parse_http=False))


def with_ours(path: Path) -> int:
    """The same."""
    with path.open("rb") as file:
        return sum(1 for _ in read_records(file, LIMIT, lambda _: True))


def as_pages(path: Path) -> int:
    """Pages, with digests checked and encodings off, as a replay hands them on."""
    return sum(isinstance(page, RawPage) for page in read_pages([str(path)], Reading(LIMIT, Tally())))


READERS = {"fastwarc": with_fastwarc, "newsloom, records": with_ours, "newsloom, pages": as_pages}


def measure_memory(path: Path, number: int) -> None:
    """Print what this process holds after a tenth of the pages and after all."""
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "pipeline.settings")
    held: list[float] = []
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        if done in (number // 10, number):
            held.append(resident())

    with tempfile.TemporaryDirectory() as scratch:
        settings = get_project_settings()
        settings.set("DATABASE_URL", f"sqlite:///{scratch}/memory.db")
        process = AsyncCrawlerProcess(settings)
        crawler = process.create_crawler("files")
        crawler.signals.connect(count, item_stored)
        process.crawl(crawler, paths=[str(path)])
        process.start()
    print(json.dumps(held))


def resident() -> float:
    """MiB of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
