"""What was known of a page before it was fetched, from its source's entry and from the listing that named it.

It counts where the page is silent.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.extraction.chronology import believed
from pipeline.extraction.datelines import listed
from pipeline.extraction.labels import language_tag, section_name
from pipeline.extraction.metadata import Metadata
from pipeline.extraction.people import read_authors
from pipeline.extraction.titles import clean_title, site_names
from pipeline.items import Author, Link, SiteRules
from pipeline.text import fold
from pipeline.urls import site_of

_PRECISION = "_precision"
_SAME_DAY = timedelta(days=1)  # a day without its hour is midnight


def with_site(meta: Metadata, rules: SiteRules) -> Metadata:
    """The metadata with the language that the source's entry names, where the page declares none."""
    if meta.language or not rules.language:
        return meta
    return replace(meta, language=language_tag(rules.language), signals={**meta.signals, "language": "source"})


def with_hints(meta: Metadata, link: Link | None, now: datetime) -> Metadata:
    """The metadata with the listing's word in every field that the page leaves empty. ``now``: nothing is younger."""
    if link is None:
        return meta
    told = _told(meta, link, now)
    taken = {name: value for name, value in told.items() if value and not getattr(meta, name.removesuffix(_PRECISION))}
    signals = dict.fromkeys(taken, str(link.origin))
    return replace(meta, **taken, signals={**meta.signals, **signals})  # type: ignore[arg-type]


def conflicts_with(meta: Metadata, link: Link | None, now: datetime) -> dict[str, str]:
    """Field → what the listing says of it, where the page says something else. ``now``: nothing is younger.

    A title or section that is part of the other, one author in common and times within a day are no conflict; nor is
    the site as author, or the time of a change where the listing gives no other.
    """
    if link is None:
        return {}
    told = _told(meta, link, now)
    found = {
        name: said
        for name in ("headline", "section")
        if _differ(fold(getattr(meta, name) or ""), fold(said := str(told[name])))
    }
    names = [author.name for author in read_authors(link.authors, _sites(meta, link)) if author.role == "author"]
    if meta.authors and names and not any(_is_one(author, name) for author in meta.authors for name in names):
        found["authors"] = ", ".join(names)
    published = told["published"] if link.published != link.modified else None
    if meta.published and isinstance(published, datetime) and abs(meta.published - published) > _SAME_DAY:
        found["published"] = published.isoformat()
    return {name: f"{link.origin}: {said}" for name, said in found.items()}


def _differ(ours: str, theirs: str) -> bool:
    return bool(ours and theirs) and ours not in theirs and theirs not in ours


def _is_one(author: Author, name: str) -> bool:
    """Whether two names are one person's, perhaps with a middle name more in one of them."""
    ours, theirs = set(fold(author.name).split()), set(fold(name).split())
    return ours <= theirs or theirs <= ours


def _sites(meta: Metadata, link: Link) -> list[str]:
    return site_names(site_of(link.url), [meta.site_name or ""])


def _told(meta: Metadata, link: Link, now: datetime) -> dict[str, object]:
    """Field of Metadata → what the listing says of it."""
    sites = _sites(meta, link)
    times = listed(link)
    published, modified = (believed(claims, claims, now) for claims in (times.published, times.modified))
    return {
        "headline": clean_title(link.title, sites),
        "description": link.summary,
        "language": language_tag(link.language),
        "authors": read_authors(link.authors, sites),
        "section": section_name(link.section),
        "tags": link.tags,
        "published": published and published.moment,
        "published_precision": published and published.precision,
        "modified": modified and modified.moment,
        "modified_precision": modified and modified.precision,
    }
