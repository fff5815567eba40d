"""Deleting what a database has had for long enough."""

from datetime import datetime

from sqlalchemy import Engine, delete, exists, select

from pipeline.storage.connection import writing
from pipeline.storage.runs import WRITTEN
from pipeline.storage.schema import rejections, runs, source_runs


def drop_rejections(engine: Engine, before: datetime) -> int:
    """Forget pages that were refused before a moment; their number."""
    with writing(engine) as connection:
        return connection.execute(delete(rejections).where(rejections.c.fetched_at < before)).rowcount


def drop_runs(engine: Engine, before: datetime) -> int:
    """Forget runs that began before a moment and wrote nothing that is still there; their number."""
    wrote = [exists().where(table.c.run_id == runs.c.id) for table in WRITTEN]
    idle = select(runs.c.id).where(runs.c.started_at < before, *(~condition for condition in wrote))
    with writing(engine) as connection:
        connection.execute(delete(source_runs).where(source_runs.c.run_id.in_(idle)))
        return connection.execute(delete(runs).where(runs.c.id.in_(idle))).rowcount
