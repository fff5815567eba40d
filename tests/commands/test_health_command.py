"""``newsloom health``: findings of the ledger, exit status, and notices that reach a real server."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine

from pipeline.findings import Kind
from pipeline.funnel import key
from pipeline.health import Watch, look
from pipeline.storage.retention import drop_runs
from pipeline.storage.runs import finish_run, start_run
from tests.commands.running import CommandLine

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class Desk(HTTPServer):
    """Takes notices, or refuses them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Take)
        self.status, self.taken = 200, list[dict[str, Any]]()

    @property
    def address(self) -> str:
        return f"json://me:hidden@127.0.0.1:{self.server_port}/hook"


class Take(BaseHTTPRequestHandler):
    server: Desk

    def do_POST(self) -> None:
        self.server.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def desk() -> Iterator[Desk]:
    with Desk() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def polled(engine: Engine, ago: timedelta, outcome: str, source: str = "post") -> None:
    run = start_run(engine, "news", NOW - ago)
    finish_run(engine, run, NOW - ago, "finished", {key(source, "listings", outcome): 1})


def fail(engine: Engine) -> None:
    for hours in range(20, 4, -1):
        polled(engine, timedelta(hours=hours), "read")
    for hours in (3, 2, 1):
        polled(engine, timedelta(hours=hours), "timeout")


def test_all_is_well(sqlite: Engine, cli: CommandLine) -> None:
    polled(sqlite, timedelta(hours=1), "read")
    assert (cli("health").out, cli("health").status) == ("all is well\n", 0)
    assert json.loads(cli("health", "--json").out) == {"ok": True, "findings": []}


def test_what_is_wrong_is_told_with_exit_status_1(sqlite: Engine, cli: CommandLine) -> None:
    fail(sqlite)
    done = cli("health")
    assert done.status == 1
    assert "no listing could be read in the last 3 polls: timeout" in done.lines[1]
    (finding,) = json.loads(cli("health", "--json").out)["findings"]
    assert (finding["kind"], finding["source"]) == ("failing", "post")


def test_a_source_that_is_not_crawled_any_more_is_left_out(sqlite: Engine, cli: CommandLine) -> None:
    fail(sqlite)
    Path("sources.toml").write_text('[[source]]\nurl = "https://post.example/"\nname = "post"\nenabled = false\n')
    assert cli("health").out == "all is well\n"


def test_who_looks_again_and_again_finds_what_one_look_finds(sqlite: Engine) -> None:
    """A source is judged anew when a run has counted something of it, and forgotten with its runs."""
    watch, kinds = Watch(sqlite), []
    polls = [*((hours, "post", "read") for hours in range(40, 14, -1)), (13, "echo", "read"), (12, "post", "timeout")]
    polls += [(11, "post", "timeout"), (10, "post", "timeout"), (9, "echo", "read"), (8, "post", "read")]
    for hours, source, outcome in polls:
        polled(sqlite, timedelta(hours=hours), outcome, source)
        found = watch.look(NOW)
        assert sorted(found, key=str) == sorted(look(sqlite, NOW), key=str)
        kinds.append([finding.kind for finding in found if finding.source])
    assert kinds[-4:] == [[], [Kind.FAILING], [Kind.FAILING], []]
    assert not [finding for finding in watch.look(NOW, {"echo"}) if finding.source]
    drop_runs(sqlite, NOW)
    assert watch.look(NOW) == []


def test_notices_reach_a_person_once_and_say_when_it_is_over(sqlite: Engine, cli: CommandLine, desk: Desk) -> None:
    fail(sqlite)
    notify = ("--notify", "-s", f"NOTIFY={desk.address}")
    desk.status = 500
    failed = cli("health", *notify)
    assert failed.err == "newsloom: the notice was not taken by address 1 (JSON) of NOTIFY\n"
    desk.status = 200
    cli("health", *notify)
    cli("health", *notify)
    assert [notice["title"] for notice in desk.taken] == ["newsloom: 1 new"] * 2
    assert "failing: post: no listing could be read" in desk.taken[1]["message"]
    polled(sqlite, timedelta(), "read")
    assert cli("health", *notify).status == 0
    assert len(desk.taken) == 2, "it may come back"


def test_a_test_notice(cli: CommandLine, desk: Desk) -> None:
    done = cli("health", "--test-notice", "-s", f"NOTIFY={desk.address}")
    assert (done.status, done.out) == (0, "sent to 1 address\n")
    assert [notice["title"] for notice in desk.taken] == ["newsloom: a test"]


@pytest.mark.parametrize(
    ("notify", "told"),
    [
        ("", "newsloom: NOTIFY names no address that a notice could be sent to\n"),
        ("json://127.0.0.1 nowhere:hidden", "newsloom: NOTIFY: address 2 of 2 is none that apprise knows\n"),
    ],
)
def test_an_address_that_is_none_is_named_by_its_number(cli: CommandLine, notify: str, told: str) -> None:
    done = cli("health", "--test-notice", "-s", f"NOTIFY={notify}")
    assert (done.status, done.err) == (2, told)
