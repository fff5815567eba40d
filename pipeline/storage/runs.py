"""The record of runs: which command wrote, when, and what it counted."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Engine, Table, delete, insert, literal, select, update

from pipeline.errors import StorageError
from pipeline.funnel import PREFIX
from pipeline.storage.connection import writing
from pipeline.storage.schema import articles, rejections, runs, versions

RUNNING = "running"
"""Status of a run from its start on; of one that was killed, for ever."""

FINISHED = "finished"
"""Status of a run that came to its end; the others are named by whoever ends the run."""

WRITTEN = (articles, versions, rejections)
"""The tables whose rows name the run that wrote them."""


def start_run(engine: Engine, command: str, started_at: datetime) -> int:
    """Note that ``command`` began; the run's id, to be stored with what it saves."""
    row = {"command": command, "started_at": started_at, "status": RUNNING, "counts": {}}
    with writing(engine) as connection:
        (run_id,) = connection.execute(insert(runs).returning(runs.c.id), row).one()
    return int(run_id)


def finish_run(engine: Engine, run_id: int, finished_at: datetime, status: str, counts: Mapping[str, int]) -> None:
    """Note how the run ended. ``status``: "finished", "interrupted", … as the command names it.

    A replay that finished and changed nothing leaves no row; a crawl always does, for it tells why nothing came.
    """
    row = {"finished_at": finished_at, "status": status, "counts": dict(counts)}
    with writing(engine) as connection:
        crawled = any(name.startswith(PREFIX) for name in counts)
        if status == FINISHED and not crawled and not any(_has_written(connection, table, run_id) for table in WRITTEN):
            connection.execute(delete(runs).where(runs.c.id == run_id))
        elif connection.execute(update(runs).where(runs.c.id == run_id), row).rowcount == 0:
            raise StorageError(f"there is no run {run_id}")


def _has_written(connection: Connection, table: Table, run_id: int) -> bool:
    return connection.execute(select(literal(1)).where(table.c.run_id == run_id).limit(1)).first() is not None
