"""Bodies of HTTP answers without their content encodings, in pieces, so that a bomb needs no memory."""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping

import brotli
import zstandard

_MAGIC = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_PIECE = 2**16
_ZSTD_PIECE = 256  # bytes in; zstandard bounds no output, and a few bytes can stand for megabytes
_MOST_UNTOLD = 2
_CHUNK = re.compile(rb"[ \t]*([0-9a-fA-F]{1,16})[ \t]*(?:;[^\n]*)?\r?\n")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")

Piece = tuple[bytes, bool]
"""Some bytes of output, and whether the data end there as they should."""

Decoder = Callable[[bytes], Iterator[Piece]]


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

    What the body is counts more than what it is called: packed data begin with their own sign, also where nobody
    told of them; markup said to be packed is taken as it is, as browsers do. An encoding that nobody knows stays on.
    """
    for encoding in reversed(list(encodings)):
        if encoding not in DECODERS:
            return body
        if encoding in GZIP and not _signed(body):
            continue
        try:
            body = _whole((_signed(body) or DECODERS[encoding])(body), encoding, limit)
        except TooLargeError:
            raise
        except PayloadError:
            if not _MARKUP.match(body):
                raise
    for _ in range(_MOST_UNTOLD):
        if unpack := _signed(body):
            body = _whole(unpack(body), "packed data", limit)
    return body


def _signed(body: bytes) -> Decoder | None:
    """What unpacks data that begin with the sign of their kind; None for others."""
    return next((unpack for sign, unpack in _SIGNS.items() if body.startswith(sign)), None)


def dechunked(body: bytes) -> bytes:
    """The body without the frames of its chunks; as it is where it has none, whatever its header says."""
    found: list[bytes] = []
    start = 0
    while start < len(body) and (line := _CHUNK.match(body, start)):
        size = int(line[1], 16)
        if size == 0:
            return b"".join(found)
        end = line.end() + size
        if end + 2 <= len(body) and body[end : end + 2] != b"\r\n":
            if found:
                raise PayloadError("a chunk does not end where it should")
            return body
        found.append(body[line.end() : end])
        start = end + 2
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
    frame = zstandard.ZstdDecompressor().decompressobj()
    start = 0
    while start < len(body):
        data = body[start : start + _ZSTD_PIECE]
        piece = frame.decompress(data)
        start += len(data) - len(frame.unused_data)
        if frame.eof and body.startswith(_ZSTD, start):  # one more frame
            frame = zstandard.ZstdDecompressor().decompressobj()
            yield piece, False
        else:
            yield piece, frame.eof


GZIP = frozenset({"gzip", "x-gzip"})

DECODERS: dict[str, Decoder] = {
    "gzip": inflated,
    "x-gzip": inflated,
    "deflate": inflated,
    "br": unbrotlied,
    "zstd": unzstded,
}
"""Content encoding → what takes it off."""

_SIGNS: dict[bytes, Decoder] = {_MAGIC: inflated, _ZSTD: unzstded}
"""What packed data begin with → what unpacks them."""
