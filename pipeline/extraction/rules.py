"""What a residue rule is: a named judgement over one line in its surroundings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import groupby

from pipeline.extraction.lines import Line
from pipeline.items import BlockKind
from pipeline.text import fold, word_count, words

_HEADING = BlockKind.HEADING
_FULL_STOPS = (".", "!", "。")


class Fate(StrEnum):
    """Where a line goes that a rule takes out of the body. Every one of them is also listed in ``Article.removed``."""

    DROP = "drop"  # residue: nowhere
    CAPTION = "caption"  # → images[].caption
    BYLINE = "byline"  # → authors
    ATTRIBUTION = "attribution"  # → attribution
    STANDFIRST = "standfirst"  # → standfirst
    DATE = "date"  # → published, where the page declares nothing better


@dataclass(frozen=True)
class View:
    """The page as a rule sees it: the lines still there, and what went before.

    ``lines``: kept so far, in page order. ``titles``: every form of the headline the page has.
    ``authors``: names the page's metadata give. ``gone``: position of a removed
    line → name of the rule that took it; it only ever grows, so a rule may use it to remove more, never to keep.
    """

    lines: Sequence[Line]
    titles: Sequence[str] = ()
    authors: Sequence[str] = ()
    gone: Mapping[int, str] = field(default_factory=dict)

    @cached_property
    def titles_folded(self) -> tuple[str, ...]:
        """The titles' words, folded; none empty."""
        return tuple(dict.fromkeys(filter(None, map(fold, self.titles))))

    @cached_property
    def longest_title(self) -> int:
        """Words of the longest title."""
        return max(map(word_count, self.titles), default=0)

    @cached_property
    def author_words(self) -> frozenset[str]:
        """The words of all authors' names, folded."""
        return frozenset(word for author in self.authors for word in words(author))

    @cached_property
    def prose(self) -> tuple[int, ...]:
        """Indexes of the lines that read as running text."""
        return tuple(index for index, line in enumerate(self.lines) if line.prose)

    @cached_property
    def first_prose(self) -> int:
        """Index of the first line of running text; the number of lines when there is none."""
        return self.prose[0] if self.prose else len(self.lines)

    @cached_property
    def last_prose(self) -> int:
        """Index of the last line of running text; -1 when there is none."""
        return self.prose[-1] if self.prose else -1

    @cached_property
    def shouts(self) -> bool:
        """Whether the text itself is set in capitals."""
        return sum(line.upper for line in self.lines) * 3 > len(self.lines)

    @cached_property
    def ends_in_labels(self) -> bool:
        """Whether two or more lines stand below all running text, each a few unclosed words; no table of figures."""
        tail = self.lines[self.last_prose + 1 :]
        figures = sum(line.text[-1:].isdigit() for line in tail)
        return len(tail) >= 2 and figures * 2 < len(tail) and all(line.words <= 4 and not line.closed for line in tail)

    @cached_property
    def linked_lists(self) -> frozenset[int]:
        """Indexes of the items of lists of three or more, each a link but for a word or two, none closed."""
        found: list[int] = []
        for listed, run in groupby(range(len(self.lines)), lambda at: self.lines[at].kind is BlockKind.LIST_ITEM):
            places = list(run)
            if listed and len(places) > 2 and all(_is_linked(self.lines[at]) for at in places):
                found += places
        return frozenset(found)

    @cached_property
    def last_no_heading(self) -> int:
        """Index of the last line that is no heading by mark-up, or one that says a sentence; -1 when there is none."""
        return next((at for at in range(len(self.lines) - 1, -1, -1) if not _announces(self.lines[at])), -1)

    @cached_property
    def numbers_sections(self) -> bool:
        """Whether the numbers that stand alone count upward from 1 through the text."""
        numbers = [line.text.strip("()") for line in self.lines if line.counter]
        return len(numbers) > 2 and numbers == [str(place) for place in range(1, len(numbers) + 1)]

    def before_text(self, index: int) -> bool:
        """Whether the line stands above all running text."""
        return index < self.first_prose

    def after_text(self, index: int) -> bool:
        """Whether the line stands below all running text."""
        return index > self.last_prose

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for index, line in enumerate(self.lines):
            places.setdefault(line.text, []).append(index)
        return places

    def places(self, index: int) -> list[int]:
        """Indexes of all lines with the same text, in page order."""
        return self._places[self.lines[index].text]

    def neighbour(self, index: int, step: int) -> Line | None:
        """The kept line ``step`` places away, or None past either end."""
        place = index + step
        return self.lines[place] if 0 <= place < len(self.lines) else None

    def gone_after(self, index: int) -> str:
        """Name of the rule that took the line directly below this one on the page; empty when that one stayed."""
        return self.gone.get(self.lines[index].position + 1, "")

    def gone_before(self, index: int) -> str:
        """Name of the rule that took the line directly above this one on the page; empty when that one stayed."""
        return self.gone.get(self.lines[index].position - 1, "")


def _is_linked(line: Line) -> bool:
    return line.link > 0.6 and not line.closed  # the rest is a kicker: "Archaeology: ..."


def _announces(line: Line) -> bool:
    return line.marked and line.kind is _HEADING and not line.text.endswith(_FULL_STOPS)


@dataclass(frozen=True, slots=True)
class Rule:
    """``judge`` says whether the line at an index of the view is residue of the kind ``name`` names.

    ``longest``: words above which no line is such residue; nobody asks the judge then.
    """

    name: str
    judge: Callable[[View, int], bool]
    fate: Fate = Fate.DROP
    longest: int = 1_000_000

    @property
    def doc(self) -> str:
        """First line of the judge's docstring: what the rule takes out."""
        return (self.judge.__doc__ or "").strip().splitlines()[0]
