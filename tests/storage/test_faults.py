"""What can happen to a database in the middle of saving: locked, full, read-only, killed. Nothing is left half."""

import multiprocessing
import os
import resource
import signal
import sqlite3
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from pipeline.errors import StorageError
from pipeline.storage.articles import save
from pipeline.storage.connection import connect, writing
from pipeline.storage.database import open_database
from pipeline.storage.filters import ArticleFilter
from pipeline.storage.identity import Outcome
from pipeline.storage.maintenance import check
from pipeline.storage.queries import read_articles
from tests.storage.samples import contents, counts, plain

FORK = multiprocessing.get_context("fork")
NOBODY = 65534


def in_child(work: Callable[[], object]) -> str:
    """What ``work`` returns or raises in a process of its own, as text."""
    receive, send = FORK.Pipe(duplex=False)

    def run() -> None:
        try:
            send.send(str(work()))
        except StorageError as error:
            send.send(str(error))

    child = FORK.Process(target=run)
    child.start()
    told = receive.recv()
    child.join()
    return told


def waiting_briefly(engine):
    """The same database, with no patience for locks."""
    if engine.dialect.name == "postgresql":
        hasty = engine.url.update_query_dict({"options": "-c lock_timeout=50ms"})
        return connect(hasty.render_as_string(hide_password=False))
    impatient = connect(str(engine.url))

    @event.listens_for(impatient, "connect")
    def set_patience(connection, _):
        connection.execute("PRAGMA busy_timeout = 50")

    return impatient


def test_locked_by_another_process(engine):
    impatient = waiting_briefly(engine)
    with writing(engine), pytest.raises(StorageError, match="locked by another process for more than "):
        save(impatient, [plain(1)])
    assert save(impatient, [plain(1)]) == [Outcome.NEW]
    impatient.dispose()


def test_a_reader_is_not_held_up_by_a_writer(engine):
    save(engine, [plain(1)])
    with writing(engine):
        assert len(list(read_articles(engine, ArticleFilter()))) == 1


def test_a_full_disk_leaves_the_batch_out_and_the_rest_sound(sqlite):
    save(sqlite, [plain(1)])
    before = contents(sqlite)
    sqlite.dispose()

    @event.listens_for(sqlite, "connect")
    def limit(connection, _):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    with pytest.raises(StorageError, match=r"newsloom\.db: the disk is full"):
        save(sqlite, [plain(number) for number in range(2, 200)])
    assert contents(sqlite) == before
    assert check(sqlite) == []


def test_a_file_size_limit_leaves_the_batch_out(sqlite, sqlite_url):
    save(sqlite, [plain(1)])

    def limited():
        engine = open_database(sqlite_url)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        return save(engine, [plain(number) for number in range(2, 400)])

    assert "the disk refuses" in in_child(limited)
    assert counts(sqlite)["articles"] == 1
    assert check(sqlite) == []


@pytest.mark.parametrize("protect", ["file", "folder"])
def test_read_only(protect):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "newsloom.db")
        if protect == "file":
            open_database(f"sqlite:///{path}").dispose()
            path.chmod(0o444)
        Path(folder).chmod(0o555)

        def as_nobody():
            if os.geteuid() == 0:
                os.setuid(NOBODY)
            return save(open_database(f"sqlite:///{path}"), [plain(1)])

        told = in_child(as_nobody)
        Path(folder).chmod(0o755)
    assert told.startswith(f"{path}: ")
    assert "permission" in told


def test_damage_is_found_and_told(sqlite, sqlite_url):
    save(sqlite, [plain(number) for number in range(300)])
    sqlite.dispose()
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * (size // 4))
    try:
        findings = check(sqlite)
    except StorageError as error:
        findings = [str(error)]
    assert findings


def test_kill_9_in_the_middle_leaves_whole_articles_only(database_url, engine):
    batches = [
        [replace(plain(n), body=plain(n).body * 50) for n in range(start, start + 50)] for start in range(0, 2000, 50)
    ]
    receive, send = FORK.Pipe(duplex=False)

    def save_all() -> None:
        own = open_database(database_url)
        for batch in batches:
            save(own, batch)
            send.send(batch[-1].url)

    engine.dispose()  # no connection may be shared with the child
    child = FORK.Process(target=save_all)
    child.start()
    for _ in range(3):
        receive.recv()
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    found = {stored.article.url: stored.article for stored in read_articles(engine, ArticleFilter())}
    assert len(found) >= 150
    assert len(found) % 50 == 0
    assert all(found[a.url] == a for batch in batches for a in batch if a.url in found)
    assert check(engine) == []
    outcomes = [outcome for batch in batches for outcome in save(engine, batch)]
    assert outcomes.count(Outcome.UNCHANGED) == len(found)
    assert counts(engine)["articles"] == 2000


def test_writers_at_once_make_one_article(database_url, engine):
    engine.dispose()
    together = FORK.Barrier(3)
    items = [plain(number) for number in range(60)]

    def save_all(start: int) -> None:
        own = open_database(database_url)
        together.wait()
        for position in range(0, 60, 5):
            place = (position + start) % 60
            save(own, items[place : place + 5])

    children = [FORK.Process(target=save_all, args=(start,)) for start in (0, 0, 30)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0, 0]
    assert counts(engine) | {"articles": 60, "article_versions": 60, "addresses": 120, "authors": 2} == counts(engine)
    assert check(engine) == []


def test_threads_share_an_engine(engine):
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: save(engine, [plain(1)])[0], range(8)))
    assert sorted(outcomes) == [Outcome.NEW, *[Outcome.UNCHANGED] * 7]


def test_a_listing_half_read_locks_nobody_out(sqlite, sqlite_url):
    save(sqlite, [plain(number) for number in range(5)])
    listing = read_articles(sqlite, ArticleFilter())
    next(listing)  # as under a pager
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), timeout=0)) as other:
        other.execute("BEGIN IMMEDIATE")
    listing.close()
