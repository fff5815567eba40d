"""One written time → what it says. Machine forms first, then the forms that stand in pages for people to read.

Nothing is guessed: a relative phrase ("3 hours ago"), a date without year or one that no calendar has is no time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from pipeline.items import Precision
from pipeline.months import month_number

LONGEST_DATE = 200
"""Characters of a text that are searched for a date."""

_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
_OFFSET = r"(?P<offset>(?:UTC|GMT)\s?[+-]\d{1,2}(?!\d)|(?:UTC|GMT)?\s?[+-]\d{2}:?(?:\d{2})?|Z|UTC|GMT)"
_ISO = re.compile(
    rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?:(?:\s*T\s*|\s+){_TIME}\s*{_OFFSET}?)?(?!\d)",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?P<offset>Z)?)?$"
)
_EPOCH = re.compile(r"(?P<seconds>\d{9,10})(?:\d{3})?$")
_RFC = re.compile(r"(?:[A-Za-z]{3},?\s)?\s*\d{1,2}\s[A-Za-z]{3}\s\d{4}\s\d{1,2}:\d{2}")

_WORD = r"(?P<name>[^\s\d,./()|:-]{2,24}\.?)"
_DAY = r"(?<!\d)(?P<day>\d{1,2})"
_JOIN = r"(?:\s+(?:de|del|of|d['’]|من)\s+|[\s.]+|[-/,])"
_YEAR = r"(?P<year>(?:19|20|٢٠|۲۰|२०)\d\d)(?!\d)"
_SHORT_YEAR = r"(?P<year>(?:19|20)\d\d|\d\d)(?![\d:.h])"
_WRITTEN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_YEAR}\s*[年년]\s*(?P<month>\d{{1,2}})\s*[月월]\s*(?P<day>\d{{1,2}})\s*[日일]",
        rf"{_DAY}(?:st|nd|rd|th|er|re|[ºª°.])?\s*{_JOIN}?{_WORD}[\s,]*{_JOIN}?['’]?{_YEAR}",
        rf"{_WORD}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?(?:,|\s)\s*(?:de\s+|del\s+)?{_YEAR}",
        rf"(?<!\d){_YEAR}[.,]?\s*(?:(?:m|г|р|оны|gada)\.?\s+)?{_WORD}\s+(?P<day>\d{{1,2}})(?!\d)",
        rf"(?<!\d){_YEAR}\s*[-/.]\s*(?P<month>\d{{1,2}})\s*[-/.]\s*(?P<day>\d{{1,2}})(?!\d)",
        rf"{_DAY}\s?[-/.]\s?(?P<month>\d{{1,2}})\s?[-/.]\s?{_SHORT_YEAR}",
    )
)
_CLOCK = re.compile(
    r"(?P<before>오전|오후|上午|下午|午前|午後)?\s*(?<![\d.:/-])(?P<hour>[01]?\d|2[0-3])(?:\s?[:.hH時시点點]\s?(?P<minute>[0-5]\d)(?![\d.]\d)"
    r"(?::(?P<second>[0-5]\d))?|(?=\s?[ap]\.?m\b))\s*(?P<after>[ap]\.?\s?m\b\.?|[μπ]\.?μ\b\.?|م\b|ص\b)?",
    re.IGNORECASE,
)
_ZONE = re.compile(rf"\s*\(?(?:{_OFFSET}|(?P<zone>[A-ZА-Я]{{3,4}}|[ECMP]T)\b)")
ZONES = {
    "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "SAST": 2, "EET": 2, "EEST": 3,
    "MSK": 3, "МСК": 3, "TRT": 3, "PKT": 5, "WIB": 7, "HKT": 8, "SGT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11,
    "NZST": 12, "NZDT": 13, "EDT": -4, "EST": -5, "CDT": -5, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8,
}  # fmt: skip
"""Hours east of Greenwich of the names of zones that mean one thing wherever they are written."""
AMERICAN = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}
"""Names for what the clock shows there, in summer as in winter."""

_AFTERNOON = ("p", "μ", "م", "오후", "下午", "午後")
_CLOCK_REACH = 24
_FAR_YEAR = 70


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time as it was written.

    ``moment``: aware when an offset stands with it, naive otherwise; parts finer than ``precision`` are zero.
    ``swapped``: the other reading where day and month may be exchanged ("03/04/2025", not "03.04.2025"), else None.
    """

    moment: datetime
    precision: Precision
    swapped: datetime | None = None


