"""Saving refused pages: one row for each address and content, gone once an article comes from that address."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from pipeline.items import Rejection
from pipeline.storage.identity import GONE
from pipeline.storage.records import bounded
from pipeline.storage.rows import rejection_from, rejection_row
from pipeline.storage.schema import rejections
from pipeline.storage.statements import add, among

COMPARED = ("reason", "detail", "source", "headline", "status")
"""What makes a rejection another one, of the same address and bytes."""


@dataclass(slots=True)
class Batch:
    """The rejections of one batch. ``pending``: address → digest → the last one.

    ``cleared``: addresses of articles, and when the last one was fetched there. ``outdated``: ids of rows of such an
    address, but for those that say that the article is gone since.
    """

    pending: dict[str, dict[str, Rejection]] = field(default_factory=dict)
    cleared: dict[str, datetime] = field(default_factory=dict)
    outdated: list[int] = field(default_factory=list)

    def add(self, rejection: Rejection) -> None:
        """Take a rejection in."""
        self.pending.setdefault(bounded(rejection.url), {})[rejection.digest] = rejection

    def clear(self, addresses: Iterable[str], fetched_at: datetime) -> None:
        """An article came from these addresses: what was refused there before is no longer so, but that it is gone."""
        for address in addresses:
            if refused := self.pending.pop(address, None):
                later = {digest: page for digest, page in refused.items() if _is_gone_since(page, fetched_at)}
                self.pending |= {address: later} if later else {}
            self.cleared[address] = max(fetched_at, self.cleared.get(address, fetched_at))

    def still_gone(self, connection: Connection) -> Iterator[Rejection]:
        """What was stored of the addresses of articles that came now, and says that they are gone since."""
        for row in _at(connection, self.cleared):
            if _is_gone_since(row, self.cleared[row.address]):
                yield rejection_from(row)
            else:
                self.outdated.append(row.id)

    def write(self, connection: Connection, run_id: int | None) -> None:
        """Write what differs from what is stored."""
        if self.outdated:
            connection.execute(delete(rejections).where(among(connection, rejections.c.id, self.outdated)))
        stored = {(row.address, row.digest): row for row in _at(connection, self.pending)}
        new, changed = [], []
        for address, by_digest in self.pending.items():
            for digest, rejection in by_digest.items():
                row = stored.get((address, digest))
                if row is None:
                    new.append(rejection_row(rejection, run_id))
                elif _differs(row, rejection):
                    changed.append({"key": row.id, **rejection_row(rejection, run_id)})
        add(connection, rejections, new)
        if changed:
            connection.execute(update(rejections).where(rejections.c.id == bindparam("key")), changed)


def _at(connection: Connection, addresses: Collection[str]) -> Sequence[Row[Any]]:
    """What is stored of some addresses."""
    if not addresses:
        return ()
    return connection.execute(select(rejections).where(among(connection, rejections.c.address, addresses))).all()


def _is_gone_since(page: Rejection | Row[Any], fetched_at: datetime) -> bool:
    return page.status in GONE and page.fetched_at > fetched_at


def _differs(row: Row[Any], rejection: Rejection) -> bool:
    return any(getattr(row, name) != getattr(rejection, name) for name in COMPARED)
