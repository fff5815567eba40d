"""``newsloom export``: files of each format, the filters, exports of what changed."""

import json
import resource
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from pipeline.commands.export import FORMATS as CHOICES
from pipeline.commands.warcs import WARCS
from pipeline.formats import FORMATS
from pipeline.storage.archive import Archive
from pipeline.storage.articles import save
from tests.storage.archiving import fetched, flip, stored
from tests.storage.samples import NOON, article, plain, rejection


@pytest.fixture
def out(tmp_path):
    return tmp_path / "articles.out"


def headlines(path) -> list[str]:
    return [json.loads(line)["headline"] for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_format_is_an_option():
    assert set(CHOICES) - set(FORMATS) == {"warc"}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_makes_a_file(cli, sqlite, out, name):
    save(sqlite, [article(), plain(1), rejection()])
    done = cli("export", "--format", name, "--out", str(out))
    assert (done.status, done.out, done.err) == (0, "", f"newsloom: 2 articles to {out}\n")
    entries = [b"1", b"2"] if name == "parquet" else [b"Harbour ferry returns"]
    assert all(entry in out.read_bytes() for entry in entries)
    assert not list(out.parent.glob(".*.part"))


def test_the_records_are_those_of_articles_json_in_the_same_order(cli, sqlite, out):
    save(sqlite, [plain(n) for n in range(5)])
    cli("export", "--format", "jsonl", "--out", str(out))
    assert out.read_text(encoding="utf-8") == cli("articles", "--json").out


def test_filters_and_limit(cli, sqlite, out):
    save(
        sqlite,
        [plain(n, published=NOON.replace(day=n + 1), source="ab"[n % 2], section="cd"[n // 5]) for n in range(10)],
    )

    def exported(*options):
        out.unlink(missing_ok=True)
        assert cli("export", "--format", "jsonl", "--out", str(out), *options).status == 0
        return headlines(out)

    assert exported("--source", "a", "--section", "d") == ["Story 8", "Story 6"]
    assert exported("--since", "2026-11-09", "--until", "2026-11-10") == ["Story 8"]
    assert exported("--limit", "2") == ["Story 9", "Story 8"]
    assert exported("--author", "Nobody") == []
    assert exported("--kind", "gallery") == []


def test_a_file_that_is_there_is_left_alone_unless_told_otherwise(cli, sqlite, out):
    save(sqlite, [plain(1)])
    out.write_text("mine")
    done = cli("export", "--format", "jsonl", "--out", str(out))
    assert (done.status, done.err) == (1, f"newsloom: {out}: is there already\n")
    assert out.read_text() == "mine"
    assert cli("export", "--format", "jsonl", "--out", str(out), "--overwrite").status == 0
    assert headlines(out) == ["Story 1"]


def test_a_file_that_cannot_be_written_is_told_in_one_line(cli, sqlite):
    save(sqlite, [plain(1)])
    done = cli("export", "--format", "csv", "--out", "/dev/null/articles.csv")
    assert (done.status, done.err) == (1, "newsloom: /dev/null/articles.csv: cannot be written: Not a directory\n")


def test_an_export_of_changes_has_what_was_stored_or_changed_since_the_last_of_its_name(cli, sqlite, out):
    def exported(name="nightly"):
        out.unlink(missing_ok=True)
        assert cli("export", "--format", "jsonl", "--out", str(out), "--since-export", name).status == 0
        return headlines(out)

    save(sqlite, [article(), plain(1)])
    assert sorted(exported()) == ["Harbour ferry returns", "Story 1"]
    assert exported() == []
    save(sqlite, [article(), plain(1), plain(2)])
    assert exported() == ["Story 2"]
    save(sqlite, [article("It stays in port.", hours=1)])
    assert exported() == ["Harbour ferry returns"]
    assert len(exported("weekly")) == 3


def test_an_export_of_changes_that_failed_is_made_up_for(cli, sqlite, out):
    save(sqlite, [plain(1)])
    assert cli("export", "--format", "jsonl", "--out", "/dev/null/x", "--since-export", "nightly").status == 1
    assert cli("export", "--format", "jsonl", "--out", str(out), "--since-export", "nightly").status == 0
    assert headlines(out) == ["Story 1"]


def test_an_export_that_is_interrupted_leaves_nothing(cli, sqlite, out, monkeypatch):
    save(sqlite, [plain(1)])

    def interrupted(_entries):
        yield b"{"
        raise KeyboardInterrupt

    monkeypatch.setitem(FORMATS, "jsonl", interrupted)
    done = cli("export", "--format", "jsonl", "--out", str(out), "--since-export", "nightly")
    assert (done.status, done.err, list(out.parent.glob("*articles*"))) == (130, "newsloom: interrupted\n", [])
    monkeypatch.undo()
    assert cli("export", "--format", "csv", "--out", str(out), "--since-export", "nightly").err[:12] == "newsloom: 1 "


def test_a_disk_that_takes_no_more_ends_with_one_line_and_no_file(cli, sqlite, out):
    save(sqlite, [plain(n) for n in range(30)])
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        done = cli("export", "--format", "jsonl", "--out", str(out))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (done.status, done.err) == (1, f"newsloom: {out}: cannot be written: File too large\n")
    assert list(out.parent.glob("*articles*")) == []


def test_a_reader_that_goes_away_is_no_export(cli, sqlite, sqlite_url, out):
    save(sqlite, [plain(n) for n in range(100)])
    command = ["export", "--format", "jsonl", "--out", "-", "--since-export", "nightly", "-s"]
    command = [sys.executable, "-m", "pipeline", *command, f"DATABASE_URL={sqlite_url}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 0
    assert cli("export", "--format", "jsonl", "--out", str(out), "--since-export", "nightly").status == 0
    assert len(headlines(out)) == 100


def test_standard_output_can_be_piped(sqlite, sqlite_url):
    save(sqlite, [plain(1)])
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "export",
        "--format",
        "jsonl",
        "--out",
        "-",
        "-s",
        f"DATABASE_URL={sqlite_url}",
    ]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert json.loads(done.stdout)["headline"] == "Story 1"


@pytest.fixture
def crawled(sqlite, tmp_path):
    """Three articles of archived pages, the first of two versions, and one that was never crawled."""
    pages = [fetched(n, f"Page {n}.", fetched_at=NOON + timedelta(hours=n)) for n in range(4)]
    archive = Archive(tmp_path / "archive", sqlite)
    archive.store(pages, NOON)
    archive.close()

    def made_of(number: int, address: int, **fields: object):
        page = stored(sqlite)[number]
        values = {"fetched_at": page.fetched_at, "digest": page.digest, "published": page.fetched_at} | fields
        return article(page.url, url=pages[address].url, **values)

    save(sqlite, [made_of(0, 0), made_of(1, 1, tags=("quay",)), made_of(2, 2), made_of(3, 0), plain(9)])
    return pages


@pytest.fixture
def export_pages(cli, tmp_path):
    return lambda out, *options: cli(
        "export", "--format", "warc", "--out", str(out), *options, "-s", f"ARCHIVE_DIR={tmp_path}/archive"
    )


def pages_in(path):
    with path.open("rb") as file:
        responses = ArchiveIterator(file, record_types=WarcRecordType.response)
        return [record.headers["WARC-Target-URI"] for record in responses]


@pytest.mark.parametrize("ending", WARCS)
def test_pages_of_articles(export_pages, crawled, tmp_path, ending):
    out = tmp_path / f"out{ending}"
    done = export_pages(out)
    assert done.err == f"newsloom: no page in the archive of 1 article: 4\nnewsloom: 4 pages of 3 articles to {out}\n"
    assert (done.status, done.out) == (0, "")
    assert sorted(pages_in(out)) == sorted(page.final_url for page in crawled)
    assert export_pages(out).err.endswith(f"{out}: is there already\n")
    assert export_pages(out, "--overwrite", "--tag", "quay").status == 0
    assert pages_in(out) == [crawled[1].final_url]


@pytest.mark.usefixtures("crawled")
def test_pages_of_what_changed(export_pages, sqlite, tmp_path):
    out = tmp_path / "out.warc.gz"
    assert export_pages(out, "--since-export", "nightly").status == 0
    done = export_pages(out, "--since-export", "nightly", "--overwrite")
    assert (done.status, done.err) == (0, "newsloom: 0 pages of 0 articles, no file\n")
    save(sqlite, [plain(10)])
    done = export_pages(out, "--since-export", "nightly", "--overwrite")
    assert done.err == "newsloom: no page in the archive of 1 article: 5\nnewsloom: 0 pages of 0 articles, no file\n"
    assert done.status == 1


@pytest.mark.usefixtures("crawled")
def test_pages_that_cannot_be_read_are_told_and_left_out(export_pages, sqlite, tmp_path):
    flip(tmp_path / "archive" / stored(sqlite)[1].file, stored(sqlite)[1].offset + 20)
    out = tmp_path / "out.warc.gz"
    done = export_pages(out)
    assert done.status == 1
    assert f"offset {stored(sqlite)[1].offset}" in done.err
    assert len(pages_in(out)) == 3


def test_without_an_archive_there_are_no_pages(cli, tmp_path):
    done = cli("export", "--format", "warc", "--out", f"{tmp_path}/out.warc.gz", "-s", "ARCHIVE_DIR=")
    assert (done.status, done.err) == (2, "newsloom: ARCHIVE_DIR is empty: there is no archive\n")


def test_the_words_of_articles_choose_as_in_a_search(cli, sqlite, out):
    save(sqlite, [plain(n) for n in range(5)])
    assert cli("export", "--format", "jsonl", "--out", str(out), "--matching", '"story number" -3').status == 0
    assert headlines(out) == ["Story 4", "Story 2", "Story 1", "Story 0"]


@pytest.mark.parametrize(
    "options",
    [
        ["--out", "x"],
        ["--format", "jsonl"],
        ["--format", "xml", "--out", "x"],
        ["--format", "warc", "--out", "x.gz"],
        ["--format", "warc", "--out", "-"],
        ["--format", "jsonl", "--out", "x", "--since-export", "x", "--limit", "1"],
        ["--format", "jsonl", "--out", "x", "--matching", " "],
    ],
)
def test_what_is_not_said_or_unknown_is_a_usage_error(cli, options):
    assert cli("export", *options).status == 2
