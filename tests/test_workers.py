import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from multiprocessing.forkserver import _forkserver
from pathlib import Path
from typing import Self

import pytest

from pipeline.errors import ExtractionError
from pipeline.items import RawPage, Reason, Rejection
from pipeline.workers import Limits, Workers

ROOT = Path(__file__).parent.parent
ROGUE = "tests.rogue:refine"
LIMITS = Limits(deadline=5, memory=4096)


class Pool:
    """Workers, and the event loop they are used in."""

    def __init__(self, count: int, limits: Limits = LIMITS, refine: str = ROGUE) -> None:
        self.workers = Workers(count, limits, refine)
        self.runner = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.workers.close()
        self.runner.close()

    def refined(self, *words: str) -> list[Rejection]:
        async def all_of_them() -> list[Rejection]:
            return await asyncio.gather(*(self.workers.refine(page(word)) for word in words))

        return self.runner.run(all_of_them())


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool(2) as pool:
        yield pool


def page(word: str) -> RawPage:
    return RawPage(f"https://a.example/{word}", word.encode(), datetime(2025, 5, 1, tzinfo=UTC), source="a")


def test_a_page_that_ends_its_worker_costs_only_itself(pool, caplog):
    caplog.set_level(logging.ERROR)
    bad = ["killed", "segfault", "exit", "memory", "bug"]
    words = [word for word in bad for word in ("good", word, "good")]
    outcomes = pool.refined(*words)
    assert [outcome.reason for outcome in outcomes] == [Reason.EMPTY, Reason.CRASHED, Reason.EMPTY] * len(bad)
    assert [outcome.detail for outcome, word in zip(outcomes, words, strict=True) if word != "good"] == [
        "the worker was ended by SIGKILL",
        "the worker was ended by SIGSEGV",
        "the worker ended with status 3",
        "out of memory",
        "KeyError: 'a bug\\nover two lines'",
    ]
    assert "Traceback" in caplog.text
    assert "https://a.example/bug" in caplog.text


def test_a_page_over_its_deadline_is_refused_with_the_figure():
    with Pool(1, Limits(deadline=0.3, memory=0)) as pool:
        late, after = pool.refined("hang", "good")
    assert (late.reason, late.detail) == (Reason.TIMEOUT, "no result after 0.3 s")
    assert (late.source, late.fetched_at, len(late.digest)) == ("a", page("hang").fetched_at, 64)
    assert after.reason is Reason.EMPTY


def test_a_page_that_needs_its_whole_deadline_gets_it_in_any_company():
    with Pool(1, Limits(deadline=2, memory=0)) as pool:
        assert {outcome.reason for outcome in pool.refined("good", "slow", "good", "slow")} == {Reason.EMPTY}


@pytest.mark.parametrize(
    ("count", "sizes", "expected"),
    [
        (2, [1] * 40, [[1] * count for count in (8, 8, 6, 4, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1)]),
        (
            1,
            [600_000, 400_000, 600_000, 2_000_000] + [1] * 5,
            [[600_000, 400_000], [600_000], [2_000_000], [1, 1], [1], [1], [1]],
        ),
    ],
    ids=["a fair share of those that wait", "no more than a MiB"],
)
def test_pages_travel_together(count, sizes, expected, monkeypatch):
    parcels = []

    async def ask(asked, pages, deadline):
        parcels.append([len(page.body) for page in pages])
        return await Workers._ask(pool.workers, asked, pages, deadline)

    with Pool(count) as pool:
        monkeypatch.setattr(pool.workers, "_ask", ask)
        pool.refined(*["x" * size for size in sizes])
    assert parcels == expected


def test_who_waits_no_more_takes_no_other_page_along(pool):
    async def refined() -> Rejection:
        gone = asyncio.ensure_future(pool.workers.refine(page("slow")))
        kept = asyncio.ensure_future(pool.workers.refine(page("good")))
        await asyncio.sleep(0)
        gone.cancel()
        return await kept

    assert pool.runner.run(refined()).reason is Reason.EMPTY


def test_pages_that_hang_do_not_hold_up_the_others():
    with Pool(2, Limits(deadline=1, memory=0)) as pool:
        outcomes = pool.refined(*["hang", "good", "good"] * 4)
        assert [outcome.reason for outcome in outcomes] == [Reason.TIMEOUT, Reason.EMPTY, Reason.EMPTY] * 4


@pytest.mark.parametrize("count", [1, 2])
def test_an_idle_worker_that_is_killed_costs_no_page(count):
    with Pool(count) as pool:
        for _ in range(3):
            (outcome,) = pool.refined("good")
            os.kill(int(outcome.detail), signal.SIGKILL)
            assert {outcome.reason for outcome in pool.refined(*["good"] * 6)} == {Reason.EMPTY}


