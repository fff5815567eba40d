"""The records of a WARC file, however it is packed and whatever is wrong with it.

A record that is whole is handed on, what is not is named with its place, and reading goes on at the next record that
can be found: at the next ``WARC/1.…`` line of what is unpacked, or in the next gzip member or zstd frame.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from typing import BinaryIO

from pipeline.answers import HEAD_END, header_lines
from pipeline.unpacked import GZIP, ZSTD, BrokenError, Place, Unpacked, read_dictionary

HEAD = 2**16
"""Bytes that the header lines of a record may have, and those of the HTTP answer in it."""

_START = re.compile(rb"WARC/\d{1,2}\.\d{1,2}[ \t]*\r?\n")
_START_OR_PACKED = re.compile(b"|".join((_START.pattern, re.escape(GZIP), re.escape(ZSTD))))
_LONGEST_START = 32
_MOST_DIGITS = 18
_MOST_IN_A_ROW = 1000
_PIECE = 2**16
_ARC = re.compile(rb"(filedesc|https?)://\S+ \d+\.\d+\.\d+\.\d+ \d{14} ")


@dataclass(frozen=True, slots=True)
class Record:
    """A record. ``headers``: names in lower case, of several with one name the first. ``length``: bytes of its block.

    ``block``: empty where nobody wanted it; of one over the limit only the beginning. ``resumable``: whether reading
    can begin at the record's ``offset``, as it cannot in the middle of a gzip member. ``read_up_to``: in the file.
    """

    offset: int
    resumable: bool
    headers: Mapping[str, str]
    length: int
    block: bytes
    read_up_to: int

    @property
    def kind(self) -> str:
        """The type, in lower case; empty when the record does not say."""
        return self.headers.get("warc-type", "").lower()

    @property
    def is_cut(self) -> bool:
        """Whether ``block`` is only the beginning."""
        return bool(self.block) and len(self.block) < self.length


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in the file that is no whole record. ``detail``: what, in one line; ``offset``: where."""

    offset: int
    detail: str


class _FormError(Exception):
    """What stands in a record's place is none, or not a whole one; the text says why."""


Wants = Callable[[Mapping[str, str]], bool]
"""Whether the block of a record with these headers is wanted."""


def read_records(file: BinaryIO, limit: int, wants: Wants, start: int = 0) -> Iterator[Record | Damage]:
    """The records of a file from ``start`` on. ``limit``: bytes of the largest block that is held whole.

    Of damages that follow one another the first thousand are named, the others counted: junk can hold millions.
    """
    found = _records(file, limit, wants, start)
    for is_damage, run in groupby(found, lambda one: isinstance(one, Damage)):
        yield from (_counted if is_damage else iter)(run)


def _counted(run: Iterator[Record | Damage]) -> Iterator[Record | Damage]:
    yield from islice(run, _MOST_IN_A_ROW)
    for more, last in deque(enumerate(run, 1), maxlen=1):
        yield Damage(last.offset, f"{more:,} more damages in a row, this is the last")


def _records(file: BinaryIO, limit: int, wants: Wants, start: int) -> Iterator[Record | Damage]:
    dictionary = read_dictionary(file)
    begin: Place | None = Place(start)
    is_empty = start == 0
    while begin:
        source = Unpacked(file, begin.offset, dictionary)
        source.skip(begin.within)
        place: Place | None = None
        try:
            while place := _next_place(source):
                yield _record(source, place, limit, wants)
                place, is_empty = None, False
        except (BrokenError, _FormError) as error:
            place, is_empty = place or source.place, False
            yield Damage(place.offset, str(error))
            begin = _place_behind(file, place, dictionary)
        else:
            begin = None
    if is_empty:
        yield Damage(0, "no record in it, it is empty")


def _next_place(source: Unpacked) -> Place | None:
    """Where the next record begins, behind line ends; None at the end of the file."""
    while source.peek(1) in (b"\r", b"\n"):
        source.skip(len(source.buffer) - len(source.buffer.lstrip(b"\r\n")))
    source.turn()
    return source.place if source.peek(1) else None


