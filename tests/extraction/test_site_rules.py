"""What a source's entry says of its pages: selectors, language, tags."""

import pickle
from dataclasses import replace

import pytest

from pipeline.explain import field_rows, page_lines
from pipeline.items import Article, RawPage, SiteRules
from tests.extraction.pages import article_of, body_texts, html_page, paragraphs
from tests.extraction.stories import STORIES

HEADLINE, *STORY = STORIES["en"]
SLOGAN = "Orchard Echo readers walked forty thousand miles for the lifeboat last summer, and the lifeboat thanks them."
TEASER = "The mayor of Quillmere has opened the new market hall on the quay, three years later than planned."
BEGINNING, END = STORY[:3], STORY[3:]


def page(rules: SiteRules, inside: str = "", outside: str = "", head: str = "") -> RawPage:
    story = f"{paragraphs(*BEGINNING)}{inside}{paragraphs(*END)}"
    html = f"<main><h1>{HEADLINE}</h1>{outside}<div class=story>{story}</div></main>"
    return replace(html_page(html, HEADLINE, head), rules=rules)


def removed(article: Article, rule: str = "source-prune") -> list[str]:
    return [line.text for line in article.removed if line.rule == rule]


def test_pruned_elements_are_no_text_and_are_listed_at_their_place():
    slogan = f"<div class=x1><p>{SLOGAN}</p></div>"
    assert SLOGAN in body_texts(article_of(page(SiteRules(), slogan)))
    article = article_of(page(SiteRules(prune=("div.x1",)), slogan))
    assert body_texts(article) == STORY
    assert removed(article) == [SLOGAN]
    lines = [line.text for line in page_lines(article)]
    assert lines[lines.index(SLOGAN) - 1 : lines.index(SLOGAN) + 2] == [BEGINNING[-1], SLOGAN, END[0]]


def test_pruned_elements_outside_of_the_text_are_listed_too():
    above = f"<div class=x1><p>{SLOGAN}</p><p>{TEASER}</p></div>"
    article = article_of(page(SiteRules(prune=(".x1", ".x1 p")), outside=above))
    assert (body_texts(article), removed(article)) == (STORY, [SLOGAN, TEASER])


def test_a_pruned_byline_still_names_the_author():
    byline = "<p class=byline>By Odile Marrow</p>"
    article = article_of(page(SiteRules(prune=(".byline",)), outside=byline))
    assert [author.name for author in article.authors] == ["Odile Marrow"]
    assert removed(article) == ["By Odile Marrow"]


def test_the_page_itself_is_never_pruned():
    assert body_texts(article_of(page(SiteRules(prune=("html", "body", "head"))))) == STORY


def test_only_matching_elements_are_read():
    teaser = f"<section class=other>{paragraphs(TEASER, SLOGAN)}</section>"
    article = article_of(page(SiteRules(body=("div.story",)), outside=teaser))
    assert body_texts(article) == STORY
    assert article.signals["body"] == "source's selectors"
    assert article.headline == HEADLINE


@pytest.mark.parametrize("name", ["related", "newsletter", "comments", "advert"])
def test_the_entry_knows_better_than_the_names_of_the_mark_up(name):
    html = f"<main><h1>{HEADLINE}</h1></main><aside class={name}>{paragraphs(*STORY)}</aside>"
    rules = SiteRules(body=(f"aside.{name}",))
    assert body_texts(article_of(replace(html_page(html), rules=rules))) == STORY


def test_several_elements_make_one_text_in_page_order_and_are_pruned():
    html = (
        f"<div id=end-first><h1>{HEADLINE}</h1></div><div class=a>{paragraphs(*BEGINNING)}</div><p>{TEASER}</p>"
        f"<div class=b>{paragraphs(*END)}<div class=x1>{SLOGAN}</div></div>"
    )
    rules = SiteRules(body=(".b", ".a", ".a p"), prune=(".b .x1",))
    article = article_of(replace(html_page(html), rules=rules))
    assert (body_texts(article), removed(article)) == (STORY, [SLOGAN])


def test_without_a_match_the_page_is_read_as_ever_and_says_so():
    article = article_of(page(SiteRules(body=("div.gone",))))
    assert body_texts(article) == STORY
    assert article.signals["body"] == "source's selectors match nothing"
    assert [row.signal for row in field_rows(article) if row.name == "body"] == ["source's selectors match nothing"]
    assert [row for row in field_rows(article_of(page(SiteRules()))) if row.name == "body"] == []


def test_the_language_stands_where_the_page_declares_none():
    def language(html: str, rules: SiteRules) -> tuple[str | None, str | None]:
        article = article_of(RawPage(**{**vars_of(page(rules)), "body": html.encode()}))
        return article.language, article.signals.get("language")

    silent = f"<html><body><h1>{HEADLINE}</h1>{paragraphs(*STORY)}</body></html>"
    declared = silent.replace("<html>", "<html lang=en-IE>")
    assert language(silent, SiteRules(language="en-GB")) == ("en-GB", "source")
    assert language(declared, SiteRules(language="en-GB")) == ("en-IE", "html[lang]")
    assert language(silent, SiteRules(language="de")) == ("en", "detected")


def vars_of(page: RawPage) -> dict[str, object]:
    return {name: getattr(page, name) for name in page.__slots__}


def test_tags_are_added_to_those_of_the_page():
    rules = SiteRules(tags=("coast", "trains"))
    plain = article_of(page(rules))
    assert (plain.tags, plain.signals["tags"]) == (("coast", "trains"), "source")
    both = article_of(page(rules, head='<meta property="article:tag" content="trains">'))
    assert both.tags == ("trains", "coast")
    assert both.signals["tags"] == "article:tag, source"


def test_a_page_with_rules_can_be_sent_to_a_worker():
    sent = page(SiteRules(("a",), ("b",), "en", ("c",)))
    assert pickle.loads(pickle.dumps(sent)) == sent
