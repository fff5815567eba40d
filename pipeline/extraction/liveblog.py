"""The posts of a live blog: as its JSON-LD lists them, and as they stand on the page."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

from lxml.html import HtmlElement, fragment_fromstring

from pipeline.dates import parse_stamp
from pipeline.extraction.boxes import texts_of
from pipeline.extraction.evidence import line_key
from pipeline.extraction.jsonld import Graph, Node, string, types
from pipeline.extraction.lines import Line
from pipeline.extraction.markup import plain, text_of
from pipeline.items import Update

_MOST_POSTS = 500
_LONGEST_POST = 20_000
_TELLING = 30
"""Characters by which a line or a post is told from all others."""


def declared_updates(graph: Graph, nodes: Sequence[Node], zone: tzinfo) -> tuple[Update, ...]:
    """The posts in the article's JSON-LD. ``zone``: of times without offset."""
    blogs = (node for node in nodes if "liveblogposting" in types(node))
    posts = (post for blog in blogs for post in graph.resolve(blog.get("liveBlogUpdate")) if isinstance(post, dict))
    found = (_declared(post, zone) for post in posts)
    return tuple(dict.fromkeys(update for update in found if update.text or update.headline))[:_MOST_POSTS]


def shown_updates(posts: Sequence[HtmlElement], zone: tzinfo) -> list[Update]:
    """The posts that these elements are, in page order."""
    return [update for post in posts[:_MOST_POSTS] if (update := _shown(post, zone)).text]


def merged(declared: Sequence[Update], shown: Sequence[Update]) -> tuple[Update, ...]:
    """The declared posts and those shown ones that they leave out: JSON-LD often has the newest only."""
    keys = _keys(declared)
    return (*declared, *(update for update in shown if not _is_told(update.text or update.headline, keys)))


def without_posts(lines: Sequence[Line], updates: Sequence[Update]) -> tuple[Line, ...]:
    """The lines; those that are told in a post are marked as standing in one."""
    keys = _keys(updates)
    return tuple(replace(line, box="post") if not line.box and _is_told(line.text, keys) else line for line in lines)


def _declared(post: Node, zone: tzinfo) -> Update:
    raw = next((text for key in ("articleBody", "text", "description") if isinstance(text := post.get(key), str)), "")
    lines = _paragraphs(raw[:_LONGEST_POST])
    when = string(post, "datePublished", "dateCreated", "dateModified")
    return Update(_moment(when, zone), string(post, "headline", "name"), "\n\n".join(lines))


def _paragraphs(raw: str) -> list[str]:
    """The paragraphs of a text that may be HTML."""
    if "<" in raw and ">" in raw:
        return texts_of(fragment_fromstring(raw, create_parent="div"))
    return [line for row in raw.splitlines() if (line := plain(row))]


def _shown(post: HtmlElement, zone: tzinfo) -> Update:
    heading = next((text for element in post.iter("h2", "h3", "h4", "h5") if (text := text_of(element))), "")
    clock = next(post.iter("time"), None)
    clocks = set() if clock is None else {text_of(clock)}
    lines = [line for line in texts_of(post) if line != heading and line not in clocks]
    written = "" if clock is None else clock.get("datetime") or text_of(clock)
    return Update(_moment(written, zone), heading, "\n\n".join(lines))


def _moment(written: str, zone: tzinfo) -> datetime | None:
    stamp = parse_stamp(written)
    if stamp is None:
        return None
    return stamp.moment if stamp.moment.tzinfo else stamp.moment.replace(tzinfo=zone)


def _keys(updates: Sequence[Update]) -> str:
    return "\n".join(_texts(updates))


def _texts(updates: Sequence[Update]) -> Iterator[str]:
    for update in updates:
        yield line_key(update.headline)
        yield line_key(update.text)


def _is_told(text: str, keys: str) -> bool:
    key = line_key(text)
    return len(key) >= _TELLING and key[:200] in keys
