"""RSS 0.9–2.0, RDF and Atom → links. One table of names serves all three, since feeds mix them freely.

An entry needs an address and nothing else. Where an address, a title or a time may stand in several places, the
places are tried in the order of the tables here.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from html import escape, unescape

from lxml import etree

from pipeline.discovery.listing import Format, Listing, Rhythm, entries_fault, link_address
from pipeline.discovery.markup import name_of, plain, text_of
from pipeline.discovery.times import read_time
from pipeline.items import Link, Origin, Precision
from pipeline.urls import is_web_address, site_of

MOST_ENTRIES = 10_000
LONGEST_SUMMARY = 1_000
"""Characters. A description that is longer is an article's text, not its summary."""
LONGEST_CONTENT = 200_000
"""Characters of an article within a feed; a longer one is not kept, since half a text is none."""
LONGEST_TITLE = 1_000

_TITLES = ("title", "dc:title", "media:title", "itunes:title")
_SUMMARIES = ("summary", "description", "itunes:summary", "media:description", "dc:description", "itunes:subtitle")
_CONTENTS = (
    "content:encoded",
    "content",
    "xhtml:body",
    "xhtml:div",
    "body",
    "yandex:full-text",
    "full-text",
    "fulltext",
)
_AUTHORS = (("author", "dc:creator"), ("dc:author", "creator", "itunes:author", "googleplay:author"))
_TAGS = ("category", "dc:subject")
_SECTIONS = ("prism:section", "section", "articlesection", "schema:articlesection")
_KEYWORDS = ("media:keywords", "itunes:keywords", "keywords")
_PUBLISHED = (
    "pubdate", "published", "issued", "dc:date", "dc:issued", "dc:created", "created", "date", "dc:available",
    "prism:publicationdate", "news:publication_date", "media:pubdate",
)  # fmt: skip
_MODIFIED = ("updated", "modified", "dc:modified", "lastbuilddate", "dc:updated", "lastupdated")
_LANGUAGES = ("dc:language", "language")
_MACHINE_LINKS = frozenset({
    "self", "edit", "edit-media", "hub", "replies", "enclosure", "service.post", "service.edit", "next", "prev",
    "previous", "first", "last", "license", "author", "search", "icon", "payment", "via", "image", "thumbnail",
})  # fmt: skip
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SECTION_SCHEME = re.compile(
    r"(?:^|[/#:_-])(?:(?:article[_-]?)?sections?|rubri(?:c|k|que)s?|ressorts?|secci[oó]n|sezione|se[cç][aã]o)/?$",
    re.IGNORECASE,
)
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_OWN_ADDRESSES = ("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", "about", "href", "HREF")
"""Attributes of an RDF or CDF item."""
_ESCAPED = re.compile(r"&lt;/?(?:p|br|div|ul|ol|h\d|a|img)\b", re.IGNORECASE)
_PREFIXED = re.compile(r"(</?)[\w-]+:")
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,3}$")
_MAIL_AUTHOR = re.compile(r"\S+@\S+\s*\((?P<name>[^()]+)\)$")
_MAIL = re.compile(r"[<(\[]?(?:mailto:)?[^\s<>()]+@[^\s<>()]+[>)\]]?")


class _Fields:
    """The children of an element by name."""

    def __init__(self, *elements: etree._Element) -> None:
        self._children: dict[str, list[etree._Element]] = {}
        for element in elements:
            for child in element:
                self._children.setdefault(name_of(child), []).append(child)

    def all(self, *names: str) -> Iterator[etree._Element]:
        """The children of these names, in the names' order."""
        for name in names:
            yield from self._children.get(name, ())

    def texts(self, *names: str) -> Iterator[str]:
        """The texts of these children that are not empty."""
        return filter(None, (text_of(child).strip() for child in self.all(*names)))

    def text(self, *names: str) -> str:
        """The first of these texts, or empty."""
        return next(self.texts(*names), "")


