"""The quality gate of web pages: what stands in an article's place, told by words, mark-up and shape together.

A false refusal is worse than a miss: words alone never refuse a page that has running text of its own beside them, and
a page that its own JSON-LD calls an article is refused for hardly anything.
"""

import re
from collections.abc import Callable
from urllib.parse import parse_qs

from lxml import etree

from pipeline.extraction import phrases
from pipeline.extraction.evidence import line_key, visible_text
from pipeline.extraction.markup import select
from pipeline.extraction.quality import AMPLE, CHALLENGE_MARKS, MIN_WORDS, Verdict
from pipeline.extraction.seen import LABEL, PRODUCT_TYPES, THIN, Seen, is_said, parts_of, spoken
from pipeline.items import Kind, Reason
from pipeline.text import collapse, word_count
from pipeline.urls import is_home

_TEASER = 60  # words of the longest summary of another story
_FEW_CARDS = 3
_MANY_LINKS = 15
_PRICE_TAG = 40  # characters of a line that states one
_PRICE = re.compile(r"[$€£¥₽₹₺₴]\s?\d|\d\s?(?:[$€£¥₽₹₺₴円元원]|zł|kr\b|Kč|Ft\b|lei\b|(?:EUR|USD|GBP|CHF|PLN)\b)")
_ITEM_TYPES = etree.XPath("//@itemtype")
_CELLS = frozenset({"td", "th"})
_ERROR_CLASSES = frozenset({"error404", "error-404", "page-404", "page-not-found", "not-found-page", "error-page"})
_LIST_CLASSES = frozenset({"home", "blog", "archive", "category", "tag", "author", "paged", "front-page"})
_LIST_TYPES = frozenset({"collectionpage", "profilepage", "searchresultspage", "profile"})
_LIST_PATHS = frozenset({
    "author", "authors", "autor", "autores", "auteur", "archive", "categoria", "category", "etiqueta", "page", "rubrik",
    "section", "sujet", "tag", "tags", "tema", "temas", "thema", "themen", "topic", "topics",
})  # fmt: skip
_SEARCH_PATHS = frozenset({
    "ara", "arama", "busca", "buscador", "buscar", "busqueda", "cerca", "find", "haku", "hledani", "pesquisa", "poisk",
    "recherche", "rechercher", "results", "ricerca", "search", "sok", "sog", "suche", "szukaj", "zoeken",
})  # fmt: skip
_SEARCH_KEYS = frozenset({"k", "keyword", "keywords", "q", "query", "s", "search", "term", "text"})
_MEDIA = frozenset({Kind.GALLERY, Kind.VIDEO, Kind.PODCAST})


def judge_page(seen: Seen) -> Verdict | None:
    """Refuse a web page that is something else than an article, by its own words and its shape."""
    if seen.is_typed and seen.is_ample:
        return None
    return next((verdict for judge in _JUDGES if (verdict := judge(seen))), None)


def _judge_redirect(seen: Seen) -> Verdict | None:
    """An address below the home page that led to it: what stood there is gone."""
    if seen.is_typed or not is_home(seen.address) or is_home(seen.asked):
        return None
    return Verdict(Reason.INDEX_PAGE, f"{parts_of(seen.asked).path} led to the home page")


def _judge_words(seen: Seen) -> Verdict | None:
    """What says in its title, or in hardly any other words, that there is nothing to read."""
    most = MIN_WORDS * 2 if seen.claims_article else THIN
    outweighed = seen.words >= most and (seen.is_declared or seen.longest >= MIN_WORDS)
    for table, reason in () if outweighed else _TELLING:
        if name := seen.named(table):
            return Verdict(reason, f"titled {name!r}, {seen.words} words")
    if seen.words >= _TEASER:
        return None
    texts = " ".join(spoken(block.text) for block in seen.evidence.blocks)
    notes = " ".join(map(spoken, seen.evidence.notes))
    for table, reason in _TELLING:
        found = phrases.find_all(table, texts) or (seen.words < MIN_WORDS and phrases.find_all(table, notes))
        if found and seen.beside(table) < MIN_WORDS and not seen.is_headed(table):
            return Verdict(reason, f"says {found[0]!r}, {seen.words} words beside")
    return None