def parse_stamp(text: str, language: str = "") -> Stamp | None:
    """The time in a declared value (ISO 8601 and its misspellings, RFC 2822, epoch), or in words; None for none.

    ``language``: BCP 47 tag of the page; only decides how "03/04/2025" is read.
    """
    text = text.strip()[:LONGEST_DATE]
    if not any(map(str.isdigit, text)):
        return None
    found = _ISO.match(text) or _COMPACT.match(text)
    if found:
        return _stamp(found.groupdict())
    if epoch := _EPOCH.match(text):
        return Stamp(datetime.fromtimestamp(int(epoch["seconds"]), UTC), Precision.SECOND)
    if _RFC.match(text) and (stamp := _mail_date(text)) and stamp.moment.tzinfo:
        return stamp
    return find_stamp(text, language)


def find_stamp(text: str, language: str = "") -> Stamp | None:
    """The first date that stands anywhere in a text for readers, with the time of day beside it, or None."""
    text = text[:LONGEST_DATE]
    readings = [(found.start(), found, stamp) for found, stamp in _written(text, language)]
    if not readings:
        return None
    _, found, stamp = min(readings, key=lambda reading: reading[0])
    clock = _clock_beside(text, found.start(), found.end())
    return _at(stamp, clock, text) if clock else stamp


def _written(text: str, language: str) -> Iterator[tuple[re.Match[str], Stamp]]:
    for pattern in _WRITTEN:
        for found in pattern.finditer(text):
            parts = found.groupdict()
            if name := parts.pop("name", None):
                parts["month"] = str(month_number(name) or 0)
            stamp = _stamp(parts, swappable=pattern is _WRITTEN[-1] and "." not in found[0], language=language)
            if stamp:
                yield found, stamp
                break


def _stamp(parts: dict[str, str | None], *, swappable: bool = False, language: str = "") -> Stamp | None:
    year, month, day = (int(parts[name] or 0) for name in ("year", "month", "day"))
    if len(parts["year"] or "") == 2:
        year += 1900 if year > _FAR_YEAR else 2000
    first, second = _date(year, month, day), _date(year, day, month) if swappable and day != month else None
    if second and (first is None or _month_first(language)):
        first, second = second, first
    if first is None:
        return None
    if not parts.get("hour"):
        return Stamp(first, Precision.DAY, second)
    return _timed(Stamp(first, Precision.DAY, second), parts)


def _month_first(language: str) -> bool:
    return language.lower() in ("en", "en-us", "en-ph")


def _timed(stamp: Stamp, parts: dict[str, str | None]) -> Stamp:
    """The day with its time of day; a time no clock shows leaves the day alone."""
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    try:
        zone = _zone(parts.get("offset") or "")
        moment = stamp.moment.replace(hour=hour, minute=minute, second=second, tzinfo=zone)
        swapped = stamp.swapped and stamp.swapped.replace(hour=hour, minute=minute, second=second, tzinfo=zone)
    except ValueError:
        return stamp
    return Stamp(moment, Precision.SECOND if parts.get("second") else Precision.MINUTE, swapped)


def _zone(offset: str) -> timezone | None:
    """The offset as written ("Z", "+02:00", "-0500", "+02", "GMT+7"), or None for none."""
    if not offset:
        return None
    digits = re.sub(r"\D", "", offset)
    digits = digits.zfill(2).ljust(4, "0")
    delta = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]))
    return timezone(-delta if "-" in offset else delta) if delta else UTC


def _date(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day)  # noqa: DTZ001 - naive until an offset is known
    except ValueError:
        return None


def _mail_date(text: str) -> Stamp | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return Stamp(moment, Precision.SECOND if text.count(":") > 1 else Precision.MINUTE)


def _clock_beside(text: str, start: int, end: int) -> re.Match[str] | None:
    """The time of day that stands closest to the date, after it or before."""
    after = _CLOCK.search(text, end, min(len(text), end + _CLOCK_REACH + 8))
    before = list(_CLOCK.finditer(text, max(0, start - _CLOCK_REACH), start))
    gaps = [(found.start() - end, found) for found in (after,) if found and found.start() - end <= _CLOCK_REACH]
    gaps += [(start - found.end(), found) for found in before[-1:]]
    return min(gaps, key=lambda gap: gap[0])[1] if gaps else None


def _at(stamp: Stamp, clock: re.Match[str], text: str) -> Stamp:
    hour = int(clock["hour"])
    half = (clock["after"] or clock["before"] or "").casefold()
    if half:
        hour = hour % 12 + (12 if half.startswith(_AFTERNOON) else 0)
    parts = {"hour": str(hour), "minute": clock["minute"], "second": clock["second"]}
    zone = _ZONE.match(text, clock.end())
    if zone and zone["zone"] in AMERICAN:
        local = _timed(stamp, parts).moment
        return _timed(stamp, {**parts, "offset": f"{local.replace(tzinfo=ZoneInfo(AMERICAN[zone['zone']])):%z}"})
    offset = (zone["offset"] or _zone_offset(zone["zone"])) if zone else ""
    return _timed(stamp, {**parts, "offset": offset})


def _zone_offset(name: str) -> str:
    return f"{ZONES[name]:+03d}00" if name in ZONES else ""
