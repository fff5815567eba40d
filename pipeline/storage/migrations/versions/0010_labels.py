"""Labels of articles; indexes along which exports of changes and lists of edits are read."""

import sqlalchemy as sa
from alembic import op

from pipeline.storage.columns import UtcDateTime
from pipeline.storage.labels import SINGLE, labels_of

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CHUNK = 500

ARTICLES = sa.table(
    "articles",
    *map(sa.column, ("id", *SINGLE)),
    sa.column("tags", sa.JSON),
    sa.column("listed_at", UtcDateTime),
)
AUTHORS = sa.table("authors", *map(sa.column, ("id", "name")))
BYLINES = sa.table("article_authors", *map(sa.column, ("article_id", "author_id")))


def upgrade() -> None:
    labels = op.create_table(
        "article_labels",
        sa.Column("article_id", sa.Integer, nullable=False),
        sa.Column("label", sa.BigInteger, nullable=False),
        sa.Column("listed_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_article_labels_article_id"),
        sa.PrimaryKeyConstraint("article_id", "label", name="pk_article_labels"),
        sqlite_with_rowid=False,
    )
    _fill(op.get_bind(), labels)
    op.create_index(
        "ix_article_labels_label_listed_at_article_id", "article_labels", ["label", "listed_at", "article_id"]
    )
    op.drop_index("ix_articles_source_listed_at_id", "articles")
    op.drop_index("ix_articles_revision", "articles")
    op.create_index("ix_articles_revision_id", "articles", ["revision", "id"])
    op.create_index(
        "ix_article_versions_fetched_at_article_id_number", "article_versions", ["fetched_at", "article_id", "number"]
    )


def downgrade() -> None:
    op.drop_index("ix_article_versions_fetched_at_article_id_number", "article_versions")
    op.drop_index("ix_articles_revision_id", "articles")
    op.create_index("ix_articles_revision", "articles", ["revision"])
    op.create_index("ix_articles_source_listed_at_id", "articles", ["source", "listed_at", "id"])
    op.drop_table("article_labels")


def _fill(connection: sa.Connection, labels: sa.Table) -> None:
    query = sa.select(ARTICLES).order_by(ARTICLES.c.id).limit(CHUNK)
    written = sa.select(BYLINES.c.article_id, AUTHORS.c.name).join(AUTHORS, BYLINES.c.author_id == AUTHORS.c.id)
    rows = connection.execute(query).all()
    while rows:
        names: dict[int, list[str]] = {row.id: [] for row in rows}
        for row in connection.execute(written.where(BYLINES.c.article_id.in_(names))):
            names[row.article_id].append(row.name)
        connection.execute(
            sa.insert(labels),
            [
                {"article_id": row.id, "label": label, "listed_at": row.listed_at}
                for row in rows
                for label in labels_of({name: getattr(row, name) for name in SINGLE}, row.tags, names[row.id])
            ],
        )
        rows = connection.execute(query.where(ARTICLES.c.id > rows[-1].id)).all()
