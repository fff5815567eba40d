"""``newsloom probe`` in a process of its own, on sites at this machine."""

import json
import signal
import ssl
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.sources import parse_sources
from tests import processes
from tests.newssite import Answer, Site, Web, article, feed, hosts, sitemap, sitemap_index

ROOT = Path(__file__).parent.parent.parent
Finished = subprocess.CompletedProcess[str]
RSS = "application/rss+xml"
STORIES = ("/2026/11/harbour-board-keeps-the-ferry", "/2026/11/cannery-hires-forty", "/2026/11/school-bell-rings")
ALTERNATE = '<link rel=alternate type="application/rss+xml" href="{}">'
SENTENCE = "The keeper of the harbour light counted ships all night and wrote every name into the book."


def home(head: str = "", body: str = "") -> Answer:
    return Answer(f"<html><head><title>Harbour Post</title>{head}</head><body>{body}</body></html>")


def with_stories(site: Site, head: str = "") -> None:
    """Three articles, and the feed that names them."""
    site.pages |= {path: Answer(article(f"Story {path[9:]}", n, head)) for n, path in enumerate(STORIES)}
    site.pages["/feed.xml"] = Answer(feed(site.url, *STORIES), kind=RSS)
    site.pages["/"] = home(ALTERNATE.format("/feed.xml"))


def with_feed(web: Web) -> str:
    site = web.host()
    with_stories(site)
    site.pages["/"] = home(ALTERNATE.format("/feed.xml") + ALTERNATE.format("/gone/feed"))
    site.pages["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 0.1\n", kind="text/plain")
    return f"{site.url}/"


def with_feed_address(web: Web) -> str:
    return f"{with_feed(web)}feed.xml"


def with_sitemaps(web: Web) -> str:
    site = web.host()
    with_stories(site)
    site.pages["/"] = home()
    del site.pages["/feed.xml"]
    site.pages["/robots.txt"] = Answer(f"Sitemap: {site.url}/index-of-news.xml", kind="text/plain")
    site.pages["/index-of-news.xml"] = Answer(sitemap_index(f"{site.url}/news-1.xml"), kind="text/xml")
    site.pages["/news-1.xml"] = Answer(sitemap(*(site.url + path for path in STORIES)), kind="text/xml")
    return f"{site.url}/"


def with_sections(web: Web) -> str:
    site = web.host()
    with_stories(site)
    del site.pages["/feed.xml"]
    links = "".join(f"<h2><a href={path}>What the harbour board said of {path[9:]}</a></h2>" for path in STORIES)
    site.pages["/"] = home(body=f"<nav><a href=/coast/>Coast</a></nav><main>{links}</main>")
    site.pages["/coast/"] = home(body=f"<main>{links}</main>")
    return f"{site.url}/"


def with_robots_that_forbid(web: Web) -> str:
    site = web.host()
    with_stories(site)
    rules = "User-agent: otherbot\nDisallow:\n\nUser-agent: *\nDisallow: /nothing\nDisallow: /\n"
    site.pages["/robots.txt"] = Answer(rules, kind="text/plain")
    return f"{site.url}/"


def with_robots_that_fail(web: Web) -> str:
    site = web.host()
    with_stories(site)
    site.pages["/robots.txt"] = Answer("later", 500)
    return f"{site.url}/"


def with_a_redirect_inside(web: Web) -> str:
    site, inside = web.host(), web.host()
    with_stories(inside)
    site.pages["/"] = Answer(status=302, headers={"Location": f"{inside.url}/"})
    return f"{site.url}/"


def with_scripts_only(web: Web) -> str:
    site = web.host()
    site.pages["/"] = home("<script src=/app.js></script>" * 5, "<noscript>Please enable JavaScript.</noscript>")
    return f"{site.url}/"


def with_a_consent_wall(web: Web) -> str:
    site = web.host()
    words = (
        "<h1>We value your privacy</h1><p>We and our partners store information and ask for your consent to do so.</p>"
        "<button>Accept all</button><button>Manage preferences</button>"
    )
    site.pages["/"] = home(body=words)
    return f"{site.url}/"


def with_a_challenge(web: Web) -> str:
    site = web.host()
    site.other = Answer("<title>Just a moment...</title><body>Checking your browser before you go on.</body>", 200)
    return f"{site.url}/"


def with_an_error(web: Web) -> str:
    site = web.host()
    site.other = Answer("<h1>Forbidden</h1>", 403)
    return f"{site.url}/"


