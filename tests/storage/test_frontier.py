"""The frontier, the listings and the hosts in the database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from pipeline.items import Link, Origin, Precision, Reason
from pipeline.schedule import Pace, next_try
from pipeline.storage.articles import save
from pipeline.storage.connection import writing
from pipeline.storage.frontier import (
    MOST_TRIES,
    count_pending,
    next_pages,
    note_links,
    pending_links,
    postpone,
    settle,
    settled_as,
    visit_links,
)
from pipeline.storage.hosts import HostState, host_state, save_hosts
from pipeline.storage.identity import Outcome
from pipeline.storage.listings import (
    ListingState,
    SourceState,
    all_listings,
    drop_listings,
    listings_of,
    save_listing,
    save_source,
    source_states,
)
from tests.storage.samples import article

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FEED = ListingState("post", "https://news.example/feed", Origin.FEED)


def link(path: str, **fields: object) -> Link:
    return Link(url=f"https://news.example/{path}", source="post", origin=Origin.FEED, **fields)  # type: ignore[arg-type]


def note(engine: Engine, *links: Link) -> list[str]:
    return [new.url.rpartition("/")[2] for new in save_listing(engine, FEED, links, NOW)]


def pending(engine: Engine, limit: int = 100, now: datetime | None = None) -> list[str]:
    return [found.url.rpartition("/")[2] for found in pending_links(engine, "post", now, limit)]


def test_a_link_is_new_once(engine: Engine) -> None:
    assert note(engine, link("a"), link("b"), link("a")) == ["a", "b"]
    assert note(engine, link("b"), link("c")) == ["c"]


def test_spellings_of_one_address_are_one_page(engine: Engine) -> None:
    assert note(engine, link("a?utm_source=x"), link("a#top"), link("a")) == ["a?utm_source=x"]


def test_a_twin_of_a_stored_article_is_known(engine: Engine) -> None:
    save(engine, [article(url="https://www.news.example/a")])
    assert note(engine, link("amp/a"), link("a?amp=1"), link("b/amp")) == ["amp"]
    assert pending(engine) == ["amp"]


def test_a_twin_waits_for_its_full_page_and_comes_back_where_that_is_refused(engine: Engine) -> None:
    assert note(engine, link("amp/a"), link("a"), link("b.amp.html"), link("amp/b.html")) == ["a", "b.amp.html"]
    assert note(engine, link("amp/a")) == []
    with writing(engine) as connection:
        settle(connection, {"https://news.example/a": Reason.BOT_CHALLENGE})
    assert note(engine, link("amp/a"), link("m/a")) == ["a"]
    assert sorted(pending(engine)) == ["a", "b.amp.html"]


def test_a_full_page_is_new_though_its_twin_is_listed(engine: Engine) -> None:
    assert note(engine, link("amp/a")) == ["a"]
    assert note(engine, link("a")) == ["a"]


def test_a_page_of_two_sources_is_the_firsts(engine: Engine) -> None:
    note(engine, link("a"))
    other = Link(url="https://news.example/a", source="other", origin=Origin.FEED)
    assert save_listing(engine, ListingState("other", "https://x.example/f", Origin.FEED), [other], NOW) == []
    assert count_pending(engine) == {"post": 1}


def test_the_newest_pages_come_first_as_many_as_are_asked_for(engine: Engine) -> None:
    note(engine, *(link(f"day-{n}", published=NOW - timedelta(days=n)) for n in (3, 1, 2)))
    assert pending(engine, limit=2) == ["day-1", "day-2"]


def test_a_date_in_the_future_is_no_way_to_the_front(engine: Engine) -> None:
    note(engine, link("tomorrow", published=NOW + timedelta(days=1)), link("now"))
    assert set(pending(engine)) == {"tomorrow", "now"}
    assert pending(engine)[0] == "now"


def test_a_link_comes_back_as_it_was(engine: Engine) -> None:
    whole = link(
        "a",
        title="Ferry stays",
        published=NOW,
        published_precision=Precision.SECOND,
        modified=NOW,
        authors=("R. Vale", "S. Moor"),
        tags=("harbour",),
        summary="It stays.",
        content="<p>It stays.</p>",
        language="en",
    )
    note(engine, whole)
    assert pending_links(engine, "post", NOW, 1) == [whole]


def test_a_settled_page_is_pending_no_more_and_known_all_the_same(engine: Engine) -> None:
    note(engine, link("a"), link("b"))
    with writing(engine) as connection:
        settle(connection, {"https://news.example/a": Reason.INDEX_PAGE, "https://news.example/unknown": "new"})
    assert pending(engine) == ["b"]
    assert settled_as(engine, "post", Reason.INDEX_PAGE) == {"https://news.example/a"}
    assert note(engine, link("a")) == []


def test_a_lost_page_is_tried_again_until_it_is_given_up(engine: Engine) -> None:
    note(engine, link("a"))
    for _ in range(MOST_TRIES):
        assert pending(engine) == ["a"]
        postpone(engine, {"https://news.example/a": "timeout"}, NOW)
    assert pending(engine) == []
    assert settled_as(engine, "post", "timeout") == {"https://news.example/a"}


def test_a_final_loss_is_not_tried_again(engine: Engine) -> None:
    note(engine, link("a"))
    postpone(engine, {"https://news.example/a": "private_address"}, NOW, final=True)
    assert pending(engine) == []


def test_a_page_put_off_comes_back_when_its_time_has_come(engine: Engine) -> None:
    note(engine, link("a"))
    postpone(engine, {"https://news.example/a": "server_error"}, NOW)
    assert pending(engine, now=NOW) == []
    assert pending(engine, now=next_try(1, NOW, "timeout")) == pending(engine) == ["a"]


def test_a_page_that_was_not_asked_for_waits_and_has_not_been_tried(engine: Engine) -> None:
    note(engine, link("a"))
    for _ in range(MOST_TRIES):
        postpone(engine, {"https://news.example/a": "postponed"}, NOW, tried=False)
    assert pending(engine, now=NOW) == []
    assert pending(engine, now=NOW + timedelta(hours=1)) == ["a"]


HOUR = timedelta(hours=1)
STEPS = (HOUR, 6 * HOUR)
CHANGED = "One. And one more."


def seen_again(engine: Engine, now: datetime) -> list[Link]:
    return visit_links(engine, "post", now, 10)


def test_an_article_is_seen_again_as_long_as_it_changes(engine: Engine) -> None:
    told = link("a", title="Ferry stays", published=NOW - HOUR)
    save_listing(engine, FEED, [told], NOW)
    first = replace(article("One."), url=told.url, fetched_at=NOW + HOUR / 6)
    assert save(engine, [first], visits=STEPS) == [Outcome.NEW]
    assert seen_again(engine, NOW + HOUR / 2) == []
    assert seen_again(engine, NOW + HOUR) == [told], "with what the listing said of it"
    assert next_pages(engine) == {"post": NOW + HOUR}
    second = replace(article(CHANGED), url=told.url, fetched_at=NOW + 2 * HOUR)
    assert save(engine, [second], visits=STEPS) == [Outcome.UPDATED]
    assert seen_again(engine, NOW + 5 * HOUR) == []
    assert seen_again(engine, NOW + 6 * HOUR) == [told]
    assert save(engine, [replace(second, fetched_at=NOW + 7 * HOUR)], visits=STEPS) == [Outcome.UNCHANGED]
    assert seen_again(engine, NOW + 999 * HOUR) == []
    assert next_pages(engine) == {}


def test_a_visit_in_vain_is_repeated_and_then_given_up(engine: Engine) -> None:
    note(engine, link("a"))
    save(engine, [replace(article("One."), url=link("a").url, fetched_at=NOW)], visits=STEPS)
    tries = 0
    while seen_again(engine, NOW + 999 * HOUR):
        postpone(engine, {link("a").url: "timeout"}, NOW + HOUR)
        assert seen_again(engine, NOW + HOUR) == []
        tries += 1
    assert tries == MOST_TRIES
    assert pending(engine) == []


def test_the_next_page_is_known_by_source(engine: Engine) -> None:
    note(engine, link("a"), link("b"))
    postpone(engine, {link("a").url: "timeout"}, NOW)
    assert next_pages(engine)["post"] < NOW
    postpone(engine, {link("b").url: "timeout"}, NOW - HOUR)
    assert next_pages(engine) == {"post": next_try(1, NOW - HOUR, "timeout")}


@pytest.mark.parametrize(
    "path", ["caf\u00e9", "a" * 5000, "x\x00y", "lone\ud800", "%00", "?q=" + "\u6c34" * 900], ids=range(6)
)
def test_odd_addresses_are_stored(engine: Engine, path: str) -> None:
    assert len(note(engine, link(path))) == 1
    assert note(engine, link(path)) == []
    assert len(pending_links(engine, "post", NOW, 10)) == 1


def test_a_transaction_that_fails_leaves_nothing(engine: Engine) -> None:
    with pytest.raises(RuntimeError), writing(engine) as connection:  # noqa: PT012 - the block is the transaction
        note_links(connection, [link("a")], NOW)
        raise RuntimeError
    assert pending(engine) == []


def test_a_listing_is_remembered_by_source_and_address(engine: Engine) -> None:
    save_listing(engine, FEED, (), NOW)
    read = ListingState("post", FEED.url, Origin.FEED, etag='"1"', digest="d", read_at=NOW, polled_at=NOW)
    save_listing(engine, read, (), NOW)
    (known,) = listings_of(engine, "post")
    assert replace(known, pace=Pace()) == read
    assert listings_of(engine, "other") == []
    drop_listings(engine, [read])
    assert listings_of(engine, "post") == []


def test_a_poll_teaches_the_listings_pace(engine: Engine) -> None:
    def pace(url: str = FEED.url) -> Pace:
        return next(state.pace for state in listings_of(engine, "post") if state.url == url)

    save_listing(engine, FEED, [link("a", published=NOW - 8 * HOUR), link("b", published=NOW - HOUR)], NOW)
    assert (pace().pages, pace().watched, pace().size, pace().seen) == (2, 8, 2, NOW)
    save_listing(engine, replace(FEED, pace=pace()), [link("b"), link("c")], NOW + HOUR)
    assert (round(pace().pages, 1), round(pace().watched)) == (3, 9)
    assert pace() == replace(pace(), hours=tuple(pace().hours), days=tuple(pace().days))
    before = pace()
    save_listing(engine, replace(FEED, failures=1, outcome="timeout", pace=before), (), NOW + 2 * HOUR)
    assert pace() == before, "a poll in vain teaches nothing"
    part = replace(FEED, url="https://news.example/part", parent=FEED.url)
    save_listing(engine, part, [link("old", published=NOW - 99 * HOUR), link("d", published=NOW)], NOW, FEED.url)
    assert round(pace().pages - before.pages) == 1, "what a part brings is its own, but for what is old"
    assert [state.url for state in all_listings(engine)["post"]] == [FEED.url]


def test_the_state_of_a_source_is_replaced(engine: Engine) -> None:
    save_source(engine, SourceState("post"))
    save_source(engine, SourceState("post", paused=True, polled_at=NOW))
    assert source_states(engine) == {"post": SourceState("post", paused=True, polled_at=NOW)}


def test_a_host_is_remembered_robots_txt_apart(engine: Engine) -> None:
    name = "news.example:8080"
    save_hosts(engine, [HostState(name, NOW)])
    assert host_state(engine, name) == HostState(name, NOW, robots="")
    told = HostState(name, NOW, NOW + timedelta(hours=1), 3, "User-agent: *\n", 200, NOW)
    save_hosts(engine, [told, HostState("other.example")])
    assert host_state(engine, name) == told
    save_hosts(engine, [HostState(name, NOW + timedelta(hours=2))])
    assert host_state(engine, name) == replace(told, asked_at=NOW + timedelta(hours=2), not_before=None, failures=0)
    assert host_state(engine, "unknown.example") is None


def test_a_host_name_of_any_length_is_remembered(engine: Engine) -> None:
    name = "a" * 5000
    save_hosts(engine, [HostState(name, NOW)])
    save_hosts(engine, [HostState(name, NOW, failures=1)])
    found = host_state(engine, name)
    assert found is not None
    assert found.failures == 1
