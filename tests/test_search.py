"""What is typed into a search, folded text, and snippets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import QueryError
from pipeline.search import MOST_PHRASE, MOST_TERMS, Query, Term, parse_query, snippet, tokens


def marked(text: str, query: str, length: int = 200) -> str:
    found = snippet(text, parse_query(query), length)
    shown = found.text
    for start, end in reversed(found.hits):
        shown = f"{shown[:start]}[{shown[start:end]}]{shown[end:]}"
    return shown


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("The Café's naïve RÔLE", "the cafe s naive role"),
        ("Straße in ŁÓDŹ, Smørrebrød", "strasse in lodz smorrebrod"),
        ("İstanbul ılık", "istanbul ilik"),
        ("Ελλάδα ΣΊΣΥΦΟΣ", "ελλαδα σισυφοσ"),
        ("Ёлка йод", "елка иод"),
        ("العَرَبِيَّة أخبار", "العربية اخبار"),
        ("東京タワー ABC中文", "東 京 タ ワ ー abc 中 文"),
        ("한국", "한 국"),
        ("हिन्दी समाचार", "हिन्दी समाचार"),
        ("covid-19 x_y 3d", "covid 19 x y 3d"),
        ("\0 \u00ad!?", ""),
    ],
)
def test_case_accents_and_scripts_are_folded(text, folded):
    assert " ".join(tokens(text)) == folded


def test_words_phrases_exclusions_and_prefixes_are_told_apart():
    assert parse_query('Café "naive role" -Spain ferr* "東京"') == Query(
        (Term(("cafe",)), Term(("naive", "role")), Term(("ferr",), prefix=True), Term(("東", "京"))),
        (Term(("spain",)),),
    )


@pytest.mark.parametrize("text", ["", "  ", '"', "-x", "-", "*", "\0", "()", '"" ""'])
def test_a_query_without_a_word_to_find_is_refused(text):
    with pytest.raises(QueryError, match="nothing to look for"):
        parse_query(text)


def test_operators_of_databases_are_words_and_a_quote_left_open_ends_with_the_query():
    assert parse_query("a AND NEAR(b)") == parse_query('a and "near b"')
    assert parse_query('"two words') == parse_query('"two words"')


@pytest.mark.parametrize(
    "text", [" ".join(map(str, range(MOST_TERMS + 1))), '"' + "a " * (MOST_PHRASE + 1) + '"', "ab*", "x" * 10 + " a*"]
)
def test_what_would_cost_too_much_is_refused(text):
    with pytest.raises(QueryError):
        parse_query(text)


def test_a_snippet_shows_where_the_words_stand():
    text = "Nothing here. " * 30 + "The naïve rôle of a CAFÉ by the ferries." + " Nothing there." * 30
    shown = marked(text, 'cafe "naive role" ferr*')
    assert "[naïve rôle] of a [CAFÉ] by the [ferries]" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")


def test_a_snippet_without_a_hit_is_the_beginning():
    assert marked("One two three.", "four") == "One two three."


@given(st.text(max_size=400), st.text(alphabet=st.sampled_from('ab -"*é東\0('), max_size=30), st.integers(20, 200))
def test_any_query_over_any_text_gives_hits_that_are_in_it_or_is_refused(text, typed, length):
    try:
        query = parse_query(typed)
    except QueryError:
        return
    found = snippet(text, query, length)
    assert all(0 <= start < end <= len(found.text) for start, end in found.hits)
    wanted = {word for term in query.wanted for word in term.words}
    for start, end in found.hits:
        assert any(token.startswith(word) for token in tokens(found.text[start:end]) for word in wanted)


@given(st.text(max_size=200))
def test_folding_folded_text_changes_nothing(text):
    once = tokens(text)
    assert tokens(" ".join(once)) == once
