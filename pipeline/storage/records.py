"""What makes two captures equal: hashes over items, and text made fit for any database."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

import orjson

from pipeline.changes import essence
from pipeline.items import Article, Link, Rejection
from pipeline.text import without_controls

KEY_BYTES = 1000
"""Longest text used as a key, in UTF-8: PostgreSQL's indexes take at most 2,704 bytes."""

NOT_COMPARED = ("url", "fetched_at", "addresses", "digest", "rules")
"""Fields that tell where, when and as which bytes an article was found, and what was known of its site then."""

COMPARED = tuple(f.name for f in fields(Article) if f.name not in NOT_COMPARED)

_Item = TypeVar("_Item", bound=Article | Rejection | Link)


def storable(item: _Item) -> _Item:
    """The item itself, or a copy without characters that no database takes: NUL, lone surrogates."""
    try:
        if b"\\u0000" not in orjson.dumps(item):
            return item
    except TypeError:  # a lone surrogate is not UTF-8
        pass
    return _cleaned(item)  # type: ignore[no-any-return]


def record_hash(article: Article) -> str:
    """Equal for two captures exactly when storing the second would change nothing but when and where it was seen."""
    record = [getattr(article, name) for name in COMPARED]
    return hashlib.sha256(orjson.dumps(record, option=orjson.OPT_SORT_KEYS)).hexdigest()


def content_hash(article: Article) -> str:
    """Equal as long as nothing changes that :mod:`pipeline.changes` lets count: a change makes a new version."""
    return hashlib.sha256(essence(article).encode()).hexdigest()


def bounded(text: str) -> str:
    """``text`` as a key: itself, or when too long for an index its beginning and the SHA-256 of the whole."""
    data = text.encode()
    if len(data) <= KEY_BYTES:
        return text
    return f"{data[: KEY_BYTES - 100].decode(errors='ignore')}…{hashlib.sha256(data).hexdigest()}"


def _cleaned(value: Any) -> Any:  # noqa: ANN401 - walks values of every type
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return without_controls(value)
    if isinstance(value, tuple):
        return tuple(map(_cleaned, value))
    if isinstance(value, Mapping):
        return {_cleaned(key): _cleaned(part) for key, part in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _cleaned(getattr(value, f.name)) for f in fields(value)})
    return value