def _judge_template(seen: Seen) -> Verdict | None:
    """A page whose body element is classed as that of an error."""
    marks = seen.classes & _ERROR_CLASSES
    if not marks or seen.words >= THIN or seen.is_typed:
        return None
    return Verdict(Reason.ERROR_PAGE, f"of class {min(marks)}, {seen.words} words")


def _judge_login(seen: Seen) -> Verdict | None:
    """A form to sign in or register, and no text beside it."""
    name = seen.named("login-page")
    alone = seen.words < _TEASER and seen.beside("login-page") < MIN_WORDS
    among_teasers = name and seen.longest < MIN_WORDS
    if not (name or seen.evidence.passwords) or not (alone or among_teasers):
        return None
    return Verdict(Reason.LOGIN_PAGE, f"{f'titled {name!r}' if name else 'asks for a password'}, {seen.words} words")


def _judge_challenge(seen: Seen) -> Verdict | None:
    """Hardly a word beside the scripts and forms of a browser check."""
    if seen.words >= MIN_WORDS or seen.beside() >= MIN_WORDS:
        return None
    mark = CHALLENGE_MARKS.search(seen.source)
    return Verdict(Reason.BOT_CHALLENGE, f"holds {mark[0]!r}, {seen.words} words") if mark else None


def _judge_consent(seen: Seen) -> Verdict | None:
    """A cookie or privacy prompt in the article's place: several of its phrases, one of them on a button or heading."""
    texts = [spoken(block.text) for block in seen.evidence.blocks]
    if seen.is_declared or seen.is_headed("consent-wall") or word_count(" ".join(texts)) >= THIN * 4:
        return None
    found = sorted({phrase for text in texts for phrase in phrases.find_all("consent-wall", text)})
    asked = any(word_count(text) <= LABEL and phrases.find_all("consent-wall", text) for text in texts)
    beside = seen.beside("consent-wall", "consent-words")
    if len(found) < 2 or not asked or beside >= max(MIN_WORDS, seen.words / 3):
        return None  # one phrase is in many footers
    return Verdict(Reason.CONSENT_WALL, f"says {', '.join(found[:3])!r}, {beside} of {seen.words} words beside")


def _judge_search(seen: Seen) -> Verdict | None:
    """What a search found: named so, of such a type or at such an address, two of these; or named and a list."""
    if seen.is_typed:
        return None
    parts = parts_of(seen.address)
    placed = bool(_SEARCH_PATHS.intersection(parts.path.lower().split("/"))) or "search-results" in seen.classes
    asked = any(value and key in _SEARCH_KEYS for key, (value, *_) in parse_qs(parts.query).items())
    named = any(phrases.find_all("search-page", spoken(name)) for name in seen.names)
    signs = named + placed + asked + ("searchresultspage" in seen.metadata.types)
    listed = bool(seen.named("search-page")) and seen.cards[0] >= _FEW_CARDS and seen.longest < MIN_WORDS
    if not listed and (signs < 2 or seen.is_declared):
        return None
    return Verdict(Reason.SEARCH_PAGE, f"titled {seen.title!r}, {seen.cards[0]} headlines of others")


def _judge_product(seen: Seen) -> Verdict | None:
    """Something for sale: two of its type, a price and a shop's button; without the type and without text too."""
    if seen.is_typed:
        return None
    typed = bool(PRODUCT_TYPES & seen.metadata.types) or any(
        str(kind).lower().endswith("/product") for kind in select(_ITEM_TYPES, seen.tree)
    )
    alone = seen.words < AMPLE and not seen.is_declared and seen.longest < _TEASER
    if not typed and not alone:
        return None
    labels = [block.text for block in seen.evidence.blocks if len(block.key) < _PRICE_TAG]
    price = next((text for text in labels if _PRICE.search(text)), "")
    cart = any(phrases.find_all("cart", spoken(text)) for text in labels)
    if not (cart and (typed or price)) and not (typed and price and alone):
        return None
    return Verdict(Reason.PRODUCT_PAGE, f"costs {collapse(price)!r}" if price else "is for sale")


