"""The killable processes that refine pages: a pebble pool, and what heals it.

Whatever ends a worker (its deadline, its memory limit, a crash in native code, somebody's kill) costs the page it
holds. What breaks the pool as a whole costs none: docs/decisions/0003 tells when that happens.
"""

import asyncio
import hashlib
import logging
import multiprocessing
import resource
import signal
import traceback
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from multiprocessing.forkserver import ensure_running
from pkgutil import resolve_name
from signal import Signals

from pebble import CONSTS, ProcessExpired, ProcessPool

from pipeline.errors import ExtractionError
from pipeline.items import Article, RawPage, Reason, Rejection

logger = logging.getLogger(__name__)

REFINE = "pipeline.extraction:refine"
PRELOADED = ["pipeline.workers", "pipeline.extraction", "pipeline.extraction.preload"]
START_DEADLINE = 60.0  # seconds for a worker to import the extractor; a busy machine may need many of them
GRACE = 5.0  # seconds after a page's deadline in which the pool must have dealt with it
AHEAD = 2  # parcels in the pool for each worker: one in hand, the next ready, so that no worker ever waits
TOGETHER = 8  # pages in a parcel at most: what a parcel costs on its way is shared by them
PARCEL_SIZE = 2**20  # bytes of pages in a parcel at most, but for a page that travels alone
NOISY = ("trafilatura", "htmldate", "courlan", "justext", "dateparser", "readability", "charset_normalizer")

Attempt = tuple[Article | Rejection, str]
"""What came of refining a page, and the traceback where that was an exception that nobody expected, else empty."""

Waiting = tuple[RawPage, asyncio.Future[Article | Rejection]]
"""A page, and who waits for what comes of it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page may cost. deadline: seconds by the clock. memory: MiB of address space; 0 lifts the limit."""

    deadline: float
    memory: int


