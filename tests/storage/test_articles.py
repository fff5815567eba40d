"""Saving: identity, versions, and that a replay writes nothing. On SQLite and PostgreSQL."""

from dataclasses import fields, replace
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from pipeline.errors import StorageError
from pipeline.items import Article, Author, Block, BlockKind, Image, RemovedLine
from pipeline.storage.articles import save
from pipeline.storage.filters import ArticleFilter
from pipeline.storage.identity import Outcome
from pipeline.storage.queries import read_article, read_articles
from pipeline.storage.runs import start_run
from pipeline.storage.schema import addresses, articles, authors, versions
from pipeline.storage.states import read_versions
from tests.storage.samples import NOON, URL, article, contents, counts, digest, local, plain, rejection

NEW, UPDATED, UNCHANGED = Outcome.NEW, Outcome.UPDATED, Outcome.UNCHANGED


def stored(engine, article_id=1):
    return read_article(engine, article_id).article


def test_an_article_comes_back_as_it_was_saved(engine):
    saved = article(addresses=(URL, f"{URL}?amp", "https://other.example/ferry"))
    assert save(engine, [saved]) == [NEW]
    assert stored(engine) == saved


def test_an_article_with_nothing_but_the_necessary_comes_back(engine):
    saved = Article(URL, "Head", (), NOON, "", digest(""), (URL,), "1")
    save(engine, [saved])
    assert stored(engine) == saved


def claiming(number: int, headline: str, **fields: object) -> Article:
    """An article whose page names the address of the section as its own."""
    section, own = "https://harbourpost.example/news", f"https://harbourpost.example/{number}"
    values = {"canonical_url": section, "addresses": (section, own), "headline": headline, "published": None}
    return article(f"Words of {headline}.", url=own, **values | fields)


def test_a_canonical_address_that_other_stories_name_too_is_not_believed(engine):
    ferry, school = claiming(1, "Ferry stays another year"), claiming(2, "Council closes two schools")
    assert save(engine, [ferry]) == [NEW]
    assert save(engine, [school, claiming(3, "Storm fells the old oak")]) == [NEW, NEW]
    assert save(engine, [school, ferry]) == [UNCHANGED, UNCHANGED]
    assert save(engine, [replace(school, headline="Two schools to close", fetched_at=NOON + timedelta(hours=1))]) == [
        UPDATED
    ]
    assert counts(engine)["articles"] == 3


def test_a_canonical_address_leads_to_the_same_story(engine):
    save(engine, [claiming(1, "Ferry stays another year", published=NOON)])
    assert save(engine, [claiming(2, "Ferry to stay for another year", hours=1, published=NOON)]) == [UPDATED]
    assert save(engine, [claiming(3, "Old boat sails on", hours=2, published=NOON)]) == [UPDATED]
    assert counts(engine)["articles"] == 1


def test_times_come_back_in_utc(engine):
    oslo = timezone(timedelta(hours=2))
    save(engine, [article(published=datetime(2026, 7, 1, 1, 30, tzinfo=oslo))])
    published = stored(engine).published
    assert published.isoformat() == "2026-06-30T23:30:00+00:00"


def test_a_naive_time_is_refused_and_nothing_written(engine):
    with pytest.raises(StorageError, match="naive datetime 2026-11-12T12:00:00"):
        save(engine, [plain(1), article(published=NOON.replace(tzinfo=None))])
    assert sum(counts(engine).values()) == 0


def test_saving_again_writes_nothing(engine):
    batch = [article(), rejection("https://harbourpost.example/short"), plain(1)]
    assert save(engine, batch) == [NEW, Outcome.REJECTED, NEW]
    before = contents(engine)
    assert save(engine, batch) == [UNCHANGED, Outcome.REJECTED, UNCHANGED]
    assert contents(engine) == before


def test_a_replay_leaves_the_sqlite_file_alone(sqlite, tmp_path):
    save(sqlite, [article(), rejection("file:///seeds/short")])
    files = {path.name: path.read_bytes() for path in tmp_path.glob("newsloom.db*") if path.suffix != ".db-shm"}
    save(sqlite, [article(hours=3), rejection("file:///seeds/short")])
    assert {path.name: path.read_bytes() for path in tmp_path.glob("newsloom.db*") if path.suffix != ".db-shm"} == files


