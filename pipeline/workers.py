"""The killable processes that refine pages.

Each worker has a pipe of its own and one page at a time. So whatever ends a worker (its deadline, its memory limit, a
crash in native code, somebody's kill) costs exactly the page it holds, and is noticed at once. Pools that share one
queue and its locks among their workers cannot promise that.
"""

import atexit
import contextlib
import hashlib
import logging
import multiprocessing
import resource
import signal
import traceback
from asyncio import get_running_loop
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.forkserver import ensure_running
from multiprocessing.process import BaseProcess
from pkgutil import resolve_name
from queue import SimpleQueue

from pipeline.errors import ExtractionError
from pipeline.items import Article, RawPage, Reason, Rejection

logger = logging.getLogger(__name__)

Refine = Callable[[RawPage], Article | Rejection]

REFINE = "pipeline.extraction:refine"
PRELOADED = ["pipeline.extraction", "pipeline.extraction.preload"]
READY = "ready"
START_DEADLINE = 60.0  # seconds for a worker to import the extractor; a busy machine may need many of them
NOISY = ("trafilatura", "htmldate", "courlan", "justext", "dateparser", "readability", "charset_normalizer")


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
        self._refine = refine
        self._workers = [_Worker(limits, refine) for _ in range(count)]
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(max(count, 1), thread_name_prefix="refine")
        atexit.register(self._stop)

    async def refine(self, page: RawPage) -> Article | Rejection:
        """The article made from a page, or why there is none. ExtractionError: no worker can be started."""
        if not self._workers:
            return _logged(page, attempt(resolve_name(self._refine), page))
        return await get_running_loop().run_in_executor(self._threads, self._in_worker, page)

    def close(self) -> None:
        """Wait for the pages in hand and end the processes."""
        self._threads.shutdown()
        self._stop()
        atexit.unregister(self._stop)

    def _in_worker(self, page: RawPage) -> Article | Rejection:
        worker = self._idle.get()
        try:
            return _logged(page, worker.attempt(page))
        finally:
            self._idle.put(worker)

    def _stop(self) -> None:
        for worker in self._workers:
            worker.stop()


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of refining a page. trace: the traceback of an exception that nobody expected, else empty."""

    outcome: Article | Rejection
    trace: str = ""


def attempt(refine: Refine, page: RawPage) -> Attempt:
    """Refine a page; an exception becomes a rejection."""
    try:
        return Attempt(refine(page))
    except MemoryError:
        return Attempt(_crashed(page, "out of memory"))
    except Exception as error:  # noqa: BLE001 - a border: a bug costs its page and is recorded with it
        cause = " ".join(f"{type(error).__name__}: {error}".split())
        return Attempt(_crashed(page, cause[:500]), traceback.format_exc())


def _logged(page: RawPage, attempted: Attempt) -> Article | Rejection:
    if attempted.trace:
        logger.error("extraction failed on %s\n%s", page.url, attempted.trace)
    return attempted.outcome


def _crashed(page: RawPage, detail: str, reason: Reason = Reason.CRASHED) -> Rejection:
    return Rejection(
        url=page.url,
        reason=reason,
        detail=detail,
        fetched_at=page.fetched_at,
        source=page.source,
        digest=hashlib.sha256(page.body).hexdigest(),
    )


@dataclass(frozen=True, slots=True)
class _Process:
    """A running worker process and our end of its pipe."""

    handle: BaseProcess
    pipe: Connection

    def end(self) -> str:
        """End the process, whatever it is doing, and say how it ended if it was over before."""
        self.pipe.close()  # an idle worker leaves by itself
        self.handle.join(timeout=0.2)
        status = self.handle.exitcode
        self.handle.kill()
        self.handle.join()
        if status is not None and status < 0:
            return f"the worker was ended by {signal.Signals(-status).name}"
        return "the worker does not answer" if status is None else f"the worker ended with status {status}"


class _Worker:
    """A place for one process; a new one is started where the last one ended."""

    def __init__(self, limits: Limits, refine: str) -> None:
        self._limits = limits
        self._refine = refine
        self._process: _Process | None = None

    def attempt(self, page: RawPage) -> Attempt:
        """Have a page refined; blocks until it is, or has failed."""
        process = self._process = self._process or self._start()
        try:
            process.pipe.send(page)
            if process.pipe.poll(self._limits.deadline):
                result: Attempt = process.pipe.recv()
                return result
        except (EOFError, OSError):
            return Attempt(_crashed(page, self.stop()))
        self.stop()
        return Attempt(_crashed(page, f"no result after {self._limits.deadline:g} s", Reason.TIMEOUT))

    def stop(self) -> str:
        """End the process, if there is one, and say how it ended."""
        process, self._process = self._process, None
        return process.end() if process else "the worker was stopped"

    def _start(self) -> _Process:
        """A process that has said it is ready; a second try, because Ctrl-C may hit one that is not yet deaf to it."""
        for _ in range(2):
            process = self._launch()
            answer = ""
            with contextlib.suppress(EOFError, OSError):
                answer = process.pipe.recv() if process.pipe.poll(START_DEADLINE) else ""
            if answer == READY:
                return process
            cause = process.end()
        raise ExtractionError(f"no extraction worker can be started: {answer or cause}")

    def _launch(self) -> _Process:
        context = prepare()
        ours, theirs = context.Pipe()
        arguments = (theirs, self._refine, self._limits.memory)
        handle = context.Process(target=_serve, args=arguments, name="newsloom-refine", daemon=True)
        try:
            handle.start()
        except (EOFError, OSError) as error:
            raise ExtractionError(f"no extraction worker can be started: {error!r}") from error
        theirs.close()
        return _Process(handle, ours)


def _serve(pipe: Connection, refine: str, memory: int) -> None:
    """The life of a worker: answer pages until the other end of the pipe is closed."""
    for number in (signal.SIGINT, signal.SIGTERM):  # meant for the main process, which lets us finish
        signal.signal(number, signal.SIG_IGN)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with contextlib.suppress(EOFError, OSError):
        try:
            function: Refine = resolve_name(refine)
        except Exception as error:  # noqa: BLE001 - a border: what cannot be loaded is told to the main process
            pipe.send(f"{type(error).__name__}: {error}")
            return
        _limit_memory(memory * 2**20)
        pipe.send(READY)
        while True:
            pipe.send(attempt(function, pipe.recv()))


def _limit_memory(size: int) -> None:
    if size:
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        limit = size if hard == resource.RLIM_INFINITY else min(size, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
