"""Any bytes give a listing whose links are whole web addresses."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.discovery.listing import Listing
from pipeline.urls import canonical_url
from tests.discovery.samples import ENTRIES, FEED, atom, rdf, read, rss, urlset

BODIES = [
    rss(*ENTRIES, head="<ttl>5</ttl><atom:link rel='hub' href='https://hub.example/'/>"),
    atom("<title type='xhtml'><b>One</b></title><link href='/a'/><content type='html'>&lt;p&gt;x</content>"),
    rdf("<item rdf:about='https://news.example/a'><title>One &amp; two</title></item>"),
    urlset(
        "<url><loc>https://news.example/a?x=1&amp;y=2</loc><news:news><news:title>T</news:title></news:news></url>" * 3
    ),
    "<sitemapindex><sitemap><loc>/2024-02-31.xml</loc><lastmod>2024-02-31</lastmod></sitemap></sitemapindex>",
    '{"items": [{"url": "/a", "title": "One", "authors": [{"name": "x"}], "date_published": "2024-03-05"}]}',
    "https://news.example/a\nhttps://news.example/b\n",
]
WORDS = st.sampled_from([
    "<", ">", "&", "&amp;", "&#0;", "&#x110000;", "]]>", "<![CDATA[", "<!--", "<!DOCTYPE x [", "<item>", "</item>",
    "<br>", "<link ", "</link>", "href=", "xml:base='//['", "http://[", "</", "/>", "'", '"', "\x00", "\ud800",
    "\ufeff", "é", "9" * 40,
])  # fmt: skip


def sound(listing: Listing) -> None:
    links = (*listing.links, *listing.children)
    for link in links:
        assert re.match(r"https?://[^/\s]", link.url, re.IGNORECASE)
        canonical = canonical_url(link.url)
        assert canonical is not None
        assert canonical_url(canonical) == canonical
        assert link.published is None or link.published.tzinfo is not None
        assert link.title == " ".join(link.title.split())
    assert links or listing.fault


@given(st.binary(max_size=300))
def test_any_bytes(body):
    sound(read(body, FEED))


@settings(max_examples=300)
@given(st.sampled_from(BODIES), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), WORDS), max_size=6))
@example(BODIES[0], [(0.5, 0, "<![CDATA[")])
def test_any_damage(body, wounds):
    for place, length, word in wounds:
        start = int(place * len(body))
        body = body[:start] + word + body[start + length :]
    sound(read(body.encode("utf-8", "surrogatepass")))


@given(st.sampled_from(BODIES), st.floats(0, 1))
def test_any_cut_takes_only_addresses_of_the_whole(body, place):
    whole, cut = read(body), read(body[: int(place * len(body))], whole=False)
    assert {link.url for link in cut.links + cut.children} <= {link.url for link in whole.links + whole.children}
