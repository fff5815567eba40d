"""Where a redirect leads, read as browsers read it."""

import re

from scrapy import Request
from scrapy.http import Response

from pipeline.discovery.listing import LONGEST_ADDRESS
from pipeline.downloads.losses import LostError
from pipeline.funnel import Loss
from pipeline.urls import absolute_url

_FOREIGN = re.compile(rb"[\x80-\xff]")


class LocationMiddleware:
    """A downloader middleware between network and redirects; Scrapy's own joins addresses by an older rule."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Make the Location whole; ``LostError`` where no page can be there."""
        told = response.headers.get("Location") if 300 <= response.status < 400 else None
        if told is None:
            return response
        written = _FOREIGN.sub(lambda byte: b"%%%02X" % ord(byte[0]), told).decode("ascii")
        target = absolute_url(written, request.url)
        if not target or len(target) > LONGEST_ADDRESS:
            raise LostError(Loss.REDIRECTS, f"leads to {written[:200]!r}, which is no web address")
        response.headers["Location"] = target
        return response
