"""What an article's page asks of crawlers."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("articles", sa.Column("robots", sa.JSON()))


def downgrade() -> None:
    op.drop_column("articles", "robots")
