"""A library in which every table has rows, and every feature of the storage has left something."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine, insert

from pipeline.findings import Finding, Kind
from pipeline.items import Link, Origin, Reason
from pipeline.notices import Alert
from pipeline.storage.alerts import save_alerts
from pipeline.storage.archive import Archive
from pipeline.storage.articles import save
from pipeline.storage.captures import CaptureFilter, read_captures
from pipeline.storage.connection import writing
from pipeline.storage.frontier import postpone
from pipeline.storage.generations import Job, reread
from pipeline.storage.hosts import HostState, save_hosts
from pipeline.storage.indexing import update_index
from pipeline.storage.listings import ListingState, SourceState, save_listing, save_source
from pipeline.storage.runs import FINISHED, finish_run, start_run
from pipeline.storage.schema import bookmarks
from tests.storage.archiving import fetched
from tests.storage.samples import NOON, URL, article, local, plain, rejection


def fill(engine: Engine, folder: Path, articles: int = 25) -> None:
    """Store what crawls, replays and a re-extraction leave behind. ``folder``: of the archive."""
    run = start_run(engine, "news", NOON)
    crawl(engine, run)
    save(engine, [replace(plain(number), published=None) for number in range(articles)], run)
    sum(update_index(engine))
    edit(engine, run)
    archive(engine, folder, run)
    finish_run(engine, run, NOON, FINISHED, {"articles/new": articles, "sources/news/discovered": 4})
    start_run(engine, "killed", NOON)
    save_alerts(engine, [Alert(Finding(Kind.SILENT, "news", NOON, "no page for 3 days"), NOON)])


def crawl(engine: Engine, run: int) -> None:
    """Sources, listings, hosts, and pages found there: to be fetched, lost, given up, stored."""
    save_source(engine, SourceState("news", paused=True, searched_at=NOON, polled_at=NOON))
    links = [Link(f"{URL}/{number}", Origin.FEED, source="news", published=NOON, tags=("a",)) for number in range(4)]
    save_listing(engine, ListingState("news", f"{URL}/feed", Origin.FEED, etag='"1"', polled_at=NOON), links, NOON)
    postpone(engine, {links[0].url: "timeout"}, NOON)
    postpone(engine, {links[1].url: "robots"}, NOON, final=True)
    save_hosts(engine, [HostState("harbourpost.example", NOON, NOON, 2, "User-agent: *\nDisallow: /x", 200, NOON)])
    save(engine, [article(url=links[2].url)], run)


def edit(engine: Engine, run: int) -> None:
    """Versions, an article that is gone, a twin, a local file, odd texts and refused pages."""
    first = plain(0)
    twin = article("The tram.", url="https://m.harbourpost.example/tram", canonical_url=None)
    strange = replace(plain(1), headline="漢字 \u202e e\u0301 😀 \\ ' \" \t", section="", language=None, authors=())
    save(engine, [replace(first, body=first.body[:1], fetched_at=NOON.replace(hour=20), digest="2"), strange], run)
    save(engine, [local("a.txt", "A local page."), twin, rejection(), rejection(f"{URL}/bad", detail="\n")], run)
    missing = rejection(plain(2).url, Reason.ERROR_PAGE, detail="404", status=404, fetched_at=NOON.replace(hour=21))
    save(engine, [missing], run)


def archive(engine: Engine, folder: Path, run: int) -> None:
    """Captures, one that repeats another; a new generation of one, and another that nobody has refined."""
    store = Archive(folder, engine)
    pages = [fetched(1), fetched(1, fetched_at=NOON), fetched(2)]
    for page in pages:
        store.store([page], NOON)
    store.close()
    first, again, _ = pages
    made = [article(f"Old {n}.", url=first.url, fetched_at=page.fetched_at) for n, page in enumerate((first, again))]
    save(engine, made, run)
    capture = next(iter(read_captures(engine, CaptureFilter())))
    job = Job("reextract", dry=False, run_id=run)
    reread(engine, job, [(capture, replace(made[0], body=article("New.").body))], lambda _: {"after": 1}, NOON)
    with writing(engine) as connection:
        connection.execute(insert(bookmarks), {"job": "other", "position": {"at": 3}, "noted_at": NOON})
