"""Records of WARC files, sound and damaged. Files of other writers stand in tests/spiders/test_warc.py."""

import gzip
import io
import struct
import tracemalloc
import zlib

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.unpacked import SKIPPABLE
from pipeline.warcfile import HEAD, Damage, Record, read_records
from tests.warcs import answer, record, response, zipped

RECORDS = [response(number) for number in range(5)]
LIMIT = 10**6


def read(data, start=0, limit=LIMIT, wants=lambda _: True):
    return list(read_records(io.BytesIO(data), limit, wants, start))


def told(data, **options):
    """The last word of each record's address, and the offset of each damage."""
    return [
        found.headers["warc-target-uri"].rpartition("/")[2] if isinstance(found, Record) else found.offset
        for found in read(data, **options)
    ]


def zstd(data, dictionary=None):
    return zstandard.ZstdCompressor(dict_data=dictionary).compress(data)


def blocked(data, size=100):
    """Gzip members that know nothing of records."""
    return b"".join(gzip.compress(data[start : start + size]) for start in range(0, len(data), size))


SOUND = {
    "plain": b"".join(RECORDS),
    "a member each": zipped(*RECORDS),
    "one member": gzip.compress(b"".join(RECORDS)),
    "members that cut records": blocked(b"".join(RECORDS)),
    "zstd": b"".join(map(zstd, RECORDS)),
    "mixed": RECORDS[0] + gzip.compress(RECORDS[1]) + RECORDS[2] + zstd(RECORDS[3]) + zipped(RECORDS[4]),
    "empty members": gzip.compress(b"").join(map(gzip.compress, RECORDS)),
    "no line ends behind records": zipped(*(one.removesuffix(b"\r\n\r\n") for one in RECORDS)),
    "one line end behind records": b"".join(one.removesuffix(b"\r\n") for one in RECORDS),
    "line ends before records": b"\r\n".join([b"", *RECORDS]),
    "LF in headers": b"".join(
        head.replace(b"\r\n", b"\n") + b"\n\n" + block
        for head, _, block in (one.partition(b"\r\n\r\n") for one in RECORDS)
    ),
    "lower case": b"".join(
        head[:10] + head[10:].lower() + b"\r\n\r\n" + block
        for head, _, block in (one.partition(b"\r\n\r\n") for one in RECORDS)
    ),
    "WARC/0.18": zipped(*(one.replace(b"WARC/1.1", b"WARC/0.18") for one in RECORDS)),
}


@pytest.mark.parametrize("form", SOUND)
def test_every_form_is_read(form):
    found = read(SOUND[form])
    assert [one.block for one in found] == [answer(b"".join(one.block.partition(b"<html>")[1:])) for one in found]
    assert told(SOUND[form]) == list("01234")


@pytest.mark.parametrize("form", SOUND)
def test_reading_can_begin_where_a_record_says_so(form):
    for number, one in enumerate(read(SOUND[form])):
        if one.resumable:
            assert told(SOUND[form], start=one.offset) == list("01234")[number:]


def test_in_the_middle_of_a_member_reading_cannot_begin():
    assert [one.resumable for one in read(SOUND["one member"])] == [True, False, False, False, False]


@pytest.mark.parametrize("is_packed", [False, True])
def test_frames_with_a_dictionary_that_stands_in_the_file(is_packed):
    dictionary = zstandard.train_dictionary(2**12, [response(number) * 3 for number in range(200)])
    held = dictionary.as_bytes()
    frame = zstd(held) if is_packed else held
    data = struct.pack("<4sI", b"\x5d\x2a\x4d\x18", len(frame)) + frame
    frames = [zstd(one, dictionary) for one in RECORDS]
    assert told(data + b"".join(frames)) == list("01234")
    assert told(data + b"".join(frames), start=len(data) + len(frames[0])) == list("1234")
    assert told(b"".join(frames)) == [0], "without the dictionary"
    damaged = data[:8] + held[:8] + bytes(len(frame) - 8)
    assert told(damaged + b"".join(frames)) == [len(data)]


GZ = [gzip.compress(one) for one in RECORDS]
A, B = len(RECORDS[0]), len(GZ[0])
LONG = RECORDS[1].replace(b"Content-Length: 1", b"Content-Length: 3")
SHORT = RECORDS[1].replace(b"Content-Length: 1", b"Content-Length: ")


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def unfinished(data):
    """A gzip member that goes on behind these data."""
    packer = zlib.compressobj(wbits=31)
    return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)


