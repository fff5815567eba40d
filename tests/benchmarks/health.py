"""How many planted faults ``pipeline.monitor`` finds, how soon, and how often it cries wolf.

python -m tests.benchmarks.health [--sources 360] [--days 42] [--seed 7]

Nine of twelve sources meet a fault in the fifth week, each kind as often; the others stay well. From the third week on
each is looked at 60 times, and after each of the 30 polls that follow the fault, with the past that was known then. A
finding counts once for each source and kind; one of another kind than the fault, or before it, is false.
"""

import argparse
import random
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median, quantiles

from pipeline.findings import Finding, Kind
from pipeline.monitor import REACH, source_findings
from tests.benchmarks.health_world import FAULTS, START, Past, history, outlet

CLOSE = 30
"""Polls after the fault that are each looked at."""

FIRST_LOOK = START + timedelta(days=14)
LOOKS = 60
TELLS_TOO = {Kind.YIELD: {Kind.SILENT}}
"""Fault → other kinds that are right about it too."""

SMALL = 5
"""Pages a day up to which a source is small: a fault of ten days shows on a few dozen pages at most."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one source. ``delay``: polls that brought pages until the fault was named, None: it never was."""

    fault: Kind | None
    daily: float
    delay: int | None
    hours: float
    false: tuple[Finding, ...]


def watch(number: int, days: int, seed: int) -> Seen:
    chance = random.Random(seed * 1000 + number)
    fault = (*FAULTS, None, None, None)[number % 12]
    source = outlet(chance, fault, START + timedelta(days=28 + chance.uniform(0, 5)))
    past = list(history(source, days))
    first = next((n for n, poll in enumerate(past) if poll.at >= FIRST_LOOK), len(past))
    false: dict[Kind, Finding] = {}
    found: int | None = None
    onset = next((n for n, poll in enumerate(past) if poll.at >= source.since), len(past)) if fault else len(past)
    now_and_then = range(first, len(past), max(1, (len(past) - first) // LOOKS))
    for n in sorted({*now_and_then, *range(onset, min(onset + CLOSE, len(past)))}):
        known = [poll for poll in past[: n + 1] if past[n].at - poll.at <= REACH]
        for finding in source_findings("", known):
            since = past[n].at >= source.since
            if finding.kind is fault and since:
                found = n if found is None else found
            elif not (fault and since and finding.kind in TELLS_TOO.get(fault, ())):
                false.setdefault(finding.kind, finding)
    after = [poll for poll in past if poll.at >= source.since]
    delay = None if found is None or not fault else _delay(after, past[: found + 1])
    hours = 0.0 if found is None else (past[found].at - source.since) / timedelta(hours=1)
    return Seen(fault, source.daily, delay, hours, tuple(false.values()))


def _delay(after: Sequence[Past], known: Sequence[Past]) -> int:
    """Polls of the fault, that brought pages or failed, until it was named."""
    return sum(poll in after and bool(poll.funnel.stages.get("new") or poll.funnel.failed) for poll in known)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sources", type=int, default=360)
    parser.add_argument("--days", type=int, default=42)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    began = time.process_time()
    seen = [watch(n, options.days, options.seed) for n in range(options.sources)]
    false = Counter(finding.kind for one in seen for finding in one.false)
    of_kind = defaultdict(list)
    for one in seen:
        of_kind[one.fault].append(one)
    print(f"{'fault':<8}{'precision':>10}{'recall':>8}{'of small':>10}{'polls':>12}{'hours':>12}   (median, p90)")
    for kind in FAULTS:
        planted = of_kind[kind]
        found = [one for one in planted if one.delay is not None]
        small = [one for one in planted if one.daily <= SMALL]
        large = [one for one in planted if one.daily > SMALL]
        precision = len(found) / max(1, len(found) + false[kind])
        print(
            f"{kind:<8}{precision:>10.2f}{_recall(large):>8.2f}{_recall(small):>10.2f}"
            f"{_spread([one.delay or 0 for one in found])}{_spread([one.hours for one in found])}"
        )
    well = of_kind[None]
    alarms = sum(bool(one.false) for one in well)
    print(f"{len(well)} sources that stayed well: {alarms} with a false alarm in {options.days - 14} days")
    print(f"{time.process_time() - began:.0f} s")


def _recall(seen: Sequence[Seen]) -> float:
    return sum(one.delay is not None for one in seen) / max(1, len(seen))


def _spread(values: Sequence[float]) -> str:
    if len(values) < 2:
        return " " * 12
    return f"{median(values):>6.0f}{quantiles(values, n=10)[-1]:>6.0f}"


if __name__ == "__main__":
    main()
