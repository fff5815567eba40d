"""The search index, and the queue of articles to be indexed: at first all."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_queue",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("article_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_queue"),
        sqlite_autoincrement=True,
    )
    op.execute("INSERT INTO search_queue (article_id) SELECT id FROM articles ORDER BY id")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("""
            CREATE VIRTUAL TABLE search_index
            USING fts5 (headline UNINDEXED, words, tokenize = 'ascii', columnsize = 0)
        """)
    else:
        op.execute("""
            CREATE TABLE search_index (
                number BIGINT CONSTRAINT pk_search_index PRIMARY KEY, headline TEXT NOT NULL, words TSVECTOR NOT NULL
            )
        """)
        # Words wait in a list before they are sorted in; it is read by every search, so a short one.
        op.execute("""
            CREATE INDEX ix_search_index_words ON search_index USING gin (words) WITH (gin_pending_list_limit = 1024)
        """)


def downgrade() -> None:
    op.drop_table("search_index")
    op.drop_table("search_queue")
