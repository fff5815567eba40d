"""The bytes of a file that may be packed in parts: gzip members, zstd frames and plain stretches, one after another.

Read forward, in pieces, so that a bomb needs no memory. Of every byte it is known where in the file it stands.
"""

import zlib
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from os import SEEK_END
from typing import BinaryIO, cast

import zstandard
from isal import isal_zlib

GZIP = b"\x1f\x8b\x08"
ZSTD = b"\x28\xb5\x2f\xfd"
SKIPPABLE = tuple(bytes([number]) + b"\x2a\x4d\x18" for number in range(0x50, 0x60))
DICTIONARY = b"\x5d\x2a\x4d\x18"
PACKED = (GZIP, ZSTD, *SKIPPABLE)
"""What packed data begin with."""

_PIECE = 2**16
_MOST_OUT = 2**18
_BEGINNING = b"\nWARC/"
_FINE = 16  # bytes out, near damage
_ZSTD_STEP = 1024  # bytes in; zstandard bounds no output, and a few bytes can stand for megabytes
_MOST_DICTIONARY = 2**24
_DAMAGE = (cast("type[Exception]", isal_zlib.error), zstandard.ZstdError)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a byte stands in a file: its own ``offset``, or that of the gzip member or zstd frame it is packed in.

    within: unpacked bytes that stand before it there.
    """

    offset: int
    within: int = 0


class BrokenError(Exception):
    """Data that cannot be read on; the text says why in a few words. member: offset of the data that are damaged."""

    def __init__(self, detail: str, member: int) -> None:
        super().__init__(detail)
        self.member = member


Unpack = Callable[[bytes], tuple[bytes, bytes, bool]]
"""Packed bytes → what some of them unpack to, the rest of them, and whether the data end before that rest."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A packed or plain stretch. start: bytes before it in all; offset: of the file."""

    start: int
    offset: int
    is_packed: bool


