"""Spans of time as people write them."""

import re
from datetime import timedelta

_DURATION = re.compile(r"(\d+(?:\.\d+)?) ?([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration(text: str) -> timedelta:
    """A span such as "10m", "24h", "7d". ``ValueError``: it is none."""
    match = _DURATION.fullmatch(text.strip().lower())
    if not match:
        raise ValueError('is no duration such as "10m", "24h" or "7d"')
    try:
        return timedelta(**{_UNITS[match[2]]: float(match[1])})
    except OverflowError as error:
        raise ValueError("is too long a time") from error


def durations(text: str) -> tuple[timedelta, ...]:
    """Several spans, separated by commas; none for an empty text. ``ValueError``: one is none."""
    return tuple(duration(part) for part in text.split(",") if part.strip())
