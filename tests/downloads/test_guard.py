"""Bad hosts, those of the benchmark but for the largest, in one crawl: none may lead it astray or hold it up."""

import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.hostile import outcome
from tests.benchmarks.hostile_cases import cases
from tests.crawling import Newsroom, Run, accounted, newsroom
from tests.newssite import Answer, article, feed

LARGE = ("60,000", "50,000", "without end", "bomb", "MB", "100,000", "200,000", "10^30", "every time", "section")
CASES = [case.name for case in cases(9) if not any(word in case.name for word in LARGE)]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Newsroom, Run, int]]:
    with newsroom(tmp_path_factory.mktemp("crawl")) as room:
        refused = [room.web.host(name="0.0.0.0")]
        refused.append(room.web.host(name="::", port=refused[0].port))
        for case in cases(refused[0].port):
            if case.name in CASES:
                site = room.host(case.name)
                case.set_up(site)
                room.entries.append(
                    {"url": f"{site.url}/", "name": f"case-{CASES.index(case.name)}", **case.entry(site)}
                )
        run = room.crawl(DOWNLOAD_TIMEOUT="3", SOURCE_MAX_PAGES="20", CRAWL_DELAY_MAX="1", RETRY_TIMES="1")
        yield room, run, sum(site.connections for site in refused)


def test_no_connection_reaches_an_address_that_is_not_public(crawled: tuple[Newsroom, Run, int]) -> None:
    assert crawled[2] == 0


def test_every_address_is_accounted_for(crawled: tuple[Newsroom, Run, int]) -> None:
    assert [name for name, funnel in crawled[1].funnel.items() if not accounted(funnel)] == []


@pytest.mark.parametrize("name", CASES)
def test_a_bad_host_ends_as_it_should(crawled: tuple[Newsroom, Run, int], name: str) -> None:
    expected = next(case.expected for case in cases(9) if case.name == name)
    funnel = crawled[1].funnel[f"case-{CASES.index(name)}"]
    assert any(word in outcome(funnel) for word in expected.split()), outcome(funnel)


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    )
    subprocess.run([*command.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with newsroom(tmp_path) as room:
        site = room.sites["tls"] = room.web.host(tls=context)
        room.source("tls", site, feeds=[f"{site.url}/feed"])
        site.pages["/feed"] = Answer(feed(site.url, "/2026/a"))
        site.pages["/2026/a"] = Answer(article("Behind a bad certificate"))
        run = room.crawl()
    assert run.funnel["tls"]["listings"] == {"not_connected": 1}
    assert run.status == 1
    assert site.log == []


def test_what_cannot_get_better_is_not_asked_for_again(tmp_path: Path) -> None:
    with newsroom(tmp_path) as room:
        forbidden = room.web.host(name="127.0.0.2")
        site = room.fed("inside", "/2026/a", "/2026/b")
        site.pages["/2026/a"] = Answer(status=302, headers={"Location": f"{forbidden.url}/secret"})
        site.pages["/2026/b"] = Answer(raw=[b"HTTP/1.1 200 OK\r\n", *[b"X-Line: word\r\n" * 1000] * 40])
        run = room.crawl(LOG_LEVEL="DEBUG")
        assert run.funnel["inside"]["lost"] == {"private_address": 1, "too_large": 1}
        assert "Retrying" not in run.err
        assert forbidden.connections == 0
