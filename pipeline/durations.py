"""Spans of time as people write them."""

import re
from datetime import timedelta

_DURATION = re.compile(r"(\d+(?:\.\d+)?) ?([smhdwy])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400, "y": 365 * 86_400}
UNITS = tuple(_SECONDS)


def duration(text: str) -> timedelta:
    """A span such as "10m", "24h", "7d", "2w", "1y". ``ValueError``: it is none."""
    match = _DURATION.fullmatch(text.strip().lower())
    if not match:
        raise ValueError('is no duration such as "10m", "24h" or "7d"')
    try:
        return timedelta(seconds=float(match[1]) * _SECONDS[match[2]])
    except OverflowError as error:
        raise ValueError("is too long a time") from error


def durations(text: str) -> tuple[timedelta, ...]:
    """Several spans, separated by commas; none for an empty text. ``ValueError``: one is none."""
    return tuple(duration(part) for part in text.split(",") if part.strip())
