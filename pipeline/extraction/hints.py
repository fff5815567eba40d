"""What was known of a page before it was fetched, from its source's entry and from the listing that named it.

It counts where the page is silent.
"""

from dataclasses import replace
from datetime import datetime

from pipeline.extraction.chronology import believed
from pipeline.extraction.datelines import listed
from pipeline.extraction.labels import language_tag
from pipeline.extraction.metadata import Metadata
from pipeline.extraction.people import read_authors
from pipeline.items import Link, SiteRules


def with_site(meta: Metadata, rules: SiteRules) -> Metadata:
    """The metadata with the language that the source's entry names, where the page declares none."""
    if meta.language or not rules.language:
        return meta
    return replace(meta, language=language_tag(rules.language), signals={**meta.signals, "language": "source"})


def with_hints(meta: Metadata, link: Link | None, now: datetime) -> Metadata:
    """The metadata with the listing's word in every field that the page leaves empty. ``now``: nothing is younger."""
    if link is None:
        return meta
    times = listed(link)
    published, modified = (believed(claims, claims, now) for claims in (times.published, times.modified))
    told = {
        "headline": link.title,
        "description": link.summary,
        "language": language_tag(link.language),
        "authors": read_authors(link.authors),
        "tags": link.tags,
        "published": published and published.moment,
        "modified": modified and modified.moment,
    }
    taken = {name: value for name, value in told.items() if value and not getattr(meta, name)}
    precisions = {
        f"{name}_precision": dated.precision
        for name, dated in (("published", published), ("modified", modified))
        if dated and name in taken
    }
    signals = dict.fromkeys([*taken, *precisions], str(link.origin))
    return replace(meta, **taken, **precisions, signals={**meta.signals, **signals})  # type: ignore[arg-type]
