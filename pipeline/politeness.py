"""How long to leave a host alone: decisions over plain values. The edge asks, waits and remembers."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

BACKOFF_FACTOR = 2.0
BACKOFF_START = 1.0  # seconds, where the host has no delay of its own
MOST_BACKOFF = 60.0
LONGEST_WISH = timedelta(days=30)
"""The longest Retry-After that is believed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """delay: seconds between two requests to a host by default. most_delay: the most that robots.txt can ask for.

    patience: seconds of waiting for one host that a run puts up with; what takes longer is left to a later run.
    failures: in a row, after which a host is left alone for ``pause`` seconds.
    """

    delay: float = 1.0
    most_delay: float = 60.0
    patience: float = 60.0
    failures: int = 10
    pause: float = 3600.0


@dataclass(frozen=True, slots=True)
class Host:
    """What is known about a host. ``delay``: seconds between two requests. ``failures``: since the last success.

    ``not_before``: until when to ask it nothing, or None. ``backoff``: seconds added to the delay while it fails.
    """

    delay: float
    failures: int = 0
    backoff: float = 0.0
    not_before: datetime | None = None

    @property
    def spacing(self) -> float:
        """Seconds between two requests as things stand."""
        return self.delay + self.backoff


def delay_of(limits: Limits, source: float | None, robots: float | None) -> float:
    """Seconds between two requests: the longest that setting, source and robots.txt ask for.

    A source may ask for less than the setting, but for no less than robots.txt does.
    """
    own = limits.delay if source is None else source
    return max(own, min(robots or 0.0, limits.most_delay))


def after_success(host: Host) -> Host:
    """The host has answered: it recovers as fast as it had slowed down."""
    eased = host.backoff / BACKOFF_FACTOR
    return replace(host, failures=0, backoff=eased if eased >= BACKOFF_START / 2 else 0.0)


def after_failure(host: Host, limits: Limits, now: datetime, wish: datetime | None = None) -> Host:
    """The host did not answer, or with an error of its own. ``wish``: its Retry-After."""
    failures = host.failures + 1
    slower = min(max(host.backoff * BACKOFF_FACTOR, host.delay, BACKOFF_START), MOST_BACKOFF)
    broken = now + timedelta(seconds=limits.pause) if failures >= limits.failures else None
    until = max((moment for moment in (wish, broken, host.not_before) if moment), default=None)
    return replace(host, failures=failures, backoff=slower, not_before=until)


def wait(host: Host, now: datetime) -> float:
    """Seconds until the host may be asked again, 0 for at once.

    A moment further away than anything that is believed was noted before the clock was put back.
    """
    if host.not_before is None or host.not_before > now + LONGEST_WISH:
        return 0.0
    return max(0.0, (host.not_before - now).total_seconds())


def is_postponed(host: Host, limits: Limits, now: datetime) -> bool:
    """Whether the host is to be left to a later run."""
    return wait(host, now) > limits.patience


def retry_after(value: str, now: datetime) -> datetime | None:
    """The moment a Retry-After header names, in seconds or as a date; None for one that cannot be read."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        moment = now + min(timedelta(seconds=int(value.lstrip("0")[:9] or "0")), LONGEST_WISH)
    else:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return min(max(moment, now), now + LONGEST_WISH)
