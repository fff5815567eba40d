"""How long pages wait to be found, and for how many requests: a month of 500 made-up feeds, polled by several rules.

python -m tests.benchmarks.polling [--days 30] [--sources 500] [--seed 7]

Each feed publishes by a rhythm of its own (time of day, weekday, heavy-tailed rate, bursts) and shows its last pages
only; what falls out between two polls is missed. ``pipeline.schedule`` decides by itself, then with as many requests
an hour as each of the other rules spent.
"""

import argparse
import heapq
import random
import time
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import exp, pi, sin
from statistics import fmean, median, quantiles
from typing import Protocol

from pipeline.items import Origin
from pipeline.schedule import PRICE, Pace, learned, next_poll, price_for
from pipeline.sources import Poll

START = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
WARM = 3 * 24.0
"""Hours that are simulated and not counted: every rule gets to know the feeds."""

POLL = Poll()
SHORTEST, LONGEST = POLL.min / HOUR, POLL.max / HOUR


@dataclass(frozen=True, slots=True)
class Feed:
    """published: hours from the start, in order. size: pages that it shows."""

    name: str
    published: list[float]
    size: int


def feeds(number: int, days: int, seed: int) -> list[Feed]:
    chance = random.Random(seed)
    return [feed(f"feed-{index}", days * 24.0, chance) for index in range(number)]


