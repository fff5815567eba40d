"""The archive: pages written, found again, indexed after a kill. Real files; the index on both databases."""

import os
import random
import resource
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from pipeline.errors import ArchiveError, StorageError
from pipeline.items import Link, Origin
from pipeline.storage.archive import Archive
from pipeline.storage.connection import reading, writing
from pipeline.storage.frontier import note_links, pending_links
from pipeline.storage.schema import archive_files, captures
from tests.storage.archiving import NOON, fetched, files, flip, stored


@pytest.fixture
def archive(tmp_path, engine):
    archive = Archive(tmp_path / "archive", engine)
    yield archive
    archive.close()


def test_a_page_comes_back_as_it_was_fetched(archive, engine):
    pages = [fetched(number, f"Page {number}.") for number in range(3)]
    archive.store(pages, NOON)
    assert [archive.page(capture) for capture in stored(engine)] == pages


def test_other_tools_read_the_file_and_find_every_digest_right(archive, tmp_path):
    archive.store([fetched(1), fetched(2, "Other.")], NOON)
    archive.store([fetched(1, fetched_at=NOON + timedelta(hours=1))], NOON)
    archive.close()
    (path,) = files(tmp_path)
    assert path.parent == tmp_path / "archive/news/2026/2026-06-01"
    with path.open("rb") as file:
        kinds = [record.rec_type for record in ArchiveIterator(file)]
    group = ["request", "response", "metadata"]
    assert kinds == ["warcinfo", *group, *group, "request", "revisit", "metadata"]
    checker = Checker(type("Options", (), {"inputs": [str(path)], "verbose": False}))
    checker.process_all()
    assert checker.exit_value == 0


def test_the_same_payload_is_kept_once_and_both_pages_come_back(archive, engine):
    first, again = fetched(1), fetched(1, fetched_at=NOON + timedelta(days=1))
    archive.store([first], NOON)
    archive.store([again], NOON)
    one, two = stored(engine)
    assert two.original_id == one.id
    assert [archive.page(one), archive.page(two)] == [first, again]


def test_what_is_archived_is_not_fetched_again(archive, engine):
    link = Link("https://news.example/1", Origin.FEED, source="news")
    with writing(engine) as connection:
        note_links(connection, [link, replace(link, url="https://news.example/2")], NOON)
    archive.store([fetched(1)], NOON)
    assert [left.url for left in pending_links(engine, "news", NOON, 10)] == ["https://news.example/2"]


def test_a_day_and_a_collection_have_files_of_their_own_and_a_full_file_is_followed_by_another(tmp_path, engine):
    archive = Archive(tmp_path / "archive", engine, file_size=1)
    other = replace(fetched(3, "Other.").exchange, collection="sport")
    archive.store([fetched(1)], NOON)
    archive.store([fetched(2, "Two."), fetched(3, "Other.", exchange=other)], NOON)
    archive.store([fetched(4, "Four.")], NOON + timedelta(days=1))
    archive.store([fetched(5, "Five.")], NOON)  # the clock was put back
    archive.close()
    folders = [str(path.parent.relative_to(tmp_path / "archive")) for path in files(tmp_path)]
    assert folders == ["news/2026/2026-06-01"] * 3 + ["news/2026/2026-06-02", "sport/2026/2026-06-01"]
    assert len(stored(engine)) == 5


def killed_after(archive: Archive, pages, engine, lost: int) -> None:
    """Leave the files as a process does that was killed before it indexed the last ``lost`` pages."""
    archive.store(pages, NOON)
    kept = stored(engine)[: len(pages) - lost]
    with writing(engine) as connection:
        connection.execute(captures.delete().where(captures.c.id.not_in([capture.id for capture in kept])))
        end = max((capture.offset + capture.length for capture in kept), default=0)
        connection.execute(archive_files.update().values(size=end))
    archive.close()


@pytest.mark.parametrize("lost", [0, 1, 3])
def test_what_was_written_and_not_indexed_is_indexed_by_the_next_run(archive, engine, lost):
    pages = [fetched(number, f"Page {number}.") for number in range(3)]
    killed_after(archive, pages, engine, lost)
    archive.recover(NOON)
    assert [archive.page(capture) for capture in stored(engine)] == pages
    archive.recover(NOON)
    assert len(stored(engine)) == 3


def test_a_revisit_that_was_not_indexed_finds_its_original(archive, engine):
    archive.store([fetched(1)], NOON)
    again = fetched(1, fetched_at=NOON + timedelta(hours=1))
    archive.store([again], NOON)
    with writing(engine) as connection:
        last = stored(engine)[-1]
        connection.execute(captures.delete().where(captures.c.id == last.id))
        connection.execute(archive_files.update().values(size=last.offset))
    archive.close()
    archive.recover(NOON)
    assert archive.page(stored(engine)[-1]) == again


