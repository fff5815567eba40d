"""A section or home page → which of its links are articles, which are sections, and where its next page is.

Each link is weighed by the clues of one table: the shape of its address, its words, its place on the page. An article
needs ``ARTICLE`` points. No single clue decides, and none belongs to one site or language.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, unquote, urlsplit

from pipeline.discovery.feeds import language_tag
from pipeline.discovery.listing import Format, Listing
from pipeline.discovery.pages import Anchor, Page, Place, read_page
from pipeline.discovery.paging import next_page, page_number
from pipeline.discovery.vocabulary import ARTICLE_PARTS, FILES, GROUP_PARTS, ID_NAMES, MORE, SERVICE_PARTS
from pipeline.items import Link, Origin
from pipeline.text import word_count
from pipeline.urls import canonical_url, is_home, site_of

ARTICLE = 4
"""Points that make a link an article's."""
MOST_SECTIONS = 50

_DATE = re.compile(
    r"(?:^|[/_.-])(?:19|20)\d\d[/_.-]?(?:0?[1-9]|1[0-2]|[a-z]{3})(?:[/_.-]?(?:0?[1-9]|[12]\d|3[01]))?(?=[/_.-]|$)"
)
_NUMBER = re.compile(r"(?<!\d)\d{5,}(?!\d)")
_KEY = re.compile(r"(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[a-z0-9]{8,40}$|[0-9a-f]{8}-[0-9a-f-]{20,}$")
_SUFFIX = re.compile(r"\.(?:html?|shtml|xhtml|php|aspx?|jsp|cms|ece|story)$")
_INDEX = re.compile(r"/(?:index|default|home)\.\w+$")
_BREAK = re.compile(r"[-_+.\s]+")


@dataclass(frozen=True, slots=True)
class Clue:
    """One reason for or against a link being an article's. ``counts``: its points where ``holds`` does."""

    name: str
    points: int
    holds: "Callable[[Candidate], bool]"


@dataclass(frozen=True)
class Candidate:
    """An address of a page with all the links that lead to it. ``known``: an earlier visit told it is no article's."""

    url: str
    anchors: tuple[Anchor, ...]
    known: bool = False

    @cached_property
    def path(self) -> str:
        """The path, decoded, in lower case."""
        return unquote(urlsplit(self.url).path).lower()

    @cached_property
    def parts(self) -> list[str]:
        """The parts of the path that are not empty."""
        return [part for part in self.path.split("/") if part]

    @cached_property
    def slug(self) -> list[str]:
        """The words of the part of the path that has most of them: those with a letter."""
        words = ([word for word in _BREAK.split(_SUFFIX.sub("", part)) if _has_letters(word)] for part in self.parts)
        return max(words, key=len, default=[])

    @cached_property
    def text(self) -> str:
        """The words of the likeliest headline among the links: one in a heading, else the longest."""
        texts = [anchor for anchor in self.anchors if anchor.text and not MORE.fullmatch(anchor.text)]
        return max(texts, key=lambda anchor: (anchor.heading, len(anchor.text))).text if texts else ""

    @cached_property
    def words(self) -> int:
        """Number of words of that headline."""
        return word_count(self.text)

    @property
    def places(self) -> set[Place]:
        """Where on the page its links stand."""
        return {anchor.place for anchor in self.anchors}

    @property
    def score(self) -> int:
        """The points of all clues that hold."""
        return sum(clue.points for clue in CLUES if clue.holds(self))

    def reasons(self) -> tuple[str, ...]:
        """The names of the clues that hold."""
        return tuple(clue.name for clue in CLUES if clue.holds(self))


def _has_letters(word: str) -> bool:
    return any(map(str.isalpha, word))


def _has_id(link: Candidate) -> bool:
    last = _SUFFIX.sub("", link.parts[-1]) if link.parts else ""
    return bool(_NUMBER.search(link.path)) or bool(_KEY.search(last)) or _query_id(link.url)


def _query_id(url: str) -> bool:
    return any(name.lower() in ID_NAMES and value.isdigit() for name, value in parse_qsl(urlsplit(url).query))


def _is_calendar(link: Candidate) -> bool:
    """Whether the path only gives a day or a month: an archive's page."""
    rest = _DATE.sub("", link.path)
    return rest != link.path and not _has_letters(_SUFFIX.sub("", link.parts[-1])) and not _NUMBER.search(rest)


def _is_service(link: Candidate) -> bool:
    """Whether a word for what serves readers stands in the path, above a page or as a whole address."""
    return not SERVICE_PARTS.isdisjoint(link.parts if len(link.parts) < 3 else link.parts[:-1])


def _is_short(link: Candidate) -> bool:
    """One or two plain words for a path, as sections have: "/sport", "/world/europe"."""
    plain = all(part.isalpha() or len(_BREAK.split(part)) < 3 for part in link.parts)
    return len(link.parts) <= 2 and plain and not _has_id(link) and not _SUFFIX.search(link.path)


