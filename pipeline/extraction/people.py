"""Who wrote it: names out of bylines and declared author values, people apart from organisations."""

import re
from collections.abc import Iterable, Iterator

from pipeline.items import Author
from pipeline.text import collapse, fold, has_letters, words

LONGEST_BYLINE = 300
"""Characters of a byline that are looked at."""

_MOST_AUTHORS = 20
_LONGEST_NAME = 70
_MOST_WORDS = 7
_MOST_WORDS_OF_A_PERSON = 5

# Words before names, in the languages of the press. Those that are also parts of names ("de", "di", "von") count only
# before two more words of which the first is capitalised.
_BY = (
    r"(?:(?:written|posted|reported|published|words|text|story|article|analysis|review|interview|photos?)\s+"
    r"(?:and\s+\w+\s+)?)?by|authors?|autora?|autorin|autoren|autor[ei]|auteurs?|forfatter|författare|skribent|"
    r"(?:ein )?(?:gast)?(?:artikel|beitrag|kommentar|interview|bericht|analyse|essay|reportage|kolumne|porträt) von|"
    r"(?:verfasst|geschrieben|veröffentlicht) von|écrit par|(?:escrito|publicado) por|(?:scritto|pubblicato) da|"
    r"geschreven door|napisane przez|skriven av|skrevet a[vf]|ditulis oleh|написано автором|"
    r"tekst|texte?|testo|texto|propos recueillis par|przygotował|opracowała?|kirjoittaja|"
    r"toimittaja|szerző|írta|yazan|haber|από|γράφει [οη]|συντάκτης|автор|авторы|текст|подготовила?|oleh|penulis|"
    r"reporter|journalist|laporan|bởi|mwandishi|بقلم|كتبت?|الكاتب|تحرير|نویسنده|מאת|作者|记者|記者|撰文|取材|글"
)
_PARTICLE = r"von|vom|par|por|di|de|door|av|af|przez|od|του|της|от|theo|na"
_PREFIX = re.compile(
    rf"^\W*(?:(?i:{_BY})(?:\s*[:：／/]\s*|\s+(?=\S))|(?i:{_PARTICLE})\s*:\s*|(?i:{_PARTICLE})\s+(?=[^\W\d_a-zß-ÿа-яα-ω]\S*\s+\S))"
)
_SPLIT = re.compile(
    r"\s*(?:[;|•·、，؛،]|(?<=[a-zß-ÿ]{3})\.\s+(?=[A-Z])|\s[-–—/]\s|&)\s*"
    r"|\s+(?:(?i:and|und|avec|sowie|with)|et|en|och|og|ja|ve|και|та|dan|na|और|mit|con|com|met|med)\s+(?=\S)"
)
_WEAK_SPLIT = re.compile(r"\s+(?:y|e|i|и|و)\s+|/")
_ADDRESS = re.compile(r"\S*(?:https?:|www\.|@)\S*", re.IGNORECASE)
_NOT_A_NAME = re.compile(r"^\d|\s\d+$|\d{2}[:.]\d{2}|\b(?:19|20)\d\d\b|[<>{}\[\]=]", re.IGNORECASE)
_TAIL = re.compile(
    r"\s*[(\[（【].*$|(?:^|\s+)(?:in|for|at|on|from|via|aus|für|pour|para|à)\s+\S.*$|\s*(?:기자|記者|记者|特派員)(?:\s+외\s*\d+명)?$"
    r"|\s*(?i:\b(?:updated|published|posted|aktualisiert|mis à jour|actualizado)\b.*)$"
)
_ROLE = (
    r"staff|senior|chief|special|political|national|foreign|freelance|guest|deputy|associate|managing|executive|"
    r"contributing|leitende[rn]?|freie[rn]?|\w+ische[rn]?"
)
_JOB = re.compile(
    r"\b(?:reporter(?:in)?|writer|editor|editors|correspondent|columnist|journalist(?:in)?|contributor|producer|author|"
    r"photographer|analyst|intern|redakteur(?:in)?|korrespondent(?:in)?|volont[äa]r(?:in)?|kolumnist(?:in)?|"
    r"ressortleiter(?:in)?|chefredakteur(?:in)?|journaliste|rédact(?:eur|rice)|correspondante?|envoyée? spéciale?|"
    r"periodista|redactora?|corresponsal|giornalista|redattore|corrispondente|inviat[oa]|jornalista|redator|repórter|"
    r"redacteur|verslaggever|journaliste|dziennikarz|dziennikarka|redaktor|journalista|politisk|redaktør|toimittaja|"
    r"muhabir|корреспондент|журналист|обозреватель|редактор)\b",
    re.IGNORECASE,
)
_LEADING_ROLES = re.compile(rf"^(?:{_ROLE})\b|\b(?:{_ROLE})$", re.IGNORECASE)
_ORGANISATION = re.compile(
    r"\b(?:ressort|agency|agencies|\w*agentur\w*|agence|agencias?|agenzia|agência|agencja|агентство|ajansı?|press|presse|news|nachrichten|"
    r"newsroom|newsdesk|desk|staff|team|editorial|redaktion\w*|redakcja|redakce|redacción|redazione|redação|rédaction|"
    r"redactie|redaksjon\w*|redaktionen|toimitus|szerkesztőség|redacția|редакция|редакція|online|media|magazine|"
    r"zeitung|journal|times|post|tribune|herald|gazette|daily|today|television|tv|radio|web|digital|associated|"
    r"reuters|bloomberg|xinhua|interfax|ansa|newswire|wire|correspondents|reporters|guardian|observer|foundation|"
    r"institute|university|association|corporation|gmbh|ltd|inc)\b|\w\.(?:com|de|net|org|fr|es|it|is|ru|co|at|ch|nl|pl|se|no|dk)$|"
    r"新聞|通信社|編集部|通讯社|新华|뉴스|일보|신문|وكالة|صحيفة",
    re.IGNORECASE,
)
_WORD_OF_A_NAME = re.compile(r"[^\W\d_a-z][^\W\d_A-Z]*(?:['’-]?[^\W\d_]+)*$")
_WORD_OF_A_PERSON = re.compile(
    r"(?:(?:d|l|o|al|el|mc|mac)['’-])?[^\W\d_a-zß-ÿа-яё-џα-ωά-ώ][^\W\d_]*(?:['’.-][^\W\d_]*)*$|"
    r"(?:von|vom|zu|zur|van|der|den|de|del|della|di|da|do|dos|das|du|des|la|le|las|los|y|e|ben|bin|bint|ibn|abu|al|el|af|av|ter|ten|jr|sr)\.?$"
)
_NO_CASE = re.compile(r"[\u0590-\u07ff\u0900-\u0fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,6}$")
_DEGREE = re.compile(
    r"(?:[MBDLP]\.?[ABDEHLMOPS]\.?[ADEO]?|R\.?D\.?N?|R\.?N|Ph\.?\s?D|J\.?D|M\.?B\.?A|[JS]r|OBE|MBE|II|III|Esq)\.?$"
)
_INITIALS = re.compile(r"(?:[A-Z]{2,5}|[a-z]{2,5})(?:[/-](?:[A-Z]{2,5}|[a-z]{2,5}))*$")
_JUNK = frozenset({
    "admin", "administrator", "advertisement", "all", "anonymous", "anzeige", "article", "audio", "author", "autor",
    "by", "comment", "comments", "continue", "copy", "editor", "email", "facebook", "follow", "guest", "here",
    "instagram", "link", "linkedin", "listen", "mail", "more", "none", "now", "null", "open", "play", "print",
    "profile", "read", "reading", "root", "save", "share", "show", "sign", "staff", "story", "subscribe", "this",
    "to", "twitter", "undefined", "unknown", "up", "us", "view", "watch", "webmaster", "whatsapp",
})  # fmt: skip


