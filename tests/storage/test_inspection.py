"""Is every archived page still there, and which articles does it concern when not? On both databases."""

import os
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.errors import ArchiveError
from pipeline.storage.archive import Archive
from pipeline.storage.articles import save
from pipeline.storage.connection import writing
from pipeline.storage.holdings import holdings
from pipeline.storage.inspection import Inspection, LostVersion
from pipeline.storage.schema import archive_files, captures
from tests.storage.archiving import NOON, as_nobody, fetched, files, flip, nobodys_archive, stored
from tests.storage.samples import article

DAY = timedelta(days=1)


@pytest.fixture
def archive(tmp_path, engine):
    archive = Archive(tmp_path / "archive", engine)
    yield archive
    archive.close()


def inspected(tmp_path, engine):
    """What is said, without the path of the folder; and which versions are concerned."""
    inspection = Inspection(tmp_path / "archive", engine)
    said = [fault.text.removeprefix(f"{tmp_path}/archive/") for fault in inspection.faults(lambda _: None)]
    return said, list(inspection.lost_versions())


def two_days(archive):
    """Three pages of one day; on the next the first of them again, unchanged."""
    archive.store([fetched(n, f"Page {n}.") for n in (1, 2, 3)], NOON)
    archive.store([fetched(1, "Page 1.", fetched_at=NOON + DAY)], NOON + DAY)
    archive.close()
    archive.recover(NOON + 2 * DAY)


def test_a_sound_archive(archive, engine, tmp_path):
    two_days(archive)
    inspection = Inspection(tmp_path / "archive", engine)
    seen = []
    assert list(inspection.faults(seen.append)) == []
    assert (inspection.files, inspection.pages, inspection.size) == (2, 4, sum(seen))
    assert inspected(tmp_path, engine) == ([], [])


def test_an_archive_that_was_never_begun(engine, tmp_path):
    assert inspected(tmp_path, engine) == ([], [])


