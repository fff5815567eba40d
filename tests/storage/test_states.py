"""Versions: made only for what counts, never written again, and which of them are edits of the publisher."""

from dataclasses import replace

import pytest

from pipeline.items import Block, Kind, RemovedLine
from pipeline.storage.articles import save
from pipeline.storage.identity import Outcome
from pipeline.storage.queries import read_article
from pipeline.storage.states import EditFilter, list_edits, read_versions
from tests.storage.samples import NOON, article, contents, local, plain

NEW, UPDATED, UNCHANGED = Outcome.NEW, Outcome.UPDATED, Outcome.UNCHANGED


def numbers(engine, article_id=1):
    return [(version.number, version.replaces) for version in read_versions(engine, article_id)]


def edits(engine, **wanted):
    return [(e.id, e.old.number, e.new.number) for e in list_edits(engine, EditFilter(**wanted))]


def test_a_version_is_kept_exactly_as_it_was_made(engine):
    first, second = article("One."), article("Two.", hours=1, section="Sport", authors=(), kind=Kind.VIDEO, rules=None)
    save(engine, [first, replace(second, rules=type(first.rules)())])
    one, two = read_versions(engine, 1)
    assert one.article == first
    assert two.article == replace(second, rules=type(first.rules)())
    assert read_versions(engine, 2) == read_versions(engine, 10**20) == []


@pytest.mark.parametrize(
    "noise",
    [
        {"headline": "Harbour  ferry\u00a0returns"},
        {"body": (Block("Why it stood"), Block("It’s — “back”.\u200b"), Block("12 comments"))},
        {"body": (Block('Why it stood It\'s -- "back".'), Block("Updated 3 hours ago"))},
        {"removed": (RemovedLine("Read on", "related", 3),), "section": "Sport"},
    ],
)
def test_noise_leaves_the_version_and_may_bring_the_article_up_to_date(engine, noise):
    first = article(body=(Block("Why it stood"), Block('It\'s - "back".')))
    save(engine, [first])
    version = contents(engine)["article_versions"], contents(engine)["removed_lines"]
    later = replace(first, **noise, description="It is new.", digest="later", fetched_at=NOON.replace(hour=13))
    assert save(engine, [later]) == [UPDATED]
    assert (contents(engine)["article_versions"], contents(engine)["removed_lines"]) == version
    assert read_article(engine, 1).article.description == "It is new."
    assert save(engine, [later]) == [UNCHANGED]


@pytest.mark.parametrize("change", [{"kind": Kind.LIVE_BLOG}, {"paywall": "partial: ends in '…'"}])
def test_kind_and_paywall_make_versions(engine, change):
    save(engine, [article(), article(hours=1, digest="later", **change)])
    assert numbers(engine) == [(1, None), (2, None)]


def test_another_reading_of_the_same_capture_replaces_the_version(engine):
    save(engine, [local("a.txt", "One.")])
    again = replace(local("a.txt", "One."), body=(Block("One, better read."),))
    assert save(engine, [again]) == [UPDATED]
    assert numbers(engine) == [(1, None), (2, 1)]
    assert read_article(engine, 1).article.text == "One, better read."
    assert save(engine, [again]) == [UNCHANGED]
    assert edits(engine) == []


def test_another_reading_of_the_bytes_that_are_current_replaces_too(engine):
    save(engine, [article("One."), article("Two.", hours=1, digest="2")])
    save(engine, [article("Two, better read.", hours=2, digest="2")])
    assert numbers(engine) == [(1, None), (2, None), (3, 2)]
    assert edits(engine) == [(1, 1, 3)]


def test_going_back_to_earlier_bytes_is_an_edit(engine):
    save(engine, [article("One."), article("Two.", hours=1), article("One.", hours=2)])
    assert numbers(engine) == [(1, None), (2, None), (3, None)]
    assert edits(engine) == [(1, 2, 3), (1, 1, 2)]


def test_edits_stand_in_the_order_of_the_pages_not_of_their_arrival(engine):
    save(engine, [article("Late.", hours=5), article("Early.", hours=1)])
    assert edits(engine) == [(1, 2, 1)]


def test_edits_are_listed_last_seen_first_and_by_what_is_asked(engine):
    for number in range(130):
        save(engine, [plain(number, source="ab"[number % 2])])
        changed = replace(plain(number), body=(Block(f"Edited {number}."),), source="ab"[number % 2], digest="e")
        save(engine, [replace(changed, fetched_at=NOON.replace(hour=13, minute=number % 60), modified=NOON)])
    save(engine, [article("One."), article("Two.", hours=9)])
    found = list(list_edits(engine, EditFilter()))
    assert len(found) == 131
    assert [e.new.article.fetched_at for e in found] == sorted((e.new.article.fetched_at for e in found), reverse=True)
    assert len(list(list_edits(engine, EditFilter(), limit=7))) == 7
    assert {e.source for e in list_edits(engine, EditFilter(source="b"))} == {"b"}
    assert len(edits(engine, since=NOON.replace(hour=13, minute=30))) == 61
    assert edits(engine, silent=True) == [(131, 1, 2)]
    assert (found[0].edit.added, found[0].edit.removed, found[0].edit.fields) == (1, 1, ("text",))
