"""Sitemaps of every kind become links, and what was cut off never becomes half a link."""

import gzip
import re
from datetime import UTC, datetime

import pytest

from pipeline.discovery.listing import Format
from pipeline.items import Origin, Precision
from tests.discovery.samples import FEED, MOMENT, PAGE, SITEMAP, atom, read, rss, urlset

URL = f"<url><loc>{PAGE}</loc></url>"

# Each names PAGE and nothing else.
SAME_PAGE = {
    "urlset": urlset(URL),
    "white space": urlset(f"<url><loc>\n  {PAGE}\n</loc></url>"),
    "CDATA": urlset(f"<url><loc><![CDATA[{PAGE}]]></loc></url>"),
    "relative": urlset("<url><loc>/a</loc></url>"),
    "no namespace": f"<urlset>{URL}</urlset>",
    "wrong namespace": f'<urlset xmlns="https://example.org/ours">{URL}</urlset>',
    "prefixed": f'<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:url><s:loc>{PAGE}</s:loc></s:url></s:urlset>',
    "upper case": f"<URLSET><URL><LOC>{PAGE}</LOC></URL></URLSET>",
    "prefix never declared": f"<s:urlset><s:url><s:loc>{PAGE}</s:loc></s:url></s:urlset>",
    "quotes": urlset(f"<url><loc>'{PAGE}'</loc></url>"),
    "folded": urlset("<url><loc>https://news.example/\n    a</loc></url>"),
    "pictures and translations": urlset(
        f"<url><image:image><image:loc>/i.jpg</image:loc></image:image><xhtml:link rel='alternate' href='/de/a'/>"
        f"<loc>{PAGE}</loc><video:video><video:content_loc>/v.mp4</video:content_loc></video:video></url>"
    ),
    "undeclared prefixes": f"<urlset><url><loc>{PAGE}</loc><image:image><image:loc/></image:image></url></urlset>",
    "byte order mark": "\ufeff" + urlset(URL),
    "UTF-16": urlset(URL).encode("utf-16"),
    "gzip": gzip.compress(urlset(URL).encode()),
    "gzip in gzip": gzip.compress(gzip.compress(urlset(URL).encode())),
    "text before": "\n\n" + urlset(URL),
    "an entry of another site's scheme": urlset("<url><loc>mailto:desk@news.example</loc></url>", URL),
    "an entry without address": urlset("<url><lastmod>2024-03-05</lastmod></url>", URL),
    "a comment never closed": urlset(URL, "<url><loc><!-- </loc></url>"),
    "an entry with mark-up for an address": urlset("<url><loc>https://news.example/<b>x</loc></url>", URL),
    "list": f"{PAGE}\n",
    "list with mark": f"\ufeff{PAGE}\r\n# comment\r\n\r\n",
    "list with remarks before": f"# our pages\n#\n\n{PAGE}\n",
    "list with a heading": f"Our pages\n{PAGE}\n",
    "list of several columns": f"{PAGE}\t2024-03-05\t0.5\n",
    "list in gzip": gzip.compress(PAGE.encode()),
}  # fmt: skip


@pytest.mark.parametrize("case", SAME_PAGE)
def test_one_page_however_it_is_listed(case):
    listing = read(SAME_PAGE[case], SITEMAP)
    [link] = listing.links
    assert (link.url, link.origin, link.found_on) == (PAGE, Origin.SITEMAP, SITEMAP)
    assert (listing.fault, listing.children) == ("", ())


def test_what_a_news_sitemap_says():
    listing = read(
        urlset(
            f"<url><loc>{PAGE}</loc><lastmod>2024-03-06</lastmod><news:news><news:publication>"
            "<news:name>The Desk</news:name>"
            "<news:language>en</news:language></news:publication><news:genres>Blog</news:genres>"
            "<news:publication_date>2024-03-05T06:07:08Z</news:publication_date>"
            "<news:title>One &amp;amp; two & three</news:title>"
            "<news:keywords>rail, night train, rail</news:keywords></news:news></url>"
        ),
        SITEMAP,
    )
    assert (listing.format, listing.title) == (Format.SITEMAP, "The Desk")
    [link] = listing.links
    assert (link.title, link.language, link.tags) == ("One & two & three", "en", ("rail", "night train"))
    assert (link.published, link.published_precision) == (MOMENT, Precision.SECOND)
    assert link.modified == datetime(2024, 3, 6, tzinfo=UTC)


