"""The quality gate: is this page an article at all? If not, the reason and the figure that tells."""

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipeline.extraction import phrases
from pipeline.extraction.evidence import leaf_blocks, line_key, visible_text
from pipeline.items import Reason
from pipeline.text import collapse, word_count

MIN_WORDS = 25
"""A body with fewer words is a teaser, a caption or a stub."""
_C1 = re.compile(r"[\x80-\x9f]")
_THIN = 120  # words under which a page's title may outweigh its text
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
    sample = text[:50_000]
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


def judge_page(tree: HtmlElement, title: str, body_words: int, *, claims_article: bool) -> Verdict | None:
    """Refuse a web page whose own words say that it is something else.

    ``body_words``: of the cleaned body. ``claims_article``: whether the page's metadata call it an article.
    """
    if body_words < _THIN:
        if phrases.find_all("error-page", title.casefold()):
            return Verdict(Reason.ERROR_PAGE, f"titled {title!r}, {body_words} words")
        if phrases.find_all("bot-challenge", title.casefold()):
            return Verdict(Reason.BOT_CHALLENGE, f"titled {title!r}, {body_words} words")
    if body_words >= _THIN * 2:
        return None
    return _judge_text(tree, body_words, claims_article=claims_article)


def _judge_text(tree: HtmlElement, body_words: int, *, claims_article: bool) -> Verdict | None:
    blocks = [(collapse(visible_text(block)), block) for block in leaf_blocks(tree)]
    text = " ".join(words for words, _ in blocks)
    total = word_count(text)
    if total < _THIN:
        hidden = collapse(" ".join(note.text_content() for note in tree.iter("noscript")))
        for table, reason in _TELLING:
            found = phrases.find_all(table, f"{text} {hidden}".casefold())
            if found:
                return Verdict(reason, f"says {found[0]!r}, {total} words in all")
        scripts = sum(1 for _ in tree.iter("script"))
        if total < MIN_WORDS and scripts:
            return Verdict(Reason.SCRIPT_SHELL, f"{total} words beside {scripts} scripts")
    consent = set(phrases.find_all("consent-wall", text.casefold()))
    if len(consent) >= 2 and body_words < _THIN and total < _THIN * 4:  # one phrase is in many footers
        return Verdict(Reason.CONSENT_WALL, f"says {', '.join(sorted(consent)[:3])!r}, {body_words} words beside")
    if claims_article or body_words >= _THIN:
        return None
    linked = sum(len(line_key(words)) for words, block in blocks if _is_linked(block))
    share = linked / max(1, len(line_key(text)))
    if share > 0.5 and sum(1 for _ in tree.iter("a")) >= 15:
        return Verdict(Reason.INDEX_PAGE, f"{share:.0%} of the text is links, {body_words} words beside")
    return None


def _is_linked(block: HtmlElement) -> bool:
    return next(block.iter("a"), None) is not None or any(parent.tag == "a" for parent in block.iterancestors())


def judge_length(body_words: int) -> Verdict | None:
    """Refuse a body that is too short to be an article."""
    if body_words < MIN_WORDS:
        return Verdict(Reason.TOO_SHORT, f"{body_words} words, fewer than {MIN_WORDS}")
    return None
