"""Pages to archive, and what became of them."""

import gzip
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from pipeline.errors import ArchiveError
from pipeline.items import Exchange, Link, Media, Origin, RawPage, SiteRules
from pipeline.storage.archive import Archive
from pipeline.storage.captures import Capture, CaptureFilter, read_captures
from pipeline.storage.connection import writing
from pipeline.storage.database import open_database
from pipeline.storage.schema import captures
from tests.storage.test_faults import NOBODY, in_child

NOON = datetime(2026, 6, 1, 12, 0, 0, 250000, UTC)


def fetched(number: int = 1, text: str = "The ferry leaves at nine.", **fields: object) -> RawPage:
    """A page as the crawl hands it to the archive."""
    url = f"https://news.example/{number}"
    body = f"<html><p>{text}</p></html>".encode()
    exchange = Exchange(
        f"GET /{number} HTTP/1.1\r\nHost: news.example\r\n\r\n".encode(),
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nVary: a\r\nVary: b\r\n\r\n",
        gzip.compress(body, mtime=0),
        "192.0.2.1",
    )
    page = RawPage(
        url=url,
        final_url=f"{url}?at=last",
        body=body,
        fetched_at=NOON + timedelta(seconds=number),
        status=200,
        headers={"content-type": "text/html", "vary": "a, b"},
        media=Media.HTML,
        source="news",
        link=Link(url, Origin.FEED, title="Ferry", published=NOON, tags=("sea",)),
        rules=SiteRules(prune=(".ad",)),
        exchange=exchange,
    )
    return replace(page, **fields)


def stored(engine: Engine) -> list[Capture]:
    return list(read_captures(engine, CaptureFilter()))


def files(tmp_path) -> list[Path]:
    return sorted((tmp_path / "archive").rglob("*.warc.gz"))


def flip(path: Path, offset: int, number: int = 50) -> None:
    """Damage a file without a change of its size."""
    with path.open("r+b") as file:
        file.seek(offset)
        held = file.read(number)
        file.seek(offset)
        file.write(bytes(byte ^ 0x55 for byte in held))


@contextmanager
def nobodys_archive() -> Iterator[tuple[Engine, Path, Path]]:
    """An archive of one refined page that belongs to a user without rights: its database, its folder, its file."""
    with tempfile.TemporaryDirectory() as home:
        engine, folder = open_database(f"sqlite:///{home}/newsloom.db"), Path(home, "archive")
        archive = Archive(folder, engine)
        archive.store([fetched(1)], NOON)
        archive.close()
        with writing(engine) as connection:
            connection.execute(captures.update().values(outcome="new"))
        engine.dispose()  # no connection may be shared with a child
        for path in (Path(home), *Path(home).rglob("*")):
            if os.geteuid() == 0:
                os.chown(path, NOBODY, NOBODY)
        yield engine, folder, next(folder.rglob("*.warc.gz"))
        engine.dispose()


def as_nobody(work: Callable[[], object]) -> str:
    """What a process without rights returns or is told."""

    def told() -> object:
        if os.geteuid() == 0:
            os.setuid(NOBODY)
        try:
            return work()
        except ArchiveError as error:
            return error

    return in_child(told)
