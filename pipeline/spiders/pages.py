"""An answer of Scrapy's as a raw page."""

from dataclasses import replace
from datetime import datetime

from scrapy.http import Response
from scrapy.settings import BaseSettings

from pipeline.items import Link, Media, OptOuts, RawPage, SiteRules
from pipeline.robots import product_token
from pipeline.sources import Source

MEDIA = {"text/html": Media.HTML, "application/xhtml+xml": Media.HTML, "text/plain": Media.TEXT}


def headers_of(response: Response) -> dict[str, str]:
    """Response headers, names in lower case, several of one name joined.

    Of X-Robots-Tag the line for everybody comes first: what follows a crawler's name is meant for that one alone.
    """
    headers = {}
    for name, values in response.headers.items():
        lines = [value.decode("latin-1") for value in values]
        lower = name.decode("latin-1").lower()
        headers[lower] = ", ".join(sorted(lines, key=_has_name) if lower == "x-robots-tag" else lines)
    return headers


def _has_name(line: str) -> bool:
    return ":" in line


def opt_outs_of(settings: BaseSettings) -> OptOuts:
    """The wishes of pages that a crawl with these settings honours."""
    agent = product_token(settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"])
    return OptOuts(agent, tuple(word.strip().lower() for word in settings.getlist("HONOUR_PAGE_ROBOTS")))


def page_of_source(source: Source, link: Link, response: Response, now: datetime, opt_outs: OptOuts) -> RawPage:
    """The raw page of a crawl, with what is known of its site."""
    rules = SiteRules(source.prune, source.body, source.language or "", source.tags)
    page = page_of_response(link.url, response, now, source=source.name, link=link)
    return replace(page, rules=rules, opt_outs=opt_outs)


def page_of_response(
    url: str, response: Response, fetched_at: datetime, *, source: str = "", link: Link | None = None
) -> RawPage:
    """The raw page; ``url``: the address first asked for."""
    headers = headers_of(response)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return RawPage(
        url=url,
        final_url=response.url,
        status=response.status,
        headers=headers,
        body=response.body,
        fetched_at=fetched_at,
        media=MEDIA.get(kind, Media.UNKNOWN),
        source=source,
        link=link,
    )
