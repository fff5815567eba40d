"""Deleting old files of the archive, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pipeline.errors import ArchiveError
from pipeline.storage.archive import Archive
from pipeline.storage.articles import save
from pipeline.storage.connection import reading, writing
from pipeline.storage.inspection import Inspection
from pipeline.storage.pruning import _old_files, _unindexed, prune, pruned_before
from pipeline.storage.schema import archive_files, captures
from tests.storage.archiving import NOON, as_nobody, fetched, files, nobodys_archive, stored
from tests.storage.samples import article

DAY = timedelta(days=1)


@pytest.fixture
def archive(tmp_path, engine):
    archive = Archive(tmp_path / "archive", engine)
    yield archive
    archive.close()


@pytest.fixture
def month(archive, engine):
    """Four days: 0, 1 and 29 with a page of their own, 10 with page 0 again. All refined, all files closed."""
    for day, number in ((0, 0), (1, 1), (10, 0), (29, 2)):
        archive.store([fetched(number, f"Page {number}.", fetched_at=NOON + day * DAY)], NOON + day * DAY)
    archive.close()
    archive.recover(NOON + 30 * DAY)
    refined(engine)


def refined(engine):
    with writing(engine) as connection:
        connection.execute(captures.update().values(outcome="new"))


def pruned(tmp_path, engine, before, **options):
    """What became of each old file, the oldest first: its day, and why it was kept."""
    found = [(file.name[10:20], file.kept) for file in prune(engine, tmp_path / "archive", before, **options)]
    return list(reversed(found))


def is_sound(tmp_path, engine):
    return not list(Inspection(tmp_path / "archive", engine).faults(lambda _: None))


@pytest.mark.usefixtures("month")
def test_files_go_all_of_whose_pages_are_older(engine, tmp_path):
    save(engine, [article(digest=stored(engine)[1].digest)])
    assert pruned(tmp_path, engine, NOON + 20 * DAY) == [("2026-06-01", ""), ("2026-06-02", ""), ("2026-06-11", "")]
    assert [path.name[5:13] for path in files(tmp_path)] == ["20260630"]
    assert [path.name for path in (tmp_path / "archive/news/2026").iterdir()] == ["2026-06-30"]
    assert [capture.url[-1] for capture in stored(engine)] == ["2"]
    assert is_sound(tmp_path, engine)
    assert pruned_before(engine) == NOON + 20 * DAY
    assert pruned(tmp_path, engine, NOON + 10 * DAY) == []
    assert pruned_before(engine) == NOON + 20 * DAY


@pytest.mark.usefixtures("month")
def test_what_pages_that_stay_repeat_stays(engine, tmp_path):
    kept = "pages of files that stay repeat what stands in it"
    assert pruned(tmp_path, engine, NOON + 5 * DAY) == [("2026-06-01", kept), ("2026-06-02", "")]
    assert len(files(tmp_path)) == 3
    assert is_sound(tmp_path, engine)


@pytest.mark.usefixtures("month")
def test_a_dry_run_only_says_it(engine, tmp_path):
    before = pruned(tmp_path, engine, NOON + 5 * DAY, dry_run=True)
    assert (len(files(tmp_path)), len(stored(engine)), pruned_before(engine)) == (4, 4, None)
    assert pruned(tmp_path, engine, NOON + 5 * DAY) == before


@pytest.mark.usefixtures("month")
def test_another_collection_stays(engine, tmp_path):
    assert pruned(tmp_path, engine, NOON + 90 * DAY, collection="sport") == []
    assert len(files(tmp_path)) == 4


def test_files_that_repeat_each_others_pages_go_together(archive, engine, tmp_path):
    other = Archive(tmp_path / "archive", engine)
    archive.store([fetched(1)], NOON)
    other.store([fetched(2, "Two.")], NOON)
    archive.store([fetched(2, "Two.", fetched_at=NOON + DAY / 4)], NOON)
    other.store([fetched(1, fetched_at=NOON + DAY / 4)], NOON)
    for one in (archive, other):
        one.close()
    refined(engine)
    assert [kept for _, kept in pruned(tmp_path, engine, NOON + DAY)] == ["", ""]
    assert (files(tmp_path), stored(engine)) == ([], [])


def test_pages_that_nobody_has_refined_stay(archive, engine, tmp_path):
    archive.store([fetched(1)], NOON)
    archive.close()
    assert pruned(tmp_path, engine, NOON + DAY) == [("2026-06-01", "the next crawl has pages in it to refine")]
    assert len(stored(engine)) == 1


def test_a_file_that_is_written_to_stays(archive, engine, tmp_path):
    archive.store([fetched(1)], NOON)
    refined(engine)
    assert pruned(tmp_path, engine, NOON + DAY) == [("2026-06-01", "another process writes to it")]
    archive.close()
    assert pruned(tmp_path, engine, NOON + DAY) == [("2026-06-01", "")]


@pytest.mark.usefixtures("month")
@pytest.mark.parametrize("done", ["unindexed", "deleted", "gone before"])
def test_a_kill_on_the_way_leaves_nothing_dangling_and_the_next_run_ends_it(engine, tmp_path, done):
    folder = tmp_path / "archive"
    file = next(file for file in _old_files(engine, NOON + 20 * DAY, None) if "2026-06-02" in file.name)
    if done == "gone before":
        (folder / file.name).unlink()
    else:
        assert _unindexed(engine, file, {file.id})
        assert is_sound(tmp_path, engine)
    if done == "deleted":
        (folder / file.name).unlink()
        assert is_sound(tmp_path, engine)
    pruned(tmp_path, engine, NOON + 20 * DAY)
    assert is_sound(tmp_path, engine)
    assert len(files(tmp_path)) == 1
    with reading(engine) as connection:
        assert len(connection.execute(select(archive_files)).all()) == 1


@pytest.mark.usefixtures("month")
def test_a_page_that_began_to_be_repeated_meanwhile_stays(engine, tmp_path):
    first = next(file for file in _old_files(engine, NOON + 20 * DAY, None) if "2026-06-01" in file.name)
    assert not _unindexed(engine, first, {first.id})
    assert len(stored(engine)) == 4
    assert is_sound(tmp_path, engine)


class Overtaken(Archive):
    """An archive before whose every write old files are deleted: what a page repeats was looked up before that."""

    def _append(self, file, data):
        list(prune(self._engine, self._folder, NOON + 20 * DAY))
        super()._append(file, data)


@pytest.mark.usefixtures("month")
def test_a_page_is_written_whole_where_what_it_repeats_is_deleted_meanwhile(engine, tmp_path):
    late = Overtaken(tmp_path / "archive", engine)
    pages = [fetched(number, f"Page {number}.", fetched_at=NOON + 40 * DAY) for number in (0, 2)]
    late.store(pages, NOON + 40 * DAY)
    late.close()
    assert [(capture.url[-1], capture.original_id) for capture in stored(engine)] == [
        ("2", None),
        ("0", None),
        ("2", None),
    ]
    assert [page.body for page in late.unrefined()] == [page.body for page in pages]
    assert is_sound(tmp_path, engine)


@pytest.mark.usefixtures("month")
def test_without_the_folder_nothing_is_forgotten(engine, tmp_path):
    (tmp_path / "archive").rename(tmp_path / "elsewhere")
    with pytest.raises(ArchiveError, match="archive: there is no such folder, but the database knows files in it"):
        pruned(tmp_path, engine, NOON + 20 * DAY)
    assert len(stored(engine)) == 4


def test_a_folder_that_may_not_be_changed_is_told_and_nothing_forgotten():
    with nobodys_archive() as (engine, folder, path):
        path.parent.chmod(0o555)
        told = as_nobody(lambda: list(prune(engine, folder, NOON + DAY)))
        path.parent.chmod(0o755)
        assert told == f"{path}: cannot be deleted: Permission denied"
        assert len(stored(engine)) == 1
