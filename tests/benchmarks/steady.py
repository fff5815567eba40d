"""How fast ``newsloom replay`` runs once it runs, beside its worker pool alone, fed from memory and storing nothing.

python -m tests.benchmarks.steady --pages 1000 --folder FOLDER [--warc] [--workers 2] [--rounds 3]

The ratio tells what reading, Scrapy and storing cost: 1 is nothing. Both are measured from the 65th page on, which
leaves out the start, by the clock and by the CPU time of all processes. They take turns, and the best round counts.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

from pipeline.items import RawPage
from pipeline.pipelines import item_stored
from pipeline.spiders.files import Reading, read_pages
from pipeline.spiders.walk import Tally
from pipeline.workers import Limits, Workers
from tests.benchmarks.replay import copied, made, session_of

WARM = 64
"""Pages before the clocks start: as many as are in flight."""

LIMIT = 10 * 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000, help="how many (default: 1000)")
    parser.add_argument("--folder", type=Path, action="append", default=[], help="real pages instead of made-up ones")
    parser.add_argument("--warc", action="store_true", help="replay them from one WARC file")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)), help="default: one a processor")
    parser.add_argument("--rounds", type=int, default=3, help="how often both are run (default: 3)")
    parser.add_argument("--measure", choices=MEASURED, help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        MEASURED[options.measure](options.path, options.pages, options.workers)
        return
    with tempfile.TemporaryDirectory() as scratch:
        make = copied if options.folder else made
        path = make(Path(scratch, "pages"), options.pages, *options.folder)
        compare(packed(path) if options.warc else path, options)


def compare(path: Path, options: argparse.Namespace) -> None:
    load = os.getloadavg()[0]
    print(f"{options.pages:,} pages, {options.workers} workers, load before: {load:.1f}; ms a page by clock and CPU")
    best: dict[str, list[float]] = {}
    for _ in range(options.rounds):
        for name in MEASURED:
            cost = measured(name, path, options)
            print(f"  {name:<7} {cost[0]:7.2f} {cost[1]:7.2f}", flush=True)
            best[name] = list(map(min, cost, best.get(name, cost)))
    clock, cpu = (pool / replay for pool, replay in zip(best["pool"], best["replay"], strict=True))
    print(f"  ratio   {clock:7.2f} {cpu:7.2f}   (1 = as fast as the workers alone)")


def measured(name: str, path: Path, options: argparse.Namespace) -> list[float]:
    numbers = ["--pages", str(options.pages), "--workers", str(options.workers)]
    command = [sys.executable, "-m", "tests.benchmarks.steady", "--measure", name, "--path", str(path), *numbers]
    ended = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, start_new_session=True)
    return list(json.loads(ended.stdout))


def measure_pool(path: Path, number: int, workers: int) -> None:
    asyncio.run(feed(path, number, Workers(workers, Limits(deadline=60, memory=2048))))


async def feed(path: Path, number: int, workers: Workers) -> None:
    pages = [page for page in read_pages([str(path)], Reading(LIMIT, Tally())) if isinstance(page, RawPage)]
    done = clock(number)

    async def refine(page: RawPage) -> None:
        await workers.refine(page)
        done()

    try:
        await asyncio.gather(*(refine(page) for page in pages))
    finally:
        workers.close()


def measure_replay(path: Path, number: int, workers: int) -> None:
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "pipeline.settings")
    settings = get_project_settings()
    with tempfile.TemporaryDirectory() as scratch:
        settings.update({"DATABASE_URL": f"sqlite:///{scratch}/steady.db", "EXTRACTION_WORKERS": workers})
        process = AsyncCrawlerProcess(settings)
        crawler = process.create_crawler("files")
        done = clock(number)
        crawler.signals.connect(done, item_stored)
        process.crawl(crawler, paths=[str(path)])
        process.start()


MEASURED = {"pool": measure_pool, "replay": measure_replay}


def clock(number: int) -> Callable[[], None]:
    """What to call for each page that is done; after the last it prints the milliseconds of one, by clock and CPU."""
    done = 0
    start = (0.0, 0.0)

    def count() -> None:
        nonlocal done, start
        done += 1
        if done == WARM:
            start = now()
        elif done == number:
            print(json.dumps([(end - begin) / (number - WARM) * 1000 for begin, end in zip(start, now(), strict=True)]))

    return count


def now() -> tuple[float, float]:
    """Seconds by the clock, and of CPU in all processes of this session."""
    return time.perf_counter(), sum(map(processor_seconds_of, session_of(os.getpid())))


def processor_seconds_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:  # it ended meanwhile
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def packed(folder: Path) -> Path:
    """The pages of a folder as a WARC file."""
    path = folder.with_suffix(".warc.gz")
    with path.open("wb") as file:
        writer = GzipWriter(file)
        for number, page in enumerate(sorted(folder.rglob("*.html"))):
            record = WarcRecord()
            record.init_headers(WarcRecordType.response)
            record.record_date = datetime.now(UTC)
            record.headers["WARC-Target-URI"] = f"https://pages.example/{number}"
            record.headers["Content-Type"] = "application/http; msgtype=response"
            record.set_bytes_content(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page.read_bytes())
            record.write(writer, checksum_data=True)
            writer.finish()
    return path


if __name__ == "__main__":
    main()
