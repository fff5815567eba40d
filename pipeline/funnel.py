"""The funnel of a crawl: for each source, how many addresses came how far, and what each of the others was lost to.

A run counts under keys of this module, in Scrapy's stats and in ``runs.counts``: "sources/NAME/discovered", …
"sources/NAME/lost/REASON". Every address that is discovered ends in exactly one place::

    discovered → known, excluded, trap           not fetched, and rightly so
               → new  ┐
        pending       ┴→ fetched → article → stored_new, stored_updated, stored_unchanged
        from before   │          └ rejected/REASON
                      └ lost/REASON

Beside the funnel stands what it cost, in ``Measure``, and "with/FIELD": how many of the articles have the field.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.items import Article

PREFIX = "sources/"


class Stage(StrEnum):
    """How far an address came."""

    DISCOVERED = "discovered"  # named by a listing
    KNOWN = "known"  # and in the database already
    EXCLUDED = "excluded"  # kept out by the source's patterns
    TRAP = "trap"  # shaped like one of a crawler trap
    NEW = "new"  # to be fetched for the first time
    PENDING = "pending"  # found by an earlier run, still to be fetched
    REVISITED = "revisited"  # stored by an earlier run, to be seen again
    FETCHED = "fetched"  # an answer came
    ARTICLE = "article"  # and an article was in it
    STORED_NEW = "stored_new"
    STORED_UPDATED = "stored_updated"
    STORED_UNCHANGED = "stored_unchanged"


class Measure(StrEnum):
    """What a source cost and brought in one run."""

    ANSWERS = "answers"  # to requests for pages and listings
    BYTES = "bytes"  # of their bodies
    WAITED = "waited"  # for them, milliseconds in all
    SECONDS = "seconds"  # from the source's first request to the last answer
    WORDS = "words"  # of the articles


FIELDS = ("headline", "authors", "published", "description", "images", "section", "tags", "paywall")
"""Fields of an article that are counted where they hold something."""


class Loss(StrEnum):
    """Why a page or a listing could not be had. Those of the second group are not tried again."""

    POSTPONED = "postponed"  # its host is to be left alone for now
    BUDGET = "budget"  # the source has used up its pages, bytes or time of this run
    INTERRUPTED = "interrupted"  # the run ended first
    NO_HOST = "no_host"  # its name is not known
    NOT_CONNECTED = "not_connected"  # refused, reset, or TLS failed
    TIMEOUT = "timeout"  # no whole answer in time
    TRUNCATED = "truncated"  # the answer broke off
    SERVER_ERROR = "server_error"  # status 5xx or 429, also of robots.txt
    FAILED = "failed"  # anything else, as the detail says
    ROBOTS = "robots"  # robots.txt forbids it
    PRIVATE_ADDRESS = "private_address"  # its host is where a crawl may not connect to
    TOO_LARGE = "too_large"  # over the limit, also after decompression
    NOT_HTML = "not_html"  # an image, a PDF, a video, …
    REDIRECTS = "redirects"  # in a circle, too many, or to no web page


UNCOUNTED = frozenset({Loss.POSTPONED, Loss.BUDGET, Loss.INTERRUPTED})
"""Losses that say nothing about the page: it was not asked for, and stays as it was."""

FINAL = frozenset({Loss.PRIVATE_ADDRESS, Loss.TOO_LARGE, Loss.NOT_HTML, Loss.REDIRECTS})
"""Losses that another try would not mend."""


def key(source: str, stage: str, reason: str = "") -> str:
    """The key that a stage, or a reason within one ("lost", "rejected", "listings", "with"), is counted under."""
    return f"{PREFIX}{source}/{stage}/{reason}" if reason else f"{PREFIX}{source}/{stage}"


@dataclass(slots=True)
class Funnel:
    """What a run counted for one source. ``lost``, ``rejected``, ``listings``: reason → number.

    ``stages``: stage or measure → number. ``fields``: field → articles that have it.
    """

    stages: dict[str, int] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    listings: dict[str, int] = field(default_factory=dict)
    fields: dict[str, int] = field(default_factory=dict)

    @property
    def stored(self) -> int:
        """Articles the run saw, whether or not they changed anything."""
        return sum(self.stages.get(stage, 0) for stage in STORED)

    @property
    def to_fetch(self) -> int:
        """Pages that the run was to fetch."""
        return sum(self.stages.get(stage, 0) for stage in TO_FETCH)

    @property
    def worked(self) -> bool:
        """Whether any of the source's listings could be read."""
        return any(number for reason, number in self.listings.items() if reason in READ)

    @property
    def failed(self) -> bool:
        """Whether listings were asked for, and none could be read."""
        return not self.worked and bool(self.listings.keys() - PASSED_OVER)

    @property
    def waiting(self) -> int:
        """Pages that were to be fetched and neither came nor were lost, as yet."""
        return self.to_fetch - self.stages.get(Stage.FETCHED, 0) - sum(self.lost.values())

    def why_none(self) -> str:
        """Why the run got no article of this source, in words; empty where it got one."""
        if self.stored:
            return ""
        if not self.listings:
            return "no feed, sitemap or section page is known or could be found"
        if passed_over := [told for reason, told in PASSED_OVER.items() if reason in self.listings]:
            return passed_over[0]
        if self.failed:
            return f"no listing could be read: {_told(self.listings)}"
        if not self.stages.get(Stage.DISCOVERED) and not self.to_fetch:
            return "the listings are unchanged" if self.listings.get(UNCHANGED) else "the listings name no page"
        if not self.to_fetch:
            reasons = {str(stage): self.stages.get(stage, 0) for stage in (Stage.KNOWN, Stage.EXCLUDED, Stage.TRAP)}
            return f"nothing new: {_told(reasons)}"
        lost = {**self.lost, **self.rejected}
        return f"no page was an article: {_told(lost)}" if lost else "no page was fetched"


