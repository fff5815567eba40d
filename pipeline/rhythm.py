"""The rhythm of a source: how many new pages its past lets expect, by hour of the day and weekday."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise
from math import log

from pipeline.findings import Counted
from pipeline.funnel import Stage

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
MONDAY = datetime(2024, 1, 1, tzinfo=UTC)

PRIOR = 2.0
"""Pages that each hour of the day, and each weekday, is believed to have had, at the mean rate."""

LEAST_KNOWN = 2 * WEEK
"""A past that is shorter says nothing about weekends; nothing is expected of them then."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Pages expected until each hour of the week, Monday first: ``usual``, ``quiet``: were each day the quietest."""

    usual: tuple[float, ...]
    quiet: tuple[float, ...]

    def pages(self, since: datetime, until: datetime) -> float:
        """Pages that are usual in a time."""
        return _until(until, self.usual) - _until(since, self.usual)

    def least(self, since: datetime, until: datetime) -> float:
        """Pages that are usual in as long a time of the quietest days."""
        return _until(until, self.quiet) - _until(since, self.quiet)


def rhythm_of(polls: Sequence[Counted]) -> Rhythm:
    """The rhythm of polls that could be read, of which one had new pages at least."""
    pages, hours = [0.0] * 168, [0.0] * 168
    for earlier, later in pairwise(polls):
        length = (later.at - earlier.at) / HOUR
        steps = max(1, round(length))
        new, start, step = later.funnel.stages.get(Stage.NEW, 0) / steps, _hour(earlier.at), length / steps
        for number in range(steps):
            hour = int(start + (number + 0.5) * step) % 168
            pages[hour] += new
            hours[hour] += step
    mean = sum(pages) / sum(hours)
    by_hour = [_shape(pages[hour::24], hours[hour::24], mean) for hour in range(24)]
    by_day = [_shape(pages[day * 24 :][:24], hours[day * 24 :][:24], mean) for day in range(7)]
    quietest = min(by_day)
    if polls[-1].at - polls[0].at < LEAST_KNOWN:
        by_day[5:] = [0.0, 0.0]
    usual = [mean * of_hour * of_day for of_day in by_day for of_hour in by_hour]
    quiet = [mean * of_hour * quietest for _ in by_day for of_hour in by_hour]
    return Rhythm(tuple(accumulate(usual, initial=0.0)), tuple(accumulate(quiet, initial=0.0)))


def days(since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """A time in days that begin when it does: a day off is within one of them, whatever the time zone."""
    starts = [since + number * DAY for number in range(-((since - until) // DAY))]
    return [(start, min(start + DAY, until)) for start in starts]


def burst(rhythm: Rhythm, polls: Sequence[Counted]) -> tuple[float, float]:
    """How many pages come at a time, and the longest pause, in pages expected meanwhile.

    A pause begins with the first poll that brings nothing. Of n that end by chance the longest is log(n) of the mean.
    """
    news = [number for number, poll in enumerate(polls) if poll.funnel.stages.get(Stage.NEW)]
    empty = [(polls[one + 1].at, polls[other - 1].at) for one, other in pairwise(news) if other > one + 1]
    if not empty:
        return 1.0, 0.0
    pauses = [rhythm.pages(since, until) for since, until in empty]
    return max(1.0, sum(pauses) / len(pauses), max(pauses) / log(len(news))), max(pauses)


def _shape(pages: Sequence[float], hours: Sequence[float], mean: float) -> float:
    """How much more or less some hours have than the mean."""
    return (sum(pages) + PRIOR) / (sum(hours) * mean + PRIOR)


def _until(moment: datetime, sums: Sequence[float]) -> float:
    weeks, hour = (moment - MONDAY) // WEEK, _hour(moment)
    return weeks * sums[-1] + sums[int(hour)] + (hour % 1) * (sums[int(hour) + 1] - sums[int(hour)])


def _hour(moment: datetime) -> float:
    """Hours since the week began."""
    return (moment - MONDAY) % WEEK / HOUR