def prepare() -> ForkServerContext:
    """Start the process that workers are forked from, if it does not run yet; it loads the extractor meanwhile."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    ensure_running()
    return context


class Workers:
    """Refines pages in ``count`` processes, started when the first page comes; with 0 in the caller's own thread.

    refine: "module:function", imported only where it runs, for the extractor is slow to load.
    """

    def __init__(self, count: int, limits: Limits, refine: str = REFINE) -> None:
        self._count, self._limits, self._refine = count, limits, refine
        self._pool: ProcessPool | None = None
        self._failures: list[str] = []  # to start a pool; kept, so that waiting pages do not all try again
        self._waiting: deque[Waiting] = deque()
        self._carriers: set[asyncio.Task[None]] = set()
        self._starting, self._alone = asyncio.Lock(), asyncio.Lock()

    async def refine(self, page: RawPage) -> Article | Rejection:
        """The article made from a page, or why there is none. ExtractionError: no worker can be started."""
        if not self._count:
            return _logged(page, attempt(self._refine, page))
        answer: asyncio.Future[Article | Rejection] = asyncio.get_running_loop().create_future()
        self._waiting.append((page, answer))
        if len(self._carriers) < self._count * AHEAD:
            carrier = asyncio.create_task(self._carry())
            self._carriers.add(carrier)
            carrier.add_done_callback(self._carriers.discard)
        return await answer

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        if self._pool:
            _end(self._pool)

    async def _carry(self) -> None:
        """Bring waiting pages to the workers until none waits, and the answers back."""
        while self._waiting:
            parcel = self._parcel()
            try:
                outcomes = await self._refine_all([page for page, _ in parcel])
            except Exception as error:  # noqa: BLE001 - handed to everyone who waits for it
                for _, answer in parcel:
                    if not answer.cancelled():
                        answer.set_exception(error)
            else:
                for (_, answer), outcome in zip(parcel, outcomes, strict=True):
                    if not answer.cancelled():
                        answer.set_result(outcome)

    def _parcel(self) -> list[Waiting]:
        """The next pages to travel together: a fair share of those that wait, so that no worker gets none."""
        share = min(len(self._waiting) // (self._count * AHEAD), TOGETHER)
        parcel = [self._waiting.popleft()]
        size = len(parcel[0][0].body)
        while self._waiting and len(parcel) < share:
            size += len(self._waiting[0][0].body)
            if size > PARCEL_SIZE:
                break
            parcel.append(self._waiting.popleft())
        return parcel

    async def _refine_all(self, pages: Sequence[RawPage]) -> list[Article | Rejection]:
        """Refine pages in one worker; where one ends it, each by itself, so that only the one is lost."""
        if len(pages) > 1:
            pool = await self._running()
            try:
                return await self._ask(pool, pages, self._limits.deadline / 4)
            except (TimeoutError, ProcessExpired):
                pass
            except RuntimeError:
                await self._give_up(pool)
        return [await self._refine_one(page) for page in pages]

    async def _refine_one(self, page: RawPage) -> Article | Rejection:
        pool = await self._running()
        try:
            return await self._ask_one(pool, page)
        except RuntimeError:
            await self._give_up(pool)
        async with self._alone:  # the pool broke, and cannot tell which of its pages did it
            pool = await asyncio.to_thread(self._start, 1)
            try:
                return await self._ask_one(pool, page)
            except RuntimeError as error:
                return _crashed(page, f"the worker pool broke: {error}")
            finally:
                await asyncio.to_thread(_end, pool)

    async def _running(self) -> ProcessPool:
        async with self._starting:
            if self._pool is None:
                self._pool = await asyncio.to_thread(self._start, self._count)
            return self._pool

    async def _give_up(self, pool: ProcessPool) -> None:
        """Have the next page start a new pool in the place of one that broke."""
        if self._pool is pool:
            self._pool = None
            await asyncio.to_thread(_end, pool)

    async def _ask_one(self, pool: ProcessPool, page: RawPage) -> Article | Rejection:
        """Have a page refined. RuntimeError: the pool is broken."""
        deadline = self._limits.deadline
        try:
            (outcome,) = await self._ask(pool, [page], deadline)
        except TimeoutError:
            return _crashed(page, f"no result after {deadline:g} s", Reason.TIMEOUT)
        except ProcessExpired as error:
            killed = error.exitcode < 0
            end = f"was ended by {Signals(-error.exitcode).name}" if killed else f"ended with status {error.exitcode}"
            return _crashed(page, f"the worker {end}")
        return outcome

    async def _ask(self, pool: ProcessPool, pages: Sequence[RawPage], deadline: float) -> list[Article | Rejection]:
        """Have pages refined, all within the deadline. TimeoutError, ProcessExpired: a page ended the worker."""
        task = pool.schedule(_attempt_in_worker, (self._refine, pages, deadline), timeout=deadline)
        answer = asyncio.wrap_future(task)
        await asyncio.wait([answer], timeout=AHEAD * (self._limits.deadline + GRACE))
        if not answer.done():
            raise RuntimeError("no worker takes a page")
        return [_logged(page, attempted) for page, attempted in zip(pages, await answer, strict=True)]

    def _start(self, count: int) -> ProcessPool:
        """A pool that has proved to work; a second try, because Ctrl-C may hit a worker that is not yet deaf to it."""
        CONSTS.term_timeout = 0  # pebble's wait between SIGTERM, which workers do not hear, and SIGKILL
        while len(self._failures) < 2:
            pool = ProcessPool(count, initializer=_begin, initargs=(self._limits.memory,), context=prepare())
            try:
                pool.schedule(_load, (self._refine,)).result(START_DEADLINE)
            except Exception as error:  # noqa: BLE001 - a border: importing the extractor may raise anything
                self._failures.append(repr(error))
                _end(pool)
            else:
                self._failures.clear()
                return pool
        raise ExtractionError(f"no extraction worker can be started: {self._failures[-1]}")


def attempt(refine: str, page: RawPage) -> Attempt:
    """Refine a page; an exception becomes a rejection."""
    try:
        return resolve_name(refine)(page), ""
    except MemoryError:
        return _crashed(page, "out of memory"), ""
    except Exception as error:  # noqa: BLE001 - a border: a bug costs its page and is recorded with it
        cause = " ".join(f"{type(error).__name__}: {error}".split())
        return _crashed(page, cause[:500]), traceback.format_exc()


def _load(refine: str) -> None:
    """Import the extractor; its answer is none, for who reads one imports what it names."""
    resolve_name(refine)


def _attempt_in_worker(refine: str, pages: Sequence[RawPage], deadline: float) -> list[Attempt]:
    """Refine pages; where the deadline passes and no main process is left to end the worker, it ends by itself."""
    signal.setitimer(signal.ITIMER_REAL, deadline + GRACE)
    try:
        return [attempt(refine, page) for page in pages]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _logged(page: RawPage, attempted: Attempt) -> Article | Rejection:
    outcome, trace = attempted
    if trace:
        logger.error("extraction failed on %s\n%s", page.url, trace, extra={"item": page})
    return outcome


def _crashed(page: RawPage, detail: str, reason: Reason = Reason.CRASHED) -> Rejection:
    digest = hashlib.sha256(page.body).hexdigest()
    return Rejection(page.url, reason, detail, page.fetched_at, page.source, digest, status=page.status)


def _begin(memory: int) -> None:
    """Set a worker up."""
    for number in (signal.SIGINT, signal.SIGTERM):  # meant for the main process, which lets us finish
        signal.signal(number, signal.SIG_IGN)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    if memory:
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        limit = memory * 2**20 if hard == resource.RLIM_INFINITY else min(memory * 2**20, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()
