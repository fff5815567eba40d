"""``newsloom db``."""

import json

import pytest

from pipeline.storage.articles import save
from pipeline.storage.schema import HEAD
from tests.commands.running import CommandLine
from tests.storage.samples import article, plain, rejection


def test_upgrade_says_from_what_to_what(empty_url, monkeypatch, capsys):
    cli = CommandLine(empty_url, monkeypatch, capsys)
    assert cli("db", "upgrade").lines == [f"schema (empty) → {HEAD}"]
    assert cli("db", "upgrade").lines == [f"schema {HEAD}, nothing to do"]
    assert json.loads(cli("db", "--json", "upgrade").out) == {"from": HEAD, "to": HEAD}
    assert cli("articles").err == "newsloom: no articles stored yet\n"


def test_a_server_without_schema_is_not_migrated_unasked(postgres, monkeypatch, capsys):
    cli = CommandLine(postgres.render_as_string(hide_password=False), monkeypatch, capsys)
    for command in (["articles"], ["db", "check"], ["db", "stats"]):
        done = cli(*command)
        assert done.status == 1
        assert done.err.endswith("run: newsloom db upgrade\n")


def test_check(cli, sqlite):
    save(sqlite, [plain(1)])
    done = cli("db", "check")
    assert (done.status, done.out, done.err) == (0, "sound\n", "")
    assert json.loads(cli("db", "check", "--json").out) == {"findings": []}
    with sqlite.begin() as connection:
        connection.exec_driver_sql("DELETE FROM addresses")
    done = cli("db", "check")
    assert (done.status, done.out, done.err) == (1, "article 1 has no address\n", "newsloom: 1 finding\n")


def test_stats(cli, sqlite):
    save(sqlite, [plain(1)])
    lines = dict(line.split(maxsplit=1) for line in cli("db", "stats").lines if "bytes" not in line)
    assert (lines["schema"], lines["articles"], lines["removed_lines"]) == (HEAD, "1", "2")
    found = json.loads(cli("db", "stats", "--json").out)
    assert found["schema"] == HEAD
    assert found["size"] > 0
    assert found["rows"]["articles"] == 1


@pytest.mark.parametrize("arguments", [[], ["repair"], ["check", "now"]])
def test_wrong_usage(cli, arguments):
    assert cli("db", *arguments).status == 2


def test_copy_brings_a_library_over_and_says_how_much(cli, sqlite, empty_url):
    target = empty_url.replace("newsloom.db", "copy.db")
    save(sqlite, [article(), rejection()])
    done = cli("db", "copy", cli.url, target)
    assert (done.status, done.err) == (0, "")
    assert done.lines[-1].startswith("copied and compared")
    again = cli("db", "copy", cli.url, target)
    assert again.status == 1
    assert "holds a library already" in again.err
    copied = json.loads(type(cli)(target, cli._monkeypatch, cli._capsys)("articles", "--json").out)
    assert copied == json.loads(cli("articles", "--json").out)


def test_a_copy_finds_what_the_original_finds(cli, sqlite, tmp_path):
    save(sqlite, [article()])
    target = f"sqlite:///{tmp_path}/copy.db"
    cli("db", "copy", cli.url, target)
    other = type(cli)(target, cli._monkeypatch, cli._capsys)
    assert other("search", "ferry").out == cli("search", "ferry").out != ""


@pytest.mark.parametrize("urls", [[], ["sqlite:///a.db"], ["a", "b", "c"]])
def test_copy_needs_two_databases(cli, urls):
    assert cli("db", "copy", *urls).status == 2


def test_a_database_that_is_not_there_is_not_copied(cli, tmp_path):
    done = cli("db", "copy", f"sqlite:///{tmp_path}/none.db", f"sqlite:///{tmp_path}/copy.db")
    assert (done.status, done.err) == (1, f"newsloom: {tmp_path}/none.db: there is no such database\n")
    assert not (tmp_path / "none.db").exists()
