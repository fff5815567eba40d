"""Alembic's entry: runs the migrations inside the transaction that :mod:`pipeline.storage.migrate` hands over."""

from alembic import context

from pipeline.storage.schema import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, version_table=VERSION_TABLE
)
context.run_migrations()
