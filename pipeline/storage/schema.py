"""The tables. A change here needs a migration beside it (``migrations/versions``); a test compares the two.

::

    articles 1─n article_versions 1─n removed_lines
       │ 1─n addresses        every key an article is known by
       │ 1─n article_authors n─1 authors
       │ 1─n article_labels   what it is listed by, see pipeline.storage.labels
       └ 1─n images
    rejections                pages refused instead of stored
    listings                  feeds, sitemaps and section pages, with what was last seen there
    frontier                  addresses of pages that listings named: to be fetched, or what became of them
    hosts                     when each may be asked again, and its robots.txt
    sources                   state of the entries of the sources file
    leases                    what one process does at a time
    archive_files 1─n captures   fetched pages in the archive: in which file, where, and what became of each
    alerts                    what is wrong, and what a person was told of it
    bookmarks                 how far long jobs have come
    search_index              words of articles, see pipeline.storage.indexing; beside it search_queue, what it lacks
    runs 1─n source_runs      who wrote when, and what came of each source; articles, versions and rejections name a run

Ids of articles and authors are given out by the writer itself, which holds the one write lock
(:func:`pipeline.storage.connection.writing`): no statement has to bring a generated key back.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Named,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
)

from pipeline.storage.columns import UtcDateTime

HEAD = "0015"
"""The newest migration: the schema this code reads and writes."""

VERSION_TABLE = "newsloom_schema"
"""Where Alembic notes the schema version; a name of our own tells our databases from other programs'."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class RunColumns(TypedColumns):
    """One run of a command. ``status`` "running" until it ends; ``counts``: what it counted, by name.

    ``alive_at``: when it last said that it was at work. ``extractor``: version of the one that it refined pages with.
    """

    id = Column(Integer, primary_key=True)
    command: Named[str] = Column(Text)
    started_at: Named[datetime] = Column(UtcDateTime)
    finished_at: Named[datetime | None] = Column(UtcDateTime)
    status: Named[str] = Column(Text)
    counts: Named[dict[str, int]] = Column(JSON)
    alive_at: Named[datetime | None] = Column(UtcDateTime)
    extractor: Named[str] = Column(Text, server_default="")


class SourceRunColumns(TypedColumns):
    """What a run counted of one source. ``at``: when that was written down; ``counts``: see :mod:`pipeline.funnel`."""

    source = Column(Text, primary_key=True)
    run_id = Column(Integer, ForeignKey("runs.id"), primary_key=True, index=True)
    at: Named[datetime] = Column(UtcDateTime, index=True)
    counts: Named[dict[str, int]] = Column(JSON)


class ArticleColumns(TypedColumns):
    """What holds for an article whatever its version; the fields are those of :class:`pipeline.items.Article`.

    ``version``: number of the current version. ``listed_at``: when published, for undated ones when fetched.
    ``robots``, ``conflicts``: None for none. ``record_hash``: see :mod:`pipeline.storage.records`. ``gone_at``,
    ``gone_status``: when its address first answered 404 or 410 instead, None while it stands. ``run_id``: the run that
    wrote the row last; ``revision``: number of the transaction that did, counted from 1, 0 for before they were.
    """

    id = Column(Integer, primary_key=True, autoincrement=False)
    version: Named[int]
    url: Named[str] = Column(Text)
    canonical_url: Named[str | None] = Column(Text)
    kind: Named[str] = Column(Text)
    source: Named[str] = Column(Text)
    site_name: Named[str | None] = Column(Text)
    section: Named[str | None] = Column(Text)
    language: Named[str | None] = Column(Text)
    language_declared: Named[str | None] = Column(Text)
    language_detected: Named[str | None] = Column(Text)
    description: Named[str | None] = Column(Text)
    standfirst: Named[str | None] = Column(Text)
    attribution: Named[list[str]] = Column(JSON)
    tags: Named[list[str]] = Column(JSON)
    published: Named[datetime | None] = Column(UtcDateTime)
    published_precision: Named[str | None] = Column(Text)
    modified: Named[datetime | None] = Column(UtcDateTime)
    modified_precision: Named[str | None] = Column(Text)
    paywall: Named[str] = Column(Text)
    robots: Named[list[str] | None] = Column(JSON(none_as_null=True))
    conflicts: Named[dict[str, str] | None] = Column(JSON(none_as_null=True))
    signals: Named[dict[str, str]] = Column(JSON)
    listed_at: Named[datetime] = Column(UtcDateTime)
    fetched_at: Named[datetime] = Column(UtcDateTime)
    digest: Named[str] = Column(Text)
    extractor: Named[str] = Column(Text)
    record_hash: Named[str] = Column(Text)
    gone_at: Named[datetime | None] = Column(UtcDateTime)
    gone_status: Named[int | None]
    revision: Named[int] = Column(Integer, server_default="0")
    run_id: Named[int | None] = Column(Integer, ForeignKey("runs.id"), index=True)


