"""The unit that all cleaning works on: one line of a page with what is known about it."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.items import Block, BlockKind
from pipeline.months import MONTHS
from pipeline.text import ends_sentence, fold, has_letters, is_upper, word_count

_NUMERIC_DATE = re.compile(
    r"\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]"
)
_COUNTER = re.compile(r"^[+(]?\d[\d.,]*\s?[km]?[+)]?$", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PLAIN = str.maketrans("’‘´`“”„«»–—‑İ", "'" * 4 + '"' * 5 + "---i")

SOURCE_PRUNE = "source-prune"
"""Role of a box that the source's entry says is no article text; the name of the rule as well."""


@dataclass(frozen=True)
class Line:
    """A line of the page, before anybody has judged it.

    ``text``: one collapsed line. ``position``: its place among the page's lines, counted from 0.
    ``link``: share of its characters that are inside links, 0–1; 0 in plain text, where nobody knows.
    ``roles``: what the mark-up around it says it is ("caption", "related", "byline", …); empty in plain text.
    ``marked``: whether ``kind`` comes from mark-up; in plain text a heading or list item is only a guess.
    ``box``: role of the box it was cut out with before extraction (see ``pruning``), or empty.
    ``gap``: whether a blank line stood before it; always true for mark-up, where every block stands alone.
    """

    text: str
    position: int
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    link: float = 0.0
    roles: frozenset[str] = field(default_factory=frozenset)
    marked: bool = False
    box: str = ""
    gap: bool = True

    @cached_property
    def folded(self) -> str:
        """Words joined by spaces, case and punctuation gone."""
        return fold(self.text)

    @cached_property
    def lowered(self) -> str:
        """Case folded, typographic quotes and dashes made plain, list marks stripped: what phrase tables match."""
        return self.text.translate(_PLAIN).casefold().strip(" *<>+-|")

    @cached_property
    def phrases(self) -> dict[str, bool]:
        """Phrase table → whether the line matches it, as far as somebody asked: rules run over a line several times."""
        return {}

    @cached_property
    def words(self) -> int:
        """Number of words; two characters of a script without spaces count as one."""
        return word_count(self.text)

    @cached_property
    def closed(self) -> bool:
        """Whether it ends as a sentence does."""
        return ends_sentence(self.text)

    @cached_property
    def upper(self) -> bool:
        """Whether it is set in capitals."""
        return is_upper(self.text)

    @cached_property
    def counter(self) -> bool:
        """Whether it is a number and nothing else."""
        return _COUNTER.match(self.text) is not None

    @cached_property
    def dated(self) -> bool:
        """Whether a month beside a year, or a date in figures, is in it."""
        if _NUMERIC_DATE.search(self.lowered):
            return True
        words = _TOKEN.findall(self.lowered)
        years = [place for place, word in enumerate(words) if _YEAR.fullmatch(word)]
        return any(word in MONTHS for place in years for word in words[max(0, place - 3) : place + 3])

    @cached_property
    def prose(self) -> bool:
        """Whether it reads as running text: a closed line of some length that is neither link nor heading."""
        return (
            self.words >= 8  # shorter sentences are as often slogans and labels
            and self.closed
            and self.link < 0.5  # mostly link is navigation
            and self.kind is not BlockKind.HEADING
            and has_letters(self.text)
        )

    def as_block(self) -> Block:
        """The line as a block of the body."""
        return Block(self.text, self.kind, self.level)
