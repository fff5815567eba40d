"""WARC files through the real command."""

import gzip
import json
import os
import pty
import re
import signal
import sqlite3
import subprocess
import sys
import termios
import time
from contextlib import closing, suppress

import pytest
import zstandard

from tests.benchmarks.pages import page
from tests.crawling import Newsroom
from tests.newssite import Answer, article, hosts
from tests.warcs import answer, record, response, zipped

CANONICAL = re.compile(rb'canonical" href="([^"]+)')
OF_A_CRAWL = (
    "runs",
    "source_runs",
    "frontier",
    "listings",
    "hosts",
    "sources",
    "archive_files",
    "captures",
    "newsloom_schema",
)
WHEN_WRITTEN = ("id", "run_id", "revision")
REFERRED = {"article_id": ("articles", "url"), "author_id": ("authors", "name")}


def records(number, start=0):
    """Made-up pages as answers, each at its own address."""
    bodies = [page(index).encode() for index in range(start, start + number)]
    return [record(answer(body), url=CANONICAL.search(body)[1].decode()) for body in bodies]


def rows(database, query):
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        return connection.execute(query).fetchall()


def count(tmp_path, table="articles"):
    return rows(tmp_path / "data" / "newsloom.db", f"SELECT count(*) FROM {table}")[0][0]


