"""Crawls that a fault ends, or a kill at a telling moment: one line, and the next one completes them."""

import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from pipeline.settings import ITEM_PIPELINES
from tests.crawling import Newsroom, newsroom
from tests.newssite import Answer, Site, article, feed, validated
from tests.spiders.test_news_interrupted import wait_until


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path) as room:
        yield room


def slow(room: Newsroom, pages: int = 9) -> Site:
    """A site whose pages take a moment, and no compression makes smaller."""
    paths = [f"/2026/story-{n}" for n in range(pages)]
    site = room.fed("slow", *paths)
    for n, path in enumerate(paths):
        site.pages[path] = Answer(article(f"Story {n}", n, f"<!-- {os.urandom(30_000).hex()} -->"), delay=0.15)
    return site


def stories(paths: Iterable[str]) -> list[str]:
    return [path for path in paths if path.startswith("/2026/")]


def captured(room: Newsroom) -> int:
    try:
        return int(room.rows("SELECT count(*) FROM captures")[0][0])
    except sqlite3.OperationalError:  # there is no database yet
        return 0


def archive_bytes(room: Newsroom) -> int:
    return sum(path.stat().st_size for path in (room.folder / "data/archive").rglob("*.warc.gz"))


def completed(room: Newsroom, site: Site) -> None:
    """Crawl to the end, and find every page archived, refined and stored once, and none fetched that was archived."""
    has_archive = archive_bytes(room) > 0
    before = {url for url, outcome in room.rows("SELECT url, outcome FROM captures") if outcome or has_archive}
    run = room.crawl(EXTRACTION_WORKERS="0")
    assert run.status == 0, run.err
    paths = stories(site.pages)
    assert room.rows("SELECT count(*) FROM articles") == [(len(paths),)]
    kept = Counter(url for (url,) in room.rows("SELECT url FROM captures WHERE outcome NOT IN ('', 'unreadable')"))
    assert kept == {f"{site.url}{path}": 1 for path in paths}
    assert not before & {f"{site.url}{path}" for path in site.paths}


def test_killed_between_archive_and_index(room: Newsroom) -> None:
    site = slow(room, 30)
    process = room.start(EXTRACTION_WORKERS="1")  # which takes longer to start than a page to fetch
    wait_until(lambda: captured(room))
    indexed = kill_before_it_indexes(room, process)
    assert captured(room) == indexed
    completed(room, site)
    assert len(stories(site.paths)) < 30 - indexed, "what was archived and not indexed is not fetched again"


def kill_before_it_indexes(room: Newsroom, process: subprocess.Popen[str]) -> int:
    """Hold the database's lock until there is more in the archive than is indexed; the number of pages that are."""
    with closing(sqlite3.connect(room.folder / "data/newsloom.db", isolation_level=None, timeout=20)) as other:
        for _ in range(20):
            other.execute("BEGIN IMMEDIATE")
            time.sleep(0.2)
            if archive_bytes(room) > room.rows("SELECT sum(size) FROM archive_files")[0][0]:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                return captured(room)
            other.execute("ROLLBACK")
            time.sleep(0.2)  # something else was to be written first
    raise AssertionError("it did not come to that")


def test_killed_between_index_and_refining(room: Newsroom) -> None:
    site = slow(room)
    process = room.start(EXTRACTION_WORKERS="1")  # which takes longer to start than a page to fetch
    wait_until(lambda: captured(room) >= 2)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert room.rows("SELECT 1 FROM captures WHERE outcome = ''")
    completed(room, site)


def delete_archive(room: Newsroom, _: subprocess.Popen[str]) -> None:
    shutil.rmtree(room.folder / "data/archive/news")


def break_database(room: Newsroom, _: subprocess.Popen[str]) -> None:
    room.rows("ALTER TABLE frontier RENAME TO elsewhere")


