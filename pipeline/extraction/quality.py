"""The quality gate: is this page an article at all? If not, the reason and the figure that tells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.extraction import phrases
from pipeline.extraction.evidence import Block, PageEvidence
from pipeline.items import Reason
from pipeline.text import collapse, ends_sentence, word_count

MIN_WORDS = 25
"""A body with fewer words is a teaser, a caption or a stub."""
_C1 = re.compile(r"[\x80-\x9f]")
_THIN = 120  # words under which a page's title may outweigh its text
AMPLE = 2 * _THIN
"""Words of a body that no sign against the page outweighs."""
_LABEL = 8  # words of the longest button or heading
_SIGNATURES = re.compile(
    rb"^(?:%PDF-|\x89PNG|\xff\xd8\xff|GIF8[79]a|PK[\x03\x05][\x04\x06]|\x1f\x8b\x08|\x28\xb5\x2f\xfd|BZh\d|\xfd7zXZ|7z\xbc\xaf|Rar!"
    rb"|\x7fELF|OggS|ID3|RIFF....(?:WAVE|AVI |WEBP)|\x00\x00\x00.ftyp|SQLite format 3\x00|wOF[F2]|\xd0\xcf\x11\xe0)",
    re.DOTALL,
)
"""How files of other kinds begin."""
_TELLING = (
    ("bot-challenge", Reason.BOT_CHALLENGE),
    ("script-shell", Reason.SCRIPT_SHELL),
    ("error-page", Reason.ERROR_PAGE),
)
"""Phrase tables that tell what a page with hardly any text is."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a page is no article: ``detail`` is one line with the figure or words that tell."""

    reason: Reason
    detail: str


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
    zeros = body[:50_000].count(0) if "\x00" not in sample and not _is_wide(body, text) else 0
    strange = sample.count("\ufffd") + len(_C1.findall(sample)) + zeros
    if strange > 0.1 * len(sample):
        return Verdict(Reason.NOT_TEXT, f"{strange} of {len(sample)} characters are no text")
    return None


def _is_wide(body: bytes, text: str) -> bool:
    """Whether zeros are explained by an encoding of two or four bytes a character."""
    return len(text) * 2 <= len(body) + 4


def judge_page(evidence: PageEvidence, title: str, body_words: int, *, claims_article: bool) -> Verdict | None:
    """Refuse a web page whose own words say that it is something else.

    ``body_words``: of the cleaned body. ``claims_article``: whether the page's metadata call it an article.
    """
    if body_words < (MIN_WORDS * 2 if claims_article else _THIN):
        if phrases.find_all("error-page", title.casefold()):
            return Verdict(Reason.ERROR_PAGE, f"titled {title!r}, {body_words} words")
        if phrases.find_all("bot-challenge", title.casefold()):
            return Verdict(Reason.BOT_CHALLENGE, f"titled {title!r}, {body_words} words")
    if body_words >= AMPLE:
        return None
    blocks = evidence.blocks
    return (
        _judge_thin(evidence)
        or _judge_consent(blocks, body_words, claims_article=claims_article)
        or (None if claims_article else _judge_links(evidence, body_words))
    )


def _judge_thin(evidence: PageEvidence) -> Verdict | None:
    """What a page with hardly any text is by its own words, those for browsers without scripts included."""
    texts = [collapse(block.text) for block in evidence.blocks]
    total = word_count(" ".join(texts))
    if total >= _THIN:
        return None
    texts += map(collapse, evidence.notes)
    for table, reason in _TELLING:
        found = phrases.find_all(table, " ".join(texts).casefold())
        if found and _words_beside(evidence.blocks, table) < MIN_WORDS:
            return Verdict(reason, f"says {found[0]!r}, {total} words in all")
    if total < MIN_WORDS and evidence.scripts:
        return Verdict(Reason.SCRIPT_SHELL, f"{total} words beside {evidence.scripts} scripts")
    return None


def _judge_consent(blocks: Sequence[Block], body_words: int, *, claims_article: bool) -> Verdict | None:
    """A cookie or privacy prompt in the article's place: several of its phrases, one of them on a button or heading."""
    texts = [collapse(block.text) for block in blocks]
    if body_words >= _THIN or word_count(" ".join(texts)) >= _THIN * 4:
        return None
    found = sorted(set(phrases.find_all("consent-wall", " ".join(texts).casefold())))
    asked = any(word_count(text) <= _LABEL and phrases.find_all("consent-wall", text.casefold()) for text in texts)
    most = MIN_WORDS * 2 if claims_article else _THIN // 2 + MIN_WORDS
    if len(found) < 2 or not asked or _words_beside(blocks, "consent-wall") >= most:  # one phrase is in many footers
        return None
    return Verdict(Reason.CONSENT_WALL, f"says {', '.join(found[:3])!r}, {body_words} words beside")


def _words_beside(blocks: Sequence[Block], table: str) -> int:
    """Words of the page's sentences that hold no phrase of the table."""
    texts = (collapse(block.text) for block in blocks if block.link < 0.5)
    said = (text for text in texts if ends_sentence(text) and word_count(text) > _LABEL)
    return sum(word_count(text) for text in said if not phrases.find_all(table, text.casefold()))


def _judge_links(evidence: PageEvidence, body_words: int) -> Verdict | None:
    """A page of links: little text of its own beside them, or none but theirs in what was taken for the article."""
    blocks = evidence.blocks
    linked = [block for block in blocks if block.link > 0]
    share = sum(len(block.key) for block in linked) / max(1, sum(len(block.key) for block in blocks))
    own = sum(word_count(block.text) * (1 - block.link) for block in blocks)
    if share <= 0.5 or evidence.links < 15:
        return None
    if body_words < _THIN or own < body_words / 2:
        return Verdict(Reason.INDEX_PAGE, f"{share:.0%} of the text is links, {body_words} words beside")
    return None


def judge_length(body_words: int) -> Verdict | None:
    """Refuse a body that is too short to be an article."""
    if body_words < MIN_WORDS:
        return Verdict(Reason.TOO_SHORT, f"{body_words} words, fewer than {MIN_WORDS}")
    return None
