"""Notices: which findings a person is told of, when again, and that they are over. Decides; sends nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.findings import Finding, Kind

CALM = timedelta(hours=1)
"""A finding is over when it has not come back for so long."""

NAMED = 5
"""Findings of one kind that are told each; of more only the sources are named, of many the first."""

MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class Alert:
    """A finding as it is remembered. ``told_at``: when it was last told; ``cleared_at``: since when it is gone."""

    finding: Finding
    told_at: datetime | None = None
    cleared_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What to remember once ``new``, ``still`` and ``over`` are told, and what if they could not be."""

    new: tuple[Finding, ...]
    still: tuple[Finding, ...]
    over: tuple[Finding, ...]
    told: tuple[Alert, ...]
    untold: tuple[Alert, ...]

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.new or self.still or self.over)


def plan(known: Iterable[Alert], found: Iterable[Finding], now: datetime, cooldown: timedelta) -> Plan:
    """What is to be told. What stands is told again each ``cooldown``; what comes and goes within ``CALM`` once."""
    alerts = {(alert.finding.kind, alert.finding.source): alert for alert in known}
    present = {(finding.kind, finding.source): finding for finding in found}
    kept: list[Alert] = []
    for key, finding in present.items():
        told_at = alerts[key].told_at if key in alerts else None
        kept.append(Alert(finding, told_at))
    gone = [alert for key, alert in alerts.items() if key not in present and alert.told_at]
    cleared = [alert if alert.cleared_at else replace(alert, cleared_at=now) for alert in gone]
    over = [alert for alert in cleared if alert.cleared_at and now - alert.cleared_at >= CALM]
    kept += [alert for alert in cleared if alert not in over]
    new = [alert for alert in kept if alert.told_at is None]
    still = [alert for alert in kept if alert.told_at and not alert.cleared_at and now - alert.told_at >= cooldown]
    named = {id(alert) for alert in (*new, *still)}
    return Plan(
        tuple(alert.finding for alert in new),
        tuple(alert.finding for alert in still),
        tuple(alert.finding for alert in over),
        told=tuple(replace(alert, told_at=now) if id(alert) in named else alert for alert in kept),
        untold=(*kept, *over),
    )


def title_of(news: Plan) -> str:
    """The notice in one line."""
    counts = {"new": len(news.new), "still there": len(news.still), "over": len(news.over)}
    return "newsloom: " + ", ".join(f"{count} {word}" for word, count in counts.items() if count)


def body_of(news: Plan) -> str:
    """The notice: what is new, what is still there, what is over, each by kind."""
    parts = (("New", news.new), ("Still there", news.still), ("Over", news.over))
    return "\n\n".join("\n".join([f"{word}:", *_lines(found)]) for word, found in parts if found)


def _lines(found: Sequence[Finding]) -> Iterator[str]:
    for kind in Kind:
        own = [finding for finding in found if finding.kind is kind]
        if len(own) > NAMED:
            names = [finding.source for finding in own]
            more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
            yield f"- {kind}: {len(own)} sources: {', '.join(names[:MOST_NAMES])}{more}"
            continue
        for finding in own:
            of = f"{finding.source}: " if finding.source else ""
            yield f"- {kind}: {of}{finding.told} (since {finding.since:%Y-%m-%d %H:%M} UTC)"
