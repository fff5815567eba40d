"""The ledger of runs: which command wrote, when, with which extractor, and what it counted of each source."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, delete, func, insert, literal, select, update

from pipeline.errors import StorageError
from pipeline.funnel import NOT_DUE, PREFIX, Funnel, by_source, funnel_of
from pipeline.storage.connection import reading, writing
from pipeline.storage.schema import articles, rejections, runs, source_runs, versions
from pipeline.storage.statements import among

RUNNING = "running"
"""Status of a run from its start on."""

FINISHED = "finished"
"""Status of a run that came to its end; the others are named by whoever ends the run."""

KILLED = "killed"
"""Status, as it is read, of a run that neither ended nor lives."""

BEAT = timedelta(seconds=20)
"""How often a run says that it is alive."""

SILENCE = timedelta(minutes=3)
"""After so long without a word a run was killed; a machine may be busy, or asleep for a while."""

SIZES = ("storage/database", "storage/archive", "storage/free")
"""What a crawl counts at its end of the space that newsloom takes, in bytes."""

IDLE = f"listings/{NOT_DUE}"

WRITTEN = (articles, versions, rejections)
"""The tables whose rows name the run that wrote them."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run. ``alive_at``: when it was last at work; ``counts``: what it counted, less what is said by source."""

    id: int
    command: str
    started_at: datetime
    finished_at: datetime | None
    alive_at: datetime
    status: str
    extractor: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class SourceRun:
    """What a run counted of one source, and when."""

    run_id: int
    source: str
    at: datetime
    funnel: Funnel


def start_run(engine: Engine, command: str, started_at: datetime, extractor: str = "") -> int:
    """Note that ``command`` began; the run's id, to be stored with what it saves."""
    row = {"command": command, "started_at": started_at, "alive_at": started_at, "status": RUNNING, "counts": {}}
    with writing(engine) as connection:
        (run_id,) = connection.execute(insert(runs).returning(runs.c.id), row | {"extractor": extractor}).one()
    return int(run_id)


def note_run(engine: Engine, run_id: int, now: datetime, counts: Mapping[str, int]) -> None:
    """Note that a run is alive, and how far it is; nothing where it has ended."""
    row = {"alive_at": now, "counts": _of_the_run(counts)}
    with writing(engine) as connection:
        if connection.execute(update(runs).where(runs.c.id == run_id, runs.c.status == RUNNING), row).rowcount:
            _put_sources(connection, run_id, now, counts)


def finish_run(engine: Engine, run_id: int, finished_at: datetime, status: str, counts: Mapping[str, int]) -> None:
    """Note how the run ended. ``status``: "finished", "interrupted", … as the command names it.

    A replay that finished and changed nothing leaves no row; a crawl always does, for it tells why nothing came.
    """
    row = {"finished_at": finished_at, "alive_at": finished_at, "status": status, "counts": _of_the_run(counts)}
    with writing(engine) as connection:
        crawled = any(name.startswith(PREFIX) for name in counts)
        if status == FINISHED and not crawled and not any(_has_written(connection, table, run_id) for table in WRITTEN):
            connection.execute(delete(runs).where(runs.c.id == run_id))
        elif connection.execute(update(runs).where(runs.c.id == run_id), row).rowcount == 0:
            raise StorageError(f"there is no run {run_id}")
        _put_sources(connection, run_id, finished_at, counts)


def read_runs(engine: Engine, now: datetime, limit: int = 0, ids: Collection[int] = ()) -> list[Run]:
    """Runs, the last to begin first; all without a limit. ``ids``: only these."""
    query = select(runs).order_by(runs.c.id.desc()).limit(limit or None)
    if ids:
        query = query.where(runs.c.id.in_(ids))
    with reading(engine) as connection:
        return [_run(row, now) for row in connection.execute(query)]


def source_runs_of(engine: Engine, run_id: int) -> dict[str, Funnel]:
    """The funnel of each source of a run."""
    query = select(source_runs).where(source_runs.c.run_id == run_id).order_by(source_runs.c.source)
    with reading(engine) as connection:
        return {row.source: funnel_of(row.counts) for row in connection.execute(query)}


def histories(
    engine: Engine, since: datetime, sources: Collection[str] | None = None
) -> Iterator[tuple[str, list[SourceRun]]]:
    """What runs counted of each source since a moment, oldest first, source by source. ``sources``: only these."""
    query = select(source_runs).where(source_runs.c.at >= since).order_by(source_runs.c.source, source_runs.c.run_id)
    with reading(engine) as connection:
        if sources is not None:
            query = query.where(among(connection, source_runs.c.source, sources))
        rows = connection.execution_options(yield_per=1000).execute(query)
        for source, own in groupby(rows, key=lambda row: str(row.source)):
            yield source, [_source_run(row) for row in own]


def last_counted(engine: Engine, since: datetime) -> list[SourceRun]:
    """What was counted last of each source, since a moment."""
    last = select(source_runs.c.source, func.max(source_runs.c.run_id).label("run_id")).group_by(source_runs.c.source)
    newest = last.subquery()
    same = (source_runs.c.source == newest.c.source) & (source_runs.c.run_id == newest.c.run_id)
    query = select(source_runs).join(newest, same).where(source_runs.c.at >= since)
    with reading(engine) as connection:
        return [_source_run(row) for row in connection.execute(query)]


def history(engine: Engine, since: datetime) -> dict[str, list[SourceRun]]:
    """The same of all of them at once."""
    return dict(histories(engine, since))


def sizes(engine: Engine, since: datetime) -> list[tuple[datetime, int, int, int]]:
    """Bytes of database and archive, and free on their disk, as the crawls since a moment found them; oldest first."""
    query = select(runs.c.finished_at, runs.c.counts).where(runs.c.finished_at >= since).order_by(runs.c.finished_at)
    with reading(engine) as connection:
        rows = [(row.finished_at, *map(row.counts.get, SIZES)) for row in connection.execute(query)]
    return [row for row in rows if None not in row]


def _put_sources(connection: Connection, run_id: int, now: datetime, counts: Mapping[str, int]) -> None:
    connection.execute(delete(source_runs).where(source_runs.c.run_id == run_id))
    rows = [
        {"source": source, "run_id": run_id, "at": now, "counts": own}
        for source, own in by_source(counts).items()
        if own.keys() != {IDLE}  # of which a run that asks for what is due has many
    ]
    if rows:
        connection.execute(insert(source_runs), rows)


def _of_the_run(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: number for name, number in counts.items() if not name.startswith(PREFIX)}


def _run(row: Row[tuple[object, ...]], now: datetime) -> Run:
    values = {**row._mapping}  # noqa: SLF001 - public, in spite of its name
    run = Run(**{**values, "alive_at": values["alive_at"] or values["started_at"]})
    return replace(run, status=KILLED) if run.status == RUNNING and now - run.alive_at > SILENCE else run


def _source_run(row: Row[Any]) -> SourceRun:
    return SourceRun(row.run_id, row.source, row.at, funnel_of(row.counts))


def _has_written(connection: Connection, table: Table, run_id: int) -> bool:
    return connection.execute(select(literal(1)).where(table.c.run_id == run_id).limit(1)).first() is not None
