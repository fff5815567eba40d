"""Sources share a run fairly: a request leaves the queue when its host may be asked, and hosts take turns.

Places for requests under way are few. One that would only wait for its host must hold none of them.
"""

from collections import Counter
from collections.abc import Iterable
from heapq import heappop, heappush
from itertools import count
from time import monotonic
from typing import Any

from scrapy import Request
from scrapy.pqueues import DownloaderAwarePriorityQueue, DownloaderInterface
from scrapy.utils.asyncio import CallLaterResult, call_later

from pipeline.downloads.courtesy import CourtesyMiddleware
from pipeline.downloads.sites import host_of


class FairPriorityQueue(DownloaderAwarePriorityQueue):
    """Scrapy's queue, which keeps each host's requests apart; which host is next is decided here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Scrapy's signature
        super().__init__(*args, **kwargs)
        courtesy = self.crawler.get_downloader_middleware(CourtesyMiddleware)
        if courtesy is None:
            raise RuntimeError("the queue needs the CourtesyMiddleware")
        self._courtesy = courtesy
        self._downloader_interface = self._choice = _Choice(self.crawler)
        self._waiting: list[tuple[float, int, str]] = []  # a heap: when to look at a host, and which of two came first
        self._held: set[str] = set()  # hosts that are looked at when a request of theirs is back
        self._entered: set[str] = set()  # those in either
        self._numbers = count()
        self._alarm: CallLaterResult | None = None
        for host in self.pqueues:
            self._enter(host)

    def push(self, request: Request) -> None:
        """Take a request in."""
        self._enter(host_of(request.url))
        super().push(request)

    def pop(self) -> Request | None:
        """A request of the host whose turn it is, or None; then the engine is told when to ask again."""
        self._choice.host = host = self._next_host()
        if host is None:
            self._set_alarm()
            return None
        request = super().pop()
        self._entered.discard(host)
        if host in self.pqueues:
            self._enter(host)
        return request

    def close(self) -> dict[str, list[int]]:
        """End the queue; what Scrapy is to remember of it."""
        if self._alarm:
            self._alarm.cancel()
        return super().close()

    def _enter(self, host: str) -> None:
        if host not in self._entered:
            self._entered.add(host)
            self._wait(host)

    def _wait(self, host: str, seconds: float = 0.0) -> None:
        heappush(self._waiting, (monotonic() + seconds, next(self._numbers), host))

    def _next_host(self) -> str | None:
        under_way = Counter(host_of(request.url) for request in self._choice.downloader.active)
        for host in [host for host in self._held if self._courtesy.seconds_until(host, under_way[host]) is not None]:
            self._held.remove(host)
            self._wait(host)
        while self._waiting and self._waiting[0][0] <= monotonic():
            host = heappop(self._waiting)[-1]
            seconds = self._courtesy.seconds_until(host, under_way[host])
            if seconds is None:
                self._held.add(host)
            elif seconds > 0:
                self._wait(host, seconds)
            else:
                return host
        return None

    def _set_alarm(self) -> None:
        """Have the engine ask again when the first host is to be looked at; by itself it looks every five seconds."""
        if self._alarm:
            self._alarm.cancel()
        if self._waiting:
            self._alarm = call_later(max(0.0, self._waiting[0][0] - monotonic()), self._wake_engine)

    def _wake_engine(self) -> None:
        slot = self.crawler.engine._slot  # noqa: SLF001 - Scrapy has no other way to say that a request has come
        if slot:
            slot.nextcall.schedule()


class _Choice(DownloaderInterface):
    """What Scrapy's queue chooses from: the one host that was chosen."""

    host: str | None = None

    def stats(self, possible_slots: Iterable[str]) -> list[tuple[int, str]]:  # noqa: ARG002
        return [(0, self.host)] if self.host is not None else []

    def get_slot_key(self, request: Request) -> str:
        """The host; after a redirect the request still carries the slot of the one before."""
        return host_of(request.url)
