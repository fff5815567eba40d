"""Which faults of a compressed week were told, how soon after they showed; and what was told of sites that are well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import log

from pipeline.funnel import Stage
from pipeline.monitor import SKIPPED
from pipeline.storage.runs import SourceRun
from tests.benchmarks.week_faults import SILENT, Fault
from tests.benchmarks.week_notices import Notice
from tests.benchmarks.week_world import Outlet

MOST_POLLS = 2
SHORT = timedelta(hours=1)
"""Sites that are well fail for as long, now and then: a site that dies shows it after that."""

UNLIKELY = log(1000)
"""A silence is one when the pages that were to be expected would have stayed away once in a thousand times."""

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Naming:
    """How a fault was told. ``seen``: by the first poll that met it; ``visible``: by the first that shows it to be one.

    ``named``: when it was; None for never. ``polls``: that showed it, until it was named; ``pages``: that they brought.
    ``others``: kinds that it was also called by.
    """

    outlet: Outlet
    fault: Fault
    seen: datetime | None
    visible: datetime | None
    named: datetime | None
    polls: int
    pages: int
    others: Sequence[str]

    @property
    def is_soon(self) -> bool:
        """Whether it was named within two polls, or has not shown yet."""
        return self.visible is None or (self.named is not None and self.polls <= MOST_POLLS)


def naming(outlet: Outlet, fault: Fault, past: Sequence[SourceRun], notices: Sequence[Notice], end: datetime) -> Naming:
    """How one fault was told."""
    own = [
        notice for notice in notices if notice.source == outlet.name and notice.part == "New" and notice.at >= fault.at
    ]
    named = next((notice.at for notice in own if notice.kind in fault.kinds), None)
    others = sorted({notice.kind for notice in own if notice.kind not in fault.kinds})
    polls = [
        run for run in past if run.at >= fault.at and run.funnel.listings and not run.funnel.listings.keys() & SKIPPED
    ]
    if fault.name == SILENT.name:
        silent = _silent_from(outlet, fault.at, end)
        polls = [run for run in polls if silent and run.at >= silent and run.funnel.worked]
    elif fault.page:
        polls = [run for run in polls if run.funnel.stages.get(Stage.FETCHED)]
    else:
        polls = [run for run in polls if run.funnel.failed]
    seen = polls[0].at if polls else None
    if seen and (fault.refuses or fault.answer):
        polls = [run for run in polls if run.at >= seen + SHORT]
    until = [run for run in polls if named is None or run.at <= named]
    pages = sum(run.funnel.stages.get(Stage.FETCHED, 0) for run in until)
    return Naming(outlet, fault, seen, polls[0].at if polls else None, named, len(until), pages, others)


def _silent_from(outlet: Outlet, since: datetime, end: datetime) -> datetime | None:
    """From when on a silence is longer than any before it, and not likely to be one of them."""
    moments = [story.at for story in outlet.stories.values() if story.at < since]
    last, longest = moments[-1], max((later - earlier for earlier, later in pairwise(moments)), default=HOUR)
    expected, hour = 0.0, last
    while hour < end:
        expected += outlet.rhythm.usual(hour)
        hour += HOUR
        if expected >= UNLIKELY and hour - last > longest and hour >= since:
            return hour
    return None


def false_alarms(outlets: Sequence[Outlet], notices: Sequence[Notice]) -> list[Notice]:
    """What was told of sites that are well, of those that only were busier or asked for patience in another word."""
    known: Mapping[str, Outlet] = {outlet.name: outlet for outlet in outlets}
    return [notice for notice in notices if notice.part == "New" and _is_false(notice, known.get(notice.source))]


def _is_false(notice: Notice, outlet: Outlet | None) -> bool:
    fault = outlet.fault if outlet else None
    if fault is None or not fault.kinds or notice.at < fault.at:
        return True
    return fault.is_over and notice.kind not in fault.kinds
