"""Which pages of its input a replay takes."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from pipeline.items import Article


@dataclass(frozen=True, slots=True)
class Wanted:
    """All that is given must hold. ``hosts``: of the address, or what such a host ends with behind a dot.

    ``since``, ``until``: fetched then or later, and before. ``match``: found anywhere in the address.
    ``languages``: tags in lower case, the first of which an article's language must be or begin with.
    """

    hosts: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    match: str = ""
    languages: tuple[str, ...] = ()

    def takes(self, url: str, fetched_at: datetime | None) -> bool:
        """Whether a page with this address and time may be one. A time of None is for others to judge."""
        if fetched_at and ((self.since and fetched_at < self.since) or (self.until and fetched_at >= self.until)):
            return False
        return (not self.match or re.search(self.match, url) is not None) and (not self.hosts or self._takes_host(url))

    def takes_article(self, article: Article) -> bool:
        """Whether an article is in one of the languages."""
        language = (article.language or "").lower()
        return not self.languages or any(f"{language}-".startswith(f"{one}-") for one in self.languages)

    def in_words(self) -> str:
        """The same for the same filters in any run; empty for none."""
        given = [list(self.hosts), str(self.since or ""), str(self.until or ""), self.match, list(self.languages)]
        return json.dumps(given) if self != Wanted() else ""

    def _takes_host(self, url: str) -> bool:
        try:
            host = f".{urlsplit(url).hostname or ''}"
        except ValueError:
            return False
        return any(host.endswith(f".{one}") for one in self.hosts)
