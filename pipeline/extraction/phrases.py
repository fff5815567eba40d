"""The phrase tables of ``phrases.toml`` as compiled patterns, each compiled when first asked for."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from re import Pattern

from pipeline.extraction.lines import Line

_SHAPES = {
    "start": r"(?:{})(?!\w)",
    "whole": r"(?:{})[\s.:!?…»>›→]*$",
    "anywhere": r".*?(?<!\w)(?:{})",
    "tokens": r"(?=.*[^\W\d])(?:(?:{}|\d+)(?:[\s,|/:·•.()+\-]+|$|(?=\d)))+$",
}
"""What each table's ``match`` means: the pattern its phrases are put into, matched from the line's start."""


def matches(table: str, line: Line) -> bool:
    """Whether a line is, begins with or holds a phrase of the table, as the table's ``match`` says."""
    return _pattern(table).match(line.lowered) is not None


def find_all(table: str, text: str) -> list[str]:
    """Every place in a case-folded text that a phrase of an ``anywhere`` table describes, in order."""
    return [found[0] for found in _pattern(table, searched=True).finditer(text)]


@cache
def _tables() -> dict[str, dict[str, list[str] | str]]:
    return tomllib.loads(files("pipeline.extraction").joinpath("phrases.toml").read_text(encoding="utf-8"))


@cache
def _pattern(table: str, *, searched: bool = False) -> Pattern[str]:
    entries = dict(_tables()[table])
    shape = _SHAPES[str(entries.pop("match"))]
    shape = shape.removeprefix(".*?") if searched else shape
    return re.compile(shape.format("|".join(phrase for language in entries.values() for phrase in language)))
