"""Pages of WARC files: those of other writers, and such that nobody should write."""

import io
import zlib
from base64 import b32encode, b64encode
from datetime import UTC, datetime
from hashlib import sha1, sha256

import brotli
import pytest
import zstandard
from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.items import Media, RawPage, Reason
from pipeline.spiders.wanted import Wanted
from pipeline.spiders.warc import PassedOver, Reached, Refused, WarcReader
from pipeline.storage.provenance import provenance_block
from tests.warcs import PAGE, answer, record, response, zipped

LIMIT = 10**6
URL = "https://boat.example/1"
FETCHED = datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)


def found(data, wanted=Wanted(), start=0, limit=LIMIT):  # noqa: B008 - frozen
    return list(WarcReader(limit, wanted).read(io.BytesIO(data), "", start))


def read(data, **options):
    """All but how far it has come."""
    return [one for one in found(data, **options) if not isinstance(one, Reached)]


def one(data, **options):
    (only,) = read(data, **options)
    return only


def test_a_page_has_all_that_its_record_tells():
    assert one(record(answer(PAGE, "X-Robots-Tag: noai", "x-robots-tag: none"))) == RawPage(
        url=URL,
        final_url=URL,
        status=200,
        headers={"content-type": "text/html", "x-robots-tag": "noai, none"},
        body=PAGE,
        fetched_at=FETCHED,
        media=Media.HTML,
    )


def by_warcio(version, *, packed=True):
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=packed, warc_version=version)
    writer.write_record(writer.create_warcinfo_record("boats.warc.gz", {"software": "a test"}))
    for number in range(3):
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "boat.example")], is_http_request=True)
        url = f"https://boat.example/{number}"
        said = writer.create_warc_record(url, "response", payload=io.BytesIO(PAGE), http_headers=head)
        writer.write_request_response_pair(writer.create_warc_record(url, "request", http_headers=asked), said)
    return file.getvalue()


def by_fastwarc():
    file = io.BytesIO()
    packed = GzipWriter(file)
    for number in range(3):
        said = WarcRecord()
        said.init_headers(WarcRecordType.response)
        said.record_date = FETCHED
        said.headers["WARC-Target-URI"] = f"https://boat.example/{number}"
        said.headers["Content-Type"] = "application/http; msgtype=response"
        said.set_bytes_content(answer())
        said.write(packed, checksum_data=True)
        packed.finish()
    return file.getvalue()


@pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile")  # warcio leaves them to Python to close
@pytest.mark.parametrize(
    "written",
    [
        lambda: by_warcio("WARC/1.0"),
        lambda: by_warcio("WARC/1.1"),
        lambda: by_warcio("WARC/1.1", packed=False),
        by_fastwarc,
    ],
)
def test_files_of_other_writers(written):
    pages = read(written())
    assert [page.url for page in pages] == [f"https://boat.example/{number}" for number in range(3)]
    assert {page.body for page in pages} == {PAGE}


def bare_deflate(body):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


def chunked(body):
    return b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (20, body[:20], len(body) - 20, body[20:])


@pytest.mark.parametrize(
    ("lines", "body"),
    [
        (["Content-Encoding: gzip"], zipped(PAGE)),
        (["Content-Encoding: X-GZIP"], zipped(PAGE)),
        (["Content-Encoding: deflate"], zlib.compress(PAGE)),
        (["Content-Encoding: deflate"], bare_deflate(PAGE)),
        (["Content-Encoding: deflate"], zipped(PAGE)),
        (["Content-Encoding: br"], brotli.compress(PAGE)),
        (["Content-Encoding: zstd"], zstandard.compress(PAGE)),
        (["Content-Encoding: gzip, br"], brotli.compress(zipped(PAGE))),
        (["Content-Encoding: gzip", "Content-Encoding: gzip"], zipped(zipped(PAGE))),
        (["Transfer-Encoding: chunked"], chunked(PAGE)),
        (["Transfer-Encoding: chunked", "Content-Encoding: gzip"], chunked(zipped(PAGE))),
        (["Transfer-Encoding: gzip, chunked"], chunked(zipped(PAGE))),
        (["Content-Encoding: identity"], PAGE),
        (["Content-Encoding: utf-8"], PAGE),
        (["Content-Encoding: gzip"], PAGE),
        (["Content-Encoding: br"], PAGE),
        (["Content-Encoding: zstd", "Transfer-Encoding: chunked"], PAGE),
        (["Content-Length: 5"], PAGE),
    ],
)
def test_encodings_come_off_where_they_are_on(lines, body):
    page = one(record(answer(body, *lines)))
    assert page.body == PAGE
    assert "content-encoding" not in page.headers