def _record(source: Unpacked, place: Place, limit: int, wants: Wants) -> Record:
    headers: dict[str, str] = {}
    for name, value in header_lines(_head(source), "utf-8"):
        headers.setdefault(name.lower(), value)
    length = _length(headers)
    if not wants(headers):
        block = b""
        source.skip(length)
    elif length <= limit + HEAD:
        block = source.take(length)
    else:
        block = source.take(HEAD)
        source.skip(length - HEAD)
    if not _ends_here(source, place):
        raise _FormError(f"the record does not end after the {length:,} bytes that its Content-Length tells")
    return Record(place.offset, not place.within, headers, length, block, source.read_up_to)


def _head(source: Unpacked) -> bytes:
    """The lines from WARC/1.… to the empty line."""
    beginning = source.peek(_LONGEST_START)
    if not _START.match(beginning):
        raise _FormError(_what_else(source.peek(256)))
    while (end := HEAD_END.search(source.buffer, 0, HEAD)) is None:
        if len(source.buffer) > HEAD:
            raise _FormError(f"header lines of more than {HEAD:,} bytes")
        if not source.more():
            raise _FormError("the file ends too early")
    if _START.search(source.buffer, len(b"WARC/"), end.start()):
        raise _FormError("header lines that break off")
    return source.take(end.end())


def _length(headers: Mapping[str, str]) -> int:
    told = headers.get("content-length")
    if told is None or not (told.isascii() and told.isdigit() and len(told) <= _MOST_DIGITS):
        detail = "no Content-Length" if told is None else f"Content-Length {told[:40]!r}"
        raise _FormError(f"a record with {detail}")
    return int(told)


def _ends_here(source: Unpacked, place: Place) -> bool:
    """Whether a record can end here: before two line ends, or before fewer and the next record or the file's end."""
    try:
        if source.peek(5)[:4] == b"\r\n\r\n":  # the fifth brings the checksum of the member
            return True
        source.turn()
        ahead = source.peek(_LONGEST_START + 4).lstrip(b"\r\n")
    except BrokenError as error:
        if error.member == place.offset:
            raise
        return True  # what is damaged comes behind it
    return not ahead or _START.match(ahead) is not None


def _what_else(beginning: bytes) -> str:
    """What stands in a record's place."""
    if _ARC.match(beginning):
        return "an ARC file, no WARC file (warcio recompress makes one of it)"
    if beginning.startswith(bytes(16)):
        return "zeros instead of a record"
    if beginning.lstrip()[:1] == b"<":
        return "markup instead of a record"
    return f"no record but {beginning[:20]!r}"


def _place_behind(file: BinaryIO, place: Place, dictionary: bytes) -> Place | None:
    """Where the first record begins that can be found behind ``place``; None without one."""
    found, offset = _in_members(file, place.offset, place.within + 1, dictionary)
    while found is None and (candidate := _candidate(file, offset)):
        offset, is_packed = candidate
        if not is_packed:
            return Place(offset)
        found, offset = _in_members(file, offset, 0, dictionary)
    return found


def _in_members(file: BinaryIO, offset: int, passed: int, dictionary: bytes) -> tuple[Place | None, int]:
    """Where a record begins in packed data, ``passed`` unpacked bytes from their ``offset`` on or later.

    None where they end or break off before; then the other number is the offset to go on from.
    """
    source = Unpacked(file, offset, dictionary)
    try:
        source.peek(1)
        if source.plain_from is not None:
            return None, offset + 1
        source.skip(passed)
        while (start := _START.search(source.buffer)) is None:
            if source.plain_from is not None:
                return None, source.plain_from
            source.skip(max(0, len(source.buffer) - _LONGEST_START))
            source.more()
        source.skip(start.start())
    except BrokenError as error:
        return None, error.member + 1
    return source.place, offset


def _candidate(file: BinaryIO, offset: int) -> tuple[int, bool] | None:
    """Where, from ``offset`` on, a record or packed data may begin, and whether it is the latter."""
    file.seek(offset)
    held = b""
    while data := file.read(_PIECE):
        held += data
        if found := _START_OR_PACKED.search(held):
            return offset + found.start(), not found[0].startswith(b"WARC/")
        offset += max(0, len(held) - _LONGEST_START)
        held = held[-_LONGEST_START:]
    return None
