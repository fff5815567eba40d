"""The items that travel the pipeline: what every station receives and hands on.

All are frozen, slotted, picklable dataclasses of the standard library. A field's metadata ``name`` is its name in
every JSON output and feed export (zyte-common-items where that has the field), ``serializer`` turns its value into
plain JSON types. Times are aware datetimes; None always means "the page does not say".
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

EXTRACTOR = "newsloom-1"
"""Generation of the extractor: goes up when a change of rules or order changes what a page yields."""


class Kind(StrEnum):
    """What sort of page an article came from, where the page says so."""

    ARTICLE = "article"
    LIVE_BLOG = "live_blog"
    GALLERY = "gallery"
    VIDEO = "video"
    PODCAST = "podcast"
    OPINION = "opinion"


class Precision(StrEnum):
    """How much of a time the page really stated; the rest of the datetime is zeros."""

    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


class BlockKind(StrEnum):
    """What a block of the body is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    TABLE_ROW = "table_row"
    CODE = "code"


class Reason(StrEnum):
    """Why a page was refused. The first three mean that its bytes could not be had at all."""

    UNREADABLE = "unreadable"  # the file system refused it, or it vanished
    CORRUPT = "corrupt"  # damaged or truncated compression
    MALFORMED = "malformed"  # a JSONL row or side-car that does not parse or lacks what it must hold
    TOO_LARGE = "too_large"  # over the size limit, before or after decompression
    TOO_COMPLEX = "too_complex"  # more tags, attributes or nesting than a page can honestly have
    TIMEOUT = "timeout"  # extraction did not end within its deadline
    CRASHED = "crashed"  # extraction died: out of memory, a crash in native code, a bug
    EMPTY = "empty"  # no bytes, or nothing but white space
    NOT_TEXT = "not_text"  # binary data, or text with too little language in it
    TOO_SHORT = "too_short"  # text, but too little to be an article
    ERROR_PAGE = "error_page"  # a 4xx/5xx page, also when served as 200
    CONSENT_WALL = "consent_wall"  # a cookie or privacy prompt in the article's place
    BOT_CHALLENGE = "bot_challenge"  # a captcha or browser check in the article's place
    SCRIPT_SHELL = "script_shell"  # a page that shows nothing without JavaScript
    INDEX_PAGE = "index_page"  # a home, section, tag or author page: links, no article
    LOGIN_PAGE = "login_page"  # a form to sign in or register in the article's place
    SEARCH_PAGE = "search_page"  # what a search found
    PRODUCT_PAGE = "product_page"  # something for sale
    MEDIA_PAGE = "media_page"  # pictures, a video or a recording with hardly a word
    REGION_BLOCK = "region_block"  # not shown in the country it was asked from
    OPTED_OUT = "opted_out"  # a page that asks not to be kept or mined, and is heeded


UNREADABLE_REASONS = frozenset({Reason.UNREADABLE, Reason.CORRUPT, Reason.MALFORMED})
"""Reasons that mean the page was never seen; a run with one of them has not read everything."""


class Media(StrEnum):
    """What the bytes of a page claim to be."""

    HTML = "html"
    TEXT = "text"
    UNKNOWN = "unknown"


class Origin(StrEnum):
    """What kind of listing named an address."""

    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"


@dataclass(frozen=True, slots=True)
class Link:
    """One address that a feed, sitemap or section page names, with what it says about the article behind.

    ``url``: absolute. ``origin``: what kind of listing; ``found_on``: the address of that listing.
    ``published``: aware; ``published_precision``: as stated. ``content``: the article as HTML, where a feed carries
    it in full or in part; empty where not. ``source``: name of the source the listing belongs to.
    ``section``: only what the listing calls one; a feed's categories are ``tags``.
    All other fields: the listing's own words, empty where it says nothing.
    """

    url: str
    origin: Origin
    found_on: str = ""
    title: str = ""
    published: datetime | None = None
    published_precision: Precision | None = None
    modified: datetime | None = None
    language: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    section: str = ""
    summary: str = ""
    content: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class SiteRules:
    """What is known of a site, as its source's entry says. ``prune``, ``body``: CSS selectors, see ``Source``.

    ``language``: BCP 47 tag of pages that declare none, or empty. ``tags``: put on each article.
    """

    prune: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    language: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OptOuts:
    """Which wishes of a page make it a rejection. ``agent``: the crawler's product token, in lower case, or empty.

    ``honoured``: robots directives such as "noarchive", in lower case.
    """

    agent: str = ""
    honoured: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """What went over the wire for a page, for the archive.

    ``request``, ``response``: first line and headers of each, ending with an empty line. ``body``: as sent, content
    encodings still on, transfer encoding removed. ``ip``: the server's address, empty where it is not known.
    ``collection``: of the archive, whose files it goes to.
    """

    request: bytes
    response: bytes
    body: bytes
    ip: str = ""
    collection: str = "news"


