"""The archive's index; what each version was made with; articles that are gone."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
ADDED = {
    "articles": (("gone_at", TIME), ("gone_status", sa.Integer)),
    "article_versions": (("record", sa.JSON), ("settings", sa.JSON), ("replaces", sa.Integer)),
    "rejections": (("status", sa.Integer),),
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind))
    op.create_table(
        "archive_files",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("collection", sa.Text, nullable=False),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("closed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_archive_files"),
        sa.UniqueConstraint("name", name="uq_archive_files_name"),
    )
    _create_captures()
    op.create_table(
        "bookmarks",
        sa.Column("job", sa.Text, nullable=False),
        sa.Column("position", sa.JSON, nullable=False),
        sa.Column("noted_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("job", name="pk_bookmarks"),
    )


def downgrade() -> None:
    for table in ("bookmarks", "captures", "archive_files"):
        op.drop_table(table)
    for table, columns in ADDED.items():
        for name, _ in columns:
            op.drop_column(table, name)


def _create_captures() -> None:
    op.create_table(
        "captures",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("file_id", sa.Integer, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("length", sa.BigInteger, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("fetched_at", TIME, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("original_id", sa.Integer),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_captures"),
        sa.ForeignKeyConstraint(["file_id"], ["archive_files.id"], name="fk_captures_file_id_archive_files"),
        sa.ForeignKeyConstraint(["original_id"], ["captures.id"], name="fk_captures_original_id_captures"),
    )
    for columns in (
        ["file_id"],
        ["digest"],
        ["payload"],
        ["original_id"],
        ["address", "fetched_at"],
        ["source", "fetched_at"],
    ):
        op.create_index(f"ix_captures_{'_'.join(columns)}", "captures", columns)
    unrefined = sa.text("outcome = ''")
    op.create_index("ix_captures_unrefined", "captures", ["id"], sqlite_where=unrefined, postgresql_where=unrefined)
