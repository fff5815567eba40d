"""What has to outlast a run about each host: when it was last asked, whether it is to be left alone, its robots.txt."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Engine, insert, select, update

from pipeline.storage.connection import reading, writing
from pipeline.storage.records import bounded
from pipeline.storage.schema import hosts


@dataclass(frozen=True, slots=True)
class HostState:
    """A host, with its port where that is not the scheme's own; the fields are those of the table.

    ``robots``: None leaves what is stored of its robots.txt as it is.
    """

    host: str
    asked_at: datetime | None = None
    not_before: datetime | None = None
    failures: int = 0
    robots: str | None = None
    robots_status: int | None = None
    robots_at: datetime | None = None


def host_state(engine: Engine, host: str) -> HostState | None:
    """What is known of a host."""
    with reading(engine) as connection:
        row = connection.execute(select(hosts).where(hosts.c.host == bounded(host))).mappings().one_or_none()
    return HostState(**row) if row else None


def save_hosts(engine: Engine, states: Iterable[HostState]) -> None:
    """Remember hosts."""
    with writing(engine) as connection:
        for state in states:
            values = asdict(state) | {"host": bounded(state.host)}
            if state.robots is None:
                del values["robots"], values["robots_status"], values["robots_at"]
            if not connection.execute(update(hosts).where(hosts.c.host == values["host"]), values).rowcount:
                connection.execute(insert(hosts), {"robots": "", **values})
