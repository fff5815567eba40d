"""Live blogs: the posts are updates with their times, the body is what stands around them."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pipeline.items import Kind, Update
from tests.extraction.pages import article_of, body_texts, html_page, paragraphs
from tests.extraction.stories import STORIES

HEADLINE, *STORY = STORIES["en"]
INTRO = STORY[:3]
POSTS = (
    ("Snow on the pass", "The road over the pass is closed since noon, the police say.", "2025-05-03T12:10:00+02:00"),
    ("Buses turn back", "Two buses have turned back at the lower station at eleven.", "2025-05-03T11:30:00+02:00"),
    ("The forecast", "Half a metre of snow is expected above the tree line.", "2025-05-03T10:00:00+02:00"),
)
UPDATES = tuple(Update(datetime.fromisoformat(when), head, text) for head, text, when in POSTS)


def ld(posts=POSTS, **fields) -> str:
    updates = [
        {"@type": "BlogPosting", "headline": head, "articleBody": text, "datePublished": when}
        for head, text, when in posts
    ]
    node = {"@type": "LiveBlogPosting", "headline": HEADLINE, "liveBlogUpdate": updates} | fields
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def post(head: str, text: str, when: str, attributes: str = "class=liveblog-post") -> str:
    clock = f'<time datetime="{when}">{when[11:16]}</time>' if when else ""
    return f"<div {attributes}>{clock}<h3>{head}</h3><p>{text}</p></div>"


def blog(*posts: str) -> str:
    listed = f"<div class=live-blog-posts>{''.join(posts)}</div>"
    return f"<article><h1>{HEADLINE}</h1>{paragraphs(*INTRO)}{listed}</article>"


def test_the_posts_of_json_ld_are_the_updates():
    article = article_of(html_page(blog(*(post(*each, "class=x") for each in POSTS)), head=ld()))
    assert (article.kind, article.updates, article.signals["updates"]) == (Kind.LIVE_BLOG, UPDATES, "json-ld")
    assert body_texts(article) == INTRO


def test_html_and_line_breaks_in_a_post_are_paragraphs():
    html = [("A", "<p>One &amp; <b>two</b> went up.</p><p>Three came down.</p>", "")]
    rows = [("A", "One went up.\n\nThree came down.", "")]
    assert article_of(html_page(blog(), head=ld(html))).updates[0].text == "One & two went up.\n\nThree came down."
    assert article_of(html_page(blog(), head=ld(rows))).updates[0].text == "One went up.\n\nThree came down."


def test_a_time_without_offset_is_in_the_zone_of_the_publication():
    posts = [("A", "The pass is closed.", "2025-05-03T12:10:00")]
    [update] = article_of(html_page(blog(), head=ld(posts, datePublished="2025-05-03T09:00:00+02:00"))).updates
    assert update.published == datetime(2025, 5, 3, 12, 10, tzinfo=timezone(timedelta(hours=2)))
    [update] = article_of(html_page(blog(), head=ld(posts))).updates
    assert update.published == datetime(2025, 5, 3, 12, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "attributes", ["class=liveblog-post", "class='live-update is-new'", "class=tickerEvent", "itemprop=liveBlogUpdate"]
)
def test_posts_on_the_page_make_a_live_blog_where_json_ld_lacks_them(attributes):
    article = article_of(html_page(blog(*(post(*each, attributes) for each in POSTS))))
    assert (article.kind, article.updates, article.signals["updates"]) == (Kind.LIVE_BLOG, UPDATES, "markup")
    assert body_texts(article) == INTRO


def test_posts_that_json_ld_leaves_out_are_kept():
    article = article_of(html_page(blog(*(post(*each) for each in POSTS)), head=ld(POSTS[:1])))
    assert article.updates == UPDATES


def test_a_post_that_states_no_date_has_none():
    posts = [post(head, text, "") for head, text, _ in POSTS]
    article = article_of(html_page(blog(*posts), head=ld(())))
    assert [update.published for update in article.updates] == [None, None, None]


def test_posts_wrapped_one_by_one_are_posts():
    wrapped = [f"<section>{post(*each)}</section>" for each in POSTS]
    assert article_of(html_page(blog(*wrapped))).updates == UPDATES


def test_posts_under_any_name_are_posts_of_a_page_that_declares_itself_a_live_blog():
    posts = blog(*(post(*each, "class=x") for each in POSTS))
    assert article_of(html_page(posts, head=ld(()))).updates == UPDATES
    assert article_of(html_page(posts)).updates == ()


def test_parts_named_like_their_post_are_no_posts():
    parts = [
        f'<div class=live-post><div class=live-post__head><h3>{head}</h3><time datetime="{when}"></time></div>'
        f"<div class=live-post__body><p>{text}</p></div></div>"
        for head, text, when in POSTS
    ]
    assert article_of(html_page(blog(*parts))).updates == UPDATES


def test_a_live_blog_of_nothing_but_posts_is_no_short_article():
    html = f"<article><h1>{HEADLINE}</h1>{''.join(post(*each) for each in POSTS)}</article>"
    article = article_of(html_page(html, head=ld()))
    assert (article.headline, article.body, article.updates) == (HEADLINE, (), UPDATES)


def test_a_few_elements_named_so_or_without_times_make_no_live_blog():
    two = article_of(html_page(blog(*(post(*each) for each in POSTS[:2]))))
    timeless = article_of(html_page(blog(*(post(head, text, "") for head, text, _ in POSTS))))
    assert (two.kind, two.updates) == (Kind.ARTICLE, ())
    assert (timeless.kind, timeless.updates) == (Kind.ARTICLE, ())