def fill_disk(room: Newsroom, process: subprocess.Popen[str]) -> None:
    most = archive_bytes(room) + 100_000
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (most, most))


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (delete_archive, "cannot be written: No such file"),
        (break_database, "newsloom.db: no such table: frontier"),
        (fill_disk, "cannot be written: File too large|the disk refuses to write"),
    ],
)
def test_a_fault_is_told_in_one_line_and_the_next_run_completes(
    room: Newsroom, fault: Callable[[Newsroom, subprocess.Popen[str]], None], told: str
) -> None:
    site = slow(room)
    process = room.start(EXTRACTION_WORKERS="0")
    wait_until(lambda: captured(room))
    fault(room, process)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err.count("\n")) == (1, 1), err
    assert re.search(told, err), err
    if fault is break_database:
        room.rows("ALTER TABLE elsewhere RENAME TO frontier")
    completed(room, site)


def test_two_crawls_at_once_fetch_no_page_twice(room: Newsroom) -> None:
    site = slow(room)
    released = Event()
    site.pages["/2026/story-0"] = Answer(raw=held(released, article("Story 0")))
    first = room.start(EXTRACTION_WORKERS="0", DOWNLOAD_TIMEOUT="90")
    wait_until(lambda: captured(room))
    second = room.start(EXTRACTION_WORKERS="0")
    out, err = second.communicate(timeout=60)
    released.set()
    first.communicate(timeout=60)
    assert (first.returncode, second.returncode) == (0, 0), err
    assert "another run is crawling the source" in out
    assert set(Counter(site.paths).values()) == {1}
    assert captured(room) == len(stories(site.pages))


def held(released: Event, page: str) -> Iterator[bytes | float]:
    """A page that does not come before it is released."""
    while not released.is_set():
        yield 0.05
    yield f"HTTP/1.1 200 X\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n{page}".encode()


def test_a_clock_that_was_put_back_keeps_nothing_waiting(room: Newsroom) -> None:
    site = slow(room)
    site.pages["/feed.xml"] = validated(feed(site.url, *stories(site.pages)))
    room.crawl(EXTRACTION_WORKERS="0", SOURCE_MAX_PAGES="3")
    ahead = (datetime.now(UTC) + timedelta(days=300)).strftime("%Y-%m-%d %H:%M:%S.%f")
    for table, column in (
        ("hosts", "not_before"), ("hosts", "asked_at"), ("hosts", "robots_at"), ("sources", "polled_at"),
        ("sources", "searched_at"), ("listings", "polled_at"), ("listings", "read_at"), ("captures", "fetched_at"),
        ("archive_files", "opened_at"),
    ):  # fmt: skip
        room.rows(f"UPDATE {table} SET {column} = ?", ahead)
    completed(room, site)
    assert "/robots.txt" in site.paths
    assert "if-none-match" not in site.log[1].headers, "the feed is asked for whole"


BROKEN = """
class Broken:
    def process_item(self, item):
        if "/2026/b" in item.url:
            raise KeyError("what nobody thought of")
        return item
"""


def test_an_error_that_nobody_expected_costs_one_page_and_the_success(room: Newsroom) -> None:
    site = room.fed("harbour", "/2026/a", "/2026/b", "/2026/c")
    (room.folder / "broken.py").write_text(BROKEN)
    run = room.crawl(ITEM_PIPELINES=json.dumps({**ITEM_PIPELINES, "broken.Broken": 250}))
    assert run.status == 1
    assert room.rows("SELECT count(*) FROM articles") == [(2,)]
    assert f"{site.url}/2026/b: not stored for an error: KeyError('what nobody thought of')" in run.err
    assert "<html" not in run.err, "the log shows which page it was, not the page"
    assert room.rows("SELECT status FROM runs") == [("fault",)]
    assert room.crawl().status == 0
    assert room.rows("SELECT count(*) FROM articles") == [(3,)]


def test_a_page_that_robots_txt_forbids_is_tried_again_when_that_is_read_anew(room: Newsroom) -> None:
    site = room.fed("post", "/2026/closed")
    site.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /2026/", kind="text/plain")
    assert room.crawl().funnel["post"]["lost"] == {"robots": 1}
    ((days,),) = room.rows("SELECT julianday(not_before) - julianday(found_at) FROM frontier")
    assert days >= 1
