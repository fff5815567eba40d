"""The pages of a WARC file."""

import hashlib
import re
from base64 import b32encode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, BinaryIO

from pipeline.answers import Answer, content_type, is_part, media_of, read_answer
from pipeline.items import Media, RawPage, Reason
from pipeline.payloads import DECODERS, PayloadError, TooLargeError, dechunked, decoded, encodings_of
from pipeline.spiders.streams import RefusedError, open_file
from pipeline.spiders.wanted import Wanted
from pipeline.storage.provenance import provenance_of
from pipeline.text import without_controls
from pipeline.urls import canonical_url, is_web_address
from pipeline.warcfile import Damage, Record, read_records

_DATE = re.compile(r"(\d{4})(?:-?(\d\d)(?:-?(\d\d)(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d*)?)?)?)?)?Z?")
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_SNIFFED = 1024
_UNSURE = frozenset(
    {"", "application/octet-stream", "binary/octet-stream", "application/xml", "text/xml", "html", "text"}
)
_FAR = 2**20
_YEARS = range(1990, 2101)  # of the web; what a record says beyond is no time of its fetching
_PAGES = ("response", "resource", "revisit")
_MOST_PAYLOADS = 100_000


class PassedOver(StrEnum):
    """Why a record that could be a page's is none that a crawl would have stored."""

    FILTERED = "filtered"  # not what the filters ask for
    REDIRECT = "redirect"  # 3xx
    SERVER_ERROR = "server_error"  # 429 and 5xx: a page may be there another time
    NOT_HTML = "not_html"  # images, scripts, feeds, robots.txt …
    NOT_WEB = "not_web"  # records of DNS or FTP
    REVISIT = "revisit"  # says that a page was the same as before
    DERIVED = "derived"  # a conversion, or a part of a record that was cut


