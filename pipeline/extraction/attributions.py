"""Rules for who wrote it and when: bylines, dates, contributor lines, author notes."""

import re

from pipeline.extraction import phrases
from pipeline.extraction.lines import Line
from pipeline.extraction.people import begins_as_byline, is_person, read_authors
from pipeline.extraction.rules import Fate, Rule, View
from pipeline.months import MONTHS
from pipeline.text import words

_WORD = re.compile(r"[^\W\d_]+")
_CLOCK_TIME = re.compile(r"(?<!\d)\d{1,2}(?:[:.h]|[時时]|시\s?)\d{2}(?!\d)")
_CONTACT = re.compile(
    r"^(?:contact|e-?mail|tel|phone|fax|twitter|x|facebook|instagram|linkedin|telegram|whatsapp)"
    r"\s*[:：@]\s*@?\S+(?: \S+){0,2}$|^\S+@\S+\.\w{2,}$|^@\w{2,30}$"
    r"|^(?:[\w.'-]+ ){1,4}[-|•,·/]?\s?(?:@\w{2,30}|\S+@\S+\.\w{2,})$"
)
_PLACE_AGENCY = re.compile(
    r"^[^.!?]{0,60}(?<!\w)(?:afp|reuters|ap|bloomberg|cna|xinhua|dpa|ansa|efe|tass|pti|ani|staff (?:reporter|writer))"
    r"(?:\s*[,/]\s*[^.!?]{1,60})?$"
)
_ABBREVIATED = re.compile(r"(?:\b[ap]\.\s?m|\bmin|\bmins|\bhrs|\bstd|\bг|\bhod|\bstr)\.$|:$")
_JOINING = frozenset({"by", "von", "par", "por", "di", "door", "and", "und", "et", "y", "e", "en", "i", "og", "och"})
_INITIALS = re.compile(r"^\([a-z]{2,4}(?:[/,] ?[a-z]{2,8}){0,3}\)$")


def _is_only_date(line: Line) -> bool:
    """Whether nothing is in the line but a date, with what stands before the date of a publication."""
    said = [word for word in _WORD.findall(line.lowered) if word not in MONTHS]
    return len(said) <= (3 if phrases.matches("stamp", line) else 0)


def is_date(view: View, index: int) -> bool:
    """A line that is a date: when it was published or updated, how long ago, how long it takes to read."""
    line = view.lines[index]
    if line.text.startswith(("—", "–")) or "@" in line.text:  # the signature under a quoted post
        return False
    if line.closed and line.words > 14:  # a sentence with a date in it is text
        return False
    if phrases.matches("reading-time", line) or phrases.matches("ago", line):
        return True
    dated = line.dated
    if line.closed and not _ABBREVIATED.search(line.lowered):
        return dated and _is_only_date(line)
    if phrases.matches("stamp", line) and (dated or any(map(str.isdigit, line.text))):
        return True
    if dated and line.words <= 20 and _CLOCK_TIME.search(line.lowered):
        return True
    return dated and line.words <= 9 and (view.before_text(index) or view.after_text(index) or line.words <= 7)


def is_byline(view: View, index: int) -> bool:
    """Who wrote it: "By …" lines, name and role lines near the headline, an author's initials."""
    line = view.lines[index]
    if (line.closed and line.words > 8) or not view.prose:
        return False
    near = view.before_text(index) or view.after_text(index)
    if _INITIALS.match(line.text) or _is_known_author(view, line):
        return True
    if view.gone_before(index) == "byline-head" and is_person(line.text):
        return True
    if begins_as_byline(line.text) and not line.closed and _names_somebody(line.text):
        return near or line.words <= 8
    return near and line.words <= 12 and bool(_PLACE_AGENCY.match(line.lowered) or _is_person_at_work(line))


def _names_somebody(text: str) -> bool:
    """Whether what follows "By" are names: "By Tuesday evening nobody had come" has none."""
    return any(author.role == "agency" or is_person(author.name) for author in read_authors([text]))


def is_byline_head(view: View, index: int) -> bool:
    """What stands alone above names: "By", "Author of the article:"."""
    return phrases.matches("byline-head", view.lines[index])


def _is_known_author(view: View, line: Line) -> bool:
    """Whether a line is nothing but names of the page's own authors."""
    found = words(line.text)
    return 2 <= len(found) <= 12 and not line.closed and set(found) - _JOINING <= view.author_words


def _is_person_at_work(line: Line) -> bool:
    """Whether a line is a name with a newsroom's role or desk behind it."""
    return phrases.matches("staff", line) and not line.closed


def is_attribution(view: View, index: int) -> bool:
    """Who else worked on it: "… contributed to this report", "Reporting by …", "(AFP)"."""
    line = view.lines[index]
    named = phrases.matches("attribution-by", line) and _names_somebody(line.text.partition(" by ")[2])
    return named or phrases.matches("attribution", line)


def is_author_note(view: View, index: int) -> bool:
    """About the author, below the text: what they cover, how to reach them."""
    line = view.lines[index]
    if 1 < index < view.last_prose - 3:
        return False
    return bool(phrases.matches("about-author", line) or _CONTACT.match(line.lowered))


RULES = (
    Rule("date", is_date, Fate.DATE, longest=22),
    Rule("attribution", is_attribution, Fate.ATTRIBUTION, longest=60),
    Rule("byline", is_byline, Fate.BYLINE, longest=18),
    Rule("byline-head", is_byline_head, longest=5),
    Rule("author-note", is_author_note, longest=80),
)
