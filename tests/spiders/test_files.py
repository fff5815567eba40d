import gzip
import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.items import Media, RawPage, Reason, Rejection
from pipeline.spiders.files import FileDone, Reading, file_uri, read_pages
from pipeline.spiders.walk import Tally

LIMIT = 10 * 2**20
MODIFIED = datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)
PAGE = b"<html><body><p>Boats came in.</p></body></html>"


def read(*paths, limit=LIMIT):
    return [page for page in read_pages(map(str, paths), Reading(limit, Tally())) if not isinstance(page, FileDone)]


def write(path, body=PAGE):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body if isinstance(body, bytes) else json.dumps(body).encode())
    os.utime(path, (MODIFIED.timestamp(),) * 2)
    return path


def one(*paths, limit=LIMIT):
    (page,) = read(*paths, limit=limit)
    return page


def test_a_local_page(tmp_path):
    path = write(tmp_path / "Daily Boat" / "page.html")
    url = f"file://{tmp_path}/Daily%20Boat/page.html"
    assert one(tmp_path) == RawPage(url=url, final_url=url, body=PAGE, fetched_at=MODIFIED, media=Media.HTML)
    assert one(path).is_local


@pytest.mark.parametrize("car", ["page.html.gz.meta.json", "page.html.meta.json"])
def test_a_side_car_says_where_a_page_is_from(tmp_path, car):
    write(tmp_path / "page.html.gz", gzip.compress(PAGE))
    said = {
        "url": "https://boat.example/1",
        "fetched_at": "2024-02-03T04:05:06+02:00",
        "headers": {"Content-Type": "a/b"},
    }
    write(tmp_path / car, said)
    page = one(tmp_path)
    assert (page.url, page.final_url, page.body) == ("https://boat.example/1", "https://boat.example/1", PAGE)
    assert page.fetched_at == datetime(2024, 2, 3, 2, 5, 6, tzinfo=UTC)
    assert (page.headers, page.source) == ({"content-type": "a/b"}, "")


def test_a_side_car_may_say_only_the_source(tmp_path):
    write(tmp_path / "page.html")
    write(tmp_path / "page.html.meta.json", {"source": "boat", "fetched_at": "2024-02-03"})
    page = one(tmp_path)
    assert (page.source, page.fetched_at, page.is_local) == ("boat", datetime(2024, 2, 3, tzinfo=UTC), True)


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        (b"{", "not JSON (Expecting property name"),
        (b"\xff\xfe\x00", "not JSON ("),
        (b"[" * 100_000, "not JSON (maximum recursion depth exceeded"),
        (b"[1]", "not a JSON object"),
        ({"url": 3}, "url is not a string"),
        ({"url": "ftp://boat.example/"}, "url is no web address: 'ftp://boat.example/'"),
        ({"url": "https://["}, "url is no web address"),
        ({"fetched_at": "yesterday"}, "fetched_at is no ISO 8601 time: 'yesterday'"),
        ({"fetched_at": 17}, "fetched_at is not a string"),
        ({"fetched_at": "0001-01-01T00:00:00+10:00"}, "fetched_at is no ISO 8601 time"),
        ({"headers": ["a"]}, "headers is not an object of strings"),
        ({"headers": {"a": 1}}, "headers is not an object of strings"),
        ({"source": []}, "source is not a string"),
    ],
)
def test_a_malformed_side_car_is_named_and_its_page_left_out(tmp_path, said, detail):
    path = write(tmp_path / "page.html")
    car = write(tmp_path / "page.html.meta.json", said)
    refused = one(tmp_path)
    assert isinstance(refused, Rejection)
    assert (refused.url, refused.reason) == (file_uri(str(path)), Reason.MALFORMED)
    assert refused.detail.startswith(f"{car}: {detail}")


def test_a_side_car_that_is_a_pipe_does_not_hang(tmp_path):
    write(tmp_path / "page.html")
    os.mkfifo(tmp_path / "page.html.meta.json")
    assert one(tmp_path).detail.endswith("page.html.meta.json: not a file but a named pipe")


def test_rows(tmp_path):
    rows = [
        {
            "url": "https://boat.example/1",
            "html": "<p>Größe</p>",
            "headers": {"Content-Type": "text/html; charset=latin1"},
        },
        {"text": "Boats came in.", "fetched_at": "2024-01-02T03:04:05Z"},
        {"text": "A lone \ud800 surrogate.", "source": "boat", "anything": "else"},
    ]
    write(tmp_path / "rows" / "a.jsonl.gz", gzip.compress("\n\n".join(map(json.dumps, rows)).encode()))
    first, second, third = read(tmp_path)
    assert (first.url, first.body, first.media) == ("https://boat.example/1", "<p>Größe</p>".encode(), Media.HTML)
    assert first.headers == {"content-type": "text/html; charset=utf-8"}, "the row is Unicode, whatever the page was"
    assert (first.source, first.fetched_at) == ("", MODIFIED)
    digest = hashlib.sha256(second.body).hexdigest()[:16]
    assert second.url == f"file://{tmp_path}/rows/a.jsonl.gz#sha256={digest}"
    assert (second.source, second.media, second.fetched_at.year) == ("", Media.TEXT, 2024)
    assert (third.source, third.body) == ("boat", b"A lone ? surrogate.")


