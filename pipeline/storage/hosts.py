"""What has to outlast a run about each host: when it was last asked, whether it is to be left alone, its robots.txt."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Engine, insert, select, update

from pipeline.storage.connection import reading, writing
from pipeline.storage.schema import hosts


@dataclass(frozen=True, slots=True)
class HostState:
    """A host, with its port where that is not the scheme's own; the fields are those of the table."""

    host: str
    asked_at: datetime | None = None
    not_before: datetime | None = None
    failures: int = 0
    robots: str = ""
    robots_status: int | None = None
    robots_at: datetime | None = None


def host_states(engine: Engine) -> dict[str, HostState]:
    """Every host known, by name."""
    with reading(engine) as connection:
        return {row["host"]: HostState(**row) for row in connection.execute(select(hosts)).mappings()}


def save_hosts(engine: Engine, states: list[HostState]) -> None:
    """Remember hosts."""
    with writing(engine) as connection:
        for state in states:
            values = asdict(state)
            if not connection.execute(update(hosts).where(hosts.c.host == state.host), values).rowcount:
                connection.execute(insert(hosts), values)
