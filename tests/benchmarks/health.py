"""How many planted faults ``pipeline.monitor`` finds, how soon, and how often it cries wolf.

python -m tests.benchmarks.health [--sources 240] [--days 42] [--seeds 11 12 13 14] [--looks 60] [--told]

Nine of twelve sources meet a fault in the fifth week, each kind as often; the others stay well, though a third of them
double their output. From the third week on each is looked at now and then (``--looks``), and after each poll that
follows the fault until it is named, with the past that was known then. A finding counts once for each source and kind;
one of another kind than the fault, or before it, is false. The rules were made with seeds 1 to 3, so those say less.
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
from tests.benchmarks.health_world import FAULTS, START, history, outlet

CLOSE = 100
"""Polls after the fault that are each looked at until it is named."""

FIRST_LOOK = START + timedelta(days=14)
TELLS_TOO = {Kind.YIELD: {Kind.SILENT}, Kind.SILENT: {Kind.YIELD}}
"""Fault → other kinds that are right about it too."""

SHOWN_BY_ALL = {Kind.FAILING, Kind.SLOW}
"""Faults that polls show which would have brought no page, too."""

SMALL = 5
"""Pages a day up to which a source is small: a fault of ten days shows on a few dozen pages at most."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one source. ``polls``: those that could show the fault until it was named; None: it never was."""

    name: str
    fault: Kind | None
    daily: float
    polls: int | None
    hours: float
    false: tuple[Finding, ...]


def watch(seed: int, number: int, days: int, looks: int) -> Seen:
    chance = random.Random(seed * 1000 + number)
    fault = (*FAULTS, None, None, None)[number % 12]
    source = outlet(chance, fault, START + timedelta(days=28 + chance.uniform(0, 5)))
    source.doubles = number % 12 == len(FAULTS)
    past = list(history(source, days))
    first = next((n for n, poll in enumerate(past) if poll.at >= FIRST_LOOK), len(past))
    onset = next((n for n, poll in enumerate(past) if poll.at >= source.since), len(past))
    now_and_then = set(range(first, len(past), max(1, (len(past) - first) // looks)))
    false: dict[Kind, Finding] = {}
    found: int | None = None
    for n in sorted({*now_and_then, *range(onset, min(onset + CLOSE, len(past)))}):
        if n not in now_and_then and (found is not None or not fault):
            continue
        known = [poll for poll in past[: n + 1] if past[n].at - poll.at <= REACH]
        for finding in source_findings("", known):
            if n >= onset and finding.kind is fault:
                found = n if found is None else found
            elif not (n >= onset and fault and finding.kind in TELLS_TOO.get(fault, ())):
                false.setdefault(finding.kind, finding)
    name, told = f"{seed}/{number}", tuple(false.values())
    if found is None:
        return Seen(name, fault, source.daily, None, 0.0, told)
    polls = sum(bool(poll.due or fault in SHOWN_BY_ALL) for poll in past[onset : found + 1])
    return Seen(name, fault, source.daily, polls, (past[found].at - source.since) / timedelta(hours=1), told)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sources", type=int, default=240, help="of each seed")
    parser.add_argument("--days", type=int, default=42)
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13, 14])
    parser.add_argument("--looks", type=int, default=60)
    parser.add_argument("--told", action="store_true", help="name each false alarm")
    options = parser.parse_args()
    began = time.process_time()
    seen = [watch(seed, n, options.days, options.looks) for seed in options.seeds for n in range(options.sources)]
    false = Counter(finding.kind for one in seen for finding in one.false)
    of_kind = defaultdict(list)
    for one in seen:
        of_kind[one.fault].append(one)
    print(f"{'':<18}{f'more than {SMALL} pages a day':>34}{'others':>34}")
    print(f"{'fault':<8}{'precision':>10}{2 * ('recall'.rjust(10) + 'polls'.rjust(12) + 'hours'.rjust(12))}")
    for kind in FAULTS:
        found = sum(one.polls is not None for one in of_kind[kind])
        large = [one for one in of_kind[kind] if one.daily > SMALL]
        small = [one for one in of_kind[kind] if one.daily <= SMALL]
        print(f"{kind:<8}{found / max(1, found + false[kind]):>10.2f}{_row(large)}{_row(small)}")
    for one in seen if options.told else []:
        for finding in one.false:
            print(f"{one.name} ({one.fault}, {one.daily:.1f} a day) {finding.kind} {finding.since}: {finding.told}")
    well, weeks = of_kind[None], (options.days - 14) / 7
    alarms = sum(len(one.false) for one in well)
    print(f"{len(well)} sources that stayed well: {alarms} false alarms in {len(well) * weeks:.0f} weeks of a source")
    print(f"{time.process_time() - began:.0f} s")


def _row(planted: Sequence[Seen]) -> str:
    found = [one for one in planted if one.polls is not None]
    recall = len(found) / max(1, len(planted))
    return f"{recall:>10.2f}{_spread([one.polls or 0 for one in found])}{_spread([one.hours for one in found])}"


def _spread(values: Sequence[float]) -> str:
    if len(values) < 2:
        return " " * 12
    return f"{median(values):>6.0f}{quantiles(values, n=10)[-1]:>6.0f}"


if __name__ == "__main__":
    main()
