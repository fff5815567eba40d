"""Whatever bytes come, ``refine`` answers: an article or a rejection, and no line that the page does not hold."""
# ruff: noqa: E501 - rows of pieces

import html
import pickle
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.decode import decode
from pipeline.extraction import refine
from pipeline.extraction.content import parse
from pipeline.items import Article, Media, RawPage, Rejection
from pipeline.text import without_controls
from tests.extraction.pages import NOW, URL
from tests.extraction.stories import STORIES

FUZZ = settings(max_examples=60, suppress_health_check=list(HealthCheck))
LINKED_DATA = (
    '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"Night train",'
    '"author":[{"@type":"Person","name":"Odile Marrow"}],"datePublished":"2025-05-03T20:15:00+02:00","image":["/a.jpg"],'
    '"isAccessibleForFree":false,"publisher":{"@id":"#p"}}</script>'
)
HEAD = (
    '<meta charset="utf-8"><title>Night train - Echo</title><meta property="og:title" content="Night train">'
    '<link rel="canonical" href="https://echo.example/county/night-train"><meta name="author" content="Odile Marrow">'
)
FURNITURE = (
    "<nav><ul><li><a href='/'>Home</a></li><li><a href='/county'>County</a></li></ul></nav>",
    "<figure><img src='/a.jpg' srcset='/b.jpg 2x'><figcaption>The station. Photo: Jane Doe</figcaption></figure>",
    "<p class='byline'>By <a rel='author' href='/author/odile'>Odile Marrow</a></p><time datetime='2025-05-03'>3 May</time>",
    "<div class='newsletter'><h3>Sign up</h3><form><input><button>Subscribe</button></form></div>",
    "<blockquote>“We all waited,” she said.</blockquote><ul><li>First point.</li><li>Second point.</li></ul>",
    "<table><tr><th>Year</th><td>Passengers</td></tr><tr><td>2024</td><td>14,600</td></tr></table>",
    "<aside class='related'><h2>Read more</h2><a href='/x'>Another story of the county</a></aside>",
    "<p>One<br>two<br/>three &amp; four &eacute; &#8212; &nosuch; <b>bold <i>both</b> slanted</i></p>",
)
SOUP = (
    *("<p>", "</p>", "<div class='share'>", "</div>", "<table>", "<tr><td>", "</table>", "<h1>", "</h1>", "<h2>", "<ul><li>"),
    *("<script>", "</script>", "<!--", "-->", "<![CDATA[", "]]>", "<?php", "?>", "<style>", "<title>", "<noscript>", "<svg>"),
    *("<a href='", "'>", '"', "'", "<", ">", "&", "&#", "&#x110000;", "&#0;", "<br>", "<template>", "<iframe>", "<select>"),
    *("<p itemprop='author'>", "<time datetime='0000-99-99T99:99'>", "<meta name=date content='31/31/31'>", "<base href=':'>"),
    *("<html lang='x-" + "y" * 50 + "'>", "<body>", "</html>", "\x00", "\ufeff", "\u202e", "\ud7ff", "\U0001f600", "\u2028"),
    *("<o:p>", "</o:p>", "<p", "<q:x a='1'>", "<x-y>", "<math><mi>", "<svg:rect>", "<a$b>", "<blockquote>", "</blockquote>"),
    *("Two words", "A sentence of more than eight words stands here, as text does.", "By Jane Doe", "(AFP)", "12", "***"),
)  # fmt: skip
JSON_PIECES = (
    *("{", "}", "[", "]", ",", ":", '"', "\\", "\\u12", '"\\ud800"', '"a\\u0000b"', "null", "1e999", "-", "//", "/*", "<!--", "NaN", "\n", "\ud7ff"),
    *('"@type":', '"NewsArticle"', '"@id":"#a"', '"author":', '"name":', '"datePublished":', '"2025-99-99"', '"@graph":'),
    *('"headline":', '"image":', '"url":"//["', '"2025-05-03T25:61:61+99:99"', '"99999999999999999"', '"keywords":'),
)  # fmt: skip
CHARSETS = (
    *("utf-8", "utf-16", "utf-16-le", "utf-32", "utf-7", "latin-1", "cp1252", "koi8-r", "shift_jis", "gb18030", "big5"),
    *("euc-kr", "iso-2022-jp", "idna", "rot13", "hex", "no-such", "", "utf-8; q=1", "\x00", "'\"", "unicode_escape"),
)  # fmt: skip

PAGES = st.tuples(st.sampled_from(sorted(STORIES)), st.lists(st.sampled_from(FURNITURE), max_size=4))
"""(language of the story, what stands between its paragraphs)."""
MEDIA = st.sampled_from(list(Media))


def _page(language: str, furniture: list[str]) -> str:
    headline, *texts = STORIES[language]
    parts = [f"<p>{text}</p>" for text in texts]
    for place, piece in enumerate(furniture):
        parts.insert(place * 2, piece)
    body = f"<article><h1>{headline}</h1><div class='text'>{''.join(parts)}</div></article>"
    return f"<!doctype html><html lang='{language}'><head>{HEAD}{LINKED_DATA}</head><body>{body}</body></html>"


