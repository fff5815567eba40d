"""Leases: who does what only one process may do, on however many machines. One that is not renewed ends by itself."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, delete, func, insert, select

from pipeline.storage.connection import reading, writing
from pipeline.storage.schema import leases


def take_lease(engine: Engine, name: str, holder: str, lasts: timedelta) -> bool:
    """Take a lease that nobody holds, or hold it for longer. False: another has it."""
    with writing(engine) as connection:
        now = _now(connection)
        held = connection.execute(select(leases).where(leases.c.name == name)).first()
        # One that ends later than any can was taken before the clock was put back.
        if held and held.holder != holder and now < held.expires_at <= now + lasts:
            return False
        connection.execute(delete(leases).where(leases.c.name == name))
        connection.execute(insert(leases), {"name": name, "holder": holder, "expires_at": now + lasts})
    return True


def end_lease(engine: Engine, name: str, holder: str) -> None:
    """Give a lease back; nothing where another holds it."""
    with writing(engine) as connection:
        connection.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))


def lease_holder(engine: Engine, name: str) -> str:
    """Who holds a lease, empty for nobody."""
    with reading(engine) as connection:
        query = select(leases.c.holder).where(leases.c.name == name, leases.c.expires_at > _now(connection))
        return str(connection.scalar(query) or "")


def _now(connection: Connection) -> datetime:
    """By the server's clock, where several machines ask it; those of machines differ."""
    if connection.dialect.name == "postgresql":
        moment: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return moment.astimezone(UTC)
    return datetime.now(UTC)
