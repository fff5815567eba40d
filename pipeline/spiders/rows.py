"""What people write about pages: rows of a JSONL file, and side-cars beside a file."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pipeline.items import Media, RawPage, Reason
from pipeline.spiders.streams import RefusedError
from pipeline.urls import canonical_url


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a page came from, as far as a row or side-car says; field meanings as in ``RawPage``, None is unsaid."""

    url: str | None = None
    fetched_at: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    source: str | None = None


def parse_object(text: bytes) -> dict[str, object]:
    """A JSON object; anything else is refused as malformed."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _malformed(f"not JSON ({error})") from error
    if not isinstance(value, dict):
        raise _malformed("not a JSON object")
    return value


def parse_provenance(fields: Mapping[str, object]) -> Provenance:
    """Read ``url``, ``fetched_at``, ``headers`` and ``source``; a value of the wrong kind is refused by its name."""
    return Provenance(
        url=_url(fields.get("url")),
        fetched_at=_time(fields.get("fetched_at")),
        headers=_headers(fields.get("headers")),
        source=_text("source", fields.get("source")),
    )


def page_of_row(row: bytes, file_url: str, read_at: datetime) -> RawPage:
    """The page of one JSONL row: ``html`` or ``text``, with provenance beside it.

    A row without url is known by its file and the digest of its body, so that rows may move.
    ``read_at`` stands in for a missing ``fetched_at``.
    """
    fields = parse_object(row)
    said = parse_provenance(fields)
    html, text = _text("html", fields.get("html")), _text("text", fields.get("text"))
    if html is None and text is None:
        raise _malformed("neither html nor text")
    media, subtype, content = (Media.HTML, "html", html) if html is not None else (Media.TEXT, "plain", text)
    body = (content or "").encode(errors="replace")
    url = said.url or f"{file_url}#sha256={hashlib.sha256(body).hexdigest()[:16]}"
    return RawPage(
        url=url,
        final_url=url,
        body=body,
        fetched_at=said.fetched_at or read_at,
        headers={**said.headers, "content-type": f"text/{subtype}; charset=utf-8"},  # JSON text is Unicode already
        media=media,
        source=said.source or "",
    )


def _malformed(detail: str) -> RefusedError:
    return RefusedError(Reason.MALFORMED, detail)


def _text(name: str, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise _malformed(f"{name} is not a string")


def _url(value: object) -> str | None:
    url = _text("url", value)
    if url and canonical_url(url) is None:
        raise _malformed(f"url is no web address: {url[:100]!r}")
    return url or None


def _time(value: object) -> datetime | None:
    text = _text("fetched_at", value)
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _malformed(f"fetched_at is no ISO 8601 time: {text[:100]!r}") from error


def _headers(value: object) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise _malformed("headers is not an object of strings")
    return {name.lower(): text for name, text in value.items()}
