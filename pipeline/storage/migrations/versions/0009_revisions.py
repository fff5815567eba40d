"""Which transaction wrote an article last: what an export of the changes goes by."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("articles", sa.Column("revision", sa.Integer, nullable=False, server_default="0"))
    op.create_index("ix_articles_revision", "articles", ["revision"])


def downgrade() -> None:
    op.drop_index("ix_articles_revision", "articles")
    op.drop_column("articles", "revision")
