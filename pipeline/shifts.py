"""Shifts: pages of a source have, or lack, what its pages before did not.

Each mark is a share of the pages, such as those without an author. The last pages are compared with blocks of as many
before them: a shift is a share above all of theirs, and hardly possible at their mean. Blocks as bad as the last one
that directly precede it belong to the shift, not to what it is compared with.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from math import log
from statistics import median

from pipeline.findings import Counted, Finding, Kind
from pipeline.funnel import FIELDS, UNCOUNTED, Funnel, Loss, Measure, Stage
from pipeline.items import Reason

RISES = {6: 0.75, 12: 0.6, 24: 0.35}
"""Pages in a block → by how much a share has to rise; a change that is not total shows only in larger ones."""

SMALLEST = min(RISES)

LEAST_POLLS = 2
"""Polls in a block: the pages of one may all be of a kind, such as galleries."""

LEAST_BLOCKS = 5
ABOVE_ALL = 0.15
UNLIKELY = log(1e6)
"""How unlikely a block's share has to be, at the share of the blocks before."""

LEAST_WORDS = 0.45
"""Share of the usual words, and of the fewest ever, under which articles are too short."""

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
    """Something that pages can have. ``count`` of ``of`` pages have it; ``told``: in words, for a finding."""

    kind: Kind
    told: str
    count: Count
    of: Count


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
    return Mark(kind, words, lambda funnel: sum(funnel.rejected.get(reason, 0) for reason in reasons), _refined)


MARKS = (
    *(_refused(kind, reasons) for kind, reasons in OWN_KIND.items()),
    Mark(Kind.PAYWALL, "behind a paywall", lambda funnel: funnel.fields.get("paywall", 0), _articles),
    Mark(Kind.ROBOTS, "forbidden by robots.txt", lambda funnel: funnel.lost.get(Loss.ROBOTS, 0), _tried),
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
    for mark in MARKS:
        if shift := next(filter(None, (_shift(mark, polls, size) for size in RISES)), None):
            shifts.setdefault(mark.kind, []).append(shift)
    if shorter := _shorter(polls):
        shifts.setdefault(Kind.LAYOUT, []).append(shorter)
    for kind, seen in shifts.items():
        what = "; ".join(told for _, told in seen)
        told = f"the site changed its layout: {what}" if kind is Kind.LAYOUT else what
        yield Finding(kind, source, min(since for since, _ in seen), told)


def _shift(mark: Mark, polls: Sequence[Counted], size: int) -> tuple[datetime, str] | None:
    """Whether, since when and how far a mark's share of the pages has risen above all that was seen before."""
    last = next(_blocks(polls, mark.count, mark.of, size), None)
    if last is None or last.share < RISES[size]:
        return None
    blocks = list(_blocks(polls, mark.count, mark.of, size))
    streak = list(takewhile(lambda block: block.share > last.share - ABOVE_ALL, blocks))
    before = [block.share for block in blocks[len(streak) :]]
    if len(before) < LEAST_BLOCKS:
        return None
    usual = sum(before) / len(before)
    odds = last.of * _divergence(last.share, max(usual, 1 / (size * len(before) + 2)))
    if last.share < usual + RISES[size] or odds < UNLIKELY:
        return None
    latest = next(_blocks(polls, mark.count, mark.of, SMALLEST))
    if min(last.others, latest.share) < usual + RISES[size] / 2:
        return None
    past = [poll for poll in polls if poll.at < streak[-1].since]
    if last.share < max(_shares(past, mark.count, mark.of, size), default=0.0) + ABOVE_ALL:
        return None
    return streak[-1].since, f"{mark.told}: {last.share:.0%} of the last {last.of} pages, usually {usual:.0%}"


def _shorter(polls: Sequence[Counted]) -> tuple[datetime, str] | None:
    """The same of the mean number of words in an article."""
    blocks = list(_blocks(polls, lambda funnel: funnel.stages.get(Measure.WORDS, 0), _articles, SMALLEST))
    if len(blocks) <= LEAST_BLOCKS:
        return None
    words = blocks[0].share
    streak = list(takewhile(lambda block: block.share < words / LEAST_WORDS / 1.5, blocks))
    before = [block.share for block in blocks[len(streak) :]]
    if len(before) < LEAST_BLOCKS or words > LEAST_WORDS * min(median(before), 1.5 * min(before)):
        return None
    return streak[-1].since, f"{words:.0f} words in an article, usually {median(before):.0f}"


@dataclass(frozen=True, slots=True)
class Block:
    """Polls in a row. ``share``: count by page; ``others``: the same without the poll that adds most to it."""

    since: datetime
    of: int
    share: float
    others: float


def _blocks(polls: Sequence[Counted], count: Count, of: Count, size: int) -> Iterator[Block]:
    """The polls that had pages, the last first, in blocks of so many pages or more."""
    some: list[tuple[int, int]] = []
    for poll in reversed(polls):
        if not (pages := of(poll.funnel)):
            continue
        some.append((count(poll.funnel), pages))
        total = sum(pages for _, pages in some)
        if total >= size and len(some) >= LEAST_POLLS:
            counted = sum(number for number, _ in some)
            most, its = max(some)
            yield Block(poll.at, total, counted / total, (counted - most) / (total - its))
            some = []


def _shares(polls: Sequence[Counted], count: Count, of: Count, size: int) -> Iterator[float]:
    """The share in every run of polls that makes a block, wherever it begins."""
    some: deque[tuple[int, int]] = deque()
    for poll in polls:
        if not (pages := of(poll.funnel)):
            continue
        some.append((count(poll.funnel), pages))
        while len(some) > LEAST_POLLS and sum(pages for _, pages in some) - some[0][1] >= size:
            some.popleft()
        total = sum(pages for _, pages in some)
        if total >= size and len(some) >= LEAST_POLLS:
            yield sum(number for number, _ in some) / total


def _divergence(share: float, usual: float) -> float:
    """By how much more likely a page is at one share than at the other, as a mean of logarithms (Kullback-Leibler)."""
    usual = min(usual, 0.999)
    parts = ((share, usual), (1 - share, 1 - usual))
    return sum(part * log(part / of) for part, of in parts if part)
