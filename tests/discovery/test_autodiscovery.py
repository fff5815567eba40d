"""Feeds and sitemaps that pages and robots.txt name, and where to look when nothing does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.discovery.autodiscovery import Candidate, Signal, guesses, in_page, in_robots, ranked
from pipeline.items import Origin

HOME = "https://news.example/start"


def found(markup):
    return [(candidate.url, candidate.origin, candidate.signal) for candidate in in_page(markup.encode(), HOME)]


@pytest.mark.parametrize(
    "markup",
    [
        '<link rel="alternate" type="application/rss+xml" href="/feeds/all">',
        '<LINK REL="Alternate" TYPE="Application/Atom+XML; charset=utf-8" HREF=" /feeds/all ">',
        '<link rel="feed" href="https://news.example/feeds/all">',
        '<base href="/feeds/"><link rel="alternate home" type="application/feed+json" href="all">',
        '<body><div><link rel="alternate" type="text/xml" href="/feeds/all"></div>',
    ],
)
def test_feeds_in_the_head(markup):
    assert found(markup) == [("https://news.example/feeds/all", Origin.FEED, Signal.HEAD)]


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ('<a href="/rss">News by RSS</a>', "/rss"),
        ('<a href="sport/feed.xml">Sport</a>', "/sport/feed.xml"),
        ('<a href="/index.php?format=atom">x</a>', "/index.php?format=atom"),
        ('<a href="https://feeds.example/desk.rss">RSS</a>', "https://feeds.example/desk.rss"),
    ],
)
def test_feeds_among_the_links(markup, url):
    url = url if url.startswith("https") else f"https://news.example{url}"
    assert found(markup) == [(url, Origin.FEED, Signal.ANCHOR)]


@pytest.mark.parametrize(
    "markup",
    [
        '<link rel="alternate" type="application/rss+xml" title="Desk » Comments Feed" href="/comments/feed/">',
        '<link rel="alternate" type="application/rss+xml" title="Kommentare" href="/rss/2">',
        '<link rel="alternate" hreflang="de" href="/de/">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed?format=feed">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1">',
        '<link rel="alternate stylesheet" type="text/xml" href="/feed.css">',
        '<a href="/feedback">Feedback</a>',
        '<a href="https://other.example/feed">Their page</a>',
        '<a href="mailto:rss@news.example">RSS</a>',
        "",
    ],
)
def test_what_is_no_feed(markup):
    assert found(markup) == []


def test_the_most_promising_stand_first_and_each_once():
    markup = """
    <a href="/rss/sport">Sport</a><link rel=sitemap href="/sitemap.xml"><link rel=sitemap href="/sitemap-news.xml">
    <link rel=alternate type="application/rss+xml" title="All news" href="/rss">
    <a href="/rss?utm_source=foot">RSS</a>"""
    assert found(markup) == [
        ("https://news.example/sitemap-news.xml", Origin.SITEMAP, Signal.HEAD),
        ("https://news.example/rss", Origin.FEED, Signal.HEAD),
        ("https://news.example/rss/sport", Origin.FEED, Signal.ANCHOR),
        ("https://news.example/sitemap.xml", Origin.SITEMAP, Signal.HEAD),
    ]
    assert in_page(markup.encode(), HOME)[1].title == "All news"


def test_sitemaps_of_robots_txt():
    text = (
        "\ufeffSITEMAP: https://news.example/a.xml\r\nUser-agent: *\nDisallow: /sitemap: x\n"
        "  Sitemap :/news/b.xml # fresh\nsitemap:https://cdn.example/c.xml.gz\nSitemap: mailto:x\nSitemap:\nSitemap: https://news.example/a.xml"
    )
    candidates = in_robots(text, "https://news.example/robots.txt")
    assert [candidate.url for candidate in candidates] == [
        "https://news.example/news/b.xml",
        "https://news.example/a.xml",
        "https://cdn.example/c.xml.gz",
    ]
    assert {(candidate.origin, candidate.signal) for candidate in candidates} == {(Origin.SITEMAP, Signal.ROBOTS)}


def test_common_places_on_the_same_host():
    places = guesses("https://news.example/deep/page.html?x=1")
    assert places[0] == Candidate("https://news.example/news-sitemap.xml", Origin.SITEMAP, Signal.GUESS)
    assert {"https://news.example/feed/", "https://news.example/sitemap.xml"} <= {place.url for place in places}
    assert guesses("no address") == ()


def test_a_guess_stands_behind_all_that_was_named():
    named = Candidate("https://news.example/all.xml", Origin.SITEMAP, Signal.ROBOTS)
    assert ranked([*guesses(HOME), named])[0] == named


@given(st.text(max_size=200))
def test_any_text_gives_whole_addresses(text):
    candidates = (
        *in_robots("Sitemap:" + text, HOME),
        *in_page(f'<link rel="feed" href="{text}">'.encode("utf-8", "replace"), HOME),
    )
    assert all(candidate.url.startswith(("http://", "https://")) for candidate in candidates)