def read_feed(tree: etree._Element, url: str, now: datetime) -> Listing:
    """The entries of a feed found at ``url``; an entry without any address is left out."""
    channel = next((element for element in tree.iter() if name_of(element) == "channel"), tree)
    feed = _Fields(channel) if channel is tree else _Fields(channel, tree)
    home = next(filter(None, (link_address(link, url) for link, _ in _alternates(feed, url))), "")
    base = home if home and site_of(home) != site_of(url) else url
    language = _language(channel, feed) or _language(tree, feed)
    items = [element for element in tree.iter() if name_of(element) in ("item", "entry")]
    found = (_link(item, base, url, language, now) for item in items[:MOST_ENTRIES])
    links = tuple(link for link in found if link)
    return Listing(
        format=_format(tree),
        links=links,
        fault=entries_fault(len(items), MOST_ENTRIES, len(links)),
        title=_title(feed),
        language=language,
        home=home,
        self_url=_related(feed, url, "self"),
        next_url=_related(feed, url, "next", "prev-archive"),
        hubs=tuple(dict.fromkeys(_all_related(feed, url, "hub"))),
        updated=_first_time(feed.texts(*_MODIFIED, *_PUBLISHED), now, language)[0],
        rhythm=_rhythm(feed),
    )


def _format(tree: etree._Element) -> Format:
    return {"feed": Format.ATOM, "entry": Format.ATOM, "rdf": Format.RDF}.get(name_of(tree), Format.RSS)


def _link(item: etree._Element, base: str, url: str, language: str, now: datetime) -> Link | None:
    """What an entry says, or None without an address."""
    entry = _Fields(item)
    address = next(filter(None, (link_address(*candidate) for candidate in _addresses(item, entry, base))), "")
    if not address:
        return None
    own_language = _language(item, entry) or language
    published, precision = _first_time(entry.texts(*_PUBLISHED), now, own_language)
    modified, modified_precision = _first_time(entry.texts(*_MODIFIED), now, own_language)
    if published is None:  # Atom obliges an entry to name the time of its last change, and often that is all it names
        published, precision = modified, modified_precision
    description = next(_markups(entry, _SUMMARIES), "")
    summary = plain(description)
    is_summary = len(summary) <= LONGEST_SUMMARY
    return Link(
        url=address,
        origin=Origin.FEED,
        found_on=url,
        title=_title(entry),
        published=published,
        published_precision=precision,
        modified=modified,
        language=own_language,
        authors=_authors(entry),
        tags=_tags(entry),
        section=_section(entry),
        summary=summary if is_summary else "",
        content=kept_content(_content(entry) or ("" if is_summary else description)),
    )


def _addresses(item: etree._Element, entry: _Fields, base: str) -> Iterator[tuple[str, str]]:
    """Where the entry's address may stand, each with the base it hangs on; likeliest first."""
    for text in entry.texts("feedburner:origlink", "pheedo:origlink"):
        yield text, base
    yield from _alternates(entry, base)
    for guid in entry.all("guid"):
        if (guid.get("isPermaLink") or guid.get("ispermalink") or "true").lower() != "false":
            yield text_of(guid) if _is_address(text_of(guid)) else "", base
    declared = (item.get(name) or "" for name in _OWN_ADDRESSES)
    for text in (*declared, *entry.texts("id", "guid", "dc:identifier")):
        yield text if is_web_address(text) else "", base
    for element in entry.all("link"):
        if _relation(element) not in _MACHINE_LINKS:
            yield element.get("href", ""), _base(element, base)
    for element in entry.all("content", "enclosure", "media:content"):
        yield element.get("src") or element.get("url") or "", _base(element, base)
    for relation in ("via", "enclosure", "self"):
        yield _related(entry, base, relation), base


def _alternates(entry: _Fields, base: str) -> Iterator[tuple[str, str]]:
    """The page an entry or a feed is about: an RSS link's text, then the links of Atom, HTML first."""
    links = list(entry.all("link"))
    for link in links:
        text = text_of(link).strip()
        if not text and not link.get("href") and is_web_address((link.tail or "").strip()):
            text = (link.tail or "").split()[0]  # "<link/>https://…"
        yield text, _base(link, base)
    alternates = [link for link in links if link.get("href") and _relation(link) in ("", "alternate")]
    for link in sorted(alternates, key=lambda link: "html" not in (link.get("type") or "html")):
        yield link.get("href") or "", _base(link, base)


def _is_address(text: str) -> bool:
    return is_web_address(text.strip()) or text.strip().startswith("/")


def _relation(link: etree._Element) -> str:
    return (link.get("rel") or "").strip().lower().rpartition("/")[2]


def _base(element: etree._Element, base: str) -> str:
    """The base of relative addresses at an element: its xml:base or an outer one's, itself hung on ``base``."""
    declared = element.base
    return link_address(declared, base) or base if declared else base


def _related(fields: _Fields, base: str, *relations: str) -> str:
    return next(_all_related(fields, base, *relations), "")


