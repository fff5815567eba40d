"""``newsloom export``: files of each format, the filters, exports of what changed."""

import json
import subprocess
import sys

import pytest

from pipeline.formats import FORMATS
from pipeline.storage.articles import save
from tests.storage.samples import NOON, article, plain, rejection


@pytest.fixture
def out(tmp_path):
    return tmp_path / "articles.out"


def headlines(path) -> list[str]:
    return [json.loads(line)["headline"] for line in path.read_text(encoding="utf-8").splitlines()]


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


@pytest.mark.parametrize("options", [["--out", "x"], ["--format", "jsonl"], ["--format", "xml", "--out", "x"]])
def test_what_is_not_said_or_unknown_is_a_usage_error(cli, options):
    assert cli("export", *options).status == 2
