"""Health: what past runs say about each source and about newsloom itself. Plain values in, findings out.

A source is measured against its own past, never against others. What its last polls show is a finding where its past
showed nothing like it: an outlier that has been there before is how the source is. What stays for as long as the past
reaches back becomes the source's new past, and its finding ends.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise, takewhile
from math import log
from statistics import median

from pipeline.findings import Counted, Finding, Kind
from pipeline.funnel import PASSED_OVER, Loss, Measure, Stage
from pipeline.rhythm import burst, days, rhythm_of
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
    polls.sort(key=lambda poll: poll.at)  # runs may overlap
    if failing := list(_failing(source, polls)):
        return failing  # what else there is follows from it
    found = [
        *(list(_silent(source, polls)) or _yield(source, polls)),
        *_slow(source, polls),
        *_forbidden(source, polls),
        *shifted(source, polls),
    ]
    return list({finding.kind: finding for finding in found}.values())


SKIPPED = PASSED_OVER.keys() | {Loss.INTERRUPTED, Loss.BUDGET}
"""Words that stand for listings which were not asked for."""


LEAST_OUTAGE = timedelta(minutes=20)
"""What is over sooner, such as a reboot, wakes nobody; with the waits after failures this is the third poll."""

UNLIKELY_FAILURES = log(1000)
"""How unlikely as many failures in a row have to be, at the rate of those before."""


def _failing(source: str, polls: Sequence[Counted]) -> Iterator[Finding]:
    """No listing could be read, several times in a row and for longer than is usual."""
    if not polls or not polls[-1].funnel.failed:
        return
    *earlier, (_, streak) = _streaks(polls)
    if len(streak) < 2 + (not earlier) or _lasted(streak) < LEAST_OUTAGE:
        return
    before = [poll for _, some in earlier for poll in some]
    failures = [some for failed, some in earlier if failed]
    rate = (1 + sum(map(len, failures))) / (2 + len(before))
    as_long = sum(_lasted(some) >= _lasted(streak) for some in failures)
    if before and (len(streak) * -log(rate) < UNLIKELY_FAILURES or as_long > _lasted(before) / WEEK):
        return
    reasons = Counter(reason for poll in streak for reason in poll.funnel.listings if reason != Loss.POSTPONED)
    ((reason, _),) = reasons.most_common(1) or [(Loss.POSTPONED, 0)]
    kind = Kind.ROBOTS if reason == Loss.ROBOTS else Kind.FAILING
    often = f"in the last {len(streak)} polls" if before else "ever"
    yield Finding(kind, source, streak[0].at, f"no listing could be read {often}: {reason.replace('_', ' ')}")


def _streaks(polls: Sequence[Counted]) -> list[tuple[bool, list[Counted]]]:
    """Polls in a row that failed, or did not."""
    return [(failed, list(streak)) for failed, streak in groupby(polls, key=lambda poll: poll.funnel.failed)]


def _lasted(polls: Sequence[Counted]) -> timedelta:
    return polls[-1].at - polls[0].at


LONGEST_UNASKED = 8 * DAY
"""A listing that robots.txt forbids is asked again at least this often."""


def _forbidden(source: str, polls: Sequence[Counted]) -> Iterator[Finding]:
    """One of several listings is forbidden that was not; it is asked again after twice as long each time."""
    told = [poll.at for poll in polls if poll.funnel.listings.get(Loss.ROBOTS)]
    if len(told) < 2 or told[0] - polls[0].at < LONGEST_UNASKED or told[-1] - told[0] < LEAST_OUTAGE:
        return
    if polls[-1].at - told[-1] < 2.5 * (told[-1] - told[-2]):
        yield Finding(Kind.ROBOTS, source, told[0], "robots.txt forbids a listing")


LEAST_PAUSES, LEAST_KNOWN, LEAST_EMPTY = 8, 3 * DAY, 2
CLEARLY = 1.5  # times as long as any pause before
HOLIDAY = log(30)
"""How unlikely it is that a day is as quiet as the quietest day of the week."""

SELDOM = 300
"""A pause or decline is a finding that chance brings once in so many pasts as long as the one that is known."""


def _silent(source: str, polls: Sequence[Counted]) -> Iterator[Finding]:
    """Nothing new where the source's own rhythm lets expect much, holidays apart."""
    empty = list(takewhile(lambda poll: not poll.funnel.stages.get(Stage.NEW), reversed(polls)))
    if sum(poll.funnel.worked for poll in empty) < LEAST_EMPTY:
        return
    worked = [poll for poll in polls if poll.funnel.worked]
    news = [number for number, poll in enumerate(worked) if poll.funnel.stages.get(Stage.NEW)]
    if len(news) <= LEAST_PAUSES or worked[news[-1]].at - worked[news[0]].at < LEAST_KNOWN:
        return
    before, since, now = worked[: news[-1] + 1], worked[news[-1] + 1].at, worked[-1].at
    rhythm = rhythm_of(before)
    at_a_time, longest = burst(rhythm, before)
    if rhythm.pages(since, now) < CLEARLY * longest:
        return
    spans = [(rhythm.pages(*day), rhythm.least(*day)) for day in days(since, now)]
    bursts = sum(min(usual / at_a_time, quiet / at_a_time + HOLIDAY) for usual, quiet in spans)
    if len(news) * log(1 + bursts / len(news)) >= log(SELDOM * len(news)):  # at_a_time is an estimate from so many
        pause = max(worked[later].at - worked[earlier].at for earlier, later in pairwise(news))
        often = f"in {(now - worked[news[0]].at).days} days the longest pause was {_span(pause)}"
        last = before[-1].at
        yield Finding(Kind.SILENT, source, last, f"nothing new for {_span(now - last)}; {often}")


