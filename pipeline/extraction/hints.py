"""What was known of a page before it was fetched, from its source's entry and from the listing that named it.

It counts where the page is silent.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.extraction.chronology import believed
from pipeline.extraction.datelines import listed
from pipeline.extraction.labels import language_tag
from pipeline.extraction.metadata import Metadata
from pipeline.extraction.people import read_authors
from pipeline.items import Link, SiteRules
from pipeline.text import collapse, fold

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
    told = _told(link, now)
    taken = {name: value for name, value in told.items() if value and not getattr(meta, name.removesuffix(_PRECISION))}
    signals = dict.fromkeys(taken, str(link.origin))
    return replace(meta, **taken, signals={**meta.signals, **signals})  # type: ignore[arg-type]


def conflicts_with(meta: Metadata, link: Link | None, now: datetime) -> dict[str, str]:
    """Field → what the listing says of it, where the page says something else. ``now``: nothing is younger.

    A title that is part of the other, one author in common and times within a day are no conflict.
    """
    if link is None:
        return {}
    published = _told(link, now)["published"]
    found: dict[str, str] = {}
    ours, theirs = fold(meta.headline or ""), fold(link.title)
    if ours and theirs and ours not in theirs and theirs not in ours:
        found["headline"] = collapse(link.title)
    names = [author.name for author in read_authors(link.authors)]
    if meta.authors and names and not {fold(author.name) for author in meta.authors} & set(map(fold, names)):
        found["authors"] = ", ".join(names)
    if meta.published and isinstance(published, datetime) and abs(meta.published - published) > _SAME_DAY:
        found["published"] = published.isoformat()
    return {name: f"{link.origin}: {said}" for name, said in found.items()}


def _told(link: Link, now: datetime) -> dict[str, object]:
    """Field of Metadata → what the listing says of it."""
    times = listed(link)
    published, modified = (believed(claims, claims, now) for claims in (times.published, times.modified))
    return {
        "headline": link.title,
        "description": link.summary,
        "language": language_tag(link.language),
        "authors": read_authors(link.authors),
        "tags": link.tags,
        "published": published and published.moment,
        "published_precision": published and published.precision,
        "modified": modified and modified.moment,
        "modified_precision": modified and modified.precision,
    }
