"""What the headers of an HTTP answer say, as a raw page has it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from pipeline.items import Media

HEAD_END = re.compile(rb"\n\r?\n")
"""What ends a block of header lines."""

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})\b")
_FOLDED = re.compile(r"\r?\n[ \t]+")
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")

MEDIA = {"text/html": Media.HTML, "application/xhtml+xml": Media.HTML, "text/plain": Media.TEXT}


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer. ``headers``: names in lower case; ``body``: as sent. ``status``: None for what came otherwise."""

    status: int | None
    headers: Mapping[str, str]
    body: bytes


def read_answer(block: bytes) -> Answer | None:
    """The answer in the block of a WARC record, behind interim ones (1xx); None where it begins with no status line."""
    start = 0
    while found := _STATUS.match(block, start):
        end = HEAD_END.search(block, start)
        body_start = end.end() if end else len(block)
        status = int(found[1])
        if status >= 200:
            head = block[start:body_start]
            return Answer(status, joined_headers(header_lines(head, "latin-1")), block[body_start:])
        start = body_start
    return None


def header_lines(head: bytes, encoding: str) -> Iterator[tuple[str, str]]:
    """Names and values of the lines behind the first; one that goes on in the next is put together.

    encoding: what it does not fit is Latin-1.
    """
    try:
        text = head.decode(encoding)
    except UnicodeDecodeError:
        text = head.decode("latin-1")
    for line in _FOLDED.sub(" ", text).split("\n")[1:]:
        name, colon, value = line.partition(":")
        if colon:
            yield name.strip(), value.strip()


def joined_headers(lines: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Header lines by name in lower case, several of one name joined; of several Content-Types the last counts.

    Of X-Robots-Tag the line for everybody comes first: what follows a crawler's name is meant for that one alone.
    """
    found: dict[str, list[str]] = {}
    for name, value in lines:
        found.setdefault(name.lower(), []).append(value)
    if "x-robots-tag" in found:
        found["x-robots-tag"].sort(key=lambda line: ":" in line)
    if "content-type" in found:
        del found["content-type"][:-1]
    return {name: ", ".join(values) for name, values in found.items()}


def content_type(headers: Mapping[str, str]) -> str:
    """The media type without its parameters, in lower case; empty for none. ``headers``: names in lower case."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def is_part(status: int | None, content_range: str) -> bool:
    """Whether an answer leaves out bytes of the body."""
    found = _RANGE.match(content_range) if status == HTTPStatus.PARTIAL_CONTENT else None
    return found is not None and int(found[2]) - int(found[1]) + 1 < int(found[3])


def media_of(headers: Mapping[str, str]) -> Media:
    """What an answer claims to be."""
    return MEDIA.get(content_type(headers), Media.UNKNOWN)
