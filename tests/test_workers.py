import asyncio
import logging
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from pipeline.errors import ExtractionError
from pipeline.items import RawPage, Reason, Rejection
from pipeline.workers import Limits, Workers

ROGUE = "tests.rogue:refine"
LIMITS = Limits(deadline=5, memory=4096)


@pytest.fixture
def workers() -> Iterator[Workers]:
    pool = Workers(2, LIMITS, ROGUE)
    yield pool
    pool.close()


def page(word: str) -> RawPage:
    return RawPage(f"https://a.example/{word}", word.encode(), datetime(2025, 5, 1, tzinfo=UTC), source="a")


def refined(pool: Workers, *words: str) -> list[Rejection]:
    async def all_of_them() -> list[Rejection]:
        return await asyncio.gather(*(pool.refine(page(word)) for word in words))

    return asyncio.run(all_of_them())


def test_a_page_that_ends_its_worker_costs_only_itself(workers, caplog):
    caplog.set_level(logging.ERROR)
    bad = ["killed", "segfault", "exit", "memory", "bug"]
    words = [word for word in bad for word in ("good", word, "good")]
    outcomes = dict(zip([*range(len(words))], refined(workers, *words), strict=True))
    reasons = [outcomes[n].reason for n in outcomes]
    assert reasons == [Reason.EMPTY, Reason.CRASHED, Reason.EMPTY] * len(bad)
    details = [outcomes[n].detail for n, word in enumerate(words) if word != "good"]
    assert details == [
        "the worker was ended by SIGKILL",
        "the worker was ended by SIGSEGV",
        "the worker ended with status 3",
        "out of memory",
        "KeyError: 'a bug\\nover two lines'",
    ]
    assert "Traceback" in caplog.text
    assert "https://a.example/bug" in caplog.text


def test_a_page_over_its_deadline_is_refused_with_the_figure():
    pool = Workers(1, Limits(deadline=0.3, memory=0), ROGUE)
    late, after = refined(pool, "hang", "good")
    pool.close()
    assert (late.reason, late.detail) == (Reason.TIMEOUT, "no result after 0.3 s")
    assert (late.source, late.fetched_at, len(late.digest)) == ("a", page("hang").fetched_at, 64)
    assert after.reason is Reason.EMPTY


def test_an_idle_worker_that_is_killed_is_replaced(workers):
    (first,) = refined(workers, "good")
    os.kill(int(first.detail), signal.SIGKILL)
    reasons = [outcome.reason for outcome in refined(workers, *["good"] * 6)]
    assert reasons.count(Reason.CRASHED) <= 1, "at most the page it was sent"
    assert reasons[1:].count(Reason.EMPTY) >= 4


def test_workers_do_not_hear_ctrl_c(workers):
    (first,) = refined(workers, "good")
    os.kill(int(first.detail), signal.SIGINT)
    os.kill(int(first.detail), signal.SIGTERM)
    assert {outcome.reason for outcome in refined(workers, *["good"] * 4)} == {Reason.EMPTY}


def test_no_process_before_the_first_page_and_none_after_the_end():
    pool = Workers(2, LIMITS, ROGUE)
    assert all(worker._process is None for worker in pool._workers)
    (outcome,) = refined(pool, "good")
    pool.close()
    with pytest.raises(ProcessLookupError):
        os.kill(int(outcome.detail), 0)


def test_zero_workers_refine_in_this_process():
    pool = Workers(0, LIMITS, ROGUE)
    good, bug = refined(pool, "good", "bug")
    pool.close()
    assert good.detail == str(os.getpid())
    assert bug.reason is Reason.CRASHED


@pytest.mark.parametrize("function", ["tests.no_such_module:refine", "tests.rogue:no_such_function"])
def test_an_extractor_that_cannot_be_loaded_is_a_fault(function):
    pool = Workers(1, LIMITS, function)
    with pytest.raises(ExtractionError, match=r"no extraction worker can be started: .*no_such"):
        refined(pool, "good")
    pool.close()
