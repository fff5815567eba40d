"""A fetched page as WARC 1.1 records, and back: a request, a response, and a metadata record of ours, in this order.

The metadata record comes last and closes the group: without it the page was not written whole. Each record is a gzip
member of its own. The payload stands as it was sent, content encodings still on.
"""

import hashlib
import re
import zlib
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from io import BytesIO
from typing import BinaryIO, cast

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from isal import igzip, isal_zlib

from pipeline.answers import joined_headers, media_of
from pipeline.items import Exchange, RawPage
from pipeline.payloads import PayloadError, decoded, encodings_of
from pipeline.storage.provenance import provenance_block, provenance_of

LEVEL = 3
"""Of ISA-L. Payloads come compressed already, so nothing saves more, and zlib takes five times as long."""

IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
FIELDS = "application/warc-fields"
QUESTION = "application/http; msgtype=request"
ANSWER = "application/http; msgtype=response"
LARGEST = 2**28
"""Bytes of a packed record; what is larger is none of ours."""

FOLLOWS = {
    (b"request", b"response"),
    (b"request", b"revisit"),
    (b"response", b"metadata"),
    (b"revisit", b"metadata"),
}
"""Types of record, one behind the other, in a group."""

LAST = (b"metadata", b"warcinfo")
_TYPE = re.compile(rb"\r\nWARC-Type: (\w+)")
_ENCODED = re.compile(rb"^(content-encoding|content-length):", re.IGNORECASE | re.MULTILINE)
HEAD_END = b"\r\n\r\n"
_MAGIC = b"\x1f\x8b\x08"
_PIECE = 2**16
_DAMAGE = cast("type[Exception]", isal_zlib.error)
ANSWERS = (WarcRecordType.response, WarcRecordType.revisit)
OF_A_PAGE = WarcRecordType.request | ANSWERS[0] | ANSWERS[1] | WarcRecordType.metadata