LEAST_WEEKS = 3
COLLAPSED = 0.25
HOLIDAYS = 2


def _yield(source: str, polls: Sequence[Counted]) -> Iterator[Finding]:
    """Far fewer new pages than at the same time of each week before, even if some days were holidays."""
    for length, span in ((1.5 * DAY, "36 hours"), (WEEK, "week")):
        if not polls:
            return
        since, now = polls[-1].at - length, polls[-1].at
        usual = min(_weeks_before(polls, since, now), default=0)
        new = _new_pages(polls, since, now)
        if new <= COLLAPSED * usual and _is_collapse(polls, since, new, usual):
            told = f"{new} new pages in the last {span}, {usual} or more at the same time of the weeks before"
            yield Finding(Kind.YIELD, source, since, told)
            return


def _is_collapse(polls: Sequence[Counted], since: datetime, new: int, usual: int) -> bool:
    """Whether neither holidays nor chance, which brings several pages at a time, explain how few have come."""
    before, after = _split([poll for poll in polls if poll.funnel.worked], since)
    if not usual or not after:
        return False
    rhythm = rhythm_of(before)
    spans = days(since, after[-1].at)
    spared = sorted(rhythm.pages(*day) - rhythm.least(*day) for day in spans)[-HOLIDAYS:]
    expected = usual * (1 - sum(spared) / rhythm.pages(since, after[-1].at))
    if new >= expected:
        return False
    share = new / expected
    unlikely = expected / burst(rhythm, before)[0] * (1 - share + share * log(share or 1))  # Chernoff's bound
    return unlikely >= log(SELDOM * ((since - polls[0].at) / (polls[-1].at - since)))


def _split(polls: Sequence[Counted], at: datetime) -> tuple[Sequence[Counted], Sequence[Counted]]:
    """Polls until a moment, and after it."""
    number = bisect_right(polls, at, key=lambda poll: poll.at)
    return polls[:number], polls[number:]


def _weeks_before(polls: Sequence[Counted], since: datetime, until: datetime) -> list[int]:
    """New pages in the same hours of each week before; empty where too few of them are known."""
    weeks = (polls[-1].at - polls[0].at - (until - since)) // WEEK
    counts = [_new_pages(polls, since - week * WEEK, until - week * WEEK) for week in range(1, weeks + 1)]
    return counts if weeks >= LEAST_WEEKS else []


def _new_pages(polls: Sequence[Counted], since: datetime, until: datetime) -> int:
    first, last = (bisect_right(polls, moment, key=lambda poll: poll.at) for moment in (since, until))
    return sum(poll.funnel.stages.get(Stage.NEW, 0) for poll in polls[first:last])


SLOW_FACTOR, SLOW_SECONDS = 4, 3
LEAST_ANSWERED, USUAL_POLLS = 10, 200
"""Polls that have to be known before; and of which the usual wait is the median."""


def _slow(source: str, polls: Sequence[Counted]) -> Iterator[Finding]:
    """Answers take several times as long as they did, in all of the last polls."""
    waits = [
        (poll.at, poll.funnel.stages.get(Measure.WAITED, 0) / answers / 1000)
        for poll in polls
        if (answers := poll.funnel.stages.get(Measure.ANSWERS))
    ]
    number = bisect_right(waits, waits[-1][0] - LEAST_OUTAGE, key=lambda wait: wait[0]) - 1 if waits else 0
    before, last = waits[:number], waits[number:]
    if number < LEAST_ANSWERED:
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