def with_a_paywall(web: Web) -> str:
    site = web.host()
    with_stories(site)
    wall = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
    for path in STORIES:
        text = f"<h1>{path[9:]}</h1><p>{SENTENCE}</p><p>{SENTENCE.replace('night', 'winter')}</p>"
        site.pages[path] = home(wall, f"<article>{text}</article>")
    return f"{site.url}/"


def with_no_links(web: Web) -> str:
    site = web.host()
    site.pages["/"] = home(body=f"<p>{SENTENCE}</p>")
    return f"{site.url}/"


def with_nothing_but_indexes(web: Web) -> str:
    site = web.host()
    with_stories(site)
    links = "".join(f"<li><a href=/topic/{n}>All the news of topic number {n}</a></li>" for n in range(40))
    site.pages |= {path: home(body=f"<ul>{links}</ul>") for path in STORIES}
    return f"{site.url}/"


def with_pages_that_opt_out(web: Web) -> str:
    site = web.host()
    with_stories(site, '<meta name="robots" content="noai">')
    return f"{site.url}/"


def with_one_article(web: Web) -> str:
    site = web.host()
    with_stories(site)
    del site.pages["/feed.xml"]
    return f"{site.url}{STORIES[0]}"


CASES: dict[str, Callable[[Web], str]] = {
    name.removeprefix("with_"): case for name, case in list(globals().items()) if name.startswith("with_")
}
del CASES["stories"]
OPTIONS = {"feed_address": ["--json"], "sections": ["--json"], "robots_that_fail": ["--json"]}


@dataclass(frozen=True, slots=True)
class Probed:
    url: str
    done: Finished
    paths: list[list[str]]
    left: list[Path]

    @property
    def entry(self) -> dict[str, object]:
        """The printed entry, which the sources file takes as it is."""
        text = self.done.stdout[self.done.stdout.index("[[source]]") :]
        assert parse_sources(text)[1] == []
        (entry,) = tomllib.loads(text)["source"]
        return entry


@pytest.fixture(scope="module")
def probed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Probed]:
    """Every case once; all at once, for each takes a process of its own."""
    folders = {name: tmp_path_factory.mktemp(name) for name in CASES}

    def probe(name: str) -> Probed:
        folder = folders[name]
        with hosts() as web:
            url = CASES[name](web)
            arguments = ["probe", url, "-s", "DOWNLOAD_DELAY=0", *OPTIONS.get(name, [])]
            done = processes.run(arguments, folder, processes.clean_environment())
            return Probed(url, done, [site.paths for site in web.sites], list(folder.iterdir()))

    with ThreadPoolExecutor(4) as pool:
        return dict(zip(CASES, pool.map(probe, CASES), strict=True))


def test_a_feed_that_the_front_page_names(probed):
    found = probed["feed"]
    assert (found.done.returncode, found.done.stderr) == (0, "")
    assert found.entry == {
        "url": found.url,
        "name": found.url.removeprefix("http://").strip("/").replace(":", "-"),
        "feeds": [f"{found.url}feed.xml"],
    }
    lines = found.done.stdout.splitlines()
    assert lines[1] == "robots.txt allows it; it asks for 0.1 s between two requests"
    assert [line.split() for line in lines if line.startswith(found.url) and "feed" in line] == [
        [f"{found.url}feed.xml", "feed", "3", "2026-11-21", "02:00"],
        [f"{found.url}gone/feed", "feed", "0", "-", "status_404"],
    ]
    assert "  Story school-bell-rings" in lines
    assert "  Published 2026-11-20 08:02 UTC (article:published_time)" in lines
    assert any(line.endswith(" words, language en") for line in lines)
    assert any(line.startswith("  The harbour board of Saltmarsh voted") for line in lines)


def test_nothing_is_asked_twice_and_nothing_is_stored(probed):
    found = probed["feed"]
    assert sorted(found.paths[0]) == sorted(["/robots.txt", "/", "/feed.xml", "/gone/feed", *STORIES])
    assert found.left == []


def test_the_address_of_a_feed_itself(probed):
    found = probed["feed_address"]
    told = json.loads(found.done.stdout)
    assert found.done.returncode == 0
    assert told["entry"] | {"name": ""} == {"url": found.url.removesuffix("feed.xml"), "name": "", "feeds": [found.url]}
    assert told["robots"] == {"verdict": "allowed", "rule": "", "status": 200, "crawlDelay": 0.1}
    assert [(listing["kind"], listing["pages"]) for listing in told["listings"]] == [("feed", 3)]
    assert [sample["article"]["headline"][:5] for sample in told["samples"]] == ["Story"] * 3
    assert told["why"] == ""


