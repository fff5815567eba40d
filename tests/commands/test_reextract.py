"""``newsloom reextract``: an archive of real files, read again by today's extractor in a process of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.extraction import refine
from pipeline.items import Exchange, Media, RawPage, SiteRules
from pipeline.storage.archive import Archive
from pipeline.storage.articles import save
from pipeline.storage.database import open_database
from pipeline.storage.filters import ArticleFilter
from pipeline.storage.indexing import waiting
from pipeline.storage.queries import read_article, read_articles, read_rejections
from pipeline.storage.states import EditFilter, list_edits, read_versions
from tests import processes
from tests.newssite import article
from tests.processes import ROOT
from tests.storage.samples import NOON, contents

LEFTOVER = '<p class="promo">Tell the clerk about leaks in your street</p>'
WALL = "<html><title>Before you go on</title><body><p>We value your privacy. Accept all cookies.</p></body></html>"


def page(number: int, body: str, hours: float = 0, status: int = 200) -> RawPage:
    url = f"https://harbour.example/{number}"
    data = body.encode()
    exchange = Exchange(b"GET / HTTP/1.1\r\n\r\n", f"HTTP/1.1 {status} OK\r\n\r\n".encode(), data)
    fetched_at = NOON + timedelta(hours=hours, seconds=number)
    return RawPage(
        url=url, final_url=url, body=data, fetched_at=fetched_at, status=status, headers={}, media=Media.HTML,
        source="harbour", exchange=exchange,
    )  # fmt: skip


def story(number: int, *, promo: bool = False, lead: str = "") -> str:
    text = article(f"Story {number}", number).replace("</h1>", f"</h1>{lead}")
    return (
        text.replace("</article>", f"{LEFTOVER}<p>The last word on story {number} was the clerk's.</p></article>")
        if promo
        else text
    )


class World:
    """A folder with an archive and a database, filled as a crawl fills them."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self._environment = folder, environment
        self.database = f"sqlite:///{folder}/data/newsloom.db"
        self.engine = open_database(self.database)

    def crawl(self, *pages: RawPage, rules: SiteRules | None = None) -> None:
        pages = tuple(replace(page, rules=rules or SiteRules()) for page in pages)
        archive = Archive(self.folder / "data/archive", self.engine)
        archive.recover(NOON)
        archive.store(pages, NOON)
        archive.close()
        save(self.engine, [refine(page) for page in pages])

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        run = processes.run_anew if "PYTHONPATH" in variables else processes.run
        return run(["reextract", *arguments], self.folder, self._environment | variables)

    def told(self, *arguments: str, **variables: str) -> tuple[list[tuple[str, int | None]], dict[str, object]]:
        """Pages that are not the same as (verdict, article), and the summary."""
        done = self.run("--json", *arguments, **variables)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        *lines, last = map(json.loads, done.stdout.splitlines())
        return sorted((line["verdict"], line["id"] or 0) for line in lines), last["summary"]

    def sources(self, **entry: object) -> None:
        text = "".join(f"{name} = {json.dumps(value)}\n" for name, value in entry.items())
        (self.folder / "sources.toml").write_text(
            f'[[source]]\nurl = "https://harbour.example/"\nname = "harbour"\n{text}'
        )

    @contextmanager
    def code(self, *, prompt: str) -> Iterator[dict[str, str]]:
        """The same program with one phrase more."""
        shutil.copytree(
            ROOT / "pipeline", self.folder / "edited/pipeline", ignore=shutil.ignore_patterns("__pycache__")
        )
        shutil.copy(ROOT / "scrapy.cfg", self.folder / "edited")
        phrases = self.folder / "edited/pipeline/extraction/phrases.toml"
        phrases.write_text(
            phrases.read_text().replace('match = "start"\nen = [', f"match = \"start\"\nen = [\n  '{prompt}',", 1)
        )
        yield {"PYTHONPATH": str(self.folder / "edited")}


@pytest.fixture
def world(tmp_path, environment):
    world = World(tmp_path, environment)
    yield world
    world.engine.dispose()


def test_without_a_change_nothing_differs(world):
    world.crawl(page(1, story(1)), page(2, story(2, promo=True)), page(3, WALL), page(4, "gone", status=404))
    world.crawl(page(1, story(1).replace("<nav>", "<nav id=x>"), hours=1), page(2, story(2), hours=1))
    before = contents(world.engine)
    for arguments in (["--dry-run"], []):
        told, summary = world.told(*arguments)
        assert told == []
        assert summary["pages"] == {"same": 6}
    assert contents(world.engine) == before


def test_a_changed_rule_shows_exactly_the_changed_articles(world):
    world.crawl(*(page(number, story(number, promo=number in (2, 5))) for number in range(1, 8)))
    before = contents(world.engine)
    with world.code(prompt="tell the clerk about leaks") as code:
        told, summary = world.told("--dry-run", **code)
        assert told == [("changed", 2), ("changed", 5)]
        assert summary["pages"] == {"same": 5, "changed": 2}
        assert summary["fields"]["articleBody"] == {"same": 5, "changed": 2}
        assert summary["fields"]["headline"] == {"same": 7}
        assert contents(world.engine) == before
        assert world.told(**code)[0] == told
        assert waiting(world.engine) == 0
        assert world.told(**code)[0] == []
    assert [row[1] for row in contents(world.engine)["runs"]] == ["reextract"]
    assert [(v.number, v.replaces) for v in read_versions(world.engine, 2)] == [(1, None), (2, 1)]
    old, new = read_versions(world.engine, 2)
    assert LEFTOVER[17:-4] in old.article.text
    assert LEFTOVER[17:-4] not in new.article.text
    assert (old.article.fetched_at, old.article.digest) == (new.article.fetched_at, new.article.digest)
    assert read_article(world.engine, 2).version == 2
    assert list(list_edits(world.engine, EditFilter())) == []
    assert world.told()[0] == [("changed", 2), ("changed", 5)]  # and back again
    assert read_article(world.engine, 2).article.text == old.article.text


