"""``newsloom articles``: lists, filters, one article in each of its forms."""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.commands.listing import Column, display_width, table
from pipeline.storage.articles import save
from tests.storage.samples import NOON, article, local, plain, rejection

KEYS = {
    "id", "url", "headline", "description", "authors", "datePublished", "dateModified", "inLanguage", "canonicalUrl",
    "images", "articleBody", "removed", "sources", "kind", "version",
}  # fmt: skip


def test_an_empty_database(cli):
    done = cli("articles")
    assert (done.status, done.out, done.err) == (0, "", "newsloom: no articles stored yet\n")


def test_the_list(cli, sqlite):
    save(sqlite, [article(), local("a.txt", "One two three.", published=None, published_precision=None, hours=-20)])
    done = cli("articles")
    assert done.lines == [
        "id  published         source        headline               words",
        " 1  2026-11-12 07:00  Harbour Post  Harbour ferry returns      7",
        " 2  -                 Harbour Post  Harbour ferry returns      6",
    ]
    assert (done.status, done.err) == (0, "")


def test_a_day_is_shown_as_a_day(cli, sqlite):
    save(sqlite, [article(published_precision="day")])
    assert "2026-11-12  Harbour" in cli("articles").out


def test_limit_source_and_since(cli, sqlite):
    save(sqlite, [plain(n, published=NOON.replace(day=n + 1), source="ab"[n % 2]) for n in range(25)])
    assert len(cli("articles").lines) == 1 + 20
    assert len(cli("articles", "--limit", "0").lines) == 1 + 25
    assert len(cli("articles", "--limit", "3").lines) == 1 + 3
    assert len(cli("articles", "--source", "b").lines) == 1 + 12
    assert len(cli("articles", "--since", "2026-11-24").lines) == 1 + 2
    assert len(cli("articles", "--since", "2026-11-24T13:00+01:00").lines) == 1 + 2
    assert len(cli("articles", "--since", "2026-11-24T12:00:01").lines) == 1 + 1
    done = cli("articles", "--source", "none")
    assert (done.status, done.out, done.err) == (0, "", "newsloom: no article matches\n")


def test_since_and_until_take_an_age(cli, sqlite):
    now = datetime.now(UTC)
    save(sqlite, [plain(1, published=now - timedelta(hours=1)), plain(2, published=now - timedelta(days=10))])
    for options, number in (["--since", "2h"], 1), (["--since", "2w"], 2), (["--since", "2w", "--until", "1d"], 1):
        assert len(cli("articles", *options).lines) == 1 + number


def test_the_other_filters(cli, sqlite):
    save(sqlite, [article(), plain(1, section="Sport", language="pt-BR"), plain(2, published=NOON.replace(day=20))])
    assert len(cli("articles", "--section", "Sport", "--lang", "pt").lines) == 1 + 1
    assert len(cli("articles", "--author", "Marta Ellison", "--kind", "opinion").lines) == 1 + 3
    assert cli("articles", "--author", "Marta").err == "newsloom: no article matches\n"
    assert len(cli("articles", "--until", "2026-11-20").lines) == 1 + 2
    assert [line[:2] for line in cli("articles", "--matching", "weeks num*", "--tag", "ferry").lines[1:]] == [
        " 3",
        " 2",
    ]
    assert cli("articles", "--tag", "fer").err == "newsloom: no article matches\n"
    assert "--lang needs: articles" in cli("articles", "show", "1", "--lang", "en").err


def test_json_gives_whole_articles(cli, sqlite):
    save(sqlite, [article(), plain(2)])
    first, second = map(json.loads, cli("articles", "--json").lines)
    assert first.keys() > KEYS
    assert first["headline"] == "Story 2"
    assert (second["id"], second["version"], second["kind"]) == (1, 1, "opinion")
    assert second["articleBody"] == "Why it stood\n\nThe ferry sails again."
    assert second["authors"] == [{"name": "Marta Ellison"}, {"name": "Coast Wire", "role": "agency"}]
    assert second["datePublished"] == "2026-11-12T07:00:00+00:00"
    assert second["removed"][0] == {"text": "Join for access", "rule": "paywall.prompt"}
    assert second["sources"] == {"headline": "json-ld", "authors": "line"}


def test_show(cli, sqlite):
    save(sqlite, [article()])
    assert cli("articles", "show", "1").lines == [
        "Harbour ferry returns",
        "By Marta Ellison, Coast Wire (agency)",
        "Published 2026-11-12 07:00 UTC, Modified 2026-11-12 11:00 UTC",
        "https://harbourpost.example/ferry",
        "",
        "Why it stood",
        "",
        "The ferry sails again.",
        "",
        "2026-11-12 12:00 UTC",
        "It sails",
        "At noon. All aboard.",
        "",
        "The quay fills.",
        "",
        "The ferry",
        "Built in 1971",
        "Carries 80",
    ]


@pytest.mark.parametrize("order", [("show", "1", "--why"), ("show", "--why", "1"), ("--why", "show", "1")])
def test_why(cli, sqlite, order):
    save(sqlite, [article()])
    lines = cli("articles", *order).lines[4:]
    assert lines[:6] == [
        "",
        "field             signal   value",
        "headline          json-ld  Harbour ferry returns",
        "  but             feed     Another title",
        "standfirst        -        After two weeks.",
        "authors           line     Marta Ellison, Coast Wire (agency)",
    ]
    assert lines[-4:] == [
        "",
        "line  rule            removed",
        "   5  paywall.prompt  Join for access",
        "   3  share.counter   0",
    ]