@pytest.mark.parametrize("prefix", ["news:", "n:", ""])
def test_news_is_known_by_any_prefix_and_by_none(prefix):
    said = "<news><publication><name>The Desk</name></publication><title>One <i>two</i></title></news>"
    listing = read(
        f"<urlset><url><loc>{PAGE}</loc>{re.sub('(</?)(?![i/])', lambda tag: tag[0] + prefix, said)}</url></urlset>",
        SITEMAP,
    )
    assert (listing.title, listing.links[0].title) == ("The Desk", "One two")


def test_a_stray_ampersand_leaves_the_address_whole():
    written = urlset(
        f"<url><loc>{PAGE}?x=1&y=2&copy=3</loc></url>", f"<url><loc>{PAGE}?x=1&amp;y=2&amp;copy=3</loc><br></url>"
    )
    assert [link.url for link in read(written, SITEMAP).links] == [f"{PAGE}?x=1&y=2&copy=3"] * 2


def test_an_index_names_the_most_promising_sitemaps_first():
    names = ["old", "2023-05", "2024-11-02", "2024-13", "news"]
    dated = "<sitemap><loc>/fresh.xml</loc><lastmod>2025-01-01</lastmod></sitemap>"
    index = "".join(f"<sitemap><loc>/{name}.xml</loc></sitemap>" for name in names) + dated
    listing = read(f"<sitemapindex>{index}</sitemapindex>", SITEMAP)
    assert (listing.format, listing.links) == (Format.SITEMAP_INDEX, ())
    assert [child.url.rpartition("/")[2] for child in listing.children] == [
        "news.xml", "fresh.xml", "2024-11-02.xml", "2024-13.xml", "2023-05.xml", "old.xml",
    ]  # fmt: skip
    assert listing.children[1].modified == datetime(2025, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("body", [rss(f"<link>{PAGE}</link>"), atom(f"<link href='{PAGE}'/>")], ids=["rss", "atom"])
def test_a_feed_served_as_sitemap(body):
    assert [(link.url, link.origin) for link in read(body, SITEMAP).links] == [(PAGE, Origin.FEED)]


def test_a_sitemap_served_as_feed():
    assert read(urlset(URL), FEED).links[0].origin is Origin.SITEMAP


PAGES = [f"https://news.example/{number}/some-long-name-of-a-page" for number in range(40)]


@pytest.mark.parametrize("cut", [1, 5, 9, 12, 20, 40, 66, 300, 1000])
@pytest.mark.parametrize("pack", [str.encode, lambda text: gzip.compress(text.encode(), 0)], ids=["plain", "gzip"])
def test_a_sitemap_that_was_cut_off_holds_no_half_address(cut, pack):
    body = pack(urlset(*(f"<url><loc>{page}</loc></url>" for page in PAGES)))[:-cut]
    listing = read(body, SITEMAP)
    found = [link.url for link in listing.links]
    assert found == PAGES[: len(found)]
    assert found
    assert listing.fault in ("", f"cut off after {len(found)} entries")


def test_a_list_that_was_cut_off_loses_its_last_line():
    body = "\n".join(PAGES)
    assert len(read(body, SITEMAP).links) == 40
    listing = read(body[:-5], SITEMAP, whole=False)
    assert ([link.url for link in listing.links], listing.fault) == (PAGES[:39], "cut off after 39 entries")
    assert len(read(gzip.compress(body.encode(), 0)[:-12], SITEMAP).links) == 39


def test_a_sitemap_larger_than_a_piece_is_read_whole():
    pages = [f"{PAGE}/{number}" for number in range(9000)]
    body = urlset(*(f"<url><loc>{page}</loc><news:news><news:title>T</news:title></news:news></url>" for page in pages))
    listing = read(body.replace("xmlns:news", "xmlns:n").replace("news:", "n:"), SITEMAP)
    assert ([link.url for link in listing.links], listing.fault) == (pages, "")
    assert {link.title for link in listing.links} == {"T"}


def test_what_is_broken_in_one_piece_stays_there():
    good = "<url><loc>/a</loc></url>" * 9000
    listing = read(f"<urlset><url><loc>/b</url></urlset>{good}</urlset>", SITEMAP)
    assert len(listing.links) >= 8000


def test_a_sitemap_has_a_most_of_entries():
    listing = read(f"<urlset>{URL * 50_001}</urlset>", SITEMAP)
    assert (len(listing.links), listing.fault) == (50_000, "more than 50,000 entries")


@pytest.mark.parametrize("body", ["<urlset></urlset>", "<urlset/>", "<sitemapindex/>"])
def test_an_empty_sitemap_says_so(body):
    assert read(body, SITEMAP).fault == "no entries"
