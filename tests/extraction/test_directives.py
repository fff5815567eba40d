"""What a page asks of crawlers: read in every spelling, refused only where it is honoured."""

from dataclasses import replace

import pytest

from pipeline.directives import asks_not_to_be_kept
from pipeline.items import OptOuts, Reason
from tests.extraction.pages import article_of, html_page, paragraphs, rejection_of, text_page
from tests.extraction.stories import STORIES

HEADLINE, *STORY = STORIES["en"]
STRICT = OptOuts("examplebot", ("noarchive", "noai", "tdm-reservation"))


def page(head: str = "", opt_outs: OptOuts = STRICT, **headers: str):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    made = html_page(f"<h1>{HEADLINE}</h1>{paragraphs(*STORY)}", HEADLINE, head)
    return replace(made, headers=named, opt_outs=opt_outs)


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


@pytest.mark.parametrize(
    ("head", "header", "expected"),
    [
        ("", "", ()),
        (meta("robots", "index, follow, all"), "", ()),
        (meta("robots", "NOINDEX,nofollow"), "", ("noindex", "nofollow")),
        (meta("ROBOTS", "none"), "", ("noindex", "nofollow")),
        (meta("robots", "max-snippet:-1, max-image-preview: large"), "", ("max-snippet:-1", "max-image-preview:large")),
        (meta("robots", "nosnippet") + meta("robots", "noindex"), "", ("nosnippet", "noindex")),
        (meta("robots", "noindex"), "noindex, noimageai", ("noindex", "noimageai")),
        (meta("examplebot", "noindex"), "", ("noindex",)),
        (meta("googlebot-news", "noindex"), "", ("googlebot-news: noindex",)),
        (meta("description", "noindex"), "", ()),
        ("", "unavailable_after: Wed, 25 Jun 2036 15:00:00 GMT, nosnippet", ("unavailable_after", "nosnippet")),
        ("", "examplebot: noindex, nofollow", ("noindex", "nofollow")),
        ("", "otherbot: noarchive, noai", ("otherbot: noarchive", "otherbot: noai")),
        ("", "nosnippet, otherbot: noai, examplebot: noindex", ("nosnippet", "otherbot: noai", "noindex")),
        ("", "*: noindex", ("noindex",)),
        (meta("robots", "<b>, ;;, no index now please and thank you for reading this far"), "", ()),
        (meta("tdm-reservation", "0"), "", ()),
    ],
)
def test_directives_are_kept_with_the_article(head, header, expected):
    assert article_of(page(head, x_robots_tag=header)).robots == expected


@pytest.mark.parametrize(
    ("head", "headers", "said"),
    [
        (meta("robots", "index, noarchive"), {}, "says noarchive"),
        (meta("examplebot", "noai"), {}, "says noai"),
        (meta("tdm-reservation", "1"), {}, "says tdm-reservation"),
        ("", {"tdm_reservation": "1"}, "says tdm-reservation"),
        ("", {"x_robots_tag": "noindex, noarchive, noai"}, "says noarchive, noai"),
        ("", {"x_robots_tag": "ExampleBot: noai"}, "says noai"),
    ],
)
def test_an_honoured_wish_is_a_rejection(head, headers, said):
    refused = rejection_of(page(head, **headers))
    assert (refused.reason, refused.detail, refused.headline) == (Reason.OPTED_OUT, said, None)


def test_nothing_is_honoured_where_nobody_asks_for_it():
    article = article_of(page(meta("robots", "noarchive") + meta("tdm-reservation", "1"), OptOuts()))
    assert article.robots == ("noarchive", "tdm-reservation")


def test_a_plain_text_is_told_by_its_headers():
    plain = replace(text_page("\n\n".join([HEADLINE, *STORY])), headers={"x-robots-tag": "noarchive"})
    assert article_of(plain).robots == ("noarchive",)
    assert rejection_of(replace(plain, opt_outs=STRICT)).reason is Reason.OPTED_OUT


def test_an_error_page_is_one_whatever_it_asks():
    refused = rejection_of(replace(page(x_robots_tag="noarchive"), status=404))
    assert refused.reason is Reason.ERROR_PAGE


def test_no_page_has_directives_without_end():
    many = ", ".join(f"no{'x' * number}" for number in range(1, 39)) * 50
    assert len(article_of(page(meta("robots", many))).robots) <= 40


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (page(meta("robots", "noai")), True),
        (page(meta("examplebot", "none"), OptOuts("examplebot", ("noindex",))), False),
        (page(meta("robots", "nosnippet"), x_robots_tag="noarchive"), True),
        (page(tdm_reservation="1"), True),
        (page(meta("robots", "nosnippet")), False),
        (page(meta("otherbot", "noai")), False),
        (page("<!-- noai -->"), False),
        (page(meta("robots", "noai"), OptOuts()), False),
        (replace(page(), body=b"\0noai\xff<meta"), False),
        (replace(page(), body="<p>\u00e9 noai".encode("utf-16")), False),
        (replace(page(), body=b"<!-- noai"), False),
    ],
)
def test_the_archive_knows_a_page_that_is_not_to_be_kept(asked, expected):
    assert asks_not_to_be_kept(asked) is expected
