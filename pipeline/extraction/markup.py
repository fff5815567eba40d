"""What a page's mark-up declares, collected in one walk: meta elements, links, headings, scripts, times."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any, NamedTuple, cast

from lxml import etree
from lxml.html import HtmlElement

from pipeline.text import collapse, without_controls

LONGEST_VALUE = 5_000
"""Characters of one declared value that are looked at; nothing honest is longer."""

MOST_HEADINGS = 50
"""Elements h1 that may be the headline; each is compared with each."""

_MOST_VALUES = 40
_MOST_ITEMPROPS = 1_000
_RDF_PREFIXES = (("http://ogp.me/ns/article#", "article:"), ("http://ogp.me/ns#", "og:"))
_ITEMPROPS = etree.XPath("//*[@itemprop]")
_USED_ITEMPROPS = frozenset({"author", "datePublished", "dateModified", "articleSection", "isAccessibleForFree"})
_INLINE = frozenset({
    "a", "abbr", "b", "em", "font", "i", "mark", "s", "small", "strong", "sub", "sup", "u", "wbr",
})  # fmt: skip
_TAG = re.compile(r"</?(?:a|abbr|b|br|em|font|i|mark|p|small|span|strong|sub|sup|u)\b[^<>]*>", re.IGNORECASE)
_TEXTS = etree.XPath(".//text()[not(parent::script or parent::style or parent::noscript)]")
_WANTED = ("base", "h1", "link", "meta", "script", "time", "title")


class Claim(NamedTuple):
    """What one place of the page says about a field, and the name of that place ("og:title", "json-ld", …)."""

    value: str
    signal: str


@dataclass(frozen=True, slots=True)
class Markup:
    """The declarations of one page.

    ``url``: the page's address, or empty; ``base``: what its relative addresses hang on. ``metas``: name in lower
    case → contents in page order. ``links``: rel → hrefs. ``headings``: the h1 elements. ``times``: the time elements.
    ``scripts``: JSON-LD, raw. ``itemprops``: microdata name → elements, those of the article only.
    """

    tree: HtmlElement
    url: str
    base: str
    title: str = ""
    metas: Mapping[str, Sequence[str]] = field(default_factory=dict)
    links: Mapping[str, Sequence[str]] = field(default_factory=dict)
    headings: Sequence[HtmlElement] = ()
    times: Sequence[HtmlElement] = ()
    scripts: Sequence[str] = ()
    itemprops: Mapping[str, Sequence[HtmlElement]] = field(default_factory=dict)

    def meta(self, *names: str) -> Iterator[Claim]:
        """Claims of the meta elements so named, the first name's first; empty contents left out."""
        for name in names:
            signal = name if ":" in name else f"meta[name={name}]"
            for content in self.metas.get(name, ()):
                yield Claim(content, signal)

    def properties(self, name: str) -> Iterator[Claim]:
        """Claims of the elements with this itemprop: their content or datetime, else their text."""
        for element in self.itemprops.get(name, ()):
            value = plain(element.get("content") or element.get("datetime") or "") or text_of(element)
            if value:
                yield Claim(value, f"[itemprop={name}]")


def read_markup(tree: HtmlElement, url: str) -> Markup:
    """Collect the declarations of a parsed page; the tree is not touched."""
    found: dict[str, list[HtmlElement]] = {tag: [] for tag in _WANTED}
    for element in tree.iter(*_WANTED):
        found[element.tag].append(element)
    bases = [href for element in found["base"] if (href := element.get("href"))]
    return Markup(
        tree=tree,
        url=url,
        base=bases[0] if bases and bases[0].startswith("http") else url,
        title=next(filter(None, map(text_of, found["title"])), ""),
        metas=_metas(found["meta"]),
        links=_links(found["link"]),
        itemprops=_itemprops(tree),
        headings=found["h1"][:MOST_HEADINGS],
        times=found["time"],
        scripts=[
            element.text
            for element in found["script"]
            if element.text and "ld+json" in (element.get("type") or "").lower()
        ],
    )


def text_of(element: HtmlElement) -> str:
    """The element's text on one line, scripts and styles left out."""
    if not len(element):
        return collapse((element.text or "")[:LONGEST_VALUE])
    parts = []
    for part in select(_TEXTS, element):
        glued = part.getparent().tag in _INLINE
        parts.append(part if glued else f" {part}" if part.is_text else f" {part} ")
    return collapse("".join(parts)[:LONGEST_VALUE])


def plain(text: str) -> str:
    """A declared value as a person would read it: entities resolved (twice escaped ones too), no tags, on one line."""
    text = text[:LONGEST_VALUE]
    if "&" in text:
        text = unescape(unescape(text))
    if "<" in text:
        text = _TAG.sub("", text)
    if not text.isprintable():  # JSON escapes may write what no page can hold, such as half a surrogate pair
        text = without_controls(text)
    return collapse(text)


def _metas(elements: Sequence[HtmlElement]) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for element in elements:
        content = plain(element.get("content") or "")
        if not content:
            continue
        for attribute in ("property", "name", "http-equiv"):
            name = _meta_name(element.get(attribute) or "")
            values = metas.setdefault(name, []) if name else []
            if content not in values and len(values) < _MOST_VALUES:
                values.append(content)
    return metas


def _meta_name(name: str) -> str:
    name = name.strip().lower()
    for long, short in _RDF_PREFIXES:
        name = name.replace(long, short)
    return name


def _links(elements: Sequence[HtmlElement]) -> dict[str, list[str]]:
    links: dict[str, list[str]] = {}
    for element in elements:
        href = (element.get("href") or "").strip()
        for rel in (element.get("rel") or "").lower().split() if href else ():
            links.setdefault(rel, []).append(href)
    return links


def _itemprops(tree: HtmlElement) -> dict[str, list[HtmlElement]]:
    """Microdata name → the elements with it that belong to an article or the page, not to a part such as a video."""
    named: dict[str, list[HtmlElement]] = {}
    for element in select(_ITEMPROPS, tree)[:_MOST_ITEMPROPS]:
        for name in (element.get("itemprop") or "").split():
            if name in _USED_ITEMPROPS and _in_article(element):
                named.setdefault(name, []).append(element)
    return named


def select(path: etree.XPath, element: HtmlElement) -> list[Any]:
    """What a compiled path that gives nodes finds below the element."""
    return cast("list[Any]", path(element))


def _in_article(element: HtmlElement) -> bool:
    """Whether the nearest thing described around the element is an article, a page, or nothing said."""
    scope = next((parent for parent in element.iterancestors() if parent.get("itemscope") is not None), None)
    kind = (scope.get("itemtype") or "").lower() if scope is not None else ""
    return not kind or kind.endswith(("article", "posting", "page", "creativework", "report", "review"))
