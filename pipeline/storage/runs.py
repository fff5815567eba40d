"""The record of runs: which command wrote, when, and what it counted."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine, insert, update

from pipeline.errors import StorageError
from pipeline.storage.connection import writing
from pipeline.storage.schema import runs

RUNNING = "running"
"""Status of a run from its start on; of one that was killed, for ever."""


def start_run(engine: Engine, command: str, started_at: datetime) -> int:
    """Note that ``command`` began; the run's id, to be stored with what it saves."""
    row = {"command": command, "started_at": started_at, "status": RUNNING, "counts": {}}
    with writing(engine) as connection:
        (run_id,) = connection.execute(insert(runs).returning(runs.c.id), row).one()
    return int(run_id)


def finish_run(engine: Engine, run_id: int, finished_at: datetime, status: str, counts: Mapping[str, int]) -> None:
    """Note how the run ended. ``status``: "finished", "interrupted", … as the command names it."""
    row = {"finished_at": finished_at, "status": status, "counts": dict(counts)}
    with writing(engine) as connection:
        if connection.execute(update(runs).where(runs.c.id == run_id), row).rowcount == 0:
            raise StorageError(f"there is no run {run_id}")
