"""Sources that a run has claimed, on both databases; others are real processes."""

import time
from collections.abc import Callable

from pipeline.storage.claims import Claims
from pipeline.storage.database import open_database
from tests.storage.test_faults import in_child


def soon(condition: Callable[[], bool]) -> bool:
    """Whether it comes to that; a server learns of its client's end a moment later."""
    return any(condition() or time.sleep(0.05) for _ in range(200))


def test_a_source_is_one_runs_until_it_gives_it_back_or_ends(database_url, engine):
    def taken_by_another(source: str) -> str:
        return in_child(lambda: Claims().take(open_database(database_url), source))

    engine.dispose()  # no connection may be shared with a child
    mine = Claims()
    assert mine.take(engine, "harbour")
    assert taken_by_another("harbour") == "False"
    assert taken_by_another("upland") == "True"
    assert soon(lambda: mine.take(engine, "upland")), "the process that had it has ended"
    mine.close()
    assert soon(lambda: taken_by_another("harbour") == "True")
