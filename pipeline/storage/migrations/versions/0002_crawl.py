"""State of crawls: listings, frontier, hosts, sources."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "listings",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("declared", sa.Boolean, nullable=False),
        sa.Column("parent", sa.Text, nullable=False),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("last_modified", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("polled_at", TIME),
        sa.Column("read_at", TIME),
        sa.Column("changed_at", TIME),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("source", "url", name="pk_listings"),
    )
    _create_frontier()
    op.create_table(
        "hosts",
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("asked_at", TIME),
        sa.Column("not_before", TIME),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("robots", sa.Text, nullable=False),
        sa.Column("robots_status", sa.Integer),
        sa.Column("robots_at", TIME),
        sa.PrimaryKeyConstraint("host", name="pk_hosts"),
    )
    op.create_table(
        "sources",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("searched_at", TIME),
        sa.Column("polled_at", TIME),
        sa.PrimaryKeyConstraint("name", name="pk_sources"),
    )


def downgrade() -> None:
    for table in ("sources", "hosts", "frontier", "listings"):
        op.drop_table(table)


def _create_frontier() -> None:
    op.create_table(
        "frontier",
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("link", sa.JSON, nullable=False),
        sa.Column("found_at", TIME, nullable=False),
        sa.Column("listed_at", TIME, nullable=False),
        sa.Column("not_before", TIME),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("address", name="pk_frontier"),
    )
    op.create_index("ix_frontier_source_state_listed_at", "frontier", ["source", "state", "listed_at"])
