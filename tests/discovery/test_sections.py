"""Which links of a section page are articles, in several layouts of our own making."""

from pathlib import Path
from urllib.parse import quote, unquote, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.discovery.listing import Format
from pipeline.discovery.sections import CLUES, read_section
from pipeline.items import Origin
from pipeline.urls import canonical_url
from tests.discovery.fronts import fronts

HOME = "https://news.example/"
NAVIGATION = """
<header><a href="/"><img alt="The Desk"></a><a href="/login">Sign in</a><nav><ul>
<li><a href="/sport">Sport</a><li><a href="/world/europe">Europe</a>
<li><a href="/tag/night-trains-of-the-north">Night trains</a>
<li><a href="https://other.example/2024/03/05/a-page-of-another-site">A page of another site</a>
</ul></nav></header>"""
FOOTER = """
<footer><a href="/about-us/how-we-work-with-our-readers">How we work with our readers</a>
<a href="/privacy-policy">Privacy</a><a href="mailto:desk@news.example">Write to us</a>
<a href="javascript:void(0)">Manage cookies</a><a href="#top">To the top of the page</a>
<a href="/files/annual-report-of-the-publishing-house.pdf">Annual report of the publishing house</a>
<a href="/author/ann-lee-of-the-rail-desk">Ann Lee of the rail desk</a></footer>"""

RETURN = "Night train to return after nine years"
RUSSIAN = "/новости/ночной-поезд-вернётся-в-марте"
# Layout → its main part, and the articles in it.
LAYOUTS = {
    "dated addresses, headline in a heading": (
        f"""<main><article><h2><a href="/2024/03/05/night-train">{RETURN}</a></h2>
        <a href="/2024/03/05/night-train"><img alt="A train"></a><a href="/2024/03/05/night-train#more">Read more</a>
        </article></main>""",
        {"/2024/03/05/night-train": RETURN},
    ),
    "numbers, no semantic elements": (
        f"""<table><tr><td><a href="/news/rail-41532908">{RETURN}</a></td></tr>
        <tr><td><a href="story.php?id=5512">Harbour bridge closed until further notice</a></td></tr></table>""",
        {"/news/rail-41532908": RETURN, "/story.php?id=5512": "Harbour bridge closed until further notice"},
    ),
    "long slugs below the root": (
        f'<div class="list"><a href="/night-train-to-return"><h3>{RETURN}</h3></a></div>',
        {"/night-train-to-return": RETURN},
    ),
    "suffix": (
        '<p><a href="/politik/bahn/nachtzug-kehrt-bald-zurueck.html">Nachtzug kehrt nach neun Jahren zurück</a></p>',
        {"/politik/bahn/nachtzug-kehrt-bald-zurueck.html": "Nachtzug kehrt nach neun Jahren zurück"},
    ),
    "Russian": (
        f'<div><a href="{quote(RUSSIAN)}">Ночной поезд вернётся в марте после ремонта</a></div>',
        {RUSSIAN: "Ночной поезд вернётся в марте после ремонта"},
    ),
    "Chinese": (
        '<ul><li><a href="/a/20240305/100234.html">县议会决定保留午夜之后的末班列车</a></ul>',
        {"/a/20240305/100234.html": "县议会决定保留午夜之后的末班列车"},
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_articles_and_nothing_else(layout):
    main, articles = LAYOUTS[layout]
    listing = read_section(f"<html lang=en><title>The Desk</title>{NAVIGATION}{main}{FOOTER}".encode(), HOME)
    assert {unquote(link.url).removeprefix(HOME[:-1]): link.title for link in listing.links} == articles
    assert {link.origin for link in listing.links} == {Origin.SECTION}
    assert (listing.format, listing.title, listing.language, listing.fault) == (Format.PAGE, "The Desk", "en", "")


def test_a_link_stays_as_the_page_wrote_it():
    body = b'<base href="/x/"><a href="2024/03/05/one?utm_source=home">Night train to return after years</a>'
    [link] = read_section(body, HOME).links
    assert (link.url, link.found_on) == ("https://news.example/x/2024/03/05/one?utm_source=home", HOME)


def test_sections_of_a_home_page():
    found = [section.url for section in read_section(f"{NAVIGATION}{FOOTER}".encode(), HOME).children]
    assert found == [HOME + "sport", HOME + "world/europe", HOME + "tag/night-trains-of-the-north"]


def test_what_earlier_visits_told_to_be_no_article():
    body = b'<a href="/our-long-guide-to-the-elections">Our long guide to the elections</a>'
    address = "https://news.example/our-long-guide-to-the-elections"
    assert [link.url for link in read_section(body, HOME).links] == [address]
    assert read_section(body, HOME, navigation={address}).links == ()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/search?q=night-train-to-the-north", "Search for night train to the north"),
        ("/account/login-to-read-this-article", "Log in to read this whole article"),
        ("/archive/2024/03/05", "All articles of 5 March 2024"),
        ("/sport/page/2", "Older articles of the sports desk"),
        ("/img/2024/03/05/night-train-leaves-the-station.jpg", "The night train leaves the station"),
        ("/", "The Desk, news from the north"),
        ("/sport", "All the news of the sports desk"),
    ],
)
def test_other_pages_are_no_articles(path, text):
    assert read_section(f'<a href="{path}">{text}</a>'.encode(), HOME).links == ()


