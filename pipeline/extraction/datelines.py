"""Where a page says when its article was published and changed: every place, in order of trust."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml.html import HtmlElement

from pipeline.dates import Stamp, find_stamp, parse_stamp
from pipeline.extraction.jsonld import Node, string
from pipeline.extraction.markup import Claim, Markup, plain, text_of
from pipeline.extraction.people import begins_as_byline
from pipeline.extraction.surroundings import Spot, hints_of
from pipeline.items import Link, Precision
from pipeline.text import words

Claimed = tuple[Stamp, str]
"""A time as written, and the signal it came from."""

_PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published", "datepublished",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime",
    "cxenseparse:recs:published_time", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created",
    "dcterms.date", "dc.date", "dc.date.available", "date.available", "date.created", "publishdate", "publish-date",
    "publish_date", "published_at", "published", "publisheddate", "published_time", "pubdate", "pub_date",
    "article.published", "article_date_original", "originalpublicationdate", "ptime", "releasedate", "og:pubdate",
    "citation_publication_date", "citation_date", "rnews:datepublished", "timestamp", "created", "creation_date",
    "date",
)  # fmt: skip
_MODIFIED_METAS = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "og:modified_time", "article:modified",
    "datemodified", "dcterms.modified", "dc.date.modified", "dc.modified", "date.modified", "date.updated",
    "last-modified", "lastmod", "modified", "updated_time", "revision_date", "updated",
)  # fmt: skip
_PUBLISHED_HINTS = frozenset({
    "created", "datepublished", "entry", "firstpublished", "posted", "pubdate", "publication", "publish",
    "publishdate", "published",
})  # fmt: skip
_MODIFIED_HINTS = frozenset({
    "changed", "datemodified", "edited", "lastmod", "moddate", "modified", "update", "updated",
})  # fmt: skip
_DATE_HINTS = frozenset({
    "data", "date", "dateline", "dates", "datetime", "datum", "fecha", "time", "timestamp",
})  # fmt: skip
_OTHER_STORY = frozenset({"teaser", "teasers"})
_CHANGED = (
    r"(?:last |zuletzt |última |dernière |ultimo )?(?:updat|edited|aktuali[sz]|actuali[sz]|modifi|mise? à jour|"
    r"aggiorn|atualiz|alterado|editado|bijgewerkt|gewijzigd|uppdater|oppdater|opdater|päivitet|muokattu|frissít|güncelle|"
    r"ενημερ|обновл|измен|оновл|تحديث|更新|수정|zmieniono|upraven|diperbarui|stand:)"
)
_UPDATED = re.compile(rf"\W*{_CHANGED}", re.IGNORECASE)
_BEFORE_UPDATE = re.compile(rf"(?<=[\s|,;(/])(?={_CHANGED})", re.IGNORECASE)
_PUBLISHED = re.compile(
    r"\W*(?:first |zuerst |erst)?(?:publi[sczée]|posted|gepost|erschienen|veröffentlicht|pubblicat|gepubliceerd|"
    r"julkaistu|opublikowan|zveřejněn|közzét|yayın|δημοσι|опубликован|опубліков|نشر|発行|发布|發布|입력|등록|diterbitkan)",
    re.IGNORECASE,
)
_URL_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<join>[/_-])(?P<month>\d{1,2}|[a-z]{3,9})(?P=join)(?P<day>\d{1,2})(?!\d)|"
    r"(?<=[/_=.-])(?P<compact>(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d)(?!\d)"
)
_TITLE_END = re.compile(r"[|–—,-]\s*([^|–—,]{6,20})$")
_MOST_TIMES = 12
_LONGEST_DATE_LINE, _LONGEST_NAMED_LINE = 8, 12  # words; those of the time of day are up to five of them
_NEAR, _NAMED_SO = 80, 120  # elements from the headline to a line that gives a date, and to one marked as a date


@dataclass(slots=True)
class Datelines:
    """The times a page gives: declared ones in order of trust, and ``others``, which only bear witness."""

    published: list[Claimed] = field(default_factory=list)
    modified: list[Claimed] = field(default_factory=list)
    others: list[Claimed] = field(default_factory=list)

    def __add__(self, other: "Datelines") -> "Datelines":
        """Both, this one's times first."""
        return Datelines(self.published + other.published, self.modified + other.modified, self.others + other.others)


def declared(markup: Markup, nodes: Sequence[Node], language: str) -> Datelines:
    """The times that JSON-LD (``nodes``, the article's), meta elements and microdata declare."""
    times = [(stamp, signal) for stamp, signal, _ in _time_elements(markup.times, language)]
    return Datelines(_stamps(_published(markup, nodes), language), _stamps(_modified(markup, nodes), language), times)


