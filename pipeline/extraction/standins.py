"""The quality gate of web pages: what stands in an article's place, told by words, mark-up and shape together.

A false refusal is worse than a miss: words alone never refuse a page that has running text of its own beside them, and
a page that its own JSON-LD calls an article is refused for hardly anything.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from urllib.parse import SplitResult, parse_qs, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from pipeline.extraction import phrases
from pipeline.extraction.evidence import Block, PageEvidence
from pipeline.extraction.jsonld import ARTICLE_TYPES
from pipeline.extraction.markup import select
from pipeline.extraction.metadata import Metadata
from pipeline.extraction.quality import AMPLE, CHALLENGE_MARKS, MIN_WORDS, Verdict
from pipeline.items import Kind, Reason
from pipeline.text import collapse, ends_sentence, word_count
from pipeline.urls import is_home

_THIN = 120  # words under which a page's title may outweigh its text
_TEASER = 60  # words of the longest summary of another story
_PRICE_TAG = 40  # characters of a line that states one
_LABEL = 8  # words of the longest button or heading
_TITLE = 4  # words of the shortest headline that leads to another story
_BESIDE = 2  # words that a title may have beside the phrase that it consists of
_SPLIT = re.compile(r"\s+[-–—|·•»]\s+|\s*\|\s*")
_SENTENCE = re.compile(r"(?<=[.!?。！？؟।])\s*")
_LONGER = 1.6  # times the usual summary
_PRICE = re.compile(r"[$€£¥₽₹₺₴]\s?\d|\d\s?(?:[$€£¥₽₹₺₴円元원]|zł|kr\b|Kč|Ft\b|lei\b|(?:EUR|USD|GBP|CHF|PLN)\b)")
_ITEM_TYPES = etree.XPath("//@itemtype")
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
_PRODUCTS = frozenset({"product", "product.item", "productgroup", "og:product"})
_MEDIA = frozenset({Kind.GALLERY, Kind.VIDEO, Kind.PODCAST})


@dataclass(frozen=True)
class Seen:
    """A page as the gate sees it.

    ``asked``, ``address``: before and after redirects. ``source``: the page as text. ``headings``: its h1 elements.
    ``words``: of the cleaned body and a live blog's posts; ``told``: of the captions taken out of it.
    ``claims_article``: whether its metadata call it an article, however weakly.
    """

    evidence: PageEvidence
    tree: HtmlElement
    metadata: Metadata
    source: str
    title: str
    headings: Sequence[str]
    asked: str
    address: str
    words: int
    told: int
    claims_article: bool

    @cached_property
    def is_typed(self) -> bool:
        """Whether its own JSON-LD says that it is an article; og:type says so of all pages of many a site."""
        names = self.metadata.types - {"article"}
        if _PRODUCTS & names:
            names -= {"review"}  # what buyers say
        by_data = self.metadata.signals.get("headline") == "json-ld"
        return any(name.endswith(ARTICLE_TYPES) for name in names) or ("article" in self.metadata.types and by_data)

    @cached_property
    def is_declared(self) -> bool:
        """Whether a declaration calls it an article; a date that is only shown may be that of a list's first entry."""
        dated = self.metadata.signals.get("published", "")
        stated = dated == "json-ld" or ":" in dated or dated.startswith("meta")
        return stated or self.is_typed or "article" in self.metadata.types

    @cached_property
    def names(self) -> list[str]:
        """What the page calls itself: the parts of its title, and its headings."""
        parts = [*_SPLIT.split(self.title), self.title, *self.headings]
        return list(dict.fromkeys(filter(None, map(collapse, parts))))

    @cached_property
    def classes(self) -> frozenset[str]:
        """Classes of the body element, which say what template made the page."""
        body = self.tree.find("body")
        return frozenset(body.get("class", "").lower().split()) if body is not None else frozenset()

    @cached_property
    def cards(self) -> tuple[int, list[tuple[int, int]]]:
        """How many headlines lead to other stories; and (words, paragraphs) of each stretch of text between them."""
        runs: list[tuple[int, int]] = []
        count, words, paragraphs = 0, 0, 0
        for block in self.evidence.blocks:
            if is_prose(block):
                words, paragraphs = words + word_count(block.text), paragraphs + 1
            elif word_count(block.text) >= _TITLE and block.link > 0.9:
                runs.append((words, paragraphs))
                count, words, paragraphs = count + 1, 0, 0
        return count, [run for run in (*runs, (words, paragraphs)) if run[0]]

    @cached_property
    def leads(self) -> bool:
        """Whether a text stands before the headlines of other stories that is longer than their summaries are."""
        runs = [words for words, _ in self.cards[1]]
        return bool(runs) and max(runs) > _LONGER * median(runs) and runs.index(max(runs)) < len(runs) / 2

    @cached_property
    def longest(self) -> int:
        """Words of the longest stretch of text between the headlines of other stories."""
        return max((words for words, _ in self.cards[1]), default=0)

    def beside(self, *tables: str) -> int:
        """Words of the page's sentences that hold no phrase of the tables."""
        texts = [_spoken(block.text) for block in self.evidence.blocks if is_prose(block)]
        said = [sentence for text in texts for sentence in _SENTENCE.split(text)]
        return sum(word_count(text) for text in said if not any(phrases.find_all(table, text) for table in tables))

    def named(self, table: str) -> str:
        """The part of its title, or the heading, that is a phrase of the table with hardly a word beside it."""
        return next((name for name in self.names if _is_phrase(table, name)), "")


