"""What the listing commands share: their limit, their loop, and tables aligned by what a terminal shows."""

import argparse
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.commands.base import NewsloomCommand
from pipeline.explain import moment

DEFAULT_LIMIT = 20
GAP = "  "
BARS = "▁▂▃▄▅▆▇█"
LEAST = 10
"""Cells that a shrinking column keeps on the narrowest terminal."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``right``: aligned to the right. ``shrinks``: gives way where the terminal is too narrow."""

    title: str
    right: bool = False
    shrinks: bool = False


def add_limit(parser: argparse._ActionsContainer, of: str, default: int = DEFAULT_LIMIT) -> None:
    """Declare ``--limit``."""
    parser.add_argument(
        "--limit",
        type=_count,
        default=default,
        metavar="N",
        help=f"at most N {of} (default: {default or 'all'}; 0: all)",
    )


def when(value: datetime | None, precision: str | None = None) -> str:
    """A time as it stands in a column, in UTC like all others there; "-" for none."""
    return moment(value, precision).removesuffix(" UTC") or "-"


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
        _shrink(
            widths, [i for i, column in enumerate(columns) if column.shrinks], width - len(GAP) * (len(columns) - 1)
        )
    for line in lines:
        cells = (_aligned(*cell) for cell in zip(line, columns, widths, strict=True))
        yield GAP.join(cells).rstrip()


def sparkline(numbers: Sequence[int]) -> str:
    """Numbers as bars of a letter each, the most of them full height; a gap for none."""
    most = max(numbers, default=0)
    return "".join(BARS[-(-number * len(BARS) // most) - 1] if number else " " for number in numbers)


def terminal_width() -> int | None:
    """Columns of the terminal that stdout is, None when it is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def display_width(text: str) -> int:
    """Cells a terminal fills with ``text``: East Asian letters take two, combining marks none."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def _shrink(widths: list[int], shrinking: Sequence[int], total: int) -> None:
    """Take from the widest of the shrinking columns, cell by cell, until all fit or each is at its least."""
    while sum(widths) > total:
        widest = max(shrinking, key=widths.__getitem__)
        if widths[widest] <= LEAST:
            break
        widths[widest] -= 1


def _count(text: str) -> int:
    """An argument that is a whole number from 0 up."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)


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