class VersionColumns(TypedColumns):
    """One state of headline and body. ``number`` counts from 1 in order of arrival; ``words``: of the body.

    ``blocks``: the body as a list of {text, kind, level}; ``updates``: {published, headline, text}, ``factboxes``:
    {title, lines}, both None for none. ``record``: the other fields of the article as this version was made.
    ``settings``: what the extractor was told of the site, None for nothing. ``replaces``: number of the version that
    another extractor made of the same page, None for a state that a page showed for the first time.
    The rest tells of the page that first showed this state.
    """

    article_id = Column(Integer, ForeignKey("articles.id"), primary_key=True)
    number = Column(Integer, primary_key=True)
    headline: Named[str] = Column(Text)
    blocks: Named[list[dict[str, Any]]] = Column(JSON)
    updates: Named[list[dict[str, Any]] | None] = Column(JSON(none_as_null=True))
    factboxes: Named[list[dict[str, Any]] | None] = Column(JSON(none_as_null=True))
    words: Named[int]
    content_hash: Named[str] = Column(Text)
    extractor: Named[str] = Column(Text)
    record: Named[dict[str, Any] | None] = Column(JSON(none_as_null=True))
    settings: Named[dict[str, Any] | None] = Column(JSON(none_as_null=True))
    replaces: Named[int | None]
    fetched_at: Named[datetime] = Column(UtcDateTime)
    digest: Named[str] = Column(Text)
    run_id: Named[int | None] = Column(Integer, ForeignKey("runs.id"), index=True)


class RemovedLineColumns(TypedColumns):
    """A line taken out of a version's body. ``seq``: its place in ``Article.removed``; ``position``: on the page."""

    article_id = Column(Integer, primary_key=True)
    version = Column(Integer, primary_key=True)
    seq = Column(Integer, primary_key=True)
    position: Named[int]
    text: Named[str] = Column(Text)
    rule: Named[str] = Column(Text)


class AddressColumns(TypedColumns):
    """A key an article is known by. ``record_hash``: of what was last seen there; ``position``: its rank, 0 first."""

    address = Column(Text, primary_key=True)
    article_id: Named[int] = Column(Integer, ForeignKey("articles.id"), index=True)
    position: Named[int]
    record_hash: Named[str] = Column(Text)


class AuthorColumns(TypedColumns):
    """A name that stands over articles."""

    id = Column(Integer, primary_key=True, autoincrement=False)
    name: Named[str] = Column(Text, unique=True)


class ArticleAuthorColumns(TypedColumns):
    """Who wrote an article, in the order printed."""

    article_id = Column(Integer, ForeignKey("articles.id"), primary_key=True)
    position = Column(Integer, primary_key=True)
    author_id: Named[int] = Column(Integer, ForeignKey("authors.id"), index=True)
    role: Named[str] = Column(Text)


class LabelColumns(TypedColumns):
    """A value that an article is listed by. ``label``: its number; ``listed_at``: that of the article."""

    article_id = Column(Integer, ForeignKey("articles.id"), primary_key=True)
    label = Column(BigInteger, primary_key=True, autoincrement=False)
    listed_at: Named[datetime] = Column(UtcDateTime)


class ImageColumns(TypedColumns):
    """A picture of an article."""

    article_id = Column(Integer, ForeignKey("articles.id"), primary_key=True)
    position = Column(Integer, primary_key=True)
    url: Named[str] = Column(Text)
    caption: Named[str] = Column(Text)
    credit: Named[str] = Column(Text)


class RejectionColumns(TypedColumns):
    """A refused page. ``address``: its URL as a key, see :func:`pipeline.storage.records.bounded`.

    ``status``: HTTP status of the answer, None for a local file.
    """

    id = Column(Integer, primary_key=True)
    url: Named[str] = Column(Text)
    address: Named[str] = Column(Text)
    digest: Named[str] = Column(Text)
    reason: Named[str] = Column(Text)
    detail: Named[str] = Column(Text)
    source: Named[str] = Column(Text)
    headline: Named[str | None] = Column(Text)
    status: Named[int | None]
    fetched_at: Named[datetime] = Column(UtcDateTime)
    run_id: Named[int | None] = Column(Integer, ForeignKey("runs.id"), index=True)


