"""The record of runs."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pipeline.errors import StorageError
from pipeline.storage.articles import save
from pipeline.storage.runs import finish_run, start_run
from pipeline.storage.schema import runs
from tests.storage.samples import NOON, article


def read(engine):
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(runs).order_by(runs.c.id))]


def test_a_run_begins_and_ends(engine):
    run = start_run(engine, "replay", NOON)
    assert read(engine) == [(run, "replay", NOON, None, "running", {})]
    later = NOON + timedelta(seconds=3)
    save(engine, [article()], run)
    finish_run(engine, run, later, "finished", {"articles/new": 3, "rejected": 0})
    assert read(engine) == [(run, "replay", NOON, later, "finished", {"articles/new": 3, "rejected": 0})]


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