DAMAGED = {
    "garbage": (RECORDS[0] + b"driftwood" + RECORDS[2], ["0", A, "2"]),
    "garbage between members": (GZ[0] + b"driftwood" + GZ[2], ["0", B, "2"]),
    "zeros between members": (GZ[0] + bytes(5000) + GZ[2], ["0", B, "2"]),
    "zeros at the end": (GZ[0] + bytes(5000), ["0", B]),
    "garbage in a member": (gzip.compress(RECORDS[0] + b"driftwood" + RECORDS[2]) + GZ[3], ["0", 0, "2", "3"]),
    "a broken member": (GZ[0] + flipped(GZ[1], 60) + GZ[2], ["0", B, "2"]),
    "a wrong checksum": (flipped(GZ[0], len(GZ[0]) - 6) + GZ[1] + GZ[2], [0, "1", "2"]),
    "a broken member's header": (GZ[0] + flipped(GZ[1], 0) + GZ[2], ["0", B, "2"]),
    "a member cut in the middle": (GZ[0] + GZ[1][:-30] + GZ[2] + GZ[3], ["0", B, "2", "3"]),
    "a broken frame": (zstd(RECORDS[0]) + zstd(RECORDS[1])[:-9] + zstd(RECORDS[2]), ["0", len(zstd(RECORDS[0])), "2"]),
    "cut in a record": (RECORDS[0] + RECORDS[1][:-20], ["0", A]),
    "cut in a head": (RECORDS[0] + RECORDS[1][:50], ["0", A]),
    "cut in a member": (GZ[0] + GZ[1][:-12], ["0", B]),
    "cut in its trailer": (GZ[0] + GZ[1][:-2], ["0", B]),
    "too long": (RECORDS[0] + LONG + RECORDS[2] + RECORDS[3], ["0", A, "2", "3"]),
    "too long in a member": (GZ[0] + gzip.compress(LONG) + GZ[2] + GZ[3], ["0", B, "2", "3"]),
    "too short": (RECORDS[0] + SHORT + RECORDS[2], ["0", A, "2"]),
    "too short in a member": (GZ[0] + gzip.compress(SHORT) + GZ[2], ["0", B, "2"]),
    "beyond the end": (record(b"x", Content_Length="99999999999") + RECORDS[2], [0, "2"]),
    "no length": (RECORDS[0] + record(b"x", Content_Length=None) + RECORDS[2], ["0", A, "2"]),
    "a length in words": (GZ[0] + gzip.compress(record(b"x", Content_Length="five")) + GZ[2], ["0", B, "2"]),
    "a length without end": (GZ[0] + gzip.compress(record(b"x", Content_Length="9" * 5000)) + GZ[2], ["0", B, "2"]),
    "a negative length": (RECORDS[0] + record(b"x", Content_Length="-5") + RECORDS[2], ["0", A, "2"]),
    "no end of the head": (RECORDS[0] + b"WARC/1.0\r\n" + b"A: b\r\n" * 20_000 + RECORDS[2], ["0", A, "2"]),
    "a page": (b"<!DOCTYPE html><p>Boats</p>" * 9, [0]),
    "a packed page": (gzip.compress(b"<!DOCTYPE html><p>Boats</p>"), [0]),
    "random bytes": (b"\x00\x01" * 70_000 + RECORDS[0], [0, "0"]),
    "broken behind two records of a member": (unfinished(RECORDS[0] + RECORDS[1]) + b"\xff" * 9 + GZ[3], ["0", 0, "3"]),
    "nothing": (b"", [0]),
    "nothing, packed": (gzip.compress(b""), [0]),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_damage_is_named_with_its_offset_and_the_rest_read(damage):
    data, expected = DAMAGED[damage]
    assert told(data) == expected


def test_what_is_no_warc_file_is_called_by_its_name():
    arc = b"filedesc://a.arc 0.0.0.0 20080101000000 text/plain 76\n1 0 InternetArchive\n"
    details = [read(data)[0].detail for data in (arc, gzip.compress(arc), b"<html>", bytes(99), b"", b"driftwood")]
    assert [detail.split(",")[0] for detail in details[:5]] == [
        "an ARC file",
        "an ARC file",
        "markup instead of a record",
        "zeros instead of a record",
        "no record in it",
    ]
    assert details[5] == "no record but b'driftwood'"


def test_a_record_is_damaged_that_ends_before_a_broken_member_only_if_it_is_its_own():
    bare = gzip.compress(RECORDS[0].removesuffix(b"\r\n\r\n"))
    assert told(bare + flipped(GZ[1], 40) + GZ[2]) == ["0", len(bare), "2"]


def test_of_a_record_over_the_limit_only_the_beginning_is_held():
    large = record(b"x" * 3 * HEAD, url="https://boat.example/large")
    for data in (RECORDS[0] + large + RECORDS[1], zipped(RECORDS[0], large, RECORDS[1])):
        first, second, third = read(data, limit=HEAD)
        assert (second.is_cut, second.length, second.block) == (True, 3 * HEAD, b"x" * HEAD)
        assert not first.is_cut
        assert not third.is_cut


def test_what_nobody_wants_is_passed_over():
    found = read(SOUND["a member each"], wants=lambda headers: headers["warc-target-uri"].endswith("/2"))
    assert [bool(one.block) for one in found] == [False, False, True, False, False]


def test_headers_that_are_folded_doubled_or_no_utf8():
    head = b"WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: 0\r\nX-Folded: a\r\n b\r\n"
    data = head + b"X-Latin: \xe9\r\nnonsense\r\nWARC-Type: other\r\n\r\n\r\n\r\n"
    (found,) = read(data)
    assert found.headers == {"warc-type": "metadata", "content-length": "0", "x-folded": "a b", "x-latin": "é"}
    assert read(data.replace(b"\xe9", "é".encode()))[0].headers["x-latin"] == "é"


@settings(max_examples=150)
@given(st.data())
def test_whatever_is_wrong_reading_ends_and_sound_records_far_from_it_are_read(data):
    form = data.draw(st.sampled_from(["plain", "a member each", "zstd"]))
    sound = SOUND[form]
    edges = [one.offset for one in read(sound)] + [len(sound)]
    struck = data.draw(st.integers(0, 4))
    start = data.draw(st.integers(edges[struck], edges[struck + 1] - 1))
    end = data.draw(st.integers(start + 1, edges[struck + 1]))
    broken = sound[:start] + data.draw(st.binary(max_size=40)) + sound[end:]
    found = read(broken)
    spared = {str(number) for number in range(5) if number not in (struck, struck - 1)}
    assert spared <= {one.headers.get("warc-target-uri", "")[-1:] for one in found if isinstance(one, Record)}


@settings(max_examples=100)
@given(st.binary(max_size=2000))
def test_no_bytes_whatever_stop_the_reading(junk):
    for found in read(junk) + read(gzip.compress(junk)) + read(b"WARC/1.0\r\n" + junk):
        assert isinstance(found, Record | Damage)


def test_of_thousands_of_damages_in_a_row_the_first_are_named_and_the_others_counted():
    junk = b"WARC/1.1\r\n\r\n"
    first, *damages, last = read(RECORDS[0] + junk * 5000 + RECORDS[1])
    assert (first.offset, last.offset) == (0, len(RECORDS[0]) + 5000 * len(junk))
    assert len(damages) == 1001
    assert damages[-1] == Damage(last.offset - len(junk), "4,000 more damages in a row, this is the last")


@pytest.mark.parametrize("records", [RECORDS, GZ])
def test_a_file_that_becomes_shorter_is_told_though_it_ends_behind_a_record(records):
    file = io.BytesIO(b"".join(records) * 1000)
    found = read_records(file, LIMIT, lambda _: True)
    assert isinstance(next(found), Record)
    file.truncate(len(b"".join(records)))
    *_, last = found
    assert last.detail == "the file became shorter while it was read"


def test_a_bomb_takes_no_memory():
    bomb = gzip.compress(record(bytes(2 * 10**8), url="https://boat.example/bomb"))
    tracemalloc.start()
    (found,) = read(bomb, limit=HEAD)
    assert tracemalloc.get_traced_memory()[1] < 2**22
    tracemalloc.stop()
    assert (len(found.block), found.length) == (HEAD, 2 * 10**8)


@pytest.mark.parametrize("nothing", [gzip.compress(b"", mtime=0), SKIPPABLE[0] + bytes(4)])
def test_any_number_of_empty_members_and_frames_takes_no_memory(nothing):
    data = nothing * 100_000 + GZ[0]
    tracemalloc.start()
    (found,) = read(data)
    assert tracemalloc.get_traced_memory()[1] < 2**21
    tracemalloc.stop()
    assert found.offset == len(data) - len(GZ[0])
