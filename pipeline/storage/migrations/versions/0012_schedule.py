"""What a schedule knows: paces of listings, failed searches, when articles are seen again, who is the scheduler."""

import sqlalchemy as sa
from alembic import op

from pipeline.storage.columns import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("listings", sa.Column("pace", sa.JSON))
    op.add_column("sources", sa.Column("search_failures", sa.Integer, nullable=False, server_default="0"))
    op.add_column("sources", sa.Column("search_outcome", sa.Text, nullable=False, server_default=""))
    op.add_column("frontier", sa.Column("visit_at", UtcDateTime))
    waiting, seen = sa.text("state = 'pending'"), sa.text("visit_at IS NOT NULL")
    op.create_index(
        "ix_frontier_waiting", "frontier", ["source", "not_before"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_index("ix_frontier_visits", "frontier", ["source", "visit_at"], sqlite_where=seen, postgresql_where=seen)
    op.create_table(
        "leases",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("leases")
    op.drop_index("ix_frontier_visits", "frontier")
    op.drop_index("ix_frontier_waiting", "frontier")
    op.drop_column("frontier", "visit_at")
    op.drop_column("sources", "search_outcome")
    op.drop_column("sources", "search_failures")
    op.drop_column("listings", "pace")
