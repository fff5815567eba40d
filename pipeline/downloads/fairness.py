"""Sources share a run fairly: no host takes more than its place among the requests under way."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from scrapy import Request
from scrapy.pqueues import DownloaderAwarePriorityQueue, DownloaderInterface

MOST_UNDER_WAY = 2
"""Requests of one host that have left the queue: one on its way, the next ready. A slow host holds up no other."""


class FairPriorityQueue(DownloaderAwarePriorityQueue):
    """Scrapy's queue, which prefers the least busy host; this one also lets the requests of busy hosts wait."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Scrapy's signature
        super().__init__(*args, **kwargs)
        self._downloader_interface = _UnderWay(self.crawler)

    def pop(self) -> Request | None:
        """The next request of a host that has a place free, or None while there is none."""
        if not any(active < MOST_UNDER_WAY for active, _ in self._downloader_interface.stats(self.pqueues)):
            return None
        return super().pop()


class _UnderWay(DownloaderInterface):
    """Counts the requests that wait for robots.txt too; Scrapy counts from the moment they wait for the network."""

    def stats(self, possible_slots: Iterable[str]) -> list[tuple[int, str]]:
        active = Counter(map(self.get_slot_key, self.downloader.active))
        return [(active[slot], slot) for slot in possible_slots]
