"""A real news site on the loopback interface: answers are set by tests, every request is noted with its time."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(slots=True)
class Answer:
    """What the site says to a request. ``delay``: seconds before it says anything."""

    body: bytes | str = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    length: int | None = None  # a Content-Length that lies


@dataclass(slots=True)
class Asked:
    path: str
    at: float
    headers: Mapping[str, str]


class Site:
    """One host. ``pages``: path → answer, or a function of the request that makes one; 404 for any other."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer | Callable[[Asked], Answer]] = {}
        self.log: list[Asked] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.log]

    def times(self, *paths: str) -> list[float]:
        return [asked.at for asked in self.log if not paths or asked.path in paths]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                asked = Asked(self.path, time.monotonic(), {k.lower(): v for k, v in self.headers.items()})
                site.log.append(asked)
                page = site.pages.get(self.path, Answer("nothing here", 404))
                answer = page(asked) if callable(page) else page
                time.sleep(answer.delay)
                body = answer.body.encode() if isinstance(answer.body, str) else answer.body
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.kind)
                self.send_header("Content-Length", str(len(body) if answer.length is None else answer.length))
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
                if answer.length is not None:
                    self.close_connection = True

            def log_message(self, *args: object) -> None:
                pass

        return Handler


@contextmanager
def running() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        site.server.server_close()
        thread.join()


def validated(body: str, kind: str = "application/rss+xml") -> Callable[[Asked], Answer]:
    """An answer that honours conditional requests."""
    tag = f'"{hash(body):x}"'

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


PROSE = (
    "The harbour board of Saltmarsh voted on Thursday to keep the old ferry running for another year. ",
    "Members heard from fishermen, two schools and the owner of the bakery on the quay before they voted. ",
    "The ferry carries about four hundred people a day, most of them to work in the cannery on the far shore. ",
    "A new engine would cost more than the board has set aside, so the repair will be paid for in three parts. ",
)


def article(title: str, number: int = 0) -> str:
    lines = (
        f"{line}{title} is item {number}.{place}, as the clerk read it out." for place, line in enumerate(PROSE * 2)
    )
    body = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f"<!doctype html><html lang=en><head><title>{title} | Harbour Post</title>"
        f'<meta property="og:type" content="article"><meta property="og:title" content="{title}">'
        f'<meta property="article:published_time" content="2026-11-20T08:{number % 60:02}:00+00:00"></head>'
        f"<body><nav><a href=/>Home</a></nav><article><h1>{title}</h1>{body}</article></body></html>"
    )