def _judge_cards(seen: Seen) -> Verdict | None:
    """Headlines of other stories, each with at most a summary, none of them longer than its like."""
    parts = [part for part in parts_of(seen.address).path.lower().split("/") if part]
    typed = bool(_LIST_TYPES & seen.metadata.types) or bool(_LIST_CLASSES & seen.classes)
    placed = not parts or bool(_LIST_PATHS.intersection(parts[-2:-1])) or all(part.isdigit() for part in parts)
    if seen.is_typed or (seen.is_declared and parts and not typed):
        return None
    count, runs = seen.cards
    if count < (6 if typed or placed else 8) or seen.is_between:
        return None
    if seen.longest >= _TEASER or (not (typed or placed) and seen.leads and seen.longest >= MIN_WORDS):
        return None
    if sum(paragraphs > 1 for _, paragraphs in runs) > len(runs) / 4:
        return None
    return Verdict(Reason.INDEX_PAGE, f"{count} headlines of others, {seen.longest} words in the longest text")


def _judge_links(seen: Seen) -> Verdict | None:
    """A page of links: hardly a sentence of its own beside them."""
    own = sum(word_count(block.text) * (1 - block.link) for block in seen.evidence.blocks if is_said(block))
    least = MIN_WORDS / 2 if seen.is_headed() else MIN_WORDS
    if seen.is_declared or seen.evidence.links < _MANY_LINKS or max(own, seen.longest) >= least:
        return None
    linked = sum(len(line_key(visible_text(link))) for link in seen.tree.iter("a"))
    share = linked / max(1, len(line_key(visible_text(seen.tree))))
    if share <= 0.5:
        return None
    return Verdict(Reason.INDEX_PAGE, f"{share:.0%} of the text is links, {own:.0f} words beside")


def _judge_media(seen: Seen) -> Verdict | None:
    """Pictures, a video or a recording, and hardly a word about them."""
    is_media = seen.metadata.kind in _MEDIA or seen.evidence.media >= max(5, seen.cards[0])
    in_text = seen.is_typed or max(seen.longest, seen.told / 2) >= MIN_WORDS
    if not is_media or (in_text and seen.words + seen.told >= MIN_WORDS):
        return None
    return Verdict(
        Reason.MEDIA_PAGE, f"{seen.metadata.kind}, {seen.evidence.media} pictures and players, {seen.words} words"
    )


def _judge_figures(seen: Seen) -> Verdict | None:
    """A table of scores, prices or the weather, and no sentence beside it."""
    cells = sum(word_count(block.text) for block in seen.evidence.blocks if block.element.tag in _CELLS)
    if seen.is_typed or seen.longest or cells < seen.words / 2 or seen.words < MIN_WORDS:
        return None
    return Verdict(Reason.NOT_TEXT, f"{cells} words in tables, no sentence")


def _judge_shell(seen: Seen) -> Verdict | None:
    """Hardly a word beside the scripts that would fetch the text."""
    total = sum(word_count(block.text) for block in seen.evidence.blocks) if seen.words < MIN_WORDS else MIN_WORDS
    if total >= MIN_WORDS or not seen.evidence.scripts:
        return None
    return Verdict(Reason.SCRIPT_SHELL, f"{total} words beside {seen.evidence.scripts} scripts")


_TELLING = (
    ("region-block", Reason.REGION_BLOCK),
    ("bot-challenge", Reason.BOT_CHALLENGE),
    ("script-shell", Reason.SCRIPT_SHELL),
    ("error-page", Reason.ERROR_PAGE),
)
"""Phrase tables that tell what a page with hardly any text is."""
_JUDGES: tuple[Callable[[Seen], Verdict | None], ...] = (
    _judge_redirect,
    _judge_words,
    _judge_template,
    _judge_login,
    _judge_challenge,
    _judge_consent,
    _judge_search,
    _judge_product,
    _judge_cards,
    _judge_media,
    _judge_links,
    _judge_figures,
    _judge_shell,
)
"""In this order; the first that refuses gives the reason."""
