"""Logs as JSON, an object a line, for machines that gather them; by setting, for people read on."""

import json
import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from scrapy.settings import Settings


class JsonFormatter(logging.Formatter):
    """A line is an object with time, level, logger and message; and run, spider, source, url, error where known."""

    run: int | None = None

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "run": self.run,
            **dict(_known(record)),
            "error": self.formatException(record.exc_info) if record.exc_info else None,
        }
        return json.dumps({name: value for name, value in told.items() if value is not None}, ensure_ascii=False)


def use_json(settings: Settings) -> None:
    """Log as JSON from here on, by a handler of our own: one of Scrapy's would be replaced when a crawl begins."""
    file = settings["LOG_FILE"]
    mode = "a" if settings.getbool("LOG_FILE_APPEND") else "w"
    handler = logging.FileHandler(file, mode, settings["LOG_ENCODING"]) if file else logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    handler.setLevel(settings["LOG_LEVEL"])
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.NOTSET)
    settings.set("LOG_INSTALL_ROOT_HANDLER", value=False, priority="cmdline")


def begin_run(run_id: int) -> None:
    """Name the run in each line from here on."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, JsonFormatter):
            handler.formatter.run = run_id


def _known(record: logging.LogRecord) -> Iterator[tuple[str, str | None]]:
    """Spider, source and address, from what Scrapy and we hand the log beside the words."""
    beside: dict[str, Any] = {**(record.args if isinstance(record.args, Mapping) else {}), **vars(record)}
    yield "spider", getattr(beside.get("spider"), "name", None)
    thing = beside.get("item") or beside.get("request") or beside.get("response")
    asked = getattr(thing, "cb_kwargs", None) or {}
    source = getattr(thing, "source", None) or asked.get("source") or getattr(asked.get("link"), "source", None)
    yield "source", source
    yield "url", getattr(thing, "url", None)
