"""PostgreSQL keeps the words of articles as they are: trying to compress them saved nothing, and cost every look."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _keep("EXTERNAL")


def downgrade() -> None:
    _keep("EXTENDED")


def _keep(how: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE search_index ALTER COLUMN words SET STORAGE {how}")