def test_an_idle_pool_that_broke_is_replaced(pool):
    (outcome,) = pool.refined("good")
    os.kill(int(outcome.detail), signal.SIGKILL)
    time.sleep(0.5)  # so long that the pool has noticed
    with pytest.raises(RuntimeError):
        pool.workers._pool.schedule(print)
    assert {outcome.reason for outcome in pool.refined(*["good"] * 6)} == {Reason.EMPTY}
    assert pool.workers._pool.active


def test_the_pages_of_a_broken_pool_are_tried_alone_and_the_bad_one_is_found(pool, monkeypatch):
    """pebble reports a broken pool to every page in it, whoever broke it."""
    pools = []

    async def ask(asked, pages, deadline):
        pools.append(asked)
        if asked._context.workers > 1:
            raise BrokenProcessPool("All workers expired")
        return await Workers._ask(pool.workers, asked, pages, deadline)

    monkeypatch.setattr(pool.workers, "_ask", ask)
    outcomes = pool.refined("good", "segfault", "good", "good", "good")
    reasons = [Reason.EMPTY, Reason.CRASHED, Reason.EMPTY, Reason.EMPTY, Reason.EMPTY]
    assert [outcome.reason for outcome in outcomes] == reasons
    alone = [asked for asked in pools if asked._context.workers == 1]
    assert len(alone) == len(set(alone)) == 5


def test_a_page_that_breaks_a_pool_of_its_own_is_refused(pool, monkeypatch):
    async def ask(*_):
        raise BrokenProcessPool("All workers expired")

    monkeypatch.setattr(pool.workers, "_ask", ask)
    (outcome,) = pool.refined("good")
    assert (outcome.reason, outcome.detail) == (Reason.CRASHED, "the worker pool broke: All workers expired")


def test_workers_that_take_no_page_are_replaced(monkeypatch):
    with Pool(1, Limits(deadline=0.5, memory=0)) as pool:
        (outcome,) = pool.refined("good")
        monkeypatch.setattr("pipeline.workers.GRACE", 1)
        os.kill(int(outcome.detail), signal.SIGSTOP)
        assert [outcome.reason for outcome in pool.refined("good", "good")] == [Reason.EMPTY] * 2


def test_the_process_that_workers_are_forked_from_may_die(pool):
    pool.refined("good")
    os.kill(_forkserver._forkserver_pid, signal.SIGKILL)
    assert [outcome.reason for outcome in pool.refined("killed", "good", "good")][1:] == [Reason.EMPTY] * 2


def test_workers_do_not_hear_ctrl_c(pool):
    (first,) = pool.refined("good")
    os.kill(int(first.detail), signal.SIGINT)
    os.kill(int(first.detail), signal.SIGTERM)
    outcomes = pool.refined(*["good"] * 4)
    assert {outcome.reason for outcome in outcomes} == {Reason.EMPTY}
    os.kill(int(first.detail), 0)


def test_no_process_before_the_first_page_and_none_after_the_end():
    with Pool(2) as pool:
        assert pool.workers._pool is None
        (outcome,) = pool.refined("good")
    with pytest.raises(ProcessLookupError):
        os.kill(int(outcome.detail), 0)


def test_zero_workers_refine_in_this_process():
    with Pool(0) as pool:
        good, bug = pool.refined("good", "bug")
    assert good.detail == str(os.getpid())
    assert bug.reason is Reason.CRASHED


@pytest.mark.parametrize("function", ["tests.no_such_module:refine", "tests.rogue:no_such_function"])
def test_an_extractor_that_cannot_be_loaded_is_a_fault(function):
    with Pool(1, refine=function) as pool, pytest.raises(ExtractionError, match=r"can be started: .*no_such"):
        pool.refined("good")


REFINING = """
import asyncio, sys
from datetime import UTC, datetime
from pipeline.items import RawPage
from pipeline.workers import Limits, Workers

workers = Workers(1, Limits(60, 0))
asyncio.run(workers.refine(RawPage("https://a.example/", b"<p>A page", datetime.now(UTC))))
workers.close()
print(*sorted({"lxml", "trafilatura", "pipeline.extraction"} & sys.modules.keys()))
"""


def test_the_main_process_never_loads_the_extractor():
    ended = subprocess.run(
        [sys.executable, "-c", REFINING], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stdout.split() == []


ORPHANING = """
import signal
from tests.test_workers import Limits, Pool
with Pool(1, Limits(deadline=0.5, memory=0)) as pool:
    print(pool.refined("good")[0].detail, flush=True)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    pool.refined("hang")
"""


def test_a_worker_does_not_outlive_a_killed_main_process():
    killed = subprocess.run(
        [sys.executable, "-c", ORPHANING], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert killed.returncode == -signal.SIGALRM, killed.stderr
    end = time.monotonic() + 20
    while Path("/proc", killed.stdout.strip()).exists():
        assert time.monotonic() < end
        time.sleep(0.1)
