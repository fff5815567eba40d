"""``newsloom schedule`` as a process: one scheduler at a time, signals, and what a kill leaves."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.storage.database import open_database
from tests.commands.test_health_command import Desk, desk, fail
from tests.crawling import Newsroom, newsroom
from tests.newssite import Answer, article, feed
from tests.processes import clean_environment

__all__ = ["desk"]


def scheduler(room: Newsroom, *arguments: str, **settings: str) -> subprocess.Popen[str]:
    return room.start(*arguments, command=["schedule"], **settings)


def wait_until(holds: Callable[[], object], process: subprocess.Popen[str]) -> None:
    for _ in range(600):
        if process.poll() is not None or holds():
            break
        time.sleep(0.1)
    assert holds(), process.communicate()[1] if process.poll() is not None else "not in a minute"


def end(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGTERM)
    err = process.communicate(timeout=60)[1]
    assert process.returncode == 0, err
    return err


def test_a_scheduler_rereads_its_sources_and_ends_when_what_is_under_way_is_stored(tmp_path: Path) -> None:
    with newsroom(tmp_path) as room:
        harbour = room.fed("harbour", "/2026/a")
        upland = room.fed("upland", "/2026/b")
        upland.pages["/2026/b"] = Answer(article("Slow"), delay=2)
        later = room.entries.pop()
        with scheduler(room) as process:
            try:
                wait_until(lambda: "/2026/a" in harbour.paths, process)
                room.entries.append({"url": "no address"})
                with scheduler(room, "--no-wait") as second:
                    assert "is no web address" in second.communicate(timeout=60)[1]
                process.send_signal(signal.SIGHUP)
                time.sleep(1)  # two signals at once may arrive as one
                room.entries[-1] = later
                with scheduler(room, "--no-wait") as second:
                    assert "another scheduler is at work" in second.communicate(timeout=60)[1]
                    assert second.returncode == 1
                process.send_signal(signal.SIGHUP)
                wait_until(lambda: "/2026/b" in upland.paths, process)
                err = end(process)
            finally:
                process.kill()
        assert "the sources stay as they were: sources.toml: entry 2" in err
        assert sorted(room.rows("SELECT headline FROM article_versions")) == [("Slow",), ("harbour /2026/a",)]
        assert room.rows("SELECT count(*) FROM leases") == [(0,)]
        assert [site.paths.count("/feed.xml") for site in (harbour, upland)] == [1, 1]


def test_a_scheduler_that_was_killed_is_followed_by_one_that_goes_on(tmp_path: Path) -> None:
    """The second asks for nothing that the first has got, and gives up what takes too long when it is to end."""
    with newsroom(tmp_path) as room:
        paths = ["/2026/a", "/2026/b"]
        site = room.fed("harbour", *paths)
        site.pages["/2026/a"] = Answer(article("Slow"), delay=60)
        with scheduler(room, DOWNLOAD_TIMEOUT="60") as first:
            try:
                wait_until(lambda: "/2026/a" in site.paths and room.rows("SELECT 1 FROM articles"), first)
            finally:
                first.kill()
        room.rows("UPDATE leases SET expires_at = '2026-01-01 00:00:00.000000'")
        site.pages["/feed.xml"] = Answer(feed(site.url, *paths, "/2026/c"), kind="application/rss+xml")
        with scheduler(room, STOP_DEADLINE="1", DOWNLOAD_TIMEOUT="60") as second:
            try:
                wait_until(lambda: site.paths.count("/2026/a") == 2, second)
                err = end(second)
            finally:
                second.kill()
        assert "did not end within 1 s" in err
        assert (site.paths.count("/feed.xml"), site.paths.count("/2026/b")) == (1, 1)
        assert room.rows("SELECT state FROM frontier WHERE url LIKE '%/a'") == [("pending",)]


NOTICING = """
import sys
from datetime import timedelta
import pipeline.service
from pipeline.__main__ import main
pipeline.service.LOOKED_AFTER = timedelta(seconds=1)
sys.argv = ["newsloom", *sys.argv[1:]]
main()
"""


def noticing(folder: Path, database: Path, address: str) -> subprocess.Popen[str]:
    """A scheduler that has something to tell at once."""
    (folder / "sources.toml").write_text('[[source]]\nname = "post"\nurl = "http://127.0.0.1:9/"\n')
    (folder / "data").mkdir()
    engine = open_database(f"sqlite:///{shutil.copy(database, folder / 'data/newsloom.db')}")
    fail(engine)
    engine.dispose()
    settings = {"NOTIFY": address, "USER_AGENT": "newsloom-tests/1.0 (+https://news.example/bot)"}
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    command = [sys.executable, "-c", NOTICING, "schedule", *options]
    return subprocess.Popen(command, cwd=folder, env=clean_environment(), stderr=subprocess.PIPE, text=True)


def test_a_scheduler_tells_of_a_source_that_fails(tmp_path: Path, sqlite_database: Path, desk: Desk) -> None:
    with noticing(tmp_path, sqlite_database, desk.address) as process:
        try:
            wait_until(lambda: desk.taken, process)
            err = end(process)
        finally:
            process.kill()
    assert "failing: post: no listing could be read" in desk.taken[0]["message"]
    assert "hidden" not in err


def test_a_notice_on_its_way_is_waited_for(tmp_path: Path, sqlite_database: Path) -> None:
    with newsroom(tmp_path) as room:
        service = room.host("service")
        service.pages["/hook"] = Answer(delay=2)
        with noticing(tmp_path, sqlite_database, f"json://127.0.0.1:{service.port}/hook") as process:
            try:
                wait_until(lambda: service.at_once, process)
                err = end(process)
            finally:
                process.kill()
        assert "Traceback" not in err
        assert room.rows("SELECT count(*) FROM alerts WHERE told_at IS NOT NULL") == [(1,)]
