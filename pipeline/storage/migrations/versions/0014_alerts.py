"""The findings that stand, and what a person was told of them."""

import sqlalchemy as sa
from alembic import op

from pipeline.storage.columns import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("told_at", UtcDateTime),
        sa.Column("cleared_at", UtcDateTime),
        sa.PrimaryKeyConstraint("kind", "source", name="pk_alerts"),
    )


def downgrade() -> None:
    op.drop_table("alerts")
