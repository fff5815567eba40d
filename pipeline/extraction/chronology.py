"""When an article was published and changed: the times a page gives, weighed against each other.

A time is never made up: no claim, no time; and one in the future or long before the web is no claim.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import chain

from pipeline.extraction.datelines import Claimed, Datelines, in_address, shown
from pipeline.extraction.markup import Markup
from pipeline.extraction.surroundings import Spot
from pipeline.items import Precision

_EARLIEST = 1990
_DEFAULTS = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2001, 1, 1, tzinfo=UTC))
"""Where the clocks of operating systems begin: what a program writes that has no time to write."""
_FUTURE = timedelta(days=1)
_AROUND = timedelta(days=21)  # an issue is printed with a later day than that on which it appears
_CLOSE = timedelta(seconds=61)
_SAME_SEASON = timedelta(days=10)
_LARGEST_OFFSET = timedelta(hours=14)
_QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Dated:
    """A time with what the page stated of it, and where. ``moment``: aware, or naive until anchored."""

    moment: datetime
    precision: Precision
    signal: str


def read_times(
    markup: Markup, found: Datelines, now: datetime, language: str, spots: Callable[[], Sequence[Spot]]
) -> tuple[Dated | None, Dated | None]:
    """When the article was published and last modified; None for what the page does not say.

    ``found``: the declared times. ``spots``: gives the lines around the headline; asked only when nothing better says
    when the article was published.
    """
    published, modified = found.published, found.modified
    address = in_address(markup.url)
    evidence = [*published, *modified, *address, *found.others]
    if not _plausible(published, evidence, now):
        seen = shown(markup, spots(), language)
        published, modified = published + seen.published, modified + seen.modified
        evidence += [*seen.published, *seen.modified]
    return believed([*published, *address], evidence, now), believed(modified, evidence, now)


def believed(claims: Sequence[Claimed], evidence: Sequence[Claimed], now: datetime) -> Dated | None:
    """The first plausible claim, made finer by another of the same day, with its offset; None without any.

    ``evidence``: all times of the page, whatever they are of.
    """
    plausible = _plausible(claims, evidence, now)
    if not plausible:
        return None
    first = plausible[0]
    if first.precision is Precision.DAY:
        finer = (other for other in plausible if _refines(other, first))
        first = next(finer, first)
    return Dated(_anchored(first.moment, first.precision, evidence), first.precision, first.signal)


def _refines(other: Dated, day: Dated) -> bool:
    return other.precision is not Precision.DAY and other.moment.date() == day.moment.date()


def _plausible(claims: Iterable[Claimed], evidence: Sequence[Claimed], now: datetime) -> list[Dated]:
    """The claims that a press article of today can have, day and month set right where the evidence shows how."""
    days = {stamp.moment.date() for stamp, _ in evidence if stamp.swapped is None}
    kept = []
    for stamp, signal in claims:
        readings = [stamp.moment, *([stamp.swapped] if stamp.swapped else [])]
        readings = [reading for reading in readings if _possible(reading, evidence, now)]
        if readings:
            proven = [reading for reading in readings if reading.date() in days]
            kept.append(Dated((proven or readings)[0], stamp.precision, signal))
    return kept


def _possible(moment: datetime, evidence: Sequence[Claimed], now: datetime) -> bool:
    """Whether the moment has passed, is no default, and lies in the web's time or is agreed upon by several places.

    Well before the day in the page's address is a default too, or another thing's date.
    """
    if _aware(moment) - now > _FUTURE or _aware(moment) in _DEFAULTS:
        return False
    if any(moment.date() < stamp.moment.date() - _AROUND for stamp, signal in evidence if signal == "url"):
        return False
    witnesses = {signal for stamp, signal in evidence if stamp.moment.date() == moment.date()}
    return moment.year >= _EARLIEST or len(witnesses) > 1


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _anchored(moment: datetime, precision: Precision, evidence: Sequence[Claimed]) -> datetime:
    """The moment with its offset: stated, or that of another time on the page that must be the same, else UTC.

    The other time shows the same clock; or the same instant whole quarters of an hour away, which only counts down to
    the second; or it stands close enough in the calendar that the offset can hardly have changed.
    """
    if moment.tzinfo or precision is Precision.DAY:
        return _aware(moment)
    stated = [stamp.moment for stamp, _ in evidence if stamp.moment.tzinfo]
    same_clock = (other.tzinfo for other in stated if abs(other.replace(tzinfo=None) - moment) < _CLOSE)
    same_instant = (zone for other in stated if moment.second and (zone := _zone_between(moment, other)))
    same_season = (
        other.tzinfo
        for other in stated
        if other.utcoffset() and abs(other.replace(tzinfo=None) - moment) < _SAME_SEASON
    )
    return moment.replace(tzinfo=next(chain(same_clock, same_instant, same_season), UTC))


def _zone_between(clock: datetime, instant: datetime) -> timezone | None:
    """The zone in which a clock shows ``clock`` at ``instant``, or None when there is no such zone."""
    gap = clock - instant.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    return timezone(gap) if not gap % _QUARTER and abs(gap) < _LARGEST_OFFSET else None
