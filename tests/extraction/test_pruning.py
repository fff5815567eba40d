"""Boxes named for what is no article text leave the page, but never the article itself."""

import pytest
from lxml.html import document_fromstring

from pipeline.extraction.pruning import prune
from tests.extraction.pages import article_of, body_texts, html_page, paragraphs
from tests.extraction.stories import STORIES

HEADLINE, *STORY = STORIES["en"]
TEASER = "The cannery hires two hundred people for the harvest."


def made_with(box: str) -> list[str]:
    body = f"<main><article><h1>{HEADLINE}</h1>{paragraphs(*STORY[:3])}{box}{paragraphs(*STORY[3:])}</article></main>"
    return body_texts(article_of(html_page(body, HEADLINE)))


@pytest.mark.parametrize(
    "box",
    [
        f'<aside class="related"><h3>Related</h3><p>{TEASER}</p></aside>',
        f'<div class="c-relatedArticles"><p>{TEASER}</p></div>',
        f'<div class="readMore">{paragraphs(TEASER)}</div>',
        f'<section id="newsletter-signup"><p>{TEASER} Every morning.</p><form><input></form></section>',
        '<div class="share-bar"><a href="#">Facebook</a> <a href="#">Print</a></div>',
        '<div class="author-bio"><p>Ines Vale has covered the county since the flood of 1999.</p></div>',
        '<div class="ad-slot"><p>The best pears are our pears.</p></div>',
        '<div id="comments"><p>I never take that train, I walk.</p></div>',
        '<ul class="most-read"><li><a href="/a">Bus line 9 to run on Sundays</a></li></ul>',
        '<figure class="advert"><figcaption>Pears for sale at the old kiln</figcaption></figure>',
        '<div class="Article_elementPoll__x1"><p>Should the train run on Sundays too? Have your say.</p></div>',
        '<div class="toast-popup"><p>The address of this page has been copied.</p></div>',
        '<section class="collections"><h3>Bus line 9</h3><p>It runs on Sundays again.</p></section>',
        '<section class="popular-articles"><h2>Popular</h2><p>The cannery hires for the harvest.</p></section>',
    ],
)
def test_a_named_box_is_no_part_of_the_text(box):
    assert made_with(box) == STORY


@pytest.mark.parametrize("name", ["related", "promo", "share", "social", "sponsored", "bio"])
def test_the_article_survives_a_misleading_name(name):
    body = f'<div class="{name}"><h1>{HEADLINE}</h1>{paragraphs(*STORY)}</div>'
    assert body_texts(article_of(html_page(body, HEADLINE))) == STORY
    body = f'<h1>{HEADLINE}</h1><div class="{name}">{paragraphs(*STORY)}</div>'
    assert body_texts(article_of(html_page(body, HEADLINE))) == STORY


def test_running_text_in_a_named_box_stays():
    long = [f"{STORY[0]} {STORY[1]}", f"{STORY[2]} {STORY[4]}"]
    body = f'<article><h1>{HEADLINE}</h1>{paragraphs(*STORY)}<div class="promo">{paragraphs(*long)}</div></article>'
    kept = body_texts(article_of(html_page(body, HEADLINE)))
    assert set(STORY) <= set(kept)


@pytest.mark.parametrize(
    "name",
    [
        "shareholder",
        "adhesive",
        "relatedness-study",
        "biography",
        "commentary",
        "adult",
        "paywall",
        "social-media-embed",
    ],
)
def test_a_name_that_only_begins_so_means_nothing(name):
    tree = document_fromstring(
        f'<html><body>{paragraphs(*STORY)}<div class="{name}"><p>{TEASER}</p></div></body></html>'
    )
    prune(tree)
    assert TEASER in tree.text_content()


LINKS = "".join(f'<li><a href="/{n}">{TEASER}</a></li>' for n in range(5))


@pytest.mark.parametrize(
    "box", ["<div> <span></span></div>", f"<ul>{LINKS}</ul>", f"<div><section>{LINKS}</section></div>"]
)
def test_a_box_that_says_nothing_itself_goes_whole(box):
    tree = document_fromstring(f"<html><body>{paragraphs(*STORY)}{box}and on</body></html>")
    prune(tree)
    assert {element.tag for element in tree.iter()} == {"html", "body", "p"}
    assert tree.text_content().endswith("and on")


@pytest.mark.parametrize(
    "box",
    [
        "<table><tr><td></td><td>1905</td></tr></table>",
        f"<ul>{LINKS}<li>A line of its own.</li></ul>",
        f"<ul>{LINKS[: len(LINKS) // 5]}</ul>",
        f"<p>{LINKS}</p>".replace("li>", "b>"),
        "<p>One<span> </span>two</p>",
        "<p></p><hr>",
    ],
)
def test_a_box_that_says_or_shapes_something_stays(box):
    tree = document_fromstring(f"<html><body>{box}</body></html>")
    before = [element.tag for element in tree.iter()]
    prune(tree)
    assert [element.tag for element in tree.iter()] == before


UNSEEN = [
    '<h2 class="visually-hidden">Article content</h2>',
    '<p class="screen-reader-text">The story begins here.</p>',
]
NOTES = [
    "(öffnet im neuen Fenster)",
    ", opens new tab",
    "(s'ouvre dans une nouvelle fenêtre)",
    "(새 창)",
    "新しいウィンドウで開く",
]


@pytest.mark.parametrize("markup", UNSEEN)
def test_words_for_screen_readers_are_no_part_of_the_text(markup):
    assert made_with(markup) == STORY


@pytest.mark.parametrize("note", NOTES)
def test_a_link_says_nothing_about_its_window(note):
    sentence = "The council has put the whole plan on {} for all to read."
    link = f'<a href="/plan" target="_blank">its own page<span>{note}</span></a>'
    assert sentence.format("its own page") in made_with(f"<p>{sentence.format(link)}</p>")


@pytest.mark.parametrize(
    "part", ["<span>a new window</span>", '<a href="/w">the <span>new window</span> of the kiln</a>']
)
def test_a_new_window_may_be_one_of_glass(part):
    line = f"<p>Behind the station they have put in {part} this spring, and nobody knows why.</p>"
    assert document_fromstring(line).text_content() in made_with(line)


LONG = [f"{one} {other}" for one, other in zip(STORY[::2], STORY[1::2], strict=True)]


@pytest.mark.parametrize("tag", ["nav", "footer", "menu", "dialog", "button", "object", "map", "picture", "embed"])
def test_an_element_without_its_end_tag_takes_no_article_with_it(tag):
    article = f"<article><h1>{HEADLINE}</h1>{paragraphs(*LONG)}</article>"
    page = html_page(f"<div><a href='/'>Home</a><{tag}>{article}</div>", HEADLINE)
    assert body_texts(article_of(page)) == LONG


@pytest.mark.parametrize("tag", ["figure", "figcaption", "object", "label", "embed"])
def test_an_element_without_its_end_tag_takes_no_rest_of_an_article_with_it(tag):
    body = f"<article><h1>{HEADLINE}</h1>{paragraphs(LONG[0])}<{tag}>{paragraphs(*LONG[1:])}</article>"
    assert body_texts(article_of(html_page(body, HEADLINE))) == LONG


@pytest.mark.parametrize("tag", ["nav", "footer", "menu", "dialog"])
def test_a_frame_with_much_to_say_is_no_part_of_the_text(tag):
    frame = f"<{tag}>{paragraphs(*(text.replace('train', 'ferry') for text in LONG))}</{tag}>"
    assert made_with(frame) == STORY
