"""Lists of sources in other programs' forms (lines of addresses, CSV, OPML) → entries of sources.toml, and back."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from pipeline.sources import Source, default_name
from pipeline.urls import absolute_url, is_web_address

Entry = dict[str, Any]

_URL_COLUMNS = ("url", "website", "homepage", "link", "address", "site")
_NAME_COLUMNS = ("name", "title")


def read_subscriptions(text: str) -> tuple[list[Entry], list[str]]:
    """The entries that a list holds, and what in it is of no use, each in a line. ``text``: of any of the forms."""
    text = text.removeprefix("\ufeff").strip()
    if text.startswith("<"):
        return _from_opml(text)
    first, _, _ = text.partition("\n")
    if "," in first or ";" in first or "\t" in first:
        return _from_csv(text)
    rows = ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1))
    return _entries((number, line, "") for number, line in rows if line and not line.startswith("#"))


def typed_address(written: str) -> str | None:
    """The web address that a person means, also without its beginning ("example.org"), or None."""
    address = absolute_url(written if "://" in written else f"https://{written}")
    return address if address and is_web_address(address) and ("." in address or "localhost" in address) else None


def as_opml(sources: Iterable[Source]) -> str:
    """The sources with their declared feeds as OPML 2.0; one without feeds as a link."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "newsloom sources"
    body = etree.SubElement(root, "body")
    for source in sources:
        for feed in source.feeds or ():
            etree.SubElement(body, "outline", type="rss", text=source.name, xmlUrl=feed, htmlUrl=source.url)
        if not source.feeds:
            etree.SubElement(body, "outline", type="link", text=source.name, url=source.url)
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return written.decode()


def _from_csv(text: str) -> tuple[list[Entry], list[str]]:
    dialect = csv.Sniffer().sniff(text[:2000], delimiters=",;\t")
    rows = list(csv.reader(text.splitlines(), dialect))
    heads = [cell.strip().lower() for cell in rows[0]]
    column = next((heads.index(name) for name in _URL_COLUMNS if name in heads), None)
    if column is None:
        return [], [f"line 1: no column is called {', '.join(_URL_COLUMNS[:-1])} or {_URL_COLUMNS[-1]}"]
    named = next((heads.index(name) for name in _NAME_COLUMNS if name in heads), None)
    filled = [(number, row) for number, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)]
    return _entries(
        (number, _cell(row, column), _cell(row, named) if named is not None else "") for number, row in filled
    )


def _cell(row: list[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _entries(rows: Iterable[tuple[int, str, str]]) -> tuple[list[Entry], list[str]]:
    """Entries of (line, address, name)."""
    entries: list[Entry] = []
    problems = []
    for number, written, name in rows:
        address = typed_address(written)
        if address is None:
            problems.append(f"line {number}: {written[:80]!r} is no web address")
        else:
            entries.append({"url": address, "name": default_name(name) or default_name(address)})
    return entries, problems


def _from_opml(text: str) -> tuple[list[Entry], list[str]]:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    try:
        tree = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        return [], [f"is no OPML: {error}"]
    if tree is None or tree.tag != "opml":
        return [], ["is neither OPML nor a list of addresses"]
    entries: dict[str, Entry] = {}
    problems = []
    for outline, feed, home in _outlines(tree):
        address = absolute_url(home or urljoin(feed, "/"))
        if address is None:
            problems.append(f"line {outline.sourceline}: {(home or feed)[:80]!r} is no web address")
            continue
        entry = entries.setdefault(address, {"url": address, "name": default_name(address)})
        if feed and (whole := absolute_url(feed)):
            entry.setdefault("feeds", []).append(whole)
    return list(entries.values()), problems


def _outlines(tree: etree._Element) -> Iterator[tuple[etree._Element, str, str]]:
    """(element, address of the feed, address of the site) of each outline that has one."""
    for outline in tree.iter("outline"):
        feed = outline.get("xmlUrl") or ""
        home = outline.get("htmlUrl") or outline.get("url") or ""
        if feed or home:
            yield outline, feed, home
