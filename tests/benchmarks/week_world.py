"""The sites of a compressed week on loopback hosts: what each says to a request, and who asked for what."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from typing import Any

from pipeline.items import Origin
from tests.benchmarks.week_clock import START, Clock
from tests.benchmarks.week_faults import Fault
from tests.benchmarks.week_pages import LAYOUTS, Layout, Story
from tests.benchmarks.week_rhythm import Rhythm, rhythm
from tests.newssite import Answer, Asked, Site, Web

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SHOWN_FOR = 3 * DAY
"""How long a listing names a page; the last ten it names in any case."""

LEAST_SHOWN = 10
FEWEST, MOST = 3.0, 100.0  # pages a day
CROWDED = 1.7  # the more, the fewer sites have many
CLOSED = "/members/"
"""What robots.txt forbids."""

CRAWL_DELAY = 0.4
KINDS = (Origin.FEED, Origin.FEED, Origin.SITEMAP, Origin.FEED, Origin.SECTION)
PLACES = {Origin.FEED: "/rss.xml", Origin.SITEMAP: "/news-sitemap.xml", Origin.SECTION: "/latest/"}
THINKING = 0.01  # seconds before a page is sent


@dataclass(frozen=True, slots=True)
class Request:
    """One that a host had. ``asked``: on the clock of ``time.monotonic``; ``status``: 0 for no answer."""

    path: str
    at: datetime
    asked: float
    status: int
    is_conditional: bool


@dataclass(slots=True)
class Outlet:
    """A site as it is. ``stories``: in order; ``fault``: what befalls it; ``outages``: short ones that mean nothing.

    ``known_from``: when it was put into the sources file.
    """

    name: str
    kind: Origin
    rhythm: Rhythm
    layout: Layout
    site: Site
    clock: Clock
    crawl_delay: float | None
    fault: Fault | None
    outages: Sequence[tuple[datetime, datetime]]
    stories: dict[str, Story]
    requests: list[Request] = field(default_factory=list)
    known_from: datetime = START

    @property
    def listing(self) -> str:
        return PLACES[self.kind]

    def url(self, story: Story) -> str:
        return f"{self.site.url}{story.path}"

    def entry(self) -> dict[str, Any]:
        """Of the sources file. Feeds and sitemaps have to be found, section pages are named."""
        named = {"sections": [f"{self.site.url}{self.listing}"]} if self.kind is Origin.SECTION else {}
        return {"name": self.name, "url": f"{self.site.url}/", **named}

    def fault_at(self, now: datetime) -> Fault | None:
        return self.fault if self.fault and self.fault.at <= now < self.fault.until else None

    def shown(self, now: datetime) -> list[Story]:
        """What its listing names, the newest first."""
        out = [story for story in self.stories.values() if story.at <= now]
        recent = sum(story.at > now - SHOWN_FOR for story in out)
        return out[: -max(recent, LEAST_SHOWN) - 1 : -1]

    def answer(self, asked: Asked) -> Answer:
        """What it says to a request; that it was asked is noted."""
        now = self.clock.at(asked.at)
        answer = self._say(asked, now)
        conditional = "if-none-match" in asked.headers or "if-modified-since" in asked.headers
        status = answer.status if answer.raw is None else 0
        self.requests.append(Request(asked.path, now, asked.at, status, conditional))
        return answer

    def _say(self, asked: Asked, now: datetime) -> Answer:
        fault = self.fault_at(now)
        if any(since <= now < until for since, until in self.outages):
            return Answer("not now", 503) if now.day % 2 else Answer(raw=())
        if fault and (fault.answer or fault.refuses):
            return fault.answer or Answer(raw=())
        if asked.path == "/robots.txt":
            return Answer(self._robots(fault), kind="text/plain")
        if asked.path == self.listing:
            return self._list(asked, now)
        if asked.path == "/":
            return Answer(self._front())
        story = self.stories.get(asked.path)
        if story is None or story.at > now:
            return Answer("<h1>Page not found</h1>", 404)
        if fault and fault.page:
            return Answer(fault.page(story), fault.status, delay=THINKING)
        return Answer(self.layout(story, story.paragraphs(now)), delay=THINKING)

    def _robots(self, fault: Fault | None) -> str:
        rules = f"Disallow: {'/' if fault and fault.forbids else CLOSED}\n"
        delay = f"Crawl-delay: {self.crawl_delay}\n" if self.crawl_delay else ""
        place = f"Sitemap: {self.site.url}{self.listing}\n" if self.kind is Origin.SITEMAP else ""
        return f"User-agent: *\n{delay}{rules}{place}"

    def _front(self) -> str:
        link = f'<link rel="alternate" type="application/rss+xml" href="{self.listing}">'
        head = f"<title>{self.name}</title>{link if self.kind is Origin.FEED else ''}"
        return f"<!doctype html><html><head>{head}</head><body><h1>Welcome</h1></body></html>"

    def _list(self, asked: Asked, now: datetime) -> Answer:
        stories = self.shown(now)
        if self.kind is Origin.SECTION:
            return Answer(self._section(stories), delay=THINKING)
        body = self._feed(stories) if self.kind is Origin.FEED else self._sitemap(stories)
        tag = f'"{sha256(body.encode()).hexdigest()[:16]}"'
        if asked.headers.get("if-none-match") == tag:
            return Answer(status=304, headers={"ETag": tag})
        return Answer(body, kind="application/xml", headers={"ETag": tag}, delay=THINKING)

    def _feed(self, stories: Sequence[Story]) -> str:
        items = "".join(
            f"<item><title>{escape(story.title)}</title><link>{self.url(story)}</link><guid>{self.url(story)}</guid>"
            f"<pubDate>{format_datetime(story.at)}</pubDate></item>"
            for story in stories
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{self.name}</title>{items}</channel></rss>'

    def _sitemap(self, stories: Sequence[Story]) -> str:
        schemas = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.google.com/schemas/sitemap-news/0.9"
        entries = "".join(
            f"<url><loc>{self.url(story)}</loc><n:news><n:publication_date>{story.at.isoformat()}</n:publication_date>"
            f"<n:title>{escape(story.title)}</n:title></n:news></url>"
            for story in stories
        )
        return f'<?xml version="1.0"?><urlset xmlns="{schemas[0]}" xmlns:n="{schemas[1]}">{entries}</urlset>'

    def _section(self, stories: Sequence[Story]) -> str:
        links = "".join(f'<h3><a href="{story.path}">{escape(story.title)}</a></h3>' for story in stories)
        return f"<html><head><title>Latest</title></head><body><main><h1>Latest</h1>{links}</main></body></html>"


def world(web: Web, clock: Clock, faults: Sequence[Fault | None], chance: random.Random, end: datetime) -> list[Outlet]:
    """A site for each fault, or lack of one; of five, one lists its pages in a sitemap, one on a section page."""
    return [_outlet(web, clock, n, len(faults), fault, chance, end) for n, fault in enumerate(faults)]


def _outlet(  # noqa: PLR0913, PLR0917 - what makes it
    web: Web, clock: Clock, n: int, of: int, fault: Fault | None, chance: random.Random, end: datetime
) -> Outlet:
    daily = FEWEST * (MOST / FEWEST) ** ((n * 7 % of / max(1, of - 1)) ** CROWDED)
    name = f"site-{n:02}"
    keeps = rhythm(daily, chance, fault.at if fault else None, fault.output if fault else 1.0)
    stories = [_story(name, n, number, at) for number, at in enumerate(keeps.moments(START - SHOWN_FOR, end, chance))]
    moments = [START + chance.random() * (end - START) for _ in range(0 if fault else 4 * (n % 7 == 6))]
    outlet = Outlet(
        name,
        KINDS[n % len(KINDS)],
        keeps,
        LAYOUTS[n % len(LAYOUTS)],
        web.host(),
        clock,
        CRAWL_DELAY if n % 6 == 1 else None,
        fault,
        [(moment, moment + chance.uniform(10, 60) * MINUTE) for moment in moments],
        {story.path: story for story in stories},
    )
    outlet.site.other = outlet.answer
    return outlet


def _story(name: str, n: int, number: int, at: datetime) -> Story:
    """Of every tenth site each ninth page is closed; one in ten changes after forty minutes."""
    closed = n % 10 == 4 and number % 9 == 0
    path = f"{CLOSED if closed else '/'}{at:%Y/%m/%d}/story-of-the-day-{number}"
    return Story(path, number, at, name, at + 40 * MINUTE if number % 10 == 0 else None)
