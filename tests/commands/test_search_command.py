"""``newsloom search``: what is asked, how it is shown, and that nothing stored is missed."""

import json
import sys

import pytest

from pipeline.items import Block
from pipeline.storage.articles import save
from pipeline.storage.indexing import update_index, waiting
from tests.commands.running import CommandLine
from tests.storage.samples import article, plain

SHOWN = """\
1  Harbour ferry returns
    2026-11-12 07:00  Harbour Post  https://harbourpost.example/ferry
    After two weeks. Why it stood The ferry sails again."""


@pytest.fixture
def filled(cli, sqlite):
    save(
        sqlite, [article(description=None, updates=(), factboxes=()), plain(2, language="de", updates=(), factboxes=())]
    )
    return cli


def test_what_was_stored_and_never_indexed_is_found(filled, sqlite):
    done = filled("search", "ferry sails")
    assert (done.status, done.out, done.err) == (0, SHOWN + "\n", "")
    assert waiting(sqlite) == 0


def test_a_terminal_shows_hits_in_bold_unless_colours_are_unwelcome(filled, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[1mferry\x1b[0m \x1b[1msails\x1b[0m again" in filled("search", "ferry sails").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert filled("search", "ferry sails").out == SHOWN + "\n"


def test_json_says_where_the_hits_are(filled):
    (hit,) = map(json.loads, filled("search", "--json", "ferry sails").lines)
    assert (hit["id"], hit["url"], hit["source"]) == (1, "https://harbourpost.example/ferry", "Harbour Post")
    assert (hit["section"], hit["inLanguage"], hit["datePublished"]) == ("Local", "en", "2026-11-12T07:00:00+00:00")
    assert [hit["headline"][start:end] for start, end in hit["headlineHits"]] == ["ferry"]
    assert [hit["snippet"][start:end] for start, end in hit["snippetHits"]] == ["ferry", "sails"]
    assert hit["score"] == 1.5


def test_what_is_shown_cannot_drive_a_terminal(cli, sqlite):
    save(sqlite, [article(headline="Red \x1b[31m ferry", body=(Block("The \u202eferry."),), standfirst=None)])
    done = cli("search", "ferry")
    assert "Red \\x1b[31m ferry" in done.out
    assert "The \\u202eferry" in done.out


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["story OR"], []),
        (["story"], [2]),
        (["number", "story"], [2]),
        (["--lang", "de", "after two weeks"], [2]),
        (["after", "--lang", "de", "two", "weeks"], [2]),
        (["after -story"], [1]),
        (['"two weeks"', "--limit", "1"], [2]),
        (["weeks", "--since", "2026-11-12", "--until", "2026-11-13", "--section", "Local"], [2, 1]),
        (["weeks", "--until", "2026-11-12"], []),
    ],
)
def test_words_options_and_their_order(filled, arguments, ids):
    assert [json.loads(line)["id"] for line in filled("search", "--json", *arguments).lines] == ids


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "nothing to look for"),
        ([""], "nothing to look for"),
        (["\"'* ("], "nothing to look for"),
        ([" -".join("abcdefghijkl")], "too many"),
        (["a " * 9 + '"' + "b " * 50_000 + '"'], "too long"),
        (["fe*"], "too short for a prefix"),
        ([" -not", "--source", "x"], "nothing to look for"),
    ],
)
def test_a_query_that_cannot_be_answered_ends_with_one_line_and_status_2(filled, arguments, line):
    done = filled("search", *arguments)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("newsloom: ")
    assert done.err.count("\n") == 1
    assert line in done.err


@pytest.mark.parametrize("arguments", [["ferry", "--rebuild"], ["ferry", "--since", "yesterday"], ["ferry", "-x"]])
def test_wrong_usage(filled, arguments):
    assert filled("search", *arguments).status == 2


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["zebra"], "no article matches"),
        (["ferry", "--source", "nowhere"], "no article is let through by these options, whatever it says"),
    ],
)
def test_nothing_found(filled, arguments, line):
    done = filled("search", *arguments)
    assert (done.status, done.out, done.err) == (0, "", f"newsloom: {line}\n")


def test_an_empty_database(cli):
    assert cli("search", "ferry").err == "newsloom: no articles stored yet\n"


def test_rebuilding(filled, sqlite):
    list(update_index(sqlite))
    with sqlite.begin() as connection:
        connection.exec_driver_sql("DELETE FROM search_index")
    assert filled("search", "ferry").out == ""
    assert filled("search", "--rebuild").lines == ["2 articles indexed"]
    assert filled("search", "ferry sails").out == SHOWN + "\n"


def test_a_run_leaves_nothing_to_be_indexed(cli, sqlite, tmp_path):
    (tmp_path / "a.txt").write_text("The ferry returns\n\n" + "It sails at noon to the island of Brevik. " * 30)
    assert cli("replay", str(tmp_path / "a.txt")).status == 0
    assert waiting(sqlite) == 0
    assert "The ferry returns" in cli("search", "brevik").out


def test_a_database_that_may_only_be_read_is_searched(database_url, engine, monkeypatch, capsys):
    if engine.dialect.name == "sqlite":
        pytest.skip("an SQLite database of this kind cannot be read either: readers share a file that they write")
    save(engine, [article()])
    list(update_index(engine))
    save(engine, [plain(2)])
    cli = CommandLine(f"{database_url}&options=-c%20default_transaction_read_only%3Don", monkeypatch, capsys)
    done = cli("search", "ferry sails")
    assert done.lines[0].endswith("Harbour ferry returns")
    assert done.err.startswith("newsloom: the newest articles are not found: PostgreSQL database ")
    assert done.err.count("\n") == 1
