"""``newsloom archive``."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.storage.archive import Archive
from pipeline.storage.articles import save
from pipeline.storage.connection import writing
from pipeline.storage.schema import captures
from tests.storage.archiving import fetched, files, flip, stored
from tests.storage.samples import article

NOW = datetime.now(UTC)


@pytest.fixture
def run(cli, tmp_path):
    return lambda *arguments: cli("archive", *arguments, "-s", f"ARCHIVE_DIR={tmp_path}/archive")


@pytest.fixture
def archived(sqlite, tmp_path):
    """Two pages of 100 days ago, refined, and one of now."""
    archive = Archive(tmp_path / "archive", sqlite)
    old = NOW - timedelta(days=100)
    archive.store([fetched(n, f"Page {n}.", fetched_at=old + timedelta(seconds=n)) for n in (1, 2)], old)
    archive.close()
    archive.recover(NOW)
    with writing(sqlite) as connection:
        connection.execute(captures.update().values(outcome="new"))
    archive.store([fetched(3, "Page 3.", fetched_at=NOW)], NOW)
    archive.close()
    return stored(sqlite)


def test_stats(run, archived):
    head, collection, source = run("stats").lines
    assert head.split()[:3] == ["collection", "files", "bytes"]
    assert collection.split()[0] == "news"
    assert source.startswith("  news")
    rows = [json.loads(line) for line in run("stats", "--json").lines]
    assert [(row["source"], row["pages"], row["unrefined"]) for row in rows] == [(None, 3, 1), ("news", 3, 1)]
    assert rows[0]["first"].startswith(f"{archived[0].fetched_at:%Y-%m-%dT%H:%M:%S}")


def test_an_empty_archive(run):
    assert (run("stats").err, run("stats").status) == ("newsloom: nothing is archived yet\n", 0)
    assert run("verify").out == "sound: 0 files, 0 pages, 0 bytes\n"
    assert run("prune", "--older-than", "90d").err == "newsloom: nothing is to be deleted\n"
    assert run("export", "--warc", "x.warc.gz").err == "newsloom: no page in the archive matches\n"


def test_verify(run, archived, sqlite, tmp_path):
    assert run("verify").lines == [f"sound: 2 files, 3 pages, {sum(page.length for page in archived):,} bytes"]
    damaged = archived[1]
    save(sqlite, [article(url=damaged.url, digest=damaged.digest)])
    flip(tmp_path / "archive" / damaged.file, damaged.offset + damaged.length // 2)
    done = run("verify")
    assert done.status == 1
    assert done.lines[0].startswith(f"{tmp_path}/archive/{damaged.file}: offset {damaged.offset}: ")
    assert done.lines[1:] == ["article 1, version 1: the current one, its page cannot be read"]
    assert done.err.startswith("newsloom: 1 fault in 2 files, 3 pages, ")
    told = json.loads(run("verify", "--json").out)
    assert [(fault["offset"], fault["pages"], fault["url"]) for fault in told["faults"]] == [
        (damaged.offset, 1, damaged.url)
    ]
    assert told["versions"] == [{"article": 1, "version": 1, "current": True}]


def test_prune(run, archived, tmp_path):
    name = archived[0].file
    dry = run("prune", "--older-than", "12w", "--dry-run")
    assert dry.out.startswith(f"{name}: to be deleted: 2 pages, ")
    assert len(files(tmp_path)) == 2
    told = json.loads(run("prune", "--older-than", "90d", "--json").out)
    assert [(file["file"], file["pages"]) for file in told["deleted"]] == [(name, 2)]
    assert (told["kept"], told["dryRun"]) == ([], False)
    assert len(files(tmp_path)) == 1
    assert run("verify").status == 0


@pytest.mark.usefixtures("archived")
def test_prune_says_what_it_keeps(run, sqlite):
    with writing(sqlite) as connection:
        connection.execute(captures.update().values(outcome=""))
    assert ": kept, the next crawl has pages in it to refine: 2 pages" in run("prune", "--older-than", "90d").out


@pytest.mark.usefixtures("archived")
def test_export(run, tmp_path):
    out = tmp_path / "out.warc.gz"
    assert run("export", "--warc", str(out), "--limit", "2").out == f"{out}: 2 pages, {out.stat().st_size:,} bytes\n"
    done = run("export", "--warc", str(out))
    assert (done.status, done.err) == (1, f"newsloom: {out}: is there already\n")
    told = json.loads(run("export", "--warc", f"{tmp_path}/new.warc.zst", "--json", "--since", f"{NOW:%Y-%m-%d}").out)
    assert (told["pages"], told["faults"]) == (1, [])


def test_export_of_a_damaged_page(run, archived, tmp_path):
    damaged = archived[0]
    flip(tmp_path / "archive" / damaged.file, damaged.offset + damaged.length // 2)
    done = run("export", "--warc", f"{tmp_path}/out.warc.gz")
    assert (done.status, done.out.split(": ")[1][:7]) == (1, "2 pages")
    assert f"{damaged.file}: offset {damaged.offset}: " in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["prune"], "prune needs --older-than"),
        (["export"], "export needs --warc"),
        (["verify", "--limit", "3"], "--limit goes with export"),
        (["prune", "--older-than", "90"], "'90' is no age such as 90d, 12w or 2y"),
        (["export", "--warc", "out.zip"], "'out.zip' does not end in .warc.gz or .warc.zst"),
        (["verify", "-s", "ARCHIVE_DIR="], "ARCHIVE_DIR is empty: there is no archive"),
        (["repair"], "invalid choice"),
    ],
)
def test_wrong_usage(cli, arguments, said):
    done = cli("archive", *arguments)
    assert done.status == 2
    assert said in done.err


@pytest.mark.usefixtures("archived")
def test_a_folder_that_is_not_there(run, tmp_path):
    (tmp_path / "archive").rename(tmp_path / "elsewhere")
    done = run("verify")
    assert (done.status, done.err) == (1, f"newsloom: {tmp_path}/archive: cannot be read: No such file or directory\n")
    done = run("export", "--warc", f"{tmp_path}/out.warc.gz")
    assert (done.status, done.err.count("cannot be read: No such file or directory")) == (1, 3)
