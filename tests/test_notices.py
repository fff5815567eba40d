"""Which findings are told, when again, and how they are put."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.findings import Finding, Kind
from pipeline.notices import CALM, Alert, body_of, plan, title_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SILENT = Finding(Kind.SILENT, "post", NOON - DAY, "nothing new for 24 hours")
STALE = Finding(Kind.STALE, "", NOON, "nothing has run for 5 hours")


def test_a_finding_is_told_once_and_again_after_the_cooldown() -> None:
    first = plan([], [SILENT], NOON, DAY)
    assert (first.new, first.told) == ((SILENT,), (Alert(SILENT, NOON),))
    second = plan(first.told, [replace(SILENT, told="nothing new for 25 hours")], NOON + HOUR, DAY)
    assert second.is_silent
    third = plan(second.told, [SILENT], NOON + DAY, DAY)
    assert (third.new, third.still) == ((), (SILENT,))
    assert plan(third.told, [SILENT], NOON + DAY + HOUR, DAY).is_silent


def test_what_could_not_be_told_is_told_at_the_next_look() -> None:
    failed = plan([], [SILENT], NOON, DAY)
    assert plan(failed.untold, [SILENT], NOON + HOUR, DAY).new == (SILENT,)
    gone = plan(failed.untold, [], NOON + HOUR, DAY)
    assert (gone.is_silent, gone.told) == (True, ())


def test_a_finding_is_over_when_it_stays_away() -> None:
    told = plan([], [SILENT], NOON, DAY).told
    away = plan(told, [], NOON + HOUR, DAY)
    assert away.is_silent
    over = plan(away.told, [], NOON + HOUR + CALM, DAY)
    assert (over.over, over.told) == ((SILENT,), ())
    assert plan(over.untold, [], NOON + HOUR + 2 * CALM, DAY).over == (SILENT,)


def test_what_comes_and_goes_is_told_once() -> None:
    alerts = plan([], [SILENT], NOON, DAY).told
    for step in range(1, 20):
        news = plan(alerts, [SILENT] if step % 2 else [], NOON + step * HOUR / 2, DAY)
        assert news.is_silent
        alerts = news.told


def test_a_notice_is_grouped_by_kind() -> None:
    many = [Finding(Kind.FAILING, f"source-{n}", NOON, "timeout") for n in range(30)]
    known = [Alert(STALE, NOON - DAY, NOON - 2 * CALM)]
    news = plan(known, [SILENT, *many], NOON, DAY)
    assert title_of(news) == "newsloom: 31 new, 1 over"
    names = ", ".join(f"source-{n}" for n in range(20))
    assert body_of(news) == (
        "New:\n- silent: post: nothing new for 24 hours (since 2026-03-01 12:00 UTC)\n"
        f"- failing: 30 sources: {names} and 10 more\n\n"
        "Over:\n- stale: nothing has run for 5 hours (since 2026-03-02 12:00 UTC)"
    )
