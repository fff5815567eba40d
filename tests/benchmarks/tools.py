"""The tools that are compared, each as one function: page → answer."""

import logging
import socket
import warnings
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any, NoReturn

from trafilatura import bare_extraction

from pipeline.decode import decode
from pipeline.extraction import refine
from pipeline.items import Article, Media, RawPage
from pipeline.text import collapse
from tests.benchmarks.scoring import Answer

Tool = Callable[[RawPage], Answer]

PEERS = {"newspaper4k": "newspaper", "news-please": "newsplease"}
"""Package → the module it is imported as."""


def newsloom(page: RawPage) -> Answer:
    return answer_of(refine(page))


def answer_of(outcome: object) -> Answer:
    """What newsloom made of a page, as an answer."""
    if not isinstance(outcome, Article):
        return Answer(rejected=str(outcome))
    authors = tuple(author.name for author in outcome.authors)
    return Answer(outcome.text, outcome.headline, authors, outcome.published)


def trafilatura(page: RawPage) -> Answer:
    found: Any = bare_extraction(page.body, url=_address(page), include_comments=False, with_metadata=True)
    if found is None:
        return Answer(rejected="no result")
    authors = tuple(name.strip() for name in (found.author or "").split(";"))
    published = datetime.fromisoformat(found.date) if found.date else None
    return Answer(found.text or "", found.title or "", authors, published)


def every_line(page: RawPage) -> Answer:
    """What a person gets who keeps a saved text as it is; its first line is the headline."""
    text = page.body.decode("utf-8", "replace")
    return Answer(text, next(filter(None, map(collapse, text.splitlines())), ""))


def newspaper4k(page: RawPage) -> Answer:
    article = import_module("newspaper").Article(_address(page) or "https://example.org/", fetch_images=False)
    article.download(input_html=_text(page))
    article.parse()
    return Answer(article.text, article.title, tuple(article.authors), article.publish_date or None)


def news_please(page: RawPage) -> Answer:
    article = import_module("newsplease").NewsPlease.from_html(_text(page), url=_address(page), fetch_images=False)
    return Answer(article.maintext or "", article.title or "", tuple(article.authors), article.date_publish)


def tools_for(media: Media, *, with_peers: bool) -> Mapping[str, Tool]:
    """The tools for pages of a kind by name; nothing but ours reads plain text, so keeping every line is its rival."""
    if media is Media.TEXT:
        return {"newsloom": newsloom, "every line": every_line}
    return {"newsloom": newsloom, "trafilatura": trafilatura, **(peers() if with_peers else {})}


def peers() -> dict[str, Tool]:
    """The other tools, where installed. From then on this process stays offline, for they would load images."""
    socket.getaddrinfo = _refuse
    socket.socket.connect = _refuse  # type: ignore[method-assign]
    known = {"newspaper4k": newspaper4k, "news-please": news_please}
    return {name: _guarded(tool) for name, tool in known.items() if find_spec(PEERS[name])}


def missing_peers() -> list[str]:
    return [name for name, module in PEERS.items() if not find_spec(module)]


def versioned(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return name


def quieten() -> None:
    """Peers log and warn about single pages; a benchmark's output is its table."""
    logging.disable(logging.ERROR)
    warnings.simplefilter("ignore")


def _refuse(*_: object, **__: object) -> NoReturn:
    raise OSError("a benchmark stays offline")


def _guarded(tool: Tool) -> Tool:
    def ask(page: RawPage) -> Answer:
        try:
            return tool(page)
        except Exception as error:  # noqa: BLE001 - a tool that fails on a page has rejected it
            return Answer(rejected=repr(error))

    return ask


def _address(page: RawPage) -> str | None:
    return None if page.is_local else page.url


def _text(page: RawPage) -> str:
    """The page decoded as we do it: the peers take text, and decoding is not what is compared."""
    return decode(page.body).text
