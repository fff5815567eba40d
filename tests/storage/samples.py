"""Articles to store, and what a database holds."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select, text

from pipeline.items import (
    Article,
    Author,
    Block,
    BlockKind,
    Factbox,
    Image,
    Kind,
    Precision,
    Reason,
    Rejection,
    RemovedLine,
    SiteRules,
    Update,
)
from pipeline.storage.schema import metadata

NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)
URL = "https://harbourpost.example/ferry"


def article(content: str = "The ferry sails again.", *, url: str = URL, hours: float = 0, **fields: object) -> Article:
    """An article with every field filled. ``hours``: after noon it was fetched."""
    values = {
        "url": url,
        "headline": "Harbour ferry returns",
        "body": (Block("Why it stood", BlockKind.HEADING, 2), Block(content)),
        "fetched_at": NOON + timedelta(hours=hours),
        "source": "Harbour Post",
        "digest": digest(content),
        "addresses": (url,),
        "extractor": "1",
        "kind": Kind.OPINION,
        "description": "It is back.",
        "standfirst": "After two weeks.",
        "authors": (Author("Marta Ellison"), Author("Coast Wire", "agency")),
        "attribution": ("Ivo Brandt contributed to this report.",),
        "published": NOON - timedelta(hours=5),
        "published_precision": Precision.MINUTE,
        "modified": NOON - timedelta(hours=1),
        "modified_precision": Precision.SECOND,
        "language": "en",
        "language_declared": "de",
        "language_detected": "en",
        "canonical_url": url,
        "site_name": "Harbour Post",
        "section": "Local",
        "tags": ("ferry", "harbour"),
        "images": (Image("https://harbourpost.example/1.jpg", "In dry dock", "Lotte Brevik"), Image(caption="Quay")),
        "updates": (Update(NOON, "It sails", "At noon.\n\nAll aboard."), Update(text="The quay fills.")),
        "factboxes": (Factbox("The ferry", ("Built in 1971", "Carries 80")),),
        "paywall": "isAccessibleForFree=false",
        "robots": ("noindex", "max-snippet:50"),
        "conflicts": {"headline": "feed: Another title"},
        "removed": (RemovedLine("Join for access", "paywall.prompt", 4), RemovedLine("0", "share.counter", 2)),
        "signals": {"headline": "json-ld", "authors": "line"},
        "rules": SiteRules(prune=(".promo",), language="en"),
    }
    return Article(**(values | fields))


def local(name: str, content: str, *, hours: float = 0, **fields: object) -> Article:
    """An article from a local file whose bytes are ``content``."""
    url = f"file:///seeds/{name}"
    addresses = (url, f"sha256:{digest(content)}")
    values = {"addresses": addresses, "canonical_url": None} | fields
    return article(content, url=url, hours=hours, **values)


def rejection(url: str = URL, reason: Reason = Reason.TOO_SHORT, **fields: object) -> Rejection:
    values = {"url": url, "reason": reason, "detail": "12 words", "fetched_at": NOON, "digest": digest(url)}
    return Rejection(**(values | fields))


def digest(content: str) -> str:
    return hashlib.sha256(content.encode(errors="replace")).hexdigest()


def plain(number: int, **fields: object) -> Article:
    """One of many different articles."""
    url = f"https://harbourpost.example/{number}"
    return replace(article(f"Story number {number}.", url=url), headline=f"Story {number}", **fields)


def contents(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table; on PostgreSQL with its place and transaction, which change when it is rewritten."""
    extra = [text("ctid::text"), text("xmin::text")] if engine.dialect.name == "postgresql" else []
    with engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table, *extra))), key=repr)
            for table in metadata.sorted_tables
        }


def counts(engine: Engine) -> dict[str, int]:
    return {name: len(rows) for name, rows in contents(engine).items()}


def clear(engine: Engine) -> None:
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