def test_flipped_bytes_name_the_page_and_the_versions_without_another_copy(archive, engine, tmp_path):
    two_days(archive)
    first, second, _, again = stored(engine)
    save(engine, [article("One.", url=second.url, digest=first.digest, fetched_at=NOON)])
    save(engine, [article("Two.", url=second.url, digest=second.digest, fetched_at=NOON + DAY)])
    flip(tmp_path / "archive" / second.file, second.offset + second.length // 2)
    said, lost = inspected(tmp_path, engine)
    (line,) = said
    assert re.fullmatch(rf"{second.file}: offset {second.offset}: .+: {second.url}", line)
    assert lost == [LostVersion(1, 2, current=True)]
    flip(tmp_path / "archive" / first.file, first.offset + first.length // 2)
    said, lost = inspected(tmp_path, engine)
    assert re.fullmatch(rf"{first.file}: offset {first.offset}: .+: 2 pages, the first {first.url}", said[0])
    assert re.fullmatch(rf"{again.file}: offset {again.offset}: the response that it repeats: .+", said[1])
    assert lost == [LostVersion(1, 1, current=False), LostVersion(1, 2, current=True)]


def test_a_copy_elsewhere_saves_the_version(archive, engine, tmp_path):
    archive.store([fetched(1)], NOON)
    archive.store([fetched(1, url="https://news.example/other", fetched_at=NOON + DAY)], NOON + DAY)
    first, _ = stored(engine)
    save(engine, [article("One.", url=first.url, digest=first.digest)])
    flip(tmp_path / "archive" / first.file, first.offset + first.length // 2)
    said, lost = inspected(tmp_path, engine)
    assert (len(said), lost) == (1, [])


def test_a_file_that_vanished(archive, engine, tmp_path):
    two_days(archive)
    gone, _ = files(tmp_path)
    gone.unlink()
    said, _ = inspected(tmp_path, engine)
    name = stored(engine)[0].file
    assert said[0].startswith(f"{name}: offset ")
    assert said[0].endswith("cannot be read: No such file or directory: 3 pages, the first https://news.example/1")
    assert f"/{name}: cannot be read: No such file" in said[1]


def test_a_named_pipe_in_its_place_is_not_waited_for(archive, engine, tmp_path):
    two_days(archive)
    gone, _ = files(tmp_path)
    gone.unlink()
    os.mkfifo(gone)
    said, _ = inspected(tmp_path, engine)
    assert "bytes are missing at its end" in said[0]
    assert said[1].endswith("cannot be read: Illegal seek: 3 pages, the first https://news.example/1")


def test_a_file_that_shrank(archive, engine, tmp_path):
    two_days(archive)
    path, third = files(tmp_path)[0], stored(engine)[2]
    os.truncate(path, third.offset + 10)
    said, _ = inspected(tmp_path, engine)
    assert said == [
        f"{third.file}: offset {third.offset + 10}: {third.length - 10:,} bytes are missing at its end",
        f"{third.file}: offset {third.offset}: a record breaks off: {third.url}",
    ]


def test_a_file_that_another_took_the_place_of(archive, engine, tmp_path):
    archive.store([fetched(n, f"Page {n}.") for n in (1, 2)], NOON)
    other = Archive(tmp_path / "archive", engine)
    other.store([fetched(n, f"Page {n}.") for n in (3, 4)], NOON)
    other.close()
    first, second = (tmp_path / "archive" / stored(engine)[n].file for n in (0, 2))
    first.write_bytes(second.read_bytes())
    inspection = Inspection(tmp_path / "archive", engine)
    assert {fault.file for fault in inspection.faults(lambda _: None)} == {str(first)}
    assert inspection.lost == {1, 2}


def test_another_page_where_one_should_be(archive, engine, tmp_path):
    archive.store([fetched(n, f"Page {n}.") for n in (1, 2)], NOON)
    first, second = stored(engine)
    place = {"offset": second.offset, "length": second.length}
    with writing(engine) as connection:
        connection.execute(captures.update().where(captures.c.id == first.id).values(place))
    said, _ = inspected(tmp_path, engine)
    assert said[-1] == f"{first.file}: offset {second.offset}: another page stands there, {second.url}: {first.url}"
    with writing(engine) as connection:
        connection.execute(captures.update().where(captures.c.id == first.id).values(url=second.url))
    said, _ = inspected(tmp_path, engine)
    assert said[-1] == f"{first.file}: offset {second.offset}: the body is not that of the index: {second.url}"


def test_pages_and_files_that_the_index_does_not_know(archive, engine, tmp_path):
    two_days(archive)
    one, *_ = stored(engine)
    path = tmp_path / "archive" / one.file
    (path.parent / "other.warc.gz").write_bytes(path.read_bytes())
    (path.parent / "empty.warc.gz").touch()
    with path.open("ab") as file:
        file.write(b"scribble")
    with writing(engine) as connection:
        connection.execute(captures.delete().where(captures.c.original_id.is_not(None)))
        connection.execute(captures.delete().where(captures.c.id == one.id))
    said, _ = inspected(tmp_path, engine)
    assert said[0] == f"{one.file}: offset {one.offset}: not in the index: {one.url}"
    assert said[1].endswith(f"offset {path.stat().st_size - 8}: 8 bytes that are no record")
    assert "not in the index: https://news.example/1" in said[2]
    assert said[3].endswith(
        "other.warc.gz: " + f"{path.stat().st_size - 8:,} bytes, a file that the index does not know"
    )
    assert len(said) == 4


def test_the_tail_of_a_file_that_is_not_closed_is_the_next_runs_matter(archive, engine, tmp_path):
    archive.store([fetched(1), fetched(2, "Other.")], NOON)
    last = stored(engine)[1]
    with writing(engine) as connection:
        connection.execute(captures.delete().where(captures.c.id == last.id))
        connection.execute(archive_files.update().values(size=last.offset))
    assert inspected(tmp_path, engine) == ([], [])


def test_an_index_without_the_folder(archive, engine, tmp_path):
    archive.store([fetched(1)], NOON)
    (tmp_path / "archive").rename(tmp_path / "elsewhere")
    with pytest.raises(ArchiveError, match="archive: cannot be read: No such file or directory"):
        inspected(tmp_path, engine)


def test_what_there_is_of_each_collection_and_source(archive, engine):
    sport = replace(fetched(4).exchange, collection="sport")
    two_days(archive)
    archive.store([fetched(4, source="goals", exchange=sport)], NOON + 2 * DAY)
    found = {(holding.collection, holding.source): holding for holding in holdings(engine)}
    assert list(found) == [("news", None), ("news", "news"), ("sport", None), ("sport", "goals")]
    news, of_source = found["news", None], found["news", "news"]
    assert (news.files, news.pages, news.revisits, news.unrefined, news.unreadable) == (2, 4, 1, 4, 0)
    assert (news.first, news.last) == (fetched(1).fetched_at, NOON + DAY)
    assert news.stored > news.size == sum(capture.length for capture in stored(engine)[:4])
    assert replace(of_source, source=None, stored=news.stored) == news


def test_a_folder_that_cannot_be_read():
    with nobodys_archive() as (engine, folder, _):
        (folder / "news").chmod(0)
        told = as_nobody(lambda: list(Inspection(folder, engine).faults(lambda _: None)))
        (folder / "news").chmod(0o755)
        assert told == f"{folder}/news: cannot be read: Permission denied"
