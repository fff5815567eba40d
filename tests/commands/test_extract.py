"""``newsloom extract`` in a process of its own, on files and on a site at this machine."""

import gzip
import json
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import urljoin

import pytest
from scrapy.exceptions import DownloadFailedError
from scrapy.settings import Settings

from pipeline.commands.fetching import cause_of
from tests import processes
from tests.commands.running import CommandLine, Done

ROOT = Path(__file__).parent.parent.parent
SEEDS = ROOT / "seeds"
Finished = subprocess.CompletedProcess[str]
KEEPERS = SEEDS / "last-lighthouse-keepers.html"
TRAMS = SEEDS / "night-trams-return-to-saltmarsh.txt"
SECTION = SEEDS / "section-coast.html"


class Site(BaseHTTPRequestHandler):
    """A small news site. ``seen``: the paths asked for with the user agent that asked."""

    seen: ClassVar[list[tuple[str, str]]] = []
    slow = threading.Event()

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers["User-Agent"]))
        match self.path:
            case "/robots.txt":
                self.answer(b"User-agent: *\nDisallow: /private/\n", "text/plain")
            case "/moved":
                self.send_response(301)
                self.send_header("Location", "/story")
                self.end_headers()
            case "/story" | "/private/story":
                self.answer(KEEPERS.read_bytes(), "text/html; charset=utf-8")
            case "/packed":
                self.answer(gzip.compress(KEEPERS.read_bytes()), "text/html", packing="gzip")
            case "/big":
                self.answer(b"<p>word " * 50_000, "text/html")
            case "/cut":
                self.answer(b"<p>cut", "text/html", length=5_000)
            case "/slow":
                self.slow.set()
                time.sleep(8)
            case _:
                self.answer(b"<h1>Not found</h1>", "text/html", status=404)

    def answer(self, body: bytes, kind: str, *, status: int = 200, packing: str = "", length: int = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length or len(body)))
        if packing:
            self.send_header("Content-Encoding", packing)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def extract(cli: CommandLine) -> Callable[..., Done]:
    """Run ``newsloom extract …`` in this process, without a worker."""
    return lambda *arguments: cli("extract", *map(str, arguments), "-s", "EXTRACTION_WORKERS=0")


def test_the_article_as_text(extract):
    done = extract(KEEPERS)
    assert (done.status, done.err) == (0, "")
    assert done.lines[:5] == [
        "The last two lighthouse keepers of Gull Rock come ashore",
        "By Morag Tulloch, Eben Shaw",
        "Published 2025-02-18 06:30 UTC, Modified 2025-02-18 11:05 UTC",
        "https://ledger.example.org/2025/02/gull-rock-keepers",
        "",
    ]
    assert done.lines[5].startswith("The boat that fetched Ada and Hugh Penrose from Gull Rock on Monday")


def test_json_is_the_record_of_the_article(extract):
    done = extract(TRAMS, "--json")
    article = json.loads(done.out)
    assert (done.status, done.err) == (0, "")
    assert article["headline"] == "After Nine Years, Saltmarsh Trams Will Run Until Morning"
    assert article["removed"] == [{"text": "Shift Workers Cheer, Mill Street Worries", "rule": "standfirst"}]
    assert {"id", "version"} & set(article) == set()


def test_a_packed_file_as_markdown(extract, tmp_path):
    packed = tmp_path / "keepers.html.gz"
    packed.write_bytes(gzip.compress(KEEPERS.read_bytes()))
    done = extract(packed, "--markdown")
    assert done.status == 0
    assert done.out.startswith(
        "# The last two lighthouse keepers of Gull Rock come ashore\n\nMorag Tulloch, Eben Shaw · 2025"
    )
    assert "## Coal, then oil, then a cable" in done.out


def test_a_side_car_is_honoured(extract, tmp_path):
    shutil.copy(TRAMS, tmp_path / "trams.txt")
    (tmp_path / "trams.txt.meta.json").write_text('{"url": "https://side.example/car", "source": "side"}')
    article = json.loads(extract(tmp_path / "trams.txt", "--json").out)
    assert (article["url"], article["source"]) == ("https://side.example/car", "side")


def test_why_tells_of_fields_and_of_every_line(extract):
    done = extract(TRAMS, "--why")
    assert done.status == 0
    assert "headline          line      After Nine Years, Saltmarsh Trams Will Run Until Morning" in done.lines
    assert "inLanguage        detected  en" in done.lines
    assert "   1  -           After Nine Years, Saltmarsh Trams Will Run Until Morning" in done.lines
    assert "   2  standfirst  Shift Workers Cheer, Mill Street Worries" in done.lines
    assert any(line.startswith("  12  -           When trams last ran") for line in done.lines)
    assert done.lines[-1] == "12 lines on the page, 11 kept, 1 removed, 2 % of the characters"


def test_a_report_is_written_whole_and_replaces_the_last(extract, tmp_path):
    report = tmp_path / "report.html"
    report.write_text("old")
    done = extract(KEEPERS, "--html-report", report)
    assert done.status == 0
    assert re.fullmatch(rf"\d+ lines on the page, 11 kept, \d removed, \d+ % of the characters: {report}\n", done.out)
    assert "keepers of Gull Rock come ashore</h1>" in report.read_text()
    assert list(tmp_path.iterdir()) == [report]


def test_a_report_goes_through_a_link_to_its_file(extract, tmp_path):
    (tmp_path / "link.html").symlink_to("report.html")
    assert extract(KEEPERS, "--html-report", tmp_path / "link.html").status == 0
    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "report.html").is_file()


