"""Looking after the database: is it sound, how big is it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, Select, func, select, text

from pipeline.storage.connection import reading, schema_version
from pipeline.storage.consistency import FINDINGS_SHOWN, contradictions
from pipeline.storage.runs import SIZES
from pipeline.storage.schema import addresses, archive_files, articles, metadata, versions


@dataclass(frozen=True, slots=True)
class Stats:
    """Schema version, size in bytes, and rows of each table. ``size``: of an SQLite file without its WAL."""

    schema: str | None
    size: int
    rows: dict[str, int]


def check(engine: Engine, archive: Path | None = None) -> list[str]:
    """What is wrong with the database, one line a finding; empty when all is well. ``archive``: its folder, if any."""
    with reading(engine) as connection:
        damage = list(_damage(connection)) if engine.dialect.name == "sqlite" else []
        if damage:
            return damage  # what a damaged file says of itself means little
        found = list(_inconsistencies(connection))
    return found + (list(contradictions(engine, archive)) if archive else [])


def stats(engine: Engine) -> Stats:
    """Sizes, of one moment."""
    with reading(engine) as connection:
        rows = {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }
        return Stats(schema_version(connection), _size(connection), rows)


def space(engine: Engine, folder: Path) -> dict[str, int]:
    """``runs.SIZES``: bytes in the database and the archive, and free on the disk of a folder."""
    with reading(engine) as connection:
        archived = connection.scalar(select(func.sum(archive_files.c.size))) or 0
        found = (_size(connection), int(archived), shutil.disk_usage(folder).free)
    return dict(zip(SIZES, found, strict=True))


def _damage(connection: Connection) -> Iterator[str]:
    for row in connection.exec_driver_sql(f"PRAGMA integrity_check({FINDINGS_SHOWN})"):
        if row[0] != "ok":
            yield f"file: {row[0]}"
    for table, row_id, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(FINDINGS_SHOWN):
        yield f"{table}: row {row_id or '?'} refers to a row of {parent} that does not exist"


def _inconsistencies(connection: Connection) -> Iterator[str]:
    number = versions.c.number
    has_current = (versions.c.article_id == articles.c.id) & (number == articles.c.version)
    gaps = select(versions.c.article_id).group_by(versions.c.article_id)
    questions: dict[str, Select[int]] = {
        "has no current version": select(articles.c.id).where(~select(number).where(has_current).exists()),
        "has gaps in its version numbers": gaps.having((func.min(number) != 1) | (func.max(number) != func.count())),
        "has no address": select(articles.c.id).where(
            ~select(addresses.c.address).where(addresses.c.article_id == articles.c.id).exists()
        ),
    }
    for finding, question in questions.items():
        for article_id in connection.scalars(question.limit(FINDINGS_SHOWN)):
            yield f"article {article_id} {finding}"


def _size(connection: Connection) -> int:
    if connection.dialect.name == "sqlite":
        question = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    else:
        question = "SELECT pg_database_size(current_database())"
    return int(connection.scalar(text(question)) or 0)
