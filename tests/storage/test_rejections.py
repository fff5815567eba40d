"""Refused pages: stored once, renewed when the reason changes, gone when an article comes."""

from dataclasses import replace

from pipeline.items import Reason
from pipeline.storage.articles import save
from pipeline.storage.identity import Outcome
from pipeline.storage.queries import read_rejections
from tests.storage.samples import URL, article, contents, digest, rejection

REJECTED = Outcome.REJECTED


def refused(engine):
    return [stored.rejection for stored in read_rejections(engine)]


def test_a_rejection_comes_back_as_it_was_saved(engine):
    page = rejection(source="Harbour Post", headline="Join us")
    assert save(engine, [page]) == [REJECTED]
    assert refused(engine) == [page]


def test_an_identical_one_writes_nothing(engine):
    save(engine, [rejection()])
    before = contents(engine)
    assert save(engine, [rejection(fetched_at=article(hours=5).fetched_at)]) == [REJECTED]
    assert contents(engine) == before


def test_another_reason_renews_it(engine):
    save(engine, [rejection()])
    other = rejection(reason=Reason.CONSENT_WALL, detail="cookies")
    assert save(engine, [other]) == [REJECTED]
    assert refused(engine) == [other]


def test_other_bytes_are_another_one(engine):
    save(engine, [rejection(), rejection(digest=digest("other"))])
    assert len(refused(engine)) == 2


def test_an_article_from_there_clears_it(engine):
    save(engine, [rejection(), rejection(digest=""), rejection("https://x.example/other")])
    save(engine, [article()])
    assert [page.url for page in refused(engine)] == ["https://x.example/other"]


def test_an_article_clears_what_was_refused_at_any_of_its_addresses(engine):
    save(engine, [rejection("https://x.example/amp")])
    save(engine, [article(addresses=(URL, "https://x.example/amp"))])
    assert refused(engine) == []


def test_within_one_batch_the_order_counts(engine):
    assert save(engine, [rejection(), article()]) == [REJECTED, Outcome.NEW]
    assert refused(engine) == []
    assert save(engine, [article("Two.", hours=1), rejection()]) == [Outcome.UPDATED, REJECTED]
    assert len(refused(engine)) == 1


def test_of_two_equal_ones_in_a_batch_the_last_counts(engine):
    save(engine, [rejection(), rejection(detail="13 words")])
    assert [page.detail for page in refused(engine)] == ["13 words"]


def test_text_that_no_database_takes_is_cleaned(engine):
    save(engine, [rejection(detail="a\x00b\udcff")])
    assert refused(engine)[0].detail == "ab"


def test_a_long_address_is_kept_whole(engine):
    url = "https://x.example/" + "y" * 9000
    save(engine, [rejection(url), rejection(url)])
    assert refused(engine) == [rejection(url)]
    save(engine, [replace(article(), url=url)])
    assert refused(engine) == []