@pytest.mark.parametrize(
    ("lines", "body", "reason"),
    [
        (["Content-Encoding: gzip"], zipped(PAGE)[:-20], Reason.CORRUPT),
        (["Content-Encoding: br"], b"\xff" * 50, Reason.CORRUPT),
        (["Transfer-Encoding: chunked"], chunked(PAGE)[:-20], Reason.CORRUPT),
        (["Content-Encoding: gzip"], zipped(bytes(LIMIT + 1)), Reason.TOO_LARGE),
        (["Content-Encoding: gzip, gzip"], zipped(zipped(bytes(10**8))), Reason.TOO_LARGE),
        ([], b"<p>" + b"x" * LIMIT, Reason.TOO_LARGE),
        ([], b"<p>" + b"x" * 3 * LIMIT, Reason.TOO_LARGE),
    ],
)
def test_payloads_that_cannot_be_had_are_named_and_the_rest_read(lines, body, reason):
    first = zipped(response(0))
    _, refused, last = read(first + zipped(record(answer(body, *lines))) + zipped(response(2)))
    assert (refused.offset, refused.refusal.reason, refused.url) == (len(first), reason, URL)
    assert isinstance(last, RawPage)


@pytest.mark.parametrize(
    ("told", "read_as"),
    [
        ("2025", datetime(2025, 1, 1, tzinfo=UTC)),
        ("2025-03", datetime(2025, 3, 1, tzinfo=UTC)),
        ("2025-03-04", datetime(2025, 3, 4, tzinfo=UTC)),
        ("2025-03-04T05:06Z", datetime(2025, 3, 4, 5, 6, tzinfo=UTC)),
        ("2025-03-04T05:06:07", FETCHED),
        ("2025-03-04T07:06:07+02:00", FETCHED),
        ("2025-03-04T05:06:07.123456Z", FETCHED.replace(microsecond=123456)),
        ("2025-03-04T05:06:07.123456789Z", FETCHED.replace(microsecond=123456)),
        ("20250304050607", FETCHED),
        ("2025-03-04 05:06:07", FETCHED),
        ("2025-03-04t05:06:07z", FETCHED),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_dates_of_every_precision(told, read_as):
    assert one(record(answer(), WARC_Date=told)).fetched_at == read_as


@pytest.mark.parametrize(
    ("fields", "detail"),
    [
        ({"WARC_Date": None}, "a record without WARC-Date"),
        ({"WARC_Date": "yesterday"}, "WARC-Date 'yesterday'"),
        ({"WARC_Date": "2025-02-30T00:00:00Z"}, "WARC-Date '2025-02-30T00:00:00Z'"),
        ({"WARC_Date": "0001-01-01T00:00:00+10:00"}, "WARC-Date '0001-01-01T00:00:00+10:00'"),
        ({"WARC_Date": "9999-12-31T23:59:59Z"}, "WARC-Date '9999-12-31T23:59:59Z'"),
        ({"WARC_Target_URI": None}, "a record without WARC-Target-URI"),
        ({"WARC_Target_URI": "http://["}, "WARC-Target-URI is no web address"),
        ({"WARC_Type": None}, "a record without WARC-Type"),
        ({"WARC_Segment_Number": "1"}, "a record cut into segments"),
    ],
)
def test_records_that_lack_what_a_page_needs(fields, detail):
    refused, page = read(record(answer(), **fields) + response(2))
    assert (refused.refusal.reason, refused.refusal.detail, refused.offset) == (Reason.MALFORMED, detail, 0)
    assert page.url.endswith("/2")


@pytest.mark.parametrize(("sent", "kind"), [("0-9/47", Refused), ("0-46/47", RawPage), ("*/47", RawPage)])
def test_a_part_of_a_page_is_no_page(sent, kind):
    assert isinstance(one(record(answer(PAGE, f"Content-Range: bytes {sent}", status="206 Partial Content"))), kind)


@pytest.mark.parametrize("block", [b"", b"<html>", b"GET / HTTP/1.1\r\n\r\n"])
def test_a_response_without_an_answer(block):
    assert one(record(block)).refusal.detail == "no HTTP answer in it"


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"WARC_Target_URI": f"<{URL}>"}, URL),
        ({"WARC_Target_URI": "HTTP://Boat.example/a b\x7f"}, "HTTP://Boat.example/a b"),
        ({"WARC_Target_URI": "https://boat.example/größe"}, "https://boat.example/größe"),
        ({"warc_target_uri": URL, "WARC_Target_URI": None}, URL),
    ],
)
def test_addresses_as_they_are_written(fields, url):
    assert one(record(answer(), **fields)).url == url


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (record(answer(b"", status="301 Moved")), PassedOver.REDIRECT),
        (record(answer(status="503 Busy")), PassedOver.SERVER_ERROR),
        (record(answer(status="429 Slow down")), PassedOver.SERVER_ERROR),
        (record(answer(b"\xff\xd8", content_type="image/jpeg")), PassedOver.NOT_HTML),
        (record(answer(b"{}", content_type="application/json")), PassedOver.NOT_HTML),
        (record(answer(b"x" * 3 * LIMIT, content_type="video/mp4")), PassedOver.NOT_HTML),
        (record(answer(b"\x89PNG", content_type="")), PassedOver.NOT_HTML),
        (record(answer(content_type="text/plain"), url="https://boat.example/robots.txt"), PassedOver.NOT_HTML),
        (record(b"20250304\nboat.example. 5 IN A 192.0.2.1", url="dns:boat.example"), PassedOver.NOT_WEB),
        (record(PAGE, "resource", url="urn:boats", Content_Type="text/html"), PassedOver.NOT_WEB),
        (record(b"", "revisit"), PassedOver.REVISIT),
        (record(b"Boats came in.", "conversion"), PassedOver.DERIVED),
    ],
)
def test_what_is_no_page_is_passed_over_and_counted(data, kind):
    assert one(data) is kind


