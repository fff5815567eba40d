"""Which files a replay reads, and in what order."""
# ruff: noqa: PTH112, PTH116, PTH119, PTH122 - names are plain strings: pathlib costs several times as much over 100,000 files

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto

from pipeline.items import Media
from pipeline.spiders.streams import UNPACKERS

SIDE_CAR = ".meta.json"
MEDIA = {".txt": Media.TEXT, ".html": Media.HTML, ".htm": Media.HTML, ".xhtml": Media.HTML}


class Shape(Enum):
    """How a file holds pages: it is one, or there is one in each line, or in records."""

    PAGE = auto()
    ROWS = auto()
    WARC = auto()


SHAPES = {".jsonl": Shape.ROWS, ".warc": Shape.WARC, ".arc": Shape.WARC}
"""Extension → shape. An ARC file is no WARC file; their reader says so."""


@dataclass(frozen=True, slots=True)
class FileForm:
    """What a file's name says of its content. media: of the page in it. packing: a key of ``streams.UNPACKERS``."""

    media: Media
    packing: str
    shape: Shape = Shape.PAGE


@dataclass(slots=True)
class Tally:
    """How far the reading has come, in files.

    found: in the folders listed so far. skipped: passed over in folders because their extension is not known.
    done: handed on to their last page, or refused. unreadable: those of them that could not be read.
    folders_left: folders found but not listed yet. bytes_found: size of the WARC files among those found.
    bytes_done: of them, read so far. resumed: WARC files taken up where an earlier run had ended.
    passed_over: what was found in files and is not for this run, by kind.
    """

    found: int = 0
    skipped: int = 0
    done: int = 0
    unreadable: int = 0
    folders_left: int = 0
    bytes_found: int = 0
    bytes_done: int = 0
    resumed: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)

    def counts(self) -> dict[str, int]:
        """The same by name."""
        numbers = {name: getattr(self, name) for name in Tally.__slots__ if name != "passed_over"}
        return numbers | {f"passed_over/{kind}": number for kind, number in self.passed_over.items()}

    def add(self, paths: Iterable[str]) -> None:
        """Files were found."""
        for path in paths:
            self.found += 1
            if any_form_of(path).shape is Shape.WARC:
                with suppress(OSError):  # who opens it will tell
                    self.bytes_found += os.stat(path).st_size


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read, or a folder that could not be listed. fault: what the file system said of the folder."""

    path: str
    fault: OSError | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    path: str
    is_folder: bool


def form_of(path: str) -> FileForm | None:
    """What the name says, or None when its extension is not one that a folder is searched for."""
    form = any_form_of(path)
    return form if form.shape is not Shape.PAGE or form.media is not Media.UNKNOWN else None


def any_form_of(path: str) -> FileForm:
    """What the name says, whatever the extension."""
    stem, suffix = os.path.splitext(os.path.basename(path).lower())
    packing = suffix if suffix in UNPACKERS else ""
    if packing:
        suffix = os.path.splitext(stem)[1]
    return FileForm(MEDIA.get(suffix, Media.UNKNOWN), packing, SHAPES.get(suffix, Shape.PAGE))


def walk(roots: Iterable[str], tally: Tally) -> Iterator[Found]:
    """Every file of the roots once, folders in byte order of their entries' names; ``tally`` is told what is found.

    A file named as a root is read whatever its extension, and not again in a folder. A folder is listed once, however
    many links lead to it, so loops end. Memory holds the names of one folder a level, never the whole tree.
    """
    distinct = {os.path.realpath(root): _Entry(root, os.path.isdir(root)) for root in roots}
    named = {place for place, root in distinct.items() if not root.is_folder}
    pending = list(reversed(distinct.values()))
    tally.add(named)
    tally.folders_left = len(distinct) - len(named)
    listed: set[tuple[int, int]] = set()
    while pending:
        entry = pending.pop()
        if not entry.is_folder:
            yield Found(entry.path)
            continue
        tally.folders_left -= 1
        try:
            pending += reversed(_list(entry.path, listed, named, tally))
        except OSError as error:
            tally.found += 1
            yield Found(entry.path, error)


def _list(folder: str, listed: set[tuple[int, int]], named: set[str], tally: Tally) -> list[_Entry]:
    """What is to be read of a folder, in order; nothing when it was listed before."""
    status = os.stat(folder)
    if (status.st_dev, status.st_ino) in listed:
        return []
    listed.add((status.st_dev, status.st_ino))
    with os.scandir(folder) as found:
        entries = [_Entry(entry.path, _leads_to_folder(entry)) for entry in found if not _is_hidden(entry.name)]
    files = [e for e in entries if not e.is_folder and not (named and os.path.realpath(e.path) in named)]
    known = {e.path for e in files if form_of(e.path)}
    kept = [e for e in entries if e.is_folder or e.path in known]
    tally.add(known)
    tally.skipped += len(files) - len(known)
    tally.folders_left += len(kept) - len(known)
    return sorted(kept, key=lambda e: os.fsencode(e.path))


def _is_hidden(name: str) -> bool:
    """Whether an entry of a folder is no page: hidden, a side-car, or the folder's README."""
    return name.startswith((".", "README")) or name.endswith(SIDE_CAR)


def _leads_to_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself: no folder, and opening it as a file will tell why
        return False
