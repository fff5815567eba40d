"""Text that stands bare beside blocks becomes paragraphs, as it looks in a browser: extractors pass it over."""

from lxml.etree import XPath
from lxml.html import HtmlElement

from pipeline.extraction.evidence import BLOCK_TAGS, line_key
from pipeline.extraction.markup import select
from pipeline.text import word_count

_LEAST_WORDS = 10
"""Words of a paragraph: what is shorter is seldom text, and may be a label or a date."""

_MOST_LINKED = 0.3
_HOLDERS = ("main", "article", "section", "div", "td")
_BOXES = XPath("//body | //center | " + " | ".join(f"//{tag}[*][text()[string-length() > 15]]" for tag in _HOLDERS))


def wrap_bare_text(tree: HtmlElement) -> None:
    """Put each run of bare text, with the inline elements in it, into a paragraph of its own."""
    for box in select(_BOXES, tree):
        if box.tag in ("body", "center") or any(child.tag in BLOCK_TAGS for child in box):
            _wrap_runs(box)


def _wrap_runs(box: HtmlElement) -> None:
    before: HtmlElement | None = None
    run: list[HtmlElement] = []
    for child in (*box, None):
        if child is None or _parts(child):
            _wrap(box, before, run)
            before, run = child, []
        else:
            run.append(child)


def _parts(child: HtmlElement) -> bool:
    """Whether it ends a paragraph: as a block, an inline element around one, or one of two line breaks in a row."""
    if child.tag in BLOCK_TAGS:
        return True
    if child.tag != "br":
        return len(child) > 0 and next(child.iter(*BLOCK_TAGS), None) is not None
    above, below = child.getprevious(), child.getnext()
    doubles = below is not None and below.tag == "br" and not (child.tail or "").strip()
    return doubles or (above is not None and above.tag == "br" and not (above.tail or "").strip())


def _wrap(box: HtmlElement, before: HtmlElement | None, run: list[HtmlElement]) -> None:
    """Wrap what stands behind an element of the box, or at its beginning, if it reads as a paragraph."""
    text = (box.text if before is None else before.tail) or ""
    if not run and len(text) < _LEAST_WORDS:
        return
    said = "".join((text, *("".join(child.itertext()) + (child.tail or "") for child in run)))
    linked = sum(len(line_key("".join(link.itertext()))) for child in run for link in child.iter("a"))
    if word_count(said) < _LEAST_WORDS or linked > len(line_key(said)) * _MOST_LINKED:
        return
    paragraph = box.makeelement("p")
    paragraph.text = text
    paragraph.extend(run)
    if before is None:
        box.text = None
        box.insert(0, paragraph)
    else:
        before.tail = None
        before.addnext(paragraph)
