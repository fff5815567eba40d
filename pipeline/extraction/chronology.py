"""When an article was published and changed: the claims of the page weighed against each other.

A time is never made up: no claim, no time; and one that lies in the future or before the web is no claim.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import chain, islice

from lxml.html import HtmlElement

from pipeline.extraction.dates import Stamp, find_stamp, parse_stamp
from pipeline.extraction.jsonld import Node, string
from pipeline.extraction.markup import Claim, Markup, plain, text_of
from pipeline.extraction.surroundings import Spot, hints_of
from pipeline.items import Precision
from pipeline.text import words

_PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published", "datepublished",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime",
    "cxenseparse:recs:published_time", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created",
    "dcterms.date", "dc.date", "dc.date.available", "date.available", "date.created", "publishdate", "publish-date", "publish_date", "published_at",
    "published", "publisheddate", "published_time", "pubdate", "pub_date", "article.published", "article_date_original", "originalpublicationdate",
    "ptime", "releasedate", "timestamp", "citation_publication_date", "citation_date", "og:pubdate", "rnews:datepublished", "created", "creation_date", "date",
)  # fmt: skip
_MODIFIED_METAS = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "og:modified_time", "article:modified", "datemodified",
    "dcterms.modified", "dc.date.modified", "dc.modified", "date.modified", "date.updated", "last-modified", "lastmod", "modified", "updated_time",
    "revision_date", "updated",
)  # fmt: skip
_PUBLISHED_HINTS = frozenset(
    "published publish publishdate pubdate publication posted created datepublished entry firstpublished".split()
)
_MODIFIED_HINTS = frozenset("modified updated update moddate lastmod changed datemodified edited".split())
_DATE_HINTS = frozenset("date dates datetime time timestamp fecha datum data dateline".split())
_UPDATED = re.compile(
    r"updat|aktuali[sz]|aktualis|actuali[sz]|modifi|mis à jour|aggiorna|atualiza|alterado|bijgewerkt|gewijzigd|uppdater|oppdater|opdater|"
    r"päivitet|frissít|güncelle|ενημέρωση|ενημερ|обновл|измен|оновл|تحديث|更新|수정|editado|stand:|last edited|zmieniono|upraven",
    re.IGNORECASE,
)
_URL_DATE = re.compile(
    r"[/_=.-](?P<year>(?:19|20)\d\d)[/_-]?(?P<month>0?[1-9]|1[0-2])[/_-]?(?P<day>[0-2]?\d|3[01])(?=[/_.?-]|$)"
)
_EARLIEST = 1990
_FUTURE = timedelta(days=1)
_CLOSE = timedelta(seconds=61)
_SAME_SEASON = timedelta(days=10)
_LONGEST_DATE_LINE = 8
_LARGEST_OFFSET = timedelta(hours=14)
_QUARTER = timedelta(minutes=15)
_MOST_TIMES = 12


@dataclass(frozen=True, slots=True)
class Dated:
    """A time with its precision and the signal it came from."""

    moment: datetime
    precision: Precision
    signal: str


Claimed = tuple[Stamp, str]
"""A time as written, and the signal it came from."""


def read_times(
    markup: Markup, nodes: Sequence[Node], now: datetime, language: str, spots: Callable[[], Sequence[Spot]]
) -> tuple[Dated | None, Dated | None]:
    """When the article was published and last modified; None for what the page does not say.

    ``nodes``: the article's JSON-LD. ``spots``: gives the lines around the headline; asked only when nothing better
    says when the article was published.
    """
    published = _stamps(_published(markup, nodes), language)
    modified = _stamps(_modified(markup, nodes), language)
    address = _of_url(markup.url)
    times = [(stamp, signal) for stamp, signal, _ in _time_elements(markup.times, language)]
    evidence = [*published, *modified, *address, *times]
    if not _plausible(published, evidence, now):
        shown = list(_shown(spots(), language))
        published += [claim for claim, updated in shown if not updated]
        modified += [claim for claim, updated in shown if updated]
        evidence += [claim for claim, _ in shown]
    return _believed([*published, *address], evidence, now), _believed(modified, evidence, now)


def _stamps(claims: Iterable[Claim], language: str) -> list[Claimed]:
    return [(stamp, claim.signal) for claim in claims if (stamp := parse_stamp(claim.value, language))]


def _published(markup: Markup, nodes: Sequence[Node]) -> Iterator[Claim]:
    for key in ("datePublished", "uploadDate", "dateCreated"):
        for node in nodes:
            yield Claim(string(node, key), "json-ld")
    yield from markup.meta(*_PUBLISHED_METAS)
    yield from markup.properties("datePublished")


def _modified(markup: Markup, nodes: Sequence[Node]) -> Iterator[Claim]:
    for node in nodes:
        yield Claim(string(node, "dateModified"), "json-ld")
    yield from markup.meta(*_MODIFIED_METAS)
    yield from markup.properties("dateModified")


def _of_url(url: str) -> list[Claimed]:
    """The day in the address ("/2024/05/03/"), if there is one."""
    found = _URL_DATE.search(url)
    stamp = parse_stamp("-".join(found.groups())) if found else None
    return [(stamp, "url")] if stamp else []


def _time_elements(elements: Iterable[HtmlElement], language: str) -> Iterator[tuple[Stamp, str, frozenset[str]]]:
    """The times of ``time`` elements with their signal and the words of their own and their parents' mark-up."""
    for element in islice(elements, _MOST_TIMES):
        attribute = next((name for name in ("datetime", "content", "title") if element.get(name)), "")
        text = element.get(attribute) if attribute else text_of(element)
        if text and (stamp := parse_stamp(plain(text), language)):
            yield stamp, f"time[{attribute}]" if attribute else "time", _hints_about(element)


