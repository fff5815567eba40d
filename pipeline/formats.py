"""Articles as the bytes of a file, piece by piece: JSON lines, CSV, Parquet, Markdown, RSS.

A format is a function from articles with their records (:func:`pipeline.export.article_record`) to pieces of bytes;
memory holds some articles at a time, however many there are.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from io import RawIOBase, StringIO
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from lxml import etree

from pipeline.errors import ConfigError
from pipeline.export import RECORD_NAMES, Record, json_line, markdown
from pipeline.items import Article, Block, BlockKind
from pipeline.text import without_controls

if TYPE_CHECKING:
    import pyarrow as pa

Entry = tuple[Article, Record]
"""An article, and its record with id and version."""

Format = Callable[[Iterable[Entry]], Iterator[bytes]]

GROUP = 1000
"""Articles of one row group of Parquet; they are in memory together."""

_TIMES = ("dateDownloaded", "datePublished", "dateModified", "dateGone")
_LISTS = ("addresses", "attribution", "tags", "robots")
_PARTS = {
    "authors": ("name", "role"),
    "images": ("url", "caption", "credit"),
    "updates": ("datePublished", "headline", "text"),
    "removed": ("text", "rule"),
}
"""Fields that are lists of objects → the names in those."""
_MAPS = ("sources", "conflicts")
_NUMBERS = ("id", "version", "goneStatus")

_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
_NAMES = {"content": _CONTENT, "dc": _DC}
_TAGS = {BlockKind.LIST_ITEM: "li", BlockKind.QUOTE: "p", BlockKind.CODE: "code", BlockKind.TABLE_ROW: "p"}
_GROUPS = {BlockKind.LIST_ITEM: "ul", BlockKind.QUOTE: "blockquote", BlockKind.CODE: "pre"}


def json_lines(entries: Iterable[Entry]) -> Iterator[bytes]:
    """One JSON object a line, UTF-8."""
    for _, record in entries:
        yield f"{json_line(record)}\n".encode()


def comma_separated(entries: Iterable[Entry]) -> Iterator[bytes]:
    """CSV of RFC 4180 in UTF-8 under a line of names; lists and objects as JSON, None as nothing."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(RECORD_NAMES)
    for _, record in entries:
        writer.writerow([_cell(record[name]) for name in RECORD_NAMES])
        yield file.getvalue().encode()
        file.seek(0)
        file.truncate()
    yield file.getvalue().encode()


def markdown_documents(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Markdown documents, one after the other, a thematic break between two."""
    between = ""
    for article, _ in entries:
        yield f"{between}{markdown(article)}".encode()
        between = "\n---\n\n"


def rss(entries: Iterable[Entry]) -> Iterator[bytes]:
    """RSS 2.0 with the whole articles in ``content:encoded``."""
    sink = _Sink()
    with etree.xmlfile(sink, encoding="utf-8") as file:
        file.write_declaration()
        with file.element("rss", version="2.0", nsmap=_NAMES), file.element("channel"):
            for name, text in (("title", "newsloom"), ("link", "urn:newsloom"), ("description", "Articles")):
                file.write(_leaf(name, text))
            for article, record in entries:
                file.write(_item(article, record))
                file.flush()
                yield sink.taken()
    yield sink.taken()


def parquet(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Apache Parquet, compressed with zstd. ``ConfigError``: its library is not installed."""
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        from pyarrow.parquet import ParquetWriter  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ConfigError("Parquet needs its library: pip install 'newsloom[parquet]'") from error
    sink = _Sink()
    schema = pa.schema([(name, _arrow_type(name)) for name in RECORD_NAMES])
    rows = (record for _, record in entries)
    with ParquetWriter(sink, schema, compression="zstd") as writer:
        while group := list(islice(rows, GROUP)):
            writer.write_table(pa.Table.from_pylist([_arrow_row(record) for record in group], schema))
            yield sink.taken()
    yield sink.taken()


FORMATS: dict[str, Format] = {
    "jsonl": json_lines,
    "csv": comma_separated,
    "parquet": parquet,
    "markdown": markdown_documents,
    "rss": rss,
}
"""Name → what writes it."""


class _Sink(RawIOBase):
    """A file that hands on what was written since the last time."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self._end = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._end

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer
        piece = bytes(data)
        self._pieces.append(piece)
        self._end += len(piece)
        return len(piece)

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _cell(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _arrow_type(name: str) -> "pa.DataType":
    import pyarrow as pa  # noqa: PLC0415 - see above

    text = pa.string()
    if name in _NUMBERS:
        return pa.int64()
    if name in _TIMES:
        return pa.timestamp("us", tz="UTC")
    if name in _LISTS:
        return pa.list_(text)
    if name in _PARTS:
        return pa.list_(pa.struct([(part, text) for part in _PARTS[name]]))
    return pa.map_(text, text) if name in _MAPS else text


def _arrow_row(record: Record) -> Record:
    row: Record = {}
    for name, value in record.items():
        if name in _TIMES:
            row[name] = datetime.fromisoformat(value) if value else None
        elif name in _MAPS:
            row[name] = list(value.items())
        elif name in _LISTS or name in _PARTS:
            row[name] = value
        else:
            row[name] = _cell(value)
    return row


def _item(article: Article, record: Record) -> etree._Element:
    item = etree.Element("item", nsmap=_NAMES)
    address = article.canonical_url or article.url
    item.append(_leaf("title", article.headline))
    item.append(_leaf("link", address))
    item.append(_leaf("guid", f"newsloom:{record['id']}", isPermaLink="false"))
    if article.published:
        item.append(_leaf("pubDate", format_datetime(article.published.astimezone(UTC), usegmt=True)))
    item.extend(_leaf(f"{{{_DC}}}creator", author.name) for author in article.authors)
    item.extend(_leaf("category", name) for name in dict.fromkeys(filter(None, (article.section, *article.tags))))
    item.append(_leaf("description", article.description or article.standfirst or ""))
    item.append(_leaf(f"{{{_CONTENT}}}encoded", _html(article.body)))
    return item


def _leaf(name: str, text: str, **attributes: str) -> etree._Element:
    leaf = etree.Element(name, attributes)
    leaf.text = without_controls(text)
    return leaf


def _html(body: Iterable[Block]) -> str:
    parts: list[etree._Element] = []
    for kind, blocks in groupby(body, key=lambda block: block.kind):
        elements = [_leaf(_tag(block), block.text) for block in blocks]
        if kind in _GROUPS:
            group = etree.Element(_GROUPS[kind])
            group.extend(elements)
            elements = [group]
        parts += elements
    return "".join(etree.tostring(part, encoding="unicode", method="html") for part in parts)


def _tag(block: Block) -> str:
    return f"h{min(max(block.level, 2), 6)}" if block.kind is BlockKind.HEADING else _TAGS.get(block.kind, "p")
