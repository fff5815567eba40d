"""Opening the database: after :func:`open_database` it is there, ours, and has the schema this code knows."""

from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from pipeline.errors import StorageError
from pipeline.storage.connection import connect, faults, name, reading, schema_version
from pipeline.storage.schema import HEAD


def open_database(url: str, patience: float = 0.0) -> Engine:
    """An engine ready to use; ``patience``: see :func:`pipeline.storage.connection.connect`.

    An SQLite file and its folder are made when missing, and migrated when behind. Any other database is only
    checked: its owner decides when it is migrated. Raises ``StorageError`` with one line that says what to do.
    """
    engine = connect(url, patience)
    try:
        _prepare(engine)
    except StorageError:
        engine.dispose()
        raise
    return engine


def existing_database(url: str) -> Engine:
    """An engine for a library that is there, with the schema this code knows; nothing is made or migrated."""
    engine = connect(url)
    try:
        _require_library(engine)
    except StorageError:
        engine.dispose()
        raise
    return engine


def upgrade_database(url: str) -> tuple[str | None, str]:
    """Migrate the database at ``url``, whatever its kind; the schema versions before (None: empty) and after."""
    from pipeline.storage.migrate import upgrade  # noqa: PLC0415 - loads Alembic

    engine = connect(url)
    try:
        before = _version(engine)
        if before != HEAD:
            before = upgrade(engine)
        _use_wal(engine)
    finally:
        engine.dispose()
    return before, HEAD


def _require_library(engine: Engine) -> None:
    if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).is_file():
        raise StorageError(f"{name(engine)}: there is no such database")
    if _version(engine) != HEAD:
        raise StorageError(f"{name(engine)}: has no schema of version {HEAD} yet, run: newsloom db upgrade")


def _prepare(engine: Engine) -> None:
    if _version(engine) != HEAD:
        _bring_up(engine)
    _use_wal(engine)


def _version(engine: Engine) -> str | None:
    """The schema's version, which is one that this code knows."""
    with reading(engine) as connection:
        version = schema_version(connection)
    if version not in (None, HEAD):
        from pipeline.storage.migrate import known_versions  # noqa: PLC0415 - loads Alembic

        if version not in known_versions():
            raise StorageError(
                f"{name(engine)}: has schema {version}, newer than this newsloom's {HEAD}: upgrade newsloom"
            )
    return version


def _bring_up(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        raise StorageError(f"{name(engine)}: has no schema of version {HEAD} yet, run: newsloom db upgrade")
    from pipeline.storage.migrate import upgrade  # noqa: PLC0415 - loads Alembic

    upgrade(engine)


def _use_wal(engine: Engine) -> None:
    """Let readers and the writer work side by side. The mode is kept in the file; asking again changes nothing."""
    if engine.dialect.name == "sqlite":
        with faults(engine), closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
