"""Guarded pruning: boxes named for what is no article text, and boxes that say nothing, leave before extraction."""

import re
from functools import lru_cache

from lxml.etree import XPath, strip_elements
from lxml.html import HtmlElement

from pipeline.extraction import phrases
from pipeline.extraction.evidence import BLOCK_TAGS, line_key, own_roles
from pipeline.extraction.lines import Line
from pipeline.extraction.markup import select

_PRUNED = frozenset({"related", "prompt", "share", "bio", "comments", "advert", "overlay"})
_NAMED_UNSEEN = XPath("//*[contains(@class, 'hidden') or contains(@class, 'sr-only') or contains(@class, 'screen')]")
_UNSEEN = re.compile(r"(?<![\w-])(?:is-|u-|a11y-)?(?:visually-?hidden|sr-only|screen-?reader(?:-text|-only)?)(?![\w-])")
_LONGEST_NOTE = 120  # characters
_BRACKETS = " ,.()（）"
_BOXES = ("div", "section", "aside", "ul", "ol", "figure", "form", "footer", "nav", "details", "table")
_TEXTLESS = (
    "style", "svg", "meta", "noscript", "iframe", "nav", "footer", "button", "select", "link", "template", "canvas",
    "object", "embed", "audio", "video", "map", "menu", "input", "textarea", "option", "dialog",
)  # fmt: skip
_FRAMES = ("nav", "footer", "menu", "dialog")
_HOLDS_NO_TEXT = ("button", "object", "map", "picture", "figure", "figcaption", "label", "time")
_LARGEST = 0.25
"""Share of the page's paragraph text above which a box is believed to be the article, whatever its name."""
_LONG_PARAGRAPH = 120
_MOST_PARAGRAPHS = 2
_SPEAKING = XPath("//*[text()[normalize-space()]][not(ancestor-or-self::a)]")
_SHAPING = frozenset({"hr", "p", "td", "th"})
"""Blocks that set other text apart even when they are empty."""
_LIST_OF_LINKS = 5


def drop_unseen(tree: HtmlElement) -> frozenset[str]:
    """Drop from the tree what is no article text whatever it says; the keys of what the menus name are returned.

    That is scripts, styles, controls and navigation, and what no reader sees, such as words for screen readers. Every
    later step is the faster for it.

    JSON-LD stays, as an extractor's last resort.
    """
    for element in tree.iter("embed", *_HOLDS_NO_TEXT, *_FRAMES):
        if _has_swallowed(element):
            element.tag = "div"
    menus = (link for menu in tree.iter("nav", "footer") for link in menu.iter("a"))
    named = frozenset(line_key("".join(link.itertext())) for link in menus)
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            script.tag = "style"  # to go with the others, in one walk
    strip_elements(tree, *_TEXTLESS, with_tail=False)
    for element in select(_NAMED_UNSEEN, tree):
        if _UNSEEN.search(element.get("class")) and len(element.text_content()) <= _LONGEST_NOTE:
            element.drop_tree()
    for link in tree.iter("a"):
        note = link[-1] if len(link) else link
        if note.tag == "span" and not (note.tail or "").strip() and _tells_of_window("".join(note.itertext())):
            note.drop_tree()
    return named


def _has_swallowed(element: HtmlElement) -> bool:
    """Whether there is article text in an element, for want of its end tag: the parser gives it all that follows."""
    if element.tag == "embed":  # which has no end tag
        return True
    if element.tag in _FRAMES and next(element.iter("h1", "article"), None) is None:
        return False
    return _long_paragraphs(element) >= _MOST_PARAGRAPHS


def _long_paragraphs(element: HtmlElement) -> int:
    """Paragraphs of some length without a link."""
    paragraphs = (p for p in element.iter("p") if next(p.iter("a"), None) is None)
    return sum(len("".join(p.itertext())) > _LONG_PARAGRAPH for p in paragraphs)


@lru_cache(maxsize=1024)
def _tells_of_window(note: str) -> bool:
    return len(note) <= _LONGEST_NOTE and phrases.matches("new-window", Line(note.strip(_BRACKETS), 0))


def prune(tree: HtmlElement) -> dict[HtmlElement, str]:
    """Drop such boxes from the tree itself, unless they are large, hold the headline or read as running text.

    Returns the named ones that were dropped, with their roles.
    """
    strip_elements(tree, "picture", "source", with_tail=False)
    named = [element for element in tree.iter(*_BOXES) if own_roles(element) & _PRUNED]
    total = _paragraph_size(tree) if named else 0
    dropped: dict[HtmlElement, str] = {}
    for element in named:
        if element.getparent() is not None and not _is_spared(element, total):
            element.drop_tree()
            dropped[element] = min(own_roles(element) & _PRUNED)
    _drop_silent(tree)
    return dropped


def _drop_silent(tree: HtmlElement) -> None:
    """Drop the blocks that say nothing themselves: those without text, and those of several links and nothing else.

    Trafilatura would leave them out as well, but asks dozens of expressions about each first.
    """
    speaking: set[HtmlElement] = set()
    for element in select(_SPEAKING, tree):
        above = element
        while above is not None and above not in speaking:
            speaking.add(above)
            above = above.getparent()
    for element in [child for parent in speaking for child in parent if child not in speaking]:
        if element.tag in BLOCK_TAGS and element.tag not in _SHAPING and _is_silent(element):
            element.drop_tree()


def _is_silent(element: HtmlElement) -> bool:
    return sum(1 for _ in element.iter("a")) >= _LIST_OF_LINKS or not element.text_content().strip()


def _is_spared(element: HtmlElement, total: int) -> bool:
    if next(element.iter("h1"), None) is not None:
        return True
    return _long_paragraphs(element) >= _MOST_PARAGRAPHS or _paragraph_size(element) > total * _LARGEST


def _paragraph_size(element: HtmlElement) -> int:
    return sum(len(line_key("".join(p.itertext()))) for p in element.iter("p"))
