"""Re-extraction: what today's extractor makes of captures, beside what is stored of them. On both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.items import Author, Block, Exchange, RawPage, Reason
from pipeline.rereading import Verdict
from pipeline.storage.archive import Archive
from pipeline.storage.articles import save
from pipeline.storage.bookmarks import read_bookmarks
from pipeline.storage.captures import CaptureFilter, read_captures
from pipeline.storage.generations import Job, reread
from pipeline.storage.maintenance import check
from pipeline.storage.queries import read_article, read_rejections
from pipeline.storage.states import EditFilter, list_edits, read_versions
from tests.storage.samples import NOON, URL, article, contents, digest, rejection

SAME, CHANGED, FOUND, LOST, REFUSED = Verdict.SAME, Verdict.CHANGED, Verdict.FOUND, Verdict.LOST, Verdict.REFUSED
HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


class World:
    """What a crawl leaves behind: captures in the archive, and what was made of them."""

    def __init__(self, folder, engine):
        self.archive, self.engine = Archive(folder / "archive", engine), engine

    def crawl(self, *items):
        """``items``: what the extractor made of pages that hold nothing but their digests."""
        exchange = Exchange(b"GET / HTTP/1.1\r\n\r\n", HEAD, b"")
        for item in items:
            body = item.digest.encode()
            page = RawPage(item.url, body, item.fetched_at, status=200, exchange=replace(exchange, body=body))
            self.archive.store([page], NOON)
        save(self.engine, items)

    def reread(self, *items, dry=False, size=100):
        """Verdicts on all captures in order; ``items``: what is made of them now."""
        made = list(zip(read_captures(self.engine, CaptureFilter()), items, strict=True))
        job, judged = Job("reextract", dry), []
        for start in range(0, len(made), size):
            judged += reread(self.engine, job, made[start : start + size], lambda _: {"after": 1}, NOON)
        assert check(self.engine) == []
        return [page.verdict for page in judged], judged

    def versions(self, article_id=1):
        return [(v.number, v.replaces, v.article.body[-1].text) for v in read_versions(self.engine, article_id)]


@pytest.fixture
def world(tmp_path, engine):
    world = World(tmp_path, engine)
    yield world
    world.archive.close()


def shown(content, hours=0, **fields):
    return article(content, hours=hours, **({"digest": digest(f"{content}{hours}")} | fields))


@pytest.mark.parametrize("dry", [True, False])
def test_the_same_reading_writes_nothing(world, engine, dry):
    items = [
        shown("One."),
        shown("One. 12 comments", 1, section="Sport"),
        shown("Two.", 2),
        shown("One.", 3),
        rejection("https://x.example/", digest="x"),
    ]
    world.crawl(*items)
    before = {name: rows for name, rows in contents(engine).items() if name != "bookmarks"}
    assert world.reread(*items, dry=dry)[0] == [SAME] * 5
    assert {name: rows for name, rows in contents(engine).items() if name != "bookmarks"} == before
    assert bool(read_bookmarks(engine, "reextract")) is not dry


def test_a_dry_run_writes_nothing_whatever_differs(world, engine):
    world.crawl(shown("One."), rejection("https://x.example/", digest="x"))
    before = contents(engine)
    now = [shown("Other."), article(url="https://x.example/", addresses=("https://x.example/",), digest="x")]
    verdicts, judged = world.reread(replace(now[0], digest=digest("One.0")), now[1], dry=True)
    assert verdicts == [CHANGED, FOUND]
    assert list(judged[0].changed) == ["body"]
    assert judged[0].old.text.endswith("One.")
    assert contents(engine) == before


@pytest.mark.parametrize("size", [1, 100])
def test_text_and_fields_become_a_generation_each(world, engine, size):
    items = [shown("One."), shown("Two.", 1)]
    world.crawl(*items)
    now = [replace(items[0], authors=(Author("Ann Lee"),)), replace(items[1], body=(Block("Better."),), extractor="2")]
    stored = read_versions(engine, 1)
    assert world.reread(*now, size=size)[0] == [CHANGED, CHANGED]
    assert world.versions() == [(1, None, "One."), (2, None, "Two."), (3, 1, "One."), (4, 2, "Better.")]
    assert read_versions(engine, 1)[:2] == stored
    assert [v.article for v in read_versions(engine, 1)[2:]] == now
    assert (read_article(engine, 1).version, read_article(engine, 1).article) == (4, now[1])
    assert [(e.old.number, e.new.number) for e in list_edits(engine, EditFilter())] == [(3, 4)]
    assert world.reread(*now, size=size)[0] == [SAME, SAME]
    before = contents(engine)
    assert {str(outcome) for outcome in save(engine, now)} == {"unchanged"}
    assert contents(engine) == before


def test_noise_that_a_rule_takes_out_is_a_change(world):
    world.crawl(shown("12 comments"))
    (verdict,), _ = world.reread(shown("12 comments", body=(Block("Why it stood"),)))
    assert verdict is CHANGED
    assert world.versions()[1:] == [(2, 1, "Why it stood")]


@pytest.mark.parametrize("dry", [True, False])
@pytest.mark.parametrize("size", [1, 100])
def test_a_capture_that_showed_nothing_new_changes_with_the_one_that_did(world, engine, dry, size):
    items = [shown("One. Ad."), shown("One.  Ad.", 1, section="Sport")]
    world.crawl(*items)
    now = [replace(item, body=(Block("One."),)) for item in items]
    verdicts, _ = world.reread(*now, dry=dry, size=size)
    assert verdicts == [CHANGED, SAME]
    if not dry:
        assert world.versions() == [(1, None, "One. Ad."), (2, 1, "One.")]
        assert (read_article(engine, 1).article.text, read_article(engine, 1).article.section) == ("One.", "Sport")
        assert world.reread(*now)[0] == [SAME, SAME]


def test_the_fields_of_the_capture_that_the_article_shows(world, engine):
    items = [shown("One."), shown("One.", 1, section="Sport")]
    world.crawl(*items)
    now = [items[0], replace(items[1], section="Football")]
    verdicts, judged = world.reread(*now)
    assert verdicts == [SAME, CHANGED]
    assert (list(judged[1].changed), judged[1].old.section) == (["section"], "Sport")
    assert read_article(engine, 1).article.section == "Football"
    assert len(world.versions()) == 1
    assert world.reread(*now)[0] == [SAME, SAME]


def test_lost_found_and_refused_otherwise(world, engine):
    url = "https://harbourpost.example/wall"
    wall = rejection(url, digest="w")
    world.crawl(shown("One."), wall)
    lost = rejection(URL, digest=digest("One.0"), fetched_at=NOON)
    found = article("Behind the wall.", url=url, addresses=(url,), digest="w")
    assert world.reread(lost, replace(wall, reason=Reason.CONSENT_WALL))[0] == [LOST, REFUSED]
    assert [stored.rejection.reason for stored in read_rejections(engine)] == [Reason.CONSENT_WALL]
    assert read_article(engine, 1).article.text.endswith("One.")
    assert world.reread(lost, replace(wall, reason=Reason.CONSENT_WALL))[0] == [SAME, SAME]
    assert world.reread(shown("One."), found)[0] == [FOUND, FOUND]
    assert list(read_rejections(engine)) == []
    assert read_article(engine, 2).article == found
    assert world.reread(shown("One."), found)[0] == [SAME, SAME]
    assert len(world.versions()) == 1


def test_a_capture_without_its_version_is_compared_with_the_state_of_its_time(world, engine):
    """The page that made the version was pruned from the archive; a later one that showed the same is still there."""
    save(engine, [shown("One. Ad."), shown("Two. Ad.", 5)])
    world.crawl(shown("One.  Ad.", 1))
    assert world.reread(shown("One.  Ad.", 1))[0] == [SAME]
    assert world.reread(replace(shown("One.  Ad.", 1), body=(Block("One."),)))[0] == [CHANGED]
    assert world.versions()[2:] == [(3, 1, "One.")]
    assert read_article(engine, 1).version == 2
    assert NOON + timedelta(hours=1) == read_versions(engine, 1)[2].article.fetched_at
