"""What is typed into a search, folded text, and snippets."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import QueryError
from pipeline.search import MOST_PHRASE, MOST_TERMS, Query, Term, freshness, parse_query, relevance, snippet, tokens


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
        ("東京タワー ABC中文", "東京 京タ タワ ワー ー abc 中文 文"),
        ("한국", "한국 국"),
        ("हिन्दी समाचार है।अब", "हिन्दी समाचार है अब"),
        ("covid-19 x_y 3d", "covid 19 x y 3d"),
        ("\0 \u00ad!?", ""),
    ],
)
def test_case_accents_and_scripts_are_folded(text, folded):
    assert " ".join(tokens(text)) == folded


def test_words_phrases_exclusions_and_prefixes_are_told_apart():
    assert parse_query('Café "naive role" -Spain ferr* "東京"') == Query(
        (Term(("cafe",)), Term(("naive", "role")), Term(("ferr",), prefix=True), Term(("東京",))),
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
    "text",
    [
        " ".join(map(str, range(MOST_TERMS + 1))),
        " -".join(map(str, range(200_000))),
        '"' + "a " * (MOST_PHRASE + 1) + '"',
        "ab*",
        "x" * 10 + " a*",
    ],
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


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("हिन्दी दी।", "दी", "हिन्दी [दी]।"),
        ("xharbour harbourx harbour_harbour", "harbour", "xharbour harbourx [harbour]_[harbour]"),
        ("the the cat", '"the cat"', "the [the cat]"),
        ("店店店員", "店員", "店店[店員]"),
        ("ab, c…d ß", '"c d ss"', "ab, [c…d ß]"),
    ],
)
def test_only_whole_words_are_hits(text, query, shown):
    assert marked(text, query) == shown


def test_a_text_that_fits_is_shown_whole():
    text = "One hundred swimmers cross the river"
    assert marked(text, "river", len(text)) == "One hundred swimmers cross the [river]"


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
def test_folding_folded_text_loses_nothing(text):
    once = tokens(text)
    assert set(once) <= set(tokens(" ".join(once)))


@pytest.mark.parametrize(
    ("query", "words", "prefix"),
    [
        ("東京タワー", ("東京", "京タ", "タワ", "ワー"), False),
        ("中", ("中",), True),
        ("abc中", ("abc", "中"), True),
        ("中文abc", ("中文", "文", "abc"), False),
    ],
)
def test_a_run_without_spaces_is_looked_for_wherever_it_stands_in_a_longer_one(query, words, prefix):
    assert parse_query(query).wanted == (Term(words, prefix),)


@pytest.mark.parametrize(
    ("query", "shown"),
    [("京", "東[京]タワー"), ("京タ", "東[京タ]ワー"), ("タワー", "東京[タワー]"), ("ワ*", "東京タ[ワ]ー")],
)
def test_a_hit_within_a_run_ends_where_it_ends(query, shown):
    assert marked("東京タワー", query) == shown


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("storm", 0),
        ("storm harbour", 0.5),
        ("returns harbour", 1),
        ("harbour ferry", 1.5),
        ('"harbour ferry"', 1),
        ("harb*", 1),
        ("arbour", 0),
    ],
)
def test_relevance_is_the_share_in_the_headline(query, value):
    assert relevance("harbour ferry returns", parse_query(query).wanted) == value


def test_freshness_falls_with_age():
    assert [freshness(timedelta(days=days)) for days in (0, 7, 21)] == [1, 0.5, 0.25]
