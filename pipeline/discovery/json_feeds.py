"""JSON Feed 1.0 and 1.1 → links. Every value may be of the wrong type; such a one counts as missing."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from typing import TypeAlias

import orjson

from pipeline.discovery.feeds import LONGEST_SUMMARY, LONGEST_TITLE, MOST_ENTRIES, kept_content, language_tag
from pipeline.discovery.listing import Format, Listing, entries_fault, link_address
from pipeline.discovery.markup import plain
from pipeline.discovery.times import read_time
from pipeline.items import Link, Origin
from pipeline.text import without_controls
from pipeline.urls import is_web_address

_Object: TypeAlias = Mapping[str, object]
_LENIENT = json.JSONDecoder(strict=False)
_ITEMS = re.compile(r'"items"\s*:\s*\[')
_ITEM = re.compile(r"[\s,]*\{")


def read_json_feed(text: str, url: str, now: datetime) -> Listing:
    """The items of a JSON Feed found at ``url``; an item without any address is left out."""
    feed, whole = _parsed(text)
    if feed is None:
        return Listing(Format.UNKNOWN, fault="broken JSON")
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return Listing(Format.UNKNOWN, fault="JSON that is no feed")
    items = list(_objects(feed, "items"))
    home = link_address(_text(feed, "home_page_url"), url)
    language = language_tag(_text(feed, "language"))
    found = (_link(item, url, language, now) for item in items[:MOST_ENTRIES])
    links = tuple(link for link in found if link)
    return Listing(
        format=Format.JSON_FEED,
        links=links,
        fault=entries_fault(len(items), MOST_ENTRIES, len(links)) if whole else f"cut off after {len(links):,} entries",
        title=plain(_text(feed, "title"))[:LONGEST_TITLE],
        language=language,
        home=home,
        self_url=link_address(_text(feed, "feed_url"), url),
        next_url=link_address(_text(feed, "next_url"), url),
        hubs=tuple(filter(None, (link_address(_text(hub, "url"), url) for hub in _objects(feed, "hubs")))),
    )


def _parsed(text: str) -> tuple[object, bool]:
    """The value that a text holds, or as many whole items as a broken one has; and whether that is all of it."""
    try:
        return orjson.loads(text.encode("utf-8", "replace")), True
    except orjson.JSONDecodeError:
        pass
    try:
        return _LENIENT.raw_decode(text)[0], True
    except (ValueError, RecursionError):
        items = list(_items_of(text))
    return ({"items": items} if items else None), False


def _items_of(text: str) -> Iterator[object]:
    found = _ITEMS.search(text)
    place = found.end() if found else len(text)
    while start := _ITEM.match(text, place):
        try:
            item, place = _LENIENT.raw_decode(text, start.end() - 1)
        except (ValueError, RecursionError):
            return
        yield item


def _link(item: _Object, url: str, language: str, now: datetime) -> Link | None:
    identity = _text(item, "id")
    written = (_text(item, "url"), identity if is_web_address(identity) else "", _text(item, "external_url"))
    address = next(filter(None, (link_address(candidate, url) for candidate in written)), "")
    if not address:
        return None
    language = language_tag(_text(item, "language")) or language
    modified = read_time(_text(item, "date_modified"), now, language)
    published = read_time(_text(item, "date_published"), now, language) or modified
    return Link(
        url=address,
        origin=Origin.FEED,
        found_on=url,
        title=plain(_text(item, "title"))[:LONGEST_TITLE],
        published=published[0] if published else None,
        published_precision=published[1] if published else None,
        modified=modified[0] if modified else None,
        language=language,
        authors=_authors(item),
        tags=tuple(dict.fromkeys(filter(None, (plain(tag) for tag in _list(item, "tags") if isinstance(tag, str))))),
        summary=plain(_text(item, "summary"))[:LONGEST_SUMMARY],
        content=kept_content(_text(item, "content_html") or _paragraphs(_text(item, "content_text"))),
    )


def _authors(item: _Object) -> tuple[str, ...]:
    author = item.get("author")
    people = [*_objects(item, "authors"), *([author] if isinstance(author, dict) else [])]
    return tuple(dict.fromkeys(filter(None, (plain(_text(person, "name")) for person in people))))


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part, quote=False)}</p>" for part in text.split("\n\n") if part.strip())


def _text(node: _Object, name: str) -> str:
    value = node.get(name)
    return without_controls(value).strip() if isinstance(value, str) else ""


def _list(node: _Object, name: str) -> list[object]:
    value = node.get(name)
    return value if isinstance(value, list) else []


def _objects(node: _Object, name: str) -> Iterator[_Object]:
    return (value for value in _list(node, name) if isinstance(value, dict))
