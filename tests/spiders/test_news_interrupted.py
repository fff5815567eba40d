"""A crawl that is killed or interrupted, and the one after it."""

import json
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from threading import Event

import pytest

from tests.crawling import Newsroom, accounted, newsroom
from tests.newssite import Answer, Site, article, held_back

PATHS = [f"/2026/story-{n}" for n in range(9)]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path) as room:
        yield room


def slow(room: Newsroom, delay: float = 0.4) -> Site:
    site = room.fed("slow", *PATHS)
    for n, path in enumerate(PATHS):
        site.pages[path] = Answer(article(f"Story {n}", n), delay=delay)
    return site


def stuck(room: Newsroom, until: Event) -> Site:
    """A site that answers for three of its pages, and for the others when something has happened."""
    site, answered = slow(room, delay=0), count()
    for path in PATHS:
        page = site.pages[path]
        later = held_back(page, until)
        site.pages[path] = lambda asked, page=page, later=later: page if next(answered) < 3 else later(asked)
    return site


def stored_so_far(room: Newsroom) -> int:
    try:
        return int(room.rows("SELECT count(*) FROM articles")[0][0])
    except sqlite3.OperationalError:  # there is no database yet
        return 0


def wait_until(condition: Callable[[], object]) -> None:
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to that")


def test_after_a_kill_the_next_run_fetches_the_rest_and_nothing_twice(room: Newsroom) -> None:
    killed = Event()
    site = stuck(room, killed)
    process = room.start("-s", "JOBDIR=job")
    wait_until(lambda: stored_so_far(room))
    process.kill()
    process.communicate()
    killed.set()
    archived = {row[0] for row in room.rows("SELECT url FROM captures")}
    run = room.crawl("-s", "JOBDIR=job")
    assert run.status == 0, run.err
    asked = Counter(site.paths)
    assert all(asked[path] <= (f"{site.url}{path}" not in archived) for path in PATHS)
    assert room.rows("SELECT count(*) FROM articles") == [(len(PATHS),)]
    assert accounted(run.funnel["slow"])


def test_a_killed_run_has_written_down_who_wants_to_be_left_alone(room: Newsroom) -> None:
    away, site = room.fed("away", *PATHS), slow(room)
    away.pages[PATHS[0]] = away.pages[PATHS[-1]] = Answer("", 429, headers={"Retry-After": "3600"})
    process = room.start()
    wait_until(lambda: stored_so_far(room) and room.rows("SELECT 1 FROM hosts WHERE not_before IS NOT NULL"))
    process.kill()
    process.communicate()
    assert room.rows("SELECT status FROM runs") == [("running",)]
    run = room.crawl()
    assert away.log == []
    assert run.funnel["away"]["lost"]["postponed"] > 0
    assert "/robots.txt" not in site.paths


def test_a_run_that_cannot_write_down_its_hosts_ends_as_a_fault(room: Newsroom) -> None:
    renamed = Event()
    stuck(room, renamed)
    process = room.start()
    wait_until(lambda: stored_so_far(room))
    room.rows("ALTER TABLE hosts RENAME TO lost")
    renamed.set()
    _, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "no such table: hosts" in err
    assert "Traceback" not in err
    assert room.rows("SELECT status FROM runs") in ([("storage_error",)], [("fault",)])  # met on the way, or at the end


@pytest.mark.parametrize("delay", ["0", "30"], ids=["downloading", "waiting for a turn"])
def test_ctrl_c_finishes_what_is_under_way_and_leaves_the_rest_to_the_next_run(room: Newsroom, delay: str) -> None:
    site = slow(room)
    process = room.start("-s", "JOBDIR=job", DOWNLOAD_DELAY=delay)
    wait_until(lambda: len(site.log) >= (6 if delay == "0" else 1))
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, err.count("\n")) == (130, 1)
    assert "interrupted" in err
    asked = {f"{site.url}{path}" for path in site.paths if path in PATHS}
    assert {row[0] for row in room.rows("SELECT url FROM articles")} == asked
    if delay == "0":
        assert accounted(json.loads(out)["slow"])
        assert '"interrupted": ' in out
    assert room.rows("SELECT status FROM runs") == [("interrupted",)]
    room.rows("DELETE FROM hosts")  # nobody is to wait for half a minute
    run = room.crawl("-s", "JOBDIR=job")
    assert room.rows("SELECT count(*) FROM articles") == [(len(PATHS),)]
    assert not asked & {f"{site.url}{path}" for path in site.paths}
    assert accounted(run.funnel["slow"])


def test_a_job_folder_does_not_keep_later_runs_from_polling(room: Newsroom) -> None:
    site = room.fed("daily", *PATHS[:2])
    for _ in range(2):
        run = room.crawl("-s", "JOBDIR=job")
    assert site.paths == ["/feed.xml"]
    assert run.funnel["daily"]["listings"] == {"unchanged": 1}
