"""What was read of a page → the Article: which value goes into which field, and which signal it came from."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import unquote, urlsplit

from pipeline.dates import Stamp, find_stamp
from pipeline.extraction import phrases
from pipeline.extraction.captions import split_credit
from pipeline.extraction.chronology import believed
from pipeline.extraction.feedtext import text_conflict
from pipeline.extraction.hints import conflicts_with, with_hints, with_site
from pipeline.extraction.language import detect_language, outweighs
from pipeline.extraction.lines import Line
from pipeline.extraction.metadata import Metadata
from pipeline.extraction.people import read_authors
from pipeline.extraction.residue import Cleaned
from pipeline.extraction.rules import Fate
from pipeline.items import EXTRACTOR, Article, Factbox, Image, Kind, Link, RawPage, Update
from pipeline.text import fold, without_controls, word_count
from pipeline.urls import canonical_url, plausible_canonical

_DATELINES = 12  # lines from the top among which a date alone is the article's


@dataclass(frozen=True, slots=True)
class Reading:
    """What either road made of a page. ``standfirst``: one printed outside of what was found as main text.

    ``robots``: what the page asks of crawlers.
    """

    metadata: Metadata
    cleaned: Cleaned
    standfirst: str | None = None
    updates: tuple[Update, ...] = ()
    factboxes: tuple[Factbox, ...] = ()
    robots: tuple[str, ...] = ()

    @property
    def words(self) -> int:
        """Words of the body and of a live blog's posts."""
        return self.cleaned.words + sum(word_count(update.text) for update in self.updates)


def assemble(page: RawPage, reading: Reading) -> Article:
    """The article of a page that is one."""
    body = tuple(line.as_block() for line in reading.cleaned.kept)
    text = " ".join(block.text for block in body) or " ".join(update.text for update in reading.updates)
    detected = detect_language(text)
    told = with_hints(with_site(reading.metadata, page.rules), page.link, page.fetched_at)
    meta = _completed(_in_language(told, detected, text), reading.cleaned, page.fetched_at)
    printed = " ".join(line.text for line in reading.cleaned.moved[Fate.STANDFIRST])
    standfirst = printed or reading.standfirst
    digest = hashlib.sha256(page.body).hexdigest()
    addresses = _addresses(page, meta.canonical_url, digest)
    url = addresses[0] if page.is_local else page.url
    return Article(
        url=url,
        headline=meta.headline or (body[0].text if body else reading.updates[0].headline or reading.updates[0].text),
        body=body,
        fetched_at=page.fetched_at,
        source=source_of(page, url),
        digest=digest,
        addresses=addresses,
        extractor=EXTRACTOR,
        kind=Kind.LIVE_BLOG if reading.updates else meta.kind,
        description=meta.description,
        standfirst=standfirst,
        authors=meta.authors,
        attribution=tuple(line.text for line in reading.cleaned.moved[Fate.ATTRIBUTION]),
        published=meta.published,
        published_precision=meta.published_precision,
        modified=meta.modified,
        modified_precision=meta.modified_precision,
        language=meta.language,
        language_declared=told.language,
        language_detected=detected,
        canonical_url=meta.canonical_url,
        site_name=meta.site_name,
        section=meta.section,
        tags=tuple(dict.fromkeys((*meta.tags, *page.rules.tags))),
        images=_images(meta.images, reading.cleaned.moved[Fate.CAPTION]),
        updates=reading.updates,
        factboxes=reading.factboxes,
        paywall=meta.paywall,
        robots=reading.robots,
        conflicts=conflicts_with(meta, page.link, page.fetched_at) | _body_conflict(page.link, reading, text),
        removed=reading.cleaned.removed,
        signals=_signals(page, reading, meta, ("line" if printed else "description") if standfirst else ""),
        rules=page.rules,
    )


def _body_conflict(link: Link | None, reading: Reading, text: str) -> dict[str, str]:
    """What a feed's text says that the page's does not, as a conflict of the body."""
    if link is None or reading.metadata.signals.get("body") == link.origin:
        return {}
    said = text_conflict(link, " ".join((text, *(update.text for update in reading.updates))))
    return {"body": f"{link.origin}: {said}"} if said else {}


