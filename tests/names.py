"""A real name server on the loopback interface, and the crawl's own resolver asking it."""

import socket
import struct
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Address
from itertools import cycle

from scrapy.crawler import Crawler
from twisted.internet.base import ReactorBase
from twisted.names.client import Resolver

from pipeline.downloads.guard import GuardedResolver

SETTINGS = {"TWISTED_DNS_RESOLVER": "tests.names.LocalResolver"}
ADDRESS, INTERNET, NAME_AS_ASKED = 1, 1, 0xC00C
FOUND, UNKNOWN = 0x8180, 0x8183


class LocalResolver(GuardedResolver):
    """The crawl's resolver; names are asked of the server at the port that ``NAME_SERVER`` says."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> "LocalResolver":
        server = ("127.0.0.1", crawler.settings.getint("NAME_SERVER"))
        reactor.installResolver(Resolver(servers=[server], timeout=(2,)))
        return super().from_crawler(crawler, reactor)


@contextmanager
def name_server(names: Mapping[str, Sequence[str]], *, pause: float = 0.0) -> Iterator[dict[str, str]]:
    """The settings of a crawl that asks it. ``names``: each with its addresses; every answer gives the next of them.

    ``pause``: seconds before each answer.
    """
    answers = {name: cycle(addresses) for name, addresses in names.items()}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_serve, args=(server, answers, pause))
        thread.start()
        try:
            yield {**SETTINGS, "NAME_SERVER": str(server.getsockname()[1])}
        finally:
            server.sendto(b"", server.getsockname())  # the last question
            thread.join()


def _serve(server: socket.socket, answers: Mapping[str, Iterator[str]], pause: float) -> None:
    while True:
        question, asker = server.recvfrom(2048)
        if not question:
            return
        time.sleep(pause)
        server.sendto(_answer(question, answers), asker)


def _answer(question: bytes, answers: Mapping[str, Iterator[str]]) -> bytes:
    labels, at = [], 12
    while length := question[at]:
        labels.append(question[at + 1 : at + 1 + length].decode())
        at += 1 + length
    asked = question[12 : at + 5]
    name = ".".join(labels).lower()
    address = next(answers[name]) if name in answers else name  # Twisted asks for addresses as for names
    try:
        found = IPv4Address(address).packed
    except ValueError:
        return question[:2] + struct.pack("!5H", UNKNOWN, 1, 0, 0, 0) + asked
    record = struct.pack("!3HIH", NAME_AS_ASKED, ADDRESS, INTERNET, 0, 4) + found
    return question[:2] + struct.pack("!5H", FOUND, 1, 1, 0, 0) + asked + record
