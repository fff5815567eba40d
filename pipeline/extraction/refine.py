"""The composer: one raw page in, one article or one rejection out. Pure: no clock, no network, no state."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipeline.extraction.content import Content, parse, read_content
from pipeline.extraction.decode import decode
from pipeline.extraction.language import detect_language
from pipeline.extraction.lines import Line
from pipeline.extraction.metadata import Metadata, read_metadata
from pipeline.extraction.people import read_authors
from pipeline.extraction.plaintext import looks_like_markup, read_plaintext
from pipeline.extraction.quality import Verdict, judge_bytes, judge_length, judge_page
from pipeline.extraction.residue import Cleaned, clean
from pipeline.extraction.rules import Fate
from pipeline.items import Article, Image, Media, RawPage, Reason, Rejection
from pipeline.text import collapse, fold, word_count
from pipeline.urls import canonical_url, plausible_canonical

EXTRACTOR = "newsloom-1"
"""Generation of the extractor: goes up when a change of rules or order changes what a page yields."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What either road made of a page: ``refused`` is set where it is no article.

    ``standfirst``: the one printed outside of what was found as main text.
    """

    metadata: Metadata
    cleaned: Cleaned
    refused: Verdict | None = None
    standfirst: str | None = None


def refine(page: RawPage) -> Article | Rejection:
    """Make an article of a page, or say why it is none. Never raises on any content; its result is picklable."""
    decoded = decode(page.body, page.headers.get("content-type"))
    refused = _status(page) or judge_bytes(page.body, decoded.text)
    if refused:
        return _rejection(page, refused)
    reading = _read_markup(page, decoded.text) if _is_markup(page, decoded.text) else _read_text(page, decoded.text)
    refused = reading.refused or judge_length(word_count(" ".join(line.text for line in reading.cleaned.kept)))
    if refused:
        return _rejection(page, refused, reading.metadata.headline)
    return _article(page, reading)


def _status(page: RawPage) -> Verdict | None:
    if page.status is not None and page.status >= 400:  # HTTP's border between answers and errors
        return Verdict(Reason.ERROR_PAGE, f"status {page.status}")
    return None


def _is_markup(page: RawPage, text: str) -> bool:
    return looks_like_markup(text) or (page.media is not Media.TEXT and "<" in text and "</" in text)


def _read_markup(page: RawPage, text: str) -> _Reading:
    tree = parse(text)
    if tree is None:
        return _Reading(Metadata(), clean(()), Verdict(Reason.EMPTY, "mark-up without any element"))
    metadata = read_metadata(tree, page.final_url or page.url, page.fetched_at, page.headers)
    title = collapse(tree.findtext(".//title") or "")
    titles = [*filter(None, (metadata.headline, title)), *(collapse(head.text_content()) for head in tree.iter("h1"))]
    authors = [author.name for author in metadata.authors]
    content = read_content(tree, page.final_url or page.url)
    cleaned = clean(content.lines, titles, authors)
    words = word_count(" ".join(line.text for line in cleaned.kept))
    refused = judge_page(tree, title or metadata.headline or "", words, claims_article=_claims_article(tree, metadata))
    return _Reading(metadata, cleaned, refused, _printed_summary(content, metadata.description))


def _printed_summary(content: Content, description: str | None) -> str | None:
    """The page's description, where it is printed as a line that is not in the main text."""
    if not description or content.evidence.of(description) is None:
        return None
    return None if fold(description) in {line.folded for line in content.lines} else description


def _claims_article(tree: HtmlElement, metadata: Metadata) -> bool:
    """Whether the page calls itself an article: by type, or by stating when it was published."""
    types = {str(meta.get("content")).lower() for meta in tree.iter("meta") if meta.get("property") == "og:type"}
    return metadata.published is not None or metadata.signals.get("headline") == "json-ld" or "article" in types


def _read_text(page: RawPage, text: str) -> _Reading:
    plain = read_plaintext(text)
    signals = {"headline": "line"} if plain.headline else {}
    return _Reading(
        Metadata(headline=plain.headline, signals=signals),
        clean(plain.lines, [plain.headline] if plain.headline else []),
    )


def _rejection(page: RawPage, verdict: Verdict, headline: str | None = None) -> Rejection:
    return Rejection(
        url=page.url,
        reason=verdict.reason,
        detail=verdict.detail,
        fetched_at=page.fetched_at,
        source=_source(page, page.url),
        digest=hashlib.sha256(page.body).hexdigest(),
        headline=headline,
    )


def _article(page: RawPage, reading: _Reading) -> Article:
    meta, cleaned = reading.metadata, reading.cleaned
    digest = hashlib.sha256(page.body).hexdigest()
    addresses = _addresses(page, meta.canonical_url, digest)
    url = addresses[0] if page.is_local and not addresses[0].startswith("file:") else page.url
    signals = dict(meta.signals)
    body = tuple(line.as_block() for line in cleaned.kept)
    authors = meta.authors
    if not authors and cleaned.moved[Fate.BYLINE]:
        authors = read_authors(line.text for line in cleaned.moved[Fate.BYLINE])
        signals |= {"authors": "line"} if authors else {}
    language = meta.language
    if not language:
        language = detect_language(" ".join(block.text for block in body))
        signals |= {"language": "detected"} if language else {}
    standfirst = " ".join(line.text for line in cleaned.moved[Fate.STANDFIRST])
    signals |= {"standfirst": "line" if standfirst else "description"} if standfirst or reading.standfirst else {}
    return Article(
        url=url,
        headline=meta.headline or (body[0].text if body else ""),
        body=body,
        fetched_at=page.fetched_at,
        source=_source(page, url),
        digest=digest,
        addresses=addresses,
        extractor=EXTRACTOR,
        kind=meta.kind,
        description=meta.description,
        standfirst=standfirst or reading.standfirst,
        authors=authors,
        attribution=tuple(line.text for line in cleaned.moved[Fate.ATTRIBUTION]),
        published=meta.published,
        published_precision=meta.published_precision,
        modified=meta.modified,
        modified_precision=meta.modified_precision,
        language=language,
        canonical_url=meta.canonical_url,
        site_name=meta.site_name,
        section=meta.section,
        tags=meta.tags,
        images=_images(meta.images, cleaned.moved[Fate.CAPTION]),
        paywall=meta.paywall,
        removed=cleaned.removed,
        signals=signals,
    )


def _addresses(page: RawPage, canonical: str | None, digest: str) -> tuple[str, ...]:
    """Every key the article is known by, strongest first."""
    if page.is_local:
        if canonical:
            return (canonical,)
        return (page.url, f"sha256:{digest}")
    known = [canonical_url(page.url), canonical_url(page.final_url) if page.final_url else None]
    if canonical and plausible_canonical(canonical, page.url):
        known.insert(0, canonical)
    return tuple(dict.fromkeys(address for address in known if address)) or (page.url,)


def _source(page: RawPage, url: str) -> str:
    """Name of the source: as the page was handed over, else the address's host, else the file's folder."""
    parts = urlsplit(url)
    return (
        page.source or (parts.hostname or "").removeprefix("www.") or parts.path.rpartition("/")[0].rpartition("/")[2]
    )


def _images(found: Sequence[Image], captions: Sequence[Line]) -> tuple[Image, ...]:
    """The page's images, and each caption of the text that none of them carries yet as an image without address."""
    known = {collapse(image.caption).casefold() for image in found}
    extra = [Image(caption=line.text) for line in captions if line.text.casefold() not in known]
    return (*found, *dict.fromkeys(extra))