def _all_related(fields: _Fields, base: str, *relations: str) -> Iterator[str]:
    for link in fields.all("link"):
        if _relation(link) in relations and (address := link_address(link.get("href") or "", _base(link, base))):
            yield address


def _title(fields: _Fields) -> str:
    titles = (plain(title[: 10 * LONGEST_TITLE])[:LONGEST_TITLE] for title in _markups(fields, _TITLES))
    return next(filter(None, titles), "")


def _first_time(texts: Iterable[str], now: datetime, language: str) -> tuple[datetime | None, Precision | None]:
    return next(filter(None, (read_time(text, now, language) for text in texts)), (None, None))


def language_tag(written: str) -> str:
    """A language as BCP 47 writes it ("en_us " is "en-us"), or empty for what is none."""
    written = written.strip()
    return written.replace("_", "-") if _LANGUAGE_TAG.match(written) else ""


def _language(element: etree._Element, fields: _Fields) -> str:
    return language_tag(element.get(_LANG) or fields.text(*_LANGUAGES))


def _content(entry: _Fields) -> str:
    """The entry's text as HTML; the longest where it gives several."""
    return max(_markups(entry, _CONTENTS), key=len, default="")


def kept_content(html: str) -> str:
    """The article within a feed, escapes once too many undone; empty where it is too long."""
    html = unescape(html) if "<" not in html and _ESCAPED.search(html) else html
    return html if len(html) <= LONGEST_CONTENT else ""


def _markups(fields: _Fields, names: Iterable[str]) -> Iterator[str]:
    """What stands in these children, as HTML; those that are not empty."""
    return filter(None, map(_markup, fields.all(*names)))


def _markup(element: etree._Element) -> str:
    """What stands in an element, as HTML: mark-up as such, escaped mark-up, or plain text."""
    if len(element):
        inner = (_PREFIXED.sub(r"\1", etree.tostring(child, encoding="unicode")) for child in element)
        return (escape(element.text or "", quote=False) + "".join(inner)).strip()
    text = (element.text or "").strip()
    return escape(text, quote=False) if element.get("type") in ("text", "text/plain") else text


def _authors(entry: _Fields) -> tuple[str, ...]:
    for names in _AUTHORS:
        authors = dict.fromkeys(filter(None, map(_author, entry.all(*names))))
        if authors:
            return tuple(authors)
    return ()


def _author(element: etree._Element) -> str:
    """A person's name; mail addresses beside it are none."""
    written = plain(_Fields(element).text("name", "foaf:name") or text_of(element))
    if found := _MAIL_AUTHOR.match(written):
        return found["name"].strip()
    return _MAIL.sub("", written).strip() if "@" in written else written


def _section(entry: _Fields) -> str:
    """The section, where an element or the scheme of a category is named for it; other categories are mostly tags."""
    schemes = ((category, category.get("scheme") or category.get("domain") or "") for category in entry.all("category"))
    named = (_category(category) for category, scheme in schemes if _SECTION_SCHEME.search(scheme))
    return next(filter(None, map(plain, (entry.text(*_SECTIONS), *named))), "")


def _category(element: etree._Element) -> str:
    return element.get("label") or element.get("term") or text_of(element)


def _tags(entry: _Fields) -> tuple[str, ...]:
    words = [_category(element) for element in entry.all(*_TAGS)]
    words += [word for text in entry.texts(*_KEYWORDS) for word in text.split(",")]
    return tuple(dict.fromkeys(filter(None, map(plain, words))))


def _rhythm(feed: _Fields) -> Rhythm:
    hours = {text for element in feed.all("skiphours") for text in _Fields(element).texts("hour")}
    days = {text.lower() for element in feed.all("skipdays") for text in _Fields(element).texts("day")}
    return Rhythm(
        _interval(feed),
        frozenset(_number(hour) % 24 for hour in hours if hour.isdigit()),
        frozenset(number for number, day in enumerate(_DAYS) if day in days),
    )


def _interval(feed: _Fields) -> timedelta | None:
    """How long a feed says to wait between polls: its ttl in minutes, or so many updates a period."""
    if minutes := _number(feed.text("ttl")):
        return timedelta(minutes=minutes)
    period = _PERIODS.get(feed.text("sy:updateperiod").lower())
    return timedelta(hours=period) / (_number(feed.text("sy:updatefrequency")) or 1) if period else None


def _number(text: str) -> int:
    """The whole number a text is, up to seven digits; else 0."""
    return int(text) if re.fullmatch(r"[0-9]{1,7}", text.strip()) else 0
