"""Saving refused pages: one row for each address and content, gone once an article comes from that address."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from pipeline.items import Rejection
from pipeline.storage.records import bounded
from pipeline.storage.rows import rejection_row
from pipeline.storage.schema import rejections
from pipeline.storage.statements import add, chunks


@dataclass(slots=True)
class Batch:
    """The rejections of one batch. ``pending``: address → digest → the last one; ``cleared``: addresses of articles."""

    pending: dict[str, dict[str, Rejection]] = field(default_factory=dict)
    cleared: set[str] = field(default_factory=set)

    def add(self, rejection: Rejection) -> None:
        """Take a rejection in."""
        self.pending.setdefault(bounded(rejection.url), {})[rejection.digest] = rejection

    def clear(self, addresses: Iterable[str]) -> None:
        """An article came from these addresses: what was refused there before is no longer so."""
        for address in addresses:
            self.pending.pop(address, None)
            self.cleared.add(address)

    def write(self, connection: Connection, run_id: int | None) -> None:
        """Write what differs from what is stored."""
        for part in chunks(self.cleared):
            connection.execute(delete(rejections).where(rejections.c.address.in_(part)))
        stored = {
            (row.address, row.digest): row
            for part in chunks(self.pending)
            for row in connection.execute(select(rejections).where(rejections.c.address.in_(part)))
        }
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


def _differs(row: Row[*tuple[object, ...]], rejection: Rejection) -> bool:
    stored = (row.reason, row.detail, row.source, row.headline)
    return stored != (rejection.reason, rejection.detail, rejection.source, rejection.headline)
