"""Interviews, recipes, live reports, verse: texts of other kinds than the usual story lose not a line."""

from pathlib import Path

import pytest

from tests.extraction.stories import cleaned

TEXTS = sorted((Path(__file__).parent / "genres").glob("*.txt"))


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.stem)
def test_a_text_without_residue_stays_whole(file):
    done = cleaned(file.read_text(encoding="utf-8"))
    assert [(line.rule, line.text) for line in done.removed] == []
    assert len(done.kept) > 5