TO_FETCH = (Stage.NEW, Stage.PENDING, Stage.REVISITED)
STORED = (Stage.STORED_NEW, Stage.STORED_UPDATED, Stage.STORED_UNCHANGED)
UNCHANGED, CHANGED, EMPTY = "unchanged", "read", "empty"
PAUSED, NOT_DUE, BUSY = "paused", "not_due", "busy"
PASSED_OVER = {
    PAUSED: "the source is paused",
    NOT_DUE: "the source is not due yet",
    BUSY: "another run is crawling the source",
}
"""What is counted instead of listings of a source that is passed over → the same in words."""
READ = frozenset({UNCHANGED, CHANGED, EMPTY})
"""What is counted of a listing that could be read; anything else, but for ``PASSED_OVER``, is a Loss or a fault."""


def funnels(counts: Mapping[str, int]) -> dict[str, Funnel]:
    """The funnel of each source in a run's counts."""
    return {source: funnel_of(own) for source, own in by_source(counts).items()}


def by_source(counts: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """A run's counts by source, under keys without it."""
    found: dict[str, dict[str, int]] = {}
    for name, number in counts.items():
        if name.startswith(PREFIX):
            source, _, rest = name.removeprefix(PREFIX).partition("/")
            found.setdefault(source, {})[rest] = number
    return found


def funnel_of(counts: Mapping[str, int]) -> Funnel:
    """The funnel of one source, from its own counts."""
    funnel = Funnel()
    groups = {
        "lost": funnel.lost,
        "rejected": funnel.rejected,
        "listings": funnel.listings,
        "with": funnel.fields,
    }
    for name, number in counts.items():
        group, _, reason = name.partition("/")
        if reason and group in groups:
            groups[group][reason] = number
        else:
            funnel.stages[name] = number
    return funnel


def fields_of(article: Article) -> list[str]:
    """Those of ``FIELDS`` that an article has."""
    return [name for name in FIELDS if getattr(article, name)]


def record(funnel: Funnel) -> dict[str, object]:
    """A funnel as plain JSON types; ``why_none`` is None where there were articles."""
    reasons = {
        "lost": funnel.lost,
        "rejected": funnel.rejected,
        "listings": funnel.listings,
        "with": funnel.fields,
    }
    return {**funnel.stages, **reasons, "why_none": funnel.why_none() or None}


def losses(found: Mapping[str, Funnel]) -> Iterator[str]:
    """A line for each source that lost pages, and for each without an article: what became of them, and why."""
    for name, funnel in found.items():
        if told := _told({**funnel.lost, **funnel.rejected}):
            yield f"{name}: not stored: {told}"
        if why := funnel.why_none():
            yield f"{name}: no article: {why}"


def _told(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {reason.replace('_', ' ')}" for reason, number in numbers.items() if number)
