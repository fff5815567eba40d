"""Rules for what the page says twice: its headline, and the standfirst between headline and text."""

from pipeline.extraction.lines import Line
from pipeline.extraction.rules import Fate, Rule, View
from pipeline.items import BlockKind

_KICKER_WORDS = 6
_REPEATS = 2
_HEADLINE_WORDS = 6
_REPEATED_WORDS = 12
_ABOVE_STANDFIRST = frozenset({"byline", "date", "share", "counter"})


def is_title_echo(view: View, index: int) -> bool:
    """The headline again: alone, with a kicker before or the site's name behind it, or the page's first heading."""
    line = view.lines[index]
    if line.kind is BlockKind.HEADING and line.level == 1 and view.before_text(index) and view.prose:
        return True
    if line.words > view.longest_title + _KICKER_WORDS:
        return False
    return bool(line.folded) and any(_echoes(view, index, title) for title in view.titles_folded)


def _echoes(view: View, index: int, title: str) -> bool:
    line = view.lines[index]
    folded = line.folded
    if folded == title:
        return True
    if line.prose or index > view.first_prose or len(title) < 12:  # a short headline is in many sentences
        return False
    extra = len(folded.split()) - len(title.split())
    return 0 < extra <= _KICKER_WORDS and (folded.endswith(title) or folded.startswith(title))


def is_standfirst(view: View, index: int) -> bool:
    """A lead-in between headline and text: one unclosed line, or one set as a heading, above the first paragraph."""
    line = view.lines[index]
    below = view.neighbour(index, 1)
    if index != 0 or below is None or not below.prose or not _is_on_top(view, line) or line.link >= 0.5:
        return False
    if "standfirst" in line.roles:
        return True
    if line.kind is BlockKind.HEADING:
        return line.words >= 8
    return not line.closed and line.words >= 4


def _is_on_top(view: View, line: Line) -> bool:
    """Whether a line stands directly below the headline, or with nothing between but who wrote it and when."""
    above = [view.gone.get(place, "headline") for place in range(line.position)]
    below = above.index("headline") + 1 if "headline" in above else 0
    return line.position <= 2 or _ABOVE_STANDFIRST.issuperset(above[below:])


def is_repeat(view: View, index: int) -> bool:
    """A paragraph that stood on the page before, word for word, or a headline that stands there twice in a row."""
    line = view.lines[index]
    if not line.prose:
        return line.words >= _HEADLINE_WORDS and (_is_doubled(line.text) or _is_twin(view, index))
    if line.words < _REPEATED_WORDS:
        return False
    places = view.places(index)
    return places[0] < index and len(places) <= _REPEATS


def _is_doubled(text: str) -> bool:
    """Whether the second half is the first again: a link's picture and its text."""
    half = len(text) // 2
    return text[half] == " " and text[:half] == text[half + 1 :]


def _is_twin(view: View, index: int) -> bool:
    """Whether an unclosed line stands twice in a row between running text: a promoted headline."""
    line = view.lines[index]
    if line.closed or line.marked:
        return False
    twins = [step for step in (-1, 1) if (beside := view.neighbour(index, step)) and beside.folded == line.folded]
    if len(twins) != 1:
        return False
    around = [view.neighbour(index, -twins[0]), view.neighbour(index, 2 * twins[0])]
    return all(beside is None or beside.prose for beside in around)


RULES = (Rule("title-echo", is_title_echo), Rule("repeat", is_repeat))
STANDFIRST = Rule("standfirst", is_standfirst, Fate.STANDFIRST, longest=45)
"""Stands last of all: a date, byline or prompt in its place is none."""
