"""Text without a paragraph around it is read like the paragraphs beside it."""

import pytest

from tests.extraction.pages import article_of, body_texts, html_page, paragraphs
from tests.extraction.stories import STORIES

HEADLINE, *STORY = STORIES["en"]
BREAK = "<br><br>"
TITLE = f"<h1>{HEADLINE}</h1>"
FIRST, SECOND, *REST = STORY
LINKED = f"{REST[0][:30]}<a href='/x'>{REST[0][30:40]}</a>{REST[0][40:]}"


def texts_of(body: str) -> list[str]:
    return body_texts(article_of(html_page(body, HEADLINE)))


@pytest.mark.parametrize("box", ["div", "article", "section", "main", "center"])
@pytest.mark.parametrize(
    "text",
    [
        f"{FIRST}{paragraphs(SECOND, *REST)}",
        f"{FIRST}{BREAK}{SECOND}{paragraphs(*REST)}",
        f"{paragraphs(FIRST, SECOND)}{REST[0]}{paragraphs(*REST[1:])}",
        f"{paragraphs(*STORY[:-2])}{STORY[-2]}<br/>\n<br/>{STORY[-1]}",
        f"{FIRST}<div class='gap'></div>{SECOND}<div class='gap'></div>{paragraphs(*REST)}",
        f"<b>{FIRST[:9]}</b>{FIRST[9:]}<p>{SECOND}</p>{LINKED}{paragraphs(*REST[1:])}",
        BREAK.join(STORY),
    ],
    ids=["first", "first two", "between", "last two", "parted by boxes", "with inline elements", "all"],
)
def test_bare_text_is_read_where_it_stands(box, text):
    assert texts_of(f"<{box}>{TITLE}{text}</{box}>") == STORY


@pytest.mark.parametrize("language", STORIES)
def test_bare_text_of_any_language_is_read(language):
    headline, first, *rest = STORIES[language]
    page = html_page(f"<div><h1>{headline}</h1>{first}{paragraphs(*rest)}</div>", headline)
    assert body_texts(article_of(page)) == [first, *rest]


@pytest.mark.parametrize("tag", ["font", "span", "b"])
def test_a_page_of_text_and_line_breaks_is_read(tag):
    page = f"<font size='+2'>{HEADLINE}</font><br><{tag}>{BREAK.join(STORY)}</{tag}>"
    assert texts_of(page)[-len(STORY) :] == STORY


@pytest.mark.parametrize(
    "bare",
    [
        "Quillmere Echo, 3 May 2025",
        f"<span>{paragraphs(STORY[1])}</span>",
    ],
    ids=["a label", "blocks in an inline element"],
)
def test_what_is_no_paragraph_is_not_made_one(bare):
    made = texts_of(f"<div>{TITLE}{paragraphs(*STORY[:1])}{bare}{paragraphs(*STORY[2:])}</div>")
    assert [text for text in made if text in STORY] == made
