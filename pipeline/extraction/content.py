"""The HTML road: parsed page → its lines, through the one trafilatura call."""

import logging
import re
from collections.abc import Collection, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cache

from lxml.etree import ElementDefaultClassLookup, ParserError, _Element
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction
from trafilatura.htmlprocessing import convert_tags, tree_cleaning
from trafilatura.main_extractor import extract_content
from trafilatura.settings import Document, Extractor

from pipeline.extraction.baretext import wrap_bare_text
from pipeline.extraction.boxes import Boxes, cut_boxes
from pipeline.extraction.evidence import PageEvidence, line_key
from pipeline.extraction.lines import Line
from pipeline.extraction.pruning import drop_unseen, prune
from pipeline.extraction.recovery import recover, with_boxes
from pipeline.items import BlockKind
from pipeline.text import collapse

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # an empty page is a rejection here, no error

_KINDS = {
    "p": BlockKind.PARAGRAPH,
    "head": BlockKind.HEADING,
    "item": BlockKind.LIST_ITEM,
    "quote": BlockKind.QUOTE,
    "row": BlockKind.TABLE_ROW,
    "code": BlockKind.CODE,
}
_CONTROL_REFERENCE = re.compile(
    r"&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|7f|fff[ef])(?![0-9a-f])|0*(?:[0-8]|1[124-9]|2\d|3[01]|127|6553[45])(?!\d));?",
    re.IGNORECASE,
)
_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_NAME = re.compile(r"[a-z][a-z0-9]*")
_CUSTOM = re.compile(r"[a-z][a-z0-9]*-[a-z0-9-]*")
_HOLDERS = frozenset(
    {"body", "main", "article", "section", "div", "aside", "header", "footer", "form", "figure", "center"}
)
_LONG_BLOCK = 80
_LEAST, _MOST = 0.7, 1.3
_FAR_LONGER = 10  # times, where all paragraphs are short and nothing tells how much text there is
_CONTAINERS = frozenset({"list", "table", "body", "div", "quote"})
_BLOCKS = frozenset({"p", "head", "list", "item", "quote", "table", "row", "div"})
"""Elements that stand on lines of their own, also inside a box whose bare text made a paragraph of it."""


def parse(text: str) -> HtmlElement | None:
    """Parse a page once for everybody; None when there is no element in it. Comments and instructions are left out.

    So are control characters written as references: the parser reads them and then refuses to move them; and the end
    tags of the page, for many a page goes on behind them.
    """
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=True)
    parser.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement))  # lxml.html's own is slow Python
    try:
        tree = document_fromstring(_CONTROL_REFERENCE.sub("", _END.sub("", text)).encode(), parser=parser)
    except (ParserError, ValueError):
        return None
    _rename_strange(tree)
    return tree


def _rename_strange(tree: HtmlElement) -> None:
    """Give the names of HTML to elements that have others.

    That is custom elements, whose text the extractor passes over: blocks, unless text stands beside them; "o:p" of
    word processors and the "p<p" of a slip, which it fails to copy: inline, as to browsers.
    """
    strange = [name for name in {element.tag for element in tree.iter("*")} if not _NAME.fullmatch(name)]
    for element in list(tree.iter(*strange)) if strange else ():
        parent = element.getparent()
        stands_alone = parent is not None and parent.tag in _HOLDERS and not (element.tail or "").strip()
        element.tag = "div" if stands_alone and _CUSTOM.fullmatch(element.tag) else "span"


@dataclass(frozen=True, slots=True)
class Content:
    """``lines``: the page's main text in page order. ``evidence``: all of its blocks. ``boxes``: what stands apart."""

    lines: tuple[Line, ...]
    evidence: PageEvidence
    boxes: Boxes


def read_content(tree: HtmlElement, *, live: bool = False, foreign: Sequence[HtmlElement] = ()) -> Content:
    """Find the main text of a parsed page. The tree loses its boxes of promotions and prompts on the way.

    ``live``: whether the page calls itself a live blog. ``foreign``: elements that are known to be no article text.
    """
    menus = drop_unseen(tree)
    wrap_bare_text(tree)
    evidence = PageEvidence(tree)
    for element in foreign:
        if element.getparent() is not None:
            element.drop_tree()
    dropped = prune(tree)
    boxes = replace(cut_boxes(tree, live=live), pruned=foreign)
    body = _main_text(tree, _prose_size(evidence, boxes))
    rows = [row for element in body for row in (*_blocks(element), *_texts(element.tail, BlockKind.PARAGRAPH))]
    lines = [_line(row, position, evidence, menus) for position, row in enumerate(rows)]
    whole = with_boxes(recover(lines, evidence), evidence, dropped | boxes.roles)
    return Content(tuple(_in_box(line, evidence, boxes) for line in whole) if boxes.roles else whole, evidence, boxes)