def _signals(page: RawPage, reading: Reading, meta: Metadata, standfirst: str) -> dict[str, str]:
    """The signals of all fields: of the metadata, and of what the text itself gave. ``standfirst``: its own."""
    signals = {
        "body": "source's selectors match nothing" if page.rules.body else "",
        "standfirst": standfirst,
        "updates": "markup" if reading.updates else "",
        "kind": "markup" if reading.updates else "",
        "factboxes": "markup" if reading.factboxes else "",
    }
    known = dict(meta.signals)
    for name, signal in signals.items():
        if signal:
            known.setdefault(name, signal)
    if page.rules.tags:
        known["tags"] = f"{known['tags']}, source" if "tags" in known else "source"
    return known


def source_of(page: RawPage, url: str) -> str:
    """Name of the source: as the page was handed over, else the address's host, else the file's folder."""
    try:
        parts = urlsplit(url)
    except ValueError:  # "http://["
        return page.source
    folder = without_controls(unquote(parts.path)).rpartition("/")[0].rpartition("/")[2]
    return page.source or (parts.hostname or "").removeprefix("www.") or folder


def _in_language(meta: Metadata, detected: str | None, text: str) -> Metadata:
    """The metadata with the language that the words speak, where the page declares none or clearly another."""
    if detected is None or (meta.language and not outweighs(detected, meta.language, text)):
        return meta
    return replace(meta, language=detected, signals={**meta.signals, "language": "detected"})


def _completed(meta: Metadata, cleaned: Cleaned, now: datetime) -> Metadata:
    """The metadata, with what only the text's own lines say where the page declares nothing."""
    changed: dict[str, object] = {}
    signals = dict(meta.signals)
    if not meta.authors and (authors := read_authors(line.text for line in cleaned.moved[Fate.BYLINE])):
        changed["authors"], signals["authors"] = authors, "line"
    claims = [(stamp, "line") for line in cleaned.moved[Fate.DATE] if (stamp := _stamp(line, meta.language))]
    if meta.published is None and (dated := believed(claims, claims, now)):
        changed |= {"published": dated.moment, "published_precision": dated.precision}
        signals["published"] = "line"
    changes = [
        (stamp, "line") for line in cleaned.moved[Fate.DATE] if (stamp := _stamp(line, meta.language, changed=True))
    ]
    if meta.modified is None and (dated := believed(changes, changes, now)):
        changed |= {"modified": dated.moment, "modified_precision": dated.precision}
        signals["modified"] = "line"
    return replace(meta, **changed, signals=signals) if changed else meta  # type: ignore[arg-type]


def _stamp(line: Line, language: str | None, *, changed: bool = False) -> Stamp | None:
    """The time that a date line near the top states: of a change where it says so, else of the publication."""
    if line.position > _DATELINES or phrases.matches("update", line) is not changed:
        return None
    return find_stamp(line.text, language or "")


def _addresses(page: RawPage, canonical: str | None, digest: str) -> tuple[str, ...]:
    """Every key the article is known by, strongest first."""
    if page.is_local:
        return (canonical,) if canonical else (page.url, f"sha256:{digest}")
    known = [canonical_url(page.url), canonical_url(page.final_url) if page.final_url else None]
    if canonical and plausible_canonical(canonical, page.url):
        known.insert(0, canonical)
    return tuple(dict.fromkeys(address for address in known if address)) or (page.url,)


def _images(found: Sequence[Image], captions: Sequence[Line]) -> tuple[Image, ...]:
    """The page's images, and each caption of the text that none of them carries yet as an image without address."""
    known = {fold(image.caption) for image in found}
    told = [(line, *split_credit(line.text)) for line in captions]
    extra = [
        Image(caption=caption, credit=credit)
        for line, caption, credit in told
        if not {line.folded, fold(caption)} & known
    ]
    return (*found, *dict.fromkeys(extra))