def test_a_sites_rules_of_today_are_used_and_noted(world):
    world.crawl(*(page(number, story(number, promo=number == 2)) for number in (1, 2)))
    world.sources(prune=[".promo"])
    assert world.told()[0] == [("changed", 2)]
    rules = [version.article.rules for version in read_versions(world.engine, 2)]
    assert rules == [SiteRules(), SiteRules(prune=(".promo",))]
    assert world.told()[0] == []


def test_an_older_version_gets_its_generation_and_the_current_one_stays(world):
    world.crawl(page(1, story(1, promo=True)), page(1, story(1).replace("read it out", "put it"), hours=1))
    assert read_article(world.engine, 1).version == 2
    world.sources(prune=[".promo"])
    assert world.told()[0] == [("changed", 1)]
    assert [(v.number, v.replaces) for v in read_versions(world.engine, 1)] == [(1, None), (2, None), (3, 1)]
    assert read_article(world.engine, 1).version == 2
    assert [(e.old.number, e.new.number) for e in list_edits(world.engine, EditFilter())] == [(3, 2)]


def test_what_is_refused_now_is_lost_and_stays_what_was_refused_is_found(world):
    world.crawl(page(1, story(1)), page(2, WALL), page(3, story(3)))
    world.sources(body=["nav"])  # leaves nothing that is an article
    assert world.told()[0] == [("lost", 1), ("lost", 2)]
    assert [stored.id for stored in read_articles(world.engine, ArticleFilter())] == [2, 1]
    assert len(list(read_rejections(world.engine))) == 1
    assert world.told()[0] == []
    world.sources()
    assert world.told()[0] == [("found", 1), ("found", 2)]
    assert {len(read_versions(world.engine, number)) for number in (1, 2)} == {1}


def test_only_the_pages_asked_for(world):
    world.crawl(*(page(number, story(number), hours=number) for number in range(1, 6)))

    def pages(*arguments):
        return world.told("--dry-run", *arguments)[1]["pages"]

    assert pages("--limit", "2") == {"same": 2}
    assert pages("--since", "2026-11-12T14:00", "--until", "2026-11-12T16:00") == {"same": 2}
    assert pages("--source", "none") == pages("--host", "other.example") == {}
    assert pages("--source", "harbour", "--host", "harbour.example") == {"same": 5}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_was_ended_goes_on(world, environment, how):
    count = 120
    world.crawl(*(page(number, story(number, promo=True)) for number in range(count)))
    world.sources(prune=[".promo"])
    options = ["-s", "STORE_BATCH_SIZE=4", "-s", "ITEMS_IN_FLIGHT=8"]
    command = [sys.executable, "-m", "pipeline", "reextract", "--json", *options]
    with subprocess.Popen(
        command, cwd=world.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, process_group=0
    ) as process:
        while not (noted := contents(world.engine)["bookmarks"]):
            assert process.poll() is None
            time.sleep(0.02)
        os.killpg(process.pid, how) if how == signal.SIGKILL else process.send_signal(how)
        _, said = process.communicate(timeout=100)
    assert process.returncode == (130 if how == signal.SIGINT else -how), said
    noted = contents(world.engine)["bookmarks"]
    done = sum(noted[0][1]["summary"]["pages"].values())
    assert 0 < done < count
    told, summary = world.told(*options)
    assert len(told) == count - done
    assert summary["pages"] == {"changed": count}
    assert contents(world.engine)["bookmarks"] == []
    assert {
        tuple((v.number, v.replaces) for v in read_versions(world.engine, number)) for number in range(1, count + 1)
    } == {((1, None), (2, 1))}
    assert world.told()[1]["pages"] == {"same": count}


def test_a_page_that_the_archive_cannot_give_is_named(world):
    world.crawl(page(1, story(1)))
    world.crawl(page(2, story(2)))
    file = max((world.folder / "data/archive").rglob("*.warc.gz"))
    file.write_bytes(file.read_bytes()[:-300])
    done = world.run("--dry-run")
    assert done.returncode == 1
    assert file.name in done.stderr
    assert "offset" in done.stderr
    assert "Traceback" not in done.stderr
    assert "not to be had from the archive" in done.stdout


def test_for_people(world):
    world.crawl(*(page(number, story(number, promo=number == 2)) for number in (1, 2)))
    world.sources(prune=[".promo"])
    lines = world.run("--dry-run").stdout.splitlines()
    assert lines[0] == "changed  article 2: Story 2: articleBody changed, removed changed"
    assert lines[1].startswith("    (")
    assert "    [-Tell the clerk about leaks in your street-]" in lines
    assert f"{'pages':<32}{2:>10}" in lines
    assert lines[-2].split() == ["articleBody", "1", "1", "0", "0"]