class RecordError(Exception):
    """Bytes that do not hold the records of a page; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Original:
    """An earlier capture with the same payload. ``capture_id``: its id; ``url``: as its record has it."""

    capture_id: int
    url: str
    fetched_at: datetime


def payload_digest(payload: bytes) -> str:
    """The digest of a payload as WARC records have it."""
    return "sha1:" + b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()


def warcinfo_record(name: str, now: datetime) -> bytes:
    """The record that begins a file."""
    fields = f"software: newsloom/{version('newsloom')}\r\nformat: WARC File Format 1.1\r\n"
    record = _record(WarcRecordType.warcinfo, now, FIELDS)
    record.headers["WARC-Filename"] = name
    return _packed(record, fields.encode())


def page_records(page: RawPage, exchange: Exchange, payload: str, original: Original | None) -> bytes:
    """The records of a page, packed. ``payload``: its digest; ``original``: makes the response a ``revisit``."""
    return b"".join(_packed(*record) for record in _of_exchange(page, exchange, payload, original))


def decoded_records(page: RawPage, exchange: Exchange) -> list[bytes]:
    """The records of a page, not packed, with its content encodings off."""
    if exchange.body != page.body:
        head = _ENCODED.sub(rb"X-Archive-Orig-\1:", exchange.response)
        exchange = replace(exchange, response=head, body=page.body)
    return [_plain(*record) for record in _of_exchange(page, exchange, payload_digest(exchange.body), None)]


def _of_exchange(
    page: RawPage, exchange: Exchange, payload: str, original: Original | None
) -> list[tuple[WarcRecord, bytes]]:
    kind = WarcRecordType.revisit if original else WarcRecordType.response
    response = _record(kind, page.fetched_at, ANSWER, page.final_url)
    if exchange.ip:
        response.headers["WARC-IP-Address"] = exchange.ip
    response.headers["WARC-Payload-Digest"] = payload
    if original:
        response.headers["WARC-Profile"] = IDENTICAL
        response.headers["WARC-Refers-To-Target-URI"] = original.url
        response.headers["WARC-Refers-To-Date"] = original.fetched_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    request = _record(WarcRecordType.request, page.fetched_at, QUESTION, page.final_url)
    metadata = _record(WarcRecordType.metadata, page.fetched_at, FIELDS, page.final_url)
    for record in (request, metadata):
        record.headers["WARC-Concurrent-To"] = str(response.record_id)
    body = b"" if original else exchange.body
    return [
        (request, exchange.request),
        (response, exchange.response + body),
        (metadata, provenance_block(page)),
    ]


@dataclass(frozen=True, slots=True)
class Group:
    """Records that belong together, in a file from ``start`` to ``end``: of a page, or the ``warcinfo`` alone.

    ``url``: the address asked for, empty for a ``warcinfo``; ``payload``: its digest. ``repeats``: a ``revisit``.
    """

    start: int
    end: int
    records: bytes
    url: str = ""
    payload: str = ""
    repeats: bool = False


def groups(file: BinaryIO) -> Iterator[Group]:
    """The groups that stand whole in a file from its position on; what is damaged between them is passed over."""
    held: list[_Member] = []
    for member in _members(file):
        if held and (held[-1].end != member.start or (held[-1].kind, member.kind) not in FOLLOWS):
            held.clear()
        held.append(member)
        if member.kind in LAST:
            group = Group(held[0].start, member.end, b"".join(one.raw for one in held))
            yield _of_page(group) if member.kind == b"metadata" else group
            held.clear()


def _of_page(group: Group) -> Group:
    for record in _records(group.records):
        if record.record_type == WarcRecordType.metadata:
            group = replace(group, url=provenance_of(record.reader.read()).get("url", ""))
        elif record.record_type in ANSWERS:
            repeats = record.record_type == WarcRecordType.revisit
            group = replace(group, payload=record.headers.get("WARC-Payload-Digest") or "", repeats=repeats)
    return group


@dataclass(frozen=True, slots=True)
class _Member:
    """A gzip member that holds a record. ``raw``: as it stands in the file; ``kind``: type of the record."""

    start: int
    raw: bytes
    kind: bytes

    @property
    def end(self) -> int:
        return self.start + len(self.raw)


def _members(file: BinaryIO) -> Iterator[_Member]:
    """The members of a file that are whole, from its position on."""
    start = file.tell()
    while member := next(filter(None, (_member(file, at) for at in _beginnings(file, start))), None):
        yield member
        start = member.end


def _beginnings(file: BinaryIO, start: int) -> Iterator[int]:
    """Offsets at which a gzip member may begin."""
    while file.seek(start) == start and len(data := file.read(_PIECE)) >= len(_MAGIC):
        at = data.find(_MAGIC)
        if at >= 0:
            yield start + at
        start += at + 1 if at >= 0 else len(data) - len(_MAGIC) + 1


def _member(file: BinaryIO, start: int) -> _Member | None:
    """The member that begins at an offset; None where there is none, it is not whole, or holds no record."""
    file.seek(start)
    member, raw, head = zlib.decompressobj(31), bytearray(), b""
    while not member.eof:
        data = member.unconsumed_tail or file.read(_PIECE)
        raw += b"" if member.unconsumed_tail else data
        try:
            piece = member.decompress(data, _PIECE)
        except zlib.error:
            return None
        head = head or piece
        if not data or len(raw) > LARGEST or (head and not head.startswith(b"WARC/")):
            return None
    kind = _TYPE.search(head)
    return _Member(start, bytes(raw[: len(raw) - len(member.unused_data)]), kind[1] if kind else b"")


def read_page(records: bytes, original: bytes = b"", limit: int = 2**31) -> RawPage:
    """The page that ``page_records`` were made of.

    ``original``: the records that hold the payload, where these are a ``revisit``. ``limit``: bytes a page may have.
    Raises ``RecordError``.
    """
    page: RawPage | None = None
    for record in _records(records):
        if record.record_type in ANSWERS:
            page = _page(record, original, limit)
        elif record.record_type == WarcRecordType.metadata and page:
            return replace(page, **provenance_of(record.reader.read()))
    raise RecordError("there is no page" if page is None else "the page's metadata record is missing")


def read_exchange(records: bytes, original: bytes = b"") -> Exchange:
    """What went over the wire for a page; arguments as of ``read_page``, which must have read it."""
    exchange = Exchange(b"", b"", b"")
    for record in _records(records, parse_http=False):
        block = record.reader.read()
        if record.record_type == WarcRecordType.request:
            exchange = replace(exchange, request=block)
        elif record.record_type in ANSWERS:
            head, end, body = block.partition(HEAD_END)
            if record.record_type == WarcRecordType.revisit:
                body = _holder(original).reader.read()
            ip = record.headers.get("WARC-IP-Address") or ""
            exchange = replace(exchange, response=head + end, body=body, ip=ip)
    return exchange


def _page(record: WarcRecord, original: bytes, limit: int) -> RawPage:
    if record.http_headers is None:
        raise RecordError("there is no HTTP answer")
    url = str(record.headers.get("WARC-Target-URI") or "")
    headers = joined_headers(record.http_headers.to_tuples())
    holder = _holder(original) if record.record_type == WarcRecordType.revisit else record
    digest = record.headers.get("WARC-Payload-Digest")
    payload = holder.reader.read()
    if digest != payload_digest(payload):
        raise RecordError("the payload is not that of the digest")
    try:
        body = decoded(payload, encodings_of(headers), limit)
    except PayloadError as error:
        raise RecordError(str(error)) from error
    headers.pop("content-encoding", None)
    return RawPage(
        url=url,
        final_url=url,
        body=body,
        fetched_at=record.record_date,
        status=record.http_headers.status_code,
        headers=headers,
        media=media_of(headers),
    )


def _holder(original: bytes) -> WarcRecord:
    """The response that a ``revisit`` repeats."""
    try:
        for record in _records(original):
            if record.record_type == WarcRecordType.response:
                return record
    except RecordError as error:
        raise RecordError(f"the response that it repeats: {error}") from error
    raise RecordError("the response that it repeats is missing")


def _records(data: bytes, *, parse_http: bool = True) -> Iterator[WarcRecord]:
    try:
        yield from ArchiveIterator(BytesIO(_unpacked(data)), record_types=OF_A_PAGE, parse_http=parse_http)
    except (OSError, ValueError, _DAMAGE) as error:
        raise RecordError(" ".join(str(error).split())) from error


def _unpacked(data: bytes) -> bytes:
    """The records of gzip members that are whole; fastwarc does not look at the end of the last one."""
    records: list[bytes] = []
    while data:
        member = isal_zlib.decompressobj(31)
        records.append(member.decompress(data))
        if not member.eof:
            raise RecordError("a record breaks off")
        data = member.unused_data
    return b"".join(records)


def _record(kind: WarcRecordType, now: datetime, content_type: str, url: str = "") -> WarcRecord:
    record = WarcRecord()
    record.init_headers(kind)
    record.record_date = now
    record.headers["Content-Type"] = content_type
    if url:
        record.headers["WARC-Target-URI"] = url
    return record


def _plain(record: WarcRecord, block: bytes) -> bytes:
    file = BytesIO()
    record.set_bytes_content(block)
    record.write(file, checksum_data=True)
    return file.getvalue()


def _packed(record: WarcRecord, block: bytes) -> bytes:
    """A record with its block as a gzip member."""
    return igzip.compress(_plain(record, block), LEVEL, mtime=0)
