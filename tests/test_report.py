"""The HTML report: what it shows, and that nothing in a page can get out of it."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement, document_fromstring

from pipeline.explain import KINDS, MOVED, PageLine, field_rows, kind_of, page_lines, summary
from pipeline.extraction.pruning import _PRUNED
from pipeline.extraction.residue import RULES
from pipeline.extraction.rules import Fate
from pipeline.items import Article, Author, Block, BlockKind, Image, Precision, Reason, Rejection, RemovedLine
from pipeline.report import REASONS, html_report

FETCHED = datetime(2026, 11, 12, 12, tzinfo=UTC)
APART = {"fact-box", "post-box"}
RULE_NAMES = {rule.name for rule in RULES} | {f"{role}-box" for role in _PRUNED} | APART
HOSTILE = "</style></title><script>alert(1)</script>\"'><img src=x onerror=alert(2)>&lt;\x00\u202e${title}$main\ud800"
ARTICLE = Article(
    url="https://harbour.example/ferry",
    headline="Ferry returns",
    body=(
        Block("The ferry sails again on Thursday."),
        Block("What comes next", BlockKind.HEADING, 2),
        Block("The first sailing leaves at 05:40."),
    ),
    fetched_at=FETCHED,
    source="harbour",
    digest="0" * 64,
    addresses=("https://harbour.example/ferry",),
    extractor="newsloom-1",
    authors=(Author("Marta Ellison"), Author("Coastal Wire", "agency")),
    published=datetime(2026, 11, 12, 7, 15, tzinfo=timezone(timedelta(hours=1))),
    published_precision=Precision.MINUTE,
    language="en",
    images=(Image("https://harbour.example/a.jpg", "In dry dock", "L. Brevik"),),
    removed=(
        RemovedLine("Ferry returns", "title-echo", 0),
        RemovedLine("0", "counter", 2),
        RemovedLine("8", "counter", 3),
        RemovedLine("Join for access", "prompt", 4),
        RemovedLine("LEAVE A REPLY", "comment-form", 7),
    ),
    signals={"headline": "json-ld", "authors": "json-ld", "published": "json-ld"},
)
REJECTION = Rejection("https://harbour.example/", Reason.INDEX_PAGE, "53% of the text is links", FETCHED)


def tree(item: Article | Rejection) -> HtmlElement:
    return document_fromstring(html_report(item).encode(), parser=None)


def texts(root: HtmlElement, css_class: str) -> list[str]:
    return [e.text_content() for e in root.iter() if css_class in str(e.get("class", "")).split()]


def test_kept_lines_fill_the_gaps_between_removed_ones():
    assert [(line.text[:9], line.rule) for line in page_lines(ARTICLE)] == [
        ("Ferry ret", "title-echo"),
        ("The ferry", ""),
        ("0", "counter"),
        ("8", "counter"),
        ("Join for ", "prompt"),
        ("What come", ""),
        ("The first", ""),
        ("LEAVE A R", "comment-form"),
    ]


def test_the_headline_of_a_plain_text_is_one_of_its_lines():
    plain = replace(ARTICLE, signals={"headline": "line"}, removed=(RemovedLine("0", "counter", 2),))
    assert [(line.text[:9], line.shape) for line in page_lines(plain)][:3] == [
        ("Ferry ret", "headline"),
        ("The ferry", "paragraph"),
        ("0", "paragraph"),
    ]


def test_no_line_is_lost_whatever_the_positions_say():
    odd = replace(
        ARTICLE, removed=tuple(RemovedLine(str(n), "counter", position) for n, position in enumerate((9, 9, 99)))
    )
    assert [line.text for line in page_lines(odd) if line.rule] == ["0", "1", "2"]
    assert len(page_lines(odd)) == 6


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "0 lines on the page, 0 kept, 0 removed"),
        ([PageLine("abc")], "1 line on the page, 1 kept, 0 removed"),
        (
            [PageLine("abcdef"), PageLine("abc", "share")],
            "2 lines on the page, 1 kept, 1 removed, 33 % of the characters",
        ),
        (
            [PageLine("a" * 999), PageLine("b", "share")],
            "2 lines on the page, 1 kept, 1 removed, under 1 % of the characters",
        ),
        ([PageLine("", "share")], "1 line on the page, 0 kept, 1 removed, 0 % of the characters"),
    ],
)
def test_summary(lines, said):
    assert summary(lines) == said


def test_every_rule_has_a_kind():
    assert [name for name in RULE_NAMES if kind_of(PageLine("", name)) is KINDS[-1]] == []
    assert kind_of(PageLine("", "rule-of-tomorrow")) is KINDS[-1]
    assert kind_of(PageLine("")) is None


def test_no_rule_has_two_kinds_and_no_two_kinds_a_letter():
    names = [rule for kind in KINDS for rule in kind.rules]
    assert len(names) == len(set(names))
    assert len({kind.letter for kind in KINDS}) == len(KINDS)
    assert set(names) == RULE_NAMES


def test_rules_whose_lines_go_somewhere_say_so():
    assert set(MOVED) == {rule.name for rule in RULES if rule.fate is not Fate.DROP} | APART


def test_every_reason_has_its_sentence():
    assert set(REASONS) == set(Reason)


def test_kinds_have_colours_in_light_and_dark():
    style = resources.files("pipeline").joinpath("report.css").read_text()
    for letter in (kind.letter.lower() for kind in KINDS):
        assert len(re.findall(rf"--{letter}:#\w+;--{letter}-bg:#\w+", style)) == 2
        assert f"body:has(#show-{letter}:not(:checked)) .cut.{letter}" in style


def test_the_docs_name_the_kinds():
    docs = (Path(__file__).parent.parent / "docs/commands.md").read_text()
    assert re.findall(r"^\| ([A-Z]) \| (.+) \|$", docs, re.MULTILINE) == [(kind.letter, kind.name) for kind in KINDS]


def test_fields_with_their_signals():
    rows = {row.name: (row.value, row.signal) for row in field_rows(ARTICLE)}
    assert rows["authors"] == ("Marta Ellison, Coastal Wire (agency)", "json-ld")
    assert rows["published"] == ("2026-11-12 06:15 UTC", "json-ld")
    assert rows["section"] == ("", "")
    assert rows["images"] == ("1, 1 with a caption", "")


def test_a_day_stays_the_day_that_the_page_states():
    day = datetime(2026, 11, 12, tzinfo=timezone(timedelta(hours=9)))
    rows = field_rows(replace(ARTICLE, published=day, published_precision=Precision.DAY))
    assert next(row.value for row in rows if row.name == "published") == "2026-11-12"


def test_an_article_s_report_shows_all_of_it():
    root = tree(ARTICLE)
    assert root.findtext(".//h1") == "Ferry returns"
    assert [e.text_content() for e in root.iter("del")] == [line.text for line in ARTICLE.removed]
    assert texts(root, "ln")[1] == "2The ferry sails again on Thursday."
    assert texts(root, "big") == ["8 lines on the page, 3 kept, 5 removed, 34 % of the characters"]
    assert [e.get("aria-label") for e in root.iter("section") if "cut" in e.get("class")] == [
        "Removed: title or standfirst, 1 line",
        "Removed: share or furniture, 2 lines",
        "Removed: paywall or prompt, 1 line",
        "Removed: comment form, 1 line",
    ]
    assert "from json-ld" in texts(root, "from")
    assert "Section" in texts(root, "tag")
    assert "In dry dock — L. Brevik — https://harbour.example/a.jpg" in root.text_content()


def test_what_the_listing_said_is_told_apart_and_what_it_says_otherwise_stands_below():
    listed = replace(
        ARTICLE,
        section="Coast",
        signals={**ARTICLE.signals, "section": "feed"},
        conflicts={"headline": "feed: Ferry: back", "body": "feed: 400 words, 2% of them on the page"},
    )
    root = tree(listed)
    assert texts(root, "from")[-1] == "from the listing, a feed"
    assert texts(root, "but") == [
        "but the feed says: Ferry: back",
        "but the feed says: 400 words, 2% of them on the page",
    ]
    assert texts(tree(ARTICLE), "but") == []


def test_a_rejection_s_report_shows_reason_and_figure():
    text = tree(REJECTION).text_content()
    assert "index_page" in text
    assert REASONS[Reason.INDEX_PAGE] in text
    assert "53% of the text is links" in text


@pytest.mark.parametrize("item", [ARTICLE, REJECTION])
def test_the_policy_lets_nothing_in(item):
    page = html_report(item)
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    [style] = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not re.search(r"\sstyle=|\son\w+=|url\(|@import|<script|<link|<img|<form|src=", page)


def hostile_article(text: str) -> Article:
    return replace(
        ARTICLE, url=f"https://x.example/{text}", headline=text, source=text, digest=text, extractor=text,
        canonical_url=f"javascript:{text}", description=text, standfirst=text, authors=(Author(text, text),),
        attribution=(text,), language=text, site_name=text, section=text, tags=(text,), paywall=text,
        images=(Image(text, text, text),), signals={"headline": text, "section": text},
        conflicts={"headline": f"feed: {text}"},
        body=tuple(Block(text, kind) for kind in BlockKind),
        removed=(RemovedLine(text, text, 1), RemovedLine(text, "share", 2)),
    )  # fmt: skip


class Skeleton(HTMLParser):
    """The elements of a page with the names of their attributes, and the addresses it leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, ...]] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, *(name for name, _ in attrs)))
        self.links += [value for name, value in attrs if name == "href"]


def skeleton(item: Article | Rejection) -> Skeleton:
    parser = Skeleton()
    parser.feed(re.sub(r'<span class="cp">(U\+\w+)</span>', r"\1", html_report(item)))
    return parser


def assert_harmless(text: str) -> None:
    page = html_report(hostile_article(text)) + html_report(replace(REJECTION, detail=text, headline=text, url=text))
    page.encode()
    assert not re.search(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", page)
    seen, tame = skeleton(hostile_article(text)), skeleton(hostile_article("tame"))
    assert seen.found == tame.found
    assert all(link.startswith(("https://x.example/", "#")) for link in seen.links)


def test_hostile_text_stays_text():
    assert_harmless(HOSTILE)
    page = html_report(hostile_article(HOSTILE))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert '<span class="cp">U+0000</span><span class="cp">U+202E</span>${title}$main' in page


@settings(max_examples=60)
@given(st.text(st.characters(), min_size=1).filter(str.strip))
def test_any_text_stays_text(text):
    assert_harmless(text)


def test_marks_that_right_to_left_scripts_need_stay_as_they_are():
    assert "\u200f،" in html_report(replace(ARTICLE, headline="عاد\u200f،"))