def _spoken(text: str) -> str:
    return collapse(text).casefold().replace("’", "'")


def _parts(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # "http://["
        return urlsplit("")


def _is_phrase(table: str, name: str) -> bool:
    found = phrases.find_all(table, _spoken(name))
    return bool(found) and word_count(name) - sum(map(word_count, found)) <= _BESIDE


def is_prose(block: Block) -> bool:
    """Whether a block reads as running text: several words outside of links, as a sentence or as many as in one."""
    if len(block.key) <= _LABEL:
        return False
    count = word_count(block.text)
    return count > _LABEL and block.link < 0.5 and (count >= MIN_WORDS or ends_sentence(collapse(block.text)))


def judge_page(seen: Seen) -> Verdict | None:
    """Refuse a web page that is something else than an article, by its own words and its shape."""
    if seen.words >= AMPLE and seen.is_typed:
        return None
    return next((verdict for judge in _JUDGES if (verdict := judge(seen))), None)


def _judge_redirect(seen: Seen) -> Verdict | None:
    """An address below the home page that led to it: what stood there is gone."""
    if seen.is_typed or not is_home(seen.address) or is_home(seen.asked):
        return None
    return Verdict(Reason.INDEX_PAGE, f"{_parts(seen.asked).path} led to the home page")


def _judge_words(seen: Seen) -> Verdict | None:
    """What says in its title, or in hardly any other words, that there is nothing to read."""
    most = MIN_WORDS * 2 if seen.claims_article else _THIN
    for table, reason in _TELLING:
        if (name := seen.named(table)) and (seen.words < most or seen.longest < MIN_WORDS):
            return Verdict(reason, f"titled {name!r}, {seen.words} words")
    if seen.words >= _TEASER:
        return None
    texts = " ".join(_spoken(block.text) for block in seen.evidence.blocks)
    notes = " ".join(map(_spoken, seen.evidence.notes))
    for table, reason in _TELLING:
        found = phrases.find_all(table, texts) or (seen.words < MIN_WORDS and phrases.find_all(table, notes))
        if found and seen.beside(table) < MIN_WORDS:
            return Verdict(reason, f"says {found[0]!r}, {seen.words} words beside")
    return None


def _judge_template(seen: Seen) -> Verdict | None:
    """A page whose body element is classed as that of an error."""
    marks = seen.classes & _ERROR_CLASSES
    if not marks or seen.words >= _THIN or seen.is_typed:
        return None
    return Verdict(Reason.ERROR_PAGE, f"of class {min(marks)}, {seen.words} words")


def _judge_login(seen: Seen) -> Verdict | None:
    """A form to sign in or register, and no text beside it."""
    name = seen.named("login-page")
    alone = seen.words < _TEASER and seen.beside("login-page") < MIN_WORDS
    among_teasers = name and seen.evidence.passwords and seen.longest < MIN_WORDS
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
    texts = [_spoken(block.text) for block in seen.evidence.blocks]
    if seen.words >= _THIN or word_count(" ".join(texts)) >= _THIN * 4:
        return None
    found = sorted({phrase for text in texts for phrase in phrases.find_all("consent-wall", text)})
    asked = any(word_count(text) <= _LABEL and phrases.find_all("consent-wall", text) for text in texts)
    if len(found) < 2 or not asked or seen.beside("consent-wall", "consent-words") >= MIN_WORDS:
        return None  # one phrase is in many footers
    return Verdict(Reason.CONSENT_WALL, f"says {', '.join(found[:3])!r}, {seen.words} words beside")


def _judge_search(seen: Seen) -> Verdict | None:
    """What a search found: named so, and at such an address, of such a type or followed by a list."""
    named = next((name for name in seen.names if phrases.find_all("search-page", _spoken(name))), "")
    parts = _parts(seen.address)
    told = (
        "searchresultspage" in seen.metadata.types
        or "search-results" in seen.classes
        or bool(_SEARCH_PATHS.intersection(parts.path.lower().split("/")))
        or bool(_SEARCH_KEYS.intersection(parse_qs(parts.query)))
    )
    listed = seen.cards[0] >= 3 and seen.longest < MIN_WORDS * 2
    if seen.is_typed or bool(named) + told + listed < 2 or not (named or "searchresultspage" in seen.metadata.types):
        return None
    return Verdict(Reason.SEARCH_PAGE, f"titled {named or seen.title!r}, {seen.cards[0]} headlines of others")


def _judge_product(seen: Seen) -> Verdict | None:
    """Something for sale: two of its type, a price and a shop's button; without the type and without text too."""
    if seen.is_typed:
        return None
    typed = bool(_PRODUCTS & seen.metadata.types) or any(
        str(kind).lower().endswith("/product") for kind in select(_ITEM_TYPES, seen.tree)
    )
    alone = seen.longest < _TEASER and not seen.is_declared
    if not typed and not alone:
        return None
    labels = [block.text for block in seen.evidence.blocks if len(block.key) < _PRICE_TAG]
    price = next((text for text in labels if _PRICE.search(text)), "")
    cart = any(phrases.find_all("cart", _spoken(text)) for text in labels)
    if not (cart and (typed or price)) and not (typed and price and alone):
        return None
    return Verdict(Reason.PRODUCT_PAGE, f"costs {collapse(price)!r}" if price else "is for sale")


def _judge_cards(seen: Seen) -> Verdict | None:
    """Headlines of other stories, each with at most a summary, none of them longer than its like."""
    count, runs = seen.cards
    parts = [part for part in _parts(seen.address).path.lower().split("/") if part]
    typed = bool(_LIST_TYPES & seen.metadata.types) or bool(_LIST_CLASSES & seen.classes)
    placed = not parts or bool(_LIST_PATHS.intersection(parts[-2:-1])) or all(part.isdigit() for part in parts)
    if seen.is_typed or (seen.is_declared and not typed) or count < (6 if typed or placed else 8):
        return None
    if seen.longest >= _TEASER or (not (typed or placed) and seen.leads and seen.longest >= MIN_WORDS):
        return None
    if sum(paragraphs > 1 for _, paragraphs in runs) > len(runs) / 4:
        return None
    return Verdict(Reason.INDEX_PAGE, f"{count} headlines of others, {seen.longest} words in the longest text")


def _judge_links(seen: Seen) -> Verdict | None:
    """A page of links: little text of its own beside them, or none but theirs in what was taken for the article."""
    blocks = seen.evidence.blocks
    if seen.claims_article or seen.words >= AMPLE or seen.evidence.links < 15 or seen.longest >= MIN_WORDS:
        return None
    linked = [block for block in blocks if block.link > 0]
    share = sum(len(block.key) for block in linked) / max(1, sum(len(block.key) for block in blocks))
    own = sum(word_count(block.text) * (1 - block.link) for block in blocks)
    if share <= 0.5 or (seen.words >= _THIN and own >= seen.words / 2):
        return None
    return Verdict(Reason.INDEX_PAGE, f"{share:.0%} of the text is links, {seen.words} words beside")


def _judge_media(seen: Seen) -> Verdict | None:
    """Pictures, a video or a recording, and hardly a word about them."""
    is_media = seen.metadata.kind in _MEDIA or seen.evidence.media >= 5
    if not is_media or (seen.words + seen.told >= MIN_WORDS and (seen.is_typed or seen.longest >= MIN_WORDS)):
        return None
    return Verdict(
        Reason.MEDIA_PAGE, f"{seen.metadata.kind}, {seen.evidence.media} pictures and players, {seen.words} words"
    )


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
    _judge_links,
    _judge_media,
    _judge_shell,
)
"""In this order; the first that refuses gives the reason."""
