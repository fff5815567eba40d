"""Shifts: pages of a source have, or lack, what its pages before did not.

Each mark is a share of the pages, such as those without an author. Of all moments since which the share may have risen,
the one is taken that is hardest to put down to chance. Chance is that of a beta-binomial: what the pages before it let
expect of those since, where pages of one poll, that tend to be alike, count for less than as many of several polls.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from math import lgamma, log
from statistics import median
from typing import NamedTuple

from pipeline.findings import Counted, Finding, Kind
from pipeline.funnel import FIELDS, UNCOUNTED, Funnel, Loss, Measure, Stage
from pipeline.items import Reason

UNLIKELY = log(1e6)
"""How unlikely the pages since have to be, for what the pages before let expect."""

LEAST_POLLS = 2
"""Polls that have to show it: the pages of one may all be of a kind, such as galleries."""

LEAST_PAST, LEAST_KNOWN = 30, timedelta(days=3)
"""Pages before, to compare with, and since when: at night a source may show little but pages that are tried again."""

LEAST_RISE = 0.4
ABOVE_ALL = 0.15
"""How far a share has to be above that of all pages before, and above that of any as many in a row among them."""

RECENT = 6
"""The last so many pages still have to show half of it, else it is over."""

NEVER = 0.01
"""Prior of what hardly any source has ever had; a missing field is far less of a surprise."""

LEAST_WORDS = 0.45
"""Share of the usual words under which articles are too short."""

OWN_KIND = {
    Kind.CONSENT: (Reason.CONSENT_WALL,),
    Kind.BLOCKED: (Reason.BOT_CHALLENGE, Reason.REGION_BLOCK),
    Kind.PAYWALL: (Reason.LOGIN_PAGE,),
    Kind.ROBOTS: (Reason.OPTED_OUT,),
}
"""Rejections that say themselves what is wrong; many others together speak of a new layout."""

NAMED = frozenset(reason for reasons in OWN_KIND.values() for reason in reasons)

Count = Callable[[Funnel], int]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that pages can have. ``count`` of ``of`` pages have it; ``told``: in words, for a finding.

    ``prior``: pages that are believed to have had it, beside one that has not, before any was seen.
    """

    kind: Kind
    told: str
    count: Count
    of: Count
    prior: float = 0.1


def _tried(funnel: Funnel) -> int:
    return funnel.stages.get(Stage.FETCHED, 0) + _lost(funnel)


def _lost(funnel: Funnel) -> int:
    return sum(number for reason, number in funnel.lost.items() if reason not in UNCOUNTED)


def _refined(funnel: Funnel) -> int:
    return _articles(funnel) + sum(funnel.rejected.values())


def _articles(funnel: Funnel) -> int:
    return funnel.stages.get(Stage.ARTICLE, 0)


def _lacking(name: str) -> Mark:
    return Mark(
        Kind.LAYOUT,
        f"{name} missing",
        lambda funnel: _articles(funnel) - funnel.fields.get(name, 0),
        _articles,
    )


def _refused(kind: Kind, reasons: Sequence[Reason]) -> Mark:
    words = " or ".join(reason.replace("_", " ") for reason in reasons)
    return Mark(kind, words, lambda funnel: sum(funnel.rejected.get(reason, 0) for reason in reasons), _refined, NEVER)


MARKS = (
    *(_refused(kind, reasons) for kind, reasons in OWN_KIND.items()),
    Mark(Kind.PAYWALL, "behind a paywall", lambda funnel: funnel.fields.get("paywall", 0), _articles),
    Mark(Kind.ROBOTS, "forbidden by robots.txt", lambda funnel: funnel.lost.get(Loss.ROBOTS, 0), _tried, NEVER),
    Mark(Kind.FAILING, "lost", lambda funnel: _lost(funnel) - funnel.lost.get(Loss.ROBOTS, 0), _tried),
    Mark(
        Kind.LAYOUT,
        "no article",
        lambda funnel: sum(number for reason, number in funnel.rejected.items() if reason not in NAMED),
        _refined,
    ),
    *(_lacking(name) for name in FIELDS if name != "paywall"),
)


def shifted(source: str, polls: Sequence[Counted]) -> Iterator[Finding]:
    """Pages have, or lack, what they did not: one finding of each kind."""
    shifts: dict[Kind, list[tuple[datetime, str]]] = {}
    for mark in (*MARKS, *_short(polls)):
        if shift := _shift(mark, polls):
            shifts.setdefault(mark.kind, []).append(shift)
    for kind, seen in shifts.items():
        what = "; ".join(told for _, told in seen)
        told = f"the site changed its layout: {what}" if kind is Kind.LAYOUT else what
        yield Finding(kind, source, min(since for since, _ in seen), told)


