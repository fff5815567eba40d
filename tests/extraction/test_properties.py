"""What holds for every page: cleaning takes whole lines away and nothing else, and ``refine`` never falls over."""

import pickle
from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.extraction import refine
from pipeline.extraction.lines import Line
from pipeline.extraction.plaintext import read_plaintext
from pipeline.extraction.residue import RULES, clean
from pipeline.items import Article, BlockKind, Media, RawPage, Rejection
from pipeline.text import collapse
from tests.extraction.pages import NOW, body_texts
from tests.extraction.stories import STORIES
from tests.extraction.test_residue import REMOVED
from tests.extraction.test_residue_kept import CASES as KEPT
from tests.extraction.test_residue_languages import CASES as FOREIGN

NAMES = {rule.name for rule in RULES}
PARAGRAPHS = [text for texts in STORIES.values() for text in texts]
RESIDUE = [line for case in REMOVED for line in case.lines] + [line for _, _, line in FOREIGN]
TEXTS = st.sampled_from(PARAGRAPHS) | st.sampled_from(RESIDUE) | st.sampled_from([line for _, line in KEPT])
QUICK = settings(max_examples=120)


@st.composite
def pages_of_lines(draw):
    """Lines as either road hands them on: collapsed, in order, marked or not."""
    texts = draw(st.lists(TEXTS | st.text(min_size=1, max_size=20).map(str.strip).filter(bool), max_size=14))
    marked = draw(st.booleans())
    return [
        Line(
            text,
            position,
            kind=draw(st.sampled_from(BlockKind)) if marked else BlockKind.PARAGRAPH,
            link=draw(st.sampled_from([0.0, 0.0, 0.6, 1.0])) if marked else 0.0,
            roles=frozenset(draw(st.sampled_from([(), (), ("caption",), ("standfirst",)]))) if marked else frozenset(),
            marked=marked,
        )
        for position, text in enumerate(texts)
    ]


@QUICK
@given(lines=pages_of_lines(), titles=st.lists(st.sampled_from([*PARAGRAPHS, "x", ""]), max_size=2))
def test_every_line_is_kept_or_removed_once_and_none_is_changed(lines, titles):
    done = clean(lines, titles)
    assert [line.position for line in done.kept] == sorted(line.position for line in done.kept)
    assert sorted([line.position for line in done.kept] + [gone.position for gone in done.removed]) == list(
        range(len(lines))
    )
    assert all(line is lines[line.position] for line in done.kept)
    assert all(gone.text == lines[gone.position].text and gone.rule in NAMES for gone in done.removed)


@QUICK
@given(lines=pages_of_lines(), titles=st.lists(st.sampled_from(PARAGRAPHS), max_size=1))
def test_cleaning_again_takes_nothing_more(lines, titles):
    """The second time without the lines that are gone: nobody may fall because of a neighbour that is no more."""
    once = clean(lines, titles).kept
    again = clean(once, titles)
    assert again.kept == once


@QUICK
@given(lines=pages_of_lines())
def test_a_line_moved_is_a_line_removed(lines):
    done = clean(lines)
    moved = [line.position for moved in done.moved.values() for line in moved]
    assert sorted(moved) == [gone.position for gone in done.removed]


@QUICK
@given(texts=st.lists(TEXTS, max_size=14, unique=True))
def test_no_line_of_a_text_is_lost_without_a_rule_that_names_it(texts):
    plain = read_plaintext("\n\n".join(texts))
    done = clean(plain.lines, [plain.headline or ""])
    found = [(line.position, line.text) for line in (*done.kept, *done.removed)]
    assert sorted(found) == [(line.position, line.text) for line in plain.lines]
    assert len(found) + bool(plain.headline) == len([text for text in texts if collapse(text)])


TAGS = st.sampled_from(
    [
        *(
            "p",
            "div",
            "span",
            "h1",
            "h2",
            "a",
            "ul",
            "li",
            "table",
            "tr",
            "td",
            "blockquote",
            "figure",
            "figcaption",
            "b",
        ),
        *(
            "article",
            "main",
            "aside",
            "section",
            "br",
            "img",
            "nav",
            "pre",
            "form",
            "html",
            "body",
            "head",
            "title",
            "time",
        ),
        *("script", "style", "svg", "noscript", "template", "iframe", "select", "option", "header", "footer"),
    ]
)
NAMED = st.sampled_from(["related", "caption", "newsletter", "article-body", "byline", "share", "x", ""])
PIECES = st.one_of(
    st.tuples(TAGS, NAMED).map(lambda made: f'<{made[0]} class="{made[1]}">'),
    TAGS.map("</{}>".format),
    TEXTS,
    st.text(max_size=12),
    st.sampled_from(["<", "<!--", "-->", "<![CDATA[", "&amp;", "&#0;", "&#xD800;", "<a href='http://['>", "\x00"]),
)  # fmt: skip
SOUP = st.lists(PIECES, max_size=40).map("".join)


def check(page: RawPage) -> None:
    made = refine(page)
    assert isinstance(made, (Article, Rejection))
    assert pickle.loads(pickle.dumps(made)) == made
    if isinstance(made, Article):
        assert made.headline
        texts = [*body_texts(made), *(line.text for line in made.removed), made.headline]
        assert all(text == text.strip() and "\n" not in text for text in texts)
        assert {line.rule for line in made.removed} <= NAMES
        assert [line.position for line in made.removed] == sorted({line.position for line in made.removed})


@settings(max_examples=60)
@given(body=st.binary(max_size=400), media=st.sampled_from(Media), status=st.sampled_from([None, 200, 404]))
def test_any_bytes_become_an_article_or_a_rejection(body, media, status):
    check(RawPage(url="https://echo.example/a", body=body, fetched_at=NOW, media=media, status=status))


@settings(max_examples=80)
@example("<html><body>" + "<div>" * 3000 + PARAGRAPHS[1])
@example("<frameset><frame src='a'></frameset>")
@given(SOUP)
def test_any_soup_of_markup_becomes_an_article_or_a_rejection(soup):
    page = RawPage(url="https://echo.example/a", body=soup.encode("utf-8", "replace"), fetched_at=NOW, media=Media.HTML)
    check(page)
    check(replace(page, body=b"<html><body>" + page.body, url="file:///x.html"))


@settings(max_examples=40)
@given(st.lists(TEXTS, max_size=12).map("\n\n".join))
def test_any_text_becomes_an_article_or_a_rejection(text):
    check(RawPage(url="file:///x.txt", body=text.encode(), fetched_at=NOW, media=Media.TEXT))
