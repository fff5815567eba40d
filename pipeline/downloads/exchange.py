"""What went over the wire for a page, kept until it is in the archive."""

from http import HTTPStatus
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Headers, Response

from pipeline.downloads.soundness import WANTED
from pipeline.items import Exchange

EXCHANGE = "exchange"
"""Request meta: what went over the wire, once there is an answer."""


class ExchangeMiddleware:
    """A downloader middleware before decompression and behind what asks again."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep the answer to a request for a page as it was sent."""
        if WANTED in request.meta:
            ip = str(response.ip_address) if response.ip_address else ""
            request.meta[EXCHANGE] = Exchange(_request(request), _head(response), response.body, ip)
        return response


def _request(request: Request) -> bytes:
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{request.method} {target} HTTP/1.1".encode()]
    if b"Host" not in request.headers:
        lines.append(b"Host: " + parts.netloc.rpartition("@")[2].encode("idna"))
    return _message(lines, request.headers)


def _head(response: Response) -> bytes:
    """Status line and headers. The body stands without its transfer encoding, so the header must not claim it."""
    headers = response.headers.copy()
    if transfer := headers.pop(b"Transfer-Encoding", None):
        headers.setlist(b"X-Archive-Orig-Transfer-Encoding", transfer)
        headers.pop(b"Content-Length", None)
    try:
        phrase = HTTPStatus(response.status).phrase
    except ValueError:
        phrase = ""
    return _message([f"HTTP/1.1 {response.status} {phrase}".encode()], headers)


def _message(lines: list[bytes], headers: Headers) -> bytes:
    named = (name + b": " + b" ".join(value.split(b"\n")) for name, values in headers.items() for value in values)
    return b"\r\n".join([*lines, *named, b"", b""])
