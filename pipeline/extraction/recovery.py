"""Recovery: text that stands in the same kind of box as the found text, but that the extractor left out."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from pipeline.extraction.evidence import Block, PageEvidence, line_key
from pipeline.extraction.lines import SOURCE_PRUNE, Line
from pipeline.items import BlockKind
from pipeline.text import collapse

_FOREIGN = frozenset(
    {
        "related",
        "prompt",
        "share",
        "comments",
        "advert",
        "footer",
        "navigation",
        "form",
        "bio",
        "caption",
        "byline",
        "tags",
        "embed",
        "aside",
        "button",
    }
)
_MAIN_SHARE = 0.2
"""Share of the found text that a kind of box must hold for its other paragraphs to belong."""

_HEADINGS = {f"h{level}": level for level in range(2, 7)}
_FAMILY = 3
"""Kept blocks of a box that make it the article's own."""

_PIECE = 15
_SHORTEST = 30  # characters of a paragraph worth recovering


def recover(lines: Sequence[Line], evidence: PageEvidence) -> tuple[Line, ...]:
    """The lines with such paragraphs put in at their place on the page."""
    places = {line_key(line.text): index for index, line in enumerate(lines)}
    missed = _missed(evidence, places)
    return _put(lines, places, evidence.blocks, missed | _missed_siblings(evidence, {**places, **missed}))


def with_boxes(lines: Sequence[Line], evidence: PageEvidence, dropped: Mapping[HtmlElement, str]) -> tuple[Line, ...]:
    """The lines with those that were cut out in boxes between them, each marked with its box's role."""
    places = {line_key(line.text): index for index, line in enumerate(lines)}
    found = [index for index, block in enumerate(evidence.blocks) if block.key in places]
    if not dropped or not found:
        return tuple(lines)
    boxed: dict[str, Line] = {}
    for index, block in enumerate(evidence.blocks):
        role = dropped.get(_root(block.element)) if block.key not in places else None
        if role and (found[0] < index < found[-1] or role == SOURCE_PRUNE):
            boxed[block.key] = Line(collapse(block.text), 0, link=block.link, roles=block.roles, marked=True, box=role)
    return _put(lines, places, evidence.blocks, boxed)


def _root(element: HtmlElement) -> HtmlElement:
    """The outermost element around: of the page, or of the box that was cut out of it."""
    return next(reversed(list(element.iterancestors())), element)


def _put(
    lines: Sequence[Line], places: Mapping[str, int], blocks: Sequence[Block], others: Mapping[str, Line]
) -> tuple[Line, ...]:
    """The lines and the others in the order of the page's blocks. ``places``: index of a line by its key."""
    if not others:
        return tuple(lines)
    put: list[Line] = []
    taken = 0
    for block in blocks:
        if block.key in places:
            upto = places[block.key] + 1
            put.extend(lines[taken:upto])
            taken = max(taken, upto)
        elif block.key in others:
            put.append(others[block.key])
    put.extend(lines[taken:])
    return tuple(replace(line, position=position) for position, line in enumerate(put))


def _missed(evidence: PageEvidence, places: Collection[str]) -> dict[str, Line]:
    """Paragraphs outside of the found ones that stand in the same kind of box of the same story, by their key."""
    found = [block for block in evidence.blocks if block.key in places]
    others = [block for block in evidence.blocks if block.key not in places and len(block.key) >= _SHORTEST]
    if not found or not others:
        return {}
    main = _main_boxes(found)
    home = Counter(_home(block.element) for block in found).most_common(1)[0][0]
    known = "".join(places)
    missed = {}
    for block in others:
        if _box(block.element) in main and _home(block.element) is home and not _is_known(block.key, known):
            line = Line(collapse(block.text), 0, link=block.link, roles=block.roles, marked=True)
            if line.prose and not line.roles & _FOREIGN:
                missed[block.key] = line
    return missed


def _missed_siblings(evidence: PageEvidence, kept: Collection[str]) -> dict[str, Line]:
    """Headings directly above a kept paragraph of the same box, and lines between two of them, by their key."""
    blocks = evidence.blocks
    around = Counter(block.element.getparent() for block in blocks if block.key in kept)
    known = "".join(kept)
    missed: dict[str, Line] = {}
    for above, block, below in reversed(list(zip(blocks, blocks[1:], blocks[2:], strict=False))):
        box, level = block.element.getparent(), _level(block.element)
        if block.key in kept or around[box] < _FAMILY or below.element.getparent() is not box:
            continue
        between = above.key in kept and above.element.getparent() is box and not _is_known(block.key, known)
        belongs = level or (between and block.element not in evidence.below_pictures)
        if belongs and (below.key in kept or below.key in missed) and not block.roles & _FOREIGN:
            kind = BlockKind.HEADING if level else BlockKind.PARAGRAPH
            missed[block.key] = Line(collapse(block.text), 0, kind, level, block.link, block.roles, marked=True)
    return missed


def _level(element: HtmlElement) -> int:
    """Level of a heading by tag or ARIA role, 2-6; 0 for anything else."""
    if element.get("role") == "heading" and element.get("aria-level", "") in "23456":
        return int(element.get("aria-level") or 2)
    return _HEADINGS.get(str(element.tag), 0)


def _main_boxes(found: Sequence[Block]) -> set[tuple[str, ...]]:
    """The kinds of boxes that hold a good part of the found text each."""
    sizes: Counter[tuple[str, ...]] = Counter()
    for block in found:
        sizes[_box(block.element)] += len(block.key)
    return {box for box, size in sizes.items() if size >= sizes.total() * _MAIN_SHARE}


def _is_known(key: str, known: str) -> bool:
    """Whether the found lines hold much of a block already, cut into other pieces."""
    pieces = [key[place : place + _PIECE] for place in range(0, max(1, len(key) - _PIECE), _PIECE)]
    return sum(piece in known for piece in pieces) > len(pieces) * 0.3


def _box(element: HtmlElement) -> tuple[str, ...]:
    """What an element and the box around it are called; equal for the parts of a split body."""
    parent = element.getparent()
    if parent is None:
        return (str(element.tag), element.get("class", ""))
    return (str(element.tag), element.get("class", ""), str(parent.tag), parent.get("class", ""))


def _home(element: HtmlElement) -> HtmlElement | None:
    """The nearest article element around, or None: another story on the page has another."""
    return next((parent for parent in element.iterancestors("article")), None)