def test_raw(cli, sqlite):
    save(sqlite, [article()])
    assert cli("articles", "show", "1", "--raw").lines == [
        "headline     Harbour ferry returns",
        "standfirst   After two weeks.",
        "heading 2    Why it stood",
        "paragraph    The ferry sails again.",
        "update       2026-11-12 12:00 UTC",
        "update       It sails",
        "update       At noon. All aboard.",
        "update       The quay fills.",
        "factbox      The ferry",
        "factbox      Built in 1971",
        "factbox      Carries 80",
        "attribution  Ivo Brandt contributed to this report.",
        "image        https://harbourpost.example/1.jpg",
        "caption      In dry dock",
        "credit       Lotte Brevik",
        "caption      Quay",
    ]


def test_one_as_json_and_as_markdown(cli, sqlite):
    save(sqlite, [article()])
    (line,) = cli("articles", "show", "1", "--json").lines
    assert line == cli("articles", "--json").lines[0]
    assert cli("articles", "show", "1", "--markdown").lines[0] == "# Harbour ferry returns"


@pytest.mark.parametrize("unknown", ["7", "0", "99999999999999999999"])
def test_an_unknown_id(cli, unknown):
    done = cli("articles", "show", unknown)
    assert (done.status, done.out, done.err) == (1, "", f"newsloom: there is no article {unknown}\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--since", "soon"], "'soon' is no date"),
        (["--since", "2x"], "'2x' is no date"),
        (["--since", "99999y"], "'99999y' is no date"),
        (["--since", "0001-01-01T00:00+05:00"], "is no date"),
        (["--limit", "-1"], "'-1' is no whole number"),
        (["--limit", "²"], "is no whole number"),
        (["show"], "show which article"),
        (["show", "two"], "not 'two'"),
        (["show", "1", "2"], "unrecognized arguments: 2"),
        (["list"], "unrecognized arguments: list"),
        (["--nonsense"], "unrecognized arguments: --nonsense"),
        (["--why"], "--why needs: articles show ID"),
        (["show", "1", "--limit", "0"], "--limit needs: articles or articles changed"),
        (["diff"], "diff which article"),
        (["diff", "one"], "not 'one'"),
        (["changed", "1"], "unrecognized arguments: 1"),
        (["changed", "--gone"], "--gone needs: articles"),
        (["--version", "2"], "--version needs: articles show ID"),
        (["show", "1", "--from", "2"], "--from needs: articles diff ID"),
        (["show", "1", "--version", "0"], "'0' is no number of a version"),
        (["show", "1", "--versions", "--raw"], "--versions lists them all"),
        (["show", "1", "--why", "--raw"], "not allowed with"),
        (["show", "1", "--json", "--markdown"], "--json is a form of its own"),
    ],
)
def test_wrong_usage(cli, arguments, says):
    done = cli("articles", *arguments)
    assert done.status == 2
    assert says in done.err


def test_text_from_pages_cannot_drive_the_terminal(cli, sqlite):
    evil = "\x1b]0;owned\x07\x9b31m\u202eevil"
    save(sqlite, [article(evil, headline=evil, source=evil, signals={evil: evil}, standfirst=evil)])
    for form in (
        [],
        ["show", "1"],
        ["show", "1", "--why"],
        ["show", "1", "--raw"],
        ["show", "1", "--markdown"],
        ["--json"],
    ):
        out = cli("articles", *form).out
        assert not set(out) & set("\x1b\x07\x9b\u202e"), form
        assert "evil" in out


def test_a_fault_is_one_line(cli):
    cli.url = "postgresql://user:s3cret@/name?host=/nowhere"
    done = cli("articles")
    assert done.status == 1
    assert done.err.startswith("newsloom: PostgreSQL database name on /nowhere: ")
    assert done.err.count("\n") == 1
    assert "s3cret" not in done.err


def test_on_a_terminal_the_headline_gives_way(cli, sqlite, monkeypatch):
    save(sqlite, [article(headline="Word " * 60)])
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr(shutil, "get_terminal_size", lambda: os.terminal_size((60, 20)))
    lines = cli("articles").lines
    assert [len(line) for line in lines] == [60, 60]
    assert "…" in lines[1]
    monkeypatch.undo()


def test_the_widest_column_gives_way_first_and_none_wholly():
    columns = [Column("url", shrinks=True), Column("detail", shrinks=True), Column("n")]
    row = ["u" * 30, "d" * 20, "7"]
    assert list(table(columns, [row], width=39))[1] == f"{'u' * 16}…  {'d' * 16}…  7"
    assert list(table(columns, [row], width=5))[1] == f"{'u' * 9}…  {'d' * 9}…  7"


def test_a_table_counts_cells_as_terminals_do():
    columns = [Column("a", shrinks=True), Column("b", right=True)]
    assert list(table(columns, [["港のフェリー", "1"], ["e\u0301t\u00e9", "22"]], width=14)) == [
        "a" + " " * 9 + "   b",
        "港のフェ… " + "   1",
        "e\u0301t\u00e9" + " " * 7 + "  22",
    ]
    assert display_width("港") == 2
    assert display_width("e\u0301") == 1


def test_a_rejection_is_no_article(cli, sqlite):
    save(sqlite, [rejection()])
    assert cli("articles").err == "newsloom: no articles stored yet\n"
