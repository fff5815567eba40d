"""Names out of bylines, in many languages, people apart from organisations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extraction.people import begins_as_byline, is_organisation, is_person, read_authors, split_names


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Jane Doe", ["Jane Doe"]),
        ("By JANE DOE and JOHN ROE", ["JANE DOE", "JOHN ROE"]),
        ("Written by Jane Doe, MD, and John Roe, Ph.D.", ["Jane Doe", "John Roe"]),
        ("Jane Doe, Staff writer", ["Jane Doe"]),
        ("Jane Doe, Senior Political Correspondent", ["Jane Doe"]),
        ("Jane Doe Political Editor", ["Jane Doe"]),
        ("Mathilde Berg / Journalist", ["Mathilde Berg"]),
        ("Jane Doe in Berlin", ["Jane Doe"]),
        ("Jane Doe, Berlin", ["Jane Doe"]),
        ("Jane Doe (text) and John Roe (video)", ["Jane Doe", "John Roe"]),
        ("Jane Doe updated 3 May 2024", ["Jane Doe"]),
        ("Jane Doe jane@news.example @jane", ["Jane Doe"]),
        ("Smith, John", ["John Smith"]),
        ("O’Brien; Conan", ["Conan O’Brien"]),
        ("AFP, MANILA", ["AFP"]),
        ("John E Smith", ["John E Smith"]),
        ("Von Max Mustermann und Anna von der Leyen", ["Max Mustermann", "Anna von der Leyen"]),
        ("Ein Gastbeitrag von Max Mustermann", ["Max Mustermann"]),
        ("Text: Max Mustermann", ["Max Mustermann"]),
        ("von der Leyen", ["von der Leyen"]),
        ("De Luca", ["De Luca"]),
        ("Par Jean Dupont avec AFP", ["Jean Dupont", "AFP"]),
        ("Por Luis de la Cruz y Ana Gómez", ["Luis de la Cruz", "Ana Gómez"]),
        ("Di Marco Rossi", ["Marco Rossi"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Door Piet de Vries en Jan Jansen", ["Piet de Vries", "Jan Jansen"]),
        ("Av Kari Nordmann og Ola Nordmann", ["Kari Nordmann", "Ola Nordmann"]),
        ("Przygotował Jan Kowalski", ["Jan Kowalski"]),
        ("Автор: Иван Петров", ["Иван Петров"]),
        ("بقلم: محمد علي، سارة حسن", ["محمد علي", "سارة حسن"]),
        ("記者：王小明、李大同", ["王小明", "李大同"]),
        ("김철수 기자", ["김철수"]),
        ("srf/hosb; kesm", ["srf/hosb", "kesm"]),
        ("https://social.example/jane", []),
        ("Updated 3 May 2024", []),
        ("admin", []),
        ("", []),
    ],
)
def test_the_names_in_a_byline(byline, names):
    assert split_names(byline) == names


@pytest.mark.parametrize("name", ["dpa", "AFP", "Example News Agency", "BR Redaktion", "news.example.com", "産経新聞"])
def test_organisations(name):
    assert is_organisation(name)
    assert not is_person(name)


@pytest.mark.parametrize(
    "name", ["Jane Doe", "Anna von der Leyen", "J. R. R. Smith", "Иван Петров", "王小明", "Conan O’Brien"]
)
def test_persons(name):
    assert is_person(name)


@pytest.mark.parametrize(
    "text", ["Monday the 1st of May", "von APA", "Jane", "read the whole story here", "In Berlin today"]
)
def test_no_persons(text):
    assert not is_person(text)


def test_people_come_with_roles_and_each_once():
    authors = read_authors(["Jane Doe", "Doe, Jane", "jane doe; Example Press"])
    assert [(author.name, author.role) for author in authors] == [("Jane Doe", "author"), ("Example Press", "agency")]


def test_the_site_itself_is_an_author_only_where_nobody_else_is():
    assert [a.name for a in read_authors(["The Example"], ["The Example"])] == ["The Example"]
    assert read_authors(["The Example"], ["The Example"])[0].role == "agency"
    assert [a.name for a in read_authors(["Jane Doe", "The Example Weekend"], ["The Example"])] == ["Jane Doe"]


def test_a_byline_begins_with_a_word_for_it():
    assert begins_as_byline("By Jane Doe")
    assert begins_as_byline("Von Max Mustermann")
    assert not begins_as_byline("Bystanders said it was loud")
    assert not begins_as_byline("Von der Leyen says no")


@given(st.lists(st.text(max_size=400), max_size=4), st.lists(st.text(max_size=20), max_size=2))
def test_no_text_raises(values, sites):
    for author in read_authors(values, sites):
        assert author.name == author.name.strip()
        assert author.name
