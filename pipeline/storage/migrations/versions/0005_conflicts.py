"""What the listing said of an article that its page contradicts."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("articles", sa.Column("conflicts", sa.JSON()))


def downgrade() -> None:
    op.drop_column("articles", "conflicts")
