"""The quality gate: is this page an article at all? If not, the reason and the figure that tells."""

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipeline.extraction.evidence import leaf_blocks, line_key, visible_text
from pipeline.items import Reason
from pipeline.text import collapse, word_count

MIN_WORDS = 25
"""A body with fewer words is a teaser, a caption or a stub."""
_THIN = 120  # words under which a page's title may outweigh its text
_SIGNATURES = re.compile(
    rb"^(?:%PDF-|\x89PNG|\xff\xd8\xff|GIF8[79]a|PK\x03\x04|PK\x05\x06|\x1f\x8b\x08|\x28\xb5\x2f\xfd|BZh\d|\xfd7zXZ|7z\xbc\xaf|Rar!|\x7fELF|MZ.{58,60}PE|OggS|ID3|RIFF....(?:WAVE|AVI |WEBP)|\x00\x00\x00.ftyp|SQLite format 3\x00|wOF[F2]|\xd0\xcf\x11\xe0)",
    re.DOTALL,
)

_ERROR = re.compile(
    r"(?:^|\b)(?:(?:error\s*)?(?:404|403|410|500|502|503|504)\b(?:\s*[-–|:]|\s+(?:error|not found|forbidden|gone|bad gateway|service|internal|page))|(?:page|article|story|content|file|document|url) (?:not found|(?:could not|can't|cannot) be found|(?:is )?(?:no longer|not) available|does(?:n't| not) exist|has (?:been (?:removed|deleted|moved)|expired))|"
    r"not found$|access denied|403 forbidden|bad gateway|service (?:temporarily )?unavailable|internal server error|gateway time-?out|something went wrong|an error (?:has )?occurred|under maintenance|"
    r"seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|p[aá]gina no encontrada|pagina non trovata|página não encontrada|pagina niet gevonden|nie znaleziono strony|strona nie istnieje|страница не найдена|الصفحة غير موجودة|页面不存在|找不到(?:页面|網頁|頁面)|ページが見つかりません|sidan (?:hittades|kunde) inte|siden (?:finnes|ble) ikke)",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"just a moment|attention required|are you (?:a )?(?:human|robot)|checking (?:your browser|if the site connection is secure)|verify(?:ing)? (?:that )?you are (?:a )?human|(?:please )?(?:complete|solve) (?:the|this) (?:security check|captcha)|security (?:check|verification)|(?:pardon|sorry for) (?:our|the) interruption|enable javascript and cookies to continue|ddos(?:-| )protection|"
    r"unusual (?:traffic|activity) from your|you have been blocked|request unsuccessful|press (?:&|and) hold|bot (?:check|detection|protection)|access to this page has been denied|why (?:have i been blocked|did this happen)|captcha",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"before you continue|(?:we|our (?:site|partners)|this (?:web)?site)(?: and our \d* ?\w*)? (?:use|uses|value|values|store|process|care about) (?:cookies|your privacy|personal data|and/or access)|(?:accept|manage|reject) (?:all )?(?:cookies|and continue)|cookie (?:settings|consent|preferences|policy|notice|wall)|your privacy (?:choices|matters|settings|is important)|privacy settings|consent (?:to|management|preferences)|"
    r"mit werbung (?:und cookies )?(?:weiter|nutzen)|(?:akzeptieren|zustimmen) und weiter|cookie-?einstellungen|ihre (?:privatsphäre|einwilligung)|werbefrei(?:es)? (?:lesen|pur|abo|weiterlesen)|datenschutz-?einstellungen|avec votre (?:accord|consentement)|accepter et (?:continuer|fermer)|continuer sans accepter|respect de votre vie privée|nous respectons votre vie privée|nos partenaires (?:et nous )?stock|aceptar (?:y continuar|cookies|todo)|tu privacidad|utilizamos cookies|accetta (?:e continua|tutti|i cookie)|la tua privacy|informativa.{0,40}cookie|aceitar (?:e continuar|todos|cookies)|valorizamos a sua privacidade|akkoord|cookies accepteren|wij gebruiken cookies|privacy-?instellingen|cenimy (?:twoją )?prywatność|akceptuj|zgoda na|мы используем (?:файлы )?cookie|نستخدم ملفات تعريف الارتباط|我们使用\s?cookie|当サイトでは.{0,10}(?:cookie|クッキー)",
    re.IGNORECASE,
)
_SHELL = re.compile(
    r"(?:enable|turn on|activate|requires?|need to enable|without|supports?|uses?) java ?script|java ?script (?:is|to be|must be|seems to be)? ?(?:disabled|required|enabled|turned off|needed)|javascript (?:aktivieren|ist deaktiviert)|activer (?:le )?javascript|(?:habilit\w+|activ\w+) javascript|abilita\w* javascript|включит\w+ javascript|browser (?:is )?(?:not supported|unsupported|out of date)",
    re.IGNORECASE,
)


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
    strange = sample.count("\ufffd") + sum("\x80" <= char <= "\x9f" for char in sample) + zeros
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
        if _ERROR.search(title):
            return Verdict(Reason.ERROR_PAGE, f"titled {title!r}, {body_words} words")
        if _CHALLENGE.search(title):
            return Verdict(Reason.BOT_CHALLENGE, f"titled {title!r}, {body_words} words")
    if body_words >= _THIN * 2:
        return None
    return _judge_text(tree, body_words, claims_article=claims_article)


def _judge_text(tree: HtmlElement, body_words: int, *, claims_article: bool) -> Verdict | None:
    blocks = [(collapse("".join(visible_text(block))), block) for block in leaf_blocks(tree)]
    text = " ".join(words for words, _ in blocks)
    total = word_count(text)
    if total < _THIN:
        hidden = collapse(" ".join(note.text_content() for note in tree.iter("noscript")))
        for pattern, reason in (
            (_CHALLENGE, Reason.BOT_CHALLENGE),
            (_SHELL, Reason.SCRIPT_SHELL),
            (_ERROR, Reason.ERROR_PAGE),
        ):
            found = pattern.search(f"{text} {hidden}")
            if found:
                return Verdict(reason, f"says {found[0]!r}, {total} words in all")
        scripts = sum(1 for _ in tree.iter("script"))
        if total < MIN_WORDS and scripts:
            return Verdict(Reason.SCRIPT_SHELL, f"{total} words beside {scripts} scripts")
    consent = {found[0].lower() for found in _CONSENT.finditer(text)}
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