_NEVER_PAGES = {
    "conversion": PassedOver.DERIVED,
    "continuation": PassedOver.DERIVED,
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that gives no page, or not the one that was archived. ``url``: its address, where the file has it."""

    offset: int
    refusal: RefusedError
    url: str = ""


@dataclass(frozen=True, slots=True)
class Reached:
    """What comes next stands at ``offset``, where reading can begin. ``read_up_to``: how much of the file was read."""

    offset: int
    read_up_to: int


Found = RawPage | Refused | PassedOver | Reached


class WarcReader:
    """Reads WARC files. ``limit``: bytes a page may have, decoded.

    Our own archive holds a payload once; where it stood, of the last 100,000, is kept for the records that repeat it.
    """

    def __init__(self, limit: int, wanted: Wanted) -> None:
        self._limit, self._wanted = limit, wanted
        self._payloads: dict[str, tuple[str, int]] = {}

    def read(self, file: BinaryIO, path: str, start: int = 0) -> Iterator[Found]:
        """What a file holds from ``start`` on.

        A page waits for the records that belong to it: what our own archive knows of it stands in ``metadata``.
        """
        reached = start
        held: Record | None = None
        said: dict[str, Any] = {}
        for found in read_records(file, self._limit, self._wants, start):
            if held and isinstance(found, Record) and _belongs_to(found, held):
                said |= provenance_of(found.block) if found.kind == "metadata" else {}
                continue
            if held:
                yield from self._judged(held, said, path)
            held, said = None, {}
            if isinstance(found, Damage):
                yield Refused(found.offset, RefusedError(Reason.CORRUPT, found.detail))
                continue
            is_page = found.kind in _PAGES and self._wants(found.headers)
            if found.resumable and (is_page or found.offset >= reached + _FAR):
                reached = found.offset
                yield Reached(found.offset, found.read_up_to)
            if is_page:
                held = found
            else:
                self._note_payload(found, path)
                yield from _no_page(found)
        if held:
            yield from self._judged(held, said, path)

    def _wants(self, headers: Mapping[str, str]) -> bool:
        """Whether the block of a record is to be read."""
        kind = headers.get("warc-type", "").lower()
        if kind not in _PAGES:
            return kind == "metadata" and "warc-concurrent-to" in headers
        with suppress(RefusedError):
            return self._wanted.takes(_address(headers), _time(headers))
        return True

    def _judged(self, record: Record, said: Mapping[str, Any], path: str) -> Iterator[RawPage | Refused | PassedOver]:
        if said:  # what strangers' records repeat is passed over
            self._note_payload(record, path)
        url = record.headers.get("warc-target-uri", "")
        try:
            whole = self._with_payload(record, said) if record.kind == "revisit" else record
            page = _page(whole, said, self._limit) if whole else PassedOver.REVISIT
        except RefusedError as refusal:
            yield Refused(record.offset, refusal, url)
            return
        yield page
        if isinstance(page, RawPage) and (fault := _digest_fault(record, page)):
            yield Refused(record.offset, RefusedError(Reason.CORRUPT, f"{fault}; the page was read all the same"), url)

    def _note_payload(self, record: Record, path: str) -> None:
        digest = record.headers.get("warc-payload-digest")
        if digest and record.kind == "response" and record.resumable:
            if len(self._payloads) >= _MOST_PAYLOADS:
                del self._payloads[next(iter(self._payloads))]
            self._payloads[digest] = path, record.offset

    def _with_payload(self, record: Record, said: Mapping[str, Any]) -> Record | None:
        """A record that repeats a payload, with it; None for a stranger's, and where no file read so far holds it."""
        digest = record.headers.get("warc-payload-digest", "")
        if not said or digest not in self._payloads:
            return None
        path, offset = self._payloads[digest]
        with open_file(path) as file:
            holder = next(read_records(file, self._limit, lambda _: True, offset), None)
        if not isinstance(holder, Record) or holder.headers.get("warc-payload-digest") != digest:
            return None
        answer = read_answer(holder.block)
        return replace(record, block=record.block + answer.body) if answer else None


def _belongs_to(record: Record, page: Record) -> bool:
    other = record.headers.get("warc-concurrent-to")
    return other is not None and other == page.headers.get("warc-record-id")


def _no_page(record: Record) -> Iterator[Refused | PassedOver]:
    if record.kind in _PAGES:
        yield PassedOver.FILTERED
    elif record.kind in _NEVER_PAGES:
        yield _NEVER_PAGES[record.kind]
    elif not record.kind:
        refusal = RefusedError(Reason.MALFORMED, "a record without WARC-Type")
        yield Refused(record.offset, refusal, record.headers.get("warc-target-uri", ""))


def _page(record: Record, said: Mapping[str, Any], limit: int) -> RawPage | PassedOver:
    """The page of a record. ``said``: what our own archive knows of it; then a crawl took it for a page already."""
    url, fetched_at = _address(record.headers), _time(record.headers)
    if not is_web_address(url):
        return PassedOver.NOT_WEB
    if canonical_url(url) is None:
        raise RefusedError(Reason.MALFORMED, "WARC-Target-URI is no web address")
    if "warc-segment-number" in record.headers:
        raise RefusedError(Reason.MALFORMED, "a record cut into segments")
    answer = _answer(record)
    if not said and (why := _passed_over(answer, url, limit)):
        return why
    if record.is_cut:
        raise RefusedError(Reason.TOO_LARGE, f"{record.length:,} bytes, over the limit of {limit:,}")
    if is_part(answer.status, answer.headers.get("content-range", "")):
        raise RefusedError(Reason.CORRUPT, "a part of the page, which nobody had asked for")
    page = RawPage(
        url=url,
        final_url=url,
        status=answer.status,
        headers={name: value for name, value in answer.headers.items() if name != "content-encoding"},
        body=_body(answer, limit),
        fetched_at=fetched_at,
        media=media_of(answer.headers),
    )
    return replace(page, **said)


def _address(headers: Mapping[str, str]) -> str:
    url = without_controls(headers.get("warc-target-uri", "")).strip(" <>")
    if not url:
        raise RefusedError(Reason.MALFORMED, "a record without WARC-Target-URI")
    return url


def _time(headers: Mapping[str, str]) -> datetime:
    """WARC-Date in UTC, whatever its precision; what it does not say is the beginning."""
    told = headers.get("warc-date", "")
    with suppress(ValueError, OverflowError):
        time = _moment(told.upper())
        if time.year in _YEARS:
            return time
    raise RefusedError(Reason.MALFORMED, f"WARC-Date {told[:40]!r}" if told else "a record without WARC-Date")


def _moment(told: str) -> datetime:
    with suppress(ValueError):
        time = datetime.fromisoformat(told)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    found = _DATE.fullmatch(told)
    parts = [int(part) for part in found.groups() if part] if found else []
    year, month, day, hour, minute, second = parts + [0, 1, 1, 0, 0, 0][len(parts) :]
    return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)  # 60: a leap second