def read_authors(values: Iterable[str], site_names: Iterable[str] = ()) -> tuple[Author, ...]:
    """The authors in declared values or bylines, in order, each once.

    Organisations, agencies, desks and the site itself have the role "agency"; beside a person the site itself is no
    author. ``site_names``: what the site is called.
    """
    sites = fold_sites(site_names)
    authors: dict[str, Author] = {}
    for value in values:
        for name in split_names(value):
            key = " ".join(sorted(fold(name).split()))
            if key and key not in authors:
                authors[key] = Author(name, "agency" if is_organisation(name, sites) else "author")
        if len(authors) >= _MOST_AUTHORS:
            break
    named = list(authors.values())[:_MOST_AUTHORS]
    people = any(author.role == "author" for author in named)
    return tuple(author for author in named if not (people and is_site(fold(author.name), sites)))


def fold_sites(site_names: Iterable[str]) -> frozenset[str]:
    """What a site is called, folded for comparison with folded names; additions in brackets left out."""
    return frozenset(fold(_TAIL.sub("", name)) for name in site_names)


def split_names(byline: str) -> list[str]:
    """The single names in a byline: introducing words, job titles, addresses and dates gone."""
    text = _without_prefix(collapse(_ADDRESS.sub(" ", byline[:LONGEST_BYLINE])))
    if turned := _turned(text):
        return [turned]
    pieces = [piece for part in _SPLIT.split(text) for comma in _comma_parts(part) for piece in _weak_parts(comma)]
    return [name for piece in pieces if (name := _clean(piece))]


