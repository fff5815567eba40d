"""JSON-LD of a page: tolerant reading, references resolved, and the node of the article that the page is about.

Every step is linear in the size of a script, whatever stands in it.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from pipeline.extraction.markup import plain
from pipeline.text import fold
from pipeline.urls import canonical_url

Node = Mapping[str, Any]

LARGEST_SCRIPT = 1_000_000
"""Characters of one script; a longer one is not read at all."""

_DEEPEST = 12
_MOST_NODES = 5_000
_MOST_STRINGS = 100

ARTICLE_TYPES = ("article", "posting", "report", "review")
"""How the names of the types end that are articles."""

_MEDIA = frozenset({"videoobject", "audioobject", "podcastepisode", "imagegallery", "mediagallery", "recipe"})
_PAGES = frozenset({"webpage", "itempage"})
# Parts of a page that describe other pages: what hangs below them is not the article.
_ELSEWHERE = frozenset(
    {"isPartOf", "itemListElement", "relatedLink", "significantLink", "citation", "comment", "liveBlogUpdate"}
)

_OPENING = re.compile(r"(?://|/\*)?\s*(?:<!--|<!\[CDATA\[)\s*(?:\*/)?")
_CLOSING = re.compile(r"(?://|/\*)?[ \t]?(?:-->|\]\]>)[ \t]?(?:\*/)?$")
_BETWEEN = re.compile(r"[\s;,]*")
# A string (an unclosed one runs to the end, so that no start is tried twice), or a comma that ends a list or object.
_STRING_OR_LAST_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+"?)|,(?=\s*[}\]])', re.DOTALL)
_FLAT_PAIR = re.compile(r'"(datePublished|dateModified|dateCreated)"\s*:\s*"([^"\\]{4,40})"')


@dataclass(frozen=True, slots=True)
class Graph:
    """All nodes of a page in page order, and the same nodes by their ``@id``."""

    nodes: Sequence[Node] = ()
    by_id: Mapping[str, Node] = field(default_factory=dict)

    def resolve(self, value: object) -> Iterator[object]:
        """The value, or each value of a list, with references to other nodes replaced by those nodes."""
        for item in value if isinstance(value, list) else [value]:
            target = self.by_id.get(str(item.get("@id"))) if isinstance(item, dict) else None
            yield {**target, **item} if target and isinstance(item, dict) else item


def read_graph(scripts: Iterable[str]) -> Graph:
    """The nodes of all scripts; scripts that nothing can be made of are passed over."""
    nodes: list[Node] = []
    for script in scripts:
        nodes.extend(_nodes(_load(script)))
        if len(nodes) > _MOST_NODES:
            break
    by_id: dict[str, Node] = {}
    for node in nodes:
        key = node.get("@id")
        if isinstance(key, str) and len(node) > len(by_id.get(key, ())):
            by_id[key] = node
    return Graph(nodes, by_id)


def types(node: Node) -> list[str]:
    """The node's types in lower case, without vocabulary prefix."""
    return [name.lower().rpartition("/")[2].rpartition(":")[2] for name in strings(node.get("@type"))]


def strings(value: object) -> list[str]:
    """The readable strings in a value: itself, of a list's items, or what an object is called; numbers as written."""
    found: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        called = (
            next(filter(None, map(item.get, ("@value", "name", "headline", "url", "@id"))), None)
            if isinstance(item, dict)
            else item
        )
        for part in called if isinstance(called, list) else [called]:
            text = part if isinstance(part, str) else str(part) if type(part) in (int, float) else ""
            if text := plain(text):
                found.append(text)
        if len(found) >= _MOST_STRINGS:
            break
    return found


def string(node: Node, *keys: str) -> str:
    """The first readable string under the first of the keys that has one, or ""."""
    return next((text for key in keys for text in strings(node.get(key))), "")


