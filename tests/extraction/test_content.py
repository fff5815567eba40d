"""What the extractor found becomes lines: none lost between its elements, none run together."""

from tests.extraction.pages import article_of, body_texts, html_page, paragraphs
from tests.extraction.stories import STORIES

HEADLINE, *STORY = STORIES["en"]


def texts_of(body: str) -> list[str]:
    return body_texts(article_of(html_page(body, HEADLINE)))


def test_bare_text_between_headings_stays():
    head = "<h2>What comes after the vote</h2>"
    body = f'<div class="entry-content"><h1>{HEADLINE}</h1><p>{STORY[0]}</p>{head}{STORY[1]}<br><br>{STORY[2]}</div>'
    assert texts_of(body) == [STORY[0], "What comes after the vote", STORY[1], STORY[2]]


def test_bare_text_and_the_list_in_it_are_no_one_line():
    points = ["the last train at half past eleven", "no bus on Sundays"]
    items = "".join(f"<li>{point}</li>" for point in points)
    body = f"<article><h1>{HEADLINE}</h1><div>{STORY[0]}<ul>{items}</ul></div>{paragraphs(*STORY[1:])}</article>"
    assert texts_of(body) == [STORY[0], *points, *STORY[1:]]
