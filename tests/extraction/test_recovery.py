"""Text in the same kind of box as the found text comes back; that of other boxes does not."""

import pytest
from lxml.html import document_fromstring

from pipeline.extraction.evidence import PageEvidence
from pipeline.extraction.lines import Line
from pipeline.extraction.recovery import recover
from tests.extraction.pages import paragraphs
from tests.extraction.stories import STORIES

HEADLINE, *STORY = STORIES["en"]


def recovered(body: str, found: list[str]) -> list[str]:
    """The lines after recovery, of a page of which only ``found`` was extracted."""
    evidence = PageEvidence(document_fromstring(f"<html><body>{body}</body></html>"))
    lines = recover([Line(text, place, marked=True) for place, text in enumerate(found)], evidence)
    assert [line.position for line in lines] == list(range(len(lines)))
    return [line.text for line in lines]


def split_body(*parts: list[str], between: str = "") -> str:
    boxes = [f'<div class="text">{"".join(f"<p>{text}</p>" for text in part)}</div>' for part in parts]
    return f"<article><h1>{HEADLINE}</h1>{between.join(boxes)}</article>"


def test_the_second_part_of_a_split_body_comes_back_in_its_place():
    body = split_body(
        STORY[:2], STORY[2:4], STORY[4:], between="<div class='teaser'><p>Read on in our app today.</p></div>"
    )
    assert recovered(body, [*STORY[:2], *STORY[4:]]) == STORY


def test_a_paragraph_of_another_box_stays_out():
    body = split_body(STORY[:4]) + f'<div class="teasers"><p>{STORY[4]}</p></div>'
    assert recovered(body, STORY[:4]) == STORY[:4]


def test_a_paragraph_of_another_story_stays_out():
    assert recovered(split_body(STORY[:3]) + split_body(STORY[3:]), STORY[:3]) == STORY[:3]


def test_captions_and_short_lines_stay_out():
    body = split_body(
        STORY[:3], ["Read on"], between="<figure class='text'><figcaption>The last stop at night.</figcaption></figure>"
    )
    assert recovered(body, STORY[:3]) == STORY[:3]


def test_nothing_found_recovers_nothing():
    assert recovered(split_body(STORY), []) == []


def test_everything_found_changes_nothing():
    assert recovered(split_body(STORY[:3], STORY[3:]), STORY) == STORY


def test_a_paragraph_found_in_pieces_is_not_doubled():
    whole = f"{STORY[0]} {STORY[1]}"
    assert recovered(split_body([whole, *STORY[2:]]), [STORY[0], STORY[1], *STORY[2:]]) == STORY


HEAD = "What comes after the vote"


@pytest.mark.parametrize("head", [f"<h3>{HEAD}</h3>", f'<div role="heading" aria-level="3">{HEAD}</div>'])
def test_a_heading_above_a_found_paragraph_of_its_box_comes_back(head):
    body = f"<article>{paragraphs(*STORY[:3])}{head}{paragraphs(*STORY[3:])}</article>"
    assert recovered(body, STORY) == [*STORY[:3], HEAD, *STORY[3:]]


def test_a_line_between_found_paragraphs_of_its_box_comes_back():
    body = f"<article>{paragraphs(*STORY[:3])}<div class='subline'>{HEAD}</div>{paragraphs(*STORY[3:])}</article>"
    assert recovered(body, STORY) == [*STORY[:3], HEAD, *STORY[3:]]


@pytest.mark.parametrize(
    "markup",
    [
        f"<h3>{HEAD}</h3><div><p>Not found.</p></div>",
        f"<div><h3>{HEAD}</h3></div>",
        f"<h3 class='promo'>{HEAD}</h3>",
        f"<div><img src='a.jpg'></div><div>{HEAD}</div>",
    ],
    ids=["above something else", "in another box", "of a promotion", "below a picture"],
)
def test_other_headings_and_lines_stay_out(markup):
    body = f"<article>{paragraphs(*STORY[:3])}{markup}{paragraphs(*STORY[3:])}</article>"
    assert recovered(body, STORY) == STORY
