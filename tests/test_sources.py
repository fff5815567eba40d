"""sources.toml: what an entry may say, and everything that is wrong told at once."""

from datetime import timedelta

import pytest

from pipeline.sources import as_toml, default_name, is_known, parse_sources


def problems(text: str) -> list[str]:
    return [str(problem) for problem in parse_sources(text)[1]]


def test_the_smallest_entry():
    (source,), found = parse_sources('[[source]]\nurl = "https://www.example.org/"')
    assert not found
    assert (source.name, source.url) == ("example.org", "https://www.example.org/")
    assert (source.feeds, source.sitemaps, source.sections) == (None, None, None)
    assert source.enabled


def test_every_key():
    text = """
    [[source]]
    url = "https://example.org/en"
    name = "example-en"
    feeds = ["https://example.org/feed.xml"]
    sitemaps = []
    sections = ["https://example.org/en/politics"]
    include = ["/en/"]
    exclude = ["/sport/", "[.]pdf$"]
    delay = 2
    poll = { min = "15m", max = "7d", cron = "0 6-22 * * *", zone = "Europe/Lisbon" }
    language = "pt-BR"
    prune = ["div.promo"]
    body = ["article > p"]
    tags = ["daily"]
    max_pages = 50
    render = "browser"
    enabled = false
    """
    (source,), found = parse_sources(text)
    assert not found
    assert source.feeds == ("https://example.org/feed.xml",)
    assert source.sitemaps == ()
    assert (source.poll.min, source.poll.max) == (timedelta(minutes=15), timedelta(days=7))
    assert (source.delay, source.max_pages, source.render, source.enabled) == (2.0, 50, "browser", False)


def test_all_problems_are_told_at_once_each_with_its_place():
    text = """
    colour = "red"
    [[source]]
    url = "ftp://example.org/"
    feds = ["https://example.org/feed"]
    delay = "soon"
    include = ["("]
    prune = ["div[", "p::before"]
    poll = { min = "1 fortnight" }
    [[source]]
    name = "nameless"
    """
    told = problems(text)
    assert len(told) == 9
    assert told[0].startswith("colour: there is no such key")
    assert "entry 1 (ftp://example.org/): url: is no web address" in told[1]
    assert any(line.endswith("feds: there is no such key, did you mean 'feeds'?") for line in told)
    assert any("include.0: is no regular expression" in line for line in told)
    assert any("prune.0: is no CSS selector" in line for line in told)
    assert any("prune.1: is no CSS selector" in line for line in told)
    assert any("poll.min: is no duration" in line for line in told)
    assert told[-1] == "entry 2 (nameless): url: is missing"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[source]\nurl=1", "is no TOML"),
        ("source = 1", "entries begin with [[source]]"),
        ("[source]\nurl = 'https://example.org/'", "entries begin with [[source]]"),
        ("source = ['https://example.org/']", "is no table"),
        ("[[source]]\nurl = 7", "url: is no text"),
        ('[[source]]\nurl = "https://example.org/"\nenabled = "yes"', "enabled: is neither true nor false"),
        ('[[source]]\nurl = "https://example.org/"\nfeeds = "https://example.org/f"', "feeds: is no list"),
        ('[[source]]\nurl = "https://example.org/"\npoll = {min = "3d", max = "1d"}', "poll: min must be"),
        ('[[source]]\nurl = "https://example.org/"\npoll = {cron = "at noon"}', "poll.cron: is no cron expression"),
        ('[[source]]\nurl = "https://example.org/"\npoll = {cron = "0 0 30 2 *"}', "poll.cron: is no cron expression"),
        ('[[source]]\nurl = "https://example.org/"\npoll = {zone = "Mars/Base"}', "poll.zone: is no time zone"),
        ('[[source]]\nurl = "https://example.org/"\npoll = {zone = "../etc"}', "poll.zone: is no time zone"),
        ('[[source]]\nurl = "https://example.org/"\nname = "a/b"', "name: may hold letters"),
        ('[[source]]\nurl = "https://a.example/"\n[[source]]\nurl = "http://a.example"', "more than one entry"),
    ],
)
def test_what_cannot_be_used(text, told):
    assert any(told in problem for problem in problems(text))


def test_patterns_let_addresses_pass():
    text = '[[source]]\nurl = "https://example.org/"\ninclude = ["/20\\\\d\\\\d/"]\nexclude = ["/sport/"]'
    (source,), _ = parse_sources(text)
    assert source.wants("https://example.org/2026/a")
    assert not source.wants("https://example.org/about")
    assert not source.wants("https://example.org/2026/sport/a")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.example.org/", "example.org"),
        ("https://example.org/news/de/", "example.org-news-de"),
        ("http://127.0.0.1:8000/", "127.0.0.1-8000"),
        ("https://user:word@example.org/", "example.org"),
    ],
)
def test_names_of_entries_without_one(url, name):
    assert default_name(url) == name


def test_entries_can_be_written_and_read_again():
    written = as_toml([{"url": "https://example.org/", "name": "a", "tags": ['say "so"', "\u007f"]}])
    (source,), found = parse_sources(written)
    assert not found
    assert source.tags == ('say "so"', "\u007f")
    assert is_known([source], "https://EXAMPLE.org")
    assert not is_known([source], "https://example.org/other")
