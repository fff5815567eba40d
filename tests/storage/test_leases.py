"""Leases and the allowance of an hour, on both databases."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, update

from pipeline.storage.allowance import note_polls, polls_made
from pipeline.storage.connection import writing
from pipeline.storage.leases import end_lease, lease_holder, take_lease
from pipeline.storage.schema import leases

LASTS = timedelta(minutes=1)


def expire(engine: Engine, moment: datetime) -> None:
    with writing(engine) as connection:
        connection.execute(update(leases).values(expires_at=moment))


def test_a_lease_is_one_holders_until_it_ends(engine: Engine) -> None:
    assert take_lease(engine, "schedule", "one", LASTS)
    assert not take_lease(engine, "schedule", "two", LASTS)
    assert take_lease(engine, "schedule", "one", LASTS), "it is renewed"
    assert take_lease(engine, "another", "two", LASTS)
    assert lease_holder(engine, "schedule") == "one"
    end_lease(engine, "schedule", "two")
    assert lease_holder(engine, "schedule") == "one"
    end_lease(engine, "schedule", "one")
    assert lease_holder(engine, "schedule") == ""
    assert take_lease(engine, "schedule", "two", LASTS)


def test_a_lease_that_is_not_renewed_ends_by_itself(engine: Engine) -> None:
    take_lease(engine, "schedule", "one", LASTS)
    expire(engine, datetime.now(UTC) - timedelta(seconds=1))
    assert lease_holder(engine, "schedule") == ""
    assert take_lease(engine, "schedule", "two", LASTS)
    assert not take_lease(engine, "schedule", "one", LASTS), "another has it now"


def test_a_lease_from_before_the_clock_was_put_back_holds_nobody_up(engine: Engine) -> None:
    take_lease(engine, "schedule", "one", LASTS)
    expire(engine, datetime.now(UTC) + timedelta(days=1))
    assert take_lease(engine, "schedule", "two", LASTS)


def test_polls_are_counted_by_the_hour(engine: Engine) -> None:
    now = datetime(2026, 3, 4, 12, 59, tzinfo=UTC)
    assert polls_made(engine, now) == 0
    note_polls(engine, 3, now)
    note_polls(engine, 2, now)
    assert polls_made(engine, now) == 5
    assert polls_made(engine, now + timedelta(minutes=1)) == 0
