"""Whole articles, put together from their rows and the rows of their parts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from pipeline.items import Article, Author, Image, RemovedLine
from pipeline.storage.identity import TWIN
from pipeline.storage.paging import Query
from pipeline.storage.rows import article_from
from pipeline.storage.schema import addresses, article_authors, articles, authors, images, removed_lines, versions

TEXT = ("headline", "blocks", "updates", "factboxes", "settings")
"""Columns of a version that an article is made of beside its own row."""

WHOLE = (*articles.c, *(versions.c[name] for name in TEXT))


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article with its id and the number of its current version.

    ``gone_at``, ``gone_status``: when its address first answered 404 or 410 instead; None while it stands.
    """

    id: int
    version: int
    article: Article
    gone_at: datetime | None = None
    gone_status: int | None = None


def assemble(connection: Connection, rows: Sequence[Any]) -> list[StoredArticle]:
    """Whole articles; ``rows`` have the columns of ``WHOLE``."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    by_address = _grouped(
        connection, select(addresses).order_by(addresses.c.position, addresses.c.address), addresses, ids
    )
    written = select(article_authors.c.article_id, authors.c.name, article_authors.c.role).join(authors)
    by_author = _grouped(connection, written.order_by(article_authors.c.position), article_authors, ids)
    by_image = _grouped(connection, select(images).order_by(images.c.position), images, ids)
    current = select(removed_lines).join(
        articles, (removed_lines.c.article_id == articles.c.id) & (removed_lines.c.version == articles.c.version)
    )
    by_line = _grouped(connection, current.order_by(removed_lines.c.seq), removed_lines, ids)
    return [
        StoredArticle(
            row.id,
            row.version,
            article_from(
                row._mapping,  # noqa: SLF001 - SQLAlchemy's public name for values by column
                addresses=[a.address for a in by_address[row.id] if not a.address.startswith(TWIN)],
                authors=[Author(a.name, a.role) for a in by_author[row.id]],
                images=[Image(i.url, i.caption, i.credit) for i in by_image[row.id]],
                removed=[RemovedLine(line.text, line.rule, line.position) for line in by_line[row.id]],
            ),
            row.gone_at,
            row.gone_status,
        )
        for row in rows
    ]


def _grouped(connection: Connection, query: Query, table: Table, ids: Sequence[int]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(query.where(table.c.article_id.in_(ids))):
        groups[row.article_id].append(row)
    return groups
