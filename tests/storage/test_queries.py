"""Listings: order and pages by key; which articles a filter chooses: test_choosing.py."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.items import Precision, Reason
from pipeline.storage import paging
from pipeline.storage.articles import save
from pipeline.storage.filters import ArticleFilter
from pipeline.storage.queries import (
    Summary,
    has_articles,
    list_articles,
    read_article,
    read_articles,
    read_rejections,
)
from tests.storage.samples import NOON, article, plain, rejection

ALL = ArticleFilter()


@pytest.fixture
def filled(engine):
    """Seven articles, published hour after hour, the last two at the same time; one of them undated."""
    items = [
        plain(n, published=NOON + timedelta(hours=min(n, 5)), source="even" if n % 2 == 0 else "odd") for n in range(7)
    ]
    items[3] = replace(items[3], published=None, published_precision=None, fetched_at=NOON + timedelta(hours=3))
    save(engine, items)
    return engine


def ids(rows):
    return [row.id for row in rows]


def test_newest_first_undated_by_when_fetched_equal_times_by_id(filled):
    assert ids(list_articles(filled, ALL)) == [7, 6, 5, 4, 3, 2, 1]
    assert ids(read_articles(filled, ALL)) == [7, 6, 5, 4, 3, 2, 1]


def test_a_line_of_the_listing(engine):
    save(engine, [article("One."), article("Two, later.", hours=1)])
    published = NOON - timedelta(hours=5)
    assert list(list_articles(engine, ALL)) == [
        Summary(1, published, Precision.MINUTE, published, "Harbour Post", "Harbour ferry returns", 5)
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
@pytest.mark.parametrize("limit", [0, 1, 3, 6, 7, 8])
def test_pages_neither_repeat_nor_skip(filled, size, limit, monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", size)
    expected = [7, 6, 5, 4, 3, 2, 1][: limit or None]
    assert ids(list_articles(filled, ALL, limit)) == expected


def test_filters(filled):
    assert ids(list_articles(filled, ArticleFilter(source="odd"))) == [6, 4, 2]
    assert ids(list_articles(filled, ArticleFilter(since=NOON + timedelta(hours=4)))) == [7, 6, 5]
    assert ids(list_articles(filled, ArticleFilter("even", NOON + timedelta(hours=3)))) == [7, 5]
    assert ids(list_articles(filled, ArticleFilter(source="none"))) == []


def test_what_is_saved_meanwhile_shifts_nothing(filled, monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    listing = list_articles(filled, ALL)
    first = [next(listing).id, next(listing).id]
    save(filled, [plain(99, published=NOON + timedelta(days=1))])
    assert first + ids(listing) == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize("unknown", [0, -1, 8, 2**31, 2**80])
def test_no_article_of_that_id(filled, unknown):
    assert read_article(filled, unknown) is None


def test_whether_there_are_any(engine):
    assert not has_articles(engine)
    save(engine, [plain(1)])
    assert has_articles(engine)


def test_rejections_last_fetched_first_by_reason(engine):
    refused = [
        rejection(f"https://x.example/{n}", reason, fetched_at=NOON + timedelta(hours=n))
        for n, reason in enumerate([Reason.EMPTY, Reason.TOO_SHORT, Reason.EMPTY])
    ]
    save(engine, refused)
    assert [stored.rejection for stored in read_rejections(engine)] == refused[::-1]
    assert [stored.rejection for stored in read_rejections(engine, Reason.EMPTY)] == [refused[2], refused[0]]
    assert [stored.rejection for stored in read_rejections(engine, limit=1)] == [refused[2]]