def shown(markup: Markup, spots: Sequence[Spot], language: str) -> Datelines:
    """The times readers see: around the headline, the first that mark-up calls the publication, the title's ending."""
    found = Datelines()
    for claim, updated in (*_around(spots, language), *_marked(markup.times, language)):
        (found.modified if updated else found.published).append(claim)
    closing = _TITLE_END.search(markup.title)
    if closing and (stamp := find_stamp(closing[1], language)):
        found.published.append((stamp, "title"))
    return found


def listed(link: Link | None) -> Datelines:
    """The times that the listing gives which led to the page."""
    if link is None:
        return Datelines()
    times = (link.published, link.published_precision or Precision.SECOND), (link.modified, Precision.SECOND)
    return Datelines(*([(Stamp(moment, exact), str(link.origin))] if moment else [] for moment, exact in times))


def in_address(url: str) -> list[Claimed]:
    """The day in an address ("/2024/05/03/"), if there is one."""
    found = _URL_DATE.search(url)
    if not found:
        return []
    parts = found["year"], found["month"], found["day"]
    written = found["compact"] or ("-".join(parts) if parts[1].isdigit() else " ".join(parts[::-1]))
    stamp = parse_stamp(written)
    return [(stamp, "url")] if stamp else []


def _stamps(claims: Iterable[Claim], language: str) -> list[Claimed]:
    return [(stamp, claim.signal) for claim in claims if (stamp := parse_stamp(claim.value, language))]


def _published(markup: Markup, nodes: Sequence[Node]) -> Iterator[Claim]:
    for key in ("datePublished", "uploadDate", "dateCreated"):
        yield from (Claim(string(node, key), "json-ld") for node in nodes)
    yield from markup.meta(*_PUBLISHED_METAS)
    yield from markup.properties("datePublished")


def _modified(markup: Markup, nodes: Sequence[Node]) -> Iterator[Claim]:
    yield from (Claim(string(node, "dateModified"), "json-ld") for node in nodes)
    yield from markup.meta(*_MODIFIED_METAS)
    yield from markup.properties("dateModified")


def _time_elements(elements: Iterable[HtmlElement], language: str) -> Iterator[tuple[Stamp, str, frozenset[str]]]:
    """The times of ``time`` elements with their signal and the words of their own and their parents' mark-up."""
    for element in islice(elements, _MOST_TIMES):
        attribute = next((name for name in ("datetime", "content", "title") if element.get(name)), "")
        text = (element.get(attribute) if attribute else text_of(element)) or ""
        stamp = parse_stamp(plain(text), language)
        if stamp:
            yield stamp, f"time[{attribute}]" if attribute else "time", _hints_about(element)


def _hints_about(element: HtmlElement) -> frozenset[str]:
    return hints_of(element).union(*map(hints_of, islice(element.iterancestors(), 2)))


def _around(spots: Sequence[Spot], language: str) -> Iterator[tuple[Claimed, bool]]:
    """The dates around the headline, each with whether it is that of a change; time elements first."""
    for spot in spots:
        if spot.element.tag == "time":
            for stamp, signal, hints in _time_elements([spot.element], language):
                yield (stamp, signal), _is_update(spot.text, hints)
    for spot in spots:
        for part in _BEFORE_UPDATE.split(spot.text) if _is_date_line(spot) else ():
            if written := find_stamp(part, language):
                yield (written, "text"), _is_update(part, spot.hints)


def _marked(elements: Sequence[HtmlElement], language: str) -> Iterator[tuple[Claimed, bool]]:
    """The first time element that is marked as the publication, wherever it stands."""
    for stamp, signal, hints in _time_elements(elements, language):
        if hints & _PUBLISHED_HINTS:
            yield (stamp, signal), False
            return


def _is_date_line(spot: Spot) -> bool:
    """Whether a line near the headline is there to give a date: its mark-up says so, or it says little else."""
    if spot.distance > _NAMED_SO or spot.hints & _OTHER_STORY or not any(map(str.isdigit, spot.text)):
        return False
    if spot.hints & (_DATE_HINTS | _PUBLISHED_HINTS | _MODIFIED_HINTS):
        return True
    if spot.distance > _NEAR:
        return False
    linked = spot.element.tag == "a" or spot.element.find(".//a") is not None
    if spot.after and begins_as_byline(spot.text):  # "By Jane Doe on May 3, 2024"
        return str(spot.element.tag) != "a"
    told = spot.after or _PUBLISHED.match(spot.text)
    return bool(told) and not linked and all(map(_is_short, _BEFORE_UPDATE.split(spot.text)))


def _is_short(text: str) -> bool:
    """Whether there is little beside a date in a text, more where it says what the date is of."""
    named = _PUBLISHED.match(text) or _UPDATED.match(text)
    return len(words(text)) <= (_LONGEST_NAMED_LINE if named else _LONGEST_DATE_LINE)


def _is_update(text: str, hints: frozenset[str]) -> bool:
    if hints & _MODIFIED_HINTS and not hints & _PUBLISHED_HINTS:
        return True
    return _UPDATED.match(text) is not None