def test_a_changed_body_makes_a_version(engine):
    save(engine, [article("One.")])
    assert save(engine, [article("Two.", hours=1)]) == [UPDATED]
    with engine.connect() as connection:
        rows = connection.execute(select(versions.c.number, versions.c.blocks).order_by(versions.c.number)).all()
    assert [(number, blocks[-1]["text"]) for number, blocks in rows] == [(1, "One."), (2, "Two.")]
    assert read_article(engine, 1).version == 2
    assert stored(engine).text.endswith("Two.")


def test_a_changed_headline_makes_a_version(engine):
    save(engine, [article()])
    save(engine, [article(headline="Ferry late again", hours=1)])
    assert counts(engine)["article_versions"] == 2
    assert stored(engine).headline == "Ferry late again"


def test_other_changes_update_the_article_and_leave_the_version(engine):
    save(engine, [article()])
    changed = article(
        hours=1,
        description="It is late.",
        authors=(Author("Ivo Brandt"),),
        images=(Image("https://harbourpost.example/2.jpg"),),
        removed=(RemovedLine("Join for access", "paywall.join", 4),),
        body=(Block("Why it stood", BlockKind.PARAGRAPH), Block("The ferry  sails again.")),
        extractor="2",
        tags=(),
    )
    assert save(engine, [changed]) == [UPDATED]
    assert counts(engine)["article_versions"] == 1
    assert stored(engine) == replace(changed, body=article().body, removed=article().removed)
    assert read_versions(engine, 1)[0].article == article()


def test_an_edit_that_is_taken_back_is_a_version_of_its_own(engine):
    for hour, content in enumerate(["One.", "Two.", "One."]):
        save(engine, [article(content, hours=hour)])
    assert read_article(engine, 1).version == 3
    assert stored(engine).text.endswith("One.")


def test_the_later_capture_is_current_whatever_the_order(engine):
    save(engine, [article("Late.", hours=5)])
    assert save(engine, [article("Early.", hours=1)]) == [UPDATED]
    assert stored(engine).text.endswith("Late.")
    assert counts(engine)["article_versions"] == 2
    before = contents(engine)
    assert save(engine, [article("Late.", hours=5), article("Early.", hours=1)]) == [UNCHANGED, UNCHANGED]
    assert contents(engine) == before


def test_an_older_capture_does_not_turn_metadata_back(engine):
    save(engine, [article(hours=5)])
    assert save(engine, [article(hours=1, section="Old")]) == [UNCHANGED]
    assert stored(engine).section == "Local"


def test_an_article_is_found_by_any_of_its_addresses(engine):
    save(engine, [article()])
    moved = article(url="https://harbourpost.example/moved", addresses=("https://harbourpost.example/moved", URL))
    assert save(engine, [replace(moved, canonical_url=URL)]) == [UNCHANGED]
    assert save(engine, [replace(moved, canonical_url=URL, addresses=moved.addresses[:1])]) == [UNCHANGED]
    assert counts(engine) | {"articles": 1, "addresses": 4} == counts(engine)


def test_an_address_of_another_article_stays_with_it(engine):
    save(engine, [plain(1), plain(2)])
    both = replace(plain(1), addresses=(*plain(1).addresses, *plain(2).addresses))
    assert save(engine, [both, plain(2)]) == [UNCHANGED, UNCHANGED]
    assert stored(engine, 2).headline == "Story 2"


def test_the_same_bytes_under_another_name_are_the_same_article(engine):
    save(engine, [local("a.txt", "One.")])
    assert save(engine, [local("b.txt", "One.")]) == [UNCHANGED]
    assert counts(engine) | {"articles": 1, "article_versions": 1, "addresses": 3} == counts(engine)


def test_an_edited_file_is_a_new_version(engine):
    save(engine, [local("a.txt", "One.")])
    assert save(engine, [local("a.txt", "Two.", hours=1)]) == [UPDATED]
    assert counts(engine) | {"articles": 1, "article_versions": 2} == counts(engine)


@pytest.mark.parametrize("hours", [1, 0, -1], ids=["later", "same time", "earlier"])
def test_of_two_equal_files_one_edited_does_not_flap(engine, hours):
    save(engine, [local("a.txt", "One."), local("b.txt", "One.")])
    edited = [local("a.txt", "One."), local("b.txt", "Two.", hours=hours)]
    assert save(engine, edited) == [UNCHANGED, UPDATED]
    before = contents(engine)
    assert save(engine, edited) == [UNCHANGED, UNCHANGED]
    assert contents(engine) == before


