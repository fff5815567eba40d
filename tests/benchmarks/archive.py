"""What archiving a page costs, in CPU time and bytes, beside plain warcio; and what an export takes.

python -m tests.benchmarks.archive FOLDER...            pages of sets or folders, sent as servers do (gzip, level 6)
python -m tests.benchmarks.archive                      300 small made-up pages

``archive`` is the whole way of a crawl: records, file with fsync, index in SQLite; ``records`` only makes the records.
``warcio`` writes the same three records with its WARCWriter as .warc.gz, without fsync and index. They take turns,
batch by batch, and of the repeats the fastest counts: other processes only ever add.
"""

import argparse
import gzip
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from backports import zstd
from warcio.statusandheaders import StatusAndHeadersParser
from warcio.warcwriter import WARCWriter

from pipeline.items import Exchange, RawPage
from pipeline.storage import warc_export
from pipeline.storage.archive import Archive
from pipeline.storage.captures import Capture, CaptureFilter, read_captures
from pipeline.storage.database import open_database
from pipeline.storage.provenance import provenance_block
from pipeline.storage.warc import page_records, payload_digest
from tests.benchmarks.sets import name_of, read_pages

BATCH = 32
"""Pages that a crawl writes at a time, at most."""

NOW = datetime(2026, 11, 22, tzinfo=UTC)
Write = Callable[[Sequence[RawPage]], int]
"""Archives some pages; bytes written."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", metavar="FOLDER")
    parser.add_argument("--repeats", type=int, default=3, help="how often all is written (default: 3)")
    options = parser.parse_args()
    sets = {name_of(folder): read_pages([folder]) for folder in options.folders} or {"made-up pages": read_pages([])}
    for name, found in sets.items():
        pages = [sent(page, number) for number, page in enumerate(found)]
        size = sum(len(page.body) for page in pages)
        wire = sum(len(page.exchange.body) for page in pages if page.exchange)
        print(f"{name}: {len(pages)} pages, {size // len(pages):,} bytes each, {wire // len(pages):,} as sent")
        with tempfile.TemporaryDirectory() as scratch:
            compare_writers(pages, options.repeats, Path(scratch))
            measure_exports(pages, Path(scratch, "exported"))


def sent(page: RawPage, number: int) -> RawPage:
    """The page as a crawl has it, at an address of its own."""
    parts = urlsplit(page.url)
    url = f"{page.url}#{number}" if parts.netloc else f"https://pages.example/{number}"
    request = (
        f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: gzip\r\nUser-Agent: newsloom\r\n\r\n"
    )
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\nServer: nginx\r\n\r\n"
    )
    exchange = Exchange(request.encode(), head.encode(), gzip.compress(page.body, 6, mtime=0), "192.0.2.1")
    source = parts.hostname or "pages"
    return replace(page, url=url, final_url=url, fetched_at=NOW, status=200, source=source, exchange=exchange)


def compare_writers(pages: Sequence[RawPage], repeats: int, scratch: Path) -> None:
    """Milliseconds and bytes of each way to archive a page."""
    spent: dict[str, list[float]] = {}
    written: dict[str, int] = {}
    for repeat in range(repeats):
        ways = writers(scratch / str(repeat))
        seconds = dict.fromkeys(ways, 0.0)
        written = dict.fromkeys(ways, 0)
        for batch in batches(pages):
            for name, write in ways.items():
                began = time.process_time()
                written[name] += write(batch)
                seconds[name] += time.process_time() - began
        for name, total in seconds.items():
            spent.setdefault(name, []).append(total)
    print(f"{'':24}{'ms CPU a page':>14}{'ratio':>8}{'bytes a page':>14}{'ratio':>8}")
    for name, totals in spent.items():
        cost, size = min(totals), written[name]
        row = (1000 * cost / len(pages), cost / min(spent["warcio"]), size // len(pages), size / written["warcio"])
        print(f"{name:24}{row[0]:>14.2f}{row[1]:>8.2f}{row[2]:>14,}{row[3]:>8.2f}")


def writers(scratch: Path) -> dict[str, Write]:
    """The ways, each with files of its own."""
    scratch.mkdir(parents=True)
    archive = Archive(scratch / "archive", open_database(f"sqlite:///{scratch}/index.db"))
    return {"archive": storing(archive, scratch / "archive"), "records": packing, "warcio": warcio_writing(scratch)}


def storing(archive: Archive, folder: Path) -> Write:
    def write(batch: Sequence[RawPage]) -> int:
        before = size_of(folder)
        archive.store(batch, NOW)
        return size_of(folder) - before

    return write


def packing(batch: Sequence[RawPage]) -> int:
    return sum(
        len(page_records(page, page.exchange, payload_digest(page.exchange.body), None))
        for page in batch
        if page.exchange
    )


def warcio_writing(scratch: Path) -> Write:
    file = (scratch / "warcio.warc.gz").open("wb")
    writer = WARCWriter(file, gzip=True, warc_version="1.1")
    parser = StatusAndHeadersParser(["HTTP/1.1", "HTTP/1.0"], verify=False)

    def write(batch: Sequence[RawPage]) -> int:
        before = file.tell()
        for page in batch:
            if page.exchange:
                head = parser.parse(BytesIO(page.exchange.response))
                body = BytesIO(page.exchange.body)
                response = writer.create_warc_record(page.url, "response", payload=body, http_headers=head)
                request = writer.create_warc_record(page.url, "request", payload=BytesIO(page.exchange.request))
                writer.write_request_response_pair(request, response)
                block = BytesIO(provenance_block(page))
                kind = "application/warc-fields"
                writer.write_record(
                    writer.create_warc_record(page.url, "metadata", payload=block, warc_content_type=kind)
                )
        file.flush()
        return file.tell() - before

    return write


def measure_exports(pages: Sequence[RawPage], folder: Path) -> None:
    """Milliseconds and bytes of a page in each form of export."""
    engine = open_database(f"sqlite:///{folder}/index.db")
    archive = Archive(folder, engine)
    for batch in batches(pages):
        archive.store(batch, NOW)

    def chosen() -> Iterator[Capture]:
        return read_captures(engine, CaptureFilter())

    print(f"{'export':24}{'ms CPU a page':>14}{'':8}{'bytes a page':>14}{'smaller than the pages':>24}")
    whole = sum(len(page.body) for page in pages)
    for form in (".warc.gz", ".warc.zst"):
        out = folder / f"out{form}"
        began = time.process_time()
        for _ in warc_export.export(archive, chosen, out, NOW):
            pass
        told(form, time.process_time() - began, out.stat().st_size, len(pages), whole)
    samples = {capture.id for capture in warc_export._samples(chosen())}
    rest = [capture for capture in chosen() if capture.id not in samples]
    bodies = sum(len(archive.page(capture).body) for capture in rest)
    with_dictionary = warc_export._begin_zstd(archive, chosen(), BytesIO(), b"")
    plain = [b"".join(warc_export._plain(archive, capture)) for capture in rest]
    began = time.process_time()
    size = sum(len(with_dictionary(capture)) for capture in rest)
    if rest:
        told("pages not in dictionary", time.process_time() - began, size, len(rest), bodies)
        began = time.process_time()
        size = sum(len(zstd.compress(records, options=warc_export.OPTIONS)) for records in plain)
        told("the same without one", time.process_time() - began, size, len(rest), bodies)


def told(name: str, seconds: float, size: int, pages: int, whole: int) -> None:
    print(f"{name:24}{1000 * seconds / pages:>14.2f}{'':8}{size // pages:>14,}{whole / size:>23.1f}x")


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.warc.gz"))


def batches(pages: Sequence[RawPage]) -> Iterable[Sequence[RawPage]]:
    return (pages[start : start + BATCH] for start in range(0, len(pages), BATCH))


if __name__ == "__main__":
    main()
