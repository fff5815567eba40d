"""Bringing a database's schema to the one this code knows.

Imports Alembic, which costs a tenth of a second: loaded only when there is something to migrate.
"""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from pipeline.storage.connection import schema_version, writing
from pipeline.storage.schema import HEAD


def upgrade(engine: Engine) -> str | None:
    """Run what is missing, in one transaction under the write lock; the version before (None: empty).

    Of two processes at once the second waits, and then finds nothing left to do.
    """
    with writing(engine) as connection:
        before = schema_version(connection)
        if before != HEAD:
            command.upgrade(configuration(connection), HEAD)
        return before


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, which finds the migrations inside the package; to run them in an open transaction."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "pipeline.storage:migrations")
    return config


def known_versions() -> list[str]:
    """Every schema version this code has a migration for, newest first."""
    return [script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()]
