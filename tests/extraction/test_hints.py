"""What a feed or sitemap said of a page: it counts where the page is silent."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.items import Author, Link, Origin, Precision, RawPage
from tests.extraction.pages import URL, article_of, html_page, paragraphs, text_page
from tests.extraction.stories import STORIES, story

HEADLINE, *STORY = STORIES["en"]
TOLD = datetime(2025, 5, 3, 10, 15, 21, tzinfo=UTC)
LINK = Link(
    URL,
    Origin.FEED,
    title="The feed's title",
    published=TOLD,
    published_precision=Precision.SECOND,
    modified=datetime(2025, 5, 3, 12, tzinfo=UTC),
    language="en-us",
    authors=("Jane Doe",),
    tags=("trains",),
    section="County",
    summary="The feed's summary.",
)
NAMES = ("authors", "published", "modified", "tags", "section", "description")


def page(between: str = "", head: str = "", link: Link | None = LINK) -> RawPage:
    html = f"<article><h1>{HEADLINE}</h1>{between}{paragraphs(*STORY)}</article>"
    return replace(html_page(html, HEADLINE, head), link=link)


def test_a_silent_page_is_told_by_its_listing():
    article = article_of(page())
    assert (article.authors, article.tags) == ((Author("Jane Doe"),), ("trains",))
    assert (article.section, article.description) == ("County", "The feed's summary.")
    assert (article.published, article.published_precision, article.modified) == (
        TOLD,
        Precision.SECOND,
        LINK.modified,
    )
    assert {article.signals[name] for name in NAMES} == {"feed"}
    assert (article.headline, article.signals["headline"]) == (HEADLINE, "h1")


@pytest.mark.parametrize("origin", list(Origin))
def test_the_signal_is_the_kind_of_listing(origin):
    article = article_of(page(link=replace(LINK, origin=origin)))
    assert article.signals["published"] == origin


def test_a_page_that_declares_is_believed_against_its_listing():
    head = (
        '<meta property="article:published_time" content="2025-05-02T08:00:00Z"><meta name="author" content="John Roe">'
        '<meta name="description" content="Our own."><meta name="keywords" content="rails">'
    )
    article = article_of(page(head=head))
    assert article.published == datetime(2025, 5, 2, 8, tzinfo=UTC)
    assert (article.authors, article.tags, article.description) == ((Author("John Roe"),), ("rails",), "Our own.")


def test_a_visible_byline_is_believed_and_a_bare_name_is_not():
    assert article_of(page("<p>By John Roe</p>")).authors == (Author("John Roe"),)
    assert article_of(page("<p>Karen Bloggs</p><p>3 May 2025</p>")).authors == (Author("Jane Doe"),)


def test_the_listing_makes_a_declared_day_finer_and_stands_before_what_is_seen():
    day = '<meta name="date" content="2025-05-03">'
    assert article_of(page(head=day)).published == TOLD
    assert article_of(page("<p>Published 4 May 2025</p>")).published == TOLD


def test_an_impossible_time_in_a_listing_is_no_claim():
    late = replace(LINK, published=datetime(2031, 1, 1, tzinfo=UTC), modified=None)
    assert article_of(page(link=late)).published is None


def test_a_plain_text_is_told_by_its_listing_too():
    article = article_of(replace(text_page(story("")), link=LINK))
    assert (article.published, article.authors, article.headline) == (TOLD, (Author("Jane Doe"),), HEADLINE)


def test_without_a_listing_nothing_is_added():
    article = article_of(page(link=None))
    assert [getattr(article, name) for name in NAMES] == [(), None, None, (), None, None]


DATED = (
    '<meta property="article:published_time" content="2025-04-30T10:00:00Z"><meta name="author" content="Odile Marrow">'
)


def test_what_the_listing_says_otherwise_stays_visible():
    article = article_of(page(head=f'{DATED}<meta property="article:section" content="Politics">'))
    assert article.headline == HEADLINE
    assert article.conflicts == {
        "headline": "feed: The feed's title",
        "section": "feed: County",
        "authors": "feed: Jane Doe",
        "published": "feed: 2025-05-03T10:15:21+00:00",
    }


def test_another_wording_of_the_same_is_no_conflict():
    near = replace(LINK, title=f"Live: {HEADLINE.upper()}", authors=("Odile B. Marrow", "Jane Doe"), section="News")
    same_day = DATED.replace("04-30", "05-03") + '<meta property="article:section" content="County news">'
    assert article_of(page(head=same_day, link=near)).conflicts == {}


def test_neither_the_site_as_author_nor_the_time_of_a_change_is_a_conflict():
    listed = replace(LINK, title=HEADLINE, authors=("The Echo",), published=LINK.modified)
    named = f'{DATED}<meta property="og:site_name" content="The Echo">'
    assert article_of(page(head=named, link=listed)).conflicts == {}


def test_a_listing_s_title_is_the_headline_without_the_site_s_name():
    listed = replace(LINK, title=f"{HEADLINE} - echo.example")
    article = article_of(replace(html_page(f"<article>{paragraphs(*STORY)}</article>"), link=listed))
    assert (article.headline, article.signals["headline"]) == (HEADLINE, "feed")


@pytest.mark.parametrize("section", ["Uncategorized", "https://echo.example/county", "News, and so on " * 5])
def test_what_names_no_section_is_none(section):
    assert article_of(page(link=replace(LINK, section=section))).section is None


def test_without_a_listing_nothing_conflicts():
    assert article_of(page(head=DATED, link=None)).conflicts == {}
