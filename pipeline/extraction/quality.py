"""The quality gate before and behind the extraction: what cannot be a text page, and what is too short to be one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.directives import heeded
from pipeline.items import OptOuts, Reason

MIN_WORDS = 25
"""A body with fewer words is a teaser, a caption or a stub."""
_C1 = re.compile(r"[\x80-\x9f]")
AMPLE = 240
"""Words of a body that no sign against the page outweighs."""
_SIGNATURES = re.compile(
    rb"^(?:%PDF-|\x89PNG|\xff\xd8\xff|GIF8[79]a|PK[\x03\x05][\x04\x06]|\x1f\x8b\x08|\x28\xb5\x2f\xfd|BZh\d|\xfd7zXZ|7z\xbc\xaf|Rar!"
    rb"|\x7fELF|OggS|ID3|RIFF....(?:WAVE|AVI |WEBP)|\x00\x00\x00.ftyp|SQLite format 3\x00|wOF[F2]|\xd0\xcf\x11\xe0)",
    re.DOTALL,
)
"""How files of other kinds begin."""
_DATA = re.compile(
    r'[\[{][\s\[{]*"[\w@$.-]{1,60}"\s*:'
    r"|(?:<\?xml[^<>]*>\s*|<!--(?:(?!-->).)*-->\s*)*<(?:rss|feed|rdf:rdf|urlset|sitemapindex|opml)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
"""How JSON begins, and what a feed or a sitemap begins with."""
CHALLENGE_MARKS = re.compile(
    r"captcha|challenge[-_](?:form|platform|running|error|stage)|_incapsula_|cf[-_]chl|datadome|geetest|turnstile",
    re.IGNORECASE,
)
"""What scripts and forms that ask whether a browser is a person's are called."""
_CHALLENGED = frozenset({401, 403, 405, 429, 503})  # statuses that challenges come with
_OUT_OF_REACH = 451  # "unavailable for legal reasons", RFC 7725


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a page is no article: ``detail`` is one line with the figure or words that tell."""

    reason: Reason
    detail: str


def judge_wishes(directives: Sequence[str], opt_outs: OptOuts) -> Verdict | None:
    """Refuse a page that asks not to be kept, where that is honoured."""
    found = heeded(directives, opt_outs)
    return Verdict(Reason.OPTED_OUT, f"says {', '.join(found)}") if found else None


def judge_status(status: int | None, text: str) -> Verdict | None:
    """Refuse what the server itself calls no answer."""
    if status is None or status < 400:  # HTTP's border between answers and errors
        return None
    if status == _OUT_OF_REACH:
        return Verdict(Reason.REGION_BLOCK, f"status {status}")
    if status in _CHALLENGED and (mark := CHALLENGE_MARKS.search(text)):
        return Verdict(Reason.BOT_CHALLENGE, f"status {status}, holds {mark[0]!r}")
    return Verdict(Reason.ERROR_PAGE, f"status {status}")


def judge_bytes(body: bytes, text: str) -> Verdict | None:
    """Refuse what cannot be a text page: nothing, or binary data under whatever name."""
    if not body.strip():
        return Verdict(Reason.EMPTY, f"{len(body)} bytes, none of them text")
    signature = _SIGNATURES.match(body)
    if signature:
        return Verdict(Reason.NOT_TEXT, f"binary data: begins with {signature[0][:8]!r}")
    sample = text.lstrip()[:50_000]
    if not sample.strip():
        return Verdict(Reason.EMPTY, f"{len(body)} bytes, no printable character")
    if found := _DATA.match(sample):
        return Verdict(Reason.NOT_TEXT, f"data: begins with {found[0][-30:]!r}")
    zeros = body[:50_000].count(0) if "\x00" not in sample and not _is_wide(body, text) else 0
    strange = sample.count("\ufffd") + len(_C1.findall(sample)) + zeros
    if strange > 0.1 * len(sample):
        return Verdict(Reason.NOT_TEXT, f"{strange} of {len(sample)} characters are no text")
    return None


def _is_wide(body: bytes, text: str) -> bool:
    """Whether zeros are explained by an encoding of two or four bytes a character."""
    return len(text) * 2 <= len(body) + 4


def judge_length(body_words: int) -> Verdict | None:
    """Refuse a body that is too short to be an article."""
    if body_words < MIN_WORDS:
        return Verdict(Reason.TOO_SHORT, f"{body_words} words, fewer than {MIN_WORDS}")
    return None
