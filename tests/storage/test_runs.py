"""The record of runs."""

from datetime import timedelta

import pytest

from pipeline.errors import StorageError
from pipeline.funnel import key
from pipeline.storage.articles import save
from pipeline.storage.runs import SILENCE, finish_run, history, note_run, read_runs, source_runs_of, start_run
from tests.storage.samples import NOON, article

COUNTS = {"articles/new": 3, key("post", "fetched"): 4, key("post", "lost", "timeout"): 1, key("wire", "new"): 0}


def read(engine, now=NOON):
    return [(run.id, run.command, run.status, run.counts) for run in read_runs(engine, now)]


def test_a_run_begins_and_ends(engine):
    run = start_run(engine, "replay", NOON, "newsloom-9")
    assert read(engine) == [(run, "replay", "running", {})]
    later = NOON + timedelta(seconds=3)
    save(engine, [article()], run)
    finish_run(engine, run, later, "finished", {"articles/new": 3, "rejected": 0})
    assert read(engine) == [(run, "replay", "finished", {"articles/new": 3, "rejected": 0})]
    (stored,) = read_runs(engine, NOON)
    assert (stored.started_at, stored.finished_at, stored.extractor) == (NOON, later, "newsloom-9")


def test_what_is_counted_of_a_source_stands_by_source(engine):
    run = start_run(engine, "news", NOON)
    finish_run(engine, run, NOON + timedelta(seconds=3), "finished", COUNTS)
    assert read(engine) == [(run, "news", "finished", {"articles/new": 3})]
    found = source_runs_of(engine, run)
    assert list(found) == ["post", "wire"]
    assert (found["post"].stages, found["post"].lost) == ({"fetched": 4}, {"timeout": 1})
    assert [(past.run_id, past.at) for past in history(engine, NOON)["post"]] == [(run, NOON + timedelta(seconds=3))]
    assert history(engine, NOON + timedelta(hours=1)) == {}


def test_a_run_that_says_nothing_more_was_killed_and_what_it_counted_is_kept(engine):
    run = start_run(engine, "news", NOON)
    note_run(engine, run, NOON + SILENCE, COUNTS)
    assert read(engine, NOON + 2 * SILENCE)[0][2:] == ("running", {"articles/new": 3})
    assert read(engine, NOON + 3 * SILENCE)[0][2:] == ("killed", {"articles/new": 3})
    assert source_runs_of(engine, run)["post"].stages == {"fetched": 4}


def test_a_run_that_ended_is_not_revived(engine):
    run = start_run(engine, "news", NOON)
    finish_run(engine, run, NOON, "finished", COUNTS)
    note_run(engine, run, NOON + SILENCE, {key("post", "fetched"): 9})
    assert read(engine)[0][2] == "finished"
    assert source_runs_of(engine, run)["post"].stages == {"fetched": 4}


def test_the_last_runs_come_first(engine):
    first, second = (start_run(engine, "news", NOON) for _ in range(2))
    assert [run.id for run in read_runs(engine, NOON)] == [second, first]
    assert [run.id for run in read_runs(engine, NOON, limit=1)] == [second]
    assert [run.id for run in read_runs(engine, NOON, ids=[first])] == [first]


def test_runs_have_ids_of_their_own(engine):
    assert start_run(engine, "replay", NOON) != start_run(engine, "crawl", NOON)


def test_a_run_that_never_began(engine):
    with pytest.raises(StorageError, match="there is no run 7"):
        finish_run(engine, 7, NOON, "interrupted", {})


def test_a_run_that_changed_nothing_leaves_no_row(engine):
    first = start_run(engine, "replay", NOON)
    save(engine, [article()], first)
    finish_run(engine, first, NOON, "finished", {"articles/new": 1})
    second = start_run(engine, "replay", NOON)
    save(engine, [article()], second)
    finish_run(engine, second, NOON, "finished", {"articles/unchanged": 1})
    assert [row[0] for row in read(engine)] == [first]


def test_a_run_cut_short_keeps_its_row(engine):
    run = start_run(engine, "replay", NOON)
    finish_run(engine, run, NOON, "interrupted", {})
    assert [row[0] for row in read(engine)] == [run]


def test_that_a_source_was_not_due_is_not_written_down(engine):
    run = start_run(engine, "news", NOON)
    finish_run(
        engine, run, NOON, "finished", {key("post", "listings", "not_due"): 1, key("wire", "listings", "paused"): 1}
    )
    assert list(source_runs_of(engine, run)) == ["wire"]
