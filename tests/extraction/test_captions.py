"""A caption taken out of the text is kept with its credit apart."""

import pytest

from pipeline.extraction.captions import split_credit


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("The bridge at dawn. (Jane Doe/AP)", "The bridge at dawn.", "Jane Doe/AP"),
        ("Der Turm am Abend. Foto: Anna Berg/dpa", "Der Turm am Abend.", "Anna Berg/dpa"),
        ("A boat on the lake (Photo: Jane Doe)", "A boat on the lake", "Jane Doe"),
        ("Ein Haus am See © Max Muster", "Ein Haus am See", "Max Muster"),
        ("The crew after the race. Jo Roe/Getty Images", "The crew after the race.", "Jo Roe/Getty Images"),
        ("The crew after the race in 1998 (their third).", "The crew after the race in 1998 (their third).", ""),
    ],
)
def test_the_credit_is_set_apart(line, caption, credit):
    assert split_credit(line) == (caption, credit)