def test_records_about_others_are_not_even_counted():
    others = [record(b"x", kind) for kind in ("warcinfo", "request", "metadata", "odd")]
    assert read(b"".join(others)) == []


@pytest.mark.parametrize(
    ("data", "status", "media"),
    [
        (record(answer(status="404 Not Found")), 404, Media.HTML),
        (record(answer(content_type="text/plain")), 200, Media.TEXT),
        (record(answer(content_type="")), 200, Media.UNKNOWN),
        (record(answer(content_type="application/octet-stream")), 200, Media.UNKNOWN),
        (record(answer(brotli.compress(PAGE), "Content-Encoding: br", content_type="")), 200, Media.UNKNOWN),
        (record(PAGE, "resource", Content_Type="text/html; charset=utf-8"), None, Media.HTML),
        (record(PAGE, Content_Type="text/html"), None, Media.HTML),
        (record(b"HTTP/1.1 100 Continue\r\n\r\n" + answer()), 200, Media.HTML),
    ],
)
def test_what_else_is_a_page(data, status, media):
    page = one(data)
    assert (page.status, page.media, page.body) == (status, media, PAGE)


@pytest.mark.parametrize(
    ("field", "data"),
    [
        ("WARC_Block_Digest", answer(chunked(PAGE), "Transfer-Encoding: chunked")),
        ("WARC_Payload_Digest", chunked(PAGE)),
        ("WARC_Payload_Digest", PAGE),
    ],
)
def test_a_wrong_digest_is_named_and_the_page_read(field, data):
    block = answer(chunked(PAGE), "Transfer-Encoding: chunked")
    right, long = sha1(data).digest(), sha256(data).digest()
    for told in (
        f"sha1:{b32encode(right).decode()}",
        f"SHA-1:{right.hex()}",
        f"sha-256:{long.hex().upper()}",
        f"sha256:{b32encode(long).decode().rstrip('=')}",
        f"sha256:{b64encode(long).decode()}",
        "secret:1234",
        "shake_128:1234",
    ):
        assert isinstance(one(record(block, **{field: told})), RawPage)
    page, refused = read(record(block, **{field: f"sha1:{b32encode(right[::-1]).decode()}"}))
    assert page.body == PAGE
    assert refused.refusal.detail.startswith(f"{field.replace('_', '-')} is not that of the ")
    assert isinstance(one(record(block, WARC_Payload_Digest="md5:0", WARC_Truncated="length")), RawPage)


