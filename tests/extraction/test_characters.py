"""No character that a database or a terminal stumbles over gets into what is made of a page, however it is written."""

import pickle
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace

import pytest

from pipeline.extraction import refine
from pipeline.text import without_controls
from tests.extraction.pages import article_of, body_texts, html_page, paragraphs, text_page
from tests.extraction.stories import STORIES

HEADLINE, *STORY = STORIES["en"]
CONTROLS = (0, 1, 8, 11, 12, 27, 31, 127, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF)
SPELLINGS = ("&#{0};", "&#{0}", "&#x{0:x};", "&#X00{0:X};", "&amp;#{0};")


def strings(made: object) -> Iterator[str]:
    """Every text in an item."""
    if isinstance(made, str):
        yield made
    elif isinstance(made, dict):
        yield from (text for pair in made.items() for part in pair for text in strings(part))
    elif isinstance(made, tuple):
        yield from (text for part in made for text in strings(part))
    elif is_dataclass(made):
        yield from (text for field in fields(made) for text in strings(getattr(made, field.name)))


def strange(made: object) -> list[str]:
    return [text for text in strings(made) if text != without_controls(text)]


@pytest.mark.parametrize("code", CONTROLS)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_control_characters_written_as_references(code: int, spelling: str) -> None:
    sign = spelling.format(code)
    head = f'<meta name="author" content="Odile {sign}Marrow"><meta name="description" content="A {sign} line">'
    body = f"<article><h1>{HEADLINE}{sign} </h1>{paragraphs(*STORY, f'{STORY[0]} {sign} {STORY[1]}')}</article>"
    made = article_of(html_page(body, f"{HEADLINE} {sign}", head))
    assert not strange(made)
    assert body_texts(made)[: len(STORY)] == STORY


@pytest.mark.parametrize(
    "sign", ["&#9;", "&#10;", "&#13;", "&#128;", "&#80;", "&#x81b;", "&#318;", "&#65536;", "&#x1f600;"]
)
def test_references_to_characters_of_texts_stay(sign: str) -> None:
    with_sign, without = (
        article_of(html_page(f"<article><h1>{HEADLINE}</h1>{paragraphs(*STORY, f'{STORY[1]} A{text}B.')}</article>"))
        for text in (sign, "")
    )
    assert body_texts(with_sign) != body_texts(without)


def test_a_reference_behind_a_script_does_not_stop_the_pruning() -> None:
    page = html_page(f"<article><h1>{HEADLINE}</h1>&#8;<script>x</script>&#8;{paragraphs(*STORY)}</article>")
    assert body_texts(article_of(page)) == STORY


@pytest.mark.parametrize(
    "url",
    [
        "https://echo.example/\ud800/a",
        "file:///s\udcff/a.txt",
        "file:///s%00%1b/a.txt",
        "https://echo.example/\0",
        "\ud800",
    ],
)
def test_the_pages_own_address(url: str) -> None:
    texts = ("\n\n".join(STORIES["en"]), "")
    for page in (html_page(f"<h1>{HEADLINE}</h1>{paragraphs(*STORY)}"), *map(text_page, texts)):
        for source in ("", url):
            made = refine(replace(page, url=url, final_url=url, source=source))
            assert not strange(made)
            assert pickle.loads(pickle.dumps(made)) == made