def test_what_is_no_file_is_written_to_as_it_is(extract):
    assert extract(KEEPERS, "--html-report", "/dev/null").status == 0
    assert Path("/dev/null").is_char_device()


def test_a_refused_page(extract, tmp_path):
    report = tmp_path / "report.html"
    done = extract(SECTION, "--html-report", report)
    assert (done.status, done.out) == (1, "")
    assert re.fullmatch(rf"newsloom: {SECTION}: index_page: \d+ .+\n", done.err)
    assert "index_page" in report.read_text()


def test_a_refused_page_as_json(extract, tmp_path):
    (tmp_path / "empty.html").touch()
    done = extract(tmp_path / "empty.html", "--json")
    assert (done.status, done.err) == (1, "")
    assert json.loads(done.out)["reason"] == "empty"


def test_a_damaged_file(extract, tmp_path):
    (tmp_path / "cut.html.gz").write_bytes(gzip.compress(KEEPERS.read_bytes())[:200])
    done = extract(tmp_path / "cut.html.gz", "--why")
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith(f"newsloom: {tmp_path}/cut.html.gz: corrupt: damaged gz data")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("form", ["--why", "--markdown", "--json"])
def test_a_hostile_page_cannot_drive_the_terminal(extract, tmp_path, form):
    (tmp_path / "hostile.txt").write_text(TRAMS.read_text().replace("Saltmarsh", "\x1b[31mSalt\u202emarsh"))
    done = extract(tmp_path / "hostile.txt", form)
    assert done.status == 0
    assert not {"\x1b", "\u202e"} & set(done.out)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nope.html"], "there is no file nope.html; an address begins with https://"),
        (["."], ". is a folder"),
        (["http:///"], "http:/// is no web address"),
        ([str(SEEDS / "quay-june.jsonl")], "extract takes one"),
        ([str(TRAMS), "--json", "--why"], "not allowed with argument"),
        ([str(TRAMS), "--html-report", "no/such/report.html"], "there is no folder no/such"),
        ([str(TRAMS), "--html-report", ""], "the report is one file"),
        ([str(TRAMS), "--html-report", str(SEEDS)], "the report is one file"),
        ([str(TRAMS), str(TRAMS)], "unrecognized arguments"),
    ],
)
def test_wrong_usage(cli, arguments, said):
    done = cli("extract", *arguments)
    assert done.status == 2
    assert said in done.err


ASKED = {
    "article": ("/moved", "--json"),
    "packed": ("/packed",),
    "robots": ("/private/story",),
    "big": ("/big", "-s", "DOWNLOAD_MAXSIZE=1000"),
    "cut": ("/cut",),
    "slow": ("/slow", "-s", "DOWNLOAD_TIMEOUT=0.4"),
    "missing": ("/missing",),
    "nobody": ("http://127.0.0.1:9/story",),
}
"""Name → what is asked of the site; all at once, for each takes a process of its own."""


@pytest.fixture(scope="module")
def answers(site: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Finished]:
    folder = tmp_path_factory.mktemp("nothing")

    def ask(name: str) -> Finished:
        path, *options = ASKED[name]
        workers = "1" if name == "article" else "0"
        variables = processes.clean_environment() | {"NEWSLOOM_EXTRACTION_WORKERS": workers}
        return processes.run(["extract", urljoin(site, path), *options], folder, variables)

    with ThreadPoolExecutor(4) as pool:
        return dict(zip(ASKED, pool.map(ask, ASKED), strict=True))


def test_an_address(answers, site):
    done = answers["article"]
    assert (done.returncode, done.stderr) == (0, "")
    article = json.loads(done.stdout)
    assert article["headline"] == "The last two lighthouse keepers of Gull Rock come ashore"
    assert article["url"] == f"{site}/moved"
    assert {"/robots.txt", "/moved", "/story"} <= {path for path, _ in Site.seen}
    assert all(agent == "newsloom" for _, agent in Site.seen)


def test_a_packed_answer(answers):
    done = answers["packed"]
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) > 10


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("robots", "forbidden by robots.txt"),
        ("big", "more than 1000 bytes (DOWNLOAD_MAXSIZE)"),
        ("cut", "the answer was cut short"),
        ("slow", "no answer within 0.4 s (DOWNLOAD_TIMEOUT)"),
        ("missing", "error_page: status 404"),
        ("nobody", "the connection was refused"),
    ],
)
def test_an_answer_that_is_no_page(answers, site, name, said):
    done = answers[name]
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"newsloom: {urljoin(site, ASKED[name][0])}: {said}")
    assert done.stderr.count("\n") == 1


def test_a_failure_is_told_without_twisted_s_own_words():
    failure = (
        "[<twisted.python.failure.Failure OpenSSL.SSL.Error: [('SSL routines', '', 'certificate verify failed')]>]"
    )
    told = cause_of(DownloadFailedError(failure), Settings())
    assert told == "no secure connection: certificate verify failed"


def test_an_interrupted_fetch(site, tmp_path, environment):
    Site.slow.clear()
    command = [sys.executable, "-m", "pipeline", "extract", f"{site}/slow"]
    running = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert Site.slow.wait(30)
    for _ in range(2):  # the first lets the request finish, the second ends it
        running.send_signal(signal.SIGINT)
        time.sleep(0.3)
    out, err = running.communicate(timeout=30)
    assert (running.returncode, out, err) == (130, b"", b"")
