"""Where a site's feeds and sitemaps may be: what its pages and robots.txt name, then where they commonly stand."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import unquote

from pipeline.discovery.listing import link_address
from pipeline.discovery.pages import Anchor, read_page
from pipeline.items import Origin
from pipeline.urls import canonical_url, site_of

LONGEST_ROBOTS = 512_000
"""Characters of robots.txt that are read: RFC 9309 asks for 500 KiB."""
MOST_SITEMAPS = 1_000


class Signal(IntEnum):
    """What named a candidate; the lower, the surer."""

    ROBOTS = 1  # a Sitemap line of robots.txt
    HEAD = 2  # a <link> in a page's head
    ANCHOR = 3  # a link on a page that looks like a feed's
    GUESS = 4  # a place where many sites have one


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed's or a sitemap's. ``title``: what the link to it is called, or empty."""

    url: str
    origin: Origin
    signal: Signal
    title: str = ""


_FEED_TYPES = frozenset({
    "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/rss",
    "application/atom", "text/rss+xml", "text/rss", "text/atom", "application/x-rss+xml", "application/x-atom+xml",
})  # fmt: skip
_LOOSE_TYPES = frozenset({"application/json", "text/xml", "application/xml", "text/json", ""})
"""Types that feeds share with much else: only with an address that looks like a feed's."""
_FEED_ADDRESS = re.compile(r"(?:^|[/._?&=-])(?:rss2?|feeds?|atom|rdf)(?:[/._?&=-]|\.xml|\.json|$)", re.IGNORECASE)
_FEED_WORDS = re.compile(r"\b(?:rss|atom|web ?feed|newsfeed)\b", re.IGNORECASE)
_COMMENTS = re.compile(
    r"comment|kommentar|comentari|coment[aá]ri|reacties|yorum|комментар|komentar|commenti", re.IGNORECASE
)
_SITEMAP_LINE = re.compile(r"\s*sitemap\s*:\s*(\S+)", re.IGNORECASE)

# Where sites have them, commonest first within a kind. News sitemaps hold the last two days and nothing else.
_PLACES = (
    (Origin.SITEMAP, ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/google-news-sitemap.xml",
                      "/sitemaps/news.xml", "/news_sitemap.xml", "/sitemap/news.xml")),
    (Origin.FEED, ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/feeds/rss.xml",
                   "/rss/index.xml", "/?feed=rss2")),
    (Origin.SITEMAP, ("/sitemap.xml", "/sitemap_index.xml", "/sitemap-index.xml", "/sitemap.xml.gz", "/sitemap.txt")),
)  # fmt: skip


def in_page(body: bytes, url: str, content_type: str | None = None) -> tuple[Candidate, ...]:
    """The feeds and sitemaps that a page found at ``url`` names, surest first; feeds of comments left out."""
    page = read_page(body, url, content_type)
    if page is None:
        return ()
    found = [*filter(None, map(_in_head, page.heads)), *filter(None, (_on_page(a, url) for a in page.anchors))]
    return ranked(found)


def in_robots(text: str, url: str) -> tuple[Candidate, ...]:
    """The sitemaps that a robots.txt found at ``url`` names."""
    lines = text.lstrip("\ufeff")[:LONGEST_ROBOTS].splitlines()
    written = [found[1] for line in lines if (found := _SITEMAP_LINE.match(line))]
    addresses = filter(None, (link_address(address, url) for address in written[:MOST_SITEMAPS]))
    return ranked(Candidate(address, Origin.SITEMAP, Signal.ROBOTS) for address in addresses)


def guesses(url: str) -> tuple[Candidate, ...]:
    """Addresses on the host of ``url`` worth a try when nothing names any, in the order to try them."""
    return tuple(Candidate(address, origin, Signal.GUESS) for address, origin in _guessed(url))


def _guessed(url: str) -> Iterator[tuple[str, Origin]]:
    for origin, paths in _PLACES:
        for path in paths:
            if address := link_address(path, url):
                yield address, origin


def ranked(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Each candidate once, the most promising first: news sitemaps, feeds, other sitemaps; the surer signal first."""
    kept: dict[str, Candidate] = {}
    for candidate in sorted(candidates, key=_rank):
        kept.setdefault(canonical_url(candidate.url) or candidate.url, candidate)
    return tuple(kept.values())


def _rank(candidate: Candidate) -> tuple[bool, int, Signal]:
    kind = 1 if candidate.origin is Origin.FEED else 0 if "news" in _path(candidate.url) else 2
    return candidate.signal is Signal.GUESS, kind, candidate.signal


def _path(url: str) -> str:
    return "/" + "/".join(unquote(url).lower().split("/")[3:])


def _in_head(head: Anchor) -> Candidate | None:
    relations = head.rel.split()
    if "sitemap" in relations:
        return Candidate(head.url, Origin.SITEMAP, Signal.HEAD, head.text)
    if not {"alternate", "feed"} & set(relations) or "stylesheet" in relations or _is_comments(head):
        return None
    looks_so = bool(_FEED_ADDRESS.search(_path(head.url)))
    if head.kind in _FEED_TYPES or "feed" in relations or (head.kind in _LOOSE_TYPES and looks_so):
        return Candidate(head.url, Origin.FEED, Signal.HEAD, head.text)
    return None


def _on_page(anchor: Anchor, url: str) -> Candidate | None:
    """A link on the page that looks like a feed's; on another site only where it is called one too."""
    looks_so = bool(_FEED_ADDRESS.search(_path(anchor.url)))
    called_so = bool(_FEED_WORDS.search(anchor.text)) or anchor.kind in _FEED_TYPES
    own = site_of(anchor.url) == site_of(url)
    if _is_comments(anchor) or not (looks_so and (own or called_so)):
        return None
    return Candidate(anchor.url, Origin.FEED, Signal.ANCHOR, anchor.text)


def _is_comments(anchor: Anchor) -> bool:
    return bool(_COMMENTS.search(anchor.text) or _COMMENTS.search(_path(anchor.url)))
