"""Finding the listings of a source: what its front page and robots.txt name, else where sites usually have them."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from pipeline.discovery.autodiscovery import Candidate, Signal, guesses, in_page, in_robots, ranked
from pipeline.downloads.courtesy import SOURCE_DELAY, CourtesyMiddleware
from pipeline.downloads.losses import LostError, fetch
from pipeline.downloads.soundness import CUT
from pipeline.funnel import CHANGED
from pipeline.items import Origin
from pipeline.sources import Source
from pipeline.spiders.pages import headers_of
from pipeline.spiders.polling import Answer, Poll, failed, read_aside
from pipeline.storage.listings import ListingState

MOST_TRIED = 12
"""Requests that looking for listings may cost a site."""

ENOUGH = {Origin.FEED: 5, Origin.SITEMAP: 2}
"""Listings of a kind after which no more are looked for."""


async def find_listings(crawler: Crawler, source: Source, response: Response) -> AsyncIterator[Poll]:
    """The listings of a source that hold links, read.

    ``response``: the source's front page. It stands for its own section where nothing else is found.
    """
    async for poll in try_listings(crawler, source, response):
        if poll.outcome == CHANGED or poll.state.kind is Origin.SECTION:
            yield poll


async def try_listings(crawler: Crawler, source: Source, response: Response) -> AsyncIterator[Poll]:
    """Try the places a site names, those of no use included, and the usual ones where it names none that works."""
    found: Counter[Origin] = Counter()
    tried = 0
    for candidate in _candidates(crawler, source, response):
        if tried >= MOST_TRIED or (found.total() and candidate.signal is Signal.GUESS):
            break
        if not _is_wanted(candidate, found):
            continue
        tried += 1
        poll = await poll_once(crawler, source, ListingState(source.name, candidate.url, candidate.origin))
        found[poll.state.kind] += poll.outcome == CHANGED
        if poll.outcome == CHANGED or candidate.signal is not Signal.GUESS:
            yield poll
    if not found.total():
        state = ListingState(source.name, source.url, Origin.SECTION)
        yield await read_aside(state, answer_of(response))


def answer_of(response: Response) -> Answer:
    """What a poll needs of Scrapy's answer."""
    whole = "dataloss" not in response.flags
    return Answer(response.status, response.body, response.url, headers_of(response), whole)


def _candidates(crawler: Crawler, source: Source, response: Response) -> Iterable[Candidate]:
    courtesy = crawler.get_downloader_middleware(CourtesyMiddleware)
    robots = courtesy.robots_text(response.url) if courtesy else ""
    kind = headers_of(response).get("content-type")
    named = ranked([*in_page(response.body, response.url, kind), *in_robots(robots, response.url)])
    ruled_out = {kind for kind, urls in ((Origin.FEED, source.feeds), (Origin.SITEMAP, source.sitemaps)) if urls == ()}
    return (candidate for candidate in (*named, *guesses(response.url)) if candidate.origin not in ruled_out)


def _is_wanted(candidate: Candidate, found: Counter[Origin]) -> bool:
    """Whether another listing of this kind adds anything; a sitemap of everything only where nothing else is."""
    if candidate.origin is Origin.SITEMAP and "news" not in candidate.url.lower() and found.total():
        return False
    return found[candidate.origin] < ENOUGH[candidate.origin]


async def poll_once(crawler: Crawler, source: Source, state: ListingState) -> Poll:
    """Ask for a listing and read it."""
    meta = {SOURCE_DELAY: source.delay, "dont_retry": True, CUT: crawler.settings.getint("DOWNLOAD_MAXSIZE")}
    request = Request(state.url, callback=NO_CALLBACK, meta=meta)
    courtesy = crawler.get_downloader_middleware(CourtesyMiddleware)
    try:
        if courtesy:
            await courtesy.approach(state.url)
        response = await fetch(crawler, request)
    except LostError as error:
        return failed(state, error.loss, datetime.now(UTC), error.detail)
    return await read_aside(state, answer_of(response))
