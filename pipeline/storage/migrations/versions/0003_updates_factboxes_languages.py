"""A version's live updates and fact boxes, an article's declared and detected language."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = (
    ("articles", "language_declared", sa.Text()),
    ("articles", "language_detected", sa.Text()),
    ("article_versions", "updates", sa.JSON()),
    ("article_versions", "factboxes", sa.JSON()),
)


def upgrade() -> None:
    for table, name, kind in COLUMNS:
        op.add_column(table, sa.Column(name, kind))


def downgrade() -> None:
    for table, name, _ in COLUMNS:
        op.drop_column(table, name)
