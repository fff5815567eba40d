"""Facts about strings, in any script."""
# ruff: noqa: E501 - tables

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text import (
    collapse,
    ends_sentence,
    fold,
    has_letters,
    is_upper,
    join_drop_cap,
    without_controls,
    word_count,
    words,
)

TEXTS = st.text(max_size=60)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  a \t b\r\n c ", "a b c"),
        ("a\u00a0b\u202fc\u3000d", "a b c d"),
        ("\ufeffa\u200b", "a"),
        ("Donau\u00addampf", "Donau\u00addampf"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u200ea\u200f", "a"),
        ("", ""),
        (" \u00a0 ", ""),
    ],
)
def test_collapse_makes_one_line(text, line):
    assert collapse(text) == line


@given(TEXTS)
@settings(max_examples=100)
def test_collapsing_twice_is_collapsing_once(text):
    assert collapse(collapse(text)) == collapse(text)


@given(TEXTS)
@settings(max_examples=100)
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
@settings(max_examples=100)
def test_every_text_has_at_most_a_word_a_character_and_no_control_characters_left(text):
    assert 0 <= word_count(text) <= len(text)
    assert without_controls(without_controls(text)) == without_controls(text)
    without_controls(text).encode()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“It’s over”", '"It\'s over"'),
        ("CAFÉ", "café"),
        ("cafe\u0301", "café"),
        ("Straße", "STRASSE"),
        ("ﬁne", "fine"),
        ("Donau\u00addampf", "Donaudampf"),
        ("ＡＢＣ", "abc"),
        ("a – b", "a-b"),
    ],
)
def test_two_spellings_fold_to_one(one, other):
    assert fold(one) == fold(other)


def test_words_of_other_letters_do_not_fold_together():
    assert len({fold(text) for text in ("a", "å", "а", "one", "two")}) == 5


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("—", 0), ("one two, three", 3), ("привет мир", 2), ("午夜列车", 2), ("午夜列", 2), ("The 午夜 train", 3), ("القطار الليلي", 2)],
)  # fmt: skip
def test_words_are_counted_in_every_script(text, count):
    assert word_count(text) == count


def test_words_are_folded():
    assert words("The ÉCHO, 12 times") == ["the", "écho", "12", "times"]


@pytest.mark.parametrize(
    "text",
    ["Done.", "Done!", "Really?", "and so on …", "“Done.”", "(Done.)", "结束。", "「終わり」", "انتهى؟", "हो गया।", "as follows:"],
)  # fmt: skip
def test_closed_lines(text):
    assert ends_sentence(text)


@pytest.mark.parametrize("text", ["", "Done", "3.5 per cent", "“Done”", "What comes next", "A (small) thing"])
def test_unclosed_lines(text):
    assert not ends_sentence(text)


@pytest.mark.parametrize("text", ["WHAT COMES NEXT", "ÉTAT D’URGENCE", "ГОРОД САДОВ", "ABCD"])
def test_capitals(text):
    assert is_upper(text)


@pytest.mark.parametrize("text", ["", "USA", "What", "果园小镇", "1 2 3 4", "The BBC said"])
def test_no_capitals(text):
    assert not is_upper(text)


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("W hile", "While"),
        ("A man", "A man"),
        ("I went", "I went"),
        ("O captain", "O captain"),
        ("T cells", "T cells"),
        ("B flat", "B flat"),
        ("M and S", "M and S"),
    ],
)
def test_drop_caps(text, joined):
    assert join_drop_cap(text) == joined


def test_letters_of_any_script():
    assert [has_letters(text) for text in ("a", "я", "午", "ع", "12", "…", "")] == [True] * 4 + [False] * 3