def article_nodes(graph: Graph, url: str, titles: Iterable[str]) -> list[Node]:
    """The nodes that describe the page's own article, best first; the page's own node comes last.

    ``titles``: what the page elsewhere calls itself. A node of another article (other address and other headline)
    is left out; with only one article on the page no proof is asked for.
    """
    address = canonical_url(url)
    folded = {fold(title) for title in titles} - {""}
    ranked = [(*rank, -len(node), node) for node in graph.nodes if (rank := _rank(node, address, folded))]
    chosen = [entry for entry in ranked if entry[1] < _UNPROVEN]
    if not any(entry[0] == 0 for entry in chosen):
        chosen += _only_article(ranked)
    return [node for _, _, _, node in sorted(chosen, key=lambda entry: entry[:3])]


def _only_article(ranked: list[tuple[int, int, int, Node]]) -> list[tuple[int, int, int, Node]]:
    """The page's one article node, repeats of it included; none where several compete."""
    articles = [entry for entry in ranked if entry[0] == 0]
    return articles if len({string(entry[3], "headline", "name") for entry in articles}) == 1 else []


_UNPROVEN = 3


def _rank(node: Node, address: str | None, titles: set[str]) -> tuple[int, int] | None:
    """(sort of node, proof that it is this page's), smaller is better; None for what describes no page."""
    names = types(node)
    if any(name.endswith(ARTICLE_TYPES) for name in names):
        sort = 0
    elif _MEDIA.intersection(names):
        sort = 1
    elif _PAGES.intersection(names):
        sort = 2
    else:
        return None
    if sort and not _dated(node):
        return None
    headline = fold(string(node, "headline", "name"))
    if address and address in map(canonical_url, _addresses(node)):
        return sort, 0
    if headline and headline in titles:
        return sort, 1
    if headline and any(headline in title or title in headline for title in titles if len(title) > _LONG_TITLE):
        return sort, 2
    return sort, _UNPROVEN


_LONG_TITLE = 20


def _dated(node: Node) -> bool:
    return any(key in node for key in ("datePublished", "dateModified", "uploadDate", "author", "headline"))


def _addresses(node: Node) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage", "contentUrl"):
        value = node.get(key)
        for item in value if isinstance(value, list) else [value]:
            for text in (item.get("@id"), item.get("url")) if isinstance(item, dict) else (item,):
                if isinstance(text, str):
                    yield text


def _nodes(value: object) -> Iterator[Node]:
    """Every object in a parsed script, outer ones first, parts of other pages left out."""
    level: Sequence[object] = [value]
    for _ in range(_DEEPEST):
        below: list[object] = []
        for item in level:
            if isinstance(item, dict):
                yield item
                below.extend(part for key, part in item.items() if key not in _ELSEWHERE)
            elif isinstance(item, list):
                below.extend(item)
        level = [part for part in below if isinstance(part, dict | list)][:_MOST_NODES]
        if not level:
            return


def _load(script: str) -> object:
    """What the script holds; for one beyond repair the dates that can be read off it, or None."""
    if len(script) > LARGEST_SCRIPT:
        return None
    try:
        return orjson.loads(script)
    except orjson.JSONDecodeError:
        pass
    text = _CLOSING.sub("", _unopened(script.strip())).strip()
    for candidate in (text, _STRING_OR_LAST_COMMA.sub(lambda found: found[1] or "", text)):
        try:
            return _load_all(candidate)
        except (ValueError, RecursionError):
            continue
    dates = dict(_FLAT_PAIR.findall(text))
    return {"@type": "Article", **dates} if dates else None


def _unopened(text: str) -> str:
    return text[_end_of(_OPENING, text, 0) :]


def _end_of(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start


def _load_all(text: str) -> list[object]:
    """The JSON values that stand one after another in the text; what follows the first may be anything."""
    decoder = json.JSONDecoder(strict=False)
    values: list[object] = []
    end = 0
    while end < len(text):
        try:
            value, end = decoder.raw_decode(text, end)
        except ValueError:
            if not values:
                raise
            break
        values.append(value)
        end = _end_of(_BETWEEN, text, end)
    return values
