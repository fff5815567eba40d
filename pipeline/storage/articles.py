"""Saving what the pipeline made: a batch of articles and rejections, whole or not at all."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Engine, Integer, bindparam, delete, func, select, update

from pipeline.items import Article, Rejection
from pipeline.storage import rejections
from pipeline.storage.captures import settle_captures
from pipeline.storage.connection import writing
from pipeline.storage.frontier import settle
from pipeline.storage.identity import Entry, Ledger, Outcome, Place, keys_of
from pipeline.storage.records import bounded, storable
from pipeline.storage.rows import (
    Values,
    article_row,
    author_rows,
    flat,
    image_rows,
    removed_rows,
    texts,
    version_row,
)
from pipeline.storage.schema import addresses, article_authors, articles, authors, images, removed_lines, versions
from pipeline.storage.statements import add, chunks


def save(engine: Engine, items: Sequence[Article | Rejection], run_id: int | None = None) -> list[Outcome]:
    """Store ``items`` in one transaction; what became of each, in order.

    Saving a capture again writes nothing. Raises ``StorageError``, with nothing of the batch written, when the
    database is locked, full, read-only or gone.
    """
    items = [storable(item) for item in items]
    with writing(engine) as connection:
        ledger = _ledger(connection, [item for item in items if isinstance(item, Article)])
        refused = rejections.Batch()
        outcomes = []
        for item in items:
            if isinstance(item, Rejection):
                refused.add(item)
                outcomes.append(Outcome.REJECTED)
            else:
                outcomes.append(ledger.place(item))
                if outcomes[-1] is not Outcome.UNCHANGED:
                    refused.clear([bounded(item.url), *keys_of(item)])
        _write(connection, ledger, run_id)
        refused.write(connection, run_id)
        told = [_told(item, outcome) for item, outcome in zip(items, outcomes, strict=True)]
        settle(connection, {item.url: became for item, became in zip(items, told, strict=True)})
        settle_captures(connection, {(i.url, i.fetched_at): became for i, became in zip(items, told, strict=True)})
    return outcomes


def _told(item: Article | Rejection, outcome: Outcome) -> str:
    """What became of a page, for the frontier."""
    return str(item.reason if isinstance(item, Rejection) else outcome)


def _ledger(connection: Connection, captures: Sequence[Article]) -> Ledger:
    """What the database knows about the articles of the batch."""
    keys = {key for capture in captures for key in keys_of(capture)}
    rows = [
        row
        for part in chunks(keys)
        for row in connection.execute(select(addresses).where(addresses.c.address.in_(part)))
    ]
    entries = _entries(connection, {row.article_id for row in rows})
    places = {row.address: Place(entries[row.article_id], row.record_hash, row.position) for row in rows}
    last = connection.scalar(select(func.max(articles.c.id))) or 0
    return Ledger(places, next_id=last + 1)


def _entries(connection: Connection, ids: set[int]) -> dict[int, Entry]:
    entries: dict[int, Entry] = {}
    columns = (articles.c.id, articles.c.version, articles.c.record_hash, articles.c.fetched_at)
    query = select(*columns, versions.c.number, versions.c.content_hash).join(versions)
    for part in chunks(ids):
        for row in connection.execute(query.where(articles.c.id.in_(part))):
            entry = entries.setdefault(row.id, Entry(row.id, row.version, row.record_hash, row.fetched_at, {}))
            entry.contents[row.number] = row.content_hash
    return entries


def _write(connection: Connection, ledger: Ledger, run_id: int | None) -> None:
    entries = list(ledger.entries.values())
    _write_articles(connection, entries, run_id)
    _write_versions(connection, entries, run_id)
    _write_parts(connection, entries)
    _write_addresses(connection, ledger)


def _write_articles(connection: Connection, entries: Sequence[Entry], run_id: int | None) -> None:
    rows: dict[bool, list[Values]] = {True: [], False: []}
    for entry in entries:
        if entry.record:
            rows[entry.is_new].append(article_row(entry, entry.record, run_id))
    add(connection, articles, rows[True])
    changed = [{"key": row.pop("id"), **row} for row in rows[False]]
    if changed:
        connection.execute(update(articles).where(articles.c.id == bindparam("key")), changed)


def _write_versions(connection: Connection, entries: Sequence[Entry], run_id: int | None) -> None:
    new = [(e.id, number, capture, e.contents[number]) for e in entries for number, capture in e.versions.items()]
    add(connection, versions, [version_row(*version, run_id) for version in new])
    amended = [(e.id, number, capture) for e in entries for number, capture in e.amended.items()]
    _amend(connection, amended)
    texts = [version[:3] for version in new] + amended
    add(connection, removed_lines, flat(removed_rows(*version) for version in texts))


def _amend(connection: Connection, amended: Sequence[tuple[int, int, Article]]) -> None:
    if not amended:
        return
    key, number = bindparam("key", type_=Integer), bindparam("version_number", type_=Integer)
    rows = [
        {"key": i, "version_number": n, **texts(capture), "extractor": capture.extractor} for i, n, capture in amended
    ]
    connection.execute(update(versions).where(versions.c.article_id == key, versions.c.number == number), rows)
    stale = delete(removed_lines).where(removed_lines.c.article_id == key, removed_lines.c.version == number)
    connection.execute(stale, [{"key": i, "version_number": n} for i, n, _ in amended])


def _write_parts(connection: Connection, entries: Sequence[Entry]) -> None:
    """Authors and images belong to the article, not to a version: a changed one gets them anew."""
    written = [(entry.id, entry.record) for entry in entries if entry.record]
    changed = [entry.id for entry in entries if entry.record and not entry.is_new]
    for table in (article_authors, images):
        for part in chunks(changed):
            connection.execute(delete(table).where(table.c.article_id.in_(part)))
    ids = _author_ids(connection, {bounded(author.name) for _, article in written for author in article.authors})
    add(connection, article_authors, flat(author_rows(id_, article, ids) for id_, article in written))
    add(connection, images, flat(image_rows(id_, article) for id_, article in written))


def _author_ids(connection: Connection, names: set[str]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for part in chunks(names):
        for row in connection.execute(select(authors.c.name, authors.c.id).where(authors.c.name.in_(part))):
            ids[row.name] = row.id
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
