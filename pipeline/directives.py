"""What a page itself asks of crawlers: X-Robots-Tag, robots meta elements, TDM reservation."""

import re
from collections.abc import Iterable, Iterator, Mapping

from lxml.etree import ParserError
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from pipeline.items import OptOuts, RawPage

MOST = 40
"""Directives of one page that are kept."""

HEAD = 2**19
"""Bytes from a page's beginning in which its robots elements are looked for before it is refined."""

_AGENT = re.compile(r"\s*([a-z][a-z_-]*|\*)\s*:(?!//)")
_DIRECTIVE = re.compile(r"[a-z][a-z_-]{1,40}(?::[\w-]{1,20})?")
_VALUED = frozenset({"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"})
"""Directives with a value behind a colon, which are no agents."""
_BOT = re.compile(r"[a-z_-]*bot(?:-[a-z]+)?")
_EVERYBODY = frozenset({"robots", "*"})
_DEFAULTS = frozenset({"all", "index", "follow"})
_MEANINGS = {"none": ("noindex", "nofollow")}


def read_directives(headers: Mapping[str, str], tree: HtmlElement | None, agent: str) -> tuple[str, ...]:
    """The directives of a page, each once; those that only state the default are left out.

    ``agent``: the crawler's product token; what is meant for it alone counts like what is meant for everybody. A
    directive for another crawler is kept with its name: "googlebot-news: noindex".
    """
    told = list(_of_header(headers.get("x-robots-tag", ""), agent))
    if headers.get("tdm-reservation", "").strip() == "1":
        told.append("tdm-reservation")
    for meta in tree.iter("meta") if tree is not None else ():
        told.extend(_of_meta(meta, agent))
    return tuple(dict.fromkeys(told))[:MOST]


def heeded(directives: Iterable[str], opt_outs: OptOuts) -> list[str]:
    """Those of a page's directives for which it is not to be kept."""
    return [directive for directive in directives if directive in opt_outs.honoured]


def asks_not_to_be_kept(page: RawPage) -> bool:
    """Whether a page has a directive that is honoured; told without the extractor, for the archive."""
    found = read_directives(page.headers, None, page.opt_outs.agent)
    if heeded(found, page.opt_outs):
        return True
    head = page.body[:HEAD]
    if not any(directive.encode() in head.lower() for directive in page.opt_outs.honoured):
        return False
    try:
        tree = document_fromstring(head, parser=HTMLParser(encoding="iso-8859-1"))
    except ParserError:  # nothing in it
        return False
    return bool(heeded(read_directives({}, tree, page.opt_outs.agent), page.opt_outs))


def _of_header(value: str, agent: str) -> Iterator[str]:
    """A name with a colon says whom all that follows is meant for, up to the next name."""
    meant = "*"
    for part in value.lower().split(","):
        named = _AGENT.match(part)
        if named and named[1] not in _VALUED:
            meant = named[1]
        yield from _words(part[named.end() :] if named and named[1] == meant else part, meant, agent)


def _of_meta(meta: HtmlElement, agent: str) -> Iterator[str]:
    name, content = (meta.get("name") or "").strip().lower(), (meta.get("content") or "").strip().lower()
    if name == "tdm-reservation" and content == "1":
        yield name
    elif name in _EVERYBODY or (agent and name == agent) or _BOT.fullmatch(name):
        for part in content.split(","):
            yield from _words(part, name, agent)


def _words(part: str, meant: str, agent: str) -> Iterator[str]:
    """The directives that one part between commas holds."""
    word = "".join(part.split())
    if word.startswith("unavailable_after"):
        word = "unavailable_after"
    if word in _DEFAULTS or not _DIRECTIVE.fullmatch(word):
        return
    for directive in _MEANINGS.get(word, (word,)):
        yield directive if meant in _EVERYBODY or meant == agent else f"{meant}: {directive}"
