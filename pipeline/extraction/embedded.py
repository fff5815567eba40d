"""The last resort for a page that scripts build: the article's mark-up as a string in their data."""

import re
from collections.abc import Iterator, Sequence

import orjson
from lxml.html import HtmlElement

from pipeline.extraction.limits import parse_within
from pipeline.extraction.quality import Verdict

_STRING = re.compile(r'"((?:[^"\\]|\\.)*+)("|$)', re.DOTALL)
_MARKUP = re.compile(r"<|\\u003c", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</p>|<br\b|</h[2-6]>", re.IGNORECASE)
_SHORTEST = 500
_FEWEST_PARAGRAPHS = 3
_MOST_READ = 2_000_000
_NESTED = 2
"""Strings within strings: data that was made JSON once more when it was put into the page."""


def embedded_article(scripts: Sequence[str]) -> HtmlElement | None:
    """The tree of the longest string with paragraphs of mark-up in the scripts; None without any."""
    told = "\n".join(scripts)
    if len(told) > _MOST_READ:
        return None
    longest = max((text for text in _strings(told, _NESTED) if _is_article(text)), key=len, default="")
    tree = parse_within(f"<html><body>{longest}</body></html>") if longest else None
    return None if isinstance(tree, Verdict) else tree


def _strings(told: str, depth: int) -> Iterator[str]:
    """The long strings in a script's data that hold mark-up, and those within them."""
    for found in _STRING.finditer(told):
        if not found[2] or len(found[1]) < _SHORTEST or not _MARKUP.search(found[1]):
            continue
        try:
            text = orjson.loads(f'"{found[1]}"')
        except orjson.JSONDecodeError:  # a script's own string, no JSON
            continue
        yield text
        if depth:
            yield from _strings(text, depth - 1)


def _is_article(text: str) -> bool:
    return text.lstrip()[:1] == "<" and len(_PARAGRAPH.findall(text)) >= _FEWEST_PARAGRAPHS