def stored(database):
    """Every row but those that only a crawl writes, without what tells when it was written: ids, runs, revisions."""
    tables = [name for (name,) in rows(database, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    kept = sorted(name for name in tables if name not in OF_A_CRAWL and "search" not in name and "sqlite_" not in name)
    found = {}
    for table in kept:
        columns = [row[1] for row in rows(database, f"PRAGMA table_info({table})") if row[1] not in WHEN_WRITTEN]
        joins = "".join(
            f" JOIN {REFERRED[one][0]} ON {one} = {REFERRED[one][0]}.id" for one in columns if one in REFERRED
        )
        chosen = ", ".join(".".join(REFERRED.get(one, (table, one))) for one in columns)
        found[table] = sorted(map(repr, rows(database, f"SELECT {chosen} FROM {table}{joins}")))
    return found


def summary(result):
    return json.loads(result.stdout)


def test_a_file_is_replayed_and_a_second_time_changes_nothing(newsloom, tmp_path):
    others = [
        record(answer(b"", status="302 Found")),
        record(b"GET / HTTP/1.1\r\n\r\n", "request"),
        record(answer(b"\xff\xd8", content_type="image/jpeg")),
        record(answer(b"<html><title>404</title>Not found", status="404 Not Found"), url="https://boat.example/gone"),
    ]
    (tmp_path / "a.warc.gz").write_bytes(zipped(*records(5), *others))
    first = newsloom("replay", "a.warc.gz")
    assert first.returncode == 0, first.stderr
    numbers = {line[:20].strip(): line[20:].strip() for line in first.stdout.splitlines()}
    assert (numbers["files read"], numbers["articles new"], numbers["error_page"]) == ("1", "5", "1")
    assert (numbers["passed over"], numbers["redirect"], numbers["not_html"]) == ("2", "1", "1")
    before = stored(tmp_path / "data" / "newsloom.db")
    assert summary(newsloom("replay", "--json", "a.warc.gz"))["unchanged"] == 5
    assert stored(tmp_path / "data" / "newsloom.db") == before
    assert count(tmp_path, "bookmarks") == 0


@pytest.fixture
def oddly_packed():
    """Path → what the body is said to be packed with, and the body."""
    bodies = [article(f"packed {number}", number).encode() for number in range(7, 13)]
    damaged = gzip.compress(bodies[5])
    return {
        "/packed": ("gzip", gzip.compress(bodies[0])),
        "/plain": ("br", bodies[1]),
        "/other": ("br", gzip.compress(bodies[2])),
        "/untold": ("", gzip.compress(bodies[3])),
        "/frames": ("zstd", zstandard.compress(bodies[4][:99]) + zstandard.compress(bodies[4][99:])),
        "/damaged": ("gzip", damaged[:-8] + bytes(4) + damaged[-4:]),
    }


def test_the_archive_of_a_crawl_and_its_exports_make_the_same_rows_again(newsloom, tmp_path, oddly_packed):
    with hosts() as web:
        room = Newsroom(tmp_path, web)
        site = room.fed("quay", "/one", "/two", *oddly_packed, "/gone", "/moved", tags=["harbour"], language="en")
        room.fed("pier", "/one")
        for path, (encoding, body) in oddly_packed.items():
            site.pages[path] = Answer(body, headers={"Content-Encoding": encoding})
        site.pages["/gone"] = Answer("<title>Gone</title>", status=404)
        site.pages["/moved"] = Answer("", status=301, headers={"Location": "/moved/here"})
        site.pages["/moved/here"] = Answer(article("moved", 8))
        run = room.crawl()
        assert run.status == 0, run.err
    crawled = stored(tmp_path / "data" / "newsloom.db")
    assert len(crawled["articles"]) == 9
    assert run.funnel["quay"]["lost"] == {"truncated": 1}
    for number, archive in enumerate(("data/archive", "all.warc.gz", "all.warc.zst")):
        if number:
            assert newsloom("archive", "export", "--warc", archive).returncode == 0
        database = tmp_path / f"{number}.db"
        replayed = newsloom("replay", "--json", archive, "-s", f"DATABASE_URL=sqlite:///{database}")
        assert replayed.returncode == 0, replayed.stderr
        assert stored(database) == crawled
    assert newsloom("archive", "verify").stdout.startswith("sound: 1 file, 10 pages")
    assert newsloom("db", "check").stdout == "sound\n"


def test_damage_is_named_with_file_and_offset_and_the_rest_stored(newsloom, tmp_path):
    whole = records(5)
    first = zipped(whole[0]) + b"driftwood" + zipped(whole[4])
    (tmp_path / "a.warc.gz").write_bytes(first + zipped(whole[1])[:-9] + zipped(whole[2]))
    (tmp_path / "b.warc").write_bytes(b"filedesc://a.arc 0.0.0.0 20080101000000 text/plain 76\n1 0 InternetArchive\n")
    (tmp_path / "c.warc.zst").write_bytes(b"")
    (tmp_path / "d.warc").write_bytes(whole[3] + record(answer(bytes(10**6))))
    result = newsloom("replay", tmp_path, "-s", "PAGE_MAX_SIZE=100000")
    assert result.returncode == 1
    *corrupt, too_large = result.stderr.splitlines()
    assert too_large.startswith("newsloom: https://boat.example/1: too_large: ")
    assert too_large.endswith(f"d.warc#offset={len(whole[3])}")
    assert [line.split(": corrupt: ")[0] for line in corrupt] == [
        f"newsloom: a.warc.gz#offset={len(zipped(whole[0]))}",
        f"newsloom: a.warc.gz#offset={len(first)}",
        "newsloom: b.warc#offset=0",
        "newsloom: c.warc.zst#offset=0",
    ]
    assert "an ARC file" in result.stderr
    assert count(tmp_path) == 4


def test_filters_patterns_and_languages(newsloom, tmp_path):
    german = "".join(
        f"<p>Im Hafen von Brack lagen am Morgen {number} Boote, und die Fischer warteten auf besseres Wetter.</p>"
        for number in range(12)
    )
    text = f"<html><title>Boote im Hafen</title><body><article><h1>Boote im Hafen</h1>{german}</article></body>"
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.warc.gz").write_bytes(
        zipped(*records(3), record(answer(text.encode()), url="https://kai.example/1"))
    )
    (tmp_path / "a" / "2.warc.gz").write_bytes(zipped(*records(3, start=3)))
    (tmp_path / "a" / "3.html").write_text(page(9))

    def new(*arguments, **expected):
        report = summary(newsloom("replay", "--json", *arguments, "-s", f"DATABASE_URL=sqlite:///{time.time_ns()}.db"))
        assert report["passed_over"] == expected
        return report["new"]

    assert new("a/*.warc.gz") == 7
    assert new("a", "--host", "kai.example", "--host", "daily-3.example", filtered=6) == 2
    assert new("a/1.warc.gz", "--lang", "de", other_language=3) == 1
    assert new("a/1.warc.gz", "--since", "2025-03-05", filtered=4) == 0
    assert new("a/*.gz", "--match", r"example/\w+/[45]$", filtered=5) == 2
    assert newsloom("replay", "a", "--match", "[").returncode == 2
    assert newsloom("replay", "a/*.arc").returncode == 2


@pytest.fixture
def large(tmp_path):
    """A file that takes some seconds; its pages are of 1,000 words and more, of which each takes a moment."""
    path = tmp_path / "large.warc.gz"
    path.write_bytes(zipped(*records(400)))
    return path


SLOW = """
import sys
import pipeline.replays
from pipeline.__main__ import main
pipeline.replays.INTERVAL = 0.05
sys.argv = ["newsloom", "replay", "--json", *sys.argv[1:]]
main()
"""


@pytest.fixture
def started(tmp_path, environment, large):
    return subprocess.Popen(
        [sys.executable, "-c", SLOW, str(large)],
        cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def wait_for_a_bookmark(tmp_path):
    """Until one is noted that is not at the beginning."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        time.sleep(0.02)
        with suppress(sqlite3.OperationalError):
            if (tmp_path / "data" / "newsloom.db").exists():
                noted = rows(tmp_path / "data" / "newsloom.db", "SELECT position FROM bookmarks")
                if noted and json.loads(noted[0][0])["offset"]:
                    return


def test_after_a_kill_the_replay_goes_on_and_nothing_is_lost_or_doubled(newsloom, started, large, tmp_path):
    wait_for_a_bookmark(tmp_path)
    started.kill()
    started.communicate(timeout=60)
    before = count(tmp_path)
    rest = summary(newsloom("replay", "--json", large))
    assert rest["resumed"] == 1
    assert rest["new"] == 400 - before > 0
    assert rest["unchanged"] < before, "what lies before the bookmark is not read again"
    assert count(tmp_path) == count(tmp_path, "article_versions") == 400
    assert count(tmp_path, "bookmarks") == 0
    assert summary(newsloom("replay", "--json", large))["unchanged"] == 400


def test_after_ctrl_c_the_replay_goes_on_where_it_was(newsloom, started, large, tmp_path):
    wait_for_a_bookmark(tmp_path)
    started.send_signal(signal.SIGINT)
    output, errors = started.communicate(timeout=60)
    assert started.returncode == 130, errors
    first = json.loads(output)
    assert first["new"] == count(tmp_path) < 400
    rest = summary(newsloom("replay", "--json", large))
    assert (rest["resumed"], rest["new"] + first["new"]) == (1, 400)
    assert rest["unchanged"] <= 64  # pages that were under way beside one that was not done


def test_another_file_of_that_name_or_other_filters_begin_at_the_beginning(newsloom, started, large, tmp_path):
    wait_for_a_bookmark(tmp_path)
    started.kill()
    started.communicate(timeout=60)
    assert summary(newsloom("replay", "--json", large, "--host", "nobody.example"))["resumed"] == 0
    large.write_bytes(zipped(*records(3, start=500)))
    report = summary(newsloom("replay", "--json", large))
    assert (report["resumed"], report["new"]) == (0, 3)
    assert count(tmp_path, "bookmarks") == 0


def test_progress_is_drawn_in_bytes(environment, tmp_path):
    (tmp_path / "a.warc").write_bytes(b"".join(response(number, page(number).encode()) for number in range(20)))
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    os.set_blocking(ours, False)
    command = [sys.executable, "-m", "pipeline", "replay", "a.warc"]
    subprocess.run(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=theirs, check=True, timeout=100
    )
    shown = os.read(ours, 100_000).decode()
    os.close(theirs)
    os.close(ours)
    assert re.search(r"/[\d.]+k \[.*B/s", shown), shown
