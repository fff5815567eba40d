"""Does the database agree with the archive? On both databases."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.items import Link, Origin, Reason
from pipeline.storage.archive import Archive
from pipeline.storage.articles import save
from pipeline.storage.connection import writing
from pipeline.storage.frontier import note_links
from pipeline.storage.maintenance import check
from pipeline.storage.pruning import prune
from pipeline.storage.runs import start_run
from pipeline.storage.schema import archive_files, captures, frontier, rejections
from tests.storage.archiving import NOON, fetched, files, stored
from tests.storage.samples import article, rejection


@pytest.fixture
def archive(tmp_path, engine):
    archive = Archive(tmp_path / "archive", engine)
    yield archive
    archive.close()


def made_of(capture, **fields):
    """The article that was made of a page."""
    shared = {"url": capture.url, "addresses": (capture.url,), "canonical_url": capture.url}
    return article(f"Of {capture.url}", digest=capture.digest, fetched_at=capture.fetched_at, **shared | fields)


@pytest.fixture
def crawled(archive, engine):
    """Three pages as a crawl leaves them: an article, a rejection, and one that is still to be refined."""
    pages = [fetched(n, f"Page {n}.") for n in (1, 2, 3)]
    links = [Link(page.url, Origin.FEED, source="news") for page in pages]
    with writing(engine) as connection:
        note_links(connection, links, NOON)
    archive.store(pages, NOON)
    archive.close()
    first, second, third = stored(engine)
    refused = rejection(second.url, Reason.TOO_SHORT, digest=second.digest, fetched_at=second.fetched_at)
    save(engine, [made_of(first), refused], start_run(engine, "news", NOON))
    return first, second, third


def findings(engine, tmp_path):
    return [finding.removeprefix(f"{tmp_path}/archive/") for finding in check(engine, tmp_path / "archive")]


@pytest.mark.usefixtures("crawled")
def test_a_sound_one(engine, tmp_path):
    assert findings(engine, tmp_path) == []


def test_a_database_without_archive(engine, tmp_path):
    save(engine, [article()], start_run(engine, "news", NOON))
    assert findings(engine, tmp_path) == []


def test_a_file_that_is_gone_or_shorter(crawled, engine, tmp_path):
    (path,) = files(tmp_path)
    last = crawled[2]
    os.truncate(path, last.offset + 1)
    missing = f"{last.length - 1:,} bytes are missing at its end"
    assert findings(engine, tmp_path) == [f"{last.file}: {missing}, 1 page lost"]
    path.unlink()
    assert findings(engine, tmp_path) == [f"{last.file}: cannot be read: No such file or directory, 3 pages lost"]


def test_pages_that_are_not_indexed_where_nobody_writes(crawled, archive, engine, tmp_path):
    last = crawled[2]
    with writing(engine) as connection:
        connection.execute(captures.delete().where(captures.c.id == last.id))
        connection.execute(frontier.update().where(frontier.c.url == last.url).values(state="pending"))
        connection.execute(archive_files.update().values(size=last.offset))
    assert findings(engine, tmp_path) == [
        f"{last.file}: {last.length:,} bytes are not in the index yet, the next crawl reads them"
    ]
    archive.recover(NOON)
    assert findings(engine, tmp_path) == []


def test_a_page_that_left_no_trace(crawled, engine, tmp_path):
    with writing(engine) as connection:
        connection.execute(rejections.delete())
    second = crawled[1]
    assert findings(engine, tmp_path) == [
        f"capture {second.id}, {second.url}: there is neither an article nor a rejection of it"
    ]


def test_a_page_seen_again_with_other_bytes_and_the_same_article_is_none(crawled, archive, engine, tmp_path):
    again = fetched(1, "Page 1, other advertisements.", fetched_at=NOON + timedelta(hours=1))
    archive.store([again], NOON)
    first, capture = crawled[0], stored(engine)[3]
    save(engine, [replace(made_of(first), digest=capture.digest, fetched_at=capture.fetched_at)])
    assert stored(engine)[3].outcome == "unchanged"
    assert findings(engine, tmp_path) == []


def test_a_page_that_waits_and_is_not_archived(crawled, engine, tmp_path):
    with writing(engine) as connection:
        connection.execute(captures.delete().where(captures.c.id == crawled[2].id))
    assert findings(engine, tmp_path) == [f"{crawled[2].url}: waits to be refined, but is not in the archive"]


def test_an_article_of_a_crawl_whose_page_is_not_archived(crawled, engine, tmp_path):
    lost = made_of(replace(crawled[0], url="https://news.example/lost", digest="0" * 64))
    save(engine, [lost], start_run(engine, "files", NOON))
    assert findings(engine, tmp_path) == []
    save(engine, [replace(lost, url="https://news.example/x", addresses=("https://news.example/x",))], 1)
    assert findings(engine, tmp_path) == ["article 3, version 1: its page is not in the archive"]


@pytest.mark.usefixtures("crawled")
def test_what_was_pruned_is_no_finding(archive, engine, tmp_path):
    with writing(engine) as connection:
        connection.execute(captures.update().values(outcome="new"))
        connection.execute(frontier.update().values(state="settled"))
    now = datetime.now(UTC)
    list(prune(engine, tmp_path / "archive", NOON + timedelta(days=9)))
    assert stored(engine) == []
    archive.store([fetched(4, "Page 4.", fetched_at=now)], now)
    save(engine, [made_of(stored(engine)[0])], 1)
    assert findings(engine, tmp_path) == []