CLUES = (
    Clue("a date in the path", 4, lambda link: bool(_DATE.search(link.path))),
    Clue("a slug of four words or more", 3, lambda link: len(link.slug) >= 4),
    Clue("a slug of three words", 1, lambda link: len(link.slug) == 3),
    Clue("a number or key that counts articles", 2, _has_id),
    Clue("nothing but a date in the path", -6, _is_calendar),
    Clue("the suffix of a page", 1, lambda link: bool(_SUFFIX.search(link.path)) and not _INDEX.search(link.path)),
    Clue("a word for article in the path", 1, lambda link: not ARTICLE_PARTS.isdisjoint(link.parts[:-1])),
    Clue("a headline for a text", 2, lambda link: link.words >= 5),
    Clue("half a headline for a text", 1, lambda link: 3 <= link.words <= 4),
    Clue("one or two words for a text", -1, lambda link: 1 <= link.words <= 2),
    Clue("in a heading", 2, lambda link: any(anchor.heading for anchor in link.anchors)),
    Clue("in the main part", 1, lambda link: Place.MAIN in link.places),
    Clue("only in navigation or footer", -3, lambda link: link.places <= {Place.NAV, Place.FOOTER}),
    Clue("only in the header or beside", -1, lambda link: link.places <= {Place.HEADER, Place.ASIDE}),
    Clue("a path as short as a section's", -4, _is_short),
    Clue(
        "below a page for groups", -5, lambda link: not GROUP_PARTS.isdisjoint(link.parts[:2]) and len(link.parts) < 4
    ),
    Clue("a page of service", -6, _is_service),
    Clue("an advertiser's", -6, lambda link: any("sponsored" in anchor.rel.split() for anchor in link.anchors)),
    Clue("a page of a list", -6, lambda link: page_number(link.url) is not None and not _has_id(link)),
    Clue("known from earlier visits as no article", -8, lambda link: link.known),
)


def read_section(
    body: bytes, url: str, content_type: str | None = None, navigation: Collection[str] = frozenset()
) -> Listing:
    """The articles that a page found at ``url`` links to, in page order; ``children``: its sections, best first.

    ``navigation``: canonical addresses that earlier visits told to be no articles: refused as such, or standing there
    for longer than any article does. ``next_url``: the page's next one; how far to follow is the caller's to say.
    """
    page = read_page(body, url, content_type)
    if page is None:
        return Listing(Format.PAGE, fault="no page")
    candidates = list(_candidates(page, navigation))
    articles = [candidate for candidate in candidates if candidate.score >= ARTICLE]
    sections = sorted((link for link in candidates if _is_section(link)), key=_standing)[:MOST_SECTIONS]
    return Listing(
        format=Format.PAGE,
        links=tuple(_link(candidate, url) for candidate in articles),
        children=tuple(_link(candidate, url) for candidate in sections),
        fault="" if articles else "no links" if not candidates else "no link looks like an article",
        title=page.title,
        language=language_tag(page.language),
        next_url=next_page(page),
    )


def _candidates(page: Page, navigation: Collection[str]) -> Iterator[Candidate]:
    """The addresses on the page's own site that may be pages, each once, in page order."""
    groups: dict[str, list[Anchor]] = {}
    own = site_of(page.url)
    here = canonical_url(page.url)
    for anchor in page.anchors:
        address = canonical_url(anchor.url)
        if address and address != here and site_of(address) == own and not is_home(address):
            groups.setdefault(address, []).append(anchor)
    for address, anchors in groups.items():
        if not FILES.search(urlsplit(address).path.lower()):
            yield Candidate(anchors[0].url, tuple(anchors), address in navigation)


def _link(candidate: Candidate, url: str) -> Link:
    return Link(url=candidate.url, origin=Origin.SECTION, found_on=url, title=candidate.text)


def _is_section(link: Candidate) -> bool:
    """Whether a link leads to a page of links rather than to an article: a short path, and a word or two for it.

    Addresses with a query are believed in the navigation only; what only the footer names serves readers.
    """
    if not SERVICE_PARTS.isdisjoint(link.parts) or link.places <= {Place.FOOTER} or _is_calendar(link):
        return False
    in_navigation = not link.places.isdisjoint({Place.NAV, Place.HEADER})
    grouped = len(link.parts) <= 3 and not GROUP_PARTS.isdisjoint(link.parts[:-1])
    asking = bool(urlsplit(link.url).query) and page_number(link.url) is None
    plain = not urlsplit(link.url).query and (_is_short(link) or grouped)
    return 1 <= link.words <= 4 and (plain or (asking and in_navigation and len(link.parts) <= 2))


def _standing(link: Candidate) -> tuple[bool, int]:
    """Sections in the navigation first, and those higher up before those below them."""
    return not link.places & {Place.NAV, Place.HEADER}, len(link.parts)
