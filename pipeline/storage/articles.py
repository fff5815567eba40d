"""Saving what the pipeline made: a batch of articles and rejections, whole or not at all."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import Connection, Engine, bindparam, delete, func, select, update

from pipeline.items import Article, Rejection
from pipeline.storage import rejections
from pipeline.storage.captures import settle_captures
from pipeline.storage.connection import writing
from pipeline.storage.frontier import address_of, settle
from pipeline.storage.identity import Entry, Ledger, Outcome, Place, keys_if_gone, keys_of
from pipeline.storage.indexing import enqueue
from pipeline.storage.records import bounded, storable
from pipeline.storage.rows import (
    Values,
    article_row,
    author_rows,
    flat,
    image_rows,
    label_rows,
    removed_rows,
    state_row,
    version_row,
)
from pipeline.storage.schema import (
    addresses,
    article_authors,
    article_labels,
    articles,
    authors,
    images,
    removed_lines,
    versions,
)
from pipeline.storage.statements import add, among


def save(
    engine: Engine,
    items: Sequence[Article | Rejection],
    run_id: int | None = None,
    visits: Sequence[timedelta] = (),
) -> list[Outcome]:
    """Store ``items`` in one transaction; what became of each, in order. ``visits``: steps of ``frontier.settle``.

    Saving a capture again writes nothing. Raises ``StorageError``, with nothing of the batch written, when the
    database is locked, full, read-only or gone.
    """
    items = [storable(item) for item in items]
    with writing(engine) as connection:
        outcomes = place(connection, items, run_id)
        became = {
            (address_of(item.url), item.fetched_at): told(item, outcome)
            for item, outcome in zip(items, outcomes, strict=True)
        }
        newest = max((item.fetched_at for item in items), default=None)
        settle(connection, {address: outcome for (address, _), outcome in became.items()}, newest, visits)
        settle_captures(connection, became)
    return outcomes


def place(connection: Connection, items: Sequence[Article | Rejection], run_id: int | None) -> list[Outcome]:
    """Store ``items`` in the transaction in hand."""
    keyed = [(item, _keys(item)) for item in items]
    ledger = read_ledger(connection, {key for _, keys in keyed for key in keys})
    refused = rejections.Batch()
    outcomes = []
    for item, keys in keyed:
        if isinstance(item, Rejection):
            refused.add(item)
            ledger.miss(item)
            outcomes.append(Outcome.REJECTED)
        else:
            outcomes.append(ledger.place(item, keys))
            if outcomes[-1] is not Outcome.UNCHANGED:
                refused.clear([bounded(item.url), *keys], item.fetched_at)
    for rejection in (*(item for item in items if isinstance(item, Rejection)), *refused.still_gone(connection)):
        ledger.miss(rejection)  # an article may have come behind it
    write_ledger(connection, ledger, run_id)
    refused.write(connection, run_id)
    return outcomes


def told(item: Article | Rejection, outcome: Outcome) -> str:
    """What became of a page, for the frontier and the archive's index."""
    return str(item.reason if isinstance(item, Rejection) else outcome)


def _keys(item: Article | Rejection) -> list[str]:
    return keys_of(item) if isinstance(item, Article) else keys_if_gone(item)


def read_ledger(connection: Connection, keys: Iterable[str]) -> Ledger:
    """What the database knows about the articles of these keys."""
    rows = connection.execute(select(addresses).where(among(connection, addresses.c.address, keys))).all()
    entries = _entries(connection, {row.article_id for row in rows})
    places = {row.address: Place(entries[row.article_id], row.record_hash, row.position) for row in rows}
    last = connection.scalar(select(func.max(articles.c.id))) or 0
    return Ledger(places, next_id=last + 1)


