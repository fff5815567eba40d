"""What stands around the visible headline, where a reader looks for byline and date.

Only pages that declare too little need it: it walks elements in Python, which costs some milliseconds.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from pipeline.extraction.markup import text_of
from pipeline.text import collapse, fold

LONGEST_LINE = 240
"""Characters of a line that may still be a byline or a date line."""

_BEFORE = 60
_AFTER = 200
_MOST_PARTS = 60
_LONGEST_RAW = 2 * LONGEST_LINE
_LONGEST_HINTS = 500
_MOST_HEADINGS = 50
_HINT_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_PASSED_OVER = frozenset({
    "figure", "footer", "form", "iframe", "nav", "noscript", "option", "script", "select", "style", "svg",
    "template", "video",
})  # fmt: skip
_ELSEWHERE = frozenset({
    "breadcrumb", "breadcrumbs", "caption", "comments", "newsletter", "popular", "promo", "recommendations",
    "recommended", "related", "trending",
})  # fmt: skip
_CONTAINERS = ("article", "main")
_HINTS = ("class", "id", "rel", "itemprop", "data-testid", "data-qa", "data-component", "data-role")


@dataclass(frozen=True, slots=True)
class Spot:
    """An element with little text near the headline: its text on one line, and the words of its mark-up.

    ``hints``: the words of class, id, rel and the like, in lower case. ``after``: below the headline.
    ``distance``: in elements.
    """

    text: str
    hints: frozenset[str]
    after: bool
    distance: int
    element: HtmlElement


def headline_element(tree: HtmlElement, headings: Sequence[HtmlElement], headline: str) -> HtmlElement | None:
    """The visible heading that is the headline: the one with its words, else the first h1, else the article element."""
    wanted = fold(headline)
    lower = islice(tree.iter("h2", "h3"), _MOST_HEADINGS)
    for heading in (*headings, *(head for head in lower if not _is_linked(head))) if wanted else ():
        if fold(text_of(heading)) == wanted:
            return heading
    for heading in headings if wanted else ():
        text = fold(text_of(heading))
        if text and (text in wanted or wanted in text):
            return heading
    if headings:
        return headings[0]
    return next(tree.iter(*_CONTAINERS), None)


def _is_linked(heading: HtmlElement) -> bool:
    """Whether a heading is a link, to another page as like as not."""
    return heading.find(".//a") is not None or next(heading.iterancestors("a"), None) is not None


def spots_around(heading: HtmlElement) -> list[Spot]:
    """The elements with little text around the heading: those after it in page order, then the nearest before it."""
    elements = list(heading.getroottree().getroot().iter("*"))
    here = elements.index(heading)
    end = here + (1 if heading.tag in _CONTAINERS else sum(1 for _ in heading.iter("*")))
    inside = next(heading.iterancestors("article"), None) is not None
    below = elements[end : end + _AFTER]
    crowded = _crowded(elements[max(0, here - _BEFORE) : end + _AFTER + _MOST_PARTS])
    after = list(_spots(_own(below, heading, inside=inside), crowded, after=True))
    before = list(_spots(elements[max(0, here - _BEFORE) : here], crowded, after=False))
    return after + before[::-1]


def outermost(spots: Iterable[Spot]) -> Iterator[Spot]:
    """The spots that lie in none of those already given."""
    given: set[HtmlElement] = set()
    for spot in spots:
        if not any(parent in given for parent in spot.element.iterancestors()):
            given.add(spot.element)
            yield spot


def separated(spot: Spot) -> str:
    """The spot's text with a bar wherever an element begins or ends: "By | Jane Doe | and | John Roe"."""
    return " | ".join(filter(None, (collapse(str(part)) for part in spot.element.itertext())))


def _own(elements: Sequence[HtmlElement], heading: HtmlElement, *, inside: bool) -> list[HtmlElement]:
    """The elements up to where another article begins: under another h1, or beside the article of the headline.

    ``inside``: whether the headline itself lies in an article element.
    """
    own = []
    for element in elements:
        if element.tag == "article" and inside:
            break
        if element.tag == "h1" and text_of(element) not in ("", text_of(heading)):
            break
        inside = inside or element.tag == "article"
        own.append(element)
    return own


def _crowded(elements: Sequence[HtmlElement]) -> set[HtmlElement]:
    """The elements with so many others inside that they are no single line; counted once, from the inside out."""
    parts: dict[HtmlElement | None, int] = {}
    for element in reversed(elements):
        parent = element.getparent()
        parts[parent] = parts.get(parent, 0) + parts.get(element, 0) + 1
    return {element for element, count in parts.items() if element is not None and count >= _MOST_PARTS}


def _spots(elements: Sequence[HtmlElement], crowded: set[HtmlElement], *, after: bool) -> Iterator[Spot]:
    """The elements with little text and few parts; of pictures and other asides only the times."""
    passed_over: set[HtmlElement] = set()
    for position, element in enumerate(elements):
        hints = hints_of(element)
        if element.tag in _PASSED_OVER or hints & _ELSEWHERE or element.getparent() in passed_over:
            passed_over.add(element)
            if element.tag != "time":
                continue
        text = text_of(element) if element not in crowded and _is_short(element) else ""
        if 1 < len(text) <= LONGEST_LINE or element.tag == "time":
            distance = position if after else len(elements) - position
            yield Spot(text, hints, after, distance, element)


def hints_of(element: HtmlElement) -> frozenset[str]:
    """The words of an element's class, id, rel and test names in lower case; camel case counts as several words."""
    names = " ".join(value for name in _HINTS if (value := element.get(name)))
    return frozenset(word.lower() for word in _HINT_WORD.findall(names[:_LONGEST_HINTS]))


def _is_short(element: HtmlElement) -> bool:
    """Whether the element holds little text; stops counting as soon as it does not."""
    length = 0
    for part in element.itertext():
        length += len(part)
        if length > _LONGEST_RAW:
            return False
    return length > 1
