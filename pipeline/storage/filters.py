"""Which articles are meant: one filter for listing, searching and exporting them. Knows nothing of the database."""

from dataclasses import dataclass
from datetime import datetime

from pipeline.search import Query

LABELLED = ("tag", "author", "source", "section", "language", "kind")
"""Fields that are asked for by :mod:`pipeline.storage.labels`; first those that fewer articles mostly share."""


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """What an article must be; None, False: anything.

    ``source``, ``author``, ``section``, ``tag``: exact values; ``language``: a tag or its beginning. ``since``:
    published (undated: fetched) at or after; ``until``: before. ``gone``: its address answered 404 or 410 last.
    ``revisions``: written last by a transaction after the first of these, up to the second. ``words``: what it says.
    """

    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    language: str | None = None
    author: str | None = None
    section: str | None = None
    tag: str | None = None
    kind: str | None = None
    gone: bool = False
    revisions: tuple[int, int] | None = None
    words: Query | None = None

    @property
    def labelled(self) -> dict[str, str]:
        """Field → value, of the fields of ``LABELLED`` that are asked for."""
        asked = {name: getattr(self, name) for name in LABELLED}
        asked["language"] = self.language and self.language.lower()
        return {name: value for name, value in asked.items() if value is not None}
