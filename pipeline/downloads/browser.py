"""Pages that show nothing without scripts, rendered by a browser through scrapy-playwright (the extra ``browser``)."""

import asyncio
import logging
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Error as BrowserError
from playwright.async_api import TimeoutError as BrowserTimeoutError
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadCancelledError, DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from pipeline.addresses import parse_allowed
from pipeline.downloads.losses import LostError
from pipeline.downloads.proxy import GuardedProxy
from pipeline.errors import ConfigError, PipelineError
from pipeline.funnel import Loss
from pipeline.pipelines import fail_run

ELSEWHERE = ("PLAYWRIGHT_CDP_URL", "PLAYWRIGHT_CONNECT_URL", "PLAYWRIGHT_BROWSER_PROVIDER")
"""Settings that take a browser whose connections could not be checked."""

UNSHOWN = frozenset({"image", "media", "font"})
"""What a page loads that has no part in its text."""

_ARGUMENTS = ("--force-webrtc-ip-handling-policy=disable_non_proxied_udp",)


class Browser:
    """One browser of a crawl, started with its first page. All its connections go through a proxy that checks them."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        named = next((name for name in ELSEWHERE if settings[name]), None)
        if named:
            raise ConfigError(f"{named} cannot be used: the addresses that such a browser connects to are not checked")
        self._crawler = crawler
        self._timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._most = settings.getint("DOWNLOAD_MAXSIZE")
        self._proxy = GuardedProxy(parse_allowed(settings.getlist("ALLOW_PRIVATE_ADDRESSES")))
        self._handler = ScrapyPlaywrightDownloadHandler(crawler)
        self._handler.abort_request = _is_unshown
        self._starting = asyncio.Lock()
        self._started = False
        logging.getLogger("scrapy-playwright").setLevel(logging.CRITICAL)  # what fails is counted as lost

    async def download(self, request: Request) -> Response:
        """The page as it is after its scripts have run."""
        await self._check(request.url)
        await self._start()
        try:
            response: Response = await asyncio.wait_for(self._handler.download_request(request), self._timeout)
        except (BrowserTimeoutError, TimeoutError) as error:
            raise DownloadTimeoutError(f"not rendered within {self._timeout:g} s") from error
        except BrowserError as error:
            raise DownloadFailedError(_first(error)) from error
        await self._check(response.url)
        if self._most and len(response.body) > self._most:
            raise DownloadCancelledError(f"the rendered page has more than {self._most} bytes (DOWNLOAD_MAXSIZE)")
        return response

    async def close(self) -> None:
        """End browser and proxy."""
        if self._started:
            await self._handler.close()
            await self._proxy.close()

    async def _check(self, url: str) -> None:
        """See that an address can be connected to, before the browser tries and after redirects led there."""
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        if await self._proxy.address_of(host, port) is None:
            refused = self._proxy.refused.get((host, port))
            if refused is None:
                raise CannotResolveHostError(host)
            raise LostError(Loss.PRIVATE_ADDRESS, f"{host} is {refused}, which is no public address")

    async def _start(self) -> None:
        async with self._starting:
            if self._started:
                return
            options = self._handler.config.launch_options
            address = await self._proxy.start()
            self._handler.config.launch_options = {
                **options,
                "proxy": {"server": address, "bypass": "<-loopback>"},
                "args": [*options.get("args", ()), *_ARGUMENTS],
            }
            self._handler.config.navigation_timeout_ms = self._timeout * 1000
            try:
                await self._handler._launch()  # noqa: SLF001 - its own signal, the engine's start, has passed
                await self._handler._maybe_launch_browser()  # noqa: SLF001 - to know now whether there is one
            except BrowserError as error:
                await self._proxy.close()
                fail_run(self._crawler, "browser_error", PipelineError(f"no browser can be started: {_first(error)}"))
                raise LostError(Loss.INTERRUPTED) from error
            self._started = True


def _first(error: Exception) -> str:
    """The first line of what playwright says; the others draw boxes and show call logs."""
    return str(error).strip().partition("\n")[0]


def _is_unshown(request: Any) -> bool:  # noqa: ANN401 - playwright's, which is no part of the types checked
    return request.resource_type in UNSHOWN
