"""Guarded pruning: boxes whose names say that they hold no article text leave the tree before extraction."""

from lxml.etree import strip_elements
from lxml.html import HtmlElement

from pipeline.extraction.evidence import line_key, own_roles

_PRUNED = frozenset({"related", "prompt", "share", "bio", "comments", "advert", "overlay"})
_BOXES = ("div", "section", "aside", "ul", "ol", "figure", "form", "footer", "nav", "details", "table")
_TEXTLESS = (
    "style", "svg", "noscript", "iframe", "nav", "footer", "button", "select", "link", "template", "canvas", "object",
    "embed", "audio", "video", "map", "menu", "input", "textarea", "option", "dialog",
)  # fmt: skip
_LARGEST = 0.25
"""Share of the page's paragraph text above which a box is believed to be the article, whatever its name."""
_LONG_PARAGRAPH = 120
_MOST_PARAGRAPHS = 2


def prune(tree: HtmlElement) -> dict[HtmlElement, str]:
    """Drop such boxes from the tree itself, unless they are large, hold the headline or read as running text.

    Returns what was dropped, with its role.

    What never holds text (scripts, styles, controls, navigation) goes first: every later step is the faster for it.
    JSON-LD stays, as an extractor's last resort.
    """
    for script in list(tree.iter("script")):
        if "ld+json" not in (script.get("type") or ""):
            script.drop_tree()
    strip_elements(tree, *_TEXTLESS, with_tail=False)
    named = [element for element in tree.iter(*_BOXES) if own_roles(element) & _PRUNED]
    total = _paragraph_size(tree) if named else 0
    dropped: dict[HtmlElement, str] = {}
    for element in named:
        if element.getparent() is not None and not _is_spared(element, total):
            element.drop_tree()
            dropped[element] = min(own_roles(element) & _PRUNED)
    return dropped


def _is_spared(element: HtmlElement, total: int) -> bool:
    if next(element.iter("h1"), None) is not None:
        return True
    paragraphs = [p for p in element.iter("p") if next(p.iter("a"), None) is None]
    long = sum(len("".join(p.itertext())) > _LONG_PARAGRAPH for p in paragraphs)
    return long >= _MOST_PARAGRAPHS or _paragraph_size(element) > total * _LARGEST


def _paragraph_size(element: HtmlElement) -> int:
    return sum(len(line_key("".join(p.itertext()))) for p in element.iter("p"))
