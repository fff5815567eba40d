"""The phrase tables of ``phrases.toml`` as compiled patterns, each compiled when first asked for."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from re import Pattern

from pipeline.extraction.lines import Line

_SHAPES = {
    "start": r"(?:{})(?!\w)",
    "open": r"(?!.*(?<![.…])[.!?。！？؟।][\"')\]」』\s]*$)(?:{})(?!\w)",
    "whole": r"(?:{})[\s.:!?…»>›→]*$",
    "anywhere": r"(?<!\w)(?:{})",
    "tokens": r"(?=.*[^\W\d])(?:(?:{}|\d+)(?:[\s,|/:·•.()+\-]+|$|(?=\d)))+$",
}
"""What each table's ``match`` means: the pattern its phrases are put into."""


def matches(table: str, line: Line) -> bool:
    """Whether a line is, begins with or holds a phrase of the table, as the table's ``match`` says."""
    if table not in line.phrases:
        line.phrases[table] = _is_match(table, line.lowered)
    return line.phrases[table]


def _is_match(table: str, text: str) -> bool:
    started, found = _patterns(table)
    if started is not None and started.match(text):
        return True
    return found is not None and found.search(text) is not None


def reports_speech(line: Line) -> bool:
    """Whether a line is a sentence that tells what somebody said: whatever it begins with, it is text."""
    return line.closed and matches("said", line)


def find_all(table: str, text: str) -> list[str]:
    """Every place in a case-folded text that a phrase of an ``anywhere`` table describes, in order."""
    return [match[0] for pattern in _patterns(table) if pattern for match in pattern.finditer(text)]


@cache
def _tables() -> dict[str, dict[str, list[str] | str]]:
    return tomllib.loads(files("pipeline.extraction").joinpath("phrases.toml").read_text(encoding="utf-8"))


@cache
def _patterns(table: str) -> tuple[Pattern[str] | None, Pattern[str] | None]:
    """(what a line's start is matched with, what is searched for): a phrase that opens with ^ is only matched."""
    entries = dict(_tables()[table])
    shape = str(entries.pop("match"))
    phrases = [phrase for language in entries.values() for phrase in language]
    if shape != "anywhere":
        return _compiled(shape, phrases), None
    anchored = [phrase for phrase in phrases if phrase.startswith("^")]
    return _compiled(shape, anchored), _compiled(shape, [phrase for phrase in phrases if phrase not in anchored])


def _compiled(shape: str, phrases: list[str]) -> Pattern[str] | None:
    spelled = "|".join(phrases).replace("ς", "σ").replace("ß", "ss")  # as case folding leaves the text
    return re.compile(_SHAPES[shape].format(spelled)) if phrases else None
