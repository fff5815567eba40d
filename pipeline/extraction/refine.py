"""The composer: one raw page in, one article or one rejection out. Pure: no clock, no network, no state."""

import hashlib
from dataclasses import replace
from itertools import islice

from lxml.html import HtmlElement

from pipeline.decode import decode
from pipeline.directives import read_directives
from pipeline.extraction.assembly import Reading, assemble, source_of
from pipeline.extraction.content import Content, parse, read_content
from pipeline.extraction.embedded import embedded_article
from pipeline.extraction.evidence import PageEvidence
from pipeline.extraction.feedtext import is_longer, whole_text
from pipeline.extraction.jsonld import ARTICLE_TYPES
from pipeline.extraction.limits import judge_plain, parse_within
from pipeline.extraction.lines import Line
from pipeline.extraction.liveblog import merged, shown_updates, without_posts
from pipeline.extraction.markup import MOST_HEADINGS
from pipeline.extraction.metadata import Metadata, read_metadata, zone_of
from pipeline.extraction.paywalls import paywall_evidence
from pipeline.extraction.plaintext import looks_like_markup, read_plaintext
from pipeline.extraction.quality import MIN_WORDS, Verdict, judge_bytes, judge_length, judge_status, judge_wishes
from pipeline.extraction.residue import Cleaned, clean
from pipeline.extraction.rules import Fate
from pipeline.extraction.seen import Seen
from pipeline.extraction.selectors import matching, page_of
from pipeline.extraction.standins import judge_page
from pipeline.items import PARTIAL, Article, Kind, Link, Media, RawPage, Reason, Rejection
from pipeline.text import collapse, fold, without_controls, word_count

_SHORTEST_STUB = 5  # words of a paid article's teaser
_STORY = 3  # captions that make a story of pictures
_UNSEEN = frozenset({
    Reason.SCRIPT_SHELL, Reason.CONSENT_WALL, Reason.BOT_CHALLENGE, Reason.LOGIN_PAGE, Reason.TOO_SHORT,
})  # fmt: skip
"""Reasons that mean that an article may stand behind the page, and its text was not shown."""


def refine(page: RawPage) -> Article | Rejection:
    """Make an article of a page, or say why it is none. Raises on no content whatever; its result is picklable."""
    page = _storable(page)
    reading, refused = _read(page, decode(page.body, page.headers.get("content-type")).text)
    if refused is None:
        return assemble(page, _completed(page.link, reading))
    if refused.reason in _UNSEEN and page.link and (told := _told_by_feed(page.link, reading)):
        return assemble(replace(page, final_url=page.url), told)  # a wall's own address is shared by many pages
    return _rejection(page, refused, reading.metadata.headline)


def _read(page: RawPage, text: str) -> tuple[Reading, Verdict | None]:
    if refused := judge_status(page.status, text) or judge_bytes(page.body, text):
        return _unread(refused)
    return _read_markup(page, text) if _is_markup(page, text) else _read_text(page, text)


def _unread(refused: Verdict) -> tuple[Reading, Verdict]:
    return Reading(Metadata(), clean(())), refused


def _told_by_feed(link: Link, reading: Reading) -> Reading | None:
    """The article as its feed tells it, where the page does not show it; None where the feed does not either.

    Of a page that is no article by its own word nothing counts.
    """
    text = whole_text(link)
    if text is None or not link.title:
        return None
    meta = reading.metadata
    if not any(name.endswith(ARTICLE_TYPES) for name in meta.types):
        meta = Metadata()
    return Reading(_with_text_of(link, meta), text, robots=reading.robots)


def _completed(link: Link | None, reading: Reading) -> Reading:
    """The reading, with the feed's text where the page's is the beginning of it."""
    if link is None or not reading.metadata.paywall.startswith(PARTIAL) or reading.updates:
        return reading
    text = whole_text(link)
    if text is None or not is_longer(text, reading.cleaned):
        return reading
    return replace(reading, metadata=_with_text_of(link, reading.metadata), cleaned=text)


def _with_text_of(link: Link, meta: Metadata) -> Metadata:
    """The metadata of an article whose text is the listing's, and so not cut."""
    return replace(meta, paywall=meta.paywall.removeprefix(PARTIAL), signals={**meta.signals, "body": str(link.origin)})


def _storable(page: RawPage) -> RawPage:
    """The page with names that any database takes: no half surrogate pair and no NUL in them."""
    if f"{page.url}{page.final_url}{page.source}".isprintable():
        return page
    url, final_url, source = map(without_controls, (page.url, page.final_url, page.source))
    return replace(page, url=url, final_url=final_url, source=source)


def _is_markup(page: RawPage, text: str) -> bool:
    """Whether to read a page as HTML: its content has the last word over what name and header claim."""
    return looks_like_markup(text) or (page.media is not Media.TEXT and "<" in text and "</" in text)


