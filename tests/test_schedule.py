"""When listings and articles are asked for again."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.items import Origin
from pipeline.schedule import (
    DEAD_FAILURES,
    DEAD_INTERVAL,
    PRICE,
    Pace,
    by_worth,
    credited,
    expected,
    is_due,
    learned,
    mean_rate,
    next_poll,
    next_try,
    next_visit,
    price_for,
    wait_after,
)
from pipeline.sources import Poll

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday
HOUR = timedelta(hours=1)
POLL = Poll()


@dataclass(frozen=True, slots=True)
class Listing:
    url: str = "https://news.example/feed"
    kind: Origin = Origin.FEED
    polled_at: datetime | None = NOW
    read_at: datetime | None = NOW
    failures: int = 0
    outcome: str = "unchanged"
    pace: Pace = field(default_factory=Pace)


def steady(a_day: float, days: int = 14, size: int = 0) -> Pace:
    """The pace of a listing with so many pages a day, day and night."""
    pages = round(a_day * days)
    dates = [NOW - timedelta(days=days) * (number + 0.5) / pages for number in range(pages)]
    return replace(learned(Pace(), NOW, size, dates), watched=days * 24.0)


def interval(listing: Listing, poll: Poll = POLL, price: float = PRICE) -> timedelta:
    assert listing.polled_at
    return next_poll(listing, poll, price).at - listing.polled_at


def test_the_more_a_listing_brings_the_sooner_it_is_polled() -> None:
    waits = [interval(Listing(pace=steady(a_day))) for a_day in (400, 40, 4, 1)]
    assert all(sooner < later for sooner, later in pairwise(waits))
    assert POLL.min <= waits[0] < timedelta(minutes=15)
    assert interval(Listing(pace=replace(Pace(), watched=10_000.0, seen=NOW))) > 12 * HOUR


def test_four_times_the_pages_halve_the_interval() -> None:
    slow, fast = (interval(Listing(pace=steady(a_day)), Poll(min=timedelta(minutes=1))) for a_day in (24, 96))
    assert 1.6 < slow / fast < 2.4


@given(
    st.lists(st.floats(0, 1000), max_size=30),
    st.floats(0, 2000),
    st.integers(0, 200),
    st.floats(0.001, 1000),
    st.text(),
)
def test_the_interval_stays_within_the_sources_limits(hours, watched, size, price, seed) -> None:
    """Give or take the chance that keeps polls apart."""
    pace = learned(Pace(), NOW, size, [NOW - timedelta(hours=hour) for hour in hours])
    listing = Listing(pace=replace(pace, watched=watched))
    assert POLL.min <= next_poll(listing, POLL, price, seed).at - NOW <= POLL.max * 1.1


def test_a_rhythm_is_learned() -> None:
    """Pages that come at eight in the morning of workdays only are waited for then."""
    pace = replace(Pace(), seen=NOW - timedelta(days=28), size=50)
    for day in range(28, 0, -1):
        moment = NOW - timedelta(days=day) + timedelta(hours=12)
        eight = [moment.replace(hour=8, minute=minute) for minute in range(0, 60, 5) if moment.weekday() < 5]
        pace = learned(pace, moment.replace(hour=23), 50, eight)
    evening = NOW.replace(hour=20)
    listing = Listing(pace=replace(pace, seen=evening), polled_at=evening)
    assert expected(listing, evening + 4 * HOUR) < expected(listing, evening + 13 * HOUR) / 4
    at_eight = replace(listing, polled_at=NOW.replace(hour=8), pace=replace(pace, seen=NOW.replace(hour=8)))
    assert interval(at_eight) < interval(listing) / 3
    saturday = NOW.replace(day=7, hour=8)
    assert expected(replace(at_eight, pace=replace(pace, seen=saturday)), saturday + HOUR) < 0.7 * expected(
        at_eight, NOW.replace(hour=9)
    )


def test_a_short_listing_is_polled_before_pages_fall_out() -> None:
    pace = steady(48)
    assert interval(Listing(pace=replace(pace, size=8)), price=100) < interval(Listing(pace=pace), price=100) / 2


def test_a_listing_full_of_new_pages_teaches_more_than_it_shows() -> None:
    """Ten pages of the last hour, after ten hours: the others have fallen out."""
    pace = replace(Pace(), seen=NOW - 10 * HOUR, size=10)
    dated = learned(pace, NOW, 10, [NOW - HOUR * number / 10 for number in range(10)])
    undated = learned(pace, NOW, 10, [None] * 10)
    one_left = learned(pace, NOW, 11, [None] * 10)
    assert mean_rate(dated) > mean_rate(undated) > mean_rate(one_left)


def test_pages_without_a_date_count_as_much() -> None:
    pace = replace(Pace(), seen=NOW - 5 * HOUR, size=50)
    dates = [NOW - HOUR, NOW - 2 * HOUR]
    assert mean_rate(learned(pace, NOW, 50, [None, None])) == mean_rate(learned(pace, NOW, 50, dates))
    assert mean_rate(learned(Pace(), NOW, 50, [None] * 50)) == mean_rate(Pace()), "it is not known since when"


def test_what_parts_of_a_listing_bring_is_its_own() -> None:
    pace = steady(5)
    assert mean_rate(credited(pace, NOW, 70)) > 1.8 * mean_rate(pace)
    assert credited(pace, NOW, 1).seen == pace.seen


def test_section_pages_are_asked_less_than_feeds_and_after_them() -> None:
    feed, section = (Listing(kind=kind, pace=steady(10)) for kind in (Origin.FEED, Origin.SECTION))
    assert interval(section) > 1.2 * interval(feed)
    assert by_worth([section, feed], NOW + HOUR) == [feed, section]


@pytest.mark.parametrize(
    ("outcome", "first", "most"),
    [
        ("no_host: nobody knows it", HOUR, 48 * HOUR),
        ("not_connected: refused", HOUR / 6, 12 * HOUR),
        ("timeout", HOUR / 6, 12 * HOUR),
        ("status_503", HOUR / 6, 12 * HOUR),
        ("status_429", HOUR, 24 * HOUR),
        ("status_404", 6 * HOUR, 168 * HOUR),
        ("unreadable: no feed", HOUR, 24 * HOUR),
        ("postponed: until then", HOUR / 6, HOUR),
        ("something else", HOUR, 24 * HOUR),
    ],
)
def test_failures_are_left_alone_for_longer_and_longer_by_kind(outcome: str, first: timedelta, most: timedelta) -> None:
    assert [wait_after(outcome, failures) for failures in (1, 2, 1000)] == [first, min(2 * first, most), most]
    assert first * 0.9 <= interval(Listing(failures=1, outcome=outcome)) <= first * 1.1


def test_a_dead_listing_is_tried_once_a_month() -> None:
    failing = Listing(failures=DEAD_FAILURES, outcome="no_host", read_at=NOW - timedelta(days=15))
    assert interval(failing) >= 0.9 * DEAD_INTERVAL
    assert "dead" in next_poll(failing, POLL).why
    assert interval(replace(failing, read_at=NOW - timedelta(days=2))) <= timedelta(days=2.2), "it was well of late"
    assert interval(replace(failing, read_at=None)) >= 0.9 * DEAD_INTERVAL


def test_a_sources_own_times_win() -> None:
    """Also in its own time zone, over the change of the clocks: half past two does not exist on 29 March 2026."""
    poll = Poll(cron="30 8,20 * * *", zone="Europe/Berlin")
    assert next_poll(Listing(pace=steady(400)), poll).at == NOW.replace(hour=19, minute=30)
    nightly = Poll(cron="30 2 * * *", zone="Europe/Berlin")
    days = [datetime(2026, 3, 28, 12, tzinfo=UTC)]
    for _ in range(3):
        days.append(next_poll(Listing(polled_at=days[-1]), nightly).at)
    assert [day.strftime("%d %H:%M") for day in days[1:]] == ["29 01:00", "30 00:30", "31 00:30"]


def test_polls_do_not_fall_together_and_are_decided_alike_every_time() -> None:
    listings = [Listing(url=f"https://news.example/{number}", pace=steady(20)) for number in range(50)]
    times = {next_poll(listing, POLL).at for listing in listings}
    assert len(times) == 50
    assert times == {next_poll(listing, POLL).at for listing in listings}
    assert times != {next_poll(listing, POLL, seed="another").at for listing in listings}


def test_a_clock_that_was_put_back_keeps_no_listing_waiting() -> None:
    listing = Listing(pace=steady(20))
    due = next_poll(listing, POLL)
    assert not is_due(due, listing, NOW)
    assert is_due(due, listing, due.at)
    assert is_due(due, listing, NOW - timedelta(days=1))
    assert learned(listing.pace, NOW - timedelta(days=1), 5, [None]).watched == listing.pace.watched


def test_a_listing_that_was_never_asked_for_is_due() -> None:
    assert is_due(next_poll(Listing(polled_at=None), POLL), Listing(polled_at=None), NOW)


def test_a_budget_of_requests_is_shared_by_what_they_bring() -> None:
    listings = [Listing(url=f"https://{a_day}.example/", pace=steady(a_day)) for a_day in (200, 100, 20, 2)]
    free = sum(HOUR / interval(listing) for listing in listings)
    price = price_for([(listing, POLL) for listing in listings], free / 2)
    polls = [HOUR / interval(listing, price=price) for listing in listings]
    assert 0.4 * free < sum(polls) < 0.6 * free
    assert polls == sorted(polls, reverse=True)
    assert price_for([(listing, POLL) for listing in listings], 1000) == PRICE
    assert by_worth(listings[::-1], NOW + HOUR) == listings


def test_an_article_is_seen_again_until_the_steps_are_over() -> None:
    steps = (HOUR, 6 * HOUR, 24 * HOUR)
    assert next_visit(NOW, NOW, steps) == NOW + HOUR
    assert next_visit(NOW, NOW + HOUR, steps) == NOW + 6 * HOUR
    assert next_visit(NOW, NOW + 7 * HOUR, steps) == NOW + 24 * HOUR, "what was slept through is not made up for"
    assert next_visit(NOW, NOW + 24 * HOUR, steps) is None
    assert next_visit(NOW, NOW, ()) is None


def test_a_page_that_cannot_be_had_is_left_alone_for_longer_each_time() -> None:
    waits = [next_try(tries, NOW, "timeout") - NOW for tries in range(1, 7)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=10)
    assert next_try(1, NOW, "robots: forbidden by robots.txt") - NOW == timedelta(days=1), (
        "its rules are kept for a day"
    )
