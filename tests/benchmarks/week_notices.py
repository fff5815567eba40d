"""What a person was told in a compressed week, and when: the notices that a webhook took."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from tests.benchmarks.week_clock import Clock

LINE = re.compile(r"- (?P<kind>\w+): (?:(?P<many>\d+) sources: (?P<names>.+)|(?:(?P<name>site-\d+): )?(?P<told>.+))")


@dataclass(frozen=True, slots=True)
class Notice:
    """One line of a notice. ``part``: "New", "Still there" or "Over"; ``source``: empty where it is none's."""

    at: datetime
    part: str
    kind: str
    source: str
    told: str


class Desk(HTTPServer):
    """Takes notices."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(("127.0.0.1", 0), Take)
        self.clock, self.taken = clock, list[Notice]()

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.server_port}/"


class Take(BaseHTTPRequestHandler):
    server: Desk

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["message"]
        self.server.taken += lines_of(message, self.server.clock.now())
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@contextmanager
def desk(clock: Clock) -> Iterator[Desk]:
    with Desk(clock) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def lines_of(message: str, at: datetime) -> Iterator[Notice]:
    """What a notice says, source by source."""
    part = ""
    for line in message.splitlines():
        if found := LINE.fullmatch(line):
            names = found["names"].split(", ") if found["many"] else [found["name"] or ""]
            yield from (Notice(at, part, found["kind"], name, found["told"] or "") for name in names)
        elif line:
            part = line.rstrip(":")