@pytest.mark.parametrize("cut", [1, 9, 200, 700])
def test_a_torn_page_is_cut_off_and_written_again(archive, engine, tmp_path, cut):
    pages = [fetched(1), fetched(2, "Other.")]
    killed_after(archive, pages, engine, 1)
    (path,) = files(tmp_path)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - cut)
    archive.recover(NOON)
    assert path.stat().st_size == stored(engine)[0].offset + stored(engine)[0].length
    archive.store([pages[1]], NOON)
    assert [archive.page(capture) for capture in stored(engine)] == pages
    assert files(tmp_path) == [path]


def test_damage_before_whole_pages_is_passed_over_and_nothing_is_cut_off(archive, engine, tmp_path, caplog):
    pages = [fetched(number, f"Page {number}.") for number in range(4)]
    archive.store(pages, NOON)
    second = stored(engine)[1]
    with writing(engine) as connection:
        connection.execute(captures.delete().where(captures.c.id >= second.id))
        connection.execute(archive_files.update().values(size=second.offset))
    archive.close()
    (path,) = files(tmp_path)
    flip(path, second.offset + second.length // 2)
    size = path.stat().st_size
    archive.recover(NOON)
    assert "damaged and passed over" in caplog.text
    assert [archive.page(capture) for capture in stored(engine)] == [pages[0], *pages[2:]]
    assert path.stat().st_size == size


def test_a_file_that_lost_its_end_is_not_written_on(archive, engine, tmp_path):
    archive.store([fetched(1), fetched(2, "Other.")], NOON)
    archive.close()
    (path,) = files(tmp_path)
    os.truncate(path, path.stat().st_size - 10)
    archive.recover(NOON)
    archive.store([fetched(3, "Third.")], NOON)
    assert len(files(tmp_path)) == 2
    assert [archive.page(stored(engine)[number]).url[-1] for number in (0, 2)] == ["1", "3"]


def test_an_empty_file_that_a_kill_left_goes(archive, engine, tmp_path):
    archive.store([fetched(1)], NOON)
    archive.close()
    (path,) = files(tmp_path)
    os.truncate(path, 100)
    with writing(engine) as connection:
        connection.execute(captures.delete())
        connection.execute(archive_files.update().values(size=0))
    archive.recover(NOON)
    assert files(tmp_path) == []
    with reading(engine) as connection:
        assert connection.execute(select(archive_files)).all() == []


def test_a_folder_that_is_not_there_ends_the_run_before_anything_is_given_up(archive, tmp_path):
    archive.store([fetched(1)], NOON)
    archive.close()
    (tmp_path / "archive").rename(tmp_path / "elsewhere")
    with pytest.raises(ArchiveError, match="archive: there is no such folder, but the database knows files in it"):
        archive.recover(NOON)
    (tmp_path / "elsewhere").rename(tmp_path / "archive")
    archive.recover(NOON)
    assert list(archive.unrefined()) == [replace(fetched(1), exchange=None)]


def test_nothing_refers_to_a_payload_that_was_lost(archive, engine, tmp_path, caplog):
    first, again = fetched(1), fetched(1, fetched_at=NOON + timedelta(days=1))
    archive.store([first], NOON)
    (path,), (capture,) = files(tmp_path), stored(engine)
    flip(path, capture.offset + capture.length // 2)
    archive.store([again], NOON + timedelta(days=1))
    assert "its page is written anew" in caplog.text
    assert archive.page(stored(engine)[1]) == again


def test_a_page_that_repeats_one_that_is_gone_stops_no_run(archive, engine, tmp_path, caplog):
    archive.store([fetched(1)], NOON)
    archive.store([fetched(1, fetched_at=NOON + timedelta(days=1))], NOON + timedelta(days=1))
    archive.close()
    (first, _), (_, last) = files(tmp_path), stored(engine)
    with writing(engine) as connection:
        connection.execute(captures.delete().where(captures.c.id == last.id))
        connection.execute(archive_files.update().where(archive_files.c.name == last.file).values(size=last.offset))
    first.unlink()
    archive.recover(NOON + timedelta(days=1))
    assert (
        f"offset {last.offset}: {last.url}: the response that it repeats is missing; it will be fetched" in caplog.text
    )
    assert len(stored(engine)) == 1


def test_a_revisit_names_the_address_of_the_record_that_it_repeats(archive, tmp_path):
    archive.store([fetched(1)], NOON)
    archive.store([fetched(1, fetched_at=NOON + timedelta(days=1))], NOON + timedelta(days=1))
    found = []
    for path in files(tmp_path):
        with path.open("rb") as file:
            found += [
                record.rec_headers.get_header(
                    "WARC-Refers-To-Target-URI" if record.rec_type == "revisit" else "WARC-Target-URI"
                )
                for record in ArchiveIterator(file)
                if record.rec_type in ("response", "revisit")
            ]
    assert found == ["https://news.example/1?at=last"] * 2


def test_a_file_that_another_process_writes_to_is_left_alone(archive, engine, tmp_path):
    archive.store([fetched(1)], NOON)
    other = Archive(tmp_path / "archive", engine)
    other.recover(NOON)
    other.store([fetched(2, "Other.")], NOON)
    other.close()
    assert len(files(tmp_path)) == 2
    assert [archive.page(capture).url[-1] for capture in stored(engine)] == ["1", "2"]


def test_a_file_of_an_earlier_day_is_closed(archive, engine):
    archive.store([fetched(1)], NOON)
    archive.close()
    archive.recover(NOON + timedelta(days=1))
    with reading(engine) as connection:
        assert connection.scalars(select(archive_files.c.closed)).all() == [True]


def test_a_file_that_is_gone_is_told_and_the_rest_is_kept(archive, engine, tmp_path, caplog):
    archive.store([fetched(1)], NOON)
    archive.close()
    (path,) = files(tmp_path)
    path.unlink()
    archive.recover(NOON)
    assert "the file is gone" in caplog.text
    with pytest.raises(ArchiveError, match=f"{path.name}.*No such file"):
        archive.page(stored(engine)[0])
    archive.store([fetched(2, "Other.")], NOON)
    assert archive.page(stored(engine)[1]).url.endswith("2")


def test_a_damaged_page_names_file_and_offset(archive, engine, tmp_path):
    archive.store([fetched(1)], NOON)
    (path,), (capture,) = files(tmp_path), stored(engine)
    flip(path, capture.offset + capture.length // 2)
    with pytest.raises(ArchiveError, match=f"{path.name}: offset {capture.offset}: "):
        archive.page(capture)


def test_a_page_with_any_byte_changed_or_cut_off_is_told_or_the_same(archive, engine, tmp_path):
    page = fetched(1)
    archive.store([page], NOON)
    (path,), (capture,) = files(tmp_path), stored(engine)
    whole, end = path.read_bytes(), capture.offset + capture.length
    assert end == len(whole)
    for at in range(capture.offset, end):
        flip(path, at)
        with suppress(ArchiveError):
            assert archive.page(capture) == page
        path.write_bytes(whole[:at])
        with pytest.raises(ArchiveError):
            archive.page(capture)
        path.write_bytes(whole)


def test_a_folder_that_cannot_be_made_is_told(engine):
    archive = Archive(Path("/dev/null/archive"), engine)
    with pytest.raises(ArchiveError, match="cannot be made: Not a directory"):
        archive.store([fetched(1)], NOON)
    assert stored(engine) == []


def test_a_disk_that_takes_no_more_is_told_and_the_file_is_left_as_it_was(archive, engine, tmp_path):
    archive.store([fetched(1)], NOON)
    (path,) = files(tmp_path)
    size = path.stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**21, before[1]))
    try:
        large = replace(fetched(2).exchange, body=random.Random(1).randbytes(2**22))
        with pytest.raises(ArchiveError, match=f"{path.name}: cannot be written: File too large"):
            archive.store([fetched(2, exchange=large)], NOON)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.stat().st_size == size
    archive.store([fetched(2, "Other.")], NOON)
    assert [archive.page(capture).url[-1] for capture in stored(engine)] == ["1", "2"]


def test_a_file_that_is_deleted_under_the_writer_takes_no_page(archive, engine, tmp_path):
    archive.store([fetched(1)], NOON)
    (path,) = files(tmp_path)
    path.unlink()
    with pytest.raises(ArchiveError, match=f"{path.name}: cannot be written: No such file"):
        archive.store([fetched(2, "Other.")], NOON)
    assert [capture.url[-1] for capture in stored(engine)] == ["1"]


def test_what_was_written_and_could_not_be_indexed_is_not_written_over(archive, engine):
    archive.store([fetched(1)], NOON)
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE frontier RENAME TO elsewhere"))
    with pytest.raises(StorageError):
        archive.store([fetched(2, "Other.")], NOON)
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO frontier"))
    archive.store([fetched(3, "Third.")], NOON)
    archive.close()
    archive.recover(NOON)
    assert sorted(archive.page(capture).url[-1] for capture in stored(engine)) == ["1", "2", "3"]


def test_a_database_from_an_older_backup_gets_all_pages_back_those_that_repeat_others_too(archive, engine):
    pages = [fetched(number, f"Page {number}.") for number in (1, 2, 3)]
    archive.store(pages, NOON)
    pages.append(fetched(2, "Page 2.", fetched_at=NOON + timedelta(hours=1)))
    archive.store(pages[3:], NOON)
    archive.close()
    with writing(engine) as connection:
        connection.execute(captures.delete())
        connection.execute(archive_files.update().values(size=0))
    archive.recover(NOON)
    found = stored(engine)
    assert [archive.page(capture) for capture in found] == pages
    assert [capture.original_id for capture in found] == [None, None, None, found[1].id]
