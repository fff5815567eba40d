"""Items as rows of the tables, and back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Row

from pipeline.items import (
    Article,
    Author,
    Block,
    BlockKind,
    Factbox,
    Image,
    Kind,
    Precision,
    Reason,
    Rejection,
    RemovedLine,
    Update,
)
from pipeline.storage.identity import Entry
from pipeline.storage.records import bounded
from pipeline.text import word_count

Values: TypeAlias = dict[str, Any]
"""The values of one row by column."""

SAME_NAME = (
    "url",
    "canonical_url",
    "kind",
    "source",
    "site_name",
    "section",
    "language",
    "language_declared",
    "language_detected",
    "description",
    "standfirst",
    "attribution",
    "tags",
    "published",
    "published_precision",
    "modified",
    "modified_precision",
    "paywall",
    "signals",
    "fetched_at",
    "digest",
    "extractor",
)
"""Fields of an article that are columns of its row under the same name."""


def article_row(entry: Entry, article: Article, run_id: int | None) -> Values:
    """The row of ``articles``."""
    return {name: getattr(article, name) for name in SAME_NAME} | {
        "robots": article.robots or None,
        "conflicts": article.conflicts or None,
        "id": entry.id,
        "version": entry.current,
        "listed_at": article.published or article.fetched_at,
        "record_hash": entry.record_hash,
        "run_id": run_id,
    }


def version_row(article_id: int, number: int, article: Article, content: str, run_id: int | None) -> Values:
    """The row of ``article_versions``."""
    return {
        "article_id": article_id,
        "number": number,
        "headline": article.headline,
        **texts(article),
        "words": word_count(article.text),
        "content_hash": content,
        "extractor": article.extractor,
        "fetched_at": article.fetched_at,
        "digest": article.digest,
        "run_id": run_id,
    }


def texts(article: Article) -> Values:
    """The columns of a version's row that hold its text."""
    return {"blocks": article.body, "updates": article.updates or None, "factboxes": article.factboxes or None}


def removed_rows(article_id: int, number: int, article: Article) -> list[Values]:
    """The rows of ``removed_lines`` of one version."""
    return [
        {
            "article_id": article_id,
            "version": number,
            "seq": seq,
            "position": line.position,
            "text": line.text,
            "rule": line.rule,
        }
        for seq, line in enumerate(article.removed)
    ]


def author_rows(article_id: int, article: Article, ids: Mapping[str, int]) -> list[Values]:
    """The rows of ``article_authors``; ``ids`` knows every author's id by name."""
    return [
        {"article_id": article_id, "position": position, "author_id": ids[bounded(author.name)], "role": author.role}
        for position, author in enumerate(article.authors)
    ]


def image_rows(article_id: int, article: Article) -> list[Values]:
    """The rows of ``images``."""
    return [
        {
            "article_id": article_id,
            "position": position,
            "url": image.url,
            "caption": image.caption,
            "credit": image.credit,
        }
        for position, image in enumerate(article.images)
    ]


def rejection_row(rejection: Rejection, run_id: int | None) -> Values:
    """The row of ``rejections``."""
    return {
        "url": rejection.url,
        "address": bounded(rejection.url),
        "digest": rejection.digest,
        "reason": rejection.reason,
        "detail": rejection.detail,
        "source": rejection.source,
        "headline": rejection.headline,
        "fetched_at": rejection.fetched_at,
        "run_id": run_id,
    }


def article_from(
    row: Mapping[str, Any],
    *,
    addresses: Iterable[str],
    authors: Iterable[Author],
    images: Iterable[Image],
    removed: Iterable[RemovedLine],
) -> Article:
    """The article as it was saved; its times come back in UTC. ``row``: of ``articles`` with its current version."""
    values = {name: row[name] for name in SAME_NAME} | {
        "kind": Kind(row["kind"]),
        "attribution": tuple(row["attribution"]),
        "tags": tuple(row["tags"]),
        "robots": tuple(row["robots"] or ()),
        "conflicts": row["conflicts"] or {},
        "published_precision": _precision(row["published_precision"]),
        "modified_precision": _precision(row["modified_precision"]),
    }
    return Article(
        **values,
        headline=row["headline"],
        body=tuple(_block(block) for block in row["blocks"]),
        updates=tuple(_update(update) for update in row["updates"] or ()),
        factboxes=tuple(Factbox(box["title"], tuple(box["lines"])) for box in row["factboxes"] or ()),
        addresses=tuple(addresses),
        authors=tuple(authors),
        images=tuple(images),
        removed=tuple(removed),
    )


def rejection_from(row: Row[Any]) -> Rejection:
    """The rejection as it was saved; its time comes back in UTC."""
    return Rejection(
        url=row.url,
        reason=Reason(row.reason),
        detail=row.detail,
        fetched_at=row.fetched_at,
        source=row.source,
        digest=row.digest,
        headline=row.headline,
    )


def flat(lists: Iterable[Sequence[Values]]) -> list[Values]:
    """The rows of many articles as one list."""
    return [row for rows in lists for row in rows]


def _block(values: Values) -> Block:
    return Block(text=values["text"], kind=BlockKind(values["kind"]), level=values["level"])


def _update(values: Values) -> Update:
    published = values["published"]
    return Update(datetime.fromisoformat(published) if published else None, values["headline"], values["text"])


def _precision(value: str | None) -> Precision | None:
    return None if value is None else Precision(value)
