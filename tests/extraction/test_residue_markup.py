"""Residue that only mark-up gives away, through the whole of ``refine``."""

from datetime import UTC, datetime

import pytest

from pipeline.extraction import refine
from pipeline.items import Article, Media, RawPage
from tests.extraction.stories import STORIES

HEADLINE, *PARAGRAPHS = STORIES["en"]
NOW = datetime(2025, 5, 4, 12, 0, tzinfo=UTC)


def article(markup: str, place: str = "middle") -> Article:
    """What becomes of a page that holds mark-up at a place of its story."""
    at = {"top": 0, "middle": 3, "end": len(PARAGRAPHS)}[place]
    paragraphs = [f"<p>{text}</p>" for text in PARAGRAPHS]
    body = "\n".join([*paragraphs[:at], markup, *paragraphs[at:]])
    page = f"""<!doctype html><html lang="en"><head><title>{HEADLINE} - Quillmere Echo</title></head>
    <body><nav><a href="/">Home</a> <a href="/county">County</a></nav>
    <main><article><h1>{HEADLINE}</h1>{body}</article></main><footer>Quillmere Echo</footer></body></html>"""
    url = "https://echo.example/county/night-train-stays"
    made = refine(RawPage(url=url, body=page.encode(), fetched_at=NOW, media=Media.HTML))
    assert isinstance(made, Article)
    return made


REMOVED = {
    "linked-line": ('<p><a href="/cannery">Cannery hires two hundred for the harvest</a></p>', "middle"),
    "orphan-heading": ("<h2>What else happened in the county</h2><p>Read more: the cannery</p>", "end"),
}
"""Rule → mark-up whose first line it takes out, and where it stands."""

KEPT = {
    "linked-line": (
        '<p>The <a href="/cannery">cannery hires two hundred people</a> for the harvest, its director said.</p>',
        "middle",
    ),
    "orphan-heading": ("<h2>What comes after the vote</h2>", "middle"),
}
"""Rule → mark-up with a like line that stays."""


def text_of(markup: str) -> str:
    from lxml.html import fromstring  # noqa: PLC0415

    return fromstring(markup).text_content()


def shown(case: tuple[str, str]) -> str:
    """The line that a case is about, as a reader sees it."""
    return text_of(case[0].split("<p>Read more")[0])


@pytest.mark.parametrize("rule", REMOVED)
def test_residue_is_taken_out_by_its_rule(rule):
    markup, place = REMOVED[rule]
    made = article(markup, place)
    first, *others = [line for line in made.removed if line.rule != "title-echo"]
    assert (first.text, first.rule) == (shown(REMOVED[rule]), rule)
    assert [line.text for line in others] in ([], ["Read more: the cannery"])
    assert [block.text for block in made.body] == PARAGRAPHS


@pytest.mark.parametrize("rule", KEPT)
def test_text_like_it_stays(rule):
    markup, place = KEPT[rule]
    made = article(markup, place)
    assert [line.text for line in made.removed if line.rule != "title-echo"] == []
    assert text_of(markup) in [block.text for block in made.body]


@pytest.mark.parametrize(
    "markup",
    [
        "<h2>By Friday</h2>",
        "<h2>Closing the gap</h2>",
        "<h2>MORE THAN A TRAIN TO THE PEOPLE OF THE VALLEY</h2>",
        "<blockquote><p>I would sleep in the changing room. I have done it before.</p></blockquote>",
        "<h3>1</h3>",
        "<ul><li>Forty passengers a night</li><li>Eleven votes against nine</li></ul>",
        "<p>Nobody answered.</p>",
        "<p><b>WE ARE NOT LEAVING</b></p>",
        "<p>“Subscribe to nothing you have not read,” her father used to say.</p>",
    ],
)
def test_text_in_every_dress_stays(markup):
    made = article(markup)
    assert [line for line in made.removed if line.rule != "title-echo"] == []
    assert len(made.body) > len(PARAGRAPHS)


def test_a_heading_above_a_picture_stays():
    made = article(
        "<h2>A night at the cannery</h2><figure><img src='/a.jpg'><figcaption>The last shift</figcaption></figure>"
    )
    assert "A night at the cannery" in [block.text for block in made.body]
    assert "The last shift" not in made.text


def test_headings_at_the_end_that_say_something_stay():
    """Each stood above a picture or a post that is gone."""
    heads = ["What the line has", *(f"{place}. It stops at mile {place * 3}." for place in (1, 2))]
    made = article("".join(f"<h2>{head}</h2><p>Read more: the line</p>" for head in heads), "end")
    assert [block.text for block in made.body[-3:]] == heads


def listed(*items: str) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


HEADLINES = (
    "Pears rot in the orchards of the county",
    "Bus line 9 to run on Sundays again",
    "Who pays for the new bridge",
)


def test_a_list_of_linked_headlines_goes_wherever_it_stands():
    made = article(listed(*(f"County: <a href='/{place}'>{text}</a>" for place, text in enumerate(HEADLINES))))
    assert [line.text for line in made.removed if line.rule == "linked-line"] == [
        f"County: {text}" for text in HEADLINES
    ]


def test_a_list_that_holds_more_than_links_stays():
    first, *others = (f"<a href='/{place}'>{text}</a>" for place, text in enumerate(HEADLINES))
    made = article(listed(f"{first}, where nobody was left to pick them", *others))
    assert not [line for line in made.removed if line.rule == "linked-line"]


def test_a_linked_heading_with_text_below_it_stays():
    made = article(
        "<h3><a href='/shed'>The shed on Mill Lane</a></h3><p>It burned down twice, and nobody knows why.</p>"
    )
    assert not [line for line in made.removed if line.rule == "linked-line"]