def _in_box(line: Line, evidence: PageEvidence, boxes: Boxes) -> Line:
    """The line, marked where it was taken for a missing paragraph of the text but stands in a box."""
    block = None if line.box else evidence.of(line.text)
    role = boxes.role_of(block.element) if block else ""
    return replace(line, box=role) if role else line


def _prose_size(evidence: PageEvidence, boxes: Boxes) -> int:
    """Characters of all blocks of the page that read as running text, whether they belong to the article or not."""
    long = (block for block in evidence.blocks if len(block.key) > _LONG_BLOCK and block.link < 0.3)
    return sum(len(block.key) for block in long if not boxes.role_of(block.element))


def _main_text(tree: HtmlElement, prose: int) -> Sequence[_Element]:
    """The body by trafilatura, whose fallback extractors run only where the first result is suspicious.

    ``prose``: characters of the page's running text. A result with much less has missed the article, one with much
    more has taken the whole page; the second is believed only where it mends that.
    """
    least, most = prose * _LEAST, prose * _MOST
    first = _extract(tree)
    size = _size(first)
    if prose and least <= size <= most:
        return first
    second = _extract_with_fallbacks(tree)
    longer = size < _size(second) <= most or (not prose and size * _FAR_LONGER < _size(second))
    return second if longer or most < size > _size(second) >= least else first


def _extract(tree: HtmlElement) -> Sequence[_Element]:
    """The body by trafilatura's own extractor alone: those steps of ``bare_extraction`` that make it."""
    options = _options()
    cleaned = convert_tags(tree_cleaning(copy(tree), options), options)
    return list(extract_content(cleaned, options)[0])


def _extract_with_fallbacks(tree: HtmlElement) -> Sequence[_Element]:
    found = bare_extraction(tree, options=_options())
    return list(found.body) if isinstance(found, Document) else []


@cache
def _options() -> Extractor:
    return Extractor(comments=False)


def _size(body: Sequence[_Element]) -> int:
    return sum(len(line_key(str(text))) for element in body for text in element.itertext())


def _line(row: tuple[str, BlockKind, int], position: int, evidence: PageEvidence, menus: Collection[str]) -> Line:
    text, kind, level = row
    if line_key(text) in menus:
        return Line(text, position, kind, level, 1.0, frozenset({"navigation"}), marked=True)
    block = evidence.of(text)
    if block is None:
        return Line(text, position, kind, level, marked=True)
    return Line(text, position, kind, level, block.link, block.roles, marked=True)


def _blocks(element: _Element) -> Iterator[tuple[str, BlockKind, int]]:
    """(text, kind, heading level) of each line below an element of trafilatura's tree."""
    if element.tag in _CONTAINERS and len(element):
        yield from _texts(element.text, _KINDS.get(element.tag, BlockKind.PARAGRAPH))
        for child in element:
            yield from _blocks(child)
            yield from _texts(child.tail, _KINDS.get(element.tag, BlockKind.PARAGRAPH))
        return
    kind = _KINDS.get(element.tag, BlockKind.PARAGRAPH)
    if kind is BlockKind.PARAGRAPH and (parent := element.getparent()) is not None and parent.tag == "quote":
        kind = BlockKind.QUOTE
    level = int(rend[1]) if kind is BlockKind.HEADING and (rend := element.get("rend", ""))[1:2].isdigit() else 0
    for text, shape, _ in _texts(_inline(element), kind):
        yield text, shape, level


def _texts(text: str | None, kind: BlockKind) -> Iterator[tuple[str, BlockKind, int]]:
    """One entry for each line of a text."""
    for row in (text or "").split("\n"):
        line = collapse(row)
        if line:
            yield line, kind, 0


def _inline(element: _Element) -> str:
    """Text of an element; only a line break in the mark-up breaks the line, cells of a row are set apart."""
    parts = [_flat(element.text)]
    for child in element:
        text = "\n" if child.tag == "lb" else _inline(child)
        parts.append(f"\n{text}\n" if child.tag in _BLOCKS else text)
        parts.append(" | " if child.tag == "cell" and child.getnext() is not None else "")
        parts.append(_flat(child.tail))
    return "".join(parts)


def _flat(text: str | None) -> str:
    return (text or "").replace("\n", " ")
