"""Deciding what a capture is: a new article, a new version, new metadata, or nothing new. No database in here.

A capture is looked up by its addresses, strongest first. Three things keep a replay from changing anything:

* Each address keeps the hash of the record last seen *there*. Two files with the same bytes are one article; when
  one of them is edited, the other still shows what it showed before, and that is no news.
* Of two captures the later one is current, in whatever order they arrive: replaying an old archive adds the
  versions it has, and turns no article back.
* A state that the article was in before is news only in a later capture.

A capture that shows nothing new leaves no trace, its time included: saving it writes nothing at all. One whose text
differs only in what :mod:`pipeline.changes` calls noise may bring the article's row up to date, and leaves the text of
the version as it was cited.

A canonical address is the page's own claim, and templates put the same one in every page of a site. It does not lead
to an article that tells another story, by headline, time and text.

A version is never written again. What another extractor makes of the same page is a version of its own that replaces
the first (:mod:`pipeline.storage.generations`): the publisher changed nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TypeAlias

from pipeline.items import Article, Rejection
from pipeline.storage.records import bounded, content_hash, record_hash
from pipeline.text import fold
from pipeline.urls import canonical_url, twin_key

TWIN = "twin:"
"""Begins a key that is no address but stands for all spellings of one, see :func:`pipeline.urls.twin_key`."""


ALIKE = 0.5
"""How much of two headlines is the same, from 0 to 1, where they may be those of one story."""

GONE = frozenset({404, 410})
"""Statuses that say of an address that there is nothing any more."""


class Outcome(StrEnum):
    """What became of an item that was saved."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


Page: TypeAlias = tuple[str, datetime]
"""Digest of a page, and when it was fetched."""

Gone: TypeAlias = tuple[datetime, int]
"""When an address first answered that there is nothing, and with which status."""


@dataclass(slots=True)
class Entry:
    """An article as stored, and as the captures placed so far change it.

    ``contents``: content hash of each version by its number; ``pages``: digest and time of the page that it was made
    of. ``current``: number of the current version. ``gone``: when its address first answered 404 or 410, and which.
    ``record``: the capture the article's row is to be written from, None while the row stands as it is.
    ``versions``: captures by the number of the version they make; ``replaced``: by the same, the number of the one that
    it replaces. ``seen``: whether only that it is gone, or there again, is to be written. ``headline``,
    ``published``: those last written.
    """

    id: int
    current: int
    record_hash: str
    fetched_at: datetime
    digest: str
    gone: Gone | None
    contents: dict[int, str]
    pages: dict[int, Page]
    is_new: bool = False
    record: Article | None = None
    versions: dict[int, Article] = field(default_factory=dict)
    replaced: dict[int, int] = field(default_factory=dict)
    seen: bool = False
    headline: str = ""
    published: datetime | None = None

    def is_known_state(self, content: str, fetched_at: datetime) -> bool:
        """Whether a capture of that time shows a state that the article has left since."""
        return (
            fetched_at <= self.fetched_at
            and content != self.contents[self.current]
            and content in self.contents.values()
        )

    def write(self, article: Article, record: str) -> None:
        """Make ``article`` the current record."""
        self.record, self.record_hash = article, record
        self.headline, self.published = article.headline, article.published
        self.fetched_at, self.digest = article.fetched_at, article.digest

    def tells_other_story(self, article: Article) -> bool:
        """Whether a capture has another headline, another time and another text."""
        if article.published and article.published == self.published:
            return False
        headlines = SequenceMatcher(None, fold(self.headline), fold(article.headline), autojunk=False)
        return headlines.ratio() < ALIKE and content_hash(article) not in self.contents.values()

    def add_version(self, article: Article, content: str, replaces: int | None) -> int:
        """Add a version and return its number."""
        number = len(self.contents) + 1
        self.contents[number] = content
        self.pages[number] = (article.digest, article.fetched_at)
        self.versions[number] = article
        if replaces is not None:
            self.replaced[number] = replaces
        return number

    def version_of(self, article: Article) -> int | None:
        """The last version made of the same page: of the same capture, or of the bytes that are current anyway."""
        if article.digest in (self.digest, self.pages[self.current][0]):
            return self.current
        page = (article.digest, article.fetched_at)
        return max((number for number, made_of in self.pages.items() if made_of == page), default=None)

    def is_back(self, article: Article) -> bool:
        """Take note of a capture from after the article was gone; whether there is one."""
        if self.gone is None or article.fetched_at <= self.gone[0]:
            return False
        self.gone, self.seen = None, True
        self.fetched_at, self.digest = article.fetched_at, article.digest
        return True

    def mark_gone(self, at: datetime, status: int) -> bool:
        """Note that the article's address answered so; whether that is news."""
        if at <= self.fetched_at or (self.gone and self.gone[0] <= at):
            return False
        self.gone, self.seen = (at, status), True
        return True


@dataclass(slots=True)
class Place:
    """An address: whose it is, and the hash of the record last seen there."""

    entry: Entry
    record_hash: str
    position: int = 0


