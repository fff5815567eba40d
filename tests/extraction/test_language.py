"""The language of a text: declared, detected, and which of them wins."""

import pytest

from pipeline.extraction.language import detect_language, outweighs
from pipeline.items import Article, RawPage
from tests.extraction.pages import NOW, URL, article_of, paragraphs, text_page
from tests.extraction.stories import STORIES, story


def article_in(declared: str, language: str) -> Article:
    headline, *lines = STORIES[language]
    html = f"<html lang='{declared}'><body><article><h1>{headline}</h1>{paragraphs(*lines * 2)}</article></body></html>"
    return article_of(RawPage(url=URL, body=html.encode(), fetched_at=NOW))


def test_the_declared_language_stands_with_its_region_where_the_words_agree():
    found = article_in("en-GB", "en")
    assert (found.language, found.language_declared, found.language_detected) == ("en-GB", "en-GB", "en")
    assert found.signals["language"] == "html[lang]"


@pytest.mark.parametrize(("declared", "spoken"), [("en", "de"), ("de-DE", "fr"), ("en-US", "ru"), ("fr", "ja")])
def test_the_words_win_against_a_template_that_declares_another_language(declared, spoken):
    found = article_in(declared, spoken)
    assert (found.language, found.language_declared, found.language_detected) == (spoken, declared, spoken)
    assert found.signals["language"] == "detected"


def test_a_text_that_declares_nothing_is_detected():
    found = article_of(text_page(story("", language="it")))
    assert (found.language, found.language_declared, found.language_detected) == ("it", None, "it")


@pytest.mark.parametrize(
    ("detected", "declared", "length", "expected"),
    [
        ("de", "en", 100, True),
        ("de", "en", 99, False),
        ("no", "nb-NO", 900, False),
        ("da", "nb", 900, False),
        ("en", "nb", 900, True),
        ("ms", "id", 900, False),
        ("en", "tlh", 900, False),  # a language the detector does not know
        ("en", "en-GB", 900, False),
    ],
)
def test_only_a_clear_conflict_outweighs(detected, declared, length, expected):
    assert outweighs(detected, declared, "x" * length) is expected


def test_too_few_words_tell_nothing():
    assert detect_language("Zum Beispiel das hier.") is None