def _read_markup(page: RawPage, text: str) -> tuple[Reading, Verdict | None]:
    tree = parse_within(text)
    if isinstance(tree, Verdict):
        return _unread(tree)
    robots = read_directives(page.headers, tree, page.opt_outs.agent)
    if refused := judge_wishes(robots, page.opt_outs):
        return _unread(refused)
    metadata = read_metadata(tree, page.final_url or page.url, page.fetched_at, page.headers, page.link)
    title = collapse(tree.findtext(".//title") or "")
    headings = [collapse(head.text_content()) for head in islice(tree.iter("h1"), MOST_HEADINGS)]
    titles = [*filter(None, (metadata.headline, title)), *headings]
    claims_article = _claims_article(tree, metadata)
    content, signal = _find_text(page, tree, metadata, claims_article=claims_article)
    if signal:
        metadata = replace(metadata, signals={**metadata.signals, "body": signal})
    updates = merged(metadata.updates, shown_updates(content.boxes.posts, zone_of(metadata)))
    lines = without_posts(content.lines, updates) if updates else content.lines
    cleaned = clean(lines, titles, [author.name for author in metadata.authors])
    summary = _printed_summary(content, metadata.description)
    reading = Reading(metadata, cleaned, summary, updates, tuple(content.boxes.facts.values()), robots)
    reading = _with_paywall(reading, content)
    told = _told_in_captions(cleaned, content.evidence)
    seen = Seen(
        evidence=content.evidence,
        tree=tree,
        metadata=metadata,
        source=text,
        title=title or metadata.headline or "",
        headings=headings,
        asked=page.url,
        address=page.final_url or page.url,
        words=reading.words,
        told=told,
        claims_article=claims_article,
    )
    if not seen.is_ample and "body" not in metadata.signals and (whole := parse(text)) is not None:
        # with its controls and menus: what is no article tells by them
        seen = replace(seen, tree=whole, evidence=PageEvidence(whole))
    if seen.is_declared and _is_stub(reading):
        return reading, None
    return reading, judge_page(seen) or judge_length(reading.words + told)


def _with_paywall(reading: Reading, content: Content) -> Reading:
    """The reading, with all that speaks for a paywall."""
    meta = reading.metadata
    found = paywall_evidence(meta.paywall, content.evidence, reading.cleaned.kept, reading.words)
    if found == meta.paywall:
        return reading
    signals = {**meta.signals, "paywall": meta.signals.get("paywall", "text")}
    return replace(reading, metadata=replace(meta, paywall=found, signals=signals))


def _is_stub(reading: Reading) -> bool:
    """Whether it is the teaser of a paid article, however short, and has a headline."""
    words = reading.words + word_count(reading.standfirst or "")
    return reading.metadata.paywall.startswith(PARTIAL) and words >= _SHORTEST_STUB and bool(reading.metadata.headline)


def _told_in_captions(cleaned: Cleaned, evidence: PageEvidence) -> int:
    """Words of the captions of a story that is told by its pictures; 0 for one that is not."""
    figures = [block for block in evidence.blocks if block.element.tag == "figcaption" and block.link < 0.5]
    captions = [*cleaned.moved[Fate.CAPTION], *(Line(block.text, 0) for block in figures)]
    told = {line.folded: line.words for line in captions}
    return sum(told.values()) if len(told) >= _STORY else 0


def _find_text(page: RawPage, tree: HtmlElement, metadata: Metadata, *, claims_article: bool) -> tuple[Content, str]:
    """The page's main text, and where it was found if that is no ordinary place."""
    declared_live = metadata.kind is Kind.LIVE_BLOG and metadata.signals["kind"] == "json-ld"
    body, foreign = matching(tree, page.rules.body), matching(tree, page.rules.prune)
    if body:
        return read_content(page_of(body), live=declared_live, foreign=foreign), "source's selectors"
    scripts = [script.text for script in tree.iter("script") if script.text]
    content = read_content(tree, live=declared_live, foreign=foreign)
    if claims_article and _is_bare(content) and (built := embedded_article(scripts)) is not None:
        return read_content(built), "script data"
    return content, ""


def _is_bare(content: Content) -> bool:
    return sum(line.words for line in content.lines if not line.box) < MIN_WORDS


def _claims_article(tree: HtmlElement, metadata: Metadata) -> bool:
    """Whether the page calls itself an article: by type, or by stating when it was published."""
    types = {str(meta.get("content")).lower() for meta in tree.iter("meta") if meta.get("property") == "og:type"}
    return metadata.published is not None or metadata.signals.get("headline") == "json-ld" or "article" in types


def _printed_summary(content: Content, description: str | None) -> str | None:
    """The page's description, where it is printed as a line that is not in the main text."""
    if not description or content.evidence.of(description) is None:
        return None
    return None if fold(description) in {line.folded for line in content.lines} else description


def _read_text(page: RawPage, text: str) -> tuple[Reading, Verdict | None]:
    robots = read_directives(page.headers, None, page.opt_outs.agent)
    if refused := judge_wishes(robots, page.opt_outs) or judge_plain(text):
        return _unread(refused)
    plain = read_plaintext(text)
    told = {"headline": plain.headline, "signals": {"headline": "line"}} if plain.headline else {}
    reading = Reading(Metadata(**told), clean(plain.lines, [*filter(None, [plain.headline])]), robots=robots)  # type: ignore[arg-type]
    return reading, judge_length(reading.words)


def _rejection(page: RawPage, verdict: Verdict, headline: str | None = None) -> Rejection:
    return Rejection(
        url=page.url,
        reason=verdict.reason,
        detail=verdict.detail,
        fetched_at=page.fetched_at,
        source=source_of(page, page.url),
        digest=hashlib.sha256(page.body).hexdigest(),
        headline=headline,
        status=page.status,
    )
