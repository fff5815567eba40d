"""Made-up pasts of sources: a rhythm, a layout, accidents that mean nothing, and a fault on a day."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import exp, pi, sin

from pipeline.findings import Kind
from pipeline.funnel import FIELDS, Funnel, Loss, Measure, Stage
from pipeline.items import Reason

START = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECTION_HABITS = 0.1
"""Share of polls whose pages are of an odd section: no authors, or pictures only."""

BACKOFF = 1 / 6
"""Hours until a failure is followed by the next poll, doubled by each further one."""

LONGEST_ACCIDENT = 1 / 3
"""Hours that a reboot or the like takes at most."""

FAULTS = (
    Kind.SILENT, Kind.YIELD, Kind.LAYOUT, Kind.PAYWALL, Kind.CONSENT, Kind.BLOCKED, Kind.ROBOTS, Kind.FAILING, Kind.SLOW
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Past:
    """What a run counted of a source, and when. ``due``: pages that the source would have brought but for its fault."""

    at: datetime
    funnel: Funnel
    due: int = 0


@dataclass(slots=True)
class Outlet:
    """A source as it is. ``daily``: pages; ``every``: hours between polls; ``has``: share of articles with a field.

    ``batch``: pages that come at a time; ``doubles``: it brings twice as many pages from ``since`` on.
    """

    daily: float
    every: float
    batch: int
    weekend: float
    wakes: float
    depth: float
    has: dict[str, float]
    refused: float
    words: float
    wait: float
    flaky: float
    chance: random.Random
    fault: Kind | None = None
    since: datetime = START
    doubles: bool = False
    holidays: set[int] = field(default_factory=set)

    def is_faulty(self, at: datetime, kind: Kind) -> bool:
        return self.fault is kind and at >= self.since


def outlet(chance: random.Random, fault: Kind | None, since: datetime) -> Outlet:
    """From one page in ten days to hundreds a day, polled every few pages; asleep at night, slow at weekends."""
    daily = min(max(chance.lognormvariate(2.0, 1.5), 0.15), 300.0)
    has = {name: chance.choice([0.0, 1.0, 1.0, chance.uniform(0.3, 1.0)]) for name in FIELDS}
    return Outlet(
        daily=daily,
        every=min(max(chance.uniform(24, 60) / daily, 0.5), 24.0),
        batch=chance.choice([1, 1, 2, 4]),
        weekend=chance.choice([0.0, 0.3, 0.6, 1.0]),
        wakes=chance.uniform(0, 24),
        depth=chance.uniform(0.3, 2.5),
        has=has | {"headline": 1.0, "paywall": chance.choice([0.0, 0.0, 0.1, 0.4])},
        refused=chance.choice([0.01, 0.05, 0.15]),
        words=chance.uniform(150, 900),
        wait=chance.lognormvariate(-0.7, 0.6),
        flaky=chance.choice([0.0, 0.003, 0.02]),
        chance=chance,
        fault=fault,
        since=since,
        holidays={chance.randrange(45) for _ in range(2)},
    )


def history(source: Outlet, days: int) -> Iterator[Past]:
    """Its polls, oldest first."""
    chance, at = source.chance, START + timedelta(hours=source.chance.uniform(0, 24))
    outage, failures, missed = at, 0, 0
    while at < START + timedelta(days=days):
        hours = source.every * chance.uniform(0.8, 1.2)
        hours = min(hours, BACKOFF * 2 ** min(failures - 1, 9) * chance.uniform(0.9, 1.1)) if failures else hours
        due, new = _published(source, at, hours)
        at += timedelta(hours=hours)
        if chance.random() < source.flaky:
            outage = at + timedelta(hours=min(LONGEST_ACCIDENT, chance.expovariate(10)))
        if at <= outage or source.is_faulty(at, Kind.FAILING):
            failures, missed = failures + 1, missed + new
            yield Past(at, Funnel(listings={chance.choice([Loss.TIMEOUT, Loss.SERVER_ERROR]): 1}), due)
            continue
        yield Past(at, _polled(source, at, new + missed), due)
        failures = missed = 0


def _published(source: Outlet, at: datetime, hours: float) -> tuple[int, int]:
    """Pages that come out in some hours: as many as usual, and as many as with the fault."""
    steps = max(1, round(hours * 2))
    mean = sum(_rate(source, at + step * HOUR / 2) * hours / steps for step in range(steps))
    due = poisson(mean / source.batch, source.chance) * source.batch
    if source.is_faulty(at, Kind.SILENT):
        return due, 0
    return due, sum(source.chance.random() < 0.12 for _ in range(due)) if source.is_faulty(at, Kind.YIELD) else due


def _rate(source: Outlet, at: datetime) -> float:
    """Pages an hour at a moment."""
    share = source.weekend if at.weekday() >= 5 else 1.0
    if (at - START).days in source.holidays:
        share = min(share, 0.4, source.weekend)
    share *= 2.0 if source.doubles and at >= source.since else 1.0
    shape = exp(source.depth * (sin(2 * pi * (at.hour - source.wakes) / 24) - 0.5))
    return source.daily / 24 * shape * share


def _polled(source: Outlet, at: datetime, new: int) -> Funnel:
    """What a poll that could be read counts."""
    chance = source.chance
    funnel = Funnel(listings={"read" if new else "unchanged": 1})
    slow = 12.0 if source.is_faulty(at, Kind.SLOW) else chance.lognormvariate(0, 0.4)
    funnel.stages = {Measure.ANSWERS: 1 + new, Measure.WAITED: round((1 + new) * source.wait * slow * 1000)}
    if not new:
        return funnel
    funnel.stages |= {Stage.DISCOVERED: new, Stage.NEW: new}
    odd = chance.random() < SECTION_HABITS
    for _ in range(new):
        _page(source, at, funnel, odd=odd)
    return funnel


def _page(source: Outlet, at: datetime, funnel: Funnel, *, odd: bool) -> None:
    chance = source.chance
    if source.is_faulty(at, Kind.ROBOTS) or chance.random() < 0.01:
        reason = Loss.ROBOTS if source.is_faulty(at, Kind.ROBOTS) else Loss.TIMEOUT
        funnel.lost[reason] = funnel.lost.get(reason, 0) + 1
        return
    _add(funnel.stages, Stage.FETCHED)
    walls = {Kind.CONSENT: Reason.CONSENT_WALL, Kind.BLOCKED: Reason.BOT_CHALLENGE}
    wall = next((reason for kind, reason in walls.items() if source.is_faulty(at, kind)), None)
    broken = source.is_faulty(at, Kind.LAYOUT)
    refused = max(source.refused, 0.5 * odd, 0.3 * broken)
    if wall or chance.random() < refused:
        _add(funnel.rejected, wall or Reason.TOO_SHORT)
        return
    _add(funnel.stages, Stage.ARTICLE)
    words = source.words * chance.lognormvariate(0, 0.5) * (0.3 if broken else 1.0)
    _add(funnel.stages, Measure.WORDS, round(words))
    for name, share in source.has.items():
        lost = (broken and name in ("authors", "description")) or (odd and name == "authors")
        wanted = 0.9 if name == "paywall" and source.is_faulty(at, Kind.PAYWALL) else 0.0 if lost else share
        if chance.random() < wanted:
            _add(funnel.fields, name)


def _add(counts: dict[str, int], name: str, number: int = 1) -> None:
    counts[name] = counts.get(name, 0) + number


def poisson(mean: float, chance: random.Random) -> int:
    """A number of events by chance, ``mean`` on average."""
    count, left = 0, chance.expovariate(1.0)
    while left < mean:
        count += 1
        left += chance.expovariate(1.0)
    return count
