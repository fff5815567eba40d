"""Indexes by which a run is known to have written nothing: old ones are deleted."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = ("articles", "article_versions", "rejections")


def upgrade() -> None:
    for table in TABLES:
        op.create_index(f"ix_{table}_run_id", table, ["run_id"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_run_id", table)
