"""The browser's proxy: what is allowed gets through, one request a connection; nothing else leaves this machine."""

import asyncio
from urllib.parse import urlsplit

import pytest

from pipeline.addresses import parse_allowed
from pipeline.downloads.proxy import GuardedProxy
from tests.newssite import Answer, Site, hosts


async def said(address: str, request: str, end: bytes = b"") -> bytes:
    """What the proxy answers to bytes, up to ``end``, else until it ends the connection."""
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(request.encode())
    try:
        return await asyncio.wait_for(reader.readuntil(end) if end else reader.read(), 20)
    finally:
        writer.close()


def talk(request: str, *allowed: Site, end: bytes = b"") -> tuple[bytes, GuardedProxy]:
    """One conversation with a proxy that may reach these sites."""
    proxy = GuardedProxy(parse_allowed(site.url.removeprefix("http://") for site in allowed))

    async def run() -> bytes:
        address = await proxy.start()
        try:
            return await said(address, request, end)
        finally:
            await proxy.close()

    return asyncio.run(run()), proxy


@pytest.fixture
def site():
    with hosts() as web:
        host = web.host()
        host.pages["/a?b=c"] = Answer("the ferry sails", headers={"Connection": "keep-alive"})
        yield host


def test_a_request_reaches_its_host_by_path(site):
    asked = f"GET {site.url}/a?b=c HTTP/1.1\r\nHost: harbour\r\nProxy-Connection: keep-alive\r\nX-Own: 1\r\n\r\n"
    answer, _ = talk(asked, site, end=b"sails")
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"\r\n\r\nthe ferry sails")
    (request,) = site.log
    assert (request.path, request.headers["x-own"], request.headers["connection"]) == ("/a?b=c", "1", "close")
    assert "proxy-connection" not in request.headers


def test_the_browser_is_told_that_the_connection_ends(site):
    answer, _ = talk(f"GET {site.url}/a?b=c HTTP/1.1\r\nHost: h\r\n\r\n", site, end=b"sails")
    assert b"\r\nConnection: close\r\n" in answer
    assert b"keep-alive" not in answer


def test_a_tunnel(site):
    asked = f"CONNECT 127.0.0.1:{site.port} HTTP/1.1\r\n\r\nGET /a?b=c HTTP/1.1\r\nHost: h\r\n\r\n"
    answer, _ = talk(asked, site, end=b"sails")
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200")


@pytest.mark.parametrize(
    "spelling", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"]
)
@pytest.mark.parametrize("asked", ["GET http://{}/a?b=c HTTP/1.1\r\n\r\n", "CONNECT {} HTTP/1.1\r\n\r\n"])
def test_a_private_address_is_refused_in_every_spelling(site, spelling, asked):
    answer, proxy = talk(asked.format(f"{spelling}:{site.port}"))
    assert answer.startswith(b"HTTP/1.1 403")
    assert [port for _, port in proxy.refused] == [site.port]
    assert site.log == []
    assert site.connections == 0


@pytest.mark.parametrize(
    "rubbish",
    [
        "GET /a HTTP/1.1\r\n\r\n",
        "GET ftp://127.0.0.1/a HTTP/1.1\r\n\r\n",
        "hello\r\n\r\n",
        "GET http://[ HTTP/1.1\r\n\r\n",
        "GET http://no-such-host.invalid/ HTTP/1.1\r\n\r\n",
        f"GET {'x' * 70_000}\r\n\r\n",
    ],
)
def test_what_is_no_request_gets_nothing(site, rubbish):
    answer, _ = talk(rubbish, site)
    assert b"200" not in answer[:15]
    assert site.log == []
