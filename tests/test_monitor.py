"""Findings from made-up pasts: each fault is named when it shows, and what is usual is none."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.findings import Finding, Kind
from pipeline.funnel import FIELDS, Funnel, Measure, Stage
from pipeline.monitor import Stored, findings, source_findings
from tests.benchmarks.health_world import Past

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
GIB = 2**30

Change = Callable[[Funnel], None]


def poll(at: datetime, new: int = 6, **changes: Any) -> Past:
    """A poll that found pages, all of them good articles, but for what changes."""
    stages: dict[str, int] = {Stage.NEW: new, Stage.FETCHED: new, Stage.ARTICLE: new}
    stages |= {Measure.WORDS: 400 * new, Measure.ANSWERS: new + 1, Measure.WAITED: 300 * (new + 1)}
    fields = {name: new for name in FIELDS if name != "paywall"}
    funnel = Funnel(stages=stages, listings={"read": 1}, fields=fields)
    for name, change in changes.items():
        if isinstance(change, dict):
            getattr(funnel, name).update(change)
        else:
            funnel.stages[name] = change
    return Past(at, funnel)


def month(days: int = 28, every: timedelta = 4 * HOUR, new: int = 6) -> list[Past]:
    return [poll(MONDAY + step * every, new) for step in range(days * DAY // every)]


def failed(at: datetime, reason: str = "timeout") -> Past:
    return Past(at, Funnel(listings={reason: 1}))


def seen(past: list[Past]) -> dict[Kind, Finding]:
    return {finding.kind: finding for finding in source_findings("post", past)}


def after(past: list[Past], polls: int, **changes: Any) -> list[Past]:
    """The past, and polls after it that differ."""
    return past + [poll(past[-1].at + step * 4 * HOUR, **changes) for step in range(1, polls + 1)]


def test_nothing_is_wrong_with_what_is_usual() -> None:
    assert source_findings("post", month()) == []
    assert source_findings("post", []) == []


def test_pages_are_not_judged_by_a_past_of_two_days() -> None:
    forbidden = {Stage.NEW: 0, Stage.FETCHED: 0, Stage.ARTICLE: 0, "fields": {}, "lost": {"robots": 6}}
    assert Kind.ROBOTS not in seen(after(month(days=2, every=HOUR), 4, **forbidden))
    assert Kind.ROBOTS in seen(after(month(days=4, every=HOUR), 4, **forbidden))


SHIFTS: dict[str, tuple[dict[str, Any], Kind, str]] = {
    "no authors": ({"fields": {"authors": 0}}, Kind.LAYOUT, "authors missing: 100%"),
    "few words": ({Measure.WORDS: 6 * 90}, Kind.LAYOUT, "fewer than 180 words: 100%"),
    "no articles": ({Stage.ARTICLE: 0, "fields": {}, "rejected": {"too_short": 6}}, Kind.LAYOUT, "no article: 100%"),
    "paywall": ({"fields": {"paywall": 6}}, Kind.PAYWALL, "behind a paywall"),
    "consent": ({Stage.ARTICLE: 0, "rejected": {"consent_wall": 6}}, Kind.CONSENT, "consent wall: 100%"),
    "challenge": ({Stage.ARTICLE: 0, "rejected": {"bot_challenge": 6}}, Kind.BLOCKED, "bot challenge"),
    "opted out": ({Stage.ARTICLE: 0, "rejected": {"opted_out": 6}}, Kind.ROBOTS, "opted out"),
    "robots": ({Stage.FETCHED: 0, Stage.ARTICLE: 0, "lost": {"robots": 6}}, Kind.ROBOTS, "forbidden by robots.txt"),
    "lost": ({Stage.FETCHED: 0, Stage.ARTICLE: 0, "lost": {"timeout": 6}}, Kind.FAILING, "lost: 100%"),
}


@pytest.mark.parametrize("name", SHIFTS)
def test_a_change_of_the_pages_is_named_within_two_polls_and_alone(name: str) -> None:
    changes, kind, told = SHIFTS[name]
    found = seen(after(month(), 2, **changes))
    assert list(found) == [kind]
    assert told in found[kind].told
    assert found[kind].since > month()[-1].at
    assert seen(after(month(), 30, **changes)).keys() == {kind}, "it stays"
    assert seen(after(after(month(), 30, **changes), 2)) == {}, "until it is over"


def test_one_odd_poll_and_what_has_been_odd_before_are_no_change() -> None:
    assert seen(after(month(), 1, fields={"authors": 0})) == {}
    odd = after(after(month(14), 3, fields={"authors": 0}), 60)
    assert seen(after(odd, 3, fields={"authors": 0})) == {}


def singly(days: int, hours: float = 2, new: int = 1) -> list[Past]:
    """A page every two hours, day and night."""
    return month(days, hours * HOUR, new)


def then(past: list[Past], polls: int, new: int = 1, **changes: Any) -> list[Past]:
    return past + [poll(past[-1].at + n * 2 * HOUR, new, **changes) for n in range(1, polls + 1)]


WALL: dict[str, Any] = {Stage.ARTICLE: 0, "fields": {}, "rejected": {"consent_wall": 1}}
NO_AUTHOR: dict[str, Any] = {"fields": {"authors": 0}}


def test_the_longer_and_cleaner_the_past_the_fewer_pages_have_to_show_it() -> None:
    assert list(seen(then(singly(25), 2, **WALL))) == [Kind.CONSENT]
    assert seen(then(singly(5), 2, **WALL)) == {}
    assert list(seen(then(singly(5), 3, **WALL))) == [Kind.CONSENT]
    assert seen(then(singly(2), 3, **WALL)) == {}, "too little is known"


def test_what_is_never_usual_takes_fewer_pages_than_a_missing_field() -> None:
    assert seen(then(singly(14), 2, **NO_AUTHOR)) == {}
    assert list(seen(then(singly(14), 3, **NO_AUTHOR))) == [Kind.LAYOUT]


def test_many_pages_of_one_poll_take_one_of_another() -> None:
    gone = {**WALL, "rejected": {"consent_wall": 10}}
    many = [*singly(14), poll(singly(14)[-1].at + HOUR, 10, **gone)]
    assert seen(many) == {}
    assert list(seen(then(many, 1, **WALL))) == [Kind.CONSENT]
    assert seen(then(many, 1)) == {}


def test_pages_of_one_poll_that_tend_to_be_alike_say_less_than_those_of_several() -> None:
    galleries = [poll(one.at, fields={"authors": 0}) if n % 10 == 0 else one for n, one in enumerate(month())]
    assert seen(after(galleries, 3, fields={"authors": 0})) == {}
    mixed = [poll(one.at, fields={"authors": 5}) if n % 2 == 0 else one for n, one in enumerate(month())]
    assert list(seen(after(mixed, 3, fields={"authors": 0}))) == [Kind.LAYOUT]


def test_several_marks_of_a_new_layout_are_one_finding() -> None:
    (finding,) = source_findings("post", after(month(), 2, fields={"authors": 0, "published": 0}))
    assert finding.told.startswith("the site changed its layout: authors missing")
    assert "published missing" in finding.told


def down(past: list[Past], *minutes: int, reason: str = "timeout") -> list[Past]:
    """Polls that failed so many minutes after the first of them, an hour after the past."""
    return past + [failed(past[-1].at + HOUR + n * MINUTE, reason) for n in minutes]


def test_listings_that_fail_in_a_row_and_no_sooner() -> None:
    past = month()
    assert seen(down(past, 0, 10)) == {}, "a reboot"
    found = seen(down(past, 0, 10, 30))
    assert found[Kind.FAILING].since == past[-1].at + HOUR
    assert found[Kind.FAILING].told == "no listing could be read in the last 3 polls: timeout"
    assert seen([*down(past, 0, 10, 30), poll(past[-1].at + 2 * HOUR)]) == {}
    assert list(seen(down(past, 0, 60 * 24, reason="robots"))) == [Kind.ROBOTS]


def test_a_server_that_wants_to_be_left_alone_is_named_as_what_it_says() -> None:
    past = down(down(month(), 0, reason="status_429"), 0, 120, reason="postponed")
    assert seen(past)[Kind.FAILING].told == "no listing could be read in the last 3 polls: status 429"
    assert seen(down(month(), 0, 60, reason="postponed"))[Kind.FAILING].told.endswith("polls: postponed")


def test_a_source_that_often_fails_is_given_more_time() -> None:
    flaky = [failed(one.at) if n % 4 == 0 else one for n, one in enumerate(month())]
    assert seen(down(flaky, 0, 60, 120)) == {}
    assert list(seen(down(flaky, *range(0, 480, 60)))) == [Kind.FAILING]


def test_outages_as_long_as_the_source_has_more_than_once_a_week_are_usual() -> None:
    weak: list[Past] = []
    for start in range(28):
        weak += [poll(MONDAY + start * DAY + n * 30 * MINUTE) for n in range(44)]
        weak = down(weak, 0, 10, 30) if start % 4 == 0 else weak
    assert seen(down(weak, 0, 10, 30)) == {}
    assert list(seen(down(weak, 0, 10, 30, 70))) == [Kind.FAILING]


def test_one_of_several_listings_that_robots_txt_comes_to_forbid() -> None:
    past = month()
    for days in (0, 1, 3):
        past[-24 + 6 * days].funnel.listings["robots"] = 1
    assert seen(past[:-19]) == {}
    assert seen(past)[Kind.ROBOTS].told == "robots.txt forbids a listing"
    assert seen(after(past, 40)) == {}, "it would have been asked again"
    always = month()
    for one in always[::12]:
        one.funnel.listings["robots"] = 1
    assert seen(always) == {}


def test_a_source_that_never_worked() -> None:
    assert seen([failed(MONDAY + n * HOUR) for n in range(2)]) == {}
    assert seen([failed(MONDAY + n * HOUR) for n in range(3)])[Kind.FAILING].told.startswith(
        "no listing could be read ever"
    )


def test_polls_that_passed_the_source_over_say_nothing() -> None:
    past = month()
    assert seen([*past, *(Past(past[-1].at + n * DAY, Funnel(listings={"paused": 1})) for n in range(1, 9))]) == {}


def quiet(past: list[Past], until: timedelta) -> list[Past]:
    every = past[-1].at - past[-2].at
    return past + [poll(past[-1].at + n * every, 0) for n in range(1, until // every + 1)]


def weekdays(days: int, *off: int) -> list[Past]:
    """A page an hour by day, none at night, at weekends and on some days off."""
    free = {n for n in range(days) if n % 7 >= 5} | set(off)
    hours = range(24 * days)
    return [poll(MONDAY + n * HOUR, int(n // 24 not in free and 6 <= n % 24 < 20)) for n in hours]


def test_silence_against_the_sources_own_rhythm() -> None:
    assert seen(quiet(singly(28), 16 * HOUR)) == {}
    assert list(seen(quiet(singly(28), 36 * HOUR))) == [Kind.SILENT]
    weekly = [poll(MONDAY + n * DAY, 5 if n % 7 == 0 else 0) for n in range(70)]
    assert seen(weekly) == {}
    assert seen(quiet(weekly, 19 * DAY))[Kind.SILENT].told == (
        "nothing new for 25 days; in 88 days the longest pause was 7 days"
    )


def test_the_more_a_source_brings_the_sooner_its_silence_is_named() -> None:
    assert list(seen(quiet(month(28, HOUR, 1), 18 * HOUR))) == [Kind.SILENT]
    assert list(seen(quiet(month(28, HOUR / 4, 1), 5 * HOUR))) == [Kind.SILENT]
    assert seen(quiet(month(28, HOUR / 4, 1), 2 * HOUR)) == {}


def test_silence_in_the_first_week_but_for_the_weekend() -> None:
    week = [poll(MONDAY + n * HOUR) for n in range(24 * 4)]
    assert list(seen(quiet(week, 15 * HOUR))) == [Kind.SILENT]
    assert seen(quiet(week[24:] + [poll(MONDAY + n * HOUR) for n in range(24 * 4, 24 * 5)], 2 * DAY)) == {}


def test_nights_weekends_and_holidays_are_no_silence_where_some_days_are_quiet() -> None:
    past = weekdays(28)
    assert all(seen(past[:n]) == {} for n in range(24 * 14, len(past), 3))
    holiday = weekdays(30, 28)
    assert all(seen(holiday[:n]) == {} for n in range(len(past), len(holiday)))
    assert seen(weekdays(30, 28, 29)) == {}, "two in a row"
    assert list(seen(weekdays(32, 28, 29, 30, 31))) == [Kind.SILENT]


def test_a_source_that_rests_at_weekends_is_known_to_in_its_first_week() -> None:
    week = [poll(MONDAY + n * 4 * HOUR, 6 if n < 30 else 0) for n in range(42)]
    assert seen(week) == {}


def test_far_fewer_pages_than_on_the_same_days_before() -> None:
    past = month(new=8)
    fewer = past + [poll(past[-1].at + n * 4 * HOUR, 1) for n in range(1, 11)]
    told = seen(fewer)[Kind.YIELD].told
    assert told == "9 new pages in the last 36 hours, 72 or more at the same time of the weeks before"
    half = past + [poll(past[-1].at + n * 4 * HOUR, 4) for n in range(1, 40)]
    assert seen(half) == {}


def test_a_holiday_is_no_decline_and_twice_as_many_pages_no_fault() -> None:
    holiday = weekdays(30, 28)
    assert all(seen(holiday[:n]) == {} for n in range(24 * 28, len(holiday)))
    assert all(seen(after(month(), n, new=12)) == {} for n in range(1, 30))


def test_answers_that_take_much_longer() -> None:
    past = month()
    slow = {Measure.WAITED: 60_000}
    assert seen(after(past, 1, **slow)) == {}
    assert seen(after(past, 2, **slow))[Kind.SLOW].told == "an answer takes 8.6 s or more, it used to take 0.3 s"
    soon = [poll(past[-1].at + n * 10 * MINUTE, **slow) for n in range(1, 4)]
    assert seen([*past, *soon[:2]]) == {}, "it may be over in 20 minutes"
    assert list(seen([*past, *soon])) == [Kind.SLOW]


def test_where_most_sources_fail_at_once_the_fault_is_ours() -> None:
    past = month()
    failing = down(past, 0, 120)
    now = failing[-1].at
    (finding,) = findings([(f"source-{n}", failing) for n in range(6)], [], now)
    assert (finding.kind, finding.source) == (Kind.NETWORK, "")
    some = [(f"source-{n}", failing if n < 4 else [*past, poll(now)]) for n in range(20)]
    assert [finding.kind for finding in findings(some, [], now)] == [Kind.FAILING] * 4


def test_runs_that_have_stopped() -> None:
    past = month()
    assert findings([("post", past)], [], past[-1].at + 11 * HOUR) == []
    assert [f.kind for f in findings([("post", past)], [], past[-1].at + 13 * HOUR)] == [Kind.STALE]


def grown(*gib: float, free: float = 500) -> list[Stored]:
    return [Stored(MONDAY + n * DAY, int(size * GIB), 0, int((free - size) * GIB)) for n, size in enumerate(gib)]


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ([], []),
        (grown(10, 11, 12, 13, 14, 15, 16, 17), []),
        (grown(10, 11, 12, 13, 14, 15, 16, 17, free=17.5), ["512 MiB are free on the disk"]),
        (grown(10, 20, 30, 40, 50, 60, 70, 80, free=120), ["10.0 GiB more each day: the disk is full in 4 days"]),
        (grown(10, 10.1, 10.2, 10.3, 10.4, 10.5, 10.6, 12.6), ["the database grew by 2.0 GiB in a day"]),
    ],
)
def test_storage(stored: list[Stored], told: list[str]) -> None:
    assert [finding.told for finding in findings([], stored, MONDAY)] == told
