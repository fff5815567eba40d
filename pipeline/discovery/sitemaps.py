"""Sitemaps, sitemap indexes, news sitemaps and plain lists of addresses → links.

A sitemap may hold 50,000 entries in 50 MB, so it is parsed in pieces of whole entries: memory stays small, and what is
broken in one piece spoils no other.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from lxml import etree

from pipeline.discovery.feeds import LONGEST_TITLE, language_tag
from pipeline.discovery.listing import Format, Listing, entries_fault, link_address
from pipeline.discovery.markup import Source, name_of, parse_xml, plain, text_of
from pipeline.discovery.times import read_time
from pipeline.items import Link, Origin
from pipeline.urls import is_web_address

MOST_ENTRIES = 50_000
"""What the sitemap protocol allows one file."""

_PIECE = 200_000
_ENTRY_END = re.compile(r"</(?:[\w.-]+:)?(?:url|sitemap)\s*>", re.IGNORECASE)
_PERIOD = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-_/.]?(0[1-9]|1[0-2]))?(?:[-_/.]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
_SEPARATORS = re.compile(r"[,;，、،]")
_COLUMNS = re.compile(r"\t|[,;]\s")
_NEVER = datetime.min.replace(tzinfo=UTC)


def read_sitemap(source: Source, url: str, now: datetime) -> Listing:
    """The pages, and the sitemaps, that a sitemap found at ``url`` names."""
    links: list[Link] = []
    children: list[Link] = []
    publication, count = "", 0
    for kind, values in _entries(source.xml):
        count += 1
        publication = publication or plain(values.get("news:name", ""))
        if link := _link(values, url, now):
            (children if kind == "sitemap" else links).append(link)
        if count > MOST_ENTRIES:
            break
    return Listing(
        format=Format.SITEMAP_INDEX if source.root == "sitemapindex" else Format.SITEMAP,
        links=tuple(links[:MOST_ENTRIES]),
        children=tuple(sorted(children[:MOST_ENTRIES], key=promise, reverse=True)),
        fault=entries_fault(count, MOST_ENTRIES, len(links) + len(children)),
        title=publication[:LONGEST_TITLE],
    )


def read_addresses(text: str, url: str, *, whole: bool) -> Listing:
    """A list of addresses, one a line. Of a file that was cut off the last line may be half of one, and is left out."""
    lines = text.splitlines()
    if lines and not whole and not text.endswith(("\n", "\r")):
        lines.pop()
    written = [_COLUMNS.split(line)[0] for line in map(str.strip, lines) if is_web_address(line)]
    addresses = filter(None, (link_address(line, url) for line in written[:MOST_ENTRIES]))
    links = tuple(Link(address, Origin.SITEMAP, url) for address in addresses)
    return Listing(Format.TEXT_SITEMAP, links, fault=entries_fault(len(written), MOST_ENTRIES, len(links)))


def promise(sitemap: Link) -> tuple[bool, datetime]:
    """How likely a sitemap holds the newest articles: those for news first, then by lastmod or the date in its name."""
    name = sitemap.url.rpartition("/")[2].lower()
    return "news" in name, sitemap.modified or _date_in(name)


def _date_in(name: str) -> datetime:
    """The first day of the period that a file's name gives, or long ago."""
    found = _PERIOD.search(name)
    if not found:
        return _NEVER
    try:
        return datetime(int(found[1]), int(found[2] or 1), int(found[3] or 1), tzinfo=UTC)
    except ValueError:  # 31 June
        return _NEVER


def _entries(xml: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each entry: "url" or "sitemap", and its values by name."""
    for piece in _pieces(xml):
        tree = parse_xml(piece)
        for entry in tree.iter() if tree is not None else ():
            if (kind := name_of(entry)) in ("url", "sitemap"):
                yield kind, _values(entry)


def _pieces(xml: str) -> Iterator[str]:
    """The XML in pieces of whole entries, the root's start tag before and its end tag after each."""
    head = xml[: xml.find(">") + 1]
    tail = f"</{head.strip('</>').split()[0]}>" if head else ""
    start = 0
    while start < len(xml):
        end = _ENTRY_END.search(xml, min(start + _PIECE, len(xml)))
        stop = end.end() if end else len(xml)
        yield f"{head if start else ''}{xml[start:stop]}{tail if end else ''}"
        start = stop


def _values(entry: etree._Element) -> dict[str, str]:
    """The texts of an entry, those of its news element included, by name; the first of each."""
    values: dict[str, str] = {}
    for child in entry:
        if name_of(child).rpartition(":")[2] == "news":
            for element in child.iterdescendants():
                values.setdefault(f"news:{name_of(element).rpartition(':')[2]}", text_of(element).strip())
        elif len(child) == 0 and child.text:
            values.setdefault(name_of(child), child.text.strip())
    return values


def _link(values: dict[str, str], url: str, now: datetime) -> Link | None:
    written = values.get("loc", "")
    address = link_address(written, url)
    if not address or "<" in written:
        return None
    language = language_tag(values.get("news:language", ""))
    published = read_time(values.get("news:publication_date", ""), now, language)
    modified = read_time(values.get("lastmod", ""), now)
    words = map(plain, _SEPARATORS.split(values.get("news:keywords", "")))
    return Link(
        url=address,
        origin=Origin.SITEMAP,
        found_on=url,
        title=plain(values.get("news:title", ""))[:LONGEST_TITLE],
        published=published[0] if published else None,
        published_precision=published[1] if published else None,
        modified=modified[0] if modified else None,
        language=language,
        tags=tuple(dict.fromkeys(filter(None, words))),
    )
