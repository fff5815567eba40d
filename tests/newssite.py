"""Real hosts on the loopback interface: tests set what they answer, every request is noted with its time."""

import asyncio
import ssl
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any


@dataclass(slots=True)
class Answer:
    """What a host says to a request. ``delay``: seconds before it says anything. ``length``: one that lies.

    ``raw``: instead of all else, what goes on the wire until the connection ends: bytes, and seconds to wait.
    """

    body: bytes | str = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    length: int | None = None
    raw: Iterable[bytes | float] | None = None


@dataclass(slots=True)
class Asked:
    path: str
    at: float
    headers: Mapping[str, str]


Page = Answer | Callable[[Asked], Answer]


class Site:
    """One host. ``pages``: path → answer, or what makes one. ``other``: for any other path."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.other: Page = Answer("nothing here", 404)
        self.log: list[Asked] = []
        self.url = ""
        self.port = 0
        self.connections = 0
        self.at_once = self.most_at_once = 0

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.log]

    def times(self, *paths: str) -> list[float]:
        return [asked.at for asked in self.log if not paths or asked.path in paths]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        self.connections += 1
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            while await self._answer(await reader.readuntil(b"\r\n\r\n"), writer):
                pass
        writer.close()

    async def _answer(self, head: bytes, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection stays open."""
        first, *rest = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest if line)}
        asked = Asked(first.split(" ")[1], time.monotonic(), headers)
        self.log.append(asked)
        page = self.pages.get(asked.path, self.other)
        answer = page(asked) if callable(page) else page
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await _say(answer, writer)
        finally:
            self.at_once -= 1
        return answer.raw is None and answer.length is None


async def _say(answer: Answer, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(answer.delay)
    for piece in answer.raw if answer.raw is not None else _framed(answer):
        if isinstance(piece, bytes):
            writer.write(piece)
            await writer.drain()
        else:
            await asyncio.sleep(piece)


def _framed(answer: Answer) -> Iterator[bytes]:
    body = answer.body.encode() if isinstance(answer.body, str) else answer.body
    length = len(body) if answer.length is None else answer.length
    headers = {"Content-Type": answer.kind, "Content-Length": str(length), **answer.headers}
    lines = (f"{name}: {value}\r\n" for name, value in headers.items() if value)
    yield f"HTTP/1.1 {answer.status} X\r\n{''.join(lines)}\r\n".encode() + body


def held_back(answer: Answer, until: threading.Event) -> Page:
    """The answer as soon as something has happened, at once from then on."""

    def waiting() -> Iterator[bytes | float]:
        while not until.is_set():
            yield 0.05
        yield from _framed(answer)

    return lambda _: answer if until.is_set() else Answer(raw=waiting())


class Web:
    """Hosts, each with a port of its own."""

    def __init__(self) -> None:
        self.sites: list[Site] = []
        self._loop = asyncio.new_event_loop()
        self._servers: list[asyncio.Server] = []
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def host(self, *, name: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None) -> Site:
        """A new host, at a free port where none is named."""
        site = Site()
        server = self._call(asyncio.start_server(site.serve, name, port, ssl=tls, limit=2**20))
        self._servers.append(server)
        site.port = server.sockets[0].getsockname()[1]
        site.url = f"{'https' if tls else 'http'}://{f'[{name}]' if ':' in name else name}:{site.port}"
        self.sites.append(site)
        return site

    def shut(self, site: Site) -> None:
        """Have a host refuse connections from now on."""
        self._loop.call_soon_threadsafe(self._servers[self.sites.index(site)].close)

    def close(self) -> None:
        """End all hosts and what they are saying."""
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _call(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


@contextmanager
def hosts() -> Iterator[Web]:
    """Hosts that end with the block."""
    web = Web()
    try:
        yield web
    finally:
        web.close()


@contextmanager
def running() -> Iterator[Site]:
    """One host."""
    with hosts() as web:
        yield web.host()


def validated(body: str, kind: str = "application/rss+xml") -> Callable[[Asked], Answer]:
    """An answer that honours conditional requests."""
    tag = f'"{sha256(body.encode()).hexdigest()[:16]}"'

    def answer(asked: Asked) -> Answer:
        if asked.headers.get("if-none-match") == tag:
            return Answer(status=304, headers={"ETag": tag})
        return Answer(body, kind=kind, headers={"ETag": tag})

    return answer


def feed(base: str, *paths: str) -> str:
    items = "".join(
        f"<item><title>Story {path}</title><link>{base}{path}</link><guid>{base}{path}</guid>"
        f"<pubDate>Sat, 21 Nov 2026 0{number % 10}:00:00 GMT</pubDate></item>"
        for number, path in enumerate(paths)
    )
    channel = f"<title>Harbour Post</title><link>{base}/</link>{items}"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{channel}</channel></rss>'


def sitemap(*urls: str) -> str:
    entries = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'


def sitemap_index(*urls: str) -> str:
    entries = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'


PROSE = (
    "The harbour board of Saltmarsh voted on Thursday to keep the old ferry running for another year. ",
    "Members heard from fishermen, two schools and the owner of the bakery on the quay before they voted. ",
    "The ferry carries about four hundred people a day, most of them to work in the cannery on the far shore. ",
    "A new engine would cost more than the board has set aside, so the repair will be paid for in three parts. ",
)


def article(title: str, number: int = 0, head: str = "") -> str:
    lines = (
        f"{line}{title} is item {number}.{place}, as the clerk read it out." for place, line in enumerate(PROSE * 2)
    )
    body = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f"<!doctype html><html lang=en><head><title>{title} | Harbour Post</title>{head}"
        f'<meta property="og:type" content="article"><meta property="og:title" content="{title}">'
        f'<meta property="article:published_time" content="2026-11-20T08:{number % 60:02}:00+00:00"></head>'
        f"<body><nav><a href=/>Home</a></nav><article><h1>{title}</h1>{body}</article></body></html>"
    )