class Unpacked:
    """The bytes of a file from ``offset`` on. buffer: those that were read and not taken yet.

    dictionary: for zstd frames, see ``read_dictionary``. Raises ``BrokenError`` where data are damaged or break off.
    """

    def __init__(self, file: BinaryIO, offset: int = 0, dictionary: bytes = b"") -> None:
        self.size = file.seek(0, SEEK_END)
        file.seek(offset)
        self.buffer = bytearray()
        self._file = file
        self._packed, self._packed_end = b"", offset  # read and not unpacked yet; where in the file that ends
        self._taken = 0
        self._unpack: Unpack | None = None  # None between two parts
        self._error: BrokenError | None = None
        self._parts = deque([_Part(0, offset, is_packed=False)])
        known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        self._zstd = zstandard.ZstdDecompressor(dict_data=known)

    @property
    def read_up_to(self) -> int:
        """Bytes of the file that were read."""
        return self._packed_end

    @property
    def place(self) -> Place:
        """Of the first byte in the buffer; of the last part's end when there is none."""
        while len(self._parts) > 1 and self._parts[1].start <= self._taken:
            self._parts.popleft()
        part = self._parts[0]
        passed = self._taken - part.start
        return Place(part.offset, passed) if part.is_packed else Place(part.offset + passed)

    @property
    def plain_from(self) -> int | None:
        """Offset from which on the last bytes in the buffer are plain; None when they were packed."""
        return None if self._parts[-1].is_packed else self._parts[-1].offset

    def more(self) -> bool:
        """Put one more piece into the buffer; False at the end of the file."""
        if self._error:
            raise self._error
        if self._unpack is None:
            self._unpack = self._begin()
        part = self._parts[-1]
        data = self._packed or self._load()
        if not data and not part.is_packed:
            return False
        try:
            piece, self._packed, ended = self._unpack(data)
        except _DAMAGE as error:
            self._error = BrokenError(f"damaged data: {error}", part.offset)
            piece, ended = self._before_damage(part), False
            if not piece:
                raise self._error from error
        if ended:
            self._unpack = None
        elif not data and not piece:
            raise BrokenError("the file ends too early", part.offset)
        self.buffer += piece
        return True

    def peek(self, number: int) -> bytes:
        """The next bytes, fewer at the end of the file."""
        while len(self.buffer) < number and self.more():
            pass
        return bytes(self.buffer[:number])

    def take(self, number: int) -> bytes:
        """The next bytes."""
        while len(self.buffer) < number:
            self._demand_more()
        taken = bytes(memoryview(self.buffer)[:number])
        self._drop(number)
        return taken

    def skip(self, number: int) -> None:
        """Pass over bytes."""
        while number > len(self.buffer):
            number -= len(self.buffer)
            self._drop(len(self.buffer))
            if self._unpack is not None and not self._parts[-1].is_packed:
                self._seek(number)
                return
            self._demand_more()
        self._drop(number)

    def turn(self) -> None:
        """Look whether packed data begin here; plain bytes do not tell where they end."""
        if not self._parts[-1].is_packed and self.buffer.startswith(PACKED):
            self._packed = bytes(self.buffer) + self._packed
            self._unpack = None
            self.buffer.clear()

    def _drop(self, number: int) -> None:
        del self.buffer[:number]
        self._taken += number

    def _seek(self, number: int) -> None:
        """Pass over plain bytes that were not read yet."""
        target = self._packed_end + number
        if target > self.size:
            raise BrokenError("the file ends too early", self._parts[-1].offset)
        self._file.seek(target)
        self._packed_end = target
        self._taken += number

    def _demand_more(self) -> None:
        if not self.more():
            raise BrokenError("the file ends too early", self._parts[-1].offset)

    def _before_damage(self, part: _Part) -> bytes:
        """What a damaged gzip member holds before the damage and the buffer has not had.

        Only up to the last record that begins there: the one before that is whole.
        """
        found, passed, given = bytearray(), 0, self._taken + len(self.buffer) - part.start
        self._file.seek(part.offset)
        if self._file.read(len(GZIP)) != GZIP:
            return b""
        self._file.seek(part.offset)
        member = zlib.decompressobj(31)  # it stops right at the damage; isal looks ahead
        with suppress(zlib.error):
            while data := member.unconsumed_tail or self._file.read(_PIECE):
                piece = member.decompress(data, min(_MOST_OUT, given - passed) if passed < given else _FINE)
                found += piece if passed >= given else b""
                passed += len(piece)
        return bytes(found[: found.rfind(_BEGINNING) + len(_BEGINNING)]) if _BEGINNING in found else b""

    def _load(self) -> bytes:
        read = self._file.read(_PIECE)
        if not read and self._packed_end < self.size:
            raise BrokenError("the file became shorter while it was read", self._parts[-1].offset)
        self._packed += read
        self._packed_end += len(read)
        return self._packed

    def _begin(self) -> Unpack:
        """What unpacks the part that begins here."""
        while len(self._packed) < len(ZSTD) and len(self._packed) < len(self._load()):
            pass
        offset = self._packed_end - len(self._packed)
        is_packed = self._packed.startswith(PACKED)
        start = self._taken + len(self.buffer)
        if self._parts[-1].start == start:  # nothing was in it, and there may be millions of them
            self._parts.pop()
        self._parts.append(_Part(start, offset, is_packed))
        if not is_packed:
            return lambda data: (data, b"", False)
        return _of_gzip() if self._packed.startswith(GZIP) else _of_zstd(self._zstd)


def read_dictionary(file: BinaryIO) -> bytes:
    """The dictionary that a zstd file begins with, in a frame that others skip; empty when there is none.

    https://iipc.github.io/warc-specifications/specifications/warc-zstd/
    """
    file.seek(0)
    head = file.read(8)
    size = int.from_bytes(head[4:], "little")
    if not head.startswith(DICTIONARY) or size > _MOST_DICTIONARY:
        return b""
    data = file.read(size)
    try:
        if data.startswith(ZSTD):
            data = zstandard.ZstdDecompressor().decompressobj().decompress(data)[:_MOST_DICTIONARY]
        zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(data))
    except zstandard.ZstdError:  # a damaged one is none; the frames that need it say so
        return b""
    return data


def _of_gzip() -> Unpack:
    member = isal_zlib.decompressobj(31)

    def unpack(data: bytes) -> tuple[bytes, bytes, bool]:
        piece = member.decompress(data, _MOST_OUT)
        return piece, member.unused_data if member.eof else member.unconsumed_tail, member.eof

    return unpack


def _of_zstd(decompressor: zstandard.ZstdDecompressor) -> Unpack:
    frame = decompressor.decompressobj()

    def unpack(data: bytes) -> tuple[bytes, bytes, bool]:
        piece = frame.decompress(data[:_ZSTD_STEP])
        return piece, frame.unused_data + data[_ZSTD_STEP:], frame.eof

    return unpack