def _entries(connection: Connection, ids: set[int]) -> dict[int, Entry]:
    entries: dict[int, Entry] = {}
    if not ids:
        return entries
    article, version = articles.c, versions.c
    of_version = (
        version.number,
        version.content_hash,
        version.digest.label("page"),
        version.fetched_at.label("at"),
        version.headline,
    )
    columns = (article.id, article.version, article.record_hash, article.fetched_at, article.digest, article.published)
    query = select(*columns, article.gone_at, article.gone_status, *of_version).join(versions)
    for row in connection.execute(query.where(among(connection, article.id, ids))):
        if (entry := entries.get(row.id)) is None:
            gone = (row.gone_at, row.gone_status) if row.gone_at else None
            entry = Entry(row.id, row.version, row.record_hash, row.fetched_at, row.digest, gone, {}, {})
            entries[row.id] = entry
        entry.contents[row.number] = row.content_hash
        entry.pages[row.number] = (row.page, row.at)
        if row.number == row.version:
            entry.headline, entry.published = row.headline, row.published
    return entries


def write_ledger(connection: Connection, ledger: Ledger, run_id: int | None) -> None:
    """Write what was decided."""
    entries = list(ledger.entries.values())
    _write_articles(connection, entries, run_id)
    _write_versions(connection, entries, run_id)
    _write_parts(connection, entries)
    _write_addresses(connection, ledger)
    enqueue(connection, [entry.id for entry in entries])


def _write_articles(connection: Connection, entries: Sequence[Entry], run_id: int | None) -> None:
    if not entries:
        return
    revision = (connection.scalar(select(func.max(articles.c.revision))) or 0) + 1
    rows: dict[bool, list[Values]] = {True: [], False: []}
    for entry in entries:
        if entry.record:
            rows[entry.is_new].append(article_row(entry, entry.record, run_id) | {"revision": revision})
    add(connection, articles, rows[True])
    seen = [state_row(entry) | {"revision": revision} for entry in entries if not entry.record]
    for changed in (rows[False], seen):
        if changed:
            statement = update(articles).where(articles.c.id == bindparam("key"))
            connection.execute(statement, [{"key": row.pop("id"), **row} for row in changed])


def _write_versions(connection: Connection, entries: Sequence[Entry], run_id: int | None) -> None:
    new = [(entry, number, capture) for entry in entries for number, capture in entry.versions.items()]
    add(connection, versions, [version_row(*version, run_id) for version in new])
    add(connection, removed_lines, flat(removed_rows(entry.id, number, capture) for entry, number, capture in new))


def _write_parts(connection: Connection, entries: Sequence[Entry]) -> None:
    """Authors, labels and images belong to the article, not to a version: a changed one gets them anew."""
    written = [(entry.id, entry.record) for entry in entries if entry.record]
    changed = [entry.id for entry in entries if entry.record and not entry.is_new]
    for table in (article_authors, article_labels, images) if changed else ():
        connection.execute(delete(table).where(among(connection, table.c.article_id, changed)))
    ids = _author_ids(connection, {bounded(author.name) for _, article in written for author in article.authors})
    add(connection, article_authors, flat(author_rows(id_, article, ids) for id_, article in written))
    add(connection, article_labels, flat(label_rows(id_, article) for id_, article in written))
    add(connection, images, flat(image_rows(id_, article) for id_, article in written))


def _author_ids(connection: Connection, names: set[str]) -> dict[str, int]:
    query = select(authors.c.name, authors.c.id).where(among(connection, authors.c.name, names))
    ids: dict[str, int] = dict(connection.execute(query).all())
    missing = sorted(names - ids.keys())
    if missing:
        last = connection.scalar(select(func.max(authors.c.id))) or 0
        ids |= {name: last + count for count, name in enumerate(missing, 1)}
        add(connection, authors, [{"id": ids[name], "name": name} for name in missing])
    return ids


def _write_addresses(connection: Connection, ledger: Ledger) -> None:
    def rows(keys: Iterable[str], name: str) -> list[Values]:
        places = ((key, ledger.places[key]) for key in sorted(keys))
        return [
            {name: key, "article_id": p.entry.id, "position": p.position, "record_hash": p.record_hash}
            for key, p in places
        ]

    add(connection, addresses, rows(ledger.added, "address"))
    if ledger.moved:
        statement = update(addresses).where(addresses.c.address == bindparam("key"))
        connection.execute(statement, rows(ledger.moved, "key"))
