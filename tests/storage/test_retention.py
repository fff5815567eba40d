"""What has been kept for long enough is deleted, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select

from pipeline.items import Reason, Rejection
from pipeline.storage.articles import save
from pipeline.storage.connection import reading
from pipeline.storage.retention import drop_rejections, drop_runs
from pipeline.storage.runs import finish_run, start_run
from pipeline.storage.schema import rejections, runs, source_runs
from tests.storage.samples import article

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def crawled(engine: Engine, at: datetime) -> int:
    number = start_run(engine, "news", at)
    finish_run(engine, number, at, "finished", {"sources/post/listings/unchanged": 1})
    return number


def test_old_runs_go_unless_something_they_wrote_is_there(engine: Engine) -> None:
    wrote, idle, later = crawled(engine, NOW - 9 * DAY), crawled(engine, NOW - 9 * DAY), crawled(engine, NOW)
    save(engine, [article()], wrote)
    assert drop_runs(engine, NOW - DAY) == 1
    with reading(engine) as connection:
        assert set(connection.scalars(select(runs.c.id))) == {wrote, later} == {wrote, later} - {idle}
        assert set(connection.scalars(select(source_runs.c.run_id))) == {wrote, later}


def test_old_rejections_go(engine: Engine) -> None:
    old = Rejection(
        url="https://news.example/a", digest="1" * 64, reason=Reason.TOO_SHORT, detail="", fetched_at=NOW - 9 * DAY
    )
    save(engine, [old, replace(old, url="https://news.example/b", fetched_at=NOW)])
    assert drop_rejections(engine, NOW - DAY) == 1
    with reading(engine) as connection:
        assert list(connection.scalars(select(rejections.c.url))) == ["https://news.example/b"]
