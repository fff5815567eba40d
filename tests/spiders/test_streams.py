import gzip
import io
import os
import zlib

import brotli
import pytest
import zstandard

from pipeline.items import Reason
from pipeline.spiders.streams import RefusedError, lines, modified_at, open_file, read_whole

LIMIT = 2**20
PACKERS = {
    ".gz": gzip.compress,
    ".zst": zstandard.ZstdCompressor().compress,
    ".br": lambda data: brotli.compress(data, quality=5),
}
every_packing = pytest.mark.parametrize("packing", PACKERS)
TEXT = os.urandom(50_000) + b"the same again " * 4000


def read(path, packing="", limit=LIMIT):
    with open_file(str(path)) as file:
        return read_whole(file, packing, limit)


def refusal(path, packing="", limit=LIMIT):
    with pytest.raises(RefusedError) as caught:
        read(path, packing, limit)
    return caught.value


@every_packing
def test_unpacks(tmp_path, packing):
    path = tmp_path / "page"
    path.write_bytes(PACKERS[packing](TEXT))
    assert read(path, packing) == TEXT


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_unpacks_several_members(tmp_path, packing):
    path = tmp_path / "page"
    path.write_bytes(PACKERS[packing](b"one ") + PACKERS[packing](b"two"))
    assert read(path, packing) == b"one two"


@every_packing
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_truncated_data_is_corrupt(tmp_path, packing, kept):
    packed = PACKERS[packing](TEXT)
    path = tmp_path / "page"
    path.write_bytes(packed[: int(len(packed) * kept)])
    refused = refusal(path, packing)
    assert refused.reason is Reason.CORRUPT
    assert refused.detail.startswith(f"damaged {packing[1:]} data: ")


@every_packing
def test_other_data_is_corrupt(tmp_path, packing):
    path = tmp_path / "page"
    path.write_bytes(b"<html>this was never packed</html>")
    assert refusal(path, packing).reason is Reason.CORRUPT


@every_packing
def test_a_bomb_is_refused_after_the_limit(tmp_path, packing):
    path = tmp_path / "page"
    path.write_bytes(PACKERS[packing](bytes(20 * 2**20)))
    assert path.stat().st_size < LIMIT
    refused = refusal(path, packing)
    assert (refused.reason, refused.detail) == (Reason.TOO_LARGE, "unpacks to more than the limit of 1,048,576 bytes")


def test_gzip_with_a_wrong_checksum_is_corrupt(tmp_path):
    packer = zlib.compressobj(wbits=31)
    packed = bytearray(packer.compress(TEXT) + packer.flush())
    packed[-8] ^= 1
    path = tmp_path / "page"
    path.write_bytes(packed)
    assert refusal(path, ".gz").reason is Reason.CORRUPT


def test_a_large_file_is_refused_unread(tmp_path):
    path = tmp_path / "page"
    with path.open("wb") as file:
        file.truncate(200 * 2**20)
    refused = refusal(path)
    assert (refused.reason, refused.detail) == (Reason.TOO_LARGE, "209,715,200 bytes, over the limit of 1,048,576")


def test_a_file_of_exactly_the_limit_is_read(tmp_path):
    path = tmp_path / "page"
    path.write_bytes(b"x" * 100)
    assert len(read(path, limit=100)) == 100
    assert refusal(path, limit=99).reason is Reason.TOO_LARGE


def test_what_is_no_file_is_refused_unopened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path, kind in ((tmp_path / "pipe", "named pipe"), ("/dev/zero", "device"), (tmp_path, "folder")):
        refused = refusal(path)
        assert (refused.reason, refused.detail) == (Reason.UNREADABLE, f"not a file but a {kind}")


def test_what_is_not_there_is_unreadable(tmp_path):
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "circle").symlink_to("circle")
    assert refusal(tmp_path / "gone").detail == "no such file or directory"
    assert refusal(tmp_path / "link").detail == "no such file or directory"
    assert refusal(tmp_path / "circle").reason is Reason.UNREADABLE


@pytest.mark.parametrize("seconds", [-(10**11), 10**13])
def test_a_date_outside_the_calendar_is_moved_into_it(tmp_path, seconds):
    path = tmp_path / "page"
    path.touch()
    try:
        os.utime(path, (seconds, seconds))
    except (OSError, OverflowError):
        pytest.skip("this file system cannot hold the date")
    with open_file(str(path)) as file:
        assert 1970 <= modified_at(file).year <= 9999


@pytest.mark.parametrize("piece", [1, 3, 1000])
def test_lines_over_the_limit_are_dropped_and_the_next_one_is_whole(piece):
    text = io.BytesIO(b"short\n" + b"long " * 50 + b"\n\nlast")
    assert list(lines(iter(lambda: text.read(piece), b""), 20)) == [b"short", None, b"", b"last"]


def test_a_line_without_end_ends_the_file():
    endless = iter(lambda: b"x" * 1000, b"")
    with pytest.raises(RefusedError, match="a line of more than 100,000 bytes"):
        list(lines(endless, 1000))
