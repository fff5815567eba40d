import ctypes
import gzip
import json
import os
import pty
import re
import signal
import sqlite3
import subprocess
import sys
import termios
import time
from contextlib import suppress

import pytest

from tests.benchmarks.pages import page
from tests.commands.conftest import ROOT

WALL = "<html><title>Cookies</title><body><p>We value your privacy. Accept all cookies to go on.</p></body></html>"


@pytest.fixture
def seeds(tmp_path):
    folder = tmp_path / "seeds"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.html").write_text(page(number), encoding="utf-8")
    return folder


@pytest.fixture
def many(tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(200):
        (folder / f"{number:03}.html").write_text(page(number), encoding="utf-8")
    return folder


def dump(tmp_path, leave_out=("runs",)):
    """Everything stored, but the record of runs."""
    with sqlite3.connect(tmp_path / "data" / "newsloom.db") as connection:
        lines = list(connection.iterdump())
    connection.close()
    return [line for line in lines if not line.startswith(tuple(f'INSERT INTO "{name}"' for name in leave_out))]


def count(tmp_path, table="articles"):
    connection = sqlite3.connect(tmp_path / "data" / "newsloom.db", timeout=30)
    try:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    finally:
        connection.close()


def runs(tmp_path):
    connection = sqlite3.connect(tmp_path / "data" / "newsloom.db")
    try:
        return [
            (status, json.loads(counts)) for status, counts in connection.execute("SELECT status, counts FROM runs")
        ]
    finally:
        connection.close()


def summary(result):
    return json.loads(result.stdout)


def test_a_first_replay_stores_a_second_finds_all_unchanged_and_writes_nothing(newsloom, seeds, tmp_path):
    first = newsloom("replay")
    assert first.returncode == 0, first.stderr
    assert first.stderr == ""
    lines = [line.split() for line in first.stdout.splitlines()]
    assert lines[0] == ["files", "read", "4"]
    assert lines[1] == ["articles", "new", "4"]
    before = dump(tmp_path)
    second = summary(newsloom("replay", "--json"))
    assert {key: second[key] for key in ("files", "new", "updated", "unchanged", "rejected")} == {
        "files": 4, "new": 0, "updated": 0, "unchanged": 4, "rejected": {},
    }  # fmt: skip
    assert dump(tmp_path) == before
    (seeds / "1.html").write_text(page(1).replace("</article>", "<p>A line was added here.</p></article>"))
    third = summary(newsloom("replay", "--json", seeds))
    assert (third["updated"] + third["unchanged"], third["new"]) == (4, 0)
    assert [status for status, _ in runs(tmp_path)] == ["finished"] * 2  # the second changed nothing
    assert runs(tmp_path)[0][1]["articles/new"] == 4


def test_what_is_refused_is_shown_with_its_reason_and_what_is_unreadable_named(newsloom, seeds, tmp_path):
    (seeds / "wall.html").write_text(WALL)
    (seeds / "broken.html.gz").write_bytes(gzip.compress(page(9).encode())[:-20])
    os.mkfifo(seeds / "pipe.txt")
    (seeds / "rows.jsonl").write_text(json.dumps({"html": page(7)}) + "\n{\n")
    (seeds / "empty.html").touch()
    (seeds / "picture.png").touch()
    (seeds / os.fsdecode(b"\xff.html")).symlink_to("nowhere")
    result = newsloom("replay", seeds)
    assert result.returncode == 1
    named = result.stderr.splitlines()
    assert len(named) == 4, result.stderr
    assert "newsloom: seeds/pipe.txt: unreadable: not a file but a named pipe" in named
    assert "newsloom: seeds/\\udcff.html: unreadable: no such file or directory" in named
    assert any(line.startswith("newsloom: seeds/broken.html.gz: corrupt: damaged gz data: ") for line in named)
    assert any(line.startswith("newsloom: seeds/rows.jsonl#sha256=") for line in named)
    table, refused = result.stdout.split("refused:\n")
    numbers = {line[:20].strip(): line[20:].strip() for line in table.splitlines() if line}
    assert numbers["files read"] == "7"
    assert numbers["files skipped"] == "1"
    assert numbers["articles new"] == "5"
    assert numbers["unreadable"] == "4"
    assert numbers["empty"] == "1"
    assert "  empty           seeds/empty.html: " in refused
    assert len(refused.splitlines()) == int(numbers["rejected"]) == 6
    assert count(tmp_path, "rejections") == 6


def test_names_of_files_cannot_drive_the_terminal(newsloom, seeds):
    evil = "\x1b]0;owned\x07\u202eevil"
    (seeds / f"{evil}.html").touch()
    (seeds / f"{evil}.html.gz").write_bytes(b"no gzip")
    for form in ([], ["--json"]):
        result = newsloom("replay", "seeds", *form)
        assert "evil" in result.stdout
        assert "evil" in result.stderr
        assert not set(result.stdout + result.stderr) & set("\x1b\x07\u202e")


def test_options_may_stand_between_paths(newsloom, seeds):
    result = newsloom("replay", seeds / "0.html", "--json", seeds / "1.html")
    assert (result.returncode, summary(result)["new"]) == (0, 2)


def test_many_refused_pages_are_cut_short(newsloom, tmp_path):
    (tmp_path / "rows.jsonl").write_text("{}\n" * 3 + '{"text": 1}\n' * 3 + "".join(f"{n}\n" for n in range(30)))
    result = newsloom("replay", "rows.jsonl")
    assert re.search(r"^  … and \d+ more: newsloom rejections$", result.stdout, re.MULTILINE)
    assert len(result.stdout.split("refused:\n")[1].splitlines()) == 21


def test_a_path_that_does_not_exist_is_a_usage_error_before_anything_is_read(newsloom, seeds, tmp_path):
    result = newsloom("replay", seeds, "sedes")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.endswith("there is no file or folder sedes\n")
    assert not (tmp_path / "data").exists()
    assert newsloom("replay", "--jsno", seeds).returncode == 2


def test_an_empty_folder_is_no_fault(newsloom, tmp_path):
    (tmp_path / "seeds").mkdir()
    result = newsloom("replay")
    assert result.returncode == 0
    assert result.stdout.startswith("files read                   0\n")


@pytest.mark.parametrize("command", [("replay", "seeds"), ("crawl", "files", "-a", "paths=seeds")])
def test_articles_can_also_be_exported(newsloom, seeds, tmp_path, command):
    (seeds / "wall.html").write_text(WALL)
    assert newsloom(*command, "-o", "out.jsonl").returncode == 0
    articles = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(articles) == 4
    for article in articles:
        assert {"url", "headline", "articleBody", "datePublished", "canonicalUrl", "sources"} <= set(article)
        assert isinstance(article["articleBody"], str)
        assert all(set(author) <= {"name", "role"} for author in article["authors"])
    assert count(tmp_path) == 4


@pytest.mark.usefixtures("seeds")
@pytest.mark.parametrize(
    ("output", "status", "says"),
    [
        ("seeds/0.html/out.jsonl", 1, "newsloom: seeds/0.html/out.jsonl: cannot be written: not a directory\n"),
        ("nosuch://host/out.jsonl", 2, "newsloom: FEEDS: nosuch://host/out.jsonl: nothing can be written to nosuch:\n"),
    ],
)
def test_an_output_that_cannot_be_written_is_told_before_anything_is_read(newsloom, tmp_path, output, status, says):
    result = newsloom("replay", "-o", output)
    assert (result.returncode, result.stdout, result.stderr) == (status, "", says)
    assert count(tmp_path) == 0


@pytest.mark.usefixtures("seeds")
def test_an_output_that_fails_in_the_run_is_a_fault(newsloom, tmp_path):
    result = newsloom("replay", "--json", "-o", "/dev/full:jsonl")
    assert (result.returncode, summary(result)["new"]) == (1, 4)
    assert summary(result)["fault"] == "the articles could not be written to their file"
    assert count(tmp_path) == 4


def wait_until_stored(tmp_path):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        time.sleep(0.05)
        if (tmp_path / "data" / "newsloom.db").exists():
            with suppress(sqlite3.OperationalError):  # its tables are not made yet
                if count(tmp_path):
                    return


@pytest.fixture
def started(tmp_path, environment, many):
    command = [sys.executable, "-m", "pipeline", "replay", "--json", str(many)]
    return subprocess.Popen(
        command, cwd=tmp_path, env=environment | {"NEWSLOOM_EXTRACTION_WORKERS": "1"}, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_ctrl_c_finishes_what_is_in_hand_and_says_so(newsloom, started, many, tmp_path):
    wait_until_stored(tmp_path)
    started.send_signal(signal.SIGINT)
    output, errors = started.communicate(timeout=60)
    assert started.returncode == 130, errors
    report = json.loads(output)
    assert report["interrupted"]
    assert 0 < report["new"] == count(tmp_path) < 200
    assert report["unread"] == 200 - report["files"] > 0
    assert errors == (
        f"newsloom: interrupted, {report['unread']} files were not read; run the same command again to complete\n"
    )
    assert runs(tmp_path)[0][0] == "interrupted"
    completed = summary(newsloom("replay", "--json", many))
    assert completed["new"] + report["new"] == count(tmp_path) == 200


def test_after_a_kill_the_next_replay_completes_and_nothing_is_doubled(newsloom, started, many, tmp_path):
    wait_until_stored(tmp_path)
    started.kill()
    started.communicate(timeout=60)
    stored = count(tmp_path)
    assert 0 < stored < 200
    completed = summary(newsloom("replay", "--json", many))
    assert (completed["new"], completed["unchanged"]) == (200 - stored, stored)
    assert count(tmp_path) == count(tmp_path, "article_versions") == 200
    assert [status for status, _ in runs(tmp_path)] == ["running", "finished"]


IMPATIENT = """
import sys
import pipeline.storage.connection
from pipeline.__main__ import main
pipeline.storage.connection.LOCK_WAIT = 1
sys.argv = ["newsloom", *sys.argv[1:]]
main()
"""

RUNS = [("replay", "seeds"), ("crawl", "files", "-a", "paths=seeds")]


@pytest.mark.usefixtures("seeds")
@pytest.mark.parametrize("command", RUNS)
def test_a_locked_database_ends_the_run_in_one_line(newsloom, environment, tmp_path, command):
    newsloom("db", "upgrade")
    connection = sqlite3.connect(tmp_path / "data" / "newsloom.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    result = subprocess.run(
        [sys.executable, "-c", IMPATIENT, *command],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    connection.close()
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert "locked" in result.stderr
    assert count(tmp_path) == 0


@pytest.mark.usefixtures("seeds")
@pytest.mark.parametrize("command", RUNS)
def test_a_database_of_a_newer_newsloom_is_left_alone(newsloom, tmp_path, command):
    newsloom("db", "upgrade")
    with sqlite3.connect(tmp_path / "data" / "newsloom.db") as connection:
        connection.execute("UPDATE newsloom_schema SET version_num = '9999'")
    connection.close()
    result = newsloom(*command)
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert "upgrade newsloom" in result.stderr
    assert count(tmp_path) == 0


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from pipeline.__main__ import main
from pipeline.workers import prepare
prepare()  # the limit is for the database only: the model of languages is unpacked into a file
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
size = sum(file.stat().st_size for file in Path("data").iterdir())
resource.setrlimit(resource.RLIMIT_FSIZE, (size + int(sys.argv[1]),) * 2)
sys.argv = ["newsloom", *sys.argv[2:]]
main()
"""


@pytest.mark.parametrize("space", [0, 100_000])
def test_a_full_disk_ends_the_run_in_one_line_and_nothing_is_half_stored(newsloom, environment, many, tmp_path, space):
    """The limit on the size of a file stands for the disk."""
    newsloom("db", "upgrade")
    result = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(space), "replay", str(many)],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert result.stderr.startswith("newsloom: ") or " ERROR: " in result.stderr
    stored = count(tmp_path)
    assert stored == count(tmp_path, "article_versions") < 200
    assert newsloom("db", "check").stdout == "sound\n"
    assert summary(newsloom("replay", "--json", many))["new"] == 200 - stored


def lose_the_right_to_write_anywhere():
    """Root may write what it has made read-only; after this, and the exec that follows, no longer."""
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE


@pytest.mark.usefixtures("seeds")
@pytest.mark.parametrize("command", RUNS)
@pytest.mark.parametrize("protected", ["file", "folder"])
def test_a_database_that_cannot_be_written_ends_the_run_in_one_line(
    newsloom, environment, tmp_path, command, protected
):
    newsloom("db", "upgrade")
    folder = tmp_path / "data"
    (folder / "newsloom.db").chmod(0o444 if protected == "file" else 0o644)
    folder.chmod(0o555)
    result = subprocess.run(
        [sys.executable, "-m", "pipeline", *command], preexec_fn=lose_the_right_to_write_anywhere,
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    folder.chmod(0o755)
    (folder / "newsloom.db").chmod(0o644)
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert "no permission" in result.stderr
    assert count(tmp_path) == 0


def test_a_database_that_fails_in_the_run_ends_it(started, tmp_path):
    """A trigger stands for whatever makes writing fail midway."""
    wait_until_stored(tmp_path)
    connection = sqlite3.connect(tmp_path / "data" / "newsloom.db", timeout=30, isolation_level=None)
    connection.execute("CREATE TRIGGER full BEFORE INSERT ON articles BEGIN SELECT raise(ABORT, 'full'); END")
    connection.close()
    output, errors = started.communicate(timeout=60)
    report = json.loads(output)
    assert started.returncode == 1
    assert len(errors.splitlines()) == 1, errors
    assert report["fault"]
    assert report["new"] == count(tmp_path) < 200
    assert runs(tmp_path)[0][0] == "storage_error"


@pytest.mark.usefixtures("seeds")
@pytest.mark.parametrize("workers", ["0", "2"])
def test_the_number_of_workers_and_of_items_in_flight_change_nothing(newsloom, workers):
    result = newsloom("replay", "--json", "-s", "ITEMS_IN_FLIGHT=1", NEWSLOOM_EXTRACTION_WORKERS=workers)
    assert (result.returncode, summary(result)["new"]) == (0, 4)


def test_scrapy_replay_in_the_checkout_is_the_same(environment, seeds, tmp_path):
    command = [sys.executable, "-m", "scrapy", "replay", "--json", str(seeds)]
    settings = environment | {"NEWSLOOM_DATABASE_URL": f"sqlite:///{tmp_path}/other.db"}
    result = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=True, timeout=100)
    assert json.loads(result.stdout)["new"] == 4


def test_progress_is_drawn_only_on_a_terminal(environment, seeds, tmp_path):
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    os.set_blocking(ours, False)
    command = [sys.executable, "-m", "pipeline", "replay", str(seeds)]
    result = subprocess.run(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=theirs, check=True, timeout=100
    )
    shown = os.read(ours, 100_000)
    os.close(theirs)
    os.close(ours)
    assert b"/4 [" in shown
    assert b"Scraped" not in shown, "log lines keep their level"
    assert b"\r" not in result.stdout
