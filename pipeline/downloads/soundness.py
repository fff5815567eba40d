"""Whether an answer is whole, and of a kind that can hold an article."""

import logging
import zlib
from contextlib import suppress
from typing import Any, Self

import brotli
import zstandard
from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import StopDownload
from scrapy.http import Headers, Response, TextResponse
from scrapy.responsetypes import responsetypes

from pipeline.answers import is_part
from pipeline.downloads.losses import LostError
from pipeline.funnel import Loss
from pipeline.payloads import DECODERS, GZIP, PayloadError, TooLargeError, decoded, encodings_of

WANTED = "page"
"""Request meta: set where only a page that can be read as text is of use."""

CUT = "cut"
"""Request meta: bytes after which the answer may end, before and after decompression; its first part is of use too."""

FOREIGN = ("image/", "audio/", "video/", "font/", "model/")
FOREIGN_TYPES = frozenset({
    "application/pdf", "application/zip", "application/gzip", "application/x-gzip", "application/epub+zip",
    "application/json", "application/javascript", "text/javascript", "text/css", "text/calendar", "text/csv",
    "application/msword", "application/vnd.ms-excel", "application/x-shockwave-flash", "application/wasm",
    "application/vnd.apple.mpegurl", "application/x-mpegurl",
})  # fmt: skip
_RECEIVED = "cut_received"
_OFFICE = "application/vnd.openxmlformats"
_BROKEN = (zlib.error, brotli.error, zstandard.ZstdError)


class SoundnessMiddleware:
    """A downloader middleware between network and decompression."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it, and listen for headers."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.headers_received, signals.headers_received)
        crawler.signals.connect(middleware.bytes_received, signals.bytes_received)
        return middleware

    def process_request(self, request: Request) -> None:
        """Count the bytes of the answer from here on, and leave it to that count to end it."""
        if CUT in request.meta:
            request.meta.update({_RECEIVED: 0, "download_maxsize": 0})

    def bytes_received(self, data: bytes, request: Request) -> None:
        """End a download where the part that is read ends."""
        if CUT in request.meta:
            request.meta[_RECEIVED] += len(data)
            if request.meta[_RECEIVED] > request.meta[CUT]:
                raise StopDownload(fail=False)

    def headers_received(self, headers: Headers, request: Request) -> None:
        """End a download at once whose type cannot be an article's."""
        kind = (headers.get("Content-Type") or b"").decode("latin-1").partition(";")[0].strip().lower()
        if WANTED in request.meta and (kind.startswith((*FOREIGN, _OFFICE)) or kind in FOREIGN_TYPES):
            raise StopDownload(fail=True)

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """Ask again for a body whose compression breaks off; Scrapy would take the first part for the whole."""
        encodings = _encodings(response)
        if encodings and encodings[-1] in GZIP and response.body[:1] != b"\x1f":  # plain text; browsers show it
            encodings = []
        response.headers.setlist("Content-Encoding", [", ".join(encodings)] if encodings else [])
        if CUT in request.meta:
            response.headers.pop("Content-Encoding", None)
            return _beginning(response, encodings, request.meta[CUT])
        fault = "" if "download_stopped" in response.flags else _fault(response, encodings)
        if not fault:
            return response
        spider: Any = self._crawler.spider
        again = get_retry_request(request, spider=spider, reason="truncated", give_up_log_level=logging.DEBUG)
        if again is None:
            raise LostError(Loss.TRUNCATED, fault)
        return again


class DecodingMiddleware(HttpCompressionMiddleware):
    """Takes the content encodings off a page as the archive does when it gives it back; Scrapy's reads otherwise."""

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002 - Scrapy's signature
    ) -> Request | Response:
        """The answer without its encodings."""
        if WANTED not in request.meta:
            return super().process_response(request, response)
        try:
            body = decoded(response.body, _encodings(response), self._max_size)
        except TooLargeError as error:
            raise LostError(Loss.TOO_LARGE, str(error)) from error
        except PayloadError as error:
            raise LostError(Loss.TRUNCATED, str(error)) from error
        if body is response.body:
            return response
        response.headers.pop("Content-Encoding", None)
        kind = responsetypes.from_args(headers=response.headers, url=response.url, body=body)
        unread = {"encoding": None} if issubclass(kind, TextResponse) else {}  # what the packed body was taken for
        return response.replace(cls=kind, body=body, **unread)


def _fault(response: Response, encodings: list[str]) -> str:
    """Why a body is not the whole one; empty where it is."""
    if _is_part(response):
        return "a part was sent, which nobody had asked for"
    if encodings and response.body and not is_whole(response.body, encodings[-1]):
        return f"the {encodings[-1]} data break off"
    return ""


def is_whole(body: bytes, encoding: str, limit: int = 2**24) -> bool:
    """Whether compressed data reach their end.

    Not looked at further than ``limit`` bytes of output, nor where the data are not compressed as declared: both are
    for others to refuse.
    """
    if encoding not in DECODERS:
        return True
    size = 0
    try:
        for piece, ended in DECODERS[encoding](body):
            size += len(piece)
            if ended or size > limit:
                return True
    except _BROKEN:
        return True
    return False


def _is_part(response: Response) -> bool:
    """Whether the answer leaves out bytes of the body."""
    return is_part(response.status, (response.headers.get("Content-Range") or b"").decode("latin-1"))


def _encodings(response: Response) -> list[str]:
    """What the body was packed with, in order."""
    told = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
    return encodings_of({"content-encoding": told})


def _beginning(response: Response, encodings: list[str], most: int) -> Response:
    """The response with as much of its body as can be had and counts; Scrapy would refuse one for all it unpacks to."""
    body, whole = response.body, "download_stopped" not in response.flags and not _is_part(response)
    for encoding in reversed(encodings):
        if body and encoding in DECODERS:
            body, ended = _unpacked(body, encoding, most)
            whole = whole and ended
    body, flags = body[:most], response.flags if whole else [*response.flags, "dataloss"]
    kind = responsetypes.from_args(response.headers, response.url, body=body)
    return response.replace(cls=kind, body=body, flags=flags)


def _unpacked(body: bytes, encoding: str, most: int) -> tuple[bytes, bool]:
    """The first bytes of what was compressed, and whether that is all."""
    unpacked = bytearray()
    with suppress(*_BROKEN):
        for piece, ended in DECODERS[encoding](body):
            unpacked += piece
            if ended or len(unpacked) > most:
                return bytes(unpacked), ended
    return bytes(unpacked), False
