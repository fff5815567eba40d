"""A page saved as text: its headline, its lines, and when it is HTML after all."""

from textwrap import fill

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extraction.plaintext import looks_like_markup, read_plaintext
from pipeline.items import BlockKind
from tests.extraction.stories import STORIES

HEADLINE, *PARAGRAPHS = STORIES["en"]
JOINED = [" ".join(PARAGRAPHS[n : n + 2]) for n in (0, 2, 4)]


def texts(text: str) -> list[str]:
    return [line.text for line in read_plaintext(text).lines]


@pytest.mark.parametrize("language", STORIES)
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n", "\n \t\n\n", "\u2028"])
def test_headline_and_paragraphs(language, gap):
    headline, *paragraphs = STORIES[language]
    found = read_plaintext(gap.join(STORIES[language]) + gap)
    if language in {"zh", "ja"}:  # a headline there may be as long as a sentence
        assert headline == found.headline
    assert (found.headline, [line.text for line in found.lines]) == (headline, paragraphs)


def test_lines_know_their_place_and_the_gap_before_them():
    found = read_plaintext(f"{HEADLINE}\n\n{PARAGRAPHS[0]}\n{PARAGRAPHS[1]}\n\n{PARAGRAPHS[2]}")
    assert [(line.position, line.gap) for line in found.lines] == [(1, True), (2, False), (3, True)]
    assert not any(line.marked for line in found.lines)


def test_a_line_of_symbols_is_no_headline():
    found = read_plaintext("***\n12 / 4\n" + "\n".join(STORIES["en"]))
    assert found.headline == HEADLINE
    assert [line.text for line in found.lines] == ["***", "12 / 4", *PARAGRAPHS]


@pytest.mark.parametrize(
    "above",
    [
        "County", "COUNTY NEWS", "County / May 3, 2025", "03/05/2025 AT 09:00", "1. News\n2. County",
        "Home\nNews\nCounty", "https://echo.example/county/night-train", "URL: https://echo.example/county/night-train",
    ],
)  # fmt: skip
def test_kickers_and_addresses_are_no_headline(above):
    found = read_plaintext("\n".join([above, *STORIES["en"]]))
    assert found.headline == HEADLINE
    assert [line.text for line in found.lines] == [*above.split("\n"), *PARAGRAPHS]


@pytest.mark.parametrize(
    "below",
    [
        "By Jane Doe of the county desk",
        "3 May 2025, in the evening",
        "Shift workers filled the benches of the hall.",
        "A night",
    ],
)
def test_a_short_headline_is_one(below):
    assert read_plaintext("\n".join(["Night train", below, *PARAGRAPHS])).headline == "Night train"


@pytest.mark.parametrize("written", ["Title: {}", "# {}", "TITRE : {}", "Titel：{}"])
def test_what_names_the_headline_is_none_of_it(written):
    assert read_plaintext("\n".join([written.format(HEADLINE), *PARAGRAPHS])).headline == HEADLINE


def test_a_long_first_paragraph_is_no_headline():
    found = read_plaintext(" ".join(PARAGRAPHS) + "\n\n" + PARAGRAPHS[0])
    assert found.headline is None
    assert len(found.lines) == 2


def test_saved_navigation_is_no_headline():
    found = read_plaintext("\n".join(["Skip to main content", "Home", "Sport", *STORIES["en"]]))
    assert found.headline == HEADLINE


@pytest.mark.parametrize("text", ["", "\n", " \n\t\n", "\ufeff"])
def test_nothing_has_no_lines(text):
    assert (read_plaintext(text).headline, read_plaintext(text).lines) == (None, ())


@pytest.mark.parametrize("width", [60, 72, 80])
def test_hard_wrapped_paragraphs_are_joined(width):
    text = "\n\n".join([HEADLINE, *(fill(paragraph, width) for paragraph in JOINED)])
    assert texts(text) == JOINED


def test_points_of_a_list_are_not_joined_to_a_wrapped_paragraph():
    points = ["* forty passengers", "* eleven votes"]
    text = "\n\n".join([HEADLINE, *(fill(paragraph, 72) for paragraph in JOINED), "\n".join(points)])
    assert texts(text) == [*JOINED, "forty passengers", "eleven votes"]


def test_a_line_for_a_paragraph_is_no_hard_wrap():
    short = [f"The county council met for the {n}th time to talk about the night train." for n in range(4, 14)]
    assert texts("\n".join([HEADLINE, *short])) == short


@pytest.mark.parametrize("mark", ["*", "•", "–"])
def test_bullets(mark):
    line = read_plaintext(f"{HEADLINE}\n\n{mark} Forty passengers a night").lines[0]
    assert (line.text, line.kind) == (
        ("– Forty passengers a night", BlockKind.PARAGRAPH)  # as likely the start of speech
        if mark == "–"
        else ("Forty passengers a night", BlockKind.LIST_ITEM)
    )


def test_quoted_mail():
    assert texts(f"{HEADLINE}\n\n> {PARAGRAPHS[0]}\n>> {PARAGRAPHS[1]}") == PARAGRAPHS[:2]


def test_white_space_of_every_kind_is_one_space():
    assert texts(f"{HEADLINE}\n\nForty\u00a0passengers \t a\u3000night") == ["Forty passengers a night"]


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><p>a",
        "\n\n<html lang=en>",
        "<?xml version='1.0'?>\n<html xmlns='http://www.w3.org/1999/xhtml'>",
        "<p>a</p><p>b</p>",
        "<div><a href='/x'>a</a><br></div>",
    ],
)
def test_markup_whatever_its_name(text):
    assert looks_like_markup(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEADLINE,
        "The tag <p> opens a paragraph, and </p> closes it, the teacher said. " + " ".join(PARAGRAPHS),
        "2 < 3 and 5 > 4",
        "Ines Vale <ines.vale@echo.example>",
    ],
)
def test_text_that_is_no_markup(text):
    assert not looks_like_markup(text)


@settings(max_examples=60)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_no_character_is_lost_but_white_space_and_marks(text):
    found = read_plaintext(text)
    kept = "".join([found.headline or "", *(line.text for line in found.lines)])
    assert sorted(filter(str.isalnum, kept)) == sorted(filter(str.isalnum, text))
