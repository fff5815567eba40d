"""Lists that run over several pages: which page an address is, and where the next one stands."""

import re
from urllib.parse import parse_qsl, urlsplit

from pipeline.discovery.pages import Page
from pipeline.discovery.vocabulary import NEXT, PAGE_NAMES
from pipeline.urls import canonical_url, site_of

_NUMBERED = re.compile(
    r"(?:/(?:page|seite|pagina|p)[/_-]?|[_-]p(?:age)?-?)(\d{1,4})(?=/?(?:\.[a-z]{3,5})?$)", re.IGNORECASE
)
_BARE_NUMBER = re.compile(r"[/_-](\d{1,3})(?=/?(?:\.html?)?$)")


def page_number(url: str) -> int | None:
    """Which page of a list an address says it is ("?page=2", "/page/2/"), or None."""
    split = urlsplit(url)
    values = [value for name, value in parse_qsl(split.query) if name.lower() in PAGE_NAMES]
    numbers = [value for value in values if value.isascii() and value.isdigit() and len(value) <= 4]
    found = _NUMBERED.search(split.path)
    return int(numbers[0]) if numbers else int(found[1]) if found else None


def next_page(page: Page) -> str:
    """The page after this one: declared so (rel=next), of the same address but the next number, or called so; or "".

    What rel=next names must be a page of this list; some sites point from article to article with it.
    """
    stem, number = _counted(page.url)
    nexts = [anchor.url for anchor in (*page.heads, *page.anchors) if "next" in anchor.rel.split()]
    declared = [url for url in nexts if _counted(url)[1] or urlsplit(url).path == urlsplit(page.url).path]
    counted = [anchor.url for anchor in page.anchors if _counted(anchor.url) == (stem, (number or 1) + 1)]
    called = [anchor.url for anchor in page.anchors if NEXT.fullmatch(anchor.text) and _counted(anchor.url)[1]]
    here, site = canonical_url(page.url), site_of(page.url)
    ahead = (url for url in (*declared, *counted, *called) if site_of(url) == site and canonical_url(url) != here)
    return next(ahead, "")


def _counted(url: str) -> tuple[str, int | None]:
    """What all pages of a list share of their address, and this one's number, also one without a word before it."""
    split = urlsplit(url)
    query = sorted(part for part in parse_qsl(split.query) if part[0].lower() not in PAGE_NAMES)
    found = _NUMBERED.search(split.path) or _BARE_NUMBER.search(split.path)
    number = page_number(url) or (int(found[1]) if found else None)
    path = split.path[: found.start()] if found else re.sub(r"\.html?$", "", split.path)
    return f"{split.netloc}{path.rstrip('/')}?{query}".lower(), number