class ListingColumns(TypedColumns):
    """A feed, sitemap or section page of a source. ``kind``: an Origin's value.

    ``declared``: named in the sources file, not found by us. ``parent``: the listing that names it, such as a sitemap
    index, empty for one that is polled for itself. ``etag``, ``last_modified``: as served, empty without.
    ``digest``: of the body last read. ``read_at``: when it was last read whole, asked for without conditions.
    ``failures``: polls in a row without a usable answer; ``outcome``: of the last poll, in words. ``pace``: the fields
    of a :class:`pipeline.schedule.Pace`, None before the first poll.
    """

    source = Column(Text, primary_key=True)
    url = Column(Text, primary_key=True)
    kind: Named[str] = Column(Text)
    declared: Named[bool] = Column(Boolean)
    parent: Named[str] = Column(Text)
    etag: Named[str] = Column(Text)
    last_modified: Named[str] = Column(Text)
    digest: Named[str] = Column(Text)
    polled_at: Named[datetime | None] = Column(UtcDateTime)
    read_at: Named[datetime | None] = Column(UtcDateTime)
    changed_at: Named[datetime | None] = Column(UtcDateTime)
    failures: Named[int]
    outcome: Named[str] = Column(Text)
    pace: Named[dict[str, Any] | None] = Column(JSON(none_as_null=True))


class FrontierColumns(TypedColumns):
    """A page that a listing named. ``address``: its key, see :func:`pipeline.storage.records.bounded`.

    ``state``: "pending", "captured" when it is in the archive, or "settled" when there is nothing more to do.
    ``outcome``: what became of the last try, empty before it. ``link``: what the listing said, see
    :class:`pipeline.items.Link`. ``listed_at``: its date there, or when it was found. ``not_before``: of a pending page
    that is to wait. ``visit_at``: when a settled page is to be seen again, None for never.
    """

    address = Column(Text, primary_key=True)
    url: Named[str] = Column(Text)
    source: Named[str] = Column(Text)
    state: Named[str] = Column(Text)
    outcome: Named[str] = Column(Text)
    link: Named[dict[str, Any]] = Column(JSON)
    found_at: Named[datetime] = Column(UtcDateTime)
    listed_at: Named[datetime] = Column(UtcDateTime)
    not_before: Named[datetime | None] = Column(UtcDateTime)
    tries: Named[int]
    visit_at: Named[datetime | None] = Column(UtcDateTime)


class HostColumns(TypedColumns):
    """A host. ``asked_at``: the last request; ``not_before``: until when to ask it nothing.

    ``robots``: text of its robots.txt; ``robots_status``: of the answer, None where there was none.
    """

    host = Column(Text, primary_key=True)
    asked_at: Named[datetime | None] = Column(UtcDateTime)
    not_before: Named[datetime | None] = Column(UtcDateTime)
    failures: Named[int]
    robots: Named[str] = Column(Text)
    robots_status: Named[int | None]
    robots_at: Named[datetime | None] = Column(UtcDateTime)


class SourceColumns(TypedColumns):
    """State of a source. ``searched_at``: when feeds, sitemaps and sections were last looked for.

    ``search_failures``: how often in a row that was in vain; ``search_outcome``: why, the last time.
    """

    name = Column(Text, primary_key=True)
    paused: Named[bool] = Column(Boolean)
    searched_at: Named[datetime | None] = Column(UtcDateTime)
    polled_at: Named[datetime | None] = Column(UtcDateTime)
    search_failures: Named[int] = Column(Integer, server_default="0")
    search_outcome: Named[str] = Column(Text, server_default="")


class LeaseColumns(TypedColumns):
    """What only one process may do at a time, ``holder`` until ``expires_at``."""

    name = Column(Text, primary_key=True)
    holder: Named[str] = Column(Text)
    expires_at: Named[datetime] = Column(UtcDateTime)


class ArchiveFileColumns(TypedColumns):
    """A WARC file of the archive. ``name``: its path below ``ARCHIVE_DIR``, with "/"; ``collection``: of its sources.

    ``size``: bytes up to which its records are indexed. ``closed``: whether nothing will be added to it.
    """

    id = Column(Integer, primary_key=True)
    name: Named[str] = Column(Text, unique=True)
    collection: Named[str] = Column(Text)
    opened_at: Named[datetime] = Column(UtcDateTime)
    size: Named[int] = Column(BigInteger)
    closed: Named[bool] = Column(Boolean)


