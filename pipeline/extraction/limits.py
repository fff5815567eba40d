"""How much a page may hold: what no honest page comes near, and what no extractor would come to an end with.

Each limit is at least five times the most that hundreds of real news pages hold, and keeps extraction within seconds.
A page beyond one is refused before anything expensive reads it; docs/benchmarks.md has the figures.
JSON-LD is no reason to refuse a page: what is too large of it is not read (see ``jsonld``).
"""

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from pipeline.extraction.content import parse
from pipeline.extraction.evidence import BLOCK_TAGS
from pipeline.extraction.quality import Verdict
from pipeline.items import Reason
from pipeline.text import collapse

MOST_BRACKETS = 300_000
"""Opening angle brackets of a page, those of end tags, scripts and comments included: known before it is parsed."""
MOST_TAGS = 20_000
MOST_ATTRIBUTES = 100_000
MOST_ATTRIBUTES_OF_A_TAG = 10_000
"""The parser's work grows with the square of these."""
DEEPEST = 255
"""Elements inside one another. Far deeper the parser stops reading, and says so nowhere but in its log."""
MOST_STEPS = 1_000_000
"""Tags times depth: what walking up from every element comes to at most."""
MOST_INLINE = 4_000
"""Links, spans and other inline elements in one block: trafilatura's work grows with the cube of these."""
LONGEST_TEXT = 250_000
"""Characters of one paragraph, or of one line of plain text."""
MOST_LINES = 10_000
"""Lines of plain text, empty ones included."""
LONGEST_PLAIN = 2_000_000
"""Characters of a plain text."""

_LONG_TAG = 3 * MOST_ATTRIBUTES_OF_A_TAG
_LARGE_PAGE = 1_000_000
_DEEPER = etree.XPath(f"boolean({'/*' * (DEEPEST + 1)})")
_ATTRIBUTES = etree.XPath("count(//@*)")
_UNSEEN = frozenset({"script", "style", "template", "noscript"})
_INSIDE = r"""[^>=]*+(?:=\s*+(?:"[^"]*+"|'[^']*+')?+[^>=]*+)*+"""
_TAG = re.compile(rf"<[a-zA-Z]{_INSIDE}")
_ATTRIBUTE = re.compile(r"""[^\s>/=]++\s*+(?:=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+""")
_SCRIPT = re.compile(rf"(<(script|style)\b{_INSIDE}).*?(?:</\2|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE)


def parse_within(text: str) -> HtmlElement | Verdict:
    """The parsed page, or why it is none that is read further."""
    brackets = text.count("<")
    refused = _over("opening angle brackets", brackets, MOST_BRACKETS) or _judge_long_tags(text)
    if refused:
        return refused
    tree = parse(text)
    if tree is None:
        return Verdict(Reason.EMPTY, "mark-up without any element")
    return _judge_tree(tree, text, brackets) or tree


def judge_plain(text: str) -> Verdict | None:
    """Refuse a plain text that is longer, or has more or longer lines, than an article can have."""
    refused = _over("characters of plain text", len(text), LONGEST_PLAIN)
    if refused:
        return refused
    lines = text.splitlines()
    return _over("lines", len(lines), MOST_LINES) or _over(
        "characters in one line", max(map(len, lines), default=0), LONGEST_TEXT
    )


def _over(what: str, figure: int, limit: int) -> Verdict | None:
    return Verdict(Reason.TOO_COMPLEX, f"{figure:,} {what}, more than {limit:,}") if figure > limit else None


def _judge_long_tags(text: str) -> Verdict | None:
    """Refuse a page with too many attributes on a tag."""
    most = _most_attributes(text)
    if most > MOST_ATTRIBUTES_OF_A_TAG:  # or a script compares with "<"
        most = _most_attributes(_SCRIPT.sub(r"\1", text))
    return _over("attributes on one tag", most, MOST_ATTRIBUTES_OF_A_TAG)


def _is_unbroken(text: str, length: int) -> bool:
    """Whether a stretch of at least this length has no opening bracket in it; looks at little else of the text."""
    start = 0
    while start + length <= len(text):
        found = text.rfind("<", start, start + length)
        if found < 0:
            return True
        start = found + 1
    return False


def _most_attributes(text: str) -> int:
    """Attributes of the tag with most of them, as far as it is long enough to have many."""
    tags = (found[0] for found in _TAG.finditer(text) if found.end() - found.start() > _LONG_TAG)
    return max((sum(1 for _ in _ATTRIBUTE.finditer(tag)) - 1 for tag in tags), default=0)


def _judge_tree(tree: HtmlElement, text: str, brackets: int) -> Verdict | None:
    """Refuse a tree that is too large, deep or crowded; ``text`` and its ``brackets`` tell what need not be asked."""
    if brackets > DEEPEST and _DEEPER(tree):
        return _over("elements inside one another", _depth(tree), DEEPEST)
    if brackets > MOST_TAGS and (refused := _over("tags", sum(1 for _ in tree.iter("*")), MOST_TAGS)):
        return refused
    if brackets * DEEPEST > MOST_STEPS and (refused := _judge_steps(tree)):
        return refused
    if brackets > MOST_INLINE and (refused := _over("inline elements in one block", _most_inline(tree), MOST_INLINE)):
        return refused
    if len(text) > _LARGE_PAGE and (refused := _over("attributes", _count(_ATTRIBUTES, tree), MOST_ATTRIBUTES)):
        return refused
    if _is_unbroken(text, LONGEST_TEXT):  # most are scripts
        return _over("characters in one paragraph", max(map(len, _texts(tree)), default=0), LONGEST_TEXT)
    return None


def _judge_steps(tree: HtmlElement) -> Verdict | None:
    tags, depth = sum(1 for _ in tree.iter("*")), _depth(tree)
    return _over(f"tags times depth ({tags:,} x {depth})", tags * depth, MOST_STEPS)


def _count(path: etree.XPath, tree: HtmlElement) -> int:
    return int(str(path(tree)).partition(".")[0])


def _depth(tree: HtmlElement) -> int:
    deepest = depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _most_inline(tree: HtmlElement) -> int:
    """Inline elements of the block that has most of them, at whatever depth."""
    homes: dict[HtmlElement, HtmlElement] = {}
    inline: Counter[HtmlElement] = Counter()
    for element in tree.iter("*"):
        parent = element.getparent()
        if element.tag in BLOCK_TAGS or parent is None:
            homes[element] = element
        else:
            homes[element] = homes[parent]
            inline[homes[parent]] += 1
    return max(inline.values(), default=0)


def _texts(tree: HtmlElement) -> Iterator[str]:
    """The texts between tags that readers may see."""
    for element in tree.iter("*"):
        if element.text and element.tag not in _UNSEEN:
            yield collapse(element.text)
        if element.tail:
            yield collapse(element.tail)
