"""Pages of the archive as one WARC file, to be handed on: .warc.gz with their records as they are, or .warc.zst.

In a .warc.zst the content encodings are off, and a dictionary of whole pages stands before the records, after
https://iipc.github.io/warc-specifications/specifications/warc-zstd/: pages of one site are mostly alike.
"""

import gzip
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import ArchiveError
from pipeline.storage.archived import ArchivedPages
from pipeline.storage.captures import Capture
from pipeline.storage.newfile import new_file
from pipeline.storage.warc import decoded_records, page_records, warcinfo_record

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

GZIP, ZSTD = ".warc.gz", ".warc.zst"

LEVEL = 9
"""Of zstd: 29 times smaller than the pages, level 3: 26 times; from 12 on it costs more than it saves."""

LARGEST_DICTIONARY = 2**22
"""Bytes; readers must take twice that."""

SAMPLES = 3
"""Pages of a source that are put into the dictionary."""

DICTIONARY_FRAME = b"\x5d\x2a\x4d\x18"
OPTIONS: dict[int, int] = {
    zstd.CompressionParameter.compression_level: LEVEL,
    zstd.CompressionParameter.checksum_flag: 1,
}

Choose = Callable[[], Iterable[Capture]]
Pack = Callable[[Capture], bytes]


def export(
    archive: ArchivedPages, choose: Choose, out: Path, now: datetime, *, overwrite: bool = False
) -> Iterator[tuple[Capture, ArchiveError | None]]:
    """Write the captures that ``choose`` gives, whenever it is asked, to a new file; each once it is written.

    Beside it stands what is wrong with one that cannot be read and is left out. The file appears under its name when it
    is whole; without any captures there is none. Raises ``OutputError`` when it cannot be written or is there already.
    """
    if next(iter(choose()), None) is None:
        return
    with new_file(out, overwrite=overwrite) as file:
        warcinfo = warcinfo_record(out.name, now)
        if out.name.endswith(ZSTD):
            pack = _begin_zstd(archive, choose(), file, gzip.decompress(warcinfo))
        else:
            file.write(warcinfo)
            pack = partial(_whole, archive)
        for capture in choose():
            try:
                file.write(pack(capture))
            except ArchiveError as error:
                yield capture, error
            else:
                yield capture, None


def _whole(archive: ArchivedPages, capture: Capture) -> bytes:
    """The records of a page as they stand in the archive; of one that repeats another's payload with that payload."""
    page = archive.page(capture)
    if capture.original_id is None:
        return archive.records(capture)
    return page_records(page, archive.exchange(capture), capture.payload, None)


def _begin_zstd(archive: ArchivedPages, captures: Iterable[Capture], file: BinaryIO, warcinfo: bytes) -> Pack:
    """Write what comes before the pages; the result packs a page."""
    dictionary = _dictionary(archive, captures)
    frame = zstd.compress(dictionary.dict_content, options=OPTIONS)
    file.write(DICTIONARY_FRAME + len(frame).to_bytes(4, "little") + frame)
    pack = partial(zstd.compress, options=OPTIONS, zstd_dict=dictionary.as_digested_dict)
    file.write(pack(warcinfo))
    return lambda capture: b"".join(map(pack, _plain(archive, capture)))


def _dictionary(archive: ArchivedPages, captures: Iterable[Capture]) -> zstd.ZstdDict:
    """Some whole pages of each source, those that most pages will be like at its end, where they are found first."""
    records: list[bytes] = []
    size = 0
    for capture in _samples(captures):
        with suppress(ArchiveError):  # told when its turn comes
            plain = _plain(archive, capture)
            size += sum(map(len, plain))
            if size > LARGEST_DICTIONARY and records:
                break
            records = plain + records
    raw = zstd.ZstdDict(b"".join(records)[-LARGEST_DICTIONARY:], is_raw=True)
    return zstd.finalize_dict(raw, records, LARGEST_DICTIONARY + 2**17, LEVEL)


def _samples(captures: Iterable[Capture]) -> list[Capture]:
    """The first pages of each source: one of each, then another one of each, sources with many pages first."""
    first: dict[str, list[Capture]] = defaultdict(list)
    pages: Counter[str] = Counter()
    for capture in captures:
        if pages[capture.source] < SAMPLES:
            first[capture.source].append(capture)
        pages[capture.source] += 1
    ranked = [
        (rank, -pages[source], capture.id, capture)
        for source, some in first.items()
        for rank, capture in enumerate(some)
    ]
    return [capture for *_, capture in sorted(ranked)]


def _plain(archive: ArchivedPages, capture: Capture) -> list[bytes]:
    return decoded_records(archive.page(capture), archive.exchange(capture))
