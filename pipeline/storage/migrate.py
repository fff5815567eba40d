"""Bringing a database's schema to the one this code knows.

Imports Alembic, which costs a tenth of a second: loaded only when there is something to migrate.
"""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from pipeline.storage.connection import schema_version, writing
from pipeline.storage.schema import HEAD


def upgrade(engine: Engine) -> tuple[str | None, str]:
    """Run what is missing, in one transaction under the write lock; the versions before (None: empty) and after.

    Of two processes at once the second waits, and then finds nothing left to do.
    """
    with writing(engine) as connection:
        before = schema_version(connection)
        if before != HEAD:
            command.upgrade(configuration(connection), HEAD)
        return before, HEAD


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for an open transaction; finds the migrations inside the installed package."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "pipeline.storage:migrations")
    return config


def known_versions() -> list[str]:
    """Every schema version this code has a migration for, newest first."""
    config = Config()
    config.set_main_option("script_location", "pipeline.storage:migrations")
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
