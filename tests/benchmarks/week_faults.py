"""What befalls the sites of a compressed week, and by which name it should be told."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pipeline.findings import Kind
from tests.benchmarks import week_pages as pages
from tests.benchmarks.week_pages import Story
from tests.newssite import Answer

DAY = timedelta(days=1)
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Fault:
    """``kinds``: words that name it, none where nothing is wrong. ``at``, ``until``: while it lasts.

    ``days``: how long that is, None for ever. ``answer``: to every request; ``refuses``: every connection; ``page``: in
    the articles' place, with ``status``; ``forbids``: robots.txt does; ``output``: how many times as many pages.
    """

    name: str
    kinds: tuple[Kind, ...] = ()
    at: datetime = NEVER
    until: datetime = NEVER
    days: float | None = None
    answer: Answer | None = None
    refuses: bool = False
    page: Callable[[Story], str] | None = None
    status: int = 200
    forbids: bool = False
    output: float = 1.0

    @property
    def is_over(self) -> bool:
        """Whether it is over by itself."""
        return self.days is not None


SILENT = Fault("falls silent", (Kind.SILENT, Kind.YIELD), output=0.0)
DOUBLE = Fault("doubles its output", output=2.0)
FAULTS: Sequence[Fault | None] = (
    SILENT,
    Fault("no authors, no dates", (Kind.LAYOUT,), page=pages.anonymous),
    None,
    Fault("refuses connections", (Kind.FAILING,), refuses=True),
    None,
    DOUBLE,
    None,
    Fault("paywall", (Kind.PAYWALL,), page=pages.paywall),
    Fault("429 for a day", (Kind.FAILING,), days=1, answer=Answer("slow", 429, headers={"Retry-After": "3600"})),
    None,
    Fault("consent wall", (Kind.CONSENT,), page=pages.consent),
    Fault("404 for everything", (Kind.FAILING,), answer=Answer("<h1>Page not found</h1>", 404)),
    Fault("a few words left", (Kind.LAYOUT,), page=pages.cut),
    None,
    None,
    Fault("robots.txt forbids", (Kind.ROBOTS,), forbids=True),
    SILENT,
    Fault("500 for everything", (Kind.FAILING,), answer=Answer("<h1>Server error</h1>", 500)),
    None,
    Fault("login", (Kind.PAYWALL,), page=pages.login),
    None,
    Fault("bot challenge", (Kind.BLOCKED,), page=pages.challenge, status=403),
    DOUBLE,
    None,
    Fault("410 for everything", (Kind.FAILING,), answer=Answer("<h1>Gone</h1>", 410)),
    Fault("pages for browsers", (Kind.LAYOUT,), page=pages.shell),
    None,
    None,
    Fault("lists for articles", (Kind.LAYOUT,), page=pages.index),
    SILENT,
)
"""By site; None where a site stays well."""


def planted(sites: int, since: datetime, days: float, chance: random.Random) -> list[Fault | None]:
    """What befalls each site, in the first half of so many days."""
    found: list[Fault | None] = []
    for n in range(sites):
        fault, at = FAULTS[n % len(FAULTS)], since + chance.uniform(0, days / 2) * DAY
        found.append(fault and replace(fault, at=at, until=at + fault.days * DAY if fault.days else NEVER))
    return found
