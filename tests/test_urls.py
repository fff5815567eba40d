"""One spelling for each address, and which addresses may stand for a page."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.urls import (
    absolute_url,
    canonical_url,
    is_home,
    is_twin,
    path_words,
    plausible_canonical,
    site_of,
    twin_key,
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://News.Example:443/a/../b", "https://news.example/b"),
        ("https://news.example/a#part", "https://news.example/a"),
        ("https://user:secret@news.example/a", "https://news.example/a"),
        ("https://news.example/a?utm_source=x&id=7&fbclid=y", "https://news.example/a?id=7"),
        ("https://news.example/a?UTM_Medium=x", "https://news.example/a"),
        ("https://news.example/a?b=2&a=1&b=1", "https://news.example/a?a=1&b=2&b=1"),
        ("https://news.example/a?q=a%2Bb&x", "https://news.example/a?q=a%2Bb&x"),
        ("https://news.example/a?", "https://news.example/a"),
        ("  https://bücher.example/ä \n", "https://xn--bcher-kva.example/%C3%A4"),
        ("//news.example/a", "https://news.example/a"),
        ("https://news.example./a", "https://news.example/a"),
        ("http://news.example:80/a", "http://news.example/a"),
        ("http://news.example:8080/a", "http://news.example:8080/a"),
        ("https://news.example", "https://news.example/"),
        ("https://news.example/%7eann/%41%2f%c3%a4?q=%7e%2b", "https://news.example/~ann/A%2F%C3%A4?q=~%2B"),
        ("https://news.example/100%/a%zz", "https://news.example/100%25/a%25zz"),
        ("https://news.example/a/%2e%2e/b/./c//d/", "https://news.example/b/c//d/"),
        ("https://news.example\\a b", "https://news.example/a%20b"),
        ("https://news.example/ne\nws", "https://news.example/news"),
        ("https://news.example/#!/a?id=1", "https://news.example/#!/a?id=1"),
        ("https://news.example/#/a", "https://news.example/#/a"),
        ("https://news.example/a#!", "https://news.example/a"),
        ("https://news.example/a;jsessionid=1F2E?PHPSESSID=3&id=4", "https://news.example/a?id=4"),
        ("https://news.example/a?source=rss&ref=42&from=Twitter", "https://news.example/a?ref=42"),
        ("https://news.example/a?id=1&amp;utm_source=x", "https://news.example/a?id=1"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://[::0001]:80/", "http://[::1]/"),
        ("mailto:desk@news.example", None),
        ("file:///tmp/page.html", None),
        ("javascript:void(0)", None),
        ("/relative", None),
        ("", None),
        ("https://", None),
    ],
)
def test_canonical_spelling(url, expected):
    assert canonical_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/a/b?id=1",
        "http://www.news.example/a/b/?id=1&utm_source=x#c",
        "https://m.news.example/a/b?id=1",
        "https://amp.news.example/a/b?id=1",
        "https://news.example/amp/a/b?id=1",
        "https://news.example/a/b/amp/?id=1",
        "https://news.example/a/b/amp.html?id=1",
        "https://news.example/a/b.amp?id=1",
        "https://news.example/a/b?amp=1&id=1",
        "https://news.example/a/b?outputType=amp&id=1",
        "https://news.example/a/b/index.html?id=1",
        "https://cache.example/c/s/news.example/a/b?id=1",
        "https://cache.example/v/s/amp.news.example/a/b?id=1&amp_js_v=0.1&usqp=mq331",
        "https://search.example/amp/s/www.news.example/a/b/amp/?id=1",
    ],
)
def test_twins_share_a_key(url):
    assert twin_key(url) == "news.example/a/b?id=1"
    assert is_twin(url) is bool(re.search(r"\bamp|\bm\.|/s/", url))


@pytest.mark.parametrize(
    "url",
    [
        "https://www.news.example/",
        "https://news.example/champ",
        "https://news.example/amplifier?id=mobile",
        "http://127.0.0.1:8001/a",
        "mailto:desk@m.news.example",
    ],
)
def test_a_full_page_is_no_twin(url):
    assert not is_twin(url)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://news.example/a", "https://news.example/b"),
        ("https://news.example/a?id=1", "https://news.example/a?id=2"),
        ("https://en.news.example/a", "https://de.news.example/a"),
        ("https://news.example/a", "https://news.example:8080/a"),
        ("https://news.example/amplifier", "https://news.example/lifier"),
        ("https://news.example/camp", "https://news.example/c"),
    ],
)
def test_others_do_not(one, other):
    assert twin_key(one) != twin_key(other)


def test_a_port_belongs_to_the_key():
    assert twin_key("http://www.news.example:8080/a") == "news.example:8080/a"
    assert twin_key("http://127.0.0.1:8001/a") == "127.0.0.1:8001/a"
    assert twin_key("http://[::1]:8001/a") == "[::1]:8001/a"


def test_what_is_no_address_has_no_twin():
    assert twin_key("mailto:desk@news.example") is None


def test_two_articles_stay_two():
    assert canonical_url("https://news.example/?id=1") != canonical_url("https://news.example/?id=2")


@pytest.mark.parametrize(
    ("url", "base", "expected"),
    [
        ("/b?x=1", "https://news.example/a/c", "https://news.example/b?x=1"),
        ("b", "https://news.example/a/c", "https://news.example/a/b"),
        ("https://other.example/b", "https://news.example/a", "https://other.example/b"),
        ("//other.example/b", "http://news.example/a", "http://other.example/b"),
        ("/b", "file:///tmp/page.html", None),
        ("/b", "", None),
    ],
)
def test_relative_addresses_hang_on_the_base(url, base, expected):
    assert canonical_url(url, base) == expected


def test_an_absolute_address_keeps_its_query_and_fragment():
    assert (
        absolute_url("/p.jpg?utm_source=x#y", "https://news.example/a") == "https://news.example/p.jpg?utm_source=x#y"
    )
    assert absolute_url("data:image/png;base64,AAAA", "https://news.example/a") is None
    assert absolute_url("  ", "https://news.example/a") is None


def test_an_absolute_address_has_a_host_and_no_credentials():
    assert absolute_url("https://me:secret@news.example/a") == "https://news.example/a"
    assert [absolute_url(url) for url in ("http://./a", "http://..", "http://:80/")] == [None] * 3


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.news.example/a", "news.example"),
        ("https://m.paper.co.uk/a", "paper.co.uk"),
        ("https://paper.com.au/a", "paper.com.au"),
        ("https://co.uk/", "co.uk"),
        ("http://127.0.0.1:8000/a", "127.0.0.1"),
        ("http://[::1]/a", "[::1]"),
        ("http://localhost/a", "localhost"),
        ("no address", ""),
    ],
)
def test_the_part_one_owner_registers(url, site):
    assert site_of(url) == site


@pytest.mark.parametrize(
    ("candidate", "page", "plausible"),
    [
        ("https://www.news.example/a", "https://m.news.example/a?page=2", True),
        ("https://news.example/", "https://news.example/a", False),
        ("https://other.example/a", "https://news.example/a", False),
        ("https://paper.co.uk/a", "https://other.co.uk/a", False),
        ("https://news.example/a", "", True),
        ("https://news.example/a", "file:///tmp/page.html", True),
        ("https://news.example/?p=12", "https://news.example/?p=12", True),
        ("nonsense", "https://news.example/a", False),
    ],
)
def test_a_plausible_canonical_address_is_an_article_of_the_same_site(candidate, page, plausible):
    assert plausible_canonical(candidate, page) is plausible


def test_the_front_door_is_home():
    assert is_home("https://news.example/")
    assert not is_home("https://news.example/?p=1")


def test_an_address_names_the_sections_above_its_page():
    assert path_words("https://news.example/sport/table-tennis/final-1") == ["sport", "table tennis"]
    assert path_words("") == []


_URLS = st.builds(
    "{}://{}{}/{}?{}#{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(["news.example", "WWW.News.Example", "bücher.example", "127.0.0.1", "x@news.example"]),
    st.sampled_from(["", ":80", ":443", ":8080"]),
    st.text(max_size=20),
    st.text(alphabet="ab=&%+ü?#/ utm_source", max_size=30),
    st.text(max_size=5),
)


@given(_URLS | st.text(max_size=60))
def test_canonical_twice_is_canonical_once(url):
    once = canonical_url(url)
    assert once is None or canonical_url(once) == once


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_raises(url, base):
    canonical_url(url, base)
    plausible_canonical(url, base)
    site_of(url)
    twin_key(url)
    is_twin(url)