@dataclass(frozen=True, slots=True)
class RawPage:
    """One page as it was fetched or read: bytes and where they came from.

    ``url``: the address asked for; a ``file:`` URI for a local file whose address nobody knows.
    ``final_url``: the address after redirects; equal to ``url`` without any.
    ``body``: the payload, transfer and content encodings removed, character encoding untouched.
    ``fetched_at``: aware UTC. For a local file without side-car: when the file was last modified.
    ``headers``: response headers, names in lower case; of a side-car for local files.
    ``media``: what file name or Content-Type claim; the content has the last word.
    ``status``: HTTP status, or None for a local file.
    ``source``: name of the source the page belongs to; empty lets the address's host stand in.
    ``link``: what the listing that led to the page said about it, or None.
    ``rules``: what is known of its site. ``opt_outs``: which of its wishes are honoured; none by default.
    ``exchange``: as which it was fetched, until it is in the archive; None for any other.
    """

    url: str
    body: bytes = field(repr=False)
    fetched_at: datetime
    final_url: str = ""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media: Media = Media.UNKNOWN
    source: str = ""
    link: Link | None = None
    rules: SiteRules = SiteRules()
    opt_outs: OptOuts = OptOuts()
    exchange: Exchange | None = field(default=None, compare=False, repr=False)

    @property
    def is_local(self) -> bool:
        """Whether nobody knows the page's web address."""
        return self.url.startswith("file:")


def isoformat(value: datetime | None) -> str | None:
    """ISO 8601 with offset, or None."""
    return value.isoformat() if value else None


def _authors(value: "Sequence[Author]") -> list[dict[str, str]]:
    return [
        {"name": author.name} if author.role == "author" else {"name": author.name, "role": author.role}
        for author in value
    ]


def _images(value: "Sequence[Image]") -> list[dict[str, str]]:
    return [
        {key: text for key, text in (("url", i.url), ("caption", i.caption), ("credit", i.credit)) if text}
        for i in value
    ]


def _updates(value: "Sequence[Update]") -> list[dict[str, str]]:
    told = ({"datePublished": isoformat(u.published), "headline": u.headline, "text": u.text} for u in value)
    return [{key: text for key, text in update.items() if text} for update in told]


def _factboxes(value: "Sequence[Factbox]") -> list[dict[str, str | list[str]]]:
    return [{"title": box.title, "lines": list(box.lines)} for box in value]


def exported_rules(value: SiteRules) -> dict[str, Any]:
    """What is known, as plain JSON types; nothing known: nothing."""
    known = {f.name: getattr(value, f.name) for f in fields(value)}
    return {name: list(said) if isinstance(said, tuple) else said for name, said in known.items() if said}


def _removed(value: "Sequence[RemovedLine]") -> list[dict[str, str]]:
    return [{"text": line.text, "rule": line.rule} for line in value]


def exported_signals(value: Mapping[str, str]) -> dict[str, str]:
    """Signals under the export names of their fields."""
    names = _export_names()
    return {names.get(name, name): signal for name, signal in value.items()}


@cache
def _export_names() -> dict[str, str]:
    return {item_field.name: item_field.metadata["name"] for item_field in fields(Article)}


def _exported(name: str, serializer: Callable[[Any], Any] | None = None, **kwargs: Any) -> Any:  # noqa: ANN401 - dataclasses.field is typed so
    metadata: dict[str, Any] = {"name": name} | ({"serializer": serializer} if serializer else {})
    return field(metadata=metadata, **kwargs)


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote an article: ``name`` as printed without "By"; ``role`` author, agency or contributor."""

    name: str
    role: str = "author"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the article. Any part the page does not give is empty; ``url`` is absolute."""

    url: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the body: ``text`` is one line without markup; ``level`` 1–6 for headings, else 0."""

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0


@dataclass(frozen=True, slots=True)
class Update:
    """One post of a live blog. ``published``: aware, or None where the post states no date.

    ``headline``: empty where it has none. ``text``: plain, paragraphs separated by a blank line.
    """

    published: datetime | None = None
    headline: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Factbox:
    """A box of facts beside the text: its ``title``, empty where it has none, and its ``lines`` of text."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemovedLine:
    """A line taken out of the body, with the name of the rule that did it (see docs/residue-rules.md).

    ``position``: its place among the page's lines before cleaning, counted from 0.
    """

    text: str
    rule: str
    position: int = 0


def body_text(body: Sequence[Block]) -> str:
    """Plain text of a body: blocks separated by a blank line, no trailing newline."""
    return "\n\n".join(block.text for block in body)