def begins_as_byline(text: str) -> bool:
    """Whether a line opens with a word such as "By"."""
    return _PREFIX.match(text) is not None


def is_person(name: str) -> bool:
    """Whether a name found in the page's text has the shape of a person's: two to five words, all as names write them.

    In scripts without capitals the shape says little, and only the length counts.
    """
    parts = name.split()
    if is_organisation(name) or not all(map(_WORD_OF_A_PERSON.match, parts)):
        return False
    if len(parts) == 1:
        return _NO_CASE.match(name) is not None
    return len(parts) <= _MOST_WORDS_OF_A_PERSON and sum(not part.islower() for part in parts) > 1


def is_organisation(name: str, sites: frozenset[str] = frozenset()) -> bool:
    """Whether a name is no person's: the site's own, one with a word such as "agency", or initials such as "dpa"."""
    folded = fold(name)
    return is_site(folded, sites) or _ORGANISATION.search(name) is not None or _INITIALS.match(name) is not None


def is_site(folded: str, sites: frozenset[str]) -> bool:
    """Whether a folded name is the site's, or one of them is the other with more words ("CNN", "CNN Business")."""
    return folded in sites or any(s and (f"{folded} ".startswith(f"{s} ") or s.startswith(f"{folded} ")) for s in sites)


def _without_prefix(text: str) -> str:
    for _ in range(2):
        text = _PREFIX.sub("", text, count=1)
    return text


def _turned(text: str) -> str | None:
    """The name turned round when "Smith, John" or "Smith; John" is all there is, else None."""
    parts = re.split(r"\s*[,;]\s*", text)
    if len(parts) != 2 or not all(_WORD_OF_A_NAME.match(part) and not _INITIALS.match(part) for part in parts):
        return None
    return f"{parts[1]} {parts[0]}"


def _comma_parts(text: str) -> Iterator[str]:
    """The parts between commas, less what tells of the name before: its place, job title or degree."""
    parts = [part.strip() for part in text.split(",")]
    full = len(parts[0].split()) > 1 or _INITIALS.match(parts[0])
    for position, part in enumerate(parts):
        alone = len(part.split()) == 1 and not _INITIALS.match(part)
        if position and (_DEGREE.match(part) or _JOB.search(part) or (full and alone)):
            continue
        yield part


def _weak_parts(text: str) -> list[str]:
    """The parts around what may also be inside one name ("Ortega y Gasset", "srf/kesm"), where each is a full name."""
    parts = _WEAK_SPLIT.split(text)
    return parts if all(len(part.split()) > 1 or part.isupper() for part in parts) else [text]


def _clean(piece: str) -> str:
    """One name, or "" when nothing in the piece is one."""
    name = _TAIL.sub("", _without_prefix(piece)).strip(" \t.,:;-–—|/*'\"“”„»«")
    name = _without_job(name)
    if not name or len(name) > _LONGEST_NAME or len(name.split()) > _MOST_WORDS:
        return ""
    if not has_letters(name) or _NOT_A_NAME.search(name) or _JUNK.issuperset(words(name)):
        return ""
    return name if len(name) > 1 else ""


def _without_job(name: str) -> str:
    """The name less a job title behind or before it; "" for a piece that is only a title."""
    found = _JOB.search(name)
    if not found:
        return name
    before = name[: found.start()].split()
    while before and _LEADING_ROLES.match(before[-1]):
        before.pop()
    return " ".join(before) if len(before) > 1 else ""
