"""An HTML page → its links, each with its words and its place on the page. The ground of sections and autodiscovery."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from pipeline.discovery.listing import link_address
from pipeline.discovery.markup import read_document
from pipeline.text import collapse, without_controls

LONGEST_PAGE = 5_000_000
"""Characters of a page that are read."""
MOST_BRACKETS = 300_000
"""Opening angle brackets of a page that are read: what extraction allows a page, too."""
MOST_ANCHORS = 5_000
LONGEST_TEXT = 300

_LONG_TAG = 20_000
# A tag that long is an attack: the parser's work grows with the square of its attributes. Quotes hold any sign.
_TAG = re.compile(r"""<[a-zA-Z][^>"']*+(?:"[^"]*+"[^>"']*+|'[^']*+'[^>"']*+)*+""")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_SPACES = re.compile(r"[\s/]+")


class Place(StrEnum):
    """In what part of a page something stands."""

    NONE = ""
    MAIN = "main"
    NAV = "nav"
    HEADER = "header"
    FOOTER = "footer"
    ASIDE = "aside"


_BY_TAG = {"main": Place.MAIN, "article": Place.MAIN, "nav": Place.NAV, "header": Place.HEADER,
           "footer": Place.FOOTER, "aside": Place.ASIDE, "menu": Place.NAV}  # fmt: skip
_BY_ROLE = {"main": Place.MAIN, "article": Place.MAIN, "feed": Place.MAIN, "navigation": Place.NAV, "menu": Place.NAV,
            "menubar": Place.NAV, "banner": Place.HEADER, "contentinfo": Place.FOOTER, "search": Place.NAV,
            "complementary": Place.ASIDE}  # fmt: skip
_BY_WORD = {"nav": Place.NAV, "navbar": Place.NAV, "navigation": Place.NAV, "menu": Place.NAV, "submenu": Place.NAV,
            "gnb": Place.NAV, "lnb": Place.NAV, "gnav": Place.NAV,
            "breadcrumb": Place.NAV, "breadcrumbs": Place.NAV, "pagination": Place.NAV, "pager": Place.NAV,
            "footer": Place.FOOTER, "masthead": Place.HEADER, "topbar": Place.HEADER, "sidebar": Place.ASIDE,
            "share": Place.NAV, "social": Place.NAV}  # fmt: skip
"""Words of a class or id that name a part, as most sites use them."""
_SET_APART = frozenset({Place.NAV, Place.FOOTER, Place.ASIDE})
"""Parts that stay what they are, whatever stands inside them."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link of a page. ``url``: absolute. ``text``: its words, or its picture's. ``heading``: stands in a headline.

    ``rel`` and ``kind``: its relations and the type it announces, in lower case.
    """

    url: str
    text: str
    place: Place = Place.NONE
    heading: bool = False
    rel: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page. ``anchors``: its ``<a>``. ``heads``: its ``<link>``, their title as ``text``.

    ``base``: what relative addresses hang on. ``whole``: no anchors were left out.
    """

    url: str
    base: str
    title: str = ""
    language: str = ""
    anchors: tuple[Anchor, ...] = ()
    heads: tuple[Anchor, ...] = ()
    whole: bool = True


def read_page(body: bytes, url: str, content_type: str | None = None) -> Page | None:
    """The links of a page, or None where there is no element in the bytes."""
    text = read_document(body, content_type).text[:LONGEST_PAGE]
    text = _TAG.sub(_short, "<".join(text.split("<", MOST_BRACKETS)[:MOST_BRACKETS]))
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        tree = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # empty
        return None
    return _page(tree, url) if tree is not None else None


def _short(tag: re.Match[str]) -> str:
    return tag[0] if len(tag[0]) <= _LONG_TAG else "<i"


def _page(tree: etree._Element, url: str) -> Page:
    declared = next((element.get("href") or "" for element in tree.iter("base")), "")
    base = link_address(declared, url) or url
    anchors = tuple(anchor for anchor, _ in zip(_anchors(tree, base), range(MOST_ANCHORS), strict=False))
    heads = (_anchor(element, base, element.get("title") or "") for element in tree.iter("link"))
    return Page(
        url=url,
        base=base,
        title=next((_words(element) for element in tree.iter("title")), ""),
        language=(tree.get("lang") or "").strip(),
        anchors=anchors,
        heads=tuple(anchor for anchor, _ in zip(filter(None, heads), range(MOST_ANCHORS), strict=False)),
        whole=len(anchors) < MOST_ANCHORS,
    )


def _anchors(tree: etree._Element, base: str) -> Iterator[Anchor]:
    places: dict[etree._Element, tuple[Place, bool]] = {}
    for element in tree.iter("*"):
        parent = element.getparent()
        place, heading = places.get(parent, (Place.NONE, False)) if parent is not None else (Place.NONE, False)
        places[element] = place, heading = _place(element, place), heading or element.tag in _HEADINGS
        if element.tag == "a":
            heading = heading or any(child.tag in _HEADINGS for child in element.iter("h1", "h2", "h3", "h4"))
            if anchor := _anchor(element, base, _words(element) or _label(element), place, heading=heading):
                yield anchor


def _place(element: etree._Element, outer: Place) -> Place:
    """The part of the page that an element is or stands in; an article's own header is the article's."""
    if outer in _SET_APART:
        return outer
    tag = str(element.tag)
    own = _BY_ROLE.get(element.get("role") or "") or _BY_TAG.get(tag)
    if own is None and tag in ("div", "ul", "ol", "section", "table", "td", "p", "span", "li"):
        named = f"{element.get('class') or ''} {element.get('id') or ''}".lower()[:LONGEST_TEXT]
        own = next((_BY_WORD[word] for word in re.split(r"[\s_-]+", named) if word in _BY_WORD), None)
    return outer if own is None or (own is Place.HEADER and outer is Place.MAIN) else own


def _anchor(
    element: etree._Element, base: str, text: str, place: Place = Place.NONE, *, heading: bool = False
) -> Anchor | None:
    href = (element.get("href") or "").strip()
    url = link_address(href, base) if href and not href.startswith("#") else ""
    if not url:
        return None
    rel = " ".join((element.get("rel") or "").lower().split())
    kind = (element.get("type") or "").partition(";")[0].strip().lower()
    return Anchor(url, collapse(without_controls(text))[:LONGEST_TEXT], place, heading, rel, kind)


def _words(element: etree._Element) -> str:
    """The text inside an element, of at most so many characters that no page of one huge link costs much."""
    pieces, length = [], 0
    for piece in element.itertext():
        pieces.append(str(piece)[: 2 * LONGEST_TEXT])
        length += len(pieces[-1]) + 1
        if length > 2 * LONGEST_TEXT:
            break
    return collapse(" ".join(pieces))[:LONGEST_TEXT]


def _label(element: etree._Element) -> str:
    """What stands for the words of a link that has none."""
    picture = next(element.iter("img"), None)
    return (
        element.get("aria-label") or element.get("title") or (picture.get("alt") if picture is not None else "") or ""
    )
