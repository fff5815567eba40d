"""How far WARC files are stored."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from pipeline.spiders.ledger import Ledger, Mark

NOW = datetime(2025, 3, 4, tzinfo=UTC)
JOB = "replay boats"


def at(offset):
    return Mark(JOB, {"offset": offset})


def test_a_position_moves_only_over_pages_that_are_stored():
    ledger = Ledger()
    for offset in (0, 10, 20):
        ledger.reached(at(offset))
        ledger.handed(f"page {offset}", NOW)
    assert ledger.changes() == {JOB: {"offset": 0}}
    ledger.stored("page 10", NOW)
    assert ledger.changes() == {JOB: {"offset": 0}}
    ledger.stored("page 0", NOW)
    assert ledger.changes() == {JOB: {"offset": 20}}
    ledger.stored("page 20", NOW)
    ledger.reached(Mark(JOB, None))
    assert ledger.changes() == {JOB: None}
    assert ledger.changes() == {}


def test_a_file_that_is_done_before_anything_was_noted_needs_no_note():
    ledger = Ledger()
    ledger.reached(at(0))
    ledger.handed("page", NOW)
    ledger.reached(Mark(JOB, None))
    ledger.stored("page", NOW)
    assert ledger.changes() == {}


def test_what_an_earlier_run_has_noted_is_taken_away_when_the_file_is_done():
    ledger = Ledger()
    ledger.noted[JOB] = {"offset": 10}
    ledger.reached(Mark(JOB, None))
    assert ledger.changes() == {JOB: None}


def test_pages_of_other_files_hold_nothing_up():
    ledger = Ledger()
    ledger.handed("before", NOW)
    ledger.reached(at(0))
    ledger.file_done()
    ledger.handed("behind a file that broke off", NOW)
    ledger.stored("of nobody", NOW)
    ledger.reached(at(5))
    assert ledger.changes() == {JOB: {"offset": 5}}


def test_two_pages_of_one_address_and_time_are_two():
    ledger = Ledger()
    for offset in (0, 10):
        ledger.reached(at(offset))
        ledger.handed("page", NOW)
    ledger.stored("page", NOW)
    assert ledger.changes() == {JOB: {"offset": 10}}


@given(st.lists(st.integers(0, 3), min_size=1), st.randoms())
def test_nothing_before_a_position_is_ever_unstored(pages, chance):
    """``pages``: how many stand at each mark; they are stored in any order."""
    ledger, out = Ledger(), []
    for offset, number in enumerate(pages):
        ledger.reached(at(offset))
        for _ in range(number):
            out.append((offset, f"page {len(out)}"))
            ledger.handed(out[-1][1], NOW)
    chance.shuffle(out)
    while out:
        ledger.stored(out.pop()[1], NOW)
        position = ledger.changes()[JOB]["offset"]
        assert position == min((offset for offset, _ in out), default=len(pages) - 1)
