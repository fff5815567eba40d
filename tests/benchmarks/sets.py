"""Folders of pages with what a person wrote down about them → pages to extract and references to score against.

Two shapes are read: ``gold.jsonl`` (``id``, ``url``, ``bodies``, and where known ``crawled``, ``headline``,
``authors``, ``datePublished``) beside ``pages/ID.html.gz`` or ``pages/ID.txt``; and a clone of the public
article-extraction-benchmark: ``ground-truth.json`` beside ``html/ID.html.gz``.
"""

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.items import Media, RawPage
from tests.benchmarks.pages import page
from tests.benchmarks.scoring import Reference, alternatives, aware

_SUFFIXES = (".html", ".htm", ".html.gz")
_MADE_UP = 300


@dataclass(frozen=True, slots=True)
class Page:
    identity: str
    raw: RawPage
    reference: Reference


def read_set(folder: Path, *, optional: bool = False) -> list[Page]:
    """The pages of a set; ``optional``: lines in square brackets may be missing from an answer."""
    if (folder / "ground-truth.json").exists():
        entries = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
        rows = [{"id": key, "url": e.get("url"), "bodies": [e["articleBody"]]} for key, e in entries.items()]
        return [_page(row, folder / "html", optional=optional) for row in rows]
    if (folder / "gold.jsonl").exists():
        lines = (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()
        return [_page(json.loads(line), folder / "pages", optional=optional) for line in lines]
    raise SystemExit(f"{folder}: neither gold.jsonl nor ground-truth.json is in it")


def read_pages(folders: Iterable[Path]) -> list[RawPage]:
    """HTML pages of sets or of any folders with .html or .html.gz files below them; made-up pages without a folder."""
    folders = list(folders)
    if not folders:
        return [_raw(page(index).encode(), f"https://example.org/{index}") for index in range(_MADE_UP)]
    return [raw for folder in folders for raw in _pages_below(folder) if raw.media is Media.HTML]


def name_of(folder: Path) -> str:
    return folder.resolve().name


def _pages_below(folder: Path) -> Iterator[RawPage]:
    if (folder / "gold.jsonl").exists() or (folder / "ground-truth.json").exists():
        yield from (page.raw for page in read_set(folder))
        return
    for path in sorted(path for path in folder.rglob("*") if path.name.endswith(_SUFFIXES)):
        yield _raw(_bytes_of(path), path.resolve().as_uri())


def _page(row: dict[str, Any], folder: Path, *, optional: bool) -> Page:
    identity = row["id"]
    path = folder / f"{identity}.html.gz"
    is_text = not path.exists()
    body = _bytes_of(folder / f"{identity}.txt" if is_text else path)
    published = row.get("datePublished")
    bodies = [one for body in row["bodies"] for one in (alternatives(body) if optional else (body,))]
    reference = Reference(
        tuple(bodies),
        row.get("headline") or "",
        tuple(row.get("authors") or ()),
        datetime.fromisoformat(published) if published else None,
    )
    address = row.get("url") or f"file:///{identity}.{'txt' if is_text else 'html'}"
    media = Media.TEXT if is_text else Media.HTML
    return Page(identity, _raw(body, address, row.get("crawled"), media), reference)


def _raw(body: bytes, address: str, crawled: str | None = None, media: Media = Media.HTML) -> RawPage:
    """A page without crawl time is taken as fetched now."""
    fetched = aware(datetime.fromisoformat(crawled)) if crawled else datetime.now(UTC)
    return RawPage(address, body, fetched, final_url=address, media=media)


def _bytes_of(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
