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
AHEAD = 4  # pages in the pool for each worker: one in hand, the others ready, so that no worker ever waits
NOISY = ("trafilatura", "htmldate", "courlan", "justext", "dateparser", "readability", "charset_normalizer")

Attempt = tuple[Article | Rejection, str]
"""What came of refining a page, and the traceback where that was an exception that nobody expected, else empty."""


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
        self._room = asyncio.Semaphore(max(count, 1) * AHEAD)
        self._starting, self._alone = asyncio.Lock(), asyncio.Lock()

    async def refine(self, page: RawPage) -> Article | Rejection:
        """The article made from a page, or why there is none. ExtractionError: no worker can be started."""
        if not self._count:
            return _logged(page, attempt(self._refine, page))
        async with self._room:
            async with self._starting:
                if self._pool is None:
                    self._pool = await asyncio.to_thread(self._start, self._count)
                pool = self._pool
            try:
                return await self._ask(pool, page)
            except RuntimeError:
                if self._pool is pool:
                    self._pool = None
                    await asyncio.to_thread(_end, pool)
        async with self._alone:  # the pool broke, and cannot tell which of its pages did it
            pool = await asyncio.to_thread(self._start, 1)
            try:
                return await self._ask(pool, page)
            except RuntimeError as error:
                return _crashed(page, f"the worker pool broke: {error}")
            finally:
                await asyncio.to_thread(_end, pool)

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        if self._pool:
            _end(self._pool)

    async def _ask(self, pool: ProcessPool, page: RawPage) -> Article | Rejection:
        """Have a page refined. RuntimeError: the pool is broken."""
        deadline = self._limits.deadline
        task = pool.schedule(_attempt_in_worker, (self._refine, page, deadline), timeout=deadline)
        answer = asyncio.wrap_future(task)
        await asyncio.wait([answer], timeout=AHEAD * (deadline + GRACE))
        if not answer.done():
            raise RuntimeError("no worker takes a page")
        try:
            return _logged(page, await answer)
        except TimeoutError:
            return _crashed(page, f"no result after {deadline:g} s", Reason.TIMEOUT)
        except ProcessExpired as error:
            killed = error.exitcode < 0
            end = f"was ended by {Signals(-error.exitcode).name}" if killed else f"ended with status {error.exitcode}"
            return _crashed(page, f"the worker {end}")

    def _start(self, count: int) -> ProcessPool:
        """A pool that has proved to work; a second try, because Ctrl-C may hit a worker that is not yet deaf to it."""
        CONSTS.term_timeout = 0  # pebble's wait between SIGTERM, which workers do not hear, and SIGKILL
        while len(self._failures) < 2:
            pool = ProcessPool(count, initializer=_begin, initargs=(self._limits.memory,), context=prepare())
            try:
                pool.schedule(resolve_name, (self._refine,)).result(START_DEADLINE)
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


def _attempt_in_worker(refine: str, page: RawPage, deadline: float) -> Attempt:
    """Refine a page; where the deadline passes and no main process is left to end the worker, it ends by itself."""
    signal.setitimer(signal.ITIMER_REAL, deadline + GRACE)
    try:
        return attempt(refine, page)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _logged(page: RawPage, attempted: Attempt) -> Article | Rejection:
    outcome, trace = attempted
    if trace:
        logger.error("extraction failed on %s\n%s", page.url, trace)
    return outcome


def _crashed(page: RawPage, detail: str, reason: Reason = Reason.CRASHED) -> Rejection:
    digest = hashlib.sha256(page.body).hexdigest()
    return Rejection(page.url, reason, detail, fetched_at=page.fetched_at, source=page.source, digest=digest)


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
