"""What differs between two states of an article: word by word for people, field by field for a summary."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Literal

from pipeline.changes import essence, plain
from pipeline.items import Article
from pipeline.text import word_count

_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"\n|(?:[{_UNSPACED}]|[^\s{_UNSPACED}]+)[^\S\n]*")

NOT_TOLD = frozenset({"extractor", "url", "addresses", "digest", "fetched_at", "rules"})
"""Fields that say how and where an article was found, not what it says."""

TOLD = tuple(f.name for f in fields(Article) if f.name not in NOT_TOLD)


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand together. ``mark``: "-" only in the old state, "+" only in the new one, empty in both."""

    text: str
    mark: Literal["", "-", "+"] = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """What changed from one state to the next. ``added``, ``removed``: words, of headline and text.

    ``fields``: which of headline, text, kind and paywall changed. ``is_silent``: whether the page did not say that it
    was modified since.
    """

    fields: tuple[str, ...]
    added: int
    removed: int
    is_silent: bool


class Fate(StrEnum):
    """What became of a field in another reading of the same page."""

    SAME = "same"
    CHANGED = "changed"
    FILLED = "filled"  # empty before
    LOST = "lost"  # empty now


def is_edited(old: Article, new: Article) -> bool:
    """Whether a reader would call the one a change of the other."""
    return essence(old) != essence(new)


def edit(old: Article, new: Article) -> Edit:
    """What changed between two states of an article."""
    pieces = [piece for line in diff(lines_of(old), lines_of(new)) for piece in line]
    changed = {
        "headline": plain(old.headline) != plain(new.headline),
        "text": any(piece.mark for line in diff(lines_of(old)[1:], lines_of(new)[1:]) for piece in line),
        "kind": old.kind != new.kind,
        "paywall": old.is_partial != new.is_partial,
    }
    return Edit(
        fields=tuple(name for name, differs in changed.items() if differs),
        added=_words(pieces, "+"),
        removed=_words(pieces, "-"),
        is_silent=new.modified is None or new.modified == old.modified,
    )


def lines_of(article: Article) -> list[str]:
    """The article's text, a paragraph each, its headline first."""
    lines = [article.headline, *(block.text for block in article.body)]
    for update in article.updates:
        lines += (update.headline, *update.text.split("\n\n"))
    for box in article.factboxes:
        lines += (box.title, *box.lines)
    return [lines[0], *filter(None, lines[1:])]


def diff(old: Sequence[str], new: Sequence[str]) -> Iterator[list[Piece]]:
    """The paragraphs of both states in order, each in pieces; a paragraph that both have is one piece.

    Paragraphs are compared first, then the words of those that differ: what only looks otherwise counts as equal.
    """
    before, after = ([plain(line) for line in lines] for lines in (old, new))
    for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield from ([Piece(line)] for line in new[k:m])
        else:
            yield from _paragraphs(_pieces("\n".join(old[i:j]), "\n".join(new[k:m])))


def compare(old: Article, new: Article) -> dict[str, Fate]:
    """What became of each field that tells something."""
    return {name: _fate(getattr(old, name), getattr(new, name)) for name in TOLD}


def _fate(old: object, new: object) -> Fate:
    if old == new:
        return Fate.SAME
    return Fate.FILLED if not old else Fate.CHANGED if new else Fate.LOST


def _pieces(old: str, new: str) -> Iterator[Piece]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    was, now = ([plain(token) or token for token in tokens] for tokens in (before, after))
    for what, i, j, k, m in SequenceMatcher(None, was, now).get_opcodes():  # with autojunk: thousands of words
        if what == "equal":
            yield Piece("".join(after[k:m]))
        else:
            yield from (p for p in (Piece("".join(before[i:j]), "-"), Piece("".join(after[k:m]), "+")) if p.text)


def _paragraphs(pieces: Iterator[Piece]) -> Iterator[list[Piece]]:
    """The pieces of each paragraph: both states' breaks end one."""
    paragraph: list[Piece] = []
    for piece in pieces:
        first, *rest = piece.text.split("\n")
        paragraph += [Piece(first, piece.mark)] if first else []
        for text in rest:
            if paragraph:
                yield paragraph
            paragraph = [Piece(text, piece.mark)] if text else []
    if paragraph:
        yield paragraph


def _words(pieces: Sequence[Piece], mark: str) -> int:
    return sum(word_count(piece.text) for piece in pieces if piece.mark == mark)
