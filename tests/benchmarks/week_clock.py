"""A clock of virtual time that two processes share: it ticks as real time does, and one of them makes it jump."""

import struct
import time
from datetime import UTC, datetime, timedelta
from mmap import mmap
from pathlib import Path

START = datetime(2026, 10, 5, tzinfo=UTC)
"""When the weeks begin, a Monday."""

_OFFSET = struct.Struct("d")


class Clock:
    """``path``: a file that holds by how many seconds virtual time is ahead of ``time.monotonic``."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._shared = mmap(file.fileno(), _OFFSET.size)

    @classmethod
    def set_to(cls, moment: datetime, path: Path) -> "Clock":
        """A new clock."""
        path.write_bytes(bytes(_OFFSET.size))
        clock = cls(path)
        clock.jump(moment)
        return clock

    def now(self) -> datetime:
        return self.at(time.monotonic())

    def at(self, monotonic: float) -> datetime:
        """The virtual time of a moment since the last jump."""
        (offset,) = _OFFSET.unpack_from(self._shared)
        return datetime.fromtimestamp(monotonic + offset, UTC)

    def jump(self, moment: datetime) -> None:
        _OFFSET.pack_into(self._shared, 0, moment.timestamp() - time.monotonic())

    def pass_over(self, span: timedelta) -> None:
        self.jump(self.now() + span)
