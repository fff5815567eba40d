"""Bodies without their content encodings."""

import gzip
import zlib
from contextlib import suppress

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pipeline.payloads import DECODERS, PayloadError, TooLargeError, dechunked, decoded, encodings_of

TEXT = b"The ferry leaves at nine. " * 500
LIMIT = 10**6


def bare(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


PACKED = {
    "gzip": gzip.compress(TEXT),
    "x-gzip": gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:]),
    "deflate": zlib.compress(TEXT),
    "br": brotli.compress(TEXT),
    "zstd": zstandard.compress(TEXT),
}


@pytest.mark.parametrize("encoding", DECODERS)
def test_each_encoding_comes_off(encoding):
    assert decoded(PACKED[encoding], [encoding], LIMIT) == TEXT


def test_deflate_without_the_header_of_zlib_comes_off():
    assert decoded(bare(TEXT), ["deflate"], LIMIT) == TEXT


def test_two_encodings_come_off_in_the_reverse_of_their_order():
    packed = brotli.compress(gzip.compress(TEXT))
    assert decoded(packed, encodings_of({"content-encoding": "gzip, BR"}), LIMIT) == TEXT


def test_plain_text_said_to_be_packed_is_taken_as_it_is():
    assert decoded(TEXT, ["gzip"], LIMIT) == TEXT


@pytest.mark.parametrize("encoding", DECODERS)
def test_markup_said_to_be_packed_is_taken_as_it_is(encoding):
    page = b"\xef\xbb\xbf\n<!doctype html><p>" + TEXT
    assert decoded(page, [encoding], LIMIT) == page


@pytest.mark.parametrize("named", [[], ["gzip"], ["br"], ["zstd"], ["gzip", "gzip", "gzip"]])
@pytest.mark.parametrize("packed", ["gzip", "zstd", "gzip in zstd"])
def test_packed_data_are_known_by_their_sign_whatever_they_are_called(packed, named):
    body = {**PACKED, "gzip in zstd": zstandard.compress(PACKED["gzip"])}[packed]
    assert decoded(body, named, LIMIT) == TEXT


def test_frames_of_zstd_that_follow_one_another_are_one_body():
    packed = b"".join(zstandard.compress(TEXT[start : start + 999]) for start in range(0, len(TEXT), 999))
    assert decoded(packed + b"\n", ["zstd"], LIMIT) == TEXT


@pytest.mark.parametrize("encoding", DECODERS)
def test_what_breaks_off_is_told(encoding):
    with pytest.raises(PayloadError, match=r"break off|not "):
        decoded(PACKED[encoding][:-20], [encoding], LIMIT)


@pytest.mark.parametrize("encoding", DECODERS)
def test_a_bomb_ends_at_the_limit(encoding):
    with pytest.raises(PayloadError, match="over the limit of 1,000 bytes"):
        decoded(PACKED[encoding], [encoding], 1000)


def test_an_unknown_encoding_stays_on():
    assert decoded(TEXT, ["utf-8"], LIMIT) == TEXT
    assert decoded(gzip.compress(PACKED["br"]), ["br", "aes128gcm", "gzip"], LIMIT) == PACKED["br"]


def test_no_encoding_changes_nothing():
    assert encodings_of({"content-encoding": "identity"}) == encodings_of({}) == []
    assert decoded(TEXT, [], LIMIT) == TEXT


@given(st.binary(max_size=200), st.lists(st.sampled_from(sorted(DECODERS)), max_size=2))
def test_any_bytes_end_in_bytes_or_in_the_error(body, encodings):
    with suppress(PayloadError):
        assert isinstance(decoded(body, encodings, LIMIT), bytes)


def chunked(body, size=1000, extension=b""):
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x%s\r\n%s\r\n" % (len(piece), extension, piece) for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize("data", [chunked(TEXT), chunked(TEXT, 7, b";name=value"), chunked(TEXT, 10**6)])
def test_the_frames_of_chunks_come_off(data):
    assert dechunked(data) == TEXT


@pytest.mark.parametrize("body", [b"", TEXT, b"<p>Boats</p>", b"add\r\n" + TEXT, b"\r\n5\r\n"])
def test_a_body_without_chunks_stays_as_it_is(body):
    assert dechunked(body) == body


@pytest.mark.parametrize("data", [chunked(TEXT)[:5000], chunked(TEXT)[:-5], chunked(TEXT, 10**6)[:5000]])
def test_chunks_that_break_off_are_told(data):
    with pytest.raises(PayloadError, match="break off"):
        dechunked(data)


def test_a_chunk_that_ends_elsewhere_is_told():
    first, line, rest = chunked(TEXT).partition(b"\r\n3e8")
    data = first + line + rest.replace(line, b"++3e8", 1)
    with pytest.raises(PayloadError, match="does not end where it should"):
        dechunked(data)
    with pytest.raises(PayloadError, match="break off"):
        dechunked(b"f" * 15 + b"\r\n" + TEXT)


def test_what_is_too_large_is_told_apart():
    with pytest.raises(TooLargeError):
        decoded(PACKED["gzip"], ["gzip"], 1000)