def test_an_index_of_sitemaps_is_looked_into(probed):
    found = probed["sitemaps"]
    assert found.done.returncode == 0
    assert found.entry["sitemaps"] == [f"{found.url}index-of-news.xml"]
    assert "an index of 1 sitemap" in found.done.stdout
    assert f"  {found.url}news-1.xml" in found.done.stdout


def test_sections_where_there_is_neither_feed_nor_sitemap(probed):
    found = probed["sections"]
    told = json.loads(found.done.stdout)
    assert told["entry"]["sections"] == [found.url, f"{found.url}coast/"]
    assert len(told["samples"]) == 3
    assert all(sample["article"] for sample in told["samples"])


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("robots_that_forbid", "forbidden by robots.txt: Disallow: / (User-agent: *)"),
        ("a_redirect_inside", "it leads to http://127.0.0.1:"),
        ("scripts_only", "The page shows nothing without JavaScript: "),
        ("a_consent_wall", "A cookie or privacy prompt stands in the article’s place: "),
        ("a_challenge", "A captcha or browser check stands in the article’s place: "),
        ("an_error", "The page tells of an error: status 403"),
        ("a_paywall", "a paywall: "),
        ("no_links", "no feed, no sitemap and no link to an article was found (no links)"),
        ("nothing_but_indexes", "none of the pages that were tried is an article: 3 "),
        ("pages_that_opt_out", "none of the pages that were tried is an article: 3 opted_out (says noai)"),
        ("one_article", "the address is that of one article; give the site's front page"),
    ],
)
def test_why_a_site_is_no_source(probed, case, said):
    found = probed[case]
    assert found.done.returncode == 1
    assert found.done.stderr.startswith(f"newsloom: {found.url}: no source: {said}")
    assert found.done.stderr.count("\n") == 1
    assert "[[source]]" not in found.done.stdout


def test_robots_that_cannot_be_read(probed):
    found = probed["robots_that_fail"]
    told = json.loads(found.done.stdout)
    assert (found.done.returncode, found.done.stderr) == (1, "")
    assert told["robots"] == {"verdict": "unreadable", "rule": "", "status": 500, "crawlDelay": None}
    assert (told["entry"], told["why"]) == (None, "robots.txt cannot be read for now")


@pytest.mark.parametrize("case", ["robots_that_forbid", "robots_that_fail"])
def test_where_robots_forbid_nothing_else_is_asked(probed, case):
    assert set(probed[case].paths[0]) == {"/robots.txt"}


def test_a_redirect_to_a_private_address_never_gets_there(probed):
    assert probed["a_redirect_inside"].paths[1] == []


@pytest.mark.parametrize("url", ["nope", "ftp://harbour.example/", "http://"])
def test_what_is_no_web_address(newsloom, url):
    done = newsloom("probe", url)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{url} is no web address" in done.stderr


def test_a_public_site_shall_know_who_asks(newsloom):
    done = newsloom("probe", "https://harbour.example/")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("newsloom: harbour.example shall know who crawls it: set USER_AGENT")


def test_a_host_that_is_not_there(newsloom):
    done = newsloom("probe", "http://127.0.0.1:9/")
    assert done.returncode == 1
    assert done.stderr == "newsloom: http://127.0.0.1:9/: no source: the connection was refused\n"


def test_a_certificate_that_nobody_vouches_for(newsloom, tmp_path):
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=news.example"
    subprocess.run([*command.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with hosts() as web:
        url = web.host(tls=context).url.replace("http:", "https:") + "/"
        done = newsloom("probe", url)
    assert done.stdout == f"{url}\nrobots.txt cannot be read (no answer): nothing is allowed\n"
    assert done.stderr == f"newsloom: {url}: no source: no secure connection: certificate verify failed\n"


@pytest.fixture
def slow_site() -> Iterator[tuple[Site, threading.Event]]:
    asked = threading.Event()

    def answer(_: object) -> Answer:
        asked.set()
        return Answer("late", delay=30)

    with hosts() as web:
        site = web.host()
        with_stories(site)
        site.pages["/feed.xml"] = answer
        yield site, asked


def test_an_interrupted_probe(slow_site, tmp_path, environment):
    site, asked = slow_site
    command = [sys.executable, "-m", "pipeline", "probe", f"{site.url}/", "-s", "DOWNLOAD_DELAY=0"]
    running = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert asked.wait(30)
    running.send_signal(signal.SIGINT)
    threading.Event().wait(0.3)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert (running.returncode, out, err) == (130, b"", b"")
