"""The one function from a page to an article: what goes where, on both roads."""

import pickle
from datetime import UTC, datetime

import pytest

from pipeline.extraction import refine
from pipeline.items import Article, BlockKind, Image, Media, RawPage
from tests.extraction.pages import NOW, URL, article_of, body_texts, html_page, paragraphs, rejection_of, text_page
from tests.extraction.stories import STORIES, story

HEADLINE, *STORY = STORIES["en"]


def test_a_text_file_becomes_an_article():
    made = article_of(text_page("\n\n".join(STORIES["en"])))
    assert (made.headline, body_texts(made)) == (HEADLINE, STORY)
    assert (made.removed, made.authors, made.standfirst) == ((), (), None)
    assert (made.language, made.signals) == ("en", {"headline": "line", "language": "detected"})
    assert made.text == "\n\n".join(STORY)


def test_lines_of_a_text_file_go_to_their_fields():
    lines = ["By Ines Vale and Tom Roe", "Published 3 May 2025", "County pays for another year, but fewer take it"]
    text = "\n\n".join(
        [HEADLINE, *lines, *STORY, "The last stop. (Ines Vale/Echo)", "Mara Lind contributed to this report."]
    )
    made = article_of(text_page(text))
    assert body_texts(made) == STORY
    assert [author.name for author in made.authors] == ["Ines Vale", "Tom Roe"]
    assert made.published == datetime(2025, 5, 3, tzinfo=UTC)
    assert made.standfirst == lines[2]
    assert made.images == (Image(caption="The last stop.", credit="Ines Vale/Echo"),)
    assert made.attribution == ("Mara Lind contributed to this report.",)
    assert [(line.text, line.rule) for line in made.removed] == [
        (lines[0], "byline"),
        (lines[1], "date"),
        (lines[2], "standfirst"),
        ("The last stop. (Ines Vale/Echo)", "caption"),
        ("Mara Lind contributed to this report.", "attribution"),
    ]


def test_blocks_keep_their_kind():
    made = article_of(
        html_page(
            f"<article><h1>{HEADLINE}</h1>{paragraphs(*STORY[:2])}<h2>What comes next</h2>{paragraphs(*STORY[2:4])}"
            f"<blockquote><p>I packed pears for nine years and never missed it.</p></blockquote>"
            "<ul><li>Forty passengers a night</li><li>Eleven votes against nine</li></ul>"
            f"{paragraphs(*STORY[4:])}</article>",
            HEADLINE,
        )
    )
    kinds = {block.text: (block.kind, block.level) for block in made.body}
    assert kinds["What comes next"] == (BlockKind.HEADING, 2)
    assert kinds["I packed pears for nine years and never missed it."] == (BlockKind.QUOTE, 0)
    assert kinds["Forty passengers a night"] == kinds["Eleven votes against nine"] == (BlockKind.LIST_ITEM, 0)
    assert list(kinds) == [
        *STORY[:2],
        "What comes next",
        *STORY[2:4],
        "I packed pears for nine years and never missed it.",
        "Forty passengers a night",
        "Eleven votes against nine",
        *STORY[4:],
    ]


@pytest.mark.parametrize("media", list(Media))
def test_html_under_any_name_is_read_as_html(media):
    page = html_page(f"<article><h1>{HEADLINE}</h1>{paragraphs(*STORY)}</article>", HEADLINE)
    made = refine(RawPage(url="file:///x/a.txt", body=page.body, fetched_at=NOW, media=media))
    assert isinstance(made, Article)
    assert body_texts(made) == STORY


@pytest.mark.parametrize("media", [Media.TEXT, Media.HTML, Media.UNKNOWN])
def test_text_under_any_name_is_read_as_text(media):
    assert body_texts(article_of(text_page("\n\n".join(STORIES["en"]), media))) == STORY


def test_the_charset_of_the_header_counts():
    text = "\n\n".join(STORIES["ru"])
    page = RawPage(
        url="file:///x/a.txt",
        body=text.encode("koi8-r"),
        fetched_at=NOW,
        media=Media.TEXT,
        headers={"content-type": "text/plain; charset=koi8-r"},
    )
    assert body_texts(article_of(page)) == list(STORIES["ru"][1:])


def test_a_local_file_has_two_addresses_and_its_folder_for_a_source():
    made = article_of(text_page("\n\n".join(STORIES["en"])))
    assert made.addresses == ("file:///seeds/county/a.txt", f"sha256:{made.digest}")
    assert made.source == "county"


def test_a_web_page_has_its_addresses_and_its_host_for_a_source():
    page = html_page(
        f"<article><h1>{HEADLINE}</h1>{paragraphs(*STORY)}</article>",
        HEADLINE,
        '<link rel="canonical" href="https://echo.example/county/night-train?page=1#top">',
    )
    made = article_of(page)
    assert (made.url, made.source) == (URL, "echo.example")
    assert made.addresses[-1] == URL


def test_a_page_is_refined_to_the_same_article_again():
    page = text_page(story(["Advertisement", "Read more: the cannery"]))
    assert refine(page) == refine(page)


@pytest.mark.parametrize("page", [text_page("\n\n".join(STORIES["en"])), text_page(b"")])
def test_results_can_be_pickled(page):
    made = refine(page)
    assert pickle.loads(pickle.dumps(made)) == made


def test_only_residue_is_too_short():
    assert rejection_of(text_page("Advertisement\n\nSubscribe to the Echo\n\n© 2025 Echo")).detail


def test_every_line_of_a_text_is_in_the_body_or_removed():
    lines = ["Share", "By Ines Vale", *STORY, "Advertisement", "Related", "Pears and trains", "© 2025 Echo"]
    made = article_of(text_page("\n".join([HEADLINE, *lines])))
    assert sorted([*body_texts(made), *(line.text for line in made.removed)]) == sorted(lines)
