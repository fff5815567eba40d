"""The times that feeds and sitemaps declare: written by programs, by many rules. Always aware, never made up."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from pipeline.dates import AMERICAN, LONGEST_DATE, ZONES, parse_stamp
from pipeline.items import Precision
from pipeline.text import collapse

_EARLIEST = 1990
_FUTURE = timedelta(days=1)
_LARGEST_OFFSET = timedelta(hours=15)

_STANDARD = re.compile(
    r"\d{4}-\d\d-\d\d(?:T(?!24)\d\d:\d\d(?::[0-5]\d)?(?:Z|[+-][01]\d:\d\d))?$"
    r"|(?:[A-Z][a-z]{2}, )?\d\d? [A-Z][a-z]{2} \d{4} (?!24)\d\d:\d\d(?::[0-5]\d)? (?:GMT|[+-][01]\d{3})$"
)
# What programs write otherwise than the standards have it → how those have it, in order.
_SPELLINGS = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        ("\u2212", "-"),  # the sign of an offset, as some locales write it
        (r"\s*(?:\([^()]*\)|\[[^\[\]]*\])$", ""),  # a zone's name in brackets after its offset
        (r":(\d)(?=[:\s]|$)", r":0\1"),  # 9:5:03
        (r"(:\d\d:\d\d)[.,]\d+", r"\1"),  # parts of seconds
        (r"(:\d\d):60(?!\d)", r"\1:59"),  # leap seconds
        (r"(?<![\d.])(\d{1,2})\.(\d\d)\.(\d\d)(?=\s|$)", r"\1:\2:\3"),  # 09.05.03
        # asctime: Sun Jan  4 16:29:06 PST 2004
        (r"^(?:[^\W\d]+,?\s)?([^\W\d]{3,9})\s(\d{1,2})\s(\d\d?:\d\d(?::\d\d)?)(\s\S+)?\s(\d{4})$", r"\2 \1 \5 \3\4"),
        (r"\b(\d{1,2})[\s-]([^\W\d]{3,9}\.?)[\s-]([7-9]\d)(?=\s\d\d?:)", r"\1 \2 19\3"),  # years of two digits
        (r"\b(\d{1,2})[\s-]([^\W\d]{3,9}\.?)[\s-]([0-6]\d)(?=\s\d\d?:)", r"\1 \2 20\3"),
        (r"(\d{4})-([^\W\d]{3,12})-(\d{1,2})T", r"\3 \2 \1 "),
        (r"^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?=\s?[+-])", r"\1-\2-\3T\4:\5:\6"),
    )
)
_HALF_DAY = re.compile(
    r"(?P<before>오전|오후|上午|下午|午前|午後)?\s*(?<!\d)(?P<hour>\d\d?)(?P<rest>:\d\d(?::\d\d)?)(?:\s*(?P<after>[ap])\.?m\b\.?)?",
    re.IGNORECASE,
)
_AFTERNOON = ("오후", "下午", "午後", "p")
_ZONED = re.compile(
    r"(?P<head>.*\d:\d\d(?::\d\d)?)"
    r"\s*(?:(?:GMT|UTC?|Z)?\s?(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?|(?P<name>[a-z]{1,5}))$",
    re.IGNORECASE,
)
_MIDNIGHT = re.compile(r"(?<=[T\s])24:00(?::00)?")
_ZONES = {
    **ZONES,
    "Z": 0, "UT": 0, "WEST": 1, "CAT": 2, "EAT": 3, "GST": 4, "IST": 5.5, "NPT": 5.75, "ICT": 7, "PHT": 8, "AWST": 8,
    "WITA": 8, "WIT": 9, "ACST": 9.5, "ACDT": 10.5, "BRST": -2, "NDT": -2.5, "NST": -3.5, "BRT": -3, "ART": -3,
    "ADT": -3, "AST": -4, "AT": -4, "COT": -5, "PET": -5, "CST": -6,
    "AKDT": -8, "AKST": -9, "HST": -10,
}  # fmt: skip
"""Hours east of Greenwich. Of a name that two regions use, the one that most feeds mean."""


def read_time(written: str, now: datetime, language: str = "") -> tuple[datetime, Precision] | None:
    """The moment with how much of it was stated, or None: no date, one that no calendar has, or that cannot be meant.

    Without an offset the clock is read as UTC. ``now``: aware; a time over a day later, or from before the web, is
    none. ``language`` only decides how "03/04/2025" is read, where not one reading is none.
    """
    text, days, zone = written.strip(), 0, None
    if not _STANDARD.match(text):
        text, days, zone = _normalised(text)
    stamp = parse_stamp(text, language)
    if stamp is None:
        return None
    for moment in filter(None, (stamp.moment, stamp.swapped)):
        with suppress(OverflowError):
            moved = moment + timedelta(days=days)
            aware = moved if moved.tzinfo else moved.replace(tzinfo=zone or UTC)
            if aware.year >= _EARLIEST and aware <= now + _FUTURE:
                return aware.astimezone(timezone(aware.utcoffset() or timedelta())), stamp.precision
    return None


def _normalised(text: str) -> tuple[str, int, tzinfo | None]:
    """The text as the standards have it, the days that "24:00" adds, and the zone where it was cut off the end."""
    text = collapse(text[:LONGEST_DATE])
    for pattern, replacement in _SPELLINGS:
        text = pattern.sub(replacement, text)
    text = _HALF_DAY.sub(_on_24_hours, text)
    text, midnight = _MIDNIGHT.subn("00:00:00", text, count=1)
    zoned = _ZONED.match(text)
    zone = _zone(zoned) if zoned else None
    return (zoned["head"] if zoned else text), midnight, zone


def _on_24_hours(clock: re.Match[str]) -> str:
    """A time of the morning or the afternoon by the clock of 24 hours; any other as it is."""
    half = clock["before"] or clock["after"]
    if not half or int(clock["hour"]) > 12:
        return clock[0]
    hour = int(clock["hour"]) % 12 + 12 * (half.lower() in _AFTERNOON)
    return f" {hour:02}{clock['rest']}"


def _zone(zoned: re.Match[str]) -> tzinfo | None:
    """The zone at the end of a time; None for a name nobody knows and for an offset that no place has."""
    if name := zoned["name"]:
        if name.upper() in AMERICAN:
            return ZoneInfo(AMERICAN[name.upper()])
        return timezone(timedelta(hours=_ZONES[name.upper()])) if name.upper() in _ZONES else None
    offset = timedelta(hours=int(zoned["hours"]), minutes=int(zoned["minutes"] or 0))
    if offset > _LARGEST_OFFSET:
        return None
    return timezone(-offset if zoned["sign"] == "-" else offset)
