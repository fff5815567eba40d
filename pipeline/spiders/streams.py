"""Local files as bounded streams of bytes, unpacked where their name says that they are packed."""
# ruff: noqa: PTH116 - names are plain strings: pathlib costs several times as much over 100,000 files

import gzip
import os
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import BinaryIO

import brotli
import zstandard

from pipeline.items import Reason

PIECE = 2**16
ZSTD_STEP = 256  # four bytes can stand for a block of 128 KiB, so one step unpacks to 8 MiB at most
LAST_MOMENT = datetime(9999, 12, 31, tzinfo=UTC).timestamp()


class RefusedError(Exception):
    """A file or a row of one gives no page; the loader hands it on as a ``Rejection``.

    reason: its reason. detail: one line naming the cause.
    """

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def open_file(path: str) -> BinaryIO:
    """Open a regular file; a pipe, socket or device is refused unopened, so that nothing can hang or be set off."""
    try:
        _demand_regular(os.stat(path).st_mode)
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError as error:
        raise unreadable(error) from error
    file = os.fdopen(descriptor, "rb")
    try:
        _demand_regular(os.fstat(descriptor).st_mode)  # another file may have taken its name meanwhile
    except RefusedError:
        file.close()
        raise
    return file


def unreadable(error: OSError) -> RefusedError:
    """What the file system said, as a refusal."""
    return RefusedError(Reason.UNREADABLE, (error.strerror or str(error)).lower())


def _demand_regular(mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    kinds = {stat.S_IFIFO: "named pipe", stat.S_IFSOCK: "socket", stat.S_IFDIR: "folder"}
    raise RefusedError(Reason.UNREADABLE, f"not a file but a {kinds.get(stat.S_IFMT(mode), 'device')}")


def modified_at(file: BinaryIO) -> datetime:
    """When the file was last modified, aware UTC; a date outside the calendar is moved to its nearest end."""
    seconds = os.fstat(file.fileno()).st_mtime
    return datetime.fromtimestamp(min(max(seconds, 0), LAST_MOMENT), UTC)


def read_whole(file: BinaryIO, packing: str, limit: int) -> bytes:
    """All bytes of a file, unpacked; one of more than ``limit`` is refused, unread where its size tells."""
    size = os.fstat(file.fileno()).st_size
    if size > limit and not packing:
        raise RefusedError(Reason.TOO_LARGE, f"{size:,} bytes, over the limit of {limit:,}")
    body = bytearray()
    for piece in unpacked(file, packing):
        body += piece
        if len(body) > limit:
            raise RefusedError(Reason.TOO_LARGE, f"unpacks to more than the limit of {limit:,} bytes")
    return bytes(body)


def unpacked(file: BinaryIO, packing: str) -> Iterator[bytes]:
    """Pieces of a few megabytes at most, whatever the file unpacks to; damage is refused where it is met.

    packing: a key of ``UNPACKERS``, or empty for bytes as they are.
    """
    try:
        yield from UNPACKERS[packing](file)
    except (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError, brotli.error) as error:
        raise RefusedError(Reason.CORRUPT, f"damaged {packing[1:]} data: {error}") from error
    except OSError as error:
        raise unreadable(error) from error


def _plain(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(PIECE), b"")


def _gzip(file: BinaryIO) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=file) as unpacker:
        yield from iter(lambda: unpacker.read(PIECE), b"")


def _zstd(file: BinaryIO) -> Iterator[bytes]:
    unpacker = zstandard.ZstdDecompressor().decompressobj()
    data = b""
    while data := data or file.read(ZSTD_STEP):
        if unpacker.eof:  # a file may hold several frames
            unpacker = zstandard.ZstdDecompressor().decompressobj()
        yield unpacker.decompress(data)
        data = unpacker.unused_data
    if not unpacker.eof:
        raise EOFError("it ends too early")


def _brotli(file: BinaryIO) -> Iterator[bytes]:
    unpacker = brotli.Decompressor()
    for data in _plain(file):
        yield unpacker.process(data, output_buffer_limit=PIECE)
        while not unpacker.can_accept_more_data():
            yield unpacker.process(b"", output_buffer_limit=PIECE)
    while not unpacker.is_finished() and (rest := unpacker.process(b"", output_buffer_limit=PIECE)):
        yield rest
    if not unpacker.is_finished():
        raise EOFError("it ends too early")


UNPACKERS: dict[str, Callable[[BinaryIO], Iterator[bytes]]] = {
    "": _plain,
    ".gz": _gzip,
    ".zst": _zstd,
    ".br": _brotli,
}
"""File name suffix → what unpacks it."""


def lines(pieces: Iterable[bytes], limit: int) -> Iterator[bytes | None]:
    """Lines without their line feed; None stands for one of more than ``limit`` bytes, which is never held whole.

    A line of a hundred times the limit ends the file, refused: a few packed kilobytes could go on for hours.
    """
    held, dropped = bytearray(), 0
    for piece in pieces:
        start = 0
        while (end := piece.find(b"\n", start)) >= 0:
            held += piece[start:end]
            yield None if dropped or len(held) > limit else bytes(held)
            held.clear()
            dropped, start = 0, end + 1
        held += piece[start:]
        if dropped or len(held) > limit:
            dropped += len(held)
            held.clear()
        if dropped > 100 * limit:
            raise RefusedError(Reason.TOO_LARGE, f"a line of more than {100 * limit:,} bytes")
    if held or dropped:
        yield None if dropped else bytes(held)
