"""How long a host is left alone."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.politeness import (
    MOST_BACKOFF,
    Host,
    Limits,
    after_failure,
    after_success,
    delay_of,
    is_postponed,
    retry_after,
    wait,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIMITS = Limits()


@pytest.mark.parametrize(
    ("source", "robots", "delay"),
    [(None, None, 1.0), (None, 5.0, 5.0), (None, 900.0, 60.0), (0.0, None, 0.0), (0.0, 2.0, 2.0), (9.0, 2.0, 9.0)],
)
def test_the_longest_wish_counts(source, robots, delay):
    assert delay_of(LIMITS, source, robots) == delay


def test_a_failing_host_is_asked_ever_less_often_and_recovers():
    host = Host(1.0)
    spacings = []
    for _ in range(9):
        host = after_failure(host, LIMITS, NOW)
        spacings.append(host.spacing)
    assert spacings == sorted(spacings)
    assert spacings[0] == 2.0
    assert spacings[-1] == 1.0 + MOST_BACKOFF
    for _ in range(8):
        host = after_success(host)
    assert (host.spacing, host.failures) == (1.0, 0)


def test_a_host_that_only_fails_is_left_alone():
    host = Host(0.0)
    for _ in range(LIMITS.failures):
        assert not is_postponed(host, LIMITS, NOW)
        host = after_failure(host, LIMITS, NOW)
    assert is_postponed(host, LIMITS, NOW)
    assert wait(host, NOW) == LIMITS.pause
    assert not is_postponed(host, LIMITS, NOW + timedelta(seconds=LIMITS.pause))


def test_a_short_wish_is_waited_for_a_long_one_postpones():
    short = after_failure(Host(1.0), LIMITS, NOW, NOW + timedelta(seconds=20))
    assert wait(short, NOW) == 20
    assert not is_postponed(short, LIMITS, NOW)
    long = after_failure(Host(1.0), LIMITS, NOW, NOW + timedelta(hours=1))
    assert is_postponed(long, LIMITS, NOW)
    assert after_success(long).not_before == long.not_before


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Sun, 22 Nov 2026 12:01:00 GMT", 60),
        ("Sun, 22 Nov 2026 13:01:00 +0100", 60),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0),
        ("99999999999999999999", 30 * 86400),
        ("000000000030", 30),
        ("Sunday, 22-Nov-26 12:01:00 GMT", 60),
        ("Sun Nov 22 12:01:00 2026", 60),
        ("Mon, 22 Nov 2027 12:00:00 GMT", 30 * 86400),
    ],
)
def test_retry_after(value, seconds):
    assert retry_after(value, NOW) == NOW + timedelta(seconds=seconds)


def test_a_wish_that_was_noted_before_the_clock_was_put_back_is_none():
    assert wait(Host(1.0, not_before=NOW + timedelta(days=30)), NOW) == timedelta(days=30).total_seconds()
    assert wait(Host(1.0, not_before=NOW + timedelta(days=300)), NOW) == 0


@pytest.mark.parametrize("value", ["", "soon", "-5", "1.5", "٣", "Sun, 99 Nov 2026 12:01:00 GMT", "\x00"])
def test_retry_after_that_cannot_be_read(value):
    assert retry_after(value, NOW) is None
