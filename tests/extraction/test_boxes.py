"""Fact boxes: fields of their own, out of the body; other boxes stay what they are."""

import pytest

from pipeline.items import Factbox
from tests.extraction.pages import article_of, body_texts, html_page, paragraphs
from tests.extraction.stories import STORIES

HEADLINE, *STORY = STORIES["en"]
FACTS = ("The line was opened in the summer of 1904.", "It has eleven stations and one tunnel.")


def page(box: str, *, above: str = "") -> str:
    first, rest = paragraphs(*STORY[:3]), paragraphs(*STORY[3:])
    return f"<article><h1>{HEADLINE}</h1>{above}{first}{box}{rest}</article>"


def box(attributes: str, tag: str = "div", title: str = "The night train") -> str:
    return f"<{tag} {attributes}><h3>{title}</h3>{paragraphs(*FACTS)}</{tag}>"


@pytest.mark.parametrize(
    "attributes",
    [
        "class=factbox",
        "class='c-fact-box c-fact-box--wide'",
        "class=articleFactBox",
        "id=fact_file",
        "class=key-facts",
        "class=infobox",
        "class=article-faktaboks",
        "class=faktaruta",
        "class=Faktenkasten",
        "class=encadre",
        "class=recuadro",
        "class=tietolaatikko",
    ],
)
def test_a_box_named_for_facts_is_a_field_of_its_own(attributes):
    article = article_of(html_page(page(box(attributes))))
    assert article.factboxes == (Factbox("The night train", FACTS),)
    assert body_texts(article) == STORY
    assert [line.rule for line in article.removed if line.text in FACTS] == ["fact-box", "fact-box"]


@pytest.mark.parametrize("title", ["Fact box", "Key facts:", "Fakten", "Zahlen und Fakten", "Faktaboks", "Справка"])
def test_an_aside_headed_as_facts_is_one(title):
    article = article_of(html_page(page(box("", "aside", title))))
    assert article.factboxes == (Factbox(title, FACTS),)
    assert body_texts(article) == STORY


def test_a_short_first_line_is_the_title_where_no_heading_is():
    html = f"<div class=factbox><p><b>The night train</b></p><ul><li>{FACTS[0]}</li><li>{FACTS[1]}</li></ul></div>"
    assert article_of(html_page(page(html))).factboxes == (Factbox("The night train", FACTS),)
    alone = f"<div class=factbox><p>{FACTS[0]}</p><p>{FACTS[1]}</p></div>"
    assert article_of(html_page(page(alone))).factboxes == (Factbox("", FACTS),)


@pytest.mark.parametrize(
    "html",
    [
        box("class=factory-tour"),
        box("class=box"),
        box("", "aside", "The night train"),
        "<div class=factbox><h3>Read</h3><p><a href=/x>The other story about the other train</a></p></div>",
        "<div class=factbox><p>In short</p></div>",
    ],
)
def test_other_boxes_are_no_fact_boxes(html):
    assert article_of(html_page(page(html))).factboxes == ()


def test_a_box_above_the_text_is_its_summary():
    assert article_of(html_page(page("", above=box("class=infobox")))).factboxes == ()


def test_a_box_that_holds_the_text_is_the_text():
    article = article_of(html_page(f"<h1>{HEADLINE}</h1><div class=infobox>{paragraphs(*STORY)}</div>"))
    assert (article.factboxes, body_texts(article)) == ((), STORY)


def test_a_box_within_a_box_is_told_once():
    article = article_of(html_page(page(f"<div class=factbox>{box('class=factbox-text')}</div>")))
    assert article.factboxes == (Factbox("The night train", FACTS),)
