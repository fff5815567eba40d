"""Bodies of HTTP answers without their content encodings, in pieces, so that a bomb needs no memory."""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping

import brotli
import zstandard

_MAGIC = b"\x1f\x8b"
_PIECE = 2**16
_ZSTD_PIECE = 256  # bytes in; zstandard bounds no output, and a few bytes can stand for megabytes
_CHUNK = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\n]*)?\r?\n")

Piece = tuple[bytes, bool]
"""Some bytes of output, and whether the data end there as they should."""


class PayloadError(ValueError):
    """A body that is no data of its encoding, breaks off, or is larger than the limit; the text says which."""


class TooLargeError(PayloadError):
    """A body that is larger than the limit."""


def encodings_of(headers: Mapping[str, str]) -> list[str]:
    """The content encodings of an answer in the order they were applied. ``headers``: names in lower case."""
    named = (name.strip().lower() for name in headers.get("content-encoding", "").split(","))
    return [name for name in named if name not in ("", "identity", "none")]


def decoded(body: bytes, encodings: Iterable[str], limit: int) -> bytes:
    """The body without its encodings, ``limit`` bytes at most at any stage; ``PayloadError`` where that is not to be.

    A body that is said to be packed and is plain text is taken as it is, as browsers do; an encoding that nobody knows
    stays on, as in a crawl.
    """
    for encoding in reversed(list(encodings)):
        if encoding not in DECODERS:
            break
        if encoding in GZIP and body[:1] != b"\x1f":
            continue
        body = _whole(DECODERS[encoding](body), encoding, limit)
    return body


def dechunked(body: bytes) -> bytes:
    """The body without the frames of its chunks; as it is where it has none, whatever its header says."""
    found: list[bytes] = []
    start = 0
    while line := _CHUNK.match(body, start):
        size = int(line[1], 16)
        if size == 0:
            return b"".join(found)
        start = line.end() + size + 2
        if not found and start <= len(body) and body[start - 2 : start] != b"\r\n":
            return body
        found.append(body[line.end() : start - 2])
    if not found:
        return body
    raise PayloadError("the chunked data break off")


def _whole(pieces: Iterator[Piece], encoding: str, limit: int) -> bytes:
    found, size, ended = [], 0, False
    try:
        for piece, ended in pieces:
            found.append(piece)
            size += len(piece)
            if size > limit:
                raise TooLargeError(f"over the limit of {limit:,} bytes")
            if ended:
                break
    except (zlib.error, brotli.error, zstandard.ZstdError) as error:
        raise PayloadError(f"not {encoding}: {error}") from error
    if not ended:
        raise PayloadError(f"the {encoding} data break off")
    return b"".join(found)


def inflated(body: bytes) -> Iterator[Piece]:
    """Of gzip, zlib and bare deflate data, whatever they are said to be; servers send each as "deflate"."""
    zipped = body.startswith(_MAGIC)
    raw = not zipped and body[:1] and body[0] & 0x0F != zlib.DEFLATED
    decompressor = zlib.decompressobj(31 if zipped else -15 if raw else 15)
    while body:
        piece = decompressor.decompress(body, _PIECE)
        body = decompressor.unconsumed_tail
        if decompressor.eof and decompressor.unused_data.startswith(_MAGIC):  # one more member of a gzip file
            body, decompressor = decompressor.unused_data, zlib.decompressobj(31)
            yield piece, False
        else:
            yield piece, decompressor.eof


def unbrotlied(body: bytes) -> Iterator[Piece]:
    """Of brotli data."""
    decompressor = brotli.Decompressor()
    piece = decompressor.process(body, output_buffer_limit=_PIECE)
    yield piece, decompressor.is_finished()
    while piece:
        piece = decompressor.process(b"", output_buffer_limit=_PIECE)
        yield piece, decompressor.is_finished()


def unzstded(body: bytes) -> Iterator[Piece]:
    """Of zstd data."""
    decompressor = zstandard.ZstdDecompressor().decompressobj()
    for start in range(0, len(body), _ZSTD_PIECE):
        piece = decompressor.decompress(body[start : start + _ZSTD_PIECE])
        yield piece, decompressor.eof


GZIP = frozenset({"gzip", "x-gzip"})

DECODERS: dict[str, Callable[[bytes], Iterator[Piece]]] = {
    "gzip": inflated,
    "x-gzip": inflated,
    "deflate": inflated,
    "br": unbrotlied,
    "zstd": unzstded,
}
"""Content encoding → what takes it off."""
