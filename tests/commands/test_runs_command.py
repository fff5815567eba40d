"""``newsloom runs`` and what ``newsloom sources list`` tells of past runs."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from pipeline.commands.listing import sparkline
from pipeline.funnel import key
from pipeline.storage.runs import finish_run, start_run
from tests.commands.running import CommandLine

NOW = datetime.now(UTC)
COUNTS = {
    "articles/new": 3,
    "articles/rejected/too_short": 1,
    key("post", "listings", "read"): 1,
    key("post", "new"): 5,
    key("post", "fetched"): 4,
    key("post", "stored_new"): 3,
    key("post", "lost", "timeout"): 1,
    key("post", "bytes"): 2048,
}


def ran(engine: Engine, counts: dict[str, int], ago: timedelta = timedelta(minutes=1)) -> int:
    run = start_run(engine, "news", NOW - ago, "newsloom-9")
    finish_run(engine, run, NOW - ago + timedelta(seconds=61), "finished", counts)
    return run


def test_runs_are_listed_and_one_that_was_killed_says_so(sqlite: Engine, cli: CommandLine) -> None:
    ran(sqlite, COUNTS)
    start_run(sqlite, "news", NOW - timedelta(hours=2))
    killed, finished = (line.split() for line in cli("runs").lines[1:])
    assert (killed[5], killed[0]) == ("killed", "2")
    assert finished[4:] == ["0:01:01", "finished", "3", "0", "0", "1"]
    assert [json.loads(line)["status"] for line in cli("runs", "--json").lines] == ["killed", "finished"]
    assert len(cli("runs", "--limit", "1").lines) == 2


def test_a_run_is_shown_source_by_source(sqlite: Engine, cli: CommandLine) -> None:
    run = ran(sqlite, COUNTS)
    done = cli("runs", str(run))
    assert done.lines[-2].split() == ["post", "0", "5", "4", "0", "3", "0", "0", "2,048", "0"]
    assert "post: not stored: 1 timeout" in done.out
    shown = json.loads(cli("runs", str(run), "--json").out)
    assert (shown["extractor"], shown["sources"]["post"]["bytes"]) == ("newsloom-9", 2048)


def test_no_run(sqlite: Engine, cli: CommandLine) -> None:
    assert sqlite.dialect.name == "sqlite"
    assert (cli("runs").err, cli("runs").status) == ("newsloom: nothing has run\n", 0)
    assert (cli("runs", "7").err, cli("runs", "7").status) == ("newsloom: there is no run 7\n", 1)


def test_a_sources_list_tells_success_trend_and_why(
    sqlite: Engine, cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("sources.toml").write_text('[[source]]\nurl = "https://post.example/"\nname = "post"\n')
    ran(sqlite, {key("post", "listings", "read"): 1, key("post", "new"): 8}, timedelta(days=1, hours=1))
    ran(sqlite, {key("post", "listings", "unchanged"): 1, key("post", "new"): 2})
    ran(sqlite, {key("post", "listings", "timeout"): 2})
    (row,) = (json.loads(line) for line in cli("sources", "list", "--json").lines)
    assert row["new pages"][-2:] == [8, 2]
    assert row["why"] == "no listing could be read: 2 timeout"
    assert row["last success"] == f"{NOW + timedelta(seconds=1):%Y-%m-%d %H:%M}"
    assert "█▂" in cli("sources", "list").out


def test_sparkline() -> None:
    assert sparkline([0, 1, 4, 8]) == " ▁▄█"
    assert sparkline([0, 0]) == "  "
    assert sparkline([]) == ""
