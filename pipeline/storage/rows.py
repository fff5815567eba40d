"""Items as rows of the tables, and back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
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
    SiteRules,
    Update,
    exported_rules,
)
from pipeline.storage.identity import Entry
from pipeline.storage.labels import SINGLE, labels_of
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


IN_VERSION = (
    "headline", "body", "updates", "factboxes", "removed", "fetched_at", "digest", "extractor", "rules",
)  # fmt: skip
"""Fields of an article that a version's row and its removed lines hold; its record holds the others."""

_KINDS = {str(kind): kind for kind in BlockKind}

RECORDED = tuple(f.name for f in fields(Article) if f.name not in IN_VERSION)


def article_row(entry: Entry, article: Article, run_id: int | None) -> Values:
    """The row of ``articles``."""
    return {name: getattr(article, name) for name in SAME_NAME} | {
        "robots": article.robots or None,
        "conflicts": article.conflicts or None,
        "listed_at": _listed_at(article),
        "record_hash": entry.record_hash,
        **state_row(entry),
        "run_id": run_id,
    }


def state_row(entry: Entry) -> Values:
    """What of an article's row changes though its record does not: which version is current, whether it is gone."""
    gone_at, gone_status = entry.gone or (None, None)
    return {
        "id": entry.id,
        "version": entry.current,
        "fetched_at": entry.fetched_at,
        "digest": entry.digest,
        "gone_at": gone_at,
        "gone_status": gone_status,
    }


def version_row(entry: Entry, number: int, article: Article, run_id: int | None) -> Values:
    """The row of ``article_versions``."""
    return {
        "article_id": entry.id,
        "number": number,
        "headline": article.headline,
        "blocks": article.body,
        "updates": article.updates or None,
        "factboxes": article.factboxes or None,
        "words": word_count(article.text),
        "content_hash": entry.contents[number],
        "extractor": article.extractor,
        "record": {name: getattr(article, name) for name in RECORDED},
        "settings": exported_rules(article.rules) or None,
        "replaces": entry.replaced.get(number),
        "fetched_at": article.fetched_at,
        "digest": article.digest,
        "run_id": run_id,
    }


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


def label_rows(article_id: int, article: Article) -> list[Values]:
    """The rows of ``article_labels``."""
    values = {name: getattr(article, name) for name in SINGLE}
    labels = labels_of(values, article.tags, (bounded(author.name) for author in article.authors))
    return [{"article_id": article_id, "label": label, "listed_at": _listed_at(article)} for label in sorted(labels)]


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
        "status": rejection.status,
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
    """The article as it was saved; its times come back in UTC.

    ``row``: of ``articles`` with a version, or of a version with its record.
    """
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
        rules=_rules(row["settings"] or {}),
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
        status=row.status,
    )


def version_from(row: Mapping[str, Any], removed: Iterable[RemovedLine]) -> Article:
    """The article as one version was made. ``row``: of ``article_versions``, with a record."""
    record = row["record"]
    values = {name: record[name] and datetime.fromisoformat(record[name]) for name in ("published", "modified")}
    return article_from(
        {**row, **record, **values},
        addresses=record["addresses"],
        authors=[Author(**author) for author in record["authors"]],
        images=[Image(**image) for image in record["images"]],
        removed=removed,
    )


def flat(lists: Iterable[Sequence[Values]]) -> list[Values]:
    """The rows of many articles as one list."""
    return [row for rows in lists for row in rows]


def _listed_at(article: Article) -> datetime:
    return article.published or article.fetched_at


def _block(values: Values) -> Block:
    return Block(values["text"], _KINDS[values["kind"]], values["level"])


def _update(values: Values) -> Update:
    published = values["published"]
    return Update(datetime.fromisoformat(published) if published else None, values["headline"], values["text"])


def _rules(values: Values) -> SiteRules:
    known: Values = {name: tuple(said) if isinstance(said, list) else said for name, said in values.items()}
    return SiteRules(**known)


def _precision(value: str | None) -> Precision | None:
    return None if value is None else Precision(value)
