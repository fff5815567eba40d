"""``newsloom db``."""

import json

import pytest

from pipeline.storage.articles import save
from pipeline.storage.schema import HEAD
from tests.commands.running import CommandLine
from tests.storage.samples import plain


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
