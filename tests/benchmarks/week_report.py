"""The tables of a compressed week."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import func, select

from pipeline.storage.connection import connect, reading
from pipeline.storage.runs import history
from pipeline.storage.schema import runs, versions
from tests.benchmarks.week_alerts import Naming, false_alarms, naming
from tests.benchmarks.week_checks import Check, checks, delays
from tests.benchmarks.week_clock import START
from tests.benchmarks.week_notices import Notice
from tests.benchmarks.week_world import DAY, HOUR, MINUTE, Outlet

SHOWN = 10
"""Lines of one kind that are printed."""


class Room(Protocol):
    """Where the week took place."""

    folder: Path
    outlets: list[Outlet]
    kills: list[float]
    ended: int
    faults: list[str]


def report(room: Room, notices: Sequence[Notice], faulty: datetime, end: datetime, seconds: float) -> bool:
    """Print all that was found. Whether all is well."""
    engine = connect(f"sqlite:///{room.folder}/data/newsloom.db")
    with reading(engine) as connection:
        counts = [connection.scalar(select(func.count()).select_from(table)) or 0 for table in (runs, versions)]
    waits, found = delays(room.outlets, engine, end), checks(room.outlets, engine, room.folder, end, room.kills)
    past = history(engine, START)
    engine.dispose()
    faults = [
        naming(outlet, outlet.fault, past.get(outlet.name, []), notices, end)
        for outlet in room.outlets
        if outlet.fault and outlet.fault.kinds
    ]
    alarms = [_line(notice) for notice in false_alarms(room.outlets, notices)]
    found += [
        Check("false alarms", len(room.outlets), alarms),
        Check("errors of the process", 1 + room.ended + len(room.kills), [*room.faults, *_said(room.folder / "log")]),
    ]
    requests, days = sum(len(outlet.requests) for outlet in room.outlets), (end - START) / DAY
    print(f"{len(room.outlets)} sites, {days:g} days, faults from day {(faulty - START) / DAY:g} on; {seconds:.0f} s")
    print(f"{counts[0]:,} runs, {requests:,} requests, {counts[1]:,} versions of articles")
    print(f"{room.ended} times ended, {len(room.kills)} times killed")
    print(f"from publication to discovery: {_minutes(waits, 0.5)} min median, {_minutes(waits, 0.9)} min p90\n")
    late = _print_faults(faults)
    _print_checks(found)
    wrong = [check.name for check in found if check.wrong]
    print(f"\n{late} of {len(faults)} faults named late or never; wrong: {', '.join(wrong) or 'nothing'}")
    return not late and not wrong


def _print_faults(faults: Sequence[Naming]) -> int:
    """How many were not named soon."""
    print(f"{'fault':<22}{'site':<9}{'a day':>6}{'listed in':>11}{'polls':>7}{'pages':>7}{'hours':>7}  also called")
    for each in faults:
        called = f"{', '.join(each.others)}{'' if each.is_soon else '  LATE'}"
        print(
            f"{each.fault.name:<22}{each.outlet.name:<9}{each.outlet.rhythm.daily:>6.0f}{each.outlet.kind:>11}"
            f"{each.polls:>7}{each.pages:>7}{_hours(each):>7}  {called}"
        )
    return sum(not each.is_soon for each in faults)


def _hours(naming: Naming) -> str:
    """From the first poll that met a fault until it was named."""
    if naming.named and naming.seen:
        return f"{(naming.named - naming.seen) / HOUR:.1f}"
    return "never" if naming.visible else "unseen"


def _print_checks(found: Sequence[Check]) -> None:
    print(f"\n{'check':<26}{'looked at':>10}{'wrong':>7}")
    for check in found:
        print(f"{check.name:<26}{check.looked:>10,}{len(check.wrong):>7,}")
        for line in check.wrong[:SHOWN]:
            print(f"    {line:.200}")


def _said(log: Path) -> list[str]:
    """Lines of the log that tell of an error, less what was to be told."""
    lines = log.read_text("utf-8").splitlines()
    return [line for line in lines if "] ERROR: " in line and "sources stay as they were" not in line]


def _line(notice: Notice) -> str:
    return f"{notice.at:%d %H:%M} {notice.kind} {notice.source}: {notice.told}"


def _minutes(waits: Sequence[timedelta], share: float) -> str:
    return f"{waits[int(share * len(waits))] / MINUTE:.0f}" if waits else "-"
