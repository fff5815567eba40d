"""Up to where WARC files are stored, so that a run that was ended can be taken up again."""

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Position = Mapping[str, Any]
"""How far a file is stored: ``offset``, below which every page is; and what file it was: ``size``, ``mtime_ns``."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What comes next in a file stands at ``position``; None: nothing more comes. ``job``: the file and the filters."""

    job: str
    position: Position | None


@dataclass(slots=True)
class _Stretch:
    """Pages between two marks. ``left``: those that are not stored yet."""

    mark: Mark
    left: int = 0


class Ledger:
    """Follows pages from the reader to the database. ``noted``: positions that earlier runs have left, by job."""

    def __init__(self) -> None:
        self.noted: dict[str, Position] = {}
        self._stretches: dict[str, deque[_Stretch]] = defaultdict(deque)
        self._current: _Stretch | None = None
        self._waiting: dict[tuple[str, datetime], deque[_Stretch]] = defaultdict(deque)
        self._changed: dict[str, Position | None] = {}

    def reached(self, mark: Mark) -> None:
        """The reader has come to a mark."""
        self._current = _Stretch(mark) if mark.position is not None else None
        self._stretches[mark.job].append(self._current or _Stretch(mark))
        self._settle(mark.job)

    def file_done(self) -> None:
        """Pages that come now are of another file."""
        self._current = None

    def handed(self, url: str, fetched_at: datetime) -> None:
        """The reader has handed a page on."""
        if self._current:
            self._current.left += 1
            self._waiting[url, fetched_at].append(self._current)

    def stored(self, url: str, fetched_at: datetime) -> None:
        """What became of a page is in the database. Pages that nobody handed on are passed over."""
        stretches = self._waiting.get((url, fetched_at))
        if not stretches:
            return
        stretch = stretches.popleft()
        if not stretches:
            del self._waiting[url, fetched_at]
        stretch.left -= 1
        self._settle(stretch.mark.job)

    def changes(self) -> dict[str, Position | None]:
        """The positions to note since the last call; None for a job that is done and has a note."""
        changed = {job: position for job, position in self._changed.items() if position or job in self.noted}
        self.noted |= {job: position for job, position in changed.items() if position}
        self._changed.clear()
        return changed

    def _settle(self, job: str) -> None:
        stretches = self._stretches[job]
        while len(stretches) > 1 and not stretches[0].left:
            stretches.popleft()
        self._changed[job] = stretches[0].mark.position
        if stretches[0].mark.position is None:
            del self._stretches[job]
