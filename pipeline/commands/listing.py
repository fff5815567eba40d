"""What the listing commands share: their limit, their loop, and tables aligned by what a terminal shows."""

import argparse
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.commands.base import NewsloomCommand

DEFAULT_LIMIT = 20
GAP = "  "
LEAST = 10
"""Cells that a shrinking column keeps on the narrowest terminal."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``right``: aligned to the right. ``shrinks``: gives way where the terminal is too narrow."""

    title: str
    right: bool = False
    shrinks: bool = False


def count(text: str) -> int:
    """An argument that is a whole number from 0 up."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)


def print_lines(command: NewsloomCommand, lines: Iterable[str]) -> bool:
    """Print each line as soon as it is there; whether there was any."""
    some = False
    for line in lines:
        command.print_line(line)
        some = True
    return some


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int | None) -> Iterator[str]:
    """The lines of a table under its titles, no rows: none; cut to ``width`` as columns shrink (None: whole)."""
    if not rows:
        return
    lines = [[column.title for column in columns], *rows]
    widths = [max(map(display_width, cells)) for cells in zip(*lines, strict=True)]
    if width is not None:
        excess = sum(widths) + len(GAP) * (len(columns) - 1) - width
        for i, column in enumerate(columns):
            if column.shrinks and excess > 0:
                widths[i] = max(widths[i] - excess, min(widths[i], LEAST))
    for line in lines:
        cells = (_aligned(*cell) for cell in zip(line, columns, widths, strict=True))
        yield GAP.join(cells).rstrip()


def terminal_width() -> int | None:
    """Columns of the terminal that stdout is, None when it is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def display_width(text: str) -> int:
    """Cells a terminal fills with ``text``: East Asian letters take two, combining marks none."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _aligned(text: str, column: Column, width: int) -> str:
    shown = _cut(text, width)
    padding = " " * (width - display_width(shown))
    return padding + shown if column.right else shown + padding


def _cut(text: str, width: int) -> str:
    if display_width(text) <= width:
        return text
    left = width - 1
    kept = []
    for character in text:
        left -= _cells(character)
        if left < 0:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"
