"""What the extractor found becomes lines: none lost between its elements, none run together."""

from json import dumps

import pytest

from pipeline.extraction import refine
from pipeline.items import RawPage, Reason, Rejection
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


STRANGE = {
    "blockquote": "<o:p>{}</o:p>",
    "ul": "<li><st1:place w:st='on'>{}</st1:place></li>",
    "div": "<p<p>{}</p>",
    "table": "<tr><td><o:p>{}</o:p></td></tr>",
    "section": "<blockquote><a$b>{}</a$b></blockquote>",
    "story-body": "<story-part><story-text>{}</story-text></story-part>",
}
"""An element of the page → what stands in it: names that no element of HTML has, around a text."""


def test_a_page_of_custom_elements_is_read():
    texts = "".join(f"<story-text>{text}</story-text>" for text in STORY)
    assert texts_of(f"<news-story><story-top><h1>{HEADLINE}</h1></story-top>{texts}</news-story>") == STORY


def test_a_custom_element_within_a_paragraph_parts_nothing():
    body = paragraphs(f"<x-term>{STORY[0][:20]}</x-term>{STORY[0][20:]}", *STORY[1:])
    assert texts_of(f"<article><h1>{HEADLINE}</h1>{body}</article>") == STORY


@pytest.mark.parametrize("outer", STRANGE)
def test_elements_of_strange_names_are_read(outer):
    inner = STRANGE[outer].format(STORY[2])
    body = f"<article><h1>{HEADLINE}</h1>{paragraphs(*STORY[:2])}<{outer}>{inner}</{outer}>{paragraphs(*STORY[3:])}"
    assert texts_of(f"{body}</article>") == STORY


@pytest.mark.parametrize("end", ["</body>", "</html>", "</body></html>", "</BODY ></HTML\n>"])
def test_what_stands_behind_the_end_of_the_page_is_read(end):
    article = f"<article><h1>{HEADLINE}</h1>{paragraphs(*STORY)}</article>"
    assert texts_of(f"<div><a href='/'>Home</a></div>{end}{article}") == STORY


def built_page(data: str, head: str = '<meta property="og:type" content="article">') -> RawPage:
    """A page without text, whose scripts would make it of their data."""
    return html_page(f'<div id="root"></div><script>self.state.push([1,{data}])</script>', HEADLINE, head)


MADE = f'<div class="lead">{paragraphs(*STORY[:3])}<h2>What comes next</h2>{paragraphs(*STORY[3:])}</div>'


@pytest.mark.parametrize(
    "data",
    [
        dumps(MADE),
        dumps(MADE).replace("<", "\\u003c").replace(">", "\\u003e"),
        dumps({"article": {"title": HEADLINE, "html": MADE}}),
        dumps(dumps({"article": {"html": MADE}})),
    ],
    ids=["mark-up", "escaped", "in an object", "in a string of an object"],
)
def test_a_page_without_text_is_read_from_the_data_of_its_scripts(data):
    made = article_of(built_page(data))
    assert body_texts(made) == [*STORY[:3], "What comes next", *STORY[3:]]
    assert made.signals["body"] == "script data"


@pytest.mark.parametrize(
    "page",
    [
        built_page(dumps(MADE), head=""),
        built_page(dumps("<b>no paragraphs</b>" * 100)),
        built_page(dumps(MADE)[:-40].replace("]", "")),
    ],
    ids=["claims no article", "holds none", "broken off"],
)
def test_other_script_data_is_none_of_the_text(page):
    made = refine(page)
    assert isinstance(made, Rejection)
    assert made.reason is Reason.SCRIPT_SHELL


def test_script_data_beside_text_is_left_alone():
    other = dumps(paragraphs(*STORIES["de"][1:]))
    page = html_page(
        f"<article>{paragraphs(*STORY)}</article><script>x = {other}</script>",
        HEADLINE,
        '<meta property="og:type" content="article">',
    )
    assert body_texts(article_of(page)) == STORY
