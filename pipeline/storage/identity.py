"""Deciding what a capture is: a new article, a new version, new metadata, or nothing new. No database in here.

A capture is looked up by its addresses, strongest first. Three things keep a replay from changing anything:

* Each address keeps the hash of the record last seen *there*. Two files with the same bytes are one article; when
  one of them is edited, the other still shows what it showed before, and that is no news.
* Of two captures the later one is current, in whatever order they arrive: replaying an old archive adds the
  versions it has, and turns no article back.
* A state that the article was in before is news only in a later capture.

A capture that shows nothing new leaves no trace, its time included: saving it writes nothing at all.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from pipeline.items import Article
from pipeline.storage.records import bounded, content_hash, record_hash
from pipeline.urls import twin_key

TWIN = "twin:"
"""Begins a key that is no address but stands for all spellings of one, see :func:`pipeline.urls.twin_key`."""


class Outcome(StrEnum):
    """What became of an item that was saved."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(slots=True)
class Entry:
    """An article as stored, and as the captures placed so far change it.

    ``contents``: content hash of each version by its number. ``current``: number of the current version.
    ``record``: the capture the article's row is to be written from, None while the row stands as it is.
    ``versions``: captures by the number of the version they make; ``amended``: captures by the number of a stored
    version that has the same words, but whose details they know better.
    """

    id: int
    current: int
    record_hash: str
    fetched_at: datetime
    contents: dict[int, str]
    is_new: bool = False
    record: Article | None = None
    versions: dict[int, Article] = field(default_factory=dict)
    amended: dict[int, Article] = field(default_factory=dict)

    def is_known_state(self, content: str, fetched_at: datetime) -> bool:
        """Whether a capture of that time shows a state that the article has left since."""
        return (
            fetched_at <= self.fetched_at
            and content != self.contents[self.current]
            and content in self.contents.values()
        )

    def write(self, article: Article, record: str) -> None:
        """Make ``article`` the current record."""
        self.record, self.record_hash, self.fetched_at = article, record, article.fetched_at

    def amend(self, article: Article) -> None:
        """Give the current version the details of ``article``; it stays the state that an earlier capture showed."""
        if self.current in self.versions:
            first = self.versions[self.current]
            self.versions[self.current] = replace(article, fetched_at=first.fetched_at, digest=first.digest)
        else:
            self.amended[self.current] = article

    def add_version(self, article: Article, content: str) -> int:
        """Add a version and return its number."""
        number = len(self.contents) + 1
        self.contents[number] = content
        self.versions[number] = article
        return number


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

    def place(self, article: Article) -> Outcome:
        """Decide on one capture, as if all before it were stored."""
        keys = keys_of(article)
        record = record_hash(article)
        found = next((self.places[key] for key in _lookup_order(keys) if key in self.places), None)
        if found is None:
            return self._new(article, keys, record)
        own = self.places.get(keys[0])
        last = own.record_hash if own and own.entry is found.entry else found.record_hash
        outcome, current = _decide(found.entry, article, record, last)
        if found.entry.record or found.entry.versions:
            self.entries[found.entry.id] = found.entry
        self._point(keys, found.entry, record, refresh=current)
        return outcome

    def _new(self, article: Article, keys: list[str], record: str) -> Outcome:
        content = content_hash(article)
        entry = Entry(self.next_id, 1, record, article.fetched_at, {1: content}, is_new=True, versions={1: article})
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
    addresses = article.addresses or (article.url,)
    twins = (f"{TWIN}{twin}" for address in addresses if (twin := twin_key(address)))
    return list(dict.fromkeys(map(bounded, (*addresses, *twins))))


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
        entry.amend(article)
        return Outcome.UPDATED, True
    if entry.is_known_state(content, article.fetched_at):
        return Outcome.UNCHANGED, False
    number = entry.add_version(article, content)
    if not is_older:
        entry.current = number
        entry.write(article, record)
    return Outcome.UPDATED, not is_older