def feed(name: str, hours: float, chance: random.Random) -> Feed:
    """From one page in ten days to hundreds a day; asleep at night, slow at weekends, later perhaps of another pace."""
    a_day = min(max(chance.lognormvariate(1.8, 1.6), 0.1), 400.0)
    wakes, depth, weekend = chance.uniform(0, 24), chance.uniform(0.3, 2.5), chance.uniform(0.15, 1.1)
    turn, change = chance.uniform(0.2, 0.8) * hours, chance.choice([1.0, 1.0, 1.0, 0.3, 3.0])
    shape = [exp(depth * sin(2 * pi * (hour - wakes) / 24)) for hour in range(24)]
    mean = fmean(shape)
    published = []
    for hour in range(-14 * 24, int(hours)):
        day = (hour // 24) % 7
        rate = a_day / 24 * shape[hour % 24] / mean * (weekend if day >= 5 else 1.0) * (change if hour > turn else 1.0)
        left = chance.expovariate(1.0)
        moment = 0.0
        while (moment := moment + left / rate) < 1:
            published += [hour + min(moment + 0.02 * twin, 0.999) for twin in range(chance.choice([1, 1, 1, 1, 3]))]
            left = chance.expovariate(1.0)
    return Feed(name, sorted(published), chance.choice([10, 15, 20, 25, 30, 50, 100]))


class Rule(Protocol):
    def next(self, feed: Feed, now: float, new: Sequence[float], known: int) -> float:
        """When a feed is polled again that has just been, which showed these new pages and some that were known."""


@dataclass(slots=True)
class Fixed:
    hours: float

    def next(self, feed: Feed, now: float, new: Sequence[float], known: int) -> float:  # noqa: ARG002
        return now + self.hours


@dataclass(slots=True)
class MediaCloud:
    """By what share of a feed was known: over 67 % 10 minutes more, under 33 % an hour less; 10 minutes to a day."""

    minutes: dict[str, float] = field(default_factory=dict)

    def next(self, feed: Feed, now: float, new: Sequence[float], known: int) -> float:
        wait = self.minutes.get(feed.name, 12 * 60.0)
        share = known / (known + len(new)) if known + len(new) else 1.0
        if share >= 0.67:
            wait += 10
        elif share < 0.33:
            wait = 12 * 60.0 if wait > 12 * 60 else wait - 60
        self.minutes[feed.name] = wait = min(max(wait, SHORTEST * 60), LONGEST * 60)
        return now + wait / 60


@dataclass(frozen=True, slots=True)
class Listing:
    url: str
    pace: Pace = field(default_factory=Pace)
    polled_at: datetime | None = None
    kind: Origin = Origin.FEED
    read_at: datetime | None = None
    failures: int = 0
    outcome: str = ""


@dataclass(slots=True)
class Ours:
    """per_hour: requests that all feeds together are to cost; None for as many as they are worth."""

    per_hour: float | None = None
    price: float = PRICE
    priced: float = 0.0
    asked: int = 0
    listings: dict[str, Listing] = field(default_factory=dict)

    def next(self, feed: Feed, now: float, new: Sequence[float], known: int) -> float:
        moment = at(now)
        listing = self.listings.get(feed.name, Listing(feed.name))
        size = len(new) + known if new else None
        pace = learned(listing.pace, moment, size, [at(page) for page in new])
        listing = self.listings[feed.name] = replace(listing, pace=pace, polled_at=moment)
        self.asked += now > WARM
        if self.per_hour and now - self.priced >= 6:
            self.reprice(self.per_hour, now)
        return (next_poll(listing, POLL, self.price).at - START) / HOUR

    def reprice(self, per_hour: float, now: float) -> None:
        """Spend neither more nor less, day and night together."""
        behind = per_hour * max(0.0, now - WARM) - self.asked
        polled = [(each, POLL) for each in self.listings.values()]
        self.price = price_for(polled, per_hour * (1 + behind / (per_hour * 72)), least=PRICE / 1000)
        self.priced = now


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


@dataclass(slots=True)
class Outcome:
    requests: int = 0
    missed: int = 0
    delays: list[float] = field(default_factory=list)
    seconds: float = 0.0


def simulate(rule: Rule, feeds: Sequence[Feed], hours: float) -> Outcome:
    started = time.process_time()
    outcome = Outcome()
    chance = random.Random(1)
    seen = [-24.0 * 14] * len(feeds)
    queue = [(chance.uniform(0, 1), index) for index in range(len(feeds))]
    heapq.heapify(queue)
    while queue:
        now, index = heapq.heappop(queue)
        if now >= hours:
            continue
        feed = feeds[index]
        end, begin = bisect_right(feed.published, now), bisect_right(feed.published, seen[index])
        shown = max(begin, end - feed.size)
        new = feed.published[shown:end]
        if now > WARM:
            outcome.requests += 1
            outcome.missed += sum(page > WARM for page in feed.published[begin:shown])
            outcome.delays += [(now - page) * 60 for page in new if page > WARM]
        seen[index] = now
        known = min(end, feed.size) - len(new)
        heapq.heappush(queue, (rule.next(feed, now, new, known), index))
    outcome.seconds = time.process_time() - started
    return outcome


def line(name: str, outcome: Outcome, hours: float) -> str:
    delays = outcome.delays
    p90 = quantiles(delays, n=10)[-1]
    share = outcome.missed / (outcome.missed + len(delays))
    return (
        f"{name:<34} {outcome.requests / (hours - WARM):>8.0f} {median(delays):>8.1f} {fmean(delays):>8.1f} {p90:>8.1f}"
        f" {share:>8.2%} {outcome.seconds:>7.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--sources", type=int, default=500)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    hours = options.days * 24.0
    world = feeds(options.sources, options.days, options.seed)
    pages = sum(page > WARM for feed in world for page in feed.published)
    print(f"{options.sources} feeds, {pages:,} pages in {options.days} days; from publication to discovery, in minutes")
    print(f"{'rule':<34} {'polls/h':>8} {'median':>8} {'mean':>8} {'p90':>8} {'missed':>8} {'CPU s':>7}")
    print(line("newsloom", simulate(Ours(), world, hours), hours), flush=True)
    for name, rule in (("every 15 min", Fixed(0.25)), ("every 60 min", Fixed(1)), ("Media Cloud's", MediaCloud())):
        theirs = simulate(rule, world, hours)
        per_hour = theirs.requests / (hours - WARM)
        print(line(name, theirs, hours), flush=True)
        print(line("  newsloom for as many requests", simulate(Ours(per_hour), world, hours), hours), flush=True)


if __name__ == "__main__":
    main()