def _hints_about(element: HtmlElement) -> frozenset[str]:
    parents = islice(element.iterancestors(), 2)
    return hints_of(element).union(*map(hints_of, parents))


def _shown(spots: Sequence[Spot], language: str) -> Iterator[tuple[Claimed, bool]]:
    """The dates around the headline, each with whether it is that of a change; time elements first."""
    for spot in spots:
        if spot.element.tag == "time":
            for stamp, signal, hints in _time_elements([spot.element], language):
                yield (stamp, signal), _is_update(spot, hints)
    for spot in spots:
        stamp = find_stamp(spot.text, language) if _is_date_line(spot) else None
        if stamp:
            yield (stamp, "text"), _is_update(spot, spot.hints)


def _is_date_line(spot: Spot) -> bool:
    """Whether a line near the headline is there to give a date: its mark-up says so, or it says little else."""
    if not any(map(str.isdigit, spot.text)):
        return False
    if spot.hints & (_DATE_HINTS | _PUBLISHED_HINTS | _MODIFIED_HINTS):
        return True
    return spot.after and len(words(spot.text)) <= _LONGEST_DATE_LINE


def _is_update(spot: Spot, hints: frozenset[str]) -> bool:
    if hints & _MODIFIED_HINTS and not hints & _PUBLISHED_HINTS:
        return True
    return _UPDATED.match(spot.text) is not None


def _believed(claims: Sequence[Claimed], evidence: Sequence[Claimed], now: datetime) -> Dated | None:
    """The first plausible claim, made finer by a later one of the same day, with its offset."""
    plausible = _plausible(claims, evidence, now)
    if not plausible:
        return None
    moment, precision, signal = plausible[0]
    if precision is Precision.DAY:
        for other, finer, source in plausible[1:] + _plausible(evidence, evidence, now):
            if finer is not Precision.DAY and other.date() == moment.date():
                moment, precision, signal = other, finer, source
                break
    return Dated(_anchored(moment, precision, evidence), precision, signal)


def _plausible(
    claims: Iterable[Claimed], evidence: Sequence[Claimed], now: datetime
) -> list[tuple[datetime, Precision, str]]:
    """The claims that a press article of today can have, day and month set right where the evidence shows how."""
    days = {stamp.moment.date() for stamp, _ in evidence if stamp.swapped is None}
    kept = []
    for stamp, signal in claims:
        readings = [stamp.moment, *([stamp.swapped] if stamp.swapped else [])]
        readings = [reading for reading in readings if _possible(reading, evidence, now)]
        if readings:
            proven = [reading for reading in readings if reading.date() in days]
            kept.append(((proven or readings)[0], stamp.precision, signal))
    return kept


def _possible(moment: datetime, evidence: Sequence[Claimed], now: datetime) -> bool:
    if _aware(moment) > now + _FUTURE:
        return False
    return (
        moment.year >= _EARLIEST
        or len({signal for stamp, signal in evidence if stamp.moment.date() == moment.date()}) > 1
    )


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _anchored(moment: datetime, precision: Precision, evidence: Sequence[Claimed]) -> datetime:
    """The moment with its offset: stated, or that of another time on the page that must be the same, else UTC.

    The other time shows the same clock; or the same instant whole quarters of an hour away, which only counts down to
    the second; or it stands close enough in the calendar that the offset can hardly have changed.
    """
    if moment.tzinfo or precision is Precision.DAY:
        return _aware(moment)
    stated = [stamp.moment for stamp, _ in evidence if stamp.moment.tzinfo]
    same_clock = (other.tzinfo for other in stated if abs(other.replace(tzinfo=None) - moment) < _CLOSE)
    same_instant = (zone for other in stated if moment.second and (zone := _zone_between(moment, other)))
    same_season = (
        other.tzinfo
        for other in stated
        if other.utcoffset() and abs(other.replace(tzinfo=None) - moment) < _SAME_SEASON
    )
    return moment.replace(tzinfo=next(chain(same_clock, same_instant, same_season), UTC))


def _zone_between(clock: datetime, instant: datetime) -> timezone | None:
    """The zone in which a clock shows ``clock`` at ``instant``, or None when there is no such zone."""
    gap = clock - instant.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    return timezone(gap) if not gap % _QUARTER and abs(gap) < _LARGEST_OFFSET else None
