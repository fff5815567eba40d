"""One poll of a feed, sitemap or section page: what to ask for, and what the answer means. Sends nothing itself."""

import asyncio
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from pipeline.discovery.listing import Format, Listing
from pipeline.discovery.listings import read_listing
from pipeline.discovery.sections import read_section
from pipeline.funnel import CHANGED, EMPTY, UNCHANGED
from pipeline.items import Origin
from pipeline.storage.listings import ListingState

WHOLE_AGE = timedelta(days=1)
"""After this long a listing is asked for without conditions: some servers say "not modified" for ever."""

LONGEST_VALIDATOR = 1000

_reader = ThreadPoolExecutor(1, thread_name_prefix="listings")
"""One listing at a time, and in one thread: a large one takes hundreds of megabytes, of which each thread would keep
many to itself."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a poll. ``headers``: names in lower case; ``whole``: False where the body is known to be cut."""

    status: int
    body: bytes
    url: str
    headers: Mapping[str, str]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Poll:
    """What a poll came to. ``outcome``: a word of :mod:`pipeline.funnel`, or "status_404", "unreadable"."""

    state: ListingState
    outcome: str
    listing: Listing | None = None


def conditions(state: ListingState, now: datetime) -> dict[str, str]:
    """Request headers by which a server can say that nothing has changed."""
    if state.read_at is None or abs(now - state.read_at) > WHOLE_AGE:
        return {}
    validators = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in validators.items() if value}


async def read_aside(state: ListingState, answer: Answer, navigation: Collection[str] = frozenset()) -> Poll:
    """Read an answer while the crawl goes on."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_reader, read_poll, state, answer, datetime.now(UTC), navigation)


def read_poll(state: ListingState, answer: Answer, now: datetime, navigation: Collection[str] = frozenset()) -> Poll:
    """Read an answer. A body that is the same as last time is not read again.

    ``navigation``: canonical addresses known to be no articles, for a section page.
    """
    if answer.status == 304 and state.read_at:
        return _good(state, UNCHANGED, now)
    if answer.status >= 300:
        return failed(state, f"status_{answer.status}", now)
    digest = sha256(answer.body).hexdigest()
    validators = {
        "etag": answer.headers.get("etag", "")[:LONGEST_VALIDATOR] if answer.whole else "",
        "last_modified": answer.headers.get("last-modified", "")[:LONGEST_VALIDATOR] if answer.whole else "",
        "read_at": now,
    }
    if digest == state.digest:
        return _good(replace(state, **validators), UNCHANGED, now)  # type: ignore[arg-type]
    listing = _read(state, answer, now, navigation)
    if listing.fault and not listing.links and not listing.children:
        return replace(failed(state, "unreadable", now, listing.fault), listing=listing)
    read = replace(state, digest=digest, changed_at=now, **validators)  # type: ignore[arg-type]
    outcome = CHANGED if listing.links or listing.children else EMPTY
    return replace(_good(read, outcome, now, listing.fault), listing=listing)


def failed(state: ListingState, outcome: str, now: datetime, detail: str = "") -> Poll:
    """A poll that gave nothing."""
    told = f"{outcome}: {detail}" if detail else outcome
    return Poll(replace(state, polled_at=now, failures=state.failures + 1, outcome=told[:500]), outcome)


def _good(state: ListingState, outcome: str, now: datetime, fault: str = "") -> Poll:
    return Poll(replace(state, polled_at=now, failures=0, outcome=fault or outcome), outcome)


def _read(state: ListingState, answer: Answer, now: datetime, navigation: Collection[str]) -> Listing:
    kind = answer.headers.get("content-type")
    if state.kind is Origin.SECTION:
        return read_section(answer.body, answer.url, kind, navigation)
    listing = read_listing(answer.body, answer.url, now, kind, whole=answer.whole)
    return listing if listing.format is not Format.PAGE else replace(listing, fault="a page, no feed or sitemap")