def test_damage_is_corrupt_and_the_rest_read():
    first, refused, last = read(response(0) + b"driftwood" + response(1))
    assert isinstance(first, RawPage)
    assert isinstance(last, RawPage)
    assert refused == Refused(len(response(0)), refused.refusal)
    assert refused.refusal.reason is Reason.CORRUPT


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (Wanted(), "0123"),
        (Wanted(hosts=("boat.example",)), "012"),
        (Wanted(hosts=("deep.boat.example", "ship.example")), "23"),
        (Wanted(hosts=("oat.example",)), ""),
        (Wanted(match="/[13]$"), "13"),
        (Wanted(since=FETCHED), "012"),
        (Wanted(until=FETCHED), "3"),
    ],
)
def test_filters(wanted, left):
    data = [
        response(0),
        response(1),
        record(answer(), url="https://deep.boat.example/2"),
        record(answer(), url="https://ship.example/3", WARC_Date="2024-01-01"),
    ]
    pages = read(zipped(*data), wanted=wanted)
    assert "".join(page.url[-1] for page in pages if isinstance(page, RawPage)) == left
    assert pages.count(PassedOver.FILTERED) == 4 - len(left)


def test_filters_spare_no_one_the_reading_of_a_record_without_date_or_address():
    data = record(answer(), WARC_Date=None) + record(answer(), WARC_Target_URI=None)
    assert [type(one) for one in read(data, wanted=Wanted(hosts=("a.example",), since=FETCHED))] == [Refused, Refused]


def test_each_page_begins_at_the_offset_that_is_reached():
    data = zipped(*(response(number) for number in range(4)))
    reached = [one.offset for one in found(data) if isinstance(one, Reached)]
    assert [
        one(data[:end], start=start).url[-1] for start, end in zip(reached, [*reached[1:], len(data)], strict=True)
    ] == list("0123")


def test_what_our_own_archive_knows_of_a_page_stands_behind_it():
    page = RawPage(url="https://boat.example/asked", body=b"", fetched_at=FETCHED, source="boats")
    about = {"Content_Type": "application/warc-fields", "WARC_Concurrent_To": "<urn:test:page>"}
    own = [
        record(b"GET", "request", WARC_Concurrent_To="<urn:test:page>"),
        record(answer(status="200 OK", content_type="image/odd"), WARC_Record_ID="<urn:test:page>"),
        record(b"GET", "request", WARC_Concurrent_To="<urn:test:page>"),
        record(provenance_block(page), "metadata", **about),
    ]
    known = one(zipped(*own))
    assert (known.url, known.final_url, known.source) == ("https://boat.example/asked", URL, "boats")
    stranger = [own[1], own[3].replace(b"<urn:test:page>", b"<urn:test:else>"), response(2)]
    assert read(zipped(*stranger))[0] is PassedOver.NOT_HTML


def own(number, kind, block, digest, tmp="<urn:test:own>"):
    """A page as our own archive has it, with a metadata record behind."""
    page = RawPage(url=URL, body=b"", fetched_at=FETCHED, source="boats")
    said = record(provenance_block(page), "metadata", Content_Type="application/warc-fields", WARC_Concurrent_To=tmp)
    fields = {"WARC_Payload_Digest": digest, "WARC_Date": f"2025-03-0{number}", "WARC_Record_ID": tmp}
    return zipped(record(block, kind, **fields), said)


def test_a_page_that_our_own_archive_holds_once_is_read_each_time(tmp_path):
    """The site showed one page, then another, then the first again: the last is the page's state."""
    head = answer(b"", "Content-Encoding: gzip")
    first, other = zipped(PAGE), zipped(PAGE.replace(b"Boats", b"Ships"))
    days = [
        own(1, "response", head + first, "own:A") + own(2, "response", head + other, "own:B"),
        own(3, "revisit", head, "own:A"),
    ]
    reader = WarcReader(LIMIT, Wanted())
    pages = []
    for number, day in enumerate(days):
        path = tmp_path / f"{number}.warc.gz"
        path.write_bytes(day)
        with path.open("rb") as file:
            pages += [one for one in reader.read(file, str(path)) if not isinstance(one, Reached)]
    assert [page.body for page in pages] == [PAGE, PAGE.replace(b"Boats", b"Ships"), PAGE]
    assert [page.fetched_at.day for page in pages] == [1, 2, 3]
    assert one(days[1]) is PassedOver.REVISIT, "without the file that holds it"
