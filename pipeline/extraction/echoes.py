"""Rules for what the page says twice: its headline, and the standfirst between headline and text."""

from pipeline.extraction.rules import Fate, Rule, View

_KICKER_WORDS = 6
_STANDFIRST_WORDS = 45


def is_title_echo(view: View, index: int) -> bool:
    """The headline again: alone, with a kicker before it or the site's name behind it."""
    headline = view.headline_folded
    line = view.lines[index]
    if not headline or not line.folded:
        return False
    if line.folded == headline:
        return True
    if index > view.first_prose or len(headline) < 12:  # a short headline is in many sentences
        return False
    extra = len(line.folded.split()) - len(headline.split())
    return 0 < extra <= _KICKER_WORDS and (line.folded.endswith(headline) or line.folded.startswith(headline))


def is_standfirst(view: View, index: int) -> bool:
    """A lead-in between headline and text: one unclosed line above the first paragraph."""
    line = view.lines[index]
    below = view.neighbour(index, 1)
    return (
        index == 0
        and not line.closed
        and 4 <= line.words <= _STANDFIRST_WORDS  # shorter is a label
        and line.position <= 2  # directly under the headline on the page
        and line.link < 0.5  # mostly link
        and below is not None
        and below.prose
    )


def is_repeat(view: View, index: int) -> bool:
    """A paragraph that stood on the page before, word for word."""
    line = view.lines[index]
    return line.prose and not view.is_first(index)


RULES = (Rule("title-echo", is_title_echo), Rule("standfirst", is_standfirst, Fate.STANDFIRST), Rule("repeat", is_repeat))
