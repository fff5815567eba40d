"""The door: bytes of a feed or a sitemap → ``Listing``, by what they are and not by what they are called."""

import re
from dataclasses import replace
from datetime import datetime

from pipeline.discovery.feeds import MOST_ENTRIES, read_feed
from pipeline.discovery.json_feeds import read_json_feed
from pipeline.discovery.listing import Format, Listing
from pipeline.discovery.markup import parse_xml, read_document, xml_source
from pipeline.discovery.sitemaps import read_addresses, read_sitemap
from pipeline.urls import is_web_address

LONGEST_FEED = 10_000_000
"""Characters of a feed that are read."""

_ENTRY_END = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_BEGINNING = 10_000
"""Characters by which a list of addresses is told from other text."""

_NEITHER = {
    "": Listing(Format.UNKNOWN, fault="neither feed nor sitemap"),
    "html": Listing(Format.PAGE, fault="html instead of a feed or sitemap"),
    "opml": Listing(Format.UNKNOWN, fault="OPML instead of a feed or sitemap"),
}


def read_listing(
    body: bytes, url: str, now: datetime, content_type: str | None = None, *, whole: bool = True
) -> Listing:
    """The links of a feed or sitemap of any format. Never raises: what is wrong is the listing's ``fault``.

    ``url``: where it was found. ``now``: aware; later times are not believed. ``content_type``: the HTTP header, for
    its charset. ``whole``: False for a body known to be cut off. No address is ever taken from what was cut.
    """
    document = read_document(body, content_type)
    whole = whole and document.whole
    text = document.text.lstrip()
    if not text:
        return Listing(Format.UNKNOWN, fault="empty")
    if text.startswith(("{", "[")):
        return read_json_feed(text, url, now)
    if _lists_addresses(text):
        return _noted(read_addresses(text, url, whole=whole), whole=whole)
    return _read_xml(text, url, now, whole=whole)


def _lists_addresses(text: str) -> bool:
    """Whether lines are web addresses, but for remarks, and at most as many others."""
    lines = [line for line in map(str.strip, text[:_BEGINNING].splitlines()) if line and not line.startswith("#")]
    return not text.startswith("<") and 0 < len(lines) <= 2 * sum(map(is_web_address, lines))


def _read_xml(text: str, url: str, now: datetime, *, whole: bool) -> Listing:
    source = xml_source(text)
    if source.root in ("urlset", "sitemapindex"):
        return _noted(read_sitemap(source, url, now), whole=whole and source.whole)
    if source.root in _NEITHER:
        return _NEITHER[source.root]
    source = xml_source(text[:LONGEST_FEED]) if len(text) > LONGEST_FEED else source
    tree = parse_xml(_without_surplus(source.xml))
    if tree is None:
        return Listing(Format.UNKNOWN, fault="XML that cannot be read")
    return _noted(read_feed(tree, url, now), whole=whole and source.whole)


def _without_surplus(xml: str) -> str:
    """The XML without the entries beyond those that are read, and one: a tree of them all may take 200 MB."""
    ends = [found.end() for found in _ENTRY_END.finditer(xml)]
    return xml[: ends[MOST_ENTRIES]] + xml[ends[-1] :] if len(ends) > MOST_ENTRIES else xml


def _noted(listing: Listing, *, whole: bool) -> Listing:
    """The listing, its fault telling that it was cut off where that is so and nothing else ended it before."""
    count = len(listing.links) + len(listing.children)
    if whole or (listing.fault and count):
        return listing
    return replace(listing, fault=f"cut off after {count:,} entries")
