"""``newsloom articles`` of versions: one of them, all of them, what differs, who changed what; and what is gone."""

import json
from dataclasses import replace

import pytest

from pipeline.config import wants_colour
from pipeline.items import Author, Block, Kind, Reason
from pipeline.storage.articles import save
from tests.storage.samples import NOON, article, plain, rejection


@pytest.fixture
def edited(sqlite):
    """One article in three states, and what another extractor made of the first."""
    first = article("The ferry sails at noon.", section="Ports", authors=(Author("Ann Lee"),), digest="1")
    second = article("The old ferry sails at one.", hours=1, headline="Ferry returns", digest="2")
    third = article(
        "The old ferry sails at one.", hours=2, headline="Ferry returns", kind=Kind.VIDEO, digest="3", modified=NOON
    )
    save(sqlite, [first, second, third])
    again = replace(first, body=(Block("The ferry sails at noon."),))
    save(sqlite, [again])


@pytest.mark.usefixtures("edited")
def test_one_version_exactly_in_every_form(cli):
    assert "By Ann Lee" in cli("articles", "show", "1", "--version", "1").lines
    assert "The ferry sails at noon." in cli("articles", "show", "1", "--version", "1").lines
    assert "section           -        Ports" in cli("articles", "show", "1", "--version", "1", "--why").lines
    assert "section           -        Local" in cli("articles", "show", "1", "--version", "2", "--why").lines
    assert "paragraph    The ferry sails at noon." in cli("articles", "show", "1", "--version", "1", "--raw").lines
    assert cli("articles", "show", "1", "--version", "2", "--markdown").lines[0] == "# Ferry returns"
    told = json.loads(cli("articles", "show", "1", "--version", "1", "--json").out)
    assert (told["version"], told["section"], told["headline"]) == (1, "Ports", "Harbour ferry returns")
    assert json.loads(cli("articles", "show", "1", "--json").out)["version"] == 3


@pytest.mark.usefixtures("edited")
def test_a_version_that_does_not_exist(cli):
    done = cli("articles", "show", "1", "--version", "9")
    assert (done.status, done.out, done.err) == (1, "", "newsloom: article 1 has no version 9, its last is 4\n")


@pytest.mark.usefixtures("edited")
def test_all_versions(cli):
    assert cli("articles", "show", "1", "--versions").lines == [
        "version  fetched           words  added  removed  changed            extractor",
        "      1  2026-11-12 12:00      8                  first              1",
        "      2  2026-11-12 13:00      9      6        3  headline, text     1",
        "      3  2026-11-12 14:00      9      0        0  kind               1",
        "      4  2026-11-12 12:00      5      0        3  text (replaces 1)  1",
    ]
    lines = [json.loads(line) for line in cli("articles", "show", "1", "--versions", "--json").lines]
    assert [(line["version"], line["replaces"], line.get("changed")) for line in lines] == [
        (1, None, None),
        (2, None, ["headline", "text"]),
        (3, None, ["kind"]),
        (4, 1, ["text"]),
    ]


def test_what_differs_between_the_last_two_states(cli, sqlite):
    save(sqlite, [article("It sails at noon."), article("It sails at one.", hours=1)])
    assert cli("articles", "diff", "1").lines == [
        "version 1 of 2026-11-12 12:00, version 2 of 2026-11-12 13:00",
        "text changed: 1 words added, 1 removed",
        "",
        "(2 paragraphs the same)",
        "It sails at [-noon.-] {+one.+}",
        "(7 paragraphs the same)",
    ]


@pytest.mark.usefixtures("edited")
def test_any_two_versions(cli):
    assert "[-Harbour ferry-] {+Ferry+} returns" in cli("articles", "diff", "1", "--from", "1", "--to", "3").lines
    assert "{+Harbour ferry+} returns" in cli("articles", "diff", "1", "--from", "3", "--to", "1").out.replace(
        "[-Ferry-] ", ""
    )
    assert "[-Why it stood-]" in cli("articles", "diff", "1", "--to", "4").lines
    told = json.loads(cli("articles", "diff", "1", "--to", "2", "--json").out)
    assert (told["from"], told["to"], told["changed"]) == (4, 2, ["headline", "text"])
    assert {"text": "old ", "mark": "+"} in [piece for paragraph in told["paragraphs"] for piece in paragraph]


def test_nothing_to_compare_with(cli, sqlite):
    save(sqlite, [article()])
    assert cli("articles", "diff", "1").err == "newsloom: article 1 has nothing before version 1\n"
    assert cli("articles", "diff", "1", "--to", "2").err == "newsloom: article 1 has no version 2, its last is 1\n"
    assert cli("articles", "diff", "7").err == "newsloom: there is no article 7\n"
    assert cli("articles", "diff", "7").status == 1


def test_colours_only_on_a_terminal_and_where_they_are_wanted(cli, sqlite, monkeypatch):
    save(sqlite, [article("It sails at noon."), article("\x1b[31mIt sails at one.", hours=1)])
    assert "\x1b" not in cli("articles", "diff", "1").out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[9;31mnoon.\x1b[0m \x1b[32mone.\x1b[0m" in cli("articles", "diff", "1").out
    assert "\x1b[31mIt" not in cli("articles", "diff", "1").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in cli("articles", "diff", "1").out
    monkeypatch.undo()
    assert wants_colour({"NO_COLOR": ""})
    assert not wants_colour({"NO_COLOR": "1"})


@pytest.mark.usefixtures("edited")
def test_changed_articles(cli, sqlite):
    save(sqlite, [plain(2), plain(3)])
    save(
        sqlite, [replace(plain(2), body=(Block("Quite another story."),), digest="x", fetched_at=NOON.replace(hour=20))]
    )
    assert cli("articles", "changed").lines == [
        "id  seen              source        headline       versions  added  removed  changed         told",
        " 2  2026-11-12 20:00  Harbour Post  Story 2        1 > 2         3        6  text            silent",
        " 1  2026-11-12 14:00  Harbour Post  Ferry returns  2 > 3         0        0  kind            modified",
        " 1  2026-11-12 13:00  Harbour Post  Ferry returns  4 > 2         6        3  headline, text  silent",
    ]
    assert len(cli("articles", "changed", "--silent").lines) == 1 + 2
    assert len(cli("articles", "changed", "--limit", "1").lines) == 1 + 1
    assert len(cli("articles", "changed", "--since", "2026-11-12T15:00").lines) == 1 + 1
    assert cli("articles", "changed", "--source", "none").err == "newsloom: no article was changed\n"
    first = json.loads(cli("articles", "changed", "--json").lines[0])
    assert (first["id"], first["from"], first["to"], first["silent"], first["dateSeen"]) == (
        2, 1, 2, True, "2026-11-12T20:00:00+00:00",
    )  # fmt: skip


def test_gone_articles(cli, sqlite):
    missing = rejection(plain(2).url, Reason.ERROR_PAGE, status=410, fetched_at=NOON.replace(hour=20))
    save(sqlite, [plain(1), plain(2), missing])
    assert [line.split()[0] for line in cli("articles", "--gone").lines] == ["id", "2"]
    assert cli("articles", "show", "2").lines[0] == "Gone since 2026-11-12 20:00 UTC: status 410"
    assert cli("articles", "show", "1").lines[0] == "Story 1"
    two, one = map(json.loads, cli("articles", "--json").lines)
    assert (two["dateGone"], two["goneStatus"]) == ("2026-11-12T20:00:00+00:00", 410)
    assert (one["dateGone"], one["goneStatus"]) == (None, None)
