"""An answer of Scrapy's as a raw page: its headers, and what is known of the source."""

from datetime import UTC, datetime

from scrapy.http import HtmlResponse
from scrapy.settings import Settings

from pipeline.items import Link, OptOuts, Origin, SiteRules
from pipeline.sources import Source
from pipeline.spiders.pages import headers_of, opt_outs_of, page_of_source

URL = "https://harbour.example/ferry"


def response(headers: dict[str, str | list[str]]) -> HtmlResponse:
    return HtmlResponse(URL, headers=headers, body=b"<p>The ferry sails.</p>")


def test_headers_of_one_name_are_joined_in_order():
    assert headers_of(response({"Set-Thing": ["b: 2", "a"], "ETag": '"x"'})) == {"set-thing": "b: 2, a", "etag": '"x"'}


def test_directives_for_everybody_stand_before_those_for_one_crawler():
    headers = headers_of(response({"X-Robots-Tag": ["otherbot: noindex", "noarchive"]}))
    assert headers == {"x-robots-tag": "noarchive, otherbot: noindex"}


def test_a_page_carries_what_is_known_of_its_source():
    source = Source(
        url="https://harbour.example/", name="harbour", prune=("nav",), body=("main",), language="en", tags=("a",)
    )
    settings = Settings(
        {"USER_AGENT": "ExampleBot/1.0 (+https://example.org)", "HONOUR_PAGE_ROBOTS": "NoArchive, noai"}
    )
    opt_outs = opt_outs_of(settings)
    assert opt_outs == OptOuts("examplebot", ("noarchive", "noai"))
    page = page_of_source(source, Link(URL, Origin.FEED), response({}), datetime(2026, 11, 22, tzinfo=UTC), opt_outs)
    assert page.rules == SiteRules(("nav",), ("main",), "en", ("a",))
    assert (page.source, page.opt_outs) == ("harbour", opt_outs)
