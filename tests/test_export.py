"""Records, Markdown, and text that is safe to print."""

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.export import article_record, json_line, markdown, printable, record, rejection_record
from pipeline.items import Article, Block, BlockKind, Rejection
from tests.storage.samples import article, rejection


def test_a_record_has_every_field_under_its_export_name_in_order():
    assert list(record(article())) == [f.metadata["name"] for f in fields(Article)]
    assert list(record(rejection())) == [f.metadata["name"] for f in fields(Rejection)]
    assert list(article_record(article(), 7, 2))[:: len(fields(Article)) + 1] == ["id", "version"]
    assert next(iter(rejection_record(rejection(), 7))) == "id"


def test_a_record_is_plain_json():
    values = record(article())
    assert json.loads(json.dumps(values)) == values
    assert values["kind"] == "opinion"
    assert values["images"] == [
        {"url": "https://harbourpost.example/1.jpg", "caption": "In dry dock", "credit": "Lotte Brevik"},
        {"caption": "Quay"},
    ]
    assert record(rejection())["reason"] == "too_short"


@given(st.text(st.characters()))
def test_a_line_of_json_gives_the_text_back_and_drives_no_terminal(text):
    line = json_line({"text": text})
    assert json.loads(line) == {"text": text}
    assert len(line.splitlines()) == 1
    assert not any(character < " " or "\x7f" <= character <= "\x9f" for character in line)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Plain – ‘text’ 港", "Plain – ‘text’ 港"),
        ("two\nlines\tand  gaps", "two lines and gaps"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x9b31m", "\\x9b31m"),
        ("\u202etxt.exe", "\\u202etxt.exe"),
        ("half \ud83d", "half \\ud83d"),
    ],
)
def test_printable(text, shown):
    assert printable(text) == shown


@given(st.text(st.characters()))
def test_printable_text_is_one_line_that_any_terminal_takes(text):
    shown = printable(text)
    assert len(shown.splitlines()) <= 1
    shown.encode()
    assert printable(shown) == shown


def test_markdown():
    body = (
        Block("It is back."),
        Block("Why", BlockKind.HEADING, 1),
        Block("first", BlockKind.LIST_ITEM),
        Block("second", BlockKind.LIST_ITEM),
        Block("We waited.", BlockKind.QUOTE),
        Block("day | sailings", BlockKind.TABLE_ROW),
        Block("Monday | 12 | late", BlockKind.TABLE_ROW),
        Block("print(1) ", BlockKind.CODE),
    )
    assert markdown(article(body=body)) == (
        "# Harbour ferry returns\n\n"
        "Marta Ellison, Coast Wire · 2026-11-12 · Harbour Post\n\n"
        "**After two weeks.**\n\n"
        "It is back.\n\n"
        "## Why\n\n"
        "- first\n- second\n\n"
        "> We waited.\n\n"
        "| day | sailings |  |\n| --- | --- | --- |\n| Monday | 12 | late |\n\n"
        "    print(1) \n\n"
        "## 2026-11-12 12:00 · It sails\n\nAt noon.\n\nAll aboard.\n\nThe quay fills.\n\n"
        "> **The ferry**\n>\n> Built in 1971\n>\n> Carries 80\n\n"
        "*Ivo Brandt contributed to this report.*\n\n"
        "![](<https://harbourpost.example/1.jpg>)\\\nIn dry dock — Lotte Brevik\n\nQuay\n\n"
        "Source: <https://harbourpost.example/ferry>\n"
    )


_WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=6)
_BLOCKS = st.builds(Block, st.lists(_WORDS, min_size=1, max_size=4).map(" ".join), st.sampled_from(BlockKind))


@given(st.lists(_BLOCKS, min_size=1, max_size=6).map(tuple))
def test_every_word_of_the_body_is_in_both_views_in_order(body):
    words = [word for block in body for word in block.text.split()]
    bare = article(body=body, headline="H", authors=(), published=None, site_name=None, standfirst=None)
    assert bare.text.split() == words
    shown = iter(markdown(bare).split())
    assert all(word in shown for word in words)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("# no heading", "\\# no heading"),
        ("- no item", "\\- no item"),
        ("1. no item", "1\\. no item"),
        ("2026 was", "2026 was"),
        ("a *b* _c_ [d](e) <f> `g`", "a \\*b\\* \\_c\\_ \\[d\\](e) \\<f\\> \\`g\\`"),
    ],
)
def test_text_is_no_markup(text, escaped):
    bare = article(body=(Block(text),), authors=(), published=None, site_name=None, standfirst=None, attribution=())
    assert markdown(bare).split("\n\n")[1] == escaped


def test_a_local_file_has_no_source_line():
    assert "Source" not in markdown(article(url="file:///seeds/a.txt"))
