"""What every reader of this room gives back: the links of one listing, and what the listing says about itself."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pipeline.items import Link
from pipeline.urls import absolute_url

LONGEST_ADDRESS = 4_000
"""Characters; servers and browsers stop near 2,000 to 8,000."""

_ORIGIN = re.compile(r"https?://[^/?#]*", re.IGNORECASE)
_USUAL = re.compile(r"https?://[\w.-]+(?:/[^\s&]*)?$")
_ESCAPED = re.compile(r"&(?:amp|#0*38|#x0*26);", re.IGNORECASE)
_DOUBLED = re.compile(r"^(?:https?:/*)+(?=https?:/)", re.IGNORECASE)
_SLASHES = re.compile(r"^(https?):/?(?=[^/])", re.IGNORECASE)
_BARE_HOST = re.compile(r"^(?=www\.)", re.IGNORECASE)
_AROUND = " \t\r\n\f\v\u00a0\u200b\ufeff\"'"
_UNSOUND = re.compile(r"""[\s\x00-\x20"<>\\^`{|}]""")


class Format(StrEnum):
    """What the bytes turned out to be, whatever their address or header claims."""

    RSS = "rss"
    RDF = "rdf"
    ATOM = "atom"
    JSON_FEED = "json_feed"
    SITEMAP = "sitemap"
    SITEMAP_INDEX = "sitemap_index"
    TEXT_SITEMAP = "text_sitemap"
    PAGE = "page"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a feed asks to be polled. ``every``: at least this long between polls, or None.

    ``skip_hours``: hours of the day in UTC, 0–23, and ``skip_days``: 0 for Monday to 6, when nothing new comes.
    """

    every: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Listing:
    """The links of a feed, sitemap or section page, in its own order and each address once.

    ``children``: the sitemaps that an index names, most promising first; ``modified`` is their lastmod.
    ``fault``: why there are no links, or fewer than there should be ("html instead of a feed", "cut off"); empty for
    none. A fault does not make the links worse: each is whole. ``home``: the page the listing belongs to. ``self_url``:
    the address it gives itself. ``next_url``: where older entries stand (RFC 5005, a JSON Feed's next_url, the next
    page of a section). ``hubs``: WebSub hubs. Addresses are absolute; what the listing does not say is empty.
    """

    format: Format
    links: tuple[Link, ...] = ()
    children: tuple[Link, ...] = ()
    fault: str = ""
    title: str = ""
    language: str = ""
    home: str = ""
    self_url: str = ""
    next_url: str = ""
    hubs: tuple[str, ...] = ()
    updated: datetime | None = None
    rhythm: Rhythm = Rhythm()


def entries_fault(count: int, most: int, addresses: int) -> str:
    """What is wrong with a listing of so many entries, of which ``most`` are read and so many gave an address."""
    if count > most:
        return f"more than {most:,} entries"
    return "" if addresses else "no entry has an address" if count else "no entries"


def link_address(written: str, base: str) -> str:
    """The web address that a listing wrote, absolute; empty for none.

    One that is whole and sound stays as written, so that it can be told apart and found again; else it is spelled as
    a browser would ask for it (white space, relative parts, stray characters).
    """
    written = written.strip(_AROUND)
    if len(written) > LONGEST_ADDRESS:
        return ""
    written = written if _USUAL.match(written) else _mended(written)
    address = absolute_url(written, base)
    if not address:
        return ""
    origin = _ORIGIN.match(written)
    sound = origin and not _UNSOUND.search(written) and address.startswith(origin[0].lower())
    return written if sound else address


def _mended(written: str) -> str:
    """The address as it was meant: in one line, ``&`` escaped no more, with one scheme and its slashes."""
    written = "".join(map(str.strip, _ESCAPED.sub("&", written).splitlines()))
    return _BARE_HOST.sub("//", _SLASHES.sub(r"\1://", _DOUBLED.sub("", written)))
