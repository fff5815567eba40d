"""Whether an answer is whole, and of a kind that can hold an article."""

import logging
import zlib
from collections.abc import Iterator
from typing import Any, Self

import brotli
import zstandard
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import StopDownload
from scrapy.http import Headers, Response

from pipeline.downloads.losses import LostError
from pipeline.funnel import Loss

WANTED = "page"
"""Request meta: set where only a page that can be read as text is of use."""

FOREIGN = ("image/", "audio/", "video/", "font/", "model/")
FOREIGN_TYPES = frozenset({
    "application/pdf", "application/zip", "application/gzip", "application/x-gzip", "application/epub+zip",
    "application/json", "application/javascript", "text/javascript", "text/css", "text/calendar", "text/csv",
    "application/msword", "application/vnd.ms-excel", "application/x-shockwave-flash", "application/wasm",
    "application/vnd.apple.mpegurl", "application/x-mpegurl",
})  # fmt: skip
_OFFICE = "application/vnd.openxmlformats"
GZIP = frozenset({"gzip", "x-gzip"})
_PIECE = 2**16
_ZSTD_PIECE = 256  # bytes in; zstandard bounds no output, and a few bytes can stand for megabytes


class SoundnessMiddleware:
    """A downloader middleware between network and decompression."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it, and listen for headers."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.headers_received, signals.headers_received)
        return middleware

    def headers_received(self, headers: Headers, request: Request) -> None:
        """End a download at once whose type cannot be an article's."""
        kind = (headers.get("Content-Type") or b"").decode("latin-1").partition(";")[0].strip().lower()
        if WANTED in request.meta and (kind.startswith((*FOREIGN, _OFFICE)) or kind in FOREIGN_TYPES):
            raise StopDownload(fail=True)

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """Ask again for a body whose compression breaks off; Scrapy would take the first part for the whole."""
        encodings = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").lower().split(",")
        last = encodings[-1].strip()
        if last in GZIP and response.body[:1] != b"\x1f":  # plain text said to be packed; browsers show it
            del response.headers["Content-Encoding"]
        if "download_stopped" in response.flags or not response.body or is_whole(response.body, last):
            return response
        spider: Any = self._crawler.spider
        again = get_retry_request(request, spider=spider, reason="truncated", give_up_log_level=logging.DEBUG)
        if again is None:
            raise LostError(Loss.TRUNCATED, f"the {last} data break off")
        return again


def is_whole(body: bytes, encoding: str, limit: int = 2**24) -> bool:
    """Whether compressed data reach their end.

    Not looked at further than ``limit`` bytes of output, nor where the data are not compressed as declared: both are
    for others to refuse.
    """
    pieces = {"gzip": _inflated, "x-gzip": _inflated, "deflate": _inflated, "br": _unbrotlied, "zstd": _unzstded}
    if encoding not in pieces:
        return True
    size = 0
    try:
        for ended, piece in pieces[encoding](body):
            size += piece
            if ended or size > limit:
                return True
    except (zlib.error, brotli.error, zstandard.ZstdError):
        return True
    return False


def _inflated(body: bytes) -> Iterator[tuple[bool, int]]:
    """(whether the end is reached, bytes of output) of each piece; in pieces, so that a bomb needs no memory."""
    zipped = body[:2] == b"\x1f\x8b"
    raw = not zipped and body[0] & 0x0F != zlib.DEFLATED  # "deflate" without zlib's header, as some servers send it
    decompressor = zlib.decompressobj(31 if zipped else -15 if raw else 15)
    while body:
        piece = decompressor.decompress(body, _PIECE)
        yield decompressor.eof, len(piece)
        body = decompressor.unconsumed_tail


def _unbrotlied(body: bytes) -> Iterator[tuple[bool, int]]:
    decompressor = brotli.Decompressor()
    piece = decompressor.process(body, output_buffer_limit=_PIECE)
    yield decompressor.is_finished(), len(piece)
    while piece:
        piece = decompressor.process(b"", output_buffer_limit=_PIECE)
        yield decompressor.is_finished(), len(piece)


def _unzstded(body: bytes) -> Iterator[tuple[bool, int]]:
    decompressor = zstandard.ZstdDecompressor().decompressobj()
    for start in range(0, len(body), _ZSTD_PIECE):
        piece = decompressor.decompress(body[start : start + _ZSTD_PIECE])
        yield decompressor.eof, len(piece)
