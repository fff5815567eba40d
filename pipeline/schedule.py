"""When a listing is asked again, and an article: decisions over plain values. The edge asks and remembers.

A page waits from its publication until a poll finds it. A poll is due when the pages that are expected to wait have
waited, all together, for as long as a poll is worth: its price. Of all ways to spend a number of requests this makes
pages wait least; for a steady source it is an interval of √(2 · price / rate).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import inf, sqrt
from typing import Protocol, TypeVar
from zlib import crc32
from zoneinfo import ZoneInfo

from cronsim import CronSim

from pipeline.funnel import Loss
from pipeline.items import Origin
from pipeline.sources import Poll

PRICE = 0.1
"""Hours that pages may wait, all together, before a poll is worth its request: of 20 pages a day, half an hour each."""

DEAREST = 2.0**20
COSTS = {Origin.SECTION: 2.0}
"""Kind of listing → how many times the price it costs: a section page is larger, and seldom has validators."""

HALF_LIFE = 14 * 24.0  # hours, after which a page counts half of what it did
PRIOR_PAGES, PRIOR_HOURS = 1.0, 4.0  # what is believed of a listing before its first poll
PRIOR_OF_HOUR, PRIOR_OF_DAY = 2.0, 30.0  # pages that each hour and weekday is believed to have had, so that none is nil
LONGEST_VIEW = 14 * 24.0  # hours into the past that the dates in a listing are believed
SPREAD = 4.0  # times the root of the pages expected: how many more may come, and push older ones out of the listing
JITTER = 0.1  # of an interval, to either side

HOUR = timedelta(hours=1)
ANY_TIME = (HOUR, timedelta(days=1))
BACKOFFS = {
    "postponed": (timedelta(minutes=10), HOUR),  # its host is left alone, for an hour at most
    "not_connected": (timedelta(minutes=10), timedelta(hours=12)),
    "timeout": (timedelta(minutes=10), timedelta(hours=12)),
    "truncated": (timedelta(minutes=10), timedelta(hours=12)),
    "server_error": (timedelta(minutes=10), timedelta(hours=12)),
    "status_5": (timedelta(minutes=10), timedelta(hours=12)),
    "status_429": (HOUR, timedelta(days=1)),
    "no_host": (HOUR, timedelta(days=2)),
    "unreadable": (HOUR, timedelta(days=1)),
    "status_4": (timedelta(hours=6), timedelta(days=7)),
    "robots": (timedelta(days=1), timedelta(days=7)),  # robots.txt is kept for a day
}
"""How a poll's outcome begins → how long to wait after the first failure, doubled by each further one, and at most."""

DEAD_FAILURES, DEAD_AGE = 10, timedelta(days=14)
"""A listing is dead after so many polls in vain over so long a time."""

DEAD_INTERVAL = timedelta(days=30)
TRIES = (timedelta(minutes=10), HOUR, timedelta(hours=6), timedelta(days=1))
"""How long a page that could not be had is left alone, after the first try and so on."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How many new pages a listing brings, as its polls have taught; older polls count less.

    hours: pages by hour of the day (UTC); days: by weekday, Monday first; both as of the last that came.
    pages: all of them as of now, watched: the hours in which they came.
    seen: up to when; None before the first poll that could be read. size: pages that it named then.
    """

    hours: tuple[float, ...] = (0.0,) * 24
    days: tuple[float, ...] = (0.0,) * 7
    pages: float = 0.0
    watched: float = 0.0
    seen: datetime | None = None
    size: int = 0