def test_rows_that_give_no_page_are_named_by_number_and_the_others_read(tmp_path):
    good = b'{"text": "Boats came in."}'
    bad = [b"{", b"7", b"{}", b'{"html": 1}', b'{"html": null}', b'{"text": "x", "url": "mailto:a"}', b'"\xff"']
    write(tmp_path / "a.jsonl", b"\n".join([good, *bad, b'{"text": "' + b"x" * 3000 + b'"}', good]))
    pages = read(tmp_path, limit=2000)
    refused = [page for page in pages if isinstance(page, Rejection)]
    assert isinstance(pages[0], RawPage)
    assert pages[-1] == pages[0], "a row is known by its body, not by its place"
    assert [page.reason for page in refused] == [Reason.MALFORMED] * 7 + [Reason.TOO_LARGE]
    assert [page.detail.split(":")[0] for page in refused] == [f"row {n}" for n in range(2, 10)]
    assert len({page.url for page in refused}) == 8
    assert refused[2].detail == "row 4: neither html nor text"
    assert refused[7].detail == "row 9: over the limit of 2,000 bytes"


def test_a_row_of_ten_megabytes_between_others(tmp_path):
    row = b'{"text": "Boats came in."}\n'
    write(tmp_path / "a.jsonl", row + b"x" * LIMIT + b"y\n" + row)
    kinds = [type(page).__name__ for page in read(tmp_path)]
    assert kinds == ["RawPage", "Rejection", "RawPage"]


def test_damage_in_the_middle_of_rows_keeps_what_was_read(tmp_path):
    rows = b"\n".join(json.dumps({"text": f"{n} " + os.urandom(500).hex()}).encode() for n in range(500))
    packed = gzip.compress(rows)
    write(tmp_path / "a.jsonl.gz", packed[: len(packed) // 2])
    *pages, last = read(tmp_path)
    assert len(pages) > 100
    assert (last.reason, last.url) == (Reason.CORRUPT, file_uri(str(tmp_path / "a.jsonl.gz")))


def test_names_that_are_no_utf8_keep_their_bytes(tmp_path):
    path = os.fsencode(tmp_path) + b"/gr\xfc\xdfe \xc3\xa9.html"
    Path(os.fsdecode(path)).write_bytes(PAGE)
    write(tmp_path / "\udcff" / "a.html")
    first, second = read(tmp_path)
    assert first.url == f"file://{tmp_path}/gr%FC%DFe%20%C3%A9.html"
    assert second.url == f"file://{tmp_path}/%FF/a.html"


def test_what_cannot_be_read_is_named_and_the_rest_read(tmp_path):
    write(tmp_path / "a.html")
    os.mkfifo(tmp_path / "b.html")
    (tmp_path / "c.html").symlink_to("nowhere")
    write(tmp_path / "d.html.gz", gzip.compress(PAGE)[:-9])
    write(tmp_path / "e.html", bytes(LIMIT + 1))
    write(tmp_path / "f.html", b"")
    write(tmp_path / "g.html", os.urandom(1000))
    pages = read(tmp_path)
    reasons = [page.reason if isinstance(page, Rejection) else len(page.body) for page in pages]
    unreadable = [Reason.UNREADABLE, Reason.UNREADABLE, Reason.CORRUPT, Reason.TOO_LARGE]
    assert reasons == [len(PAGE), *unreadable, 0, 1000], "what the bytes are worth is the extraction's to say"


def test_a_file_that_vanishes_in_the_run_is_named(tmp_path):
    write(tmp_path / "a.html")
    gone = write(tmp_path / "b.html")
    tally = Tally()
    pages = read_pages([str(tmp_path)], Reading(LIMIT, tally))
    assert isinstance(next(pages), RawPage)
    gone.unlink()
    rest = list(pages)
    assert rest[1].detail == "no such file or directory"
    assert rest[2] == FileDone(was_readable=False)
    assert tally.found == 2


def test_a_named_file_is_tried_whatever_its_name(tmp_path):
    assert one(write(tmp_path / "page.php")).media is Media.UNKNOWN
    assert one(tmp_path / "not there").reason is Reason.UNREADABLE


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_file_of_somebody_else_is_unreadable(tmp_path):
    path = write(tmp_path / "a.html")
    path.chmod(0o600)
    for folder in (tmp_path, *list(tmp_path.parents)[:-2]):
        folder.chmod(0o755)
    child = os.fork()
    if child == 0:
        try:
            os.setuid(65534)
            os._exit([page.detail for page in read(path)] != ["permission denied"])
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
