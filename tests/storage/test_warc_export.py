"""Pages of the archive as one WARC file. Real files, read back by other tools."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import zstandard
from fastwarc.warc import ArchiveIterator as FastArchiveIterator
from fastwarc.warc import WarcRecordType
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from pipeline.errors import OutputError
from pipeline.storage.archive import Archive
from pipeline.storage.captures import CaptureFilter, read_captures
from pipeline.storage.warc import groups, read_page
from pipeline.storage.warc_export import export
from tests.storage.archiving import NOON, fetched, flip, stored

DAY = timedelta(days=1)
SIX_PAGES = ["warcinfo", *["request", "response", "metadata"] * 6]


@pytest.fixture
def archive(tmp_path, engine):
    archive = Archive(tmp_path / "archive", engine)
    yield archive
    archive.close()


@pytest.fixture
def pages(archive):
    """Pages of two days, the last of them one that repeats the first."""
    found = [fetched(number, f"Page {number}. " * 40) for number in range(5)]
    found.append(fetched(0, "Page 0. " * 40, fetched_at=NOON + DAY))
    archive.store(found[:5], NOON)
    archive.store(found[5:], NOON + DAY)
    return found


def exported(archive, engine, out, wanted=CaptureFilter()):  # noqa: B008 - frozen
    return list(export(archive, lambda: read_captures(engine, wanted), out, NOON))


def read_back(out):
    with out.open("rb") as file:
        return [read_page(group.records) for group in groups(file) if group.url]


def kinds(out):
    with out.open("rb") as file:
        return [str(record.record_type) for record in FastArchiveIterator(file)]


def test_records_are_copied_as_they_are_and_revisits_made_whole(archive, engine, tmp_path, pages):
    out = tmp_path / "out.warc.gz"
    exported(archive, engine, out)
    checker = Checker(type("Options", (), {"inputs": [str(out)], "verbose": False}))
    checker.process_all()
    assert checker.exit_value == 0
    with out.open("rb") as file:
        assert [record.rec_type for record in ArchiveIterator(file)] == SIX_PAGES
    assert archive.records(stored(engine)[0]) in out.read_bytes()
    assert read_back(out) == pages


def test_zstd_holds_decoded_pages_behind_a_dictionary(archive, engine, tmp_path, pages):
    out = tmp_path / "out.warc.zst"
    exported(archive, engine, out)
    assert kinds(out) == SIX_PAGES
    bodies = []
    with out.open("rb") as file:
        for record in FastArchiveIterator(file, record_types=WarcRecordType.response):
            assert record.http_headers["X-Archive-Orig-Content-Encoding"] == "gzip"
            assert "Content-Encoding" not in record.http_headers
            assert record.verify_payload_digest()
            bodies.append(record.reader.read())
    assert bodies == [page.body for page in pages]
    command = [sys.executable, "-m", "fastwarc.cli", "check", str(out)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.usefixtures("pages")
def test_each_zstd_frame_has_what_the_standard_asks_for(archive, engine, tmp_path):
    out = tmp_path / "out.warc.zst"
    exported(archive, engine, out)
    data = out.read_bytes()
    assert data[:4] == b"\x5d\x2a\x4d\x18"
    begin = 8 + int.from_bytes(data[4:8], "little")
    dictionary = zstandard.ZstdCompressionDict(zstandard.decompress(data[8:begin]))
    decompressor = zstandard.ZstdDecompressor(dict_data=dictionary)
    frames = 0
    while begin < len(data):
        told = zstandard.get_frame_parameters(data[begin:])
        assert (told.dict_id, told.has_checksum) == (dictionary.dict_id(), True)
        frame = decompressor.decompressobj()
        assert len(frame.decompress(data[begin:])) == told.content_size
        begin, frames = len(data) - len(frame.unused_data), frames + 1
    assert frames == len(SIX_PAGES)


def test_only_what_is_wanted(archive, engine, tmp_path, pages):
    out = tmp_path / "out.warc.gz"
    exported(archive, engine, out, CaptureFilter(since=NOON + DAY))
    assert read_back(out) == pages[5:]


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize("form", ["gz", "zst"])
def test_a_damaged_page_is_told_and_left_out(archive, engine, tmp_path, form):
    out, second = tmp_path / f"out.warc.{form}", stored(engine)[1]
    flip(tmp_path / "archive" / second.file, second.offset + second.length // 2)
    done = exported(archive, engine, out)
    assert [capture.url for capture, error in done if error] == [second.url]
    assert kinds(out).count("response") == 5


@pytest.mark.usefixtures("pages")
def test_nothing_wanted_makes_no_file(archive, engine, tmp_path):
    assert exported(archive, engine, tmp_path / "out.warc.gz", CaptureFilter(source="nobody")) == []
    assert [path.name for path in tmp_path.glob("*out*")] == []


@pytest.mark.usefixtures("pages")
def test_a_file_that_is_there_is_left_alone(archive, engine, tmp_path):
    out = tmp_path / "out.warc.gz"
    out.write_text("mine")
    with pytest.raises(OutputError, match=r"out\.warc\.gz: is there already"):
        exported(archive, engine, out)
    assert out.read_text() == "mine"


@pytest.mark.usefixtures("pages")
def test_an_export_that_is_broken_off_leaves_nothing(archive, engine, tmp_path):
    done = export(archive, lambda: read_captures(engine, CaptureFilter()), tmp_path / "out.warc.gz", NOON)
    next(done)
    assert [path.name for path in tmp_path.glob(".out*")] == [".out.warc.gz.part"]
    done.close()
    assert list(tmp_path.glob("*out*")) + list(tmp_path.glob(".out*")) == []


@pytest.mark.usefixtures("pages")
def test_a_folder_that_cannot_be_written_to_is_told(archive, engine):
    with pytest.raises(OutputError, match=r"/dev/null/out\.warc\.gz: cannot be written: Not a directory"):
        exported(archive, engine, Path("/dev/null/out.warc.gz"))


def test_a_page_that_was_sent_plain_stays_as_it_is(archive, engine, tmp_path):
    plain = fetched(1)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 50\r\n\r\n"
    archive.store([replace(plain, exchange=replace(plain.exchange, response=head, body=plain.body))], NOON)
    exported(archive, engine, tmp_path / "out.warc.zst")
    with (tmp_path / "out.warc.zst").open("rb") as file:
        (record,) = FastArchiveIterator(file, record_types=WarcRecordType.response)
        assert dict(record.http_headers.to_tuples()) == {"Content-Type": "text/html", "Content-Length": "50"}
