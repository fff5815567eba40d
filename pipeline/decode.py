"""Bytes → text, whatever the page claims about itself. Never raises.

Order of belief: byte order mark; the HTTP charset; the page's own declaration; UTF-8 where the bytes are valid;
detection. A claim that the bytes contradict loses to one that they fit.
"""

import codecs
import re
from dataclasses import dataclass

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

from pipeline.text import without_controls

_DETECTION_SAMPLE = 20_000
_DECLARATION_SPAN = 4096
_UTF16_SPAN = 400
_FEW = 16  # bytes beyond ASCII: too few to tell an encoding by
_JIS_ESCAPE = re.compile(rb"\x1b\$[@B]")
_MULTIBYTE_UTF8 = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_BEYOND_ASCII = bytes(range(0x80, 0x100))
_CONTROL_BYTES = bytes(byte for byte in range(0x20) if byte not in b"\t\n\r") + b"\x7f"
_FOREIGN = re.compile(rb"[\x80-\xff]+")
_TOLERATED = 0.02  # share of the non-ASCII bytes that may be broken in a page whose declaration is believed
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "utf-7"})
"""Codecs of Python that no browser takes for the encoding of a page."""
_SINGLE_BYTE = re.compile(
    r"^(cp125\d|windows-?125\d|iso-?8859|latin|ascii|koi8|mac|cp437|cp85\d|cp86\d)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """``text`` has no control characters. ``encoding``: as Python names it. ``signal``: what told it.

    Signals: bom, http, meta, utf-8 (the bytes are valid), detected.
    """

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
        text = _fitting(body, encoding)
        if text is not None:
            return Decoded(_printable(text, body, encoding), encoding, signal)
    encoding, signal = (detected, "detected") if (detected := _detected(body)) else claims[0]
    return _decoded(body, encoding, signal)


def _decoded(body: bytes, encoding: str, signal: str) -> Decoded:
    return Decoded(_printable(body.decode(encoding, "replace"), body, encoding), encoding, signal)


def _printable(text: str, body: bytes, encoding: str) -> str:
    """The text without control characters; in UTF-8 they are sooner found among the bytes, and most pages have none."""
    if (
        encoding == "utf-8"
        and body.translate(None, _CONTROL_BYTES) == body
        and "\ufffe" not in text
        and "\uffff" not in text
    ):
        return text
    return without_controls(text)


def _claims(body: bytes, content_type: str | None) -> list[tuple[str, str]]:
    """Encodings to try in order of belief. Valid multi-byte UTF-8 outranks any claim of a single-byte encoding."""
    claimed = [
        (http_content_type_encoding(content_type) if content_type else None, "http"),
        (html_body_declared_encoding(body[:_DECLARATION_SPAN]), "meta"),
    ]
    claims = [(encoding, signal) for encoding, signal in claimed if encoding and _can_be(encoding, body)]
    utf8 = ("utf-8", "utf-8")
    if claims and _SINGLE_BYTE.match(claims[0][0]) and _MULTIBYTE_UTF8.search(body) and _strict(body, "utf-8"):
        return [utf8, *claims]
    if unmarked := _unmarked_utf16(body) or _unmarked_jis(body):
        return [(unmarked, "detected"), *claims, utf8]
    return [*claims, utf8]


def _can_be(encoding: str, body: bytes) -> bool:
    """Whether there is such an encoding, and mark-up that can be read as ASCII would be mark-up in it."""
    try:
        reads_ascii = b"<a>".decode(encoding, "replace") == "<a>"
    except (LookupError, ValueError):  # unknown, or a codec such as rot13 that makes no text
        return False
    return (reads_ascii or 0 in body[:_UTF16_SPAN]) and codecs.lookup(encoding).name not in _NO_CHARSETS


def _strict(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeError, ValueError):
        return None


def _fitting(body: bytes, encoding: str) -> str | None:
    """The text, where (nearly) all bytes are valid: one broken character does not overturn a declaration."""
    text = _strict(body, encoding)
    if text is None:
        text = body.decode(encoding, "replace")
        broken = text.count("\ufffd")
        beyond = len(text) - len(text.encode("ascii", "ignore"))
        if encoding == "utf-8" and broken * 2 <= beyond - broken:
            return text  # no other encoding makes valid UTF-8 by chance so often
        foreign = len(body) - len(body.translate(None, _BEYOND_ASCII))
        # A byte without meaning in a single-byte encoding is rare and harmless; elsewhere it tells of a wrong claim.
        if not _SINGLE_BYTE.match(encoding) and broken >= max(1, foreign) * _TOLERATED:
            return None
    return text


def _unmarked_utf16(body: bytes) -> str | None:
    """UTF-16 without a mark, told by zeros on one side of the byte pairs of mostly Latin text."""
    head = body[:_UTF16_SPAN]
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if odd > half * 0.4 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.05:
        return "utf-16-be"
    return None


def _unmarked_jis(body: bytes) -> str | None:
    """ISO-2022-JP, told by its escapes: in bytes that are ASCII otherwise they stand for nothing else."""
    return "iso2022_jp" if _JIS_ESCAPE.search(body) and body.isascii() else None


def _detected(body: bytes) -> str | None:
    runs = [len(run) for run in _FOREIGN.findall(body)]
    if sum(runs) < _FEW and max(runs, default=0) <= 2:  # letters among ASCII ones, which browsers read as Western
        return "cp1252"
    from charset_normalizer import from_bytes  # noqa: PLC0415 - 60 ms to load, for one page in fifty

    start = _FOREIGN.search(body)
    begin = max(0, (start.start() if start else 0) - _DETECTION_SAMPLE // 4)
    best = from_bytes(body[begin : begin + _DETECTION_SAMPLE]).best()
    encoding = resolve_encoding(best.encoding) if best else None
    return encoding if encoding and _can_be(encoding, body) else None