def _short(polls: Sequence[Counted]) -> Iterator[Mark]:
    """The mark of articles that are short for the source: those of a poll whose mean is."""
    older = [
        funnel.stages.get(Measure.WORDS, 0) / articles
        for funnel in (poll.funnel for poll in polls[: len(polls) // 2])
        if (articles := _articles(funnel))
    ]
    if older:
        few = LEAST_WORDS * median(older)
        yield Mark(
            Kind.LAYOUT,
            f"fewer than {few:.0f} words",
            lambda funnel: _articles(funnel) * (funnel.stages.get(Measure.WORDS, 0) < few * _articles(funnel)),
            _articles,
        )


class Batch(NamedTuple):
    """The pages of one poll. ``odd``: those that have the mark."""

    at: datetime
    odd: int
    of: int


def _batches(mark: Mark, polls: Sequence[Counted]) -> Iterator[Batch]:
    """Polls that had pages, the last first."""
    for poll in reversed(polls):
        if of := mark.of(poll.funnel):
            yield Batch(poll.at, mark.count(poll.funnel), of)


def _shift(mark: Mark, polls: Sequence[Counted]) -> tuple[datetime, str] | None:
    """Whether, since when and how far a mark's share of the pages has risen above all that was seen before."""
    if not _share(_last(_batches(mark, polls), RECENT)):
        return None
    batches = list(_batches(mark, polls))
    number = _likeliest(batches, mark.prior)
    since, before = batches[:number], batches[number:]
    if not since or since[-1].at - before[-1].at < LEAST_KNOWN:
        return None
    share, usual = _share(since), _share(before)
    pages = sum(batch.of for batch in since)
    steadily = _share(sorted(since, key=lambda batch: batch.odd)[:-1])
    lately = _share(_last(since, min(pages, RECENT)))
    if min(steadily, lately) < usual + LEAST_RISE / 2 or share < _highest(before, pages) + ABOVE_ALL:
        return None
    return since[-1].at, f"{mark.told}: {share:.0%} of the last {pages} pages, usually {usual:.0%}"


def _likeliest(batches: Sequence[Batch], prior: float) -> int:
    """How many of the last batches are hardest to put down to chance; none where chance will do."""
    sizes = _risen(batches)
    if not sizes:
        return 0
    weights = _weights(batches, batches[sizes[-1] :])
    odd = list(accumulate((batch.odd * weight for batch, weight in zip(batches, weights, strict=True)), initial=0.0))
    of = list(accumulate((batch.of * weight for batch, weight in zip(batches, weights, strict=True)), initial=0.0))
    odds = {
        size: _odds(odd[size], of[size], odd[-1] - odd[size] + prior, of[-1] - of[size] + prior + 1) for size in sizes
    }
    likeliest = max(odds, key=odds.__getitem__)
    return likeliest if odds[likeliest] >= UNLIKELY else 0


def _risen(batches: Sequence[Batch]) -> list[int]:
    """How many of the last batches together have the mark far more often than those before."""
    odd = list(accumulate((batch.odd for batch in batches), initial=0))
    of = list(accumulate((batch.of for batch in batches), initial=0))
    return [
        size
        for size in range(LEAST_POLLS, len(batches))
        if (before := of[-1] - of[size]) >= LEAST_PAST
        and odd[size] / of[size] - (odd[-1] - odd[size]) / before >= LEAST_RISE
    ]


def _weights(batches: Sequence[Batch], past: Sequence[Batch]) -> list[float]:
    """How many pages of different polls each page of a batch counts for (Kish's design effect).

    Pages of a poll are as alike as one is likelier to be odd beside an odd one; half, where the past shows nothing.
    """
    others = sum(batch.odd * (batch.of - 1) for batch in past)
    alike = sum(batch.odd * (batch.odd - 1) for batch in past)
    usual = _share(past)
    likeness = max(0.0, ((alike + 1) / (others + 2) - usual) / (1 - usual))
    return [1 / (1 + likeness * (batch.of - 1)) for batch in batches]


def _odds(odd: float, of: float, was_odd: float, was_of: float) -> float:
    """How unlikely so many odd pages are after those before: minus the logarithm of a beta-binomial probability."""
    ways = _log_beta(odd + 1, of - odd + 1) + log(of + 1)
    return ways + _log_beta(was_odd, was_of - was_odd) - _log_beta(was_odd + odd, was_of + of - was_odd - odd)


def _log_beta(first: float, second: float) -> float:
    return lgamma(first) + lgamma(second) - lgamma(first + second)


def _last(batches: Iterable[Batch], pages: int) -> list[Batch]:
    """The first of batches that hold so many pages, or more, and are enough polls."""
    some: list[Batch] = []
    for batch in batches:
        if len(some) >= LEAST_POLLS and sum(one.of for one in some) >= pages:
            break
        some.append(batch)
    return some


def _highest(batches: Sequence[Batch], pages: int) -> float:
    """The highest share in any batches in a row with so many pages or more."""
    highest, odd, of = 0.0, 0, 0
    some: deque[Batch] = deque()
    for batch in batches:
        some.append(batch)
        odd, of = odd + batch.odd, of + batch.of
        while len(some) > LEAST_POLLS and of - some[0].of >= pages:
            first = some.popleft()
            odd, of = odd - first.odd, of - first.of
        if of >= pages and len(some) >= LEAST_POLLS:
            highest = max(highest, odd / of)
    return highest


def _share(batches: Collection[Batch]) -> float:
    return sum(batch.odd for batch in batches) / max(1, sum(batch.of for batch in batches))
