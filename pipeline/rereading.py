"""What today's extractor makes of archived pages, beside what is stored of them: one verdict a page, and their sum."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from pipeline.differences import TOLD, Fate
from pipeline.items import Article, Rejection

EXPORTED = {f.name: f.metadata["name"] for f in fields(Article)}


class Verdict(StrEnum):
    """What became of a page."""

    SAME = "same"
    CHANGED = "changed"  # another text, or other fields
    FOUND = "found"  # refused before, an article now
    LOST = "lost"  # an article before, refused now: what is stored stays
    REFUSED = "refused"  # for another reason than before


@dataclass(frozen=True, slots=True)
class Rereading:
    """One page. ``id``: of the article, None where none is stored. ``version``: the one compared with, or None.

    ``old``: the article as stored, None where there was none. ``made``: what was made of the page now.
    ``fates``: what became of each field of an article that was one and is one.
    """

    verdict: Verdict
    made: Article | Rejection
    id: int | None = None
    version: int | None = None
    old: Article | None = None
    fates: dict[str, Fate] = field(default_factory=dict)

    @property
    def changed(self) -> dict[str, Fate]:
        """The fields that are not the same."""
        return {name: fate for name, fate in self.fates.items() if fate is not Fate.SAME}


@dataclass(slots=True)
class Summary:
    """The sum of a job's verdicts. ``pages``: verdict → pages; ``fields``: field → fate → pages.

    ``unreadable``: pages that the archive did not give.
    """

    pages: Counter[str] = field(default_factory=Counter)
    fields: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in TOLD})
    unreadable: int = 0

    @property
    def taken(self) -> int:
        """Pages taken from the archive, or meant to be."""
        return self.pages.total() + self.unreadable

    def add(self, page: Rereading) -> None:
        """Count a page."""
        self.pages[str(page.verdict)] += 1
        for name, fate in page.fates.items():
            self.fields[name][str(fate)] += 1

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        fields = {name: dict(fates) for name, fates in self.fields.items()}
        return {"pages": dict(self.pages), "fields": fields, "unreadable": self.unreadable}


def summary_from(values: Mapping[str, Any]) -> Summary:
    """A summary from plain JSON types."""
    summary = Summary(Counter(values["pages"]), unreadable=values["unreadable"])
    summary.fields |= {name: Counter(fates) for name, fates in values["fields"].items()}
    return summary


def record(page: Rereading) -> dict[str, Any]:
    """What is said of a page that is not the same."""
    return {
        "verdict": str(page.verdict),
        "id": page.id,
        "version": page.version,
        "url": page.made.url,
        "headline": page.made.headline,
        "reason": str(page.made.reason) if isinstance(page.made, Rejection) else None,
        "fields": {EXPORTED[name]: str(fate) for name, fate in page.changed.items()},
    }
