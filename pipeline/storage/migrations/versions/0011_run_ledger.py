"""What each run counted of each source; whether a run is alive, and which extractor it used."""

import sqlalchemy as sa
from alembic import op

from pipeline.storage.columns import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("alive_at", UtcDateTime))
    op.add_column("runs", sa.Column("extractor", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "source_runs",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_source_runs_run_id"),
        sa.PrimaryKeyConstraint("source", "run_id", name="pk_source_runs"),
    )
    op.create_index("ix_source_runs_run_id", "source_runs", ["run_id"])
    op.create_index("ix_source_runs_at", "source_runs", ["at"])


def downgrade() -> None:
    op.drop_table("source_runs")
    op.drop_column("runs", "extractor")
    op.drop_column("runs", "alive_at")
