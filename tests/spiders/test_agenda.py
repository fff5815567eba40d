"""What is due for all sources, by what the database knows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from pipeline.items import Link, Origin
from pipeline.schedule import Pace
from pipeline.sources import Poll, Source
from pipeline.spiders.agenda import SEARCH_AGE, Visit, read_agenda
from pipeline.storage.allowance import note_polls
from pipeline.storage.listings import ListingState, SourceState, save_listing, save_source

NOW = datetime(2026, 3, 4, 12, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


def source(name: str, **entry: object) -> Source:
    feeds = (f"https://{name}.example/feed",)
    return Source.model_validate({"url": f"https://{name}.example/", "name": name, "feeds": feeds} | entry)


def polled(engine: Engine, of: Source, at: datetime, a_day: float = 12) -> None:
    """A feed whose pace is known and that was polled last at a moment."""
    pace = Pace((a_day,) * 24, (a_day,) * 7, a_day * 7, 7 * 24.0, at, 50)
    state = ListingState(of.name, f"{of.url}feed", Origin.FEED, polled_at=at, read_at=at, pace=pace)
    save_listing(engine, state, (), at)


def visits(engine: Engine, *sources: Source, now: datetime = NOW, per_hour: float = 0) -> dict[str, Visit]:
    return {visit.source.name: visit for visit in read_agenda(engine, sources, now, per_hour)}


def test_a_new_source_is_due_and_a_polled_one_later(engine: Engine) -> None:
    new, known = source("new"), source("known")
    polled(engine, known, NOW)
    found = visits(engine, new, known)
    assert (found["new"].due.at, [each.url for each in found["new"].listings]) == (NOW, ["https://new.example/feed"])
    assert NOW + known.poll.min <= found["known"].due.at <= NOW + 2 * HOUR
    assert found["known"].listings == ()
    assert visits(engine, known, now=NOW + 2 * HOUR)["known"].listings
    assert visits(engine, known, now=NOW - 99 * HOUR)["known"].listings, "the clock was put back"


def test_a_change_of_the_sources_file_counts_at_once(engine: Engine) -> None:
    known = source("known")
    polled(engine, known, NOW - HOUR / 4, a_day=1)
    assert visits(engine, known)["known"].due.at > NOW
    hurried = known.model_copy(update={"poll": Poll(min=timedelta(minutes=1), max=timedelta(minutes=10))})
    assert visits(engine, hurried)["known"].due.at == NOW
    timed = known.model_copy(update={"poll": Poll(cron="0 15 * * *")})
    assert visits(engine, timed)["known"].due.at == NOW.replace(hour=15, minute=0)


def test_a_paused_source_is_not_on_the_agenda(engine: Engine) -> None:
    save_source(engine, SourceState("paused", paused=True))
    assert visits(engine, source("paused")) == {}


def test_polls_beyond_the_hours_budget_wait_for_the_next_the_least_promising_last(engine: Engine) -> None:
    sources = {name: source(name) for name in ("slow", "fast", "middling")}
    for name, a_day in (("slow", 2), ("fast", 200), ("middling", 20)):
        polled(engine, sources[name], NOW - 24 * HOUR, a_day)
    note_polls(engine, 8, NOW)
    found = visits(engine, *sources.values(), per_hour=10)
    assert {name for name, visit in found.items() if visit.listings} == {"fast", "middling"}
    assert found["slow"].due.at == NOW.replace(hour=13, minute=0)
    assert visits(engine, *sources.values(), now=NOW + HOUR, per_hour=10)["slow"].listings


def test_pages_that_wait_make_a_source_due(engine: Engine) -> None:
    known = source("known")
    polled(engine, known, NOW)
    link = Link("https://known.example/a", Origin.FEED, source="known")
    save_listing(engine, ListingState("known", "https://known.example/part", Origin.FEED, parent="x"), [link], NOW)
    visit = visits(engine, known)["known"]
    assert visit.due.at < NOW
    assert visit.listings == ()


def test_a_search_for_listings_is_repeated_and_left_alone_when_it_failed(engine: Engine) -> None:
    found = source("found", feeds=None)
    assert visits(engine, found)["found"].due.at == NOW
    searched = SourceState("found", searched_at=NOW)
    save_source(engine, searched)
    assert visits(engine, found)["found"].due.at == NOW + SEARCH_AGE
    save_source(engine, replace(searched, search_failures=2, search_outcome="no_host: nobody knows it"))
    assert visits(engine, found)["found"].due.at == NOW + 2 * HOUR
    assert visits(engine, source("found", feeds=()))["found"].due.at > NOW, "nothing to look for"
