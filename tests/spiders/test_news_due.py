"""Scheduled runs: articles seen again, pages and listings that failed left alone."""

from pathlib import Path

from tests.crawling import accounted, newsroom
from tests.newssite import Answer, article

PAST = "2026-01-01 00:00:00.000000"
DUE = ("-a", "due=1")


def test_a_scheduled_run_sees_an_article_again_until_it_has_not_changed(tmp_path: Path) -> None:
    with newsroom(tmp_path) as room:
        site = room.fed("harbour", "/2026/a")
        first = room.crawl(*DUE)
        assert first.funnel["harbour"]["stored_new"] == 1
        assert room.crawl(*DUE).funnel["harbour"]["why_none"] == "the source is not due yet"
        for text, outcome in (("Ferry is late", "stored_updated"), ("Ferry is late", "stored_unchanged")):
            site.pages["/2026/a"] = Answer(article(text))
            assert room.rows("SELECT count(*) FROM frontier WHERE visit_at IS NOT NULL") == [(1,)]
            room.rows("UPDATE frontier SET visit_at = ?", PAST)
            run = room.crawl(*DUE)
            assert site.paths == ["/2026/a"]
            assert run.funnel["harbour"]["revisited"] == run.funnel["harbour"][outcome] == 1
            assert accounted(run.funnel["harbour"])
        assert room.rows("SELECT count(*) FROM frontier WHERE visit_at IS NOT NULL") == [(0,)]


def test_what_failed_is_left_alone_by_scheduled_runs_only(tmp_path: Path) -> None:
    with newsroom(tmp_path) as room:
        site = room.fed("harbour", "/2026/a")
        site.pages["/2026/a"] = Answer("busy", 500)
        broken = room.fed("upland", "/2026/b")
        broken.pages["/feed.xml"] = Answer("gone", 404)
        searched = room.source("nothing", room.host("nothing"))
        room.crawl(*DUE)
        assert "/feed.xml" in broken.paths
        assert "/" in searched.paths
        again = room.crawl(*DUE)
        assert (site.paths, broken.paths, searched.paths) == ([], [], [])
        assert again.status == 0
        plain = room.crawl()
        assert "/2026/a" in site.paths
        assert "/feed.xml" in broken.paths
        assert "/" in searched.paths
        assert plain.status == 1
