"""``newsloom crawl news``: arguments, exit status, outputs."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import Newsloom
from tests.crawling import Newsroom, newsroom
from tests.newssite import Answer, article, sitemap

ENTRY = '[[source]]\nurl = "https://news.example/"\n'


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [
        (None, 1, "sources.toml: there is no such file"),
        ("[[source]\n", 1, "is no TOML"),
        ("", 1, "defines no source"),
        ('[[source]]\nurl = "x"\n', 1, "is no web address"),
        (ENTRY, 2, "set USER_AGENT to a name and a contact"),
    ],
)
def test_what_keeps_a_crawl_from_starting_is_said_in_one_line(
    newsloom: Newsloom, tmp_path: Path, text: str | None, status: int, told: str
) -> None:
    if text is not None:
        (tmp_path / "sources.toml").write_text(text)
    done = newsloom("crawl", "news")
    assert done.returncode == status
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("argument", "told"), [("kind=feed", "kind='feed' is none of"), ("source=nobody", "there is no source 'nobody'")]
)
def test_an_argument_that_means_nothing_is_status_2(
    newsloom: Newsloom, tmp_path: Path, argument: str, told: str
) -> None:
    (tmp_path / "sources.toml").write_text(ENTRY)
    done = newsloom("crawl", "news", "-a", argument)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert told in done.stderr


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """Two sources; "both" has a feed and a sitemap."""
    with newsroom(tmp_path_factory.mktemp("crawl")) as room:
        site = room.fed("both", "/2026/a")
        room.entries[0]["sitemaps"] = [f"{site.url}/map.xml"]
        site.pages["/map.xml"] = Answer(sitemap(f"{site.url}/2026/b"), kind="application/xml")
        site.pages["/2026/b"] = Answer(article("In the sitemap"))
        room.fed("other", "/2026/a")
        yield room


def test_source_kind_and_due_choose_what_is_asked_for(room: Newsroom) -> None:
    both, other = room.sites["both"], room.sites["other"]
    room.crawl("-a", "source=both", "-a", "kind=sitemaps")
    assert sorted(both.paths) == ["/2026/b", "/map.xml", "/robots.txt"]
    assert other.paths == []
    run = room.crawl("-a", "due=1", "-o", "articles.jsonl")
    assert sorted(both.paths) == ["/2026/a", "/feed.xml"], "its feed has never been asked for"
    assert run.status == 0
    exported = [json.loads(line) for line in (room.folder / "articles.jsonl").read_text().splitlines()]
    assert sorted(row["headline"] for row in exported) == ["both /2026/a", "other /2026/a"]
    run = room.crawl("-a", "due=1")
    assert (both.paths, other.paths) == ([], [])
    assert run.funnel["both"]["why_none"] == "the source is not due yet"
    room.crawl("-a", "kind=feeds")
    assert both.paths == ["/feed.xml"]


def test_a_paused_source_is_left_alone_and_says_so(room: Newsroom) -> None:
    room.rows("UPDATE sources SET paused = 1 WHERE name = 'other'")
    run = room.crawl("-a", "source=other")
    room.rows("UPDATE sources SET paused = 0")
    assert (run.status, room.sites["other"].paths) == (0, [])
    assert run.funnel["other"]["why_none"] == "the source is paused"


def test_budgets_bound_pages_bytes_and_time(tmp_path: Path) -> None:
    with newsroom(tmp_path) as room:
        many = [f"/2026/{n}" for n in range(12)]
        room.fed("pages", *many, max_pages=3)
        large = room.fed("bytes", *many)
        large.pages.update({path: Answer(article(f"Large {path}", head=" " * 400_000)) for path in many})
        slow = room.fed("time", *many)
        slow.pages.update({path: Answer(article(f"Slow {path}"), delay=0.7) for path in many})
        run = room.crawl(SOURCE_MAX_BYTES="1000000", SOURCE_MAX_TIME="3")
        lost = {name: funnel["lost"].get("budget", 0) for name, funnel in run.funnel.items()}
        assert lost["pages"] == 9
        assert 8 <= lost["bytes"] <= 10
        assert lost["time"] >= 5
        later = room.crawl("-a", "source=pages", SOURCE_MAX_BYTES="1000000")
        assert later.funnel["pages"]["pending"] == 3
