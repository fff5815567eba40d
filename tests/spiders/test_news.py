"""The crawl from listing to database, three times over the same sources."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.crawling import Newsroom, Run, accounted, newsroom
from tests.newssite import Answer, Asked, article, feed, sitemap, sitemap_index, validated

RSS = "application/rss+xml"
XML = "application/xml"
FIRST_RUN = "SELECT counts FROM source_runs WHERE source = ? ORDER BY run_id LIMIT 1"


@dataclass(frozen=True, slots=True)
class Days:
    """Three runs and what each host was asked in them."""

    room: Newsroom
    runs: list[Run]
    asked: list[dict[str, list[Asked]]]

    def paths(self, run: int, name: str) -> list[str]:
        return [asked.path for asked in self.asked[run][name]]

    def funnel(self, run: int, name: str) -> dict[str, Any]:
        return dict(self.runs[run].funnel[name])


def stubborn(body: str) -> Any:
    """Says "not modified" to whoever has been here before."""
    return lambda asked: (
        Answer(status=304) if "if-none-match" in asked.headers else Answer(body, kind=RSS, headers={"ETag": '"1"'})
    )


def set_up(room: Newsroom) -> None:
    site = room.fed("validated", "/2026/a", "/2026/b")
    site.pages["/feed.xml"] = validated(feed(site.url, "/2026/a", "/2026/b"))
    room.fed("bare", "/2026/a", "/2026/b", "/2026/missing").pages.pop("/2026/missing")
    room.fed("fresh", "/2026/a")
    site = room.fed("liar", "/2026/a")
    site.pages["/feed.xml"] = stubborn(feed(site.url, "/2026/a"))
    site = room.source("front")
    site.pages["/"] = Answer("<html><head><link rel=alternate type=application/rss+xml href=/news.rss></head></html>")
    site.pages["/news.rss"] = Answer(feed(site.url, "/2026/a"), kind=RSS)
    site.pages["/2026/a"] = Answer(article("Found by the front page"))
    site = room.source("page")
    links = "".join(
        f"<h2><a href=/2026/11/20/the-ferry-stays-another-year-{n}>The ferry stays for another year {n}</a></h2>"
        for n in range(3)
    )
    site.pages["/"] = Answer(f"<html><body><main>{links}</main></body></html>")
    for n in range(3):
        site.pages[f"/2026/11/20/the-ferry-stays-another-year-{n}"] = Answer(article(f"Found by a section {n}", n))
    site = room.host("maps")
    room.source("maps", site, sitemaps=[f"{site.url}/index.xml"])
    site.pages["/index.xml"] = Answer(sitemap_index(f"{site.url}/one.xml", f"{site.url}/index.xml"), kind=XML)
    site.pages["/one.xml"] = Answer(sitemap(f"{site.url}/2026/a"), kind=XML)
    site.pages["/2026/a"] = Answer(article("Found by a sitemap"))
    site = room.fed("twins", "/2026/a?utm_source=feed", "/amp/2026/a", "/old/a")
    canonical = f"<link rel=canonical href='{site.url}/2026/a'>"
    for path in ("/2026/a?utm_source=feed", "/2026/a", "/amp/2026/a"):
        site.pages[path] = Answer(article("One of a kind", head=canonical))
    site.pages["/old/a"] = Answer(status=301, headers={"Location": "/2026/a"})
    room.fed("picky", "/2026/a", "/2026/sport/b", "/video/c", include=["/2026/"], exclude=["/sport/"])
    room.fed("off", "/2026/a", enabled=False)
    room.source("silent", sections=[])


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Days]:
    with newsroom(tmp_path_factory.mktemp("crawl")) as room:
        set_up(room)
        runs, asked = [], []
        for day in range(3):
            if day == 1:
                for name in ("fresh", "liar"):
                    site = room.sites[name]
                    body = feed(site.url, "/2026/b", "/2026/a")
                    site.pages["/feed.xml"] = stubborn(body) if name == "liar" else Answer(body, kind=RSS)
                    site.pages["/2026/b"] = Answer(article(f"{name} b", 7))
            if day == 2:
                room.rows("UPDATE listings SET read_at = datetime(read_at, '-2 days') WHERE source = 'liar'")
            runs.append(room.crawl())
            asked.append({name: list(site.log) for name, site in room.sites.items()})
        yield Days(room, runs, asked)


def test_the_first_run_stores_what_every_kind_of_listing_names(days: Days) -> None:
    expected = {"validated": 2, "bare": 2, "fresh": 1, "liar": 1, "front": 1, "page": 3, "maps": 1, "picky": 1}
    assert {name: days.funnel(0, name).get("stored_new") for name in expected} == expected


def test_every_address_is_accounted_for(days: Days) -> None:
    for run in days.runs:
        assert [name for name, funnel in run.funnel.items() if not accounted(funnel)] == []


def test_an_unchanged_feed_costs_one_conditional_request(days: Days) -> None:
    assert days.paths(1, "validated") == ["/feed.xml"]
    assert "if-none-match" in days.asked[1]["validated"][0].headers
    assert days.funnel(1, "validated")["why_none"] == "the listings are unchanged"


def test_a_feed_without_validators_is_known_by_its_body(days: Days) -> None:
    assert days.paths(1, "bare") == ["/feed.xml"]
    assert days.funnel(1, "bare")["listings"] == {"unchanged": 1}


def test_only_what_is_new_is_fetched(days: Days) -> None:
    assert sorted(days.paths(1, "fresh")) == ["/2026/b", "/feed.xml"]
    assert days.funnel(1, "fresh")["known"] == 1


def test_validators_are_not_trusted_for_more_than_a_day(days: Days) -> None:
    assert days.paths(1, "liar") == ["/feed.xml"]
    assert sorted(days.paths(2, "liar")) == ["/2026/b", "/feed.xml"]


def test_robots_txt_is_asked_for_once_a_day(days: Days) -> None:
    assert all("/robots.txt" in days.paths(0, name) for name in ("validated", "page"))
    assert not any("/robots.txt" in days.paths(1, name) for name in days.room.sites)


def test_the_places_a_front_page_names_are_found_once(days: Days) -> None:
    assert days.paths(1, "front") == ["/news.rss"]


def test_an_index_that_names_itself_is_read_once(days: Days) -> None:
    assert sorted(days.paths(0, "maps")) == ["/2026/a", "/index.xml", "/one.xml", "/robots.txt"]


def test_all_addresses_of_one_article_are_kept_with_it(days: Days) -> None:
    url = days.room.sites["twins"].url
    articles = days.room.rows("SELECT id, url FROM articles WHERE source = 'twins'")
    assert len(articles) == 1
    aliases = {row[0] for row in days.room.rows("SELECT address FROM addresses WHERE article_id = ?", articles[0][0])}
    assert {f"{url}/2026/a", f"{url}/old/a"} <= aliases


def test_an_article_is_not_fetched_under_its_amp_address_too(days: Days) -> None:
    assert not any(path.startswith("/amp/") for run in range(3) for path in days.paths(run, "twins"))
    assert days.funnel(0, "twins")["known"] == 1


def test_patterns_keep_addresses_out(days: Days) -> None:
    assert days.funnel(0, "picky")["excluded"] == 2
    assert "/video/c" not in days.paths(0, "picky")


def test_a_page_that_is_gone_is_refused_by_name_and_not_asked_for_again(days: Days) -> None:
    assert sum(days.funnel(0, "bare")["rejected"].values()) == 1
    assert "/2026/missing" not in days.paths(1, "bare")


def test_a_disabled_source_is_left_alone(days: Days) -> None:
    assert days.paths(0, "off") == []
    assert "off" not in days.runs[0].funnel


def test_zero_articles_have_a_stated_reason(days: Days) -> None:
    for run in days.runs:
        for name, funnel in run.funnel.items():
            assert bool(funnel.get("article")) is not bool(funnel["why_none"]), name


def test_the_run_is_in_the_database_with_its_funnel(days: Days) -> None:
    runs = days.room.rows("SELECT status, counts FROM runs ORDER BY id")
    assert [status for status, _ in runs] == ["finished"] * 3
    assert '"articles/new"' in runs[0][1]
    (counts,) = (json.loads(row[0]) for row in days.room.rows(FIRST_RUN, "validated"))
    assert (counts["stored_new"], counts["with/headline"]) == (2, 2)
    assert counts["answers"] == counts["fetched"] + counts["listings/read"]
    assert counts["words"] > 0
    assert counts["bytes"] > 0
