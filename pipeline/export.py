"""Items for other programs and for people: JSON records with zyte-common-items names, Markdown, safe terminal text."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from itertools import groupby
from typing import Any

from pipeline.items import Article, Block, BlockKind, Factbox, Image, Rejection, Update, isoformat

Record = dict[str, Any]
"""Plain JSON types only."""

# Control characters but line break and tab, marks that reorder or hide text, separators that some readers break
# lines at, halves of surrogate pairs.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_MARKS = re.compile(r"[\\`*_\[\]<>~|]")
_LINE_START = re.compile(r"^(\d*)([#+\-=.)])")  # a heading, a list item, a numbered one


RECORD_NAMES = ("id", *(f.metadata["name"] for f in fields(Article)), "version", "dateGone", "goneStatus")
"""The names in an article's record, in order."""


def record(item: Article | Rejection) -> Record:
    """The item's fields under their export names, in order."""
    return {name: serializer(getattr(item, field)) for field, name, serializer in _EXPORTED[type(item)]}


def article_record(
    article: Article, article_id: int, version: int, gone_at: datetime | None = None, gone_status: int | None = None
) -> Record:
    """The record of a stored article: its id first, the number of its version and since when it is gone last."""
    gone = {"dateGone": isoformat(gone_at), "goneStatus": gone_status}
    return {"id": article_id, **record(article), "version": version, **gone}


def rejection_record(rejection: Rejection, rejection_id: int) -> Record:
    """The record of a stored rejection: its id first."""
    return {"id": rejection_id, **record(rejection)}


def json_line(value: Record) -> str:
    """One line of JSON in UTF-8's full range; what could drive a terminal or break the line is escaped."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def printable(text: str) -> str:
    """``text`` for a terminal: control and reordering characters as visible escapes, white space as single spaces."""
    return " ".join(_UNSAFE.sub(_escape, text).split())


def markdown(article: Article) -> str:
    """The article as Markdown: headline, byline, standfirst, body, live updates, fact boxes, attribution, pictures.

    Ends with a newline.
    """
    parts = [f"# {_inline(article.headline)}"]
    byline = " · ".join(filter(None, [", ".join(a.name for a in article.authors), _date(article), article.site_name]))
    parts += [_inline(byline)] if byline else []
    parts += [f"**{_inline(article.standfirst)}**"] if article.standfirst else []
    parts += _body(article.body)
    parts += [part for update in article.updates for part in _update(update)]
    parts += [_factbox(box) for box in article.factboxes]
    parts += [f"*{_inline(line)}*" for line in article.attribution]
    parts += [_picture(image) for image in article.images if image.caption]
    address = article.canonical_url or article.url
    if not address.startswith("file:"):
        parts.append(f"Source: <{re.sub(r'[<>]', '', printable(address))}>")
    return "\n\n".join(parts) + "\n"


def _itself(value: object) -> object:
    return value


_EXPORTED = {
    kind: [(f.name, f.metadata["name"], f.metadata.get("serializer", _itself)) for f in fields(kind)]
    for kind in (Article, Rejection)
}
"""Of each field: its name, that in records, and what makes plain types of its value."""


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"


def _date(article: Article) -> str:
    return article.published.date().isoformat() if article.published else ""


def _inline(text: str) -> str:
    """One line in which nothing is markup."""
    return _LINE_START.sub(r"\1\\\2", _MARKS.sub(r"\\\g<0>", printable(text)))


def _body(blocks: Sequence[Block]) -> Iterator[str]:
    """Blocks as Markdown; neighbours of one kind that belong together make one list, quotation, table or listing."""
    for kind, run in groupby(blocks, key=lambda block: block.kind):
        group = list(run)
        match kind:
            case BlockKind.HEADING:
                yield from (f"{'#' * min(max(b.level, 2), 6)} {_inline(b.text)}" for b in group)
            case BlockKind.LIST_ITEM:
                yield "\n".join(f"- {_inline(b.text)}" for b in group)
            case BlockKind.QUOTE:
                yield "\n>\n".join(f"> {_inline(b.text)}" for b in group)
            case BlockKind.CODE:
                yield "\n".join(f"    {_UNSAFE.sub(_escape, b.text)}" for b in group)
            case BlockKind.TABLE_ROW:
                yield _table(group)
            case _:
                yield from (_inline(b.text) for b in group)


def _update(update: Update) -> Iterator[str]:
    """A post of a live blog: its time and headline as a heading, then its paragraphs."""
    time = f"{update.published:%Y-%m-%d %H:%M}" if update.published else ""
    if head := " · ".join(filter(None, (time, _inline(update.headline)))):
        yield f"## {head}"
    yield from (_inline(line) for line in update.text.split("\n\n") if line)


def _factbox(box: Factbox) -> str:
    lines = [f"**{_inline(box.title)}**"] if box.title else []
    return "\n>\n".join(f"> {line}" for line in (*lines, *map(_inline, box.lines)))


def _picture(image: Image) -> str:
    """A picture with a caption, which stands below it with the credit."""
    told = " — ".join(_inline(text) for text in (image.caption, image.credit) if text)
    address = re.sub(r"[<>\s]", "", printable(image.url))
    return f"![](<{address}>)\\\n{told}" if address else told


def _table(rows: Sequence[Block]) -> str:
    cells = [[_inline(cell.strip()) for cell in row.text.split("|")] for row in rows]
    width = max(map(len, cells))
    lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in cells]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])
