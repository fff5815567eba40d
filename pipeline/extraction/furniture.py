"""Rules for the page's fittings: share bars, counters, advert labels, player and gallery controls."""

import re

from pipeline.extraction import phrases
from pipeline.extraction.people import begins_as_byline, is_person
from pipeline.extraction.rules import Rule, View
from pipeline.text import has_letters

_CLOCK = re.compile(r"^(?:\d{1,2}:)?\d{1,2}:\d{2}(?:\s*/\s*(?:\d{1,2}:)?\d{1,2}:\d{2})?(?: ?(?:min|uhr)\.?)?$")
_PAGER = re.compile(
    r"(?:(?:image|photo|slide|bild|foto|page|seite|picture|video|фото|caption)\s*)?\d+\s*(?:-\s*\d+\s*)?"
    r"(?:of ?/|of|/|von|de|di|sur|из|van|z)\s*\d+(?:[^\d.!?]{0,20})?$"
)


def is_symbols(view: View, index: int) -> bool:
    """A line without letter or digit: bullets, crosses, bars, the remains of icons."""
    return not any(map(str.isalnum, view.lines[index].text))


def is_counter(view: View, index: int) -> bool:
    """A number alone, above or below the text or more than once: shares, comments. Sections (1, 2, 3 …) stay."""
    if not view.lines[index].counter or view.numbers_sections:
        return False
    return view.before_text(index) or view.after_text(index) or len(view.places(index)) > 1


def is_advert(view: View, index: int) -> bool:
    """A label that announces an advertisement."""
    return phrases.matches("advert", view.lines[index])


def is_share(view: View, index: int) -> bool:
    """Share, print and save buttons: a line of network names, or an invitation to share."""
    line = view.lines[index]
    if phrases.matches("share-words", line) and phrases.matches("share-strong", line):
        return True
    return not line.prose and phrases.matches("share", line)


def is_control(view: View, index: int) -> bool:
    """Player and gallery controls: running times, "1 of 12", next, previous."""
    line = view.lines[index]
    return bool(_CLOCK.match(line.lowered) or _PAGER.match(line.lowered) or phrases.matches("control", line))


def is_label(view: View, index: int) -> bool:
    """One or two unclosed words, or a name, above the text: a section name, a label, a link."""
    line = view.lines[index]
    return (
        (not line.marked or line.link > 0.9)
        and not phrases.matches("caption-head", line)
        and view.before_text(index)
        and bool(view.prose)
        and (line.words <= 2 or _is_name(line.text))
        and not line.closed
        and "," not in line.text  # "Quillmere, Upland" says where the text was written
        and has_letters(line.text)
    )


def _is_name(text: str) -> bool:
    """Whether a line is somebody's name, in a script whose capitals tell names."""
    return text[:1].isupper() and is_person(text) and not begins_as_byline(text)


RULES = (
    Rule("symbols", is_symbols),
    Rule("counter", is_counter),
    Rule("advert", is_advert, longest=12),
    Rule("share", is_share, longest=16),  # a longer line is about sharing, not for it
    Rule("control", is_control, longest=10),
    Rule("label", is_label, longest=5),
)