def test_a_file_overwritten_with_another_files_bytes_joins_its_article(engine):
    save(engine, [local("a.txt", "One."), local("b.txt", "Two.")])
    assert save(engine, [local("b.txt", "One.")]) == [UNCHANGED]
    with engine.connect() as connection:
        owner = connection.scalar(select(addresses.c.article_id).where(addresses.c.address == "file:///seeds/b.txt"))
    assert owner == 1
    assert stored(engine, 2).addresses == (f"sha256:{digest('Two.')}",)


def test_two_captures_of_one_address_in_one_folder_do_not_flap(engine):
    both = [article("One."), article("Two.")]
    assert save(engine, both) == [NEW, UPDATED]
    before = contents(engine)
    assert save(engine, both) == [UNCHANGED, UNCHANGED]
    assert contents(engine) == before


def test_one_batch_is_as_good_as_many(engine):
    batch = [
        article("One."),
        article("One.", section="Sport", hours=1),
        article("Two.", hours=2),
        article("Two.", hours=3, tags=("x",)),
        local("a.txt", "One."),
        local("b.txt", "One."),
    ]
    assert save(engine, batch) == [NEW, UPDATED, UPDATED, UPDATED, NEW, UNCHANGED]
    assert counts(engine) | {"articles": 2, "article_versions": 3, "addresses": 5} == counts(engine)
    assert stored(engine) == batch[3]


def test_authors_are_stored_once(engine):
    save(engine, [plain(1), plain(2)])
    with engine.connect() as connection:
        assert sorted(connection.scalars(select(authors.c.name))) == ["Coast Wire", "Marta Ellison"]


def test_the_run_is_noted(engine):
    run = start_run(engine, "replay", NOON)
    save(engine, [article()], run)
    with engine.connect() as connection:
        assert connection.scalar(select(articles.c.run_id)) == run
        assert connection.scalar(select(versions.c.run_id)) == run


def test_an_unknown_run_is_a_fault_and_nothing_is_written(engine):
    """The reference that does not exist is found only when the first rows are written already."""
    with pytest.raises(StorageError):
        save(engine, [article()], 77)
    assert sum(counts(engine).values()) == 0


def test_text_that_no_database_takes_is_cleaned_not_refused(engine):
    dirty = article("Ferry\x00 sails \ud83d again.", headline="A\x00B", signals={"x\x00": "y\ud800"})
    assert save(engine, [dirty, dirty]) == [NEW, UNCHANGED]
    assert (stored(engine).headline, stored(engine).body[-1].text) == ("AB", "Ferry sails  again.")


def test_keys_too_long_for_an_index_are_cut_and_still_tell_articles_apart(engine):
    long = "https://harbourpost.example/" + "é" * 5000
    one = article("One.", url=long + "1", authors=(Author("x" * 9000),))
    two = article("Two.", url=long + "2")
    assert save(engine, [one, two]) == [NEW, NEW]
    assert save(engine, [one, two]) == [UNCHANGED, UNCHANGED]
    assert stored(engine).url == one.url


def test_more_addresses_than_a_lookup_takes(engine):
    batch = [plain(number) for number in range(1100)]
    assert set(save(engine, batch)) == {NEW}
    assert set(save(engine, batch)) == {UNCHANGED}
    assert len(list(read_articles(engine, ArticleFilter()))) == 1100


def test_nothing_to_save(engine):
    assert save(engine, []) == []


def test_the_round_trip_fills_every_field():
    bare = Article(URL, "", (), NOON, "", "", (), "")
    necessary = {"url", "fetched_at"}
    same = {f.name for f in fields(Article) if getattr(article(), f.name) == getattr(bare, f.name)}
    assert same == necessary


@pytest.mark.parametrize(
    "twin",
    [
        "http://www.harbour.example/a/story",
        "https://m.harbour.example/a/story",
        "https://harbour.example/amp/a/story",
        "https://harbour.example/a/story?amp=1",
    ],
)
def test_a_mobile_or_amp_twin_is_the_same_article(engine, twin):
    first = article(url="https://harbour.example/a/story", addresses=("https://harbour.example/a/story",))
    second = article(url=twin, addresses=(twin,))
    save(engine, [first, second])
    assert counts(engine)["articles"] == 1
    assert set(stored(engine).addresses) == {*first.addresses, twin}
    save(engine, [article(url="https://harbour.example/b", addresses=("https://harbour.example/b",))])
    assert counts(engine)["articles"] == 2
