"""Pages that no extractor would come to an end with are refused with the figure; those within the limits are read."""

import sys
from itertools import count

import pytest

from pipeline.extraction import limits
from pipeline.extraction.content import parse
from pipeline.extraction.quality import Verdict
from pipeline.items import Reason
from tests.extraction.pages import article_of, body_texts, html_page, paragraphs, rejection_of, text_page

SENTENCES = (
    "The harbour council counted the votes twice and repaired the old bridge before the winter came.",
    "Nobody in the market hall believed that the ferry would ever carry bicycles again after that.",
    "A baker from the northern shore had written forty letters until the committee gave in at last.",
)
STORY = paragraphs(*SENTENCES)
OVER = {
    "opening angle brackets": "<p>" * (limits.MOST_BRACKETS + 1),
    "tags,": "<p>a</p>" * (limits.MOST_TAGS + 1),
    "attributes on one tag": "<p " + " ".join(f"a{n}=''" for n in range(limits.MOST_ATTRIBUTES_OF_A_TAG + 1)) + ">",
    "attributes,": f"<p {' '.join(f'attribute{n}' for n in range(100))}>a</p>" * 1_001,
    "elements inside one another": "<div>" * limits.DEEPEST,
    "tags times depth": "<div>" * 200 + "<p>a</p>" * 5_000,
    "inline elements in one block": "<p>" + "<b><i>a</i></b> " * 2_001,
    "characters in one paragraph": "<p>" + "word " * 50_001,
}
VALUES = ("='>'", '="<>"', "= '>'", '=x"y', "")
"""What may stand behind the name of an attribute."""
WITHIN = {
    "tags": "<p>a</p>" * 1_000 + "<ul>" + "<li>a</li>" * 1_000 + "</ul>",
    "attributes on one tag": f"<p {' '.join(f'a{n}' for n in range(1_000))}>a</p>",
    "a long value": f'<p data-state="{"a b=c " * 50_000}">a</p>',
    "a long script that compares": f"<script>{'if (a<b && c == d) e = f; ' * 20_000}</script>",
    "a long script that writes tags": f"<script>x = '<p {'a=1 ' * 20_000}>';</script>",
    "a long script in a comment": f"<!-- <p {'a1 ' * 20_000}> -->",
    "inline elements": "<p>" + "<b>a</b> " * 1_000,
    "white space": "<p>a</p>" + " \n" * 200_000 + "<p>b</p>",
}


@pytest.mark.parametrize("what", OVER)
def test_a_page_over_a_limit_is_refused_with_limit_and_figure(what: str) -> None:
    refused = rejection_of(html_page(STORY + OVER[what] + STORY))
    assert refused.reason is Reason.TOO_COMPLEX
    assert what.rstrip(",") in refused.detail
    figure, limit = (int(part.split()[-1].replace(",", "")) for part in _figures(refused.detail))
    assert figure > limit


@pytest.mark.parametrize("tag", ["p", "script", "STYLE"])
@pytest.mark.parametrize("value", VALUES)
def test_attributes_are_counted_whatever_their_values_hold(tag: str, value: str) -> None:
    opened = f"<{tag} {' '.join(f'a{n}{value}' for n in range(20_000))}>"
    refused = rejection_of(html_page(STORY + opened + STORY))
    assert refused.detail.startswith("20,000 attributes on one tag")


def _figures(detail: str) -> tuple[str, str]:
    before, _, limit = detail.partition(", more than ")
    return before.split()[0], limit


@pytest.mark.parametrize("what", WITHIN)
def test_a_page_within_the_limits_is_read(what: str) -> None:
    assert body_texts(article_of(html_page(STORY + WITHIN[what])))[:3] == list(SENTENCES)


@pytest.mark.parametrize("tag", ["div", "span", "b", "section", "blockquote", "ul", "table", "article", "font", "a"])
@pytest.mark.parametrize("depth", [100, 240, 254, 300, 1_000, 3_000, 40_000])
def test_however_deep_a_page_is_nothing_of_it_is_lost_in_silence(tag: str, depth: int) -> None:
    inside = f"<{tag}>" * depth + f"<p>{SENTENCES[1]}</p>" + f"</{tag}>" * depth
    tree = limits.parse_within(f"<body><p>{SENTENCES[0]}</p>{inside}<p>{SENTENCES[2]}</p></body>")
    if isinstance(tree, Verdict):
        assert tree.reason is Reason.TOO_COMPLEX
    else:
        text = "".join(map(str, tree.itertext()))
        assert all(sentence in text for sentence in SENTENCES)


def test_the_parser_reads_deeper_than_a_page_may_be() -> None:
    tree = parse("<div>" * 1_000 + "<p>inside" + "</div>" * 1_000 + "<p>after")
    assert tree is not None
    assert "insideafter" in "".join(map(str, tree.itertext()))


def test_a_deep_page_is_an_article_in_full() -> None:
    article = article_of(html_page("<div>" * 240 + STORY + "</div>" * 240))
    assert body_texts(article) == list(SENTENCES)


def test_large_json_ld_is_passed_over() -> None:
    row = '{"@type":"Person","name":"Robin Vale"},'
    script = f'<script type="application/ld+json">{{"@type":"NewsArticle","author":[{row * 60_000}{{}}]}}</script>'
    article = article_of(html_page(STORY, head=script))
    assert body_texts(article) == list(SENTENCES)
    assert article.authors == ()


def test_more_headings_than_can_be_the_headline() -> None:
    headings = "".join(f"<h1>Council repairs bridge number {n}</h1>" for n in range(2_000))
    article = article_of(html_page(headings + STORY))
    assert article.headline == "Council repairs bridge number 0"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("word " * 60_000, "characters in one line"),
        ("two words\n" * 10_001, "lines"),
        ("\n" * 10_001 + "word", "lines"),
        ("two words\n" * 200_001, "characters of plain text"),
    ],
)
def test_a_plain_text_over_a_limit_is_refused(text: str, what: str) -> None:
    refused = rejection_of(text_page(text))
    assert refused.reason is Reason.TOO_COMPLEX
    assert what in refused.detail


def test_a_long_plain_text_is_read() -> None:
    lines = [f"{SENTENCES[n % 3][:-1]} in year {n}." for n in range(2_000)]
    assert body_texts(article_of(text_page("A headline\n\n" + "\n\n".join(lines)))) == lines


@pytest.mark.parametrize(
    "line", ["a topic", "A LOUD LINE OF SIX CAPITALS", "12", "<h1>A heading</h1>", "<h2>Read</h2>"]
)
def test_a_line_costs_the_same_however_many_there_are(line: str) -> None:
    """Twice the lines take nowhere near four times as many calls."""

    def calls(number: int) -> int:
        page = html_page(STORY + f"<div>{line}</div>" * number) if "<" in line else text_page(_saved(line, number))
        made = count()
        sys.setprofile(lambda *_: next(made))
        try:
            article_of(page)
        finally:
            sys.setprofile(None)
        return next(made)

    calls(100)
    assert calls(2_000) < 3 * calls(1_000)


def _saved(line: str, number: int) -> str:
    return "\n".join(("A headline", *SENTENCES, *[line] * number))