@pytest.mark.parametrize(
    ("url", "body", "following"),
    [
        ("/sport", "<link rel=next href='/sport?page=2'>", "/sport?page=2"),
        ("/sport", "<a rel='nofollow next' href='?start=20'>More</a>", "/sport?start=20"),
        ("/sport", "<a href='/sport/page/2/'>2</a><a href='/sport/page/3/'>3</a>", "/sport/page/2/"),
        ("/sport/page/2/", "<a href='/sport/page/3'>3</a><a href='/sport/page/9'>9</a>", "/sport/page/3"),
        ("/sport?page=2", "<a href='/sport?page=1'>Next</a><a href='/sport?page=3'>3</a>", "/sport?page=3"),
        ("/list_2.html", "<a href='/list_1.html'>1</a><a href='/list_3.html'>3</a>", "/list_3.html"),
        ("/sport", "<a href='/archive/sport-p2'>Nächste Seite</a>", "/archive/sport-p2"),
        ("/sport", "<a href='/next-week-in-sport'>Next</a>", ""),
        ("/2024/a-night", "<a rel=next href='/2024/another-article-entirely'>Another</a>", ""),
        ("/sport", "<a rel=next href='https://other.example/sport?page=2'>2</a>", ""),
        ("/sport", "", ""),
    ],
)  # fmt: skip
def test_the_next_page(url, body, following):
    listing = read_section(f"<p>{body}</p>".encode(), HOME[:-1] + url)
    assert listing.next_url == (HOME[:-1] + following if following else "")


@pytest.mark.parametrize(("body", "fault"), [(b"", "no page"), (b"<p>Sign in", "no links"),
    (b"<a href=/sport>Sport</a>", "no link looks like an article")])  # fmt: skip
def test_a_page_without_articles_says_so(body, fault):
    assert read_section(body, HOME).fault == fault


PIECES = st.sampled_from([
    "<a href='", "/2024/03/05/", "'>", "</a>", "<nav>", "</nav>", "<h2>", "http://[", "%ff", "a-b-c-d",
    "<base href='//'>", " ", "&amp;", "\x00", "é", "<svg><title>", "?page=", "1", "<link rel=next href=", "<table>",
])  # fmt: skip


@given(st.lists(PIECES, max_size=40), st.sampled_from([HOME, "https://news.example/sport?page=2", ""]))
def test_any_page_gives_whole_addresses(pieces, url):
    listing = read_section("".join(pieces).encode(), url)
    assert all(link.url.startswith(("http://", "https://")) for link in (*listing.links, *listing.children))
    assert listing.links or listing.fault


def test_every_clue_stands_in_the_docs():
    text = (Path(__file__).parents[2] / "docs/discovery.md").read_text()
    assert [row for clue in CLUES if (row := f"| {clue.name} | {clue.points} |") not in text] == []


MISSED = {"pt"}  # a topic's page below the address of articles passes as one
FRONTS = [
    pytest.param(front, id=front.name, marks=pytest.mark.xfail(strict=True) if front.name in MISSED else ())
    for front in fronts()
]


@pytest.mark.parametrize("front", FRONTS)
def test_of_a_front_page_exactly_its_articles_are_found(front):
    found = {canonical_url(link.url) for link in read_section(front.body, front.url, "text/html; charset=utf-8").links}
    assert found == {canonical_url(urljoin(front.url, article)) for article in front.articles}


SHOWN = """<ul id="gnb"><li><a href="/list?c=100">Politics</a><li><a href="/list?c=200">Sport</a></ul>
<a href="/2025/03/">March 2025</a><a href="/list?c=300">Extra</a><footer><a href="/masthead">Masthead</a></footer>"""


def test_sections_are_short_paths_or_what_the_navigation_asks_for():
    listing = read_section(SHOWN.encode(), HOME)
    assert [link.url for link in listing.children] == [f"{HOME}list?c=100", f"{HOME}list?c=200"]


def test_a_link_that_is_marked_as_paid_for_is_no_article():
    url = "/story/a-kettle-for-every-kitchen-in-the-county"
    paid = f'<h2><a rel="sponsored nofollow" href="{url}">A kettle for every kitchen in the county</a></h2>'
    assert read_section(paid.encode(), HOME).links == ()
    assert len(read_section(paid.replace("sponsored ", "").encode(), HOME).links) == 1
