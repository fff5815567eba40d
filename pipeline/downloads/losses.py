"""Why a request gave no page: which loss every exception of a download means."""

import zlib
from gzip import BadGzipFile

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    StopDownload,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response

from pipeline.funnel import Loss


class LostError(IgnoreRequest):
    """A request that was not made, or whose answer is of no use."""

    def __init__(self, loss: Loss, detail: str = "") -> None:
        super().__init__(f"{loss}: {detail}" if detail else str(loss))
        self.loss = loss
        self.detail = detail


_LOSSES: tuple[tuple[type[Exception], Loss], ...] = (
    (CannotResolveHostError, Loss.NO_HOST),
    (DownloadTimeoutError, Loss.TIMEOUT),
    (ResponseDataLossError, Loss.TRUNCATED),
    (DownloadCancelledError, Loss.TOO_LARGE),
    (DownloadConnectionRefusedError, Loss.NOT_CONNECTED),
    (DownloadFailedError, Loss.NOT_CONNECTED),
    (BadGzipFile, Loss.TRUNCATED),
    (zlib.error, Loss.TRUNCATED),
    (OSError, Loss.NOT_CONNECTED),
    (StopDownload, Loss.NOT_HTML),
    (UnsupportedURLSchemeError, Loss.REDIRECTS),
)
_IGNORED = (("DOWNLOAD_MAXSIZE", Loss.TOO_LARGE), ("redirections", Loss.REDIRECTS))
"""What Scrapy's own middlewares say when they ignore a request; they raise one exception for all of it."""


def loss_of(error: BaseException) -> tuple[Loss, str]:
    """The loss that an exception of a download means, and the detail in one line."""
    if isinstance(error, LostError):
        return error.loss, error.detail
    told = " ".join(str(error).split())[:300] or type(error).__name__
    if isinstance(error, IgnoreRequest):
        return next((loss for words, loss in _IGNORED if words in told), Loss.FAILED), told
    return next((loss for kind, loss in _LOSSES if isinstance(error, kind)), Loss.FAILED), told


async def fetch(crawler: Crawler, request: Request) -> Response:
    """Download within a callback or a middleware; whatever keeps the answer away is raised as a ``LostError``."""
    try:
        return await crawler.engine.download_async(request)
    except LostError:
        raise
    except Exception as error:  # a download can fail with anything
        raise LostError(*loss_of(error)) from error
