"""Health: what past runs say about each source and about newsloom itself. Plain values in, findings out.

A source is measured against its own past, never against others. What its last polls show is a finding where its past
showed nothing like it: an outlier that has been there before is how the source is. What stays for as long as the past
reaches back becomes the source's new past, and its finding ends.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise, takewhile
from math import log
from statistics import median

from pipeline.findings import Counted, Finding, Kind
from pipeline.funnel import PASSED_OVER, Loss, Measure, Stage
from pipeline.shifts import shifted

REACH = timedelta(days=35)
"""How far back the past is looked at."""

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes in the database, in the archive, and free on their disk, at a moment."""

    at: datetime
    database: int
    archive: int
    free: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What is wrong with a source as of its last poll. ``times``: of all that is known of it."""

    found: Sequence[Finding]
    times: Sequence[datetime]


def findings(past: Iterable[tuple[str, Sequence[Counted]]], stored: Sequence[Stored], now: datetime) -> list[Finding]:
    """Everything that is wrong. ``past``: of each source, oldest first, up to ``REACH``; ``stored``: oldest first."""
    return in_all([judged(source, counted) for source, counted in past], stored, now)


def judged(source: str, past: Sequence[Counted]) -> Judged:
    """One source, which stays as it is until it is polled again."""
    return Judged(source_findings(source, past), [one.at for one in past])


def in_all(sources: Sequence[Judged], stored: Sequence[Stored], now: datetime) -> list[Finding]:
    """What is wrong with all sources, and with newsloom."""
    found = [finding for source in sources for finding in source.found]
    times = {moment for source in sources for moment in source.times}
    return [*_stale(sorted(times), now), *_storage(stored), *_network(found, len(sources))]


def source_findings(source: str, past: Sequence[Counted]) -> list[Finding]:
    """What is wrong with one source as of its last poll."""
    polls = [counted for counted in past if counted.funnel.listings and not counted.funnel.listings.keys() & SKIPPED]
    if failing := list(_failing(source, polls)):
        return failing  # what else there is follows from it
    silent = list(_silent(source, polls))
    return [*(silent or _yield(source, polls)), *_slow(source, polls), *shifted(source, polls)]


SKIPPED = PASSED_OVER.keys() | {Loss.INTERRUPTED, Loss.BUDGET}
"""Words that stand for listings which were not asked for."""


LEAST_OUTAGE = timedelta(hours=1)
UNLIKELY_FAILURES = log(1000)
"""How unlikely as many failures in a row have to be, at the rate of those before."""


def _failing(source: str, polls: Sequence[Counted]) -> Iterator[Finding]:
    """No listing could be read, several times in a row."""
    streak = list(takewhile(lambda poll: poll.funnel.failed, reversed(polls)))
    before = polls[: len(polls) - len(streak)]
    if len(streak) < 2 + (not before) or streak[0].at - streak[-1].at < LEAST_OUTAGE:
        return
    rate = (1 + sum(poll.funnel.failed for poll in before)) / (2 + len(before))
    if before and len(streak) * -log(rate) < UNLIKELY_FAILURES:
        return
    reasons = Counter(reason for poll in streak for reason in poll.funnel.listings)
    (reason, _), *_ = reasons.most_common(1)
    kind = Kind.ROBOTS if reason == Loss.ROBOTS else Kind.FAILING
    often = f"in the last {len(streak)} polls" if before else "ever"
    yield Finding(kind, source, streak[-1].at, f"no listing could be read {often}: {reason.replace('_', ' ')}")


LEAST_GAPS = 8
FEW_GAPS = 40
"""Up to so many pauses the longest yet says less about the longest to come."""

LEAST_WEEKS = 3
AMPLE = 20  # pages in each week's same days, for their absence or decline to mean something
COLLAPSED = 0.25


def _silent(source: str, polls: Sequence[Counted]) -> Iterator[Finding]:
    """Nothing new for far longer than ever before, or where each of the weeks before had plenty."""
    news = [poll.at for poll in polls if poll.funnel.stages.get(Stage.NEW)]
    if len(news) <= LEAST_GAPS:
        return
    last, now = news[-1], polls[-1].at
    if sum(poll.at > last and poll.funnel.worked for poll in polls) < 2:
        return
    known = now - news[0]
    young = known < 2 * WEEK  # its weekends are not known well
    longest = max(_length(*gap, weekends=not young) for gap in pairwise(news))
    gap = _length(last, now, weekends=not young)
    factor = 3 if young or len(news) <= FEW_GAPS else 2
    is_longest = known >= 3 * DAY and gap > longest * factor + HOUR
    if is_longest or (now - last >= DAY and min(_weeks_before(polls, last, now), default=0) >= AMPLE):
        often = f"in {known.days} days the longest pause was {_span(longest)}"
        yield Finding(Kind.SILENT, source, last, f"nothing new for {_span(now - last)}; {often}")


def _yield(source: str, polls: Sequence[Counted]) -> Iterator[Finding]:
    """Far fewer new pages than at the same time of each week before; a public holiday alone is no reason."""
    for length, span in ((1.5 * DAY, "36 hours"), (WEEK, "week")):
        if not polls:
            return
        now = polls[-1].at
        usual = _weeks_before(polls, now - length, now)
        new = _new_pages(polls, now - length, now)
        if usual and min(usual) >= AMPLE and new <= COLLAPSED * min(usual):
            told = f"{new} new pages in the last {span}, {min(usual)} or more at the same time of the weeks before"
            yield Finding(Kind.YIELD, source, now - length, told)
            return


def _weeks_before(polls: Sequence[Counted], since: datetime, until: datetime) -> list[int]:
    """New pages in the same hours of each week before; empty where too few of them are known."""
    weeks = (polls[-1].at - polls[0].at - (until - since)) // WEEK
    counts = [_new_pages(polls, since - week * WEEK, until - week * WEEK) for week in range(1, weeks + 1)]
    return counts if weeks >= LEAST_WEEKS else []


def _new_pages(polls: Iterable[Counted], since: datetime, until: datetime) -> int:
    return sum(poll.funnel.stages.get(Stage.NEW, 0) for poll in polls if since < poll.at <= until)


def _length(since: datetime, until: datetime, *, weekends: bool) -> timedelta:
    """Time between two moments, of which that at weekends may not count."""
    if weekends:
        return until - since
    day = since.replace(hour=0, minute=0, second=0, microsecond=0)
    free = timedelta()
    while day < until:
        if day.weekday() >= 5:
            free += min(day + DAY, until) - max(day, since)
        day += DAY
    return until - since - free


SLOW_FACTOR, SLOW_SECONDS = 4, 3
SLOW_POLLS, LEAST_ANSWERED, USUAL_POLLS = 3, 10, 200
"""Polls in a row that have to be slow; that have to be known before; and of which the usual wait is the median."""


def _slow(source: str, polls: Sequence[Counted]) -> Iterator[Finding]:
    """Answers take several times as long as they did."""
    waits = [
        (poll.at, poll.funnel.stages.get(Measure.WAITED, 0) / answers / 1000)
        for poll in polls
        if (answers := poll.funnel.stages.get(Measure.ANSWERS))
    ]
    before, last = waits[:-SLOW_POLLS], waits[-SLOW_POLLS:]
    if len(before) < LEAST_ANSWERED:
        return
    usual = median(wait for _, wait in before[-USUAL_POLLS:])
    least = min(wait for _, wait in last)
    if least > max(SLOW_SECONDS, SLOW_FACTOR * usual):
        told = f"an answer takes {least:.1f} s or more, it used to take {usual:.1f} s"
        yield Finding(Kind.SLOW, source, last[0][0], told)


MANY = 5
LEAST_RUNS = 5
LEAST_FREE = 2**30
SOON = 7  # days
LEAPING, LEAP = 5, 100 * 2**20


def _network(found: Iterable[Finding], sources: int) -> Iterator[Finding]:
    """One finding instead of many where most sources fail."""
    found = list(found)
    failing = [finding for finding in found if finding.kind is Kind.FAILING]
    if len(failing) < max(MANY, sources / 2):
        yield from found
        return
    told = f"{len(failing)} of {sources} sources fail at once; is this machine's network or name service down?"
    yield Finding(Kind.NETWORK, "", min(finding.since for finding in failing), told)
    yield from (finding for finding in found if finding.kind is not Kind.FAILING)


def _stale(times: Sequence[datetime], now: datetime) -> Iterator[Finding]:
    """Nothing has run for far longer than runs usually are apart."""
    gaps = sorted(later - earlier for earlier, later in pairwise(times))
    if len(gaps) < LEAST_RUNS:
        return
    usual = gaps[len(gaps) * 19 // 20]
    if now - times[-1] > max(HOUR, 3 * usual):
        yield Finding(Kind.STALE, "", times[-1], f"nothing has run for {_span(now - times[-1])}")


def _storage(stored: Sequence[Stored]) -> Iterator[Finding]:
    """The disk is nearly full, will soon be, or the database has grown by leaps."""
    if not stored:
        return
    last = stored[-1]
    if last.free < LEAST_FREE:
        yield Finding(Kind.STORAGE, "", last.at, f"{_size(last.free)} are free on the disk")
        return
    first = next(past for past in stored if last.at - past.at <= WEEK)
    days = (last.at - first.at) / DAY
    if days < 1:
        return
    daily = (last.database + last.archive - first.database - first.archive) / days
    if daily > 0 and last.free / daily < SOON:
        told = f"{_size(daily)} more each day: the disk is full in {last.free / daily:.0f} days"
        yield Finding(Kind.STORAGE, "", last.at, told)
    yesterday = next(past for past in stored if last.at - past.at <= DAY)
    grown = last.database - yesterday.database
    if days > 3 and grown > LEAP and grown > LEAPING * (yesterday.database - first.database) / (days - 1):
        yield Finding(Kind.STORAGE, "", yesterday.at, f"the database grew by {_size(grown)} in a day")


def _size(number: float) -> str:
    return f"{number / 2**30:.1f} GiB" if number >= 2**30 else f"{number / 2**20:.0f} MiB"


def _span(length: timedelta) -> str:
    return f"{length / DAY:.0f} days" if length >= 3 * DAY else f"{length / HOUR:.0f} hours"
