"""An answer of Scrapy's as a raw page."""

from dataclasses import replace
from datetime import datetime

from scrapy.http import Response
from scrapy.settings import BaseSettings

from pipeline.answers import joined_headers, media_of
from pipeline.downloads.exchange import EXCHANGE
from pipeline.items import Exchange, Link, OptOuts, RawPage, SiteRules
from pipeline.robots import product_token
from pipeline.sources import Source


def headers_of(response: Response) -> dict[str, str]:
    """Response headers, names in lower case, several of one name joined."""
    named = ((name.decode("latin-1"), values) for name, values in response.headers.items())
    return joined_headers((name, value.decode("latin-1")) for name, values in named for value in values)


def opt_outs_of(settings: BaseSettings) -> OptOuts:
    """The wishes of pages that a crawl with these settings honours."""
    agent = product_token(settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"])
    return OptOuts(agent, tuple(word.strip().lower() for word in settings.getlist("HONOUR_PAGE_ROBOTS")))


def rules_of(source: Source) -> SiteRules:
    """What is known of a source's site."""
    return SiteRules(source.prune, source.body, source.language or "", source.tags)


def page_of_source(source: Source, link: Link, response: Response, now: datetime, opt_outs: OptOuts) -> RawPage:
    """The raw page of a crawl, with what is known of its site."""
    page = page_of_response(link.url, response, now, source=source.name, link=link)
    exchange: Exchange | None = response.request.meta.get(EXCHANGE) if response.request else None
    if exchange:
        exchange = replace(exchange, collection=source.collection)
    return replace(page, rules=rules_of(source), opt_outs=opt_outs, exchange=exchange)


def page_of_response(
    url: str, response: Response, fetched_at: datetime, *, source: str = "", link: Link | None = None
) -> RawPage:
    """The raw page; ``url``: the address first asked for."""
    headers = headers_of(response)
    return RawPage(
        url=url,
        final_url=response.url,
        status=response.status,
        headers=headers,
        body=response.body,
        fetched_at=fetched_at,
        media=media_of(headers),
        source=source,
        link=link,
    )
