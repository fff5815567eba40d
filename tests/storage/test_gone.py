"""Articles whose address answers 404 or 410: marked, kept, and back when the page is."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.items import Reason
from pipeline.storage.articles import save
from pipeline.storage.filters import ArticleFilter
from pipeline.storage.identity import Outcome
from pipeline.storage.maintenance import check
from pipeline.storage.queries import list_articles, read_article
from tests.storage.samples import NOON, URL, article, clear, contents, plain, rejection


def missing(hours, status=404, url=URL):
    fetched_at = article(hours=hours).fetched_at
    return rejection(url, Reason.ERROR_PAGE, detail=str(status), status=status, fetched_at=fetched_at)


def gone(engine, article_id=1):
    stored = read_article(engine, article_id)
    return stored.gone_at and (stored.gone_at - NOON).seconds // 3600, stored.gone_status


@pytest.mark.parametrize("status", [404, 410])
def test_an_article_that_is_gone_is_marked_and_kept(engine, status):
    save(engine, [article(), plain(2)])
    before = read_article(engine, 1).article
    assert save(engine, [missing(1, status)]) == [Outcome.REJECTED]
    assert gone(engine) == (1, status)
    assert read_article(engine, 1).article == before
    assert [summary.id for summary in list_articles(engine, ArticleFilter(gone=True))] == [1]


@pytest.mark.parametrize("status", [None, 200, 403, 500])
def test_other_answers_do_not_mark(engine, status):
    save(engine, [article(), missing(1, status)])
    assert gone(engine) == (None, None)


def test_an_answer_from_before_the_last_capture_does_not_mark(engine):
    save(engine, [article(hours=2)])
    save(engine, [missing(1)])
    assert gone(engine) == (None, None)


def test_the_first_such_answer_counts(engine):
    save(engine, [article(), missing(3), missing(2, 410), missing(4)])
    assert gone(engine) == (2, 410)


def test_saving_again_writes_nothing(engine):
    batch = [article(), missing(1)]
    save(engine, batch)
    before = contents(engine)
    save(engine, batch)
    assert contents(engine) == before


@pytest.mark.parametrize("content", ["The ferry sails again.", "Two."], ids=["unchanged", "edited"])
def test_it_comes_back(engine, content):
    save(engine, [article(), missing(1)])
    assert save(engine, [article(content, hours=2)]) == [Outcome.UPDATED]
    assert gone(engine) == (None, None)
    assert save(engine, [article(content, hours=2), missing(1)]) == [Outcome.UNCHANGED, Outcome.REJECTED]
    assert gone(engine) == (None, None)


def test_an_address_with_tracking_words_is_the_same_one(engine):
    save(engine, [article(), missing(1, url=f"{URL}?utm_source=feed#top")])
    assert gone(engine) == (1, 404)


def test_the_twin_of_an_article_may_go(engine):
    save(engine, [article(), missing(1, url=URL.replace("https://", "https://m."))])
    assert gone(engine) == (None, None)


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("at_once", [True, False])
def test_the_order_of_arrival_does_not_matter(engine, order, at_once):
    items = [article("One."), article("Two.", hours=1), missing(2)]
    for batch in [[items[place] for place in order]] if at_once else [[items[place]] for place in order]:
        save(engine, batch)
    assert gone(engine) == (2, 404)
    assert len(contents(engine)["rejections"]) == 1


HOURS = st.lists(st.tuples(st.booleans(), st.sampled_from(["One.", "Two."])), min_size=1, max_size=5)
FRESH = settings(max_examples=60)


@FRESH
@given(told=HOURS)
def test_the_last_answer_says_whether_it_stands(sqlite, told):
    clear(sqlite)
    items = [article(content, hours=hour) if stands else missing(hour) for hour, (stands, content) in enumerate(told)]
    save(sqlite, [article("Zero.", hours=-1), *items])
    since = max(hour for hour, _ in enumerate(told) if hour == 0 or told[hour - 1][0])
    expected = None if told[-1][0] else since
    stored = read_article(sqlite, 1)
    assert (stored.gone_at and stored.gone_at.hour - NOON.hour) == expected
    assert save(sqlite, items)
    assert read_article(sqlite, 1) == stored
    assert check(sqlite) == []
