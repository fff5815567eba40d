"""Content hashes of what counts as a change, so that noise makes no version; gone articles are listed quickly.

Versions made before 0006 get the fields of their article as it is now for a record: nobody knows an earlier one.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from pipeline.changes import essence_of
from pipeline.items import PARTIAL
from pipeline.storage.columns import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CHUNK = 500

PLAIN = (
    "url", "canonical_url", "kind", "source", "site_name", "section", "language", "language_declared",
    "language_detected", "description", "standfirst", "published_precision", "modified_precision", "paywall",
)  # fmt: skip
LISTS = ("attribution", "tags", "robots")
OBJECTS = ("signals", "conflicts")
TIMES = ("published", "modified")

ARTICLES = sa.table(
    "articles",
    sa.column("id"),
    *map(sa.column, PLAIN),
    *(sa.column(name, sa.JSON) for name in (*LISTS, *OBJECTS)),
    *(sa.column(name, UtcDateTime) for name in TIMES),
)
VERSIONS = sa.table(
    "article_versions",
    *map(sa.column, ("article_id", "number", "headline", "content_hash")),
    *(sa.column(name, sa.JSON(none_as_null=True)) for name in ("blocks", "updates", "factboxes", "record")),
)
AUTHORS = sa.table("authors", *map(sa.column, ("id", "name")))
BYLINES = sa.table("article_authors", *map(sa.column, ("article_id", "position", "author_id", "role")))
IMAGES = sa.table("images", *map(sa.column, ("article_id", "position", "url", "caption", "credit")))
ADDRESSES = sa.table("addresses", *map(sa.column, ("address", "article_id", "position")))


def upgrade() -> None:
    gone = sa.text("gone_at IS NOT NULL")
    op.create_index("ix_articles_gone", "articles", ["listed_at", "id"], sqlite_where=gone, postgresql_where=gone)
    key, number = sa.bindparam("key", type_=sa.Integer), sa.bindparam("version", type_=sa.Integer)
    statement = sa.update(VERSIONS).where(VERSIONS.c.article_id == key, VERSIONS.c.number == number)
    connection = op.get_bind()
    for rows in _chunks(connection):
        parts = _parts(connection, {row.article_id for row in rows if row.record is None})
        values = [
            {
                "key": row.article_id,
                "version": row.number,
                "content_hash": _hash(row),
                "record": row.record or _record(row, parts[row.article_id]),
            }
            for row in rows
        ]
        connection.execute(statement, values)


def downgrade() -> None:
    op.drop_index("ix_articles_gone", "articles")


def _chunks(connection: sa.Connection) -> Iterator[list[sa.Row[Any]]]:
    """All versions with their articles, some at a time."""
    by = (VERSIONS.c.article_id, VERSIONS.c.number)
    query = sa.select(VERSIONS, ARTICLES).join_from(VERSIONS, ARTICLES, VERSIONS.c.article_id == ARTICLES.c.id)
    query = query.order_by(*by).limit(CHUNK)
    rows = list(connection.execute(query))
    while rows:
        yield rows
        last = rows[-1].article_id, rows[-1].number
        rows = list(connection.execute(query.where(sa.tuple_(*by) > last)))


def _parts(connection: sa.Connection, ids: set[int]) -> dict[int, dict[str, list[Any]]]:
    """Authors, images and addresses of articles."""
    parts: dict[int, dict[str, list[Any]]] = {id_: {"authors": [], "images": [], "addresses": []} for id_ in ids}
    written = sa.select(BYLINES, AUTHORS.c.name).join_from(BYLINES, AUTHORS, BYLINES.c.author_id == AUTHORS.c.id)
    for row in connection.execute(written.where(BYLINES.c.article_id.in_(ids)).order_by(BYLINES.c.position)):
        parts[row.article_id]["authors"].append({"name": row.name, "role": row.role})
    for row in connection.execute(sa.select(IMAGES).where(IMAGES.c.article_id.in_(ids)).order_by(IMAGES.c.position)):
        parts[row.article_id]["images"].append({"url": row.url, "caption": row.caption, "credit": row.credit})
    known = sa.select(ADDRESSES).where(ADDRESSES.c.article_id.in_(ids), ADDRESSES.c.address.not_like("twin:%"))
    for row in connection.execute(known.order_by(ADDRESSES.c.position, ADDRESSES.c.address)):
        parts[row.article_id]["addresses"].append(row.address)
    return parts


def _record(row: sa.Row[Any], parts: dict[str, list[Any]]) -> dict[str, Any]:
    fields = {name: getattr(row, name) for name in PLAIN}
    fields |= {name: getattr(row, name) or [] for name in LISTS}
    fields |= {name: getattr(row, name) or {} for name in OBJECTS}
    fields |= {name: time and time.isoformat() for name in TIMES for time in (getattr(row, name),)}
    return fields | parts


def _hash(row: sa.Row[Any]) -> str:
    texts = [block["text"] for block in row.blocks]
    for update in row.updates or ():
        texts += (update["headline"], *update["text"].split("\n\n"))
    for box in row.factboxes or ():
        texts += (box["title"], *box["lines"])
    essence = essence_of(row.kind, row.headline, texts, is_partial=row.paywall.startswith(PARTIAL))
    return hashlib.sha256(essence.encode()).hexdigest()
