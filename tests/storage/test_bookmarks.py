"""Bookmarks of long jobs."""

from pipeline.storage.bookmarks import note_bookmarks, read_bookmarks
from tests.storage.samples import NOON


def test_positions_are_kept_moved_and_taken_away(engine):
    note_bookmarks(engine, {"replay a": {"offset": 1}, "replay b": {"offset": 2**40}, "other": {"id": 3}}, NOON)
    note_bookmarks(engine, {"replay a": {"offset": 5}, "other": None, "replay never noted": None}, NOON)
    assert read_bookmarks(engine, "replay ") == {"replay a": {"offset": 5}, "replay b": {"offset": 2**40}}
    assert read_bookmarks(engine, "other") == {}


def test_a_name_is_no_pattern(engine):
    note_bookmarks(engine, {"replay%": {"offset": 1}, "replay_a": {"offset": 2}}, NOON)
    assert read_bookmarks(engine, "replay_") == {"replay_a": {"offset": 2}}
