"""Bringing a database's schema to the one this code knows.

Imports Alembic, which costs a tenth of a second: loaded only when there is something to migrate.
"""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from pipeline.errors import StorageError
from pipeline.storage.connection import name, schema_version, writing
from pipeline.storage.schema import HEAD


def upgrade(engine: Engine) -> str | None:
    """Run what is missing, in one transaction under the write lock; the version before (None: empty).

    Of two processes at once the second waits, and then finds nothing left to do.
    """
    with writing(engine) as connection:
        before = schema_version(connection)
        if before != HEAD:
            if engine.dialect.name == "postgresql":
                _prepare(connection)
            command.upgrade(configuration(connection), HEAD)
        return before


def _prepare(connection: Connection) -> None:
    """Refuse a database that does not know every letter; let statements take as long as they need."""
    if not connection.scalar(text("SELECT 1 WHERE current_setting('server_encoding') = 'UTF8'")):
        make_one = "createdb --encoding UTF8 --template template0 NAME"
        raise StorageError(f"{name(connection.engine)}: not in UTF-8, in which newsloom stores text: {make_one}")
    for timeout in ("statement_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(text(f"SET LOCAL {timeout} = 0"))


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, which finds the migrations inside the package; to run them in an open transaction."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "pipeline.storage:migrations")
    return config


def known_versions() -> list[str]:
    """Every schema version this code has a migration for, newest first."""
    return [script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()]