class Polled(Protocol):
    """What is known of a listing, as :class:`pipeline.storage.listings.ListingState` has it."""

    @property
    def url(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> Origin: ...  # noqa: D102
    @property
    def polled_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def read_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def failures(self) -> int: ...  # noqa: D102
    @property
    def outcome(self) -> str: ...  # noqa: D102
    @property
    def pace(self) -> Pace: ...  # noqa: D102


Listing = TypeVar("Listing", bound=Polled)


@dataclass(frozen=True, slots=True)
class Due:
    """When something is to be done, and why then."""

    at: datetime
    why: str


def learned(pace: Pace, now: datetime, size: int | None, published: Sequence[datetime | None]) -> Pace:
    """What a poll teaches. ``size``: pages named, None where they are as before; ``published``: dates of the new ones.

    The first poll teaches by dates alone, for it is not known since when the pages have stood there.
    """
    size = pace.size if size is None else size
    since = pace.seen
    dates = [moment for moment in published if moment]
    if since is None:
        since = max(min(dates, default=now), now - timedelta(hours=LONGEST_VIEW))
        published = [moment for moment in dates if moment >= since]
    elif len(published) >= max(size, 2):  # it holds nothing older, so others may have fallen out unseen
        since = max(since, min(dates, default=since + (now - since) / 2))
    watched = max(0.0, (now - since) / HOUR)
    kept = 0.5 ** (watched / HALF_LIFE)
    pages, watched = pace.pages * kept, pace.watched * kept + watched
    if not published:
        return Pace(pace.hours, pace.days, pages, watched, now, size)
    scale = pages / (sum(pace.days) or 1.0)
    hours, days = ([count * scale for count in counts] for counts in (pace.hours, pace.days))
    for moment in _spread(published, since, max(now, since)):
        hours[moment.hour] += 1
        days[moment.weekday()] += 1
    return Pace(tuple(hours), tuple(days), pages + len(published), watched, now, size)


def credited(pace: Pace, now: datetime, pages: int) -> Pace:
    """The pace of a listing whose parts, such as the sitemaps of an index, brought new pages."""
    return replace(learned(replace(pace, seen=now), now, None, [now] * pages), seen=pace.seen)


def next_poll(listing: Polled, poll: Poll, price: float = PRICE, seed: str = "") -> Due:
    """When a listing is to be polled next. ``seed``: of the chance that keeps polls from falling together."""
    last = listing.polled_at
    if last is None:
        return Due(datetime.min.replace(tzinfo=UTC), "it was never asked for")
    if poll.cron:
        return Due(cron_after(poll, last), f"its times are {poll.cron}")
    if listing.failures:
        wait, why = _wait_after_failure(listing, poll)
    else:
        hours = _hours_to_wait(listing.pace, last, price * COSTS.get(listing.kind, 1.0), poll.max / HOUR)
        wait, why = timedelta(hours=hours), "enough new pages are expected by then"
        if wait >= poll.max:
            why = "few new pages are expected; this is the longest time between polls"
        elif wait <= poll.min:
            wait, why = poll.min, "many new pages are expected; this is the shortest time between polls"
    chance = crc32(f"{seed} {listing.url} {last.isoformat()}".encode()) / 2**32
    return Due(last + max(poll.min, wait * (1 + JITTER * (2 * chance - 1))), why)


def is_due(due: Due, listing: Polled, now: datetime) -> bool:
    """Whether it is time; also where the last poll lies ahead, since the clock was put back."""
    return due.at <= now or (listing.polled_at is not None and listing.polled_at > now + HOUR)


def cron_after(poll: Poll, moment: datetime) -> datetime:
    """The first of a source's own times after a moment."""
    times = CronSim(poll.cron or "", moment.astimezone(ZoneInfo(poll.zone)))
    return next(times).astimezone(UTC)


def wait_after(outcome: str, failures: int) -> timedelta:
    """How long to leave something alone after so many failures in a row, the last of which had this outcome."""
    first, most = next((times for kind, times in BACKOFFS.items() if outcome.startswith(kind)), ANY_TIME)
    return min(first * float(2 ** min(failures - 1, 20)), most)


def expected(listing: Polled, now: datetime) -> float:
    """Number of pages that are expected to have come since a listing was last read."""
    since = listing.pace.seen or listing.polled_at or now
    return sum(rate * hours for rate, hours in _rates(listing.pace, since, max(0.0, (now - since) / HOUR)))


def by_worth(listings: Iterable[Listing], now: datetime) -> list[Listing]:
    """Listings that are due, those first of which most is expected for what they cost."""
    return sorted(listings, key=lambda listing: -expected(listing, now) / COSTS.get(listing.kind, 1.0))


def price_for(listings: Iterable[tuple[Polled, Poll]], per_hour: float, least: float = PRICE) -> float:
    """The price, ``least`` or more, at which all listings together are polled no more often than this."""
    wanted = [(listing.pace, COSTS.get(listing.kind, 1.0), poll) for listing, poll in listings if not poll.cron]
    low = high = least
    while _demand(wanted, high) > per_hour and high < DEAREST:
        low, high = high, high * 4
    while high > low * 1.1:
        middle = sqrt(low * high)
        low, high = (middle, high) if _demand(wanted, middle) > per_hour else (low, middle)
    return high


def mean_rate(pace: Pace) -> float:
    """New pages an hour, day and night."""
    return (pace.pages + PRIOR_PAGES) / (pace.watched + PRIOR_HOURS)


def next_visit(found: datetime, now: datetime, steps: Sequence[timedelta]) -> datetime | None:
    """When to look at an article again that has just been seen to be new or changed; None: never."""
    return min((found + step for step in steps if found + step > now), default=None)


def next_try(tries: int, now: datetime, why: str) -> datetime:
    """When to ask again for a page that could not be had, ``tries`` times so far. ``why``: as it was told."""
    if why.startswith(Loss.ROBOTS):
        return now + wait_after(why, tries)
    return now + TRIES[min(tries, len(TRIES)) - 1]


def _spread(published: Sequence[datetime | None], since: datetime, now: datetime) -> Iterator[datetime]:
    """When each page came: at its date where that can be, else somewhere between two polls."""
    for number, moment in enumerate(published, 1):
        between = since + (now - since) * number / (len(published) + 1)
        yield (moment if moment and since <= moment <= now else between).astimezone(UTC)


def _wait_after_failure(listing: Polled, poll: Poll) -> tuple[timedelta, str]:
    last = listing.polled_at
    is_old = listing.read_at is None or (last is not None and last - listing.read_at > DEAD_AGE)
    if listing.failures >= DEAD_FAILURES and is_old:
        return DEAD_INTERVAL, f"it seems dead: {listing.failures} failures, the last: {listing.outcome}"
    wait = max(poll.min, wait_after(listing.outcome, listing.failures))
    return wait, f"failures in a row: {listing.failures}, the last: {listing.outcome}"


def _hours_to_wait(pace: Pace, since: datetime, price: float, most: float) -> float:
    """Hours until the expected pages have waited for ``price``, or so many are expected that some may fall out."""
    room = _room(pace)
    passed = pages = waited = 0.0
    for rate, hours in _rates(pace, since, most):
        until_paid = (sqrt(pages * pages + 2 * rate * (price - waited)) - pages) / rate
        until_full = (room - pages) / rate
        if (until := min(until_paid, until_full)) <= hours:
            return passed + until
        waited += pages * hours + rate * hours * hours / 2
        pages += rate * hours
        passed += hours
    return most


def _room(pace: Pace) -> float:
    """The most new pages to expect before a poll: were there more, some might have fallen out of the listing again."""
    return max(1.0, (sqrt(SPREAD**2 + 4 * pace.size) - SPREAD) ** 2 / 4) if pace.size else inf


def _rates(pace: Pace, since: datetime, hours: float) -> Iterator[tuple[float, float]]:
    """Expected pages an hour from a moment on, and for how many hours that holds."""
    rate = mean_rate(pace)
    by_hour, by_day = _shape(pace.hours, PRIOR_OF_HOUR), _shape(pace.days, PRIOR_OF_DAY)
    since = since.astimezone(UTC)
    hour, day = since.hour, since.weekday()
    part = min(hours, 1 - (since.minute * 60 + since.second) / 3600)
    while hours > 0:
        yield rate * by_hour[hour] * by_day[day], part
        hours -= part
        part = min(hours, 1.0)
        hour += 1
        if hour == 24:
            hour, day = 0, (day + 1) % 7


@lru_cache(4096)
def _shape(counts: tuple[float, ...], prior: float) -> list[float]:
    """How much more or less each bin has than the mean."""
    whole = sum(counts) + len(counts) * prior
    return [len(counts) * (count + prior) / whole for count in counts]


def _demand(wanted: Iterable[tuple[Pace, float, Poll]], price: float) -> float:
    """Polls an hour at a price."""
    total = 0.0
    for pace, cost, poll in wanted:
        rate = mean_rate(pace)
        hours = min(sqrt(2 * price * cost / rate), _room(pace) / rate)
        total += 1 / min(max(hours, poll.min / HOUR), poll.max / HOUR)
    return total
