"""Logs as JSON."""

import json
import logging
import sys

from scrapy import Request

from pipeline.items import Link, Origin
from pipeline.logs import JsonFormatter


def line(message: str, *args: object, **beside: object) -> dict[str, str]:
    record = logging.getLogger("desk").makeRecord("desk", logging.WARNING, "", 0, message, args, None, extra=beside)
    formatter = JsonFormatter()
    formatter.run = 7
    return dict(json.loads(formatter.format(record)))


def test_a_line_says_when_how_grave_who_and_what() -> None:
    told = line("“%s” is late", "it")
    assert told.pop("time").endswith("+00:00")
    assert told == {"level": "warning", "logger": "desk", "message": "“it” is late", "run": 7}


def test_source_and_address_are_taken_from_the_request_in_hand() -> None:
    link = Link("https://post.example/a", source="post", origin=Origin.FEED)
    page = Request(link.url, cb_kwargs={"link": link})
    assert line("Crawled %(request)s", {"request": page}) | {"time": ""} == {
        "time": "", "level": "warning", "logger": "desk", "message": f"Crawled {page}", "run": 7,
        "source": "post", "url": link.url,
    }  # fmt: skip
    assert line("x", item=link)["source"] == "post"


def test_an_error_is_one_line_too() -> None:
    try:
        int("no\nnumber")
    except ValueError:
        record = logging.LogRecord("desk", logging.ERROR, "", 0, "it failed", None, sys.exc_info())
    text = JsonFormatter().format(record)
    assert "\n" not in text
    assert "ValueError: invalid literal" in json.loads(text)["error"]
