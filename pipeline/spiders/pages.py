"""An answer of Scrapy's as a raw page."""

from datetime import datetime

from scrapy.http import Response

from pipeline.items import Link, Media, RawPage

MEDIA = {"text/html": Media.HTML, "application/xhtml+xml": Media.HTML, "text/plain": Media.TEXT}


def headers_of(response: Response) -> dict[str, str]:
    """Response headers, names in lower case, several of one name joined."""
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }


def page_of_response(
    url: str, response: Response, fetched_at: datetime, *, source: str = "", link: Link | None = None
) -> RawPage:
    """The raw page; ``url``: the address first asked for."""
    headers = headers_of(response)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return RawPage(
        url=url,
        final_url=response.url,
        status=response.status,
        headers=headers,
        body=response.body,
        fetched_at=fetched_at,
        media=MEDIA.get(kind, Media.UNKNOWN),
        source=source,
        link=link,
    )