PARTIAL = "partial: "
"""What an article's paywall evidence begins with where its text is cut."""


@dataclass(frozen=True, slots=True)
class Article:
    """One news article, clean, dated and attributed.

    ``url``: the address it was found at. ``canonical_url``: the address the page itself names, where plausible.
    ``addresses``: every key the article is known by, strongest first (canonical addresses, ``file:`` URI, digest).
    ``published``/``modified``: aware datetimes; the ``…_precision`` beside each says how much the page stated, and
    is None exactly when the time is. ``description``: the page's summary. ``standfirst``: the lead-in printed between
    headline and body, kept out of the body. ``attribution``: lines such as "X contributed to this report".
    ``language``: BCP 47 tag of the language the text is in; ``language_declared``: the one the page says it is in;
    ``language_detected``: ISO 639-1 code of the one its words are in, None for too few of them.
    ``updates``: the posts of a live blog in page order, ``factboxes``: boxes beside the text; neither is in the body.
    ``paywall``: what speaks for one ("isAccessibleForFree=false"); begins with "partial: " where the text is cut.
    ``robots``: what the page asks of crawlers ("noindex", "tdm-reservation", …), see docs/items.md.
    ``signals``: field name → which signal it came from ("json-ld", "og:title", "line", …).
    ``conflicts``: field name → what the listing said that is something else ("feed: Other title").
    ``removed``: every line taken out, in page order. ``fetched_at``: aware UTC, of the page this was made from.
    ``digest``: SHA-256 of the page's bytes, hexadecimal. ``extractor``: version that made this. ``rules``: what it was
    told of the site.
    """

    url: str = _exported("url")
    headline: str = _exported("headline")
    body: tuple[Block, ...] = _exported("articleBody", body_text)
    fetched_at: datetime = _exported("dateDownloaded", isoformat)
    source: str = _exported("source")
    digest: str = _exported("digest")
    addresses: tuple[str, ...] = _exported("addresses", list)
    extractor: str = _exported("extractor")
    kind: Kind = _exported("kind", str, default=Kind.ARTICLE)
    description: str | None = _exported("description", default=None)
    standfirst: str | None = _exported("standfirst", default=None)
    authors: tuple[Author, ...] = _exported("authors", _authors, default=())
    attribution: tuple[str, ...] = _exported("attribution", list, default=())
    published: datetime | None = _exported("datePublished", isoformat, default=None)
    published_precision: Precision | None = _exported("datePublishedPrecision", default=None)
    modified: datetime | None = _exported("dateModified", isoformat, default=None)
    modified_precision: Precision | None = _exported("dateModifiedPrecision", default=None)
    language: str | None = _exported("inLanguage", default=None)
    language_declared: str | None = _exported("languageDeclared", default=None)
    language_detected: str | None = _exported("languageDetected", default=None)
    canonical_url: str | None = _exported("canonicalUrl", default=None)
    site_name: str | None = _exported("siteName", default=None)
    section: str | None = _exported("section", default=None)
    tags: tuple[str, ...] = _exported("tags", list, default=())
    images: tuple[Image, ...] = _exported("images", _images, default=())
    updates: tuple[Update, ...] = _exported("updates", _updates, default=())
    factboxes: tuple[Factbox, ...] = _exported("factboxes", _factboxes, default=())
    paywall: str = _exported("paywall", default="")
    robots: tuple[str, ...] = _exported("robots", list, default=())
    removed: tuple[RemovedLine, ...] = _exported("removed", _removed, default=())
    signals: Mapping[str, str] = _exported("sources", exported_signals, default_factory=dict)
    conflicts: Mapping[str, str] = _exported("conflicts", exported_signals, default_factory=dict)
    rules: SiteRules = _exported("siteRules", exported_rules, default=SiteRules())

    @property
    def text(self) -> str:
        """The body as plain text, paragraphs separated by a blank line."""
        return body_text(self.body)

    @property
    def is_partial(self) -> bool:
        """Whether the text is known to be only the beginning of a paid article."""
        return self.paywall.startswith(PARTIAL)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A page that is stored as refused instead of as an article.

    ``url``: its address, or the ``file:`` URI. ``detail``: what was seen, with its figure; one line.
    ``digest``: SHA-256 of the bytes, or empty when there were none to be had. ``headline``: the page's title, if any.
    ``status``: HTTP status of the answer, None for a local file.
    """

    url: str = _exported("url")
    reason: Reason = _exported("reason", str)
    detail: str = _exported("detail")
    fetched_at: datetime = _exported("dateDownloaded", isoformat)
    source: str = _exported("source", default="")
    digest: str = _exported("digest", default="")
    headline: str | None = _exported("headline", default=None)
    status: int | None = _exported("statusCode", default=None)
