"""Paragraphs in the same kind of box as the found text come back; those of other boxes do not."""

from lxml.html import document_fromstring

from pipeline.extraction.evidence import PageEvidence
from pipeline.extraction.lines import Line
from pipeline.extraction.recovery import recover
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