def _answer(record: Record) -> Answer:
    """The HTTP answer in a record; of a resource, what would have been one."""
    is_resource = record.kind == "resource"
    answer = None if is_resource else read_answer(record.block)
    kind = record.headers.get("content-type", "")
    if answer is None and not is_resource and (not kind or kind.lower().startswith("application/http")):
        raise RefusedError(Reason.MALFORMED, "no HTTP answer in it")
    return answer or Answer(None, {"content-type": kind}, record.block)


def _passed_over(answer: Answer, url: str, limit: int) -> PassedOver | None:
    """Why no crawl would have taken an answer for a page."""
    status = answer.status or 0
    if 300 <= status < 400:
        return PassedOver.REDIRECT
    if status == 429 or status >= 500:
        return PassedOver.SERVER_ERROR
    if media_of(answer.headers) is Media.UNKNOWN:
        unsure, body = content_type(answer.headers) in _UNSURE, answer.body
        with suppress(RefusedError):
            body = _body(answer, limit) if unsure else body
        return None if unsure and _HTML.search(body, 0, _SNIFFED) else PassedOver.NOT_HTML
    return PassedOver.NOT_HTML if url.partition("?")[0].endswith("/robots.txt") else None


def _body(answer: Answer, limit: int) -> bytes:
    """The body without its encodings."""
    body = answer.body
    transfer = _transfer_encodings(answer)
    encodings = [name for name in (*encodings_of(answer.headers), *transfer) if name in DECODERS]
    try:
        body = dechunked(body) if "chunked" in transfer else body
        body = decoded(body, encodings, limit)
    except TooLargeError as error:
        raise RefusedError(Reason.TOO_LARGE, f"unpacks to more than the limit of {limit:,} bytes") from error
    except PayloadError as error:
        raise RefusedError(Reason.CORRUPT, str(error)) from error
    if len(body) > limit:
        raise RefusedError(Reason.TOO_LARGE, f"{len(body):,} bytes, over the limit of {limit:,}")
    return body


def _transfer_encodings(answer: Answer) -> list[str]:
    return [name.strip().lower() for name in answer.headers.get("transfer-encoding", "").split(",")]


def _digest_fault(record: Record, page: RawPage) -> str:
    """Which digest is not that of what the record holds; empty where they are, or nothing is told.

    Writers mean different things by the payload: as it stands in the file, without its chunks, or decoded.
    """
    if not _is_digest(record.headers.get("warc-block-digest", ""), record.block):
        return "WARC-Block-Digest is not that of the block"
    answer = read_answer(record.block) if record.kind == "response" else None
    if answer is None or "warc-truncated" in record.headers:
        return ""
    unchunked = dechunked(answer.body) if "chunked" in _transfer_encodings(answer) else b""
    payloads = (answer.body, page.body, unchunked, record.block)
    is_right = _is_digest(record.headers.get("warc-payload-digest", ""), *payloads)
    return "" if is_right else "WARC-Payload-Digest is not that of the payload"


def _is_digest(told: str, *candidates: bytes) -> bool:
    """Whether a digest, in whatever spelling, is that of one of these data; none, and one that nobody knows, is."""
    kind, _, value = told.partition(":")
    value = value.strip().rstrip("=")
    for data in candidates:
        try:
            digest = hashlib.new(kind.strip().lower().replace("-", ""), data, usedforsecurity=False).digest()
        except (ValueError, TypeError):  # unknown; of no fixed length
            return True
        spelled = (b64encode(digest).decode(), b32encode(digest).decode())
        if value in (word.rstrip("=") for word in spelled) or value.lower() == digest.hex():
            return True
    return False
