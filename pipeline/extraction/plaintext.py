"""The plain-text road: a page saved as text → its headline and lines. What to keep is the residue cleaner's affair."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.extraction import phrases
from pipeline.extraction.lines import Line
from pipeline.extraction.people import begins_as_byline
from pipeline.items import BlockKind
from pipeline.text import collapse, has_letters, join_drop_cap

_BULLET = re.compile(r"^[*•▪◦‣·●■]\s+(?=\S)")
_QUOTED = re.compile(r"^>+\s?")
_MARKUP_START = re.compile(r"\A\s*<!--|<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_MARKUP_TAG = re.compile(
    r"</?(?:p|div|span|a|br|h[1-6]|ul|li|table|article|section|script|img)\b[^<>]*>", re.IGNORECASE
)
_TITLED = re.compile(r"^(?:#{1,6}\s+|(?:title|headline|titel|titre|título|titolo)\s*[:：]\s*)(?=\S)", re.IGNORECASE)
_ADDRESS = re.compile(r"^(?:url\s*[:：]\s*)?https?://\S+$", re.IGNORECASE)
_NUMBERED = re.compile(r"^\d{1,2}[.)]\s")
_HEADLINE_WORDS = 40
_KICKER_WORDS, _DATED_KICKER_WORDS = 3, 6
_BELOW_KICKER = range(5, 21)
"""Words of a line that is taken for the headline rather than the short one above it."""
_NAVIGATION_LINES = 15


@dataclass(frozen=True, slots=True)
class PlainText:
    """``headline``: the first line that can be one, or None. ``lines``: everything after it."""

    headline: str | None
    lines: tuple[Line, ...]


def looks_like_markup(text: str) -> bool:
    """Whether the text is HTML, whatever its file name says: a document tag, or many closing block tags."""
    head = text[:100_000]
    if _MARKUP_START.search(head[:5_000]):
        return True
    tags = len(_MARKUP_TAG.findall(head))
    return tags >= 4 and tags * 400 >= len(head)  # an article about HTML names a tag or two


def read_plaintext(text: str) -> PlainText:
    """Split a text into lines; hard-wrapped paragraphs are joined where the whole text is wrapped."""
    rows = _unwrap(text.splitlines())
    lines = tuple(_line(row, position, gap) for position, (row, gap) in enumerate(rows))
    place = _headline_place(lines)
    if place is None:
        return PlainText(None, lines)
    return PlainText(_TITLED.sub("", lines[place].text), lines[:place] + lines[place + 1 :])


def _headline_place(lines: Sequence[Line]) -> int | None:
    """Index of the line that is the headline: the first with words, below the site's navigation if that was saved.

    What stands above it may be the page's address, or a kicker.
    """
    navigated = False
    for place, line in enumerate(lines[:_NAVIGATION_LINES]):
        navigated |= phrases.matches("navigation", line)
        is_entry = navigated and line.words <= 2 and not line.closed
        if is_entry or phrases.matches("navigation", line) or not has_letters(line.text) or _ADDRESS.match(line.text):
            continue
        if place + 1 < len(lines) and _is_kicker(line, lines[place + 1]):
            continue
        return place if line.words <= _HEADLINE_WORDS else None
    return None


def _is_kicker(line: Line, below: Line) -> bool:
    """Whether a line names the section or day of what stands below, or a step of the way to it."""
    if _NUMBERED.match(line.text):
        return line.words <= _DATED_KICKER_WORDS and bool(_NUMBERED.match(below.text) or _may_be_headline(below))
    short = line.words <= (_DATED_KICKER_WORDS if line.dated else _KICKER_WORDS)
    return short and not line.closed and not _TITLED.match(line.text) and _may_be_headline(below)


def _may_be_headline(line: Line) -> bool:
    told = line.dated or begins_as_byline(line.text) or (line.closed and not line.text.endswith("?"))
    return not told and line.words in _BELOW_KICKER


def _line(row: str, position: int, gap: bool) -> Line:
    bullet = _BULLET.match(row)
    if bullet:
        return Line(row[bullet.end() :], position, BlockKind.LIST_ITEM, gap=gap)
    return Line(row, position, gap=gap)


def _unwrap(raw: list[str]) -> list[tuple[str, bool]]:
    """Collapsed non-empty rows with whether a blank row stood before each."""
    rows = [join_drop_cap(collapse(_QUOTED.sub("", row))) for row in raw]
    wrapped = _is_hard_wrapped(rows)
    found: list[tuple[str, bool]] = []
    gap = True
    for row in rows:
        if not row:
            gap = True
            continue
        if wrapped and not gap and found and not _BULLET.match(row):
            found[-1] = (f"{found[-1][0]} {row}", found[-1][1])
        else:
            found.append((row, gap))
        gap = False
    return found


def _is_hard_wrapped(rows: list[str]) -> bool:
    """Whether rows were cut at a fixed width (70–80 columns, as mail and old tools do)."""
    full = [row for row in rows if row]
    longest = max(map(len, full), default=0)
    if not 40 <= longest <= 100 or len(full) < 8:  # widths that people wrap at
        return False
    near = sum(len(row) > longest * 0.75 for row in full)
    open_ends = sum(row[-1].isalnum() or row[-1] == "," for row in full)
    return near > len(full) * 0.5 and open_ends > len(full) * 0.4
