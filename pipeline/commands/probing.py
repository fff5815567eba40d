"""What a look at a site comes to: whether it can be a source, and if not, why. No command itself."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from pipeline.downloads.sites import Site
from pipeline.funnel import CHANGED
from pipeline.items import PARTIAL, Article, Origin, Reason, Rejection
from pipeline.report import REASONS
from pipeline.sources import default_name
from pipeline.spiders.polling import Poll
from pipeline.spiders.probe import Findings, Sample, newest
from pipeline.text import word_count

STUB = 150
"""Words under which a text with evidence of a paywall is taken for its beginning only."""

_KEYS = {Origin.FEED: "feeds", Origin.SITEMAP: "sitemaps", Origin.SECTION: "sections"}
_ORDINARY = frozenset({Reason.INDEX_PAGE, Reason.TOO_SHORT, Reason.EMPTY})
"""Reasons that any front page may be refused for."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What robots.txt says. ``verdict``: "allowed", "forbidden", "unreadable" or "not asked"; ``rule``: that forbids.

    ``status``: of the answer, None for none. ``delay``: seconds it asks for between two requests, or None.
    """

    verdict: str
    rule: str = ""
    status: int | None = None
    delay: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A listing. ``entries``: how many pages it names, ``children``: how many listings; ``fault``: what is wrong."""

    url: str
    kind: Origin
    entries: int = 0
    children: int = 0
    newest: datetime | None = None
    fault: str = ""
    is_child: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """A sample and what became of it; ``item`` is None where the page was lost."""

    url: str
    item: Article | Rejection | None = None
    loss: str = ""

    @property
    def is_stub(self) -> bool:
        """Whether it is an article of which only the beginning was shown."""
        item = self.item
        return isinstance(item, Article) and (item.is_partial or (bool(item.paywall) and word_count(item.text) < STUB))

    @property
    def is_article(self) -> bool:
        """Whether it is a whole article."""
        return isinstance(self.item, Article) and not self.is_stub


@dataclass(frozen=True, slots=True)
class Report:
    """The whole outcome. ``entry``: for sources.toml, None where the site cannot be a source; ``why``: the reason."""

    url: str
    robots: Rules
    listings: tuple[Found, ...] = ()
    samples: tuple[Tried, ...] = ()
    entry: Mapping[str, Any] | None = None
    why: str = ""


def report_of(url: str, findings: Findings, cause: str, items: Sequence[Article | Rejection]) -> Report:
    """Judge a look at a site. ``cause``: why there is no front page, or empty.

    ``items``: what became of the front page and of each sample's page, in order; empty without a front page.
    """
    robots = _rules(findings.site, url)
    if not findings.front:
        told = f"{cause}: {robots.rule}" if robots.rule else cause
        return Report(url, robots, why=f"it leads to {findings.lost_at}: {told}" if findings.lost_at else told)
    front, *made = items
    tried = _tried(findings.samples, made)
    listings = tuple(map(_found, findings.polls))
    address = findings.front.final_url
    why = _why_not(listings, tried, front)
    home = urljoin(address, "/") if findings.is_listing else address
    entry = None if why else _entry(home, listings)
    return Report(address, robots, listings, tried, entry, why)


def _rules(site: Site | None, url: str) -> Rules:
    if site is None or site.robots is None:
        return Rules("not asked")
    if site.robots.verdict is False:
        return Rules("unreadable", status=site.robots_status)
    rule = site.robots.forbidding(url)
    return Rules("forbidden" if rule else "allowed", rule, site.robots_status, site.robots.delay)


def _found(poll: Poll) -> Found:
    state, listing = poll.state, poll.listing
    links = listing.links if listing else ()
    fault = (listing.fault if listing else "") or ("" if poll.outcome == CHANGED else state.outcome)
    children = len(listing.children) if listing and state.kind is Origin.SITEMAP else 0
    return Found(state.url, state.kind, len(links), children, newest(links), fault, bool(state.parent))


def _tried(samples: Sequence[Sample], made: Sequence[Article | Rejection]) -> tuple[Tried, ...]:
    rest = iter(made)
    return tuple(Tried(s.link.url, next(rest) if s.page else None, s.loss) for s in samples)


def _why_not(listings: Sequence[Found], tried: Sequence[Tried], front: Article | Rejection) -> str:
    """Why a site cannot be a source; empty where it can."""
    if not any(found.entries for found in listings):
        return _why_no_links(listings, front)
    if any(sample.is_article for sample in tried):
        return ""
    stub = next((sample.item for sample in tried if sample.is_stub), None)
    if isinstance(stub, Article):
        shown = f"{word_count(stub.text):,} words"
        return f"a paywall: {shown} are shown of {stub.url}, and {stub.paywall.removeprefix(PARTIAL)}"
    reasons = Counter(_outcome(sample) for sample in tried)
    told = ", ".join(f"{number} {reason}" for reason, number in reasons.most_common())
    return f"none of the pages that were tried is an article: {told}" if told else "the links lead to no page"


def _why_no_links(listings: Sequence[Found], front: Article | Rejection) -> str:
    if isinstance(front, Article):
        return "the address is that of one article; give the site's front page"
    if front.reason not in _ORDINARY:
        hint = '; render = "browser" in its entry may help' if front.reason is Reason.SCRIPT_SHELL else ""
        return f"{REASONS[front.reason].rstrip('.')}: {front.detail}{hint}"
    faults = Counter(found.fault for found in listings if found.fault)
    told = f" ({', '.join(faults)})" if faults else ""
    return f"no feed, no sitemap and no link to an article was found{told}"


def _outcome(sample: Tried) -> str:
    if isinstance(sample.item, Rejection):
        return f"{sample.item.reason} ({sample.item.detail})"
    return sample.loss


def _entry(url: str, listings: Sequence[Found]) -> dict[str, Any]:
    """The entry: the listings that name pages, an index instead of the sitemaps it names."""
    entry: dict[str, Any] = {"url": url, "name": default_name(url)}
    for kind, name in _KEYS.items():
        useful = [found for found in listings if found.kind is kind and (found.entries or found.children)]
        own = [found.url for found in useful if not found.is_child or kind is Origin.SECTION]
        if own:
            entry[name] = own
    return entry