class CaptureColumns(TypedColumns):
    """A fetched page in the archive. ``offset``, ``length``: bytes of its records in the file.

    ``address``: its key, see :func:`pipeline.storage.frontier.address_of`. ``digest``: SHA-256 of the decoded body,
    as articles and rejections have it. ``payload``: digest of the body as sent, as the WARC record has it.
    ``original_id``: the capture that holds the same payload, None where this one holds it. ``outcome``: what became of
    it, empty until it is refined.
    """

    id = Column(Integer, primary_key=True)
    file_id: Named[int] = Column(Integer, ForeignKey("archive_files.id"), index=True)
    offset: Named[int] = Column(BigInteger)
    length: Named[int] = Column(BigInteger)
    url: Named[str] = Column(Text)
    address: Named[str] = Column(Text)
    source: Named[str] = Column(Text)
    fetched_at: Named[datetime] = Column(UtcDateTime)
    status: Named[int]
    digest: Named[str] = Column(Text, index=True)
    payload: Named[str] = Column(Text, index=True)
    original_id: Named[int | None] = Column(Integer, ForeignKey("captures.id"), index=True)
    outcome: Named[str] = Column(Text)


class AlertColumns(TypedColumns):
    """A finding that stands, or was told: fields of a :class:`pipeline.findings.Finding` and of an Alert."""

    kind = Column(Text, primary_key=True)
    source = Column(Text, primary_key=True)
    since: Named[datetime] = Column(UtcDateTime)
    told: Named[str] = Column(Text)
    told_at: Named[datetime | None] = Column(UtcDateTime)
    cleared_at: Named[datetime | None] = Column(UtcDateTime)


class SearchQueueColumns(TypedColumns):
    """An article that was written since it was indexed. ``id``: its place in the queue."""

    id = Column(Integer, primary_key=True)
    article_id: Named[int]


class BookmarkColumns(TypedColumns):
    """How far a long job has come. ``job``: what it is, in words a later run of the same job would use."""

    job = Column(Text, primary_key=True)
    position: Named[dict[str, Any]] = Column(JSON)
    noted_at: Named[datetime] = Column(UtcDateTime)


runs = Table("runs", metadata, RunColumns)
source_runs = Table("source_runs", metadata, SourceRunColumns)
articles = Table(
    "articles",
    metadata,
    ArticleColumns,
    Index(None, "listed_at", "id"),
    Index(None, "revision", "id"),
)
Index(
    "ix_articles_gone",
    articles.c.listed_at,
    articles.c.id,
    sqlite_where=articles.c.gone_at.is_not(None),
    postgresql_where=articles.c.gone_at.is_not(None),
)
versions = Table("article_versions", metadata, VersionColumns, Index(None, "fetched_at", "article_id", "number"))
removed_lines = Table(
    "removed_lines",
    metadata,
    RemovedLineColumns,
    ForeignKeyConstraint(["article_id", "version"], ["article_versions.article_id", "article_versions.number"]),
    sqlite_with_rowid=False,
)
addresses = Table("addresses", metadata, AddressColumns, sqlite_with_rowid=False)
authors = Table("authors", metadata, AuthorColumns)
article_authors = Table("article_authors", metadata, ArticleAuthorColumns, sqlite_with_rowid=False)
article_labels = Table(
    "article_labels",
    metadata,
    LabelColumns,
    Index(None, "label", "listed_at", "article_id"),
    sqlite_with_rowid=False,
)
images = Table("images", metadata, ImageColumns, sqlite_with_rowid=False)
rejections = Table(
    "rejections",
    metadata,
    RejectionColumns,
    UniqueConstraint("address", "digest"),
    Index(None, "fetched_at", "id"),
    Index(None, "reason", "fetched_at", "id"),
)
listings = Table("listings", metadata, ListingColumns)
frontier = Table(
    "frontier",
    metadata,
    FrontierColumns,
    Index(None, "source", "state", "listed_at"),
)
Index(
    "ix_frontier_waiting",
    frontier.c.source,
    frontier.c.not_before,
    sqlite_where=frontier.c.state == "pending",
    postgresql_where=frontier.c.state == "pending",
)
Index(
    "ix_frontier_visits",
    frontier.c.source,
    frontier.c.visit_at,
    sqlite_where=frontier.c.visit_at.is_not(None),
    postgresql_where=frontier.c.visit_at.is_not(None),
)
hosts = Table("hosts", metadata, HostColumns)
sources = Table("sources", metadata, SourceColumns)
leases = Table("leases", metadata, LeaseColumns)
archive_files = Table("archive_files", metadata, ArchiveFileColumns)
captures = Table(
    "captures",
    metadata,
    CaptureColumns,
    Index(None, "address", "fetched_at"),
    Index(None, "source", "fetched_at"),
)
Index(
    "ix_captures_unrefined",
    captures.c.id,
    sqlite_where=captures.c.outcome == "",
    postgresql_where=captures.c.outcome == "",
)
bookmarks = Table("bookmarks", metadata, BookmarkColumns)
alerts = Table("alerts", metadata, AlertColumns)
search_queue = Table("search_queue", MetaData(), SearchQueueColumns, sqlite_autoincrement=True)
"""Not of ``metadata``: what can be made anew from it is neither copied nor compared."""
