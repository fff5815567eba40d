"""Re-extraction: stored articles beside what today's extractor makes of their archived pages, and new generations.

A page is compared with the version that was made of it, word for word and field by field; one that made no version,
because it showed nothing new, with what counts of any version's text, and with the article's row where that is its.
What differs becomes a new version that replaces the other. Nothing that is stored in a version changes.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, update

from pipeline.differences import TOLD, Fate, compare
from pipeline.items import Article, Rejection
from pipeline.rereading import Rereading, Verdict
from pipeline.storage.articles import place, read_ledger, told, write_ledger
from pipeline.storage.assembling import StoredArticle
from pipeline.storage.bookmarks import put_bookmarks
from pipeline.storage.captures import Capture
from pipeline.storage.connection import reading, writing
from pipeline.storage.frontier import address_of
from pipeline.storage.identity import Entry, Ledger, Outcome, keys_of
from pipeline.storage.queries import articles_of
from pipeline.storage.records import content_hash, storable
from pipeline.storage.schema import captures
from pipeline.storage.states import StoredVersion, versions_of

TEXT = frozenset({"headline", "body", "updates", "factboxes", "removed"})
"""Fields that a version holds and an article's row does not."""

COUNTED = TEXT | {"kind", "paywall"}
"""Fields whose change may make a new state of an article."""

ARTICLE = frozenset({Outcome.NEW, Outcome.UPDATED, Outcome.UNCHANGED})
"""What becomes of captures that are articles."""

Made = tuple[Capture, Article | Rejection]
"""A capture, and what today's extractor makes of its page."""

Position = Callable[[Sequence[Rereading]], Mapping[str, Any]]
"""Up to where a job has come with these pages done."""


@dataclass(slots=True)
class Job:
    """A re-extraction. ``name``: what a later run of the same job would be called.

    ``dry``: write nothing. ``would``: article → content hashes that it would have by now if it were not.
    """

    name: str
    dry: bool
    run_id: int | None = None
    would: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is stored of the articles of a batch, and what the batch does to them."""

    ledger: Ledger
    articles: dict[int, StoredArticle]
    versions: dict[int, list[StoredVersion]]


def reread(engine: Engine, job: Job, made: Sequence[Made], position: Position, now: datetime) -> list[Rereading]:
    """Compare a batch with what is stored and, unless the job is a dry run, store it: whole or not at all."""
    made = [(capture, storable(item)) for capture, item in made]
    if job.dry:
        with reading(engine) as connection:
            known = _read(connection, [item for _, item in made])
            return [_judge(job, known, capture, item) for capture, item in made]
    with writing(engine) as connection:
        known = _read(connection, [item for _, item in made])
        judged = [_judge(job, known, capture, item) for capture, item in made]
        write_ledger(connection, known.ledger, job.run_id)
        _settle(connection, job, [capture for capture, _ in made], judged)
        put_bookmarks(connection, {job.name: position(judged)}, now)
        return judged


def _read(connection: Connection, items: Sequence[Article | Rejection]) -> _Known:
    keys = {key for item in items for key in (keys_of(item) if isinstance(item, Article) else [address_of(item.url)])}
    ledger = read_ledger(connection, keys)
    ids = sorted({stored.entry.id for stored in ledger.places.values()})
    return _Known(ledger, articles_of(connection, ids), versions_of(connection, ids))


def _judge(job: Job, known: _Known, capture: Capture, item: Article | Rejection) -> Rereading:
    if isinstance(item, Rejection):
        return _judge_refused(known, capture, item)
    entry = known.ledger.known(item)
    if entry is None or capture.outcome not in ARTICLE:
        return Rereading(Verdict.FOUND, item, entry.id if entry else None)
    page = (item.digest, item.fetched_at)
    exact = max((number for number, made_of in entry.pages.items() if made_of == page), default=None)
    base = known.versions[entry.id][exact - 1] if exact else _in_force(known.versions[entry.id], item.fetched_at)
    is_known = exact is None and content_hash(item) in job.would[entry.id].union(entry.contents.values())
    row = known.articles[entry.id].article if page == (entry.digest, entry.fetched_at) else None
    if exact:
        fates = compare(base.article, item)
    else:
        fates = dict.fromkeys(TOLD, Fate.SAME)
        fates |= {n: f for n, f in compare(row, item).items() if n not in TEXT} if row else {}
        fates |= {} if is_known else {n: f for n, f in compare(base.article, item).items() if n in COUNTED}
    if set(fates.values()) == {Fate.SAME}:
        return Rereading(Verdict.SAME, item, entry.id, base.number, fates=fates)
    _replace(job, known, entry, item, None if is_known else base.number)
    old = base.article if exact or row is None or not is_known else row
    return Rereading(Verdict.CHANGED, item, entry.id, base.number, old, fates)


def _judge_refused(known: _Known, capture: Capture, item: Rejection) -> Rereading:
    stored = known.ledger.places.get(address_of(item.url))
    article_id = stored.entry.id if stored else None
    if capture.outcome in ARTICLE:
        return Rereading(Verdict.LOST, item, article_id, stored.entry.current if stored else None)
    return Rereading(Verdict.SAME if capture.outcome == item.reason else Verdict.REFUSED, item, article_id)


def _in_force(versions: Sequence[StoredVersion], at: datetime) -> StoredVersion:
    """The version that stood when a page was fetched, the first one for a page from before all."""
    by_time = sorted(versions, key=lambda version: (version.article.fetched_at, version.number))
    return next((version for version in reversed(by_time) if version.article.fetched_at <= at), by_time[0])


def _replace(job: Job, known: _Known, entry: Entry, item: Article, replaces: int | None) -> None:
    known.ledger.reread(entry, item, replaces)
    if replaces is not None:
        known.versions[entry.id].append(StoredVersion(len(entry.contents), replaces, item))
        if job.dry:
            job.would[entry.id].add(content_hash(item))


def _settle(connection: Connection, job: Job, pages: Sequence[Capture], judged: Sequence[Rereading]) -> None:
    """Store what was refused before, or is refused otherwise now; and what became of the captures."""
    became: list[dict[str, Any]] = []
    for capture, page in zip(pages, judged, strict=True):
        if page.verdict in (Verdict.SAME, Verdict.CHANGED):
            continue
        is_new = page.verdict is Verdict.FOUND or (page.verdict is Verdict.REFUSED and page.id is None)
        outcome = place(connection, [page.made], job.run_id)[0] if is_new else Outcome.REJECTED
        became.append({"key": capture.id, "outcome": told(page.made, outcome)})
    if became:
        connection.execute(update(captures).where(captures.c.id == bindparam("key")), became)
