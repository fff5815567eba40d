"""Bytes → text, whatever the page claims about itself. Never raises.

Order of belief: byte order mark; the HTTP charset; the page's own declaration; UTF-8 where the bytes are valid;
detection. A claim that the bytes contradict loses to one that they fit.
"""

import re
from dataclasses import dataclass

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

from pipeline.text import without_controls

_DETECTION_SAMPLE = 20_000
_DECLARATION_SPAN = 4096
_MULTIBYTE_UTF8 = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_TOLERATED = 0.02  # share of the non-ASCII bytes that may be broken in a page whose declaration is believed
_SINGLE_BYTE = re.compile(
    r"^(cp125\d|windows-?125\d|iso-?8859|latin|ascii|koi8|mac|cp437|cp85\d|cp86\d)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """``text`` without control characters; ``encoding`` as Python names it; ``signal``: bom, http, meta, utf-8, detected."""

    text: str
    encoding: str
    signal: str


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Decode a page; ``content_type`` is the HTTP header with its charset, or None."""
    bom, mark = read_bom(body)
    if bom and mark:
        return _decoded(body[len(mark) :], bom, "bom")
    claims = _claims(body, content_type)
    for encoding, signal in claims:
        if _fits(body, encoding):
            return _decoded(body, encoding, signal)
    detected = _detected(body)
    if detected:
        return _decoded(body, detected, "detected")
    return _decoded(body, *(claims[0] if claims else ("utf-8", "utf-8")))


def _decoded(body: bytes, encoding: str, signal: str) -> Decoded:
    return Decoded(without_controls(body.decode(encoding, "replace")), encoding, signal)


def _claims(body: bytes, content_type: str | None) -> list[tuple[str, str]]:
    """Encodings to try in order of belief. Valid multi-byte UTF-8 outranks any claim of a single-byte encoding."""
    claimed = [
        (http_content_type_encoding(content_type) if content_type else None, "http"),
        (html_body_declared_encoding(body[:_DECLARATION_SPAN]), "meta"),
    ]
    claims = [(encoding, signal) for encoding, signal in claimed if encoding and _is_text_codec(encoding)]
    utf8 = ("utf-8", "utf-8")
    if claims and _SINGLE_BYTE.match(claims[0][0]) and _MULTIBYTE_UTF8.search(body) and _valid(body, "utf-8"):
        return [utf8, *claims]
    wide = _unmarked_utf16(body)
    return [*([(wide, "detected")] if wide else []), *claims, *([] if wide else [utf8])]


def _is_text_codec(encoding: str) -> bool:
    try:
        b"".decode(encoding)
    except (LookupError, ValueError):  # unknown, or a codec such as rot13 that makes no text
        return False
    return True


def _valid(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except (UnicodeError, ValueError):
        return False
    return True


def _fits(body: bytes, encoding: str) -> bool:
    """Whether the bytes are (nearly) all valid: one broken character does not overturn a declaration."""
    if _valid(body, encoding):
        return True
    if _SINGLE_BYTE.match(encoding):  # such a byte has no meaning in it, yet the page says so: rare, harmless
        return True
    foreign = sum(byte > 0x7F for byte in body[:200_000]) or 1  # the end of ASCII
    broken = body[:200_000].decode(encoding, "replace").count("\ufffd")
    return broken / foreign < _TOLERATED


def _unmarked_utf16(body: bytes) -> str | None:
    """UTF-16 without a mark, told by zeros on one side of the byte pairs of mostly Latin text."""
    head = body[:400]
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if odd > half * 0.4 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.05:
        return "utf-16-be"
    return None


def _detected(body: bytes) -> str | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - 60 ms to load, for one page in fifty

    start = next((place for place, byte in enumerate(body) if byte > 0x7F), 0)  # the end of ASCII
    begin = max(0, start - _DETECTION_SAMPLE // 4)
    best = from_bytes(body[begin : begin + _DETECTION_SAMPLE]).best()
    return resolve_encoding(best.encoding) if best else None
