"""What the headers of an HTTP answer say, as a raw page has it."""

from collections.abc import Iterable, Mapping

from pipeline.items import Media

MEDIA = {"text/html": Media.HTML, "application/xhtml+xml": Media.HTML, "text/plain": Media.TEXT}


def joined_headers(lines: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Header lines by name in lower case, several of one name joined.

    Of X-Robots-Tag the line for everybody comes first: what follows a crawler's name is meant for that one alone.
    """
    found: dict[str, list[str]] = {}
    for name, value in lines:
        found.setdefault(name.lower(), []).append(value)
    if "x-robots-tag" in found:
        found["x-robots-tag"].sort(key=lambda line: ":" in line)
    return {name: ", ".join(values) for name, values in found.items()}


def content_type(headers: Mapping[str, str]) -> str:
    """The media type without its parameters, in lower case; empty for none. ``headers``: names in lower case."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def media_of(headers: Mapping[str, str]) -> Media:
    """What an answer claims to be."""
    return MEDIA.get(content_type(headers), Media.UNKNOWN)