def _judged(
    body: bytes, media: Media = Media.HTML, content_type: str | None = None, url: str = URL
) -> Article | Rejection:
    headers = {} if content_type is None else {"content-type": content_type}
    page = RawPage(url=url, final_url=url, body=body, fetched_at=NOW, headers=headers, media=media)
    made = refine(page)
    assert pickle.loads(pickle.dumps(made)) == made
    if isinstance(made, Article):
        assert made.headline
        assert made.body
        said = [
            made.headline,
            made.description,
            made.section,
            made.site_name,
            *made.tags,
            *(a.name for a in made.authors),
        ]
        said += [text for image in made.images for text in (image.url, image.caption, image.credit)]
        assert all(text == without_controls(text) for text in said if text)
        held = _held(decode(body, content_type).text)
        for line in (*made.body, *made.removed):
            assert "\n" not in line.text
            strange = [word for word in re.findall(r"\w+", line.text) if not _stems(_bare(word), held)]
            assert not strange, (strange, line)
    else:
        assert made.detail
        assert "\n" not in made.detail
    return made


def _stems(word: str, held: str) -> bool:
    """Whether a word is the page's, or two of them set together where bare text meets a paragraph in a broken page."""
    return word in held or any(word[:cut] in held and word[cut:] in held for cut in range(1, len(word)))


def _held(text: str) -> str:
    """The page's characters as written and as the parser reads them, what stands between words gone."""
    tree = parse(text)
    read = "" if tree is None else "".join(map(str, tree.itertext()))
    return "\n".join(map(_bare, (text, read, html.unescape(read))))


def _bare(text: str) -> str:
    """Letters and digits: white space, punctuation and bars between table cells may be set anew."""
    return "".join(filter(str.isalnum, text))


@FUZZ
@given(PAGES, st.lists(st.tuples(st.floats(0, 1), st.floats(0, 0.1), st.sampled_from(SOUP)), max_size=8))
def test_pages_with_pieces_cut_out_and_soup_put_in(
    page: tuple[str, list[str]], changes: list[tuple[float, float, str]]
) -> None:
    text = _page(*page)
    for place, length, piece in changes:
        start = int(place * len(text))
        text = text[:start] + piece + text[start + int(length * len(text)) :]
    _judged(text.encode("utf-8", "replace"))


@FUZZ
@given(PAGES, st.floats(0, 1), MEDIA)
def test_truncated_pages(page: tuple[str, list[str]], share: float, media: Media) -> None:
    body = _page(*page).encode()
    _judged(body[: int(share * len(body))], media)


@FUZZ
@given(PAGES, st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), max_size=12), MEDIA)
def test_pages_with_broken_bytes(page: tuple[str, list[str]], noise: list[tuple[float, bytes]], media: Media) -> None:
    body = bytearray(_page(*page).encode())
    for place, piece in noise:
        start = int(place * len(body))
        body[start : start + len(piece)] = piece
    _judged(bytes(body), media)


@FUZZ
@given(st.lists(st.sampled_from(SOUP), max_size=80), MEDIA)
def test_tag_soup(pieces: list[str], media: Media) -> None:
    _judged("".join(pieces).encode("utf-8", "replace"), media)


@FUZZ
@given(st.binary(max_size=400), MEDIA, st.text(max_size=30))
def test_mere_bytes(body: bytes, media: Media, content_type: str) -> None:
    _judged(body, media, content_type)


@FUZZ
@given(st.lists(st.sampled_from(JSON_PIECES), max_size=40), st.integers(0, 240))
def test_json_ld_garbage(pieces: list[str], cut: int) -> None:
    script = f'<script type="application/ld+json">{"".join(pieces)}</script>' + LINKED_DATA[: -cut or None]
    text = _page("en", []).replace(LINKED_DATA, f"{script}</script>")
    made = _judged(text.encode("utf-8", "replace"))
    assert isinstance(made, Article)


@FUZZ
@given(PAGES, st.sampled_from(CHARSETS), st.sampled_from(CHARSETS), st.sampled_from(CHARSETS))
def test_wrong_and_strange_charsets(page: tuple[str, list[str]], written: str, declared: str, header: str) -> None:
    text = _page(*page).replace('charset="utf-8"', f'charset="{declared}"')
    try:
        body = text.encode(written, "replace")
    except (LookupError, ValueError):
        body = text.encode()
    _judged(body, content_type=f"text/html; charset={header}")


@FUZZ
@given(st.lists(st.sampled_from((*SOUP, *STORIES["en"], *STORIES["ru"])), max_size=40), MEDIA)
def test_plain_text_of_stories_and_soup(lines: list[str], media: Media) -> None:
    _judged("\n".join(lines).encode("utf-8", "replace"), media)


@FUZZ
@given(
    st.text(max_size=80),
    st.dictionaries(st.sampled_from(["content-type", "content-language", "x"]), st.text(max_size=40)),
)
def test_strange_addresses_and_headers(url: str, headers: dict[str, str]) -> None:
    page = RawPage(url=url, final_url=url, body=_page("en", []).encode(), fetched_at=NOW, headers=headers)
    assert isinstance(refine(page), Article | Rejection)


@pytest.mark.parametrize(
    "url", ["", ":", "http://", "http://[", "//", "file:", "https://echo.example:99999/", "http://\udcff/"]
)
def test_addresses_that_are_none(url: str) -> None:
    _judged(_page("en", []).encode(), url=url)