@dataclass(slots=True)
class Ledger:
    """The addresses and articles that a batch touches, and what it does to them.

    ``places``: every known address of the batch. ``next_id``: id for the next new article.
    ``added``, ``moved``: addresses to insert and to update.
    """

    places: dict[str, Place]
    next_id: int
    added: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
    entries: dict[int, Entry] = field(default_factory=dict)

    def place(self, article: Article, keys: list[str]) -> Outcome:
        """Decide on one capture, as if all before it were stored. ``keys``: see :func:`keys_of`."""
        keys = self._believed(article, keys)
        record = record_hash(article)
        found = next((self.places[key] for key in _lookup_order(keys) if key in self.places), None)
        if found is None:
            return self._new(article, keys, record)
        own = self.places.get(keys[0])
        last = own.record_hash if own and own.entry is found.entry else found.record_hash
        is_back = found.entry.is_back(article)
        outcome, current = _decide(found.entry, article, record, last)
        if is_back and outcome is Outcome.UNCHANGED:
            outcome = Outcome.UPDATED
        if outcome is Outcome.UPDATED:
            self.entries[found.entry.id] = found.entry
        self._point(keys, found.entry, record, refresh=current)
        return outcome

    def miss(self, rejection: Rejection) -> None:
        """Take note of an answer that says that there is nothing any more, where an article is known to have stood."""
        for key in keys_if_gone(rejection):
            place = self.places.get(key)
            if place and rejection.status and place.entry.mark_gone(rejection.fetched_at, rejection.status):
                self.entries[place.entry.id] = place.entry

    def known(self, article: Article) -> Entry | None:
        """The stored article that this is a capture of."""
        keys = self._believed(article, keys_of(article))
        return next((self.places[key].entry for key in _lookup_order(keys) if key in self.places), None)

    def reread(self, entry: Entry, article: Article, replaces: int | None) -> None:
        """Take what another extractor made of a capture that is stored: what it changes, whatever that is.

        ``replaces``: number of the version to replace by a new one; None where only the article's row changes.
        """
        if replaces is not None:
            number = entry.add_version(article, content_hash(article), replaces)
            entry.current = number if entry.current == replaces else entry.current
        record = record_hash(article)
        is_shown = (article.digest, article.fetched_at) == (entry.digest, entry.fetched_at)
        if is_shown:
            entry.write(article, record)
        self.entries[entry.id] = entry
        self._point(self._believed(article, keys_of(article)), entry, record, refresh=is_shown)

    def _believed(self, article: Article, keys: list[str]) -> list[str]:
        """The keys without those of the canonical address, where that leads to another story and no other key does."""
        known = {key: self.places[key].entry for key in keys if key in self.places}
        if not known or not article.canonical_url:
            return keys
        own = _keys([address for address in article.addresses if address != article.canonical_url] or [article.url])
        ours = {known[key].id for key in own if key in known}
        if all(entry.id in ours or not entry.tells_other_story(article) for entry in known.values()):
            return keys
        return [key for key in keys if key in own] or keys

    def _new(self, article: Article, keys: list[str], record: str) -> Outcome:
        content = content_hash(article)
        page = (article.digest, article.fetched_at)
        entry = Entry(self.next_id, 1, record, page[1], page[0], None, {1: content}, {1: page}, is_new=True)
        entry.versions[1] = article
        entry.write(article, record)
        self.next_id += 1
        self.entries[entry.id] = entry
        self._point(keys, entry, record, refresh=True)
        return Outcome.NEW

    def _point(self, keys: list[str], entry: Entry, record: str, *, refresh: bool) -> None:
        """Let the addresses lead to ``entry``. One that leads to another article stays there, but a file's own path."""
        for position, key in enumerate(keys):
            place = self.places.get(key)
            if place is None:
                self.places[key] = Place(entry, record, position)
                self.added.add(key)
            elif place.entry is not entry and position == 0:
                self.places[key] = Place(entry, record, position)
                self.moved.add(key)
            elif place.entry is entry and refresh and place.record_hash != record:
                place.record_hash = record
                self.moved.add(key)
        self.moved -= self.added


def keys_of(article: Article) -> list[str]:
    """The article's addresses as keys, each once; then what the AMP and mobile twins of each would share with it."""
    return _keys(article.addresses or (article.url,))


def _keys(addresses: Sequence[str]) -> list[str]:
    twins = (f"{TWIN}{twin}" for address in addresses if (twin := twin_key(address)))
    return list(dict.fromkeys(map(bounded, (*addresses, *twins))))


def keys_if_gone(rejection: Rejection) -> list[str]:
    """The key of the article that stood where now nothing is; none where the answer does not say so."""
    return [bounded(canonical_url(rejection.url) or rejection.url)] if rejection.status in GONE else []


def _lookup_order(keys: list[str]) -> list[str]:
    """For a local file its bytes tell more than its name: the same bytes elsewhere are the same article."""
    if keys[0].startswith("file:"):
        return sorted(keys, key=lambda key: not key.startswith("sha256:"))
    return keys


def _decide(entry: Entry, article: Article, record: str, last: str) -> tuple[Outcome, bool]:
    """What a capture of a known article means; and whether it shows the article as it now is."""
    if record == last:
        return Outcome.UNCHANGED, False
    if record == entry.record_hash:
        return Outcome.UNCHANGED, True
    content = content_hash(article)
    is_older = article.fetched_at < entry.fetched_at
    if content == entry.contents[entry.current]:
        if is_older:
            return Outcome.UNCHANGED, False
        entry.write(article, record)
        return Outcome.UPDATED, True
    if entry.is_known_state(content, article.fetched_at):
        return Outcome.UNCHANGED, False
    replaces = entry.version_of(article)
    number = entry.add_version(article, content, replaces)
    if not is_older or replaces == entry.current:
        entry.current = number
    if not is_older:
        entry.write(article, record)
    return Outcome.UPDATED, not is_older
