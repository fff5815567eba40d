"""A proxy for the browser, on this machine: it connects only to addresses that a crawl may reach.

A browser looks names up by itself, follows redirects, and loads whatever scripts ask for. Here each connection is
checked where its name becomes an address, and made to just that address.
"""

import asyncio
import socket
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from urllib.parse import urlsplit

from pipeline.addresses import Allowed

LONGEST_HEAD = 2**16
PATIENCE = 30.0  # seconds for a request's head, and for a connection
_PIECE = 2**16
_OWN = ("proxy-", "connection:", "keep-alive:")
_REFUSAL = b"HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: 7\r\nConnection: close\r\n\r\nrefused"


class GuardedProxy:
    """An HTTP proxy. ``refused``: (host, port) → an address that it did not connect to."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed
        self._server: asyncio.Server | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        self.refused: dict[tuple[str, int], str] = {}

    async def start(self) -> str:
        """Listen at a free port; the proxy's address."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=LONGEST_HEAD)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """End it, and every connection through it."""
        if self._server:
            self._server.close()
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def address_of(self, host: str, port: int) -> str | None:
        """An address of a host that may be connected to; None where there is none."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            return None
        addresses = [str(place[4][0]) for place in found]
        allowed = next((a for a in addresses if self._allowed.permits(host, port, a)), None)
        if allowed is None:
            self.refused[host, port] = addresses[0]
        return allowed

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, ValueError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await self._connect(reader, writer)
        finally:
            writer.close()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
        method, target, lines = _request(head)
        tunnel = method == "CONNECT"
        parts = urlsplit(f"//{target}" if tunnel else target)
        host, port = parts.hostname or "", parts.port or (443 if tunnel else 80)
        address = await self.address_of(host, port)
        if address is None or not (tunnel or parts.scheme == "http"):
            writer.write(_REFUSAL % (b"403 Forbidden" if (host, port) in self.refused else b"502 Bad Gateway"))
            return
        far_reader, far = await asyncio.wait_for(asyncio.open_connection(address, port), PATIENCE)
        try:
            if tunnel:
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
                await _exchange(_pour(reader, far), _pour(far_reader, writer))
            else:
                path = parts._replace(scheme="", netloc="").geturl() or "/"
                far.write(_closing(f"{method} {path} HTTP/1.1", lines))
                await _exchange(_pour(reader, far), _answer(far_reader, writer))
        finally:
            far.close()


def _request(head: bytes) -> tuple[str, str, list[str]]:
    """Method, target and header lines of a request. ValueError: it is none."""
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    return method, target, lines


def _closing(first: str, lines: Iterable[str]) -> bytes:
    """The head of a message after which the connection ends: the next request may be for another host."""
    kept = (line for line in lines if not line.lower().startswith(_OWN))
    return "\r\n".join([first, *kept, "Connection: close", "", ""]).encode("latin-1")


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip("\r\n").split("\r\n")
    writer.write(_closing(first, lines))
    await _pour(reader, writer)


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(_PIECE):
        writer.write(piece)
        await writer.drain()


async def _exchange(*directions: Coroutine[None, None, None]) -> None:
    """Run both directions until either ends."""
    tasks = [asyncio.ensure_future(direction) for direction in directions]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
