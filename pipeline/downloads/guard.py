"""How a crawl connects: only to addresses that it may reach, and with a bound on response headers.

The check sits where names become addresses, on every connection: redirects, links of feeds and sitemaps, robots.txt.
A name is not looked up again between check and connection.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers import http11
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError
from scrapy.http import Response
from scrapy.resolver import CachingHostnameResolver, HostResolution
from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS, HTTP11ClientProtocol, ParseError
from twisted.web.http_headers import InvalidHeaderName
from zope.interface import implementer

from pipeline.addresses import Allowed, parse_allowed
from pipeline.downloads.courtesy import CourtesyMiddleware
from pipeline.downloads.losses import LostError
from pipeline.funnel import Loss

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred
    from twisted.web.iweb import IResponse

    from pipeline.downloads.browser import Browser

RENDERED = "playwright"
"""Request meta: set where a browser is to render the page; scrapy-playwright's own name."""

HEADER_LIMIT = 256 * 2**10
"""Bytes of response headers; the longest that servers of repute send are under 100 KiB."""


@implementer(IHostnameResolver)
class GuardedResolver(CachingHostnameResolver):
    """Scrapy's resolver (IPv4 and IPv6), which hands on only addresses that may be connected to.

    ``refused``: (host, port) → an address that was held back there.
    """

    def __init__(self, reactor: ReactorBase, cache_size: int, allowed: Allowed) -> None:
        super().__init__(reactor, cache_size)
        self._allowed = allowed
        self.refused: dict[tuple[str, int], str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Build it from the settings."""
        settings = crawler.settings
        size = settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0
        return cls(reactor, size, parse_allowed(settings.getlist("ALLOW_PRIVATE_ADDRESSES")))

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803, ANN401 - zope's interfaces are no types
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        """Resolve a name, or an address in any spelling, for one connection. What cannot be a name has no address."""
        try:
            hostName.encode("idna")  # as the lookup will, whose error nobody would catch
        except UnicodeError:
            resolution: Any = HostResolution(hostName)
            resolutionReceiver.resolutionBegan(resolution)
            resolutionReceiver.resolutionComplete()
            return resolution  # type: ignore[no-any-return]
        guard: Any = _Guard(self, resolutionReceiver, hostName, portNumber)
        return super().resolveHostName(guard, hostName, portNumber, addressTypes, transportSemantics)

    def check(self, host: str, port: int, address: str) -> bool:
        """Whether the connection may be made; one that may not is remembered."""
        if self._allowed.permits(host, port, address):
            return True
        self.refused[_ascii(host), port] = address
        return False


@implementer(IResolutionReceiver)
class _Guard:
    """Takes the addresses of one lookup and hands on those that may be connected to."""

    def __init__(self, resolver: GuardedResolver, receiver: Any, host: str, port: int) -> None:  # noqa: ANN401
        self._resolver, self._receiver = resolver, receiver
        self._host, self._port = host, port

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802, ANN401 - IAddress does not declare its host
        if self._resolver.check(self._host, self._port, address.host):
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()


class GuardedHandler(http11.HTTP11DownloadHandler):
    """Scrapy's handler for http and https, for one host's requests in turn, with a bound on headers.

    A refused address and endless headers are losses of their own: neither is worth another try.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = partial(_BoundedFactory, self._sent)  # type: ignore[assignment]  # noqa: SLF001 - as Scrapy's
        self._browser: Browser | None = None

    async def download_request(self, request: Request) -> Response:
        """Download when the host's turn comes."""
        courtesy = self._crawler.get_downloader_middleware(CourtesyMiddleware)
        if courtesy is None:
            return await self._download(request)
        async with courtesy.turn(request):
            response = await self._download(request)
            courtesy.arrived(request, response)
            return response

    def _sent(self, url: str) -> None:
        if courtesy := self._crawler.get_downloader_middleware(CourtesyMiddleware):
            courtesy.sent(url)

    async def _download(self, request: Request) -> Response:
        if RENDERED in request.meta:
            return await self._rendered(request)
        try:
            return await super().download_request(request)
        except CannotResolveHostError:
            from twisted.internet import reactor  # noqa: PLC0415 - importing it earlier would install one

            host, port = _host_and_port(request.url)
            address = getattr(reactor.nameResolver, "refused", {}).get((host, port))
            if address is None:
                raise
            raise LostError(Loss.PRIVATE_ADDRESS, f"{host} is {address}, which is no public address") from None
        except DownloadFailedError as error:
            if HeadersTooLargeError.__name__ not in str(error):
                raise
            raise LostError(Loss.TOO_LARGE, "the headers do not end") from None

    async def close(self) -> None:
        """Close the connections, and the browser."""
        await super().close()
        if self._browser:
            await self._browser.close()

    async def _rendered(self, request: Request) -> Response:
        from pipeline.downloads.browser import Browser  # noqa: PLC0415 - an extra, which most crawls do without

        self._browser = self._browser or Browser(self._crawler)
        return await self._browser.download(request)


class HeadersTooLargeError(Exception):
    """The response headers do not end."""


class _BoundedFactory(http11._LenientHTTP11ClientFactory):  # noqa: SLF001 - the class Scrapy's own handler uses
    def __init__(self, sent: Callable[[str], None], *args: Any) -> None:  # noqa: ANN401 - Twisted's own are not typed
        super().__init__(*args)  # type: ignore[no-untyped-call]
        self._sent = sent

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: ARG002, N802
        protocol = _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
        protocol.sent = self._sent
        return protocol


class _BoundedProtocol(http11._LenientHTTP11ClientProtocol):  # noqa: SLF001
    sent: Callable[[str], None]

    def request(self, request: Any) -> "Deferred[IResponse]":  # noqa: ANN401 - Twisted's own is not typed
        """Send a request, now that there is a connection; the count of header bytes begins anew."""
        self.sent(request.absoluteURI.decode("ascii", "replace"))
        self._header_bytes = 0
        answer = super().request(request)
        self._parser.__class__ = _BoundedParser  # which has no state of its own; Scrapy puts its parser here likewise
        return answer

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        """Count bytes as long as the headers have not ended."""
        if self._parser is not None and self._parser.state in (STATUS, HEADER):
            self._header_bytes += len(data)
            if self._header_bytes > HEADER_LIMIT:
                self._end(HeadersTooLargeError(f"more than {HEADER_LIMIT} bytes of headers"))
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def _end(self, error: Exception) -> None:
        connection: Any = self.transport
        connection.abortConnection()
        self._disconnectParser(Failure(error))  # type: ignore[no-untyped-call]


class _BoundedParser(http11._LenientHTTPClientParser):  # noqa: SLF001
    """Reads a line of any length that the headers may have, and passes over headers that browsers pass over."""

    MAX_LENGTH = HEADER_LIMIT

    def statusReceived(self, status: bytes) -> None:  # noqa: N802
        """Refuse a status below 100, which means nothing; what is above 599 counts as an error of the server."""
        super().statusReceived(status)  # type: ignore[no-untyped-call]
        if self.response.code < 100:
            raise ParseError("impossible status code", status)  # type: ignore[no-untyped-call]

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802
        """Take a header, unless its name is none, or it says that the body is sent as it is."""
        if (name.lower(), value.lower()) != (b"transfer-encoding", b"identity"):
            with suppress(InvalidHeaderName):
                super().headerReceived(name.rstrip(), value)  # type: ignore[no-untyped-call]


def _host_and_port(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return _ascii(parts.hostname or ""), parts.port or (443 if parts.scheme == "https" else 80)


def _ascii(host: str) -> str:
    """The spelling of a host name on the wire; Twisted looks up the readable one."""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host
