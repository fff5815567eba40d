"""A page as the quality gate sees it: its names, its running text, and the headlines of other stories between."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from urllib.parse import SplitResult, urlsplit

from lxml.html import HtmlElement

from pipeline.extraction import phrases
from pipeline.extraction.evidence import Block, PageEvidence
from pipeline.extraction.jsonld import ARTICLE_TYPES
from pipeline.extraction.metadata import Metadata
from pipeline.extraction.quality import AMPLE, MIN_WORDS
from pipeline.text import collapse, ends_sentence, fold, word_count

PRODUCT_TYPES = frozenset({"product", "product.item", "productgroup", "og:product"})
"""Types of what is for sale, schema.org's and those of og:type."""
THIN = 120
"""Words under which a page's title may outweigh its text."""
LABEL = 8
"""Words of the longest button or heading."""
_TITLE = 4  # words of the shortest headline that leads to another story
_LONGER = 1.6  # times the usual summary
_HEADLINE = 3  # words of the shortest headline of a text
_BESIDE = 2  # words that a title may have beside the phrase that it consists of
_SPLIT = re.compile(r"\s+[-–—|·•»]\s+|\s*\|\s*")
_SENTENCE = re.compile(r"(?<=[.!?。！？؟।])\s*")


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
        if PRODUCT_TYPES & names:
            names -= {"review"}  # what buyers say
        by_data = self.metadata.signals.get("headline") == "json-ld"
        return any(name.endswith(ARTICLE_TYPES) for name in names) or ("article" in self.metadata.types and by_data)

    @property
    def is_ample(self) -> bool:
        """Whether it has so much text that nothing beside it tells against an article."""
        return self.words >= (THIN if self.is_typed else AMPLE)

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

    @property
    def is_between(self) -> bool:
        """Whether a long text stands between the page's blocks rather than in them, where no shape can be seen."""
        return self.words >= AMPLE and self.words > sum(word_count(block.text) for block in self.evidence.blocks)

    @cached_property
    def longest(self) -> int:
        """Words of the longest stretch of text between the headlines of other stories."""
        return max((words for words, _ in self.cards[1]), default=0)

    def beside(self, *tables: str) -> int:
        """Words of the page's sentences that hold no phrase of the tables."""
        texts = [spoken(block.text) for block in self.evidence.blocks if is_prose(block)]
        said = [sentence for text in texts for sentence in _SENTENCE.split(text)]
        return sum(word_count(text) for text in said if not any(phrases.find_all(table, text) for table in tables))

    def is_headed(self, *tables: str) -> bool:
        """Whether it has some text under a headline that its title repeats and that is no phrase of the tables."""
        heads = [head for head in self.headings if word_count(head) >= _HEADLINE and fold(head) in fold(self.title)]
        return self.words >= MIN_WORDS and any(not any(is_phrase(table, head) for table in tables) for head in heads)

    def named(self, table: str) -> str:
        """The part of its title, or the heading, that is a phrase of the table with hardly a word beside it."""
        return next((name for name in self.names if is_phrase(table, name)), "")


def spoken(text: str) -> str:
    """The text as phrase tables spell it: on one line, case folded, apostrophes straight."""
    return collapse(text).replace("’", "'").replace("İ", "i").casefold()


def parts_of(address: str) -> SplitResult:
    """The parts of an address; none of them of what is no address."""
    try:
        return urlsplit(address)
    except ValueError:  # "http://["
        return urlsplit("")


def is_phrase(table: str, name: str) -> bool:
    """Whether a name is a phrase of the table with hardly a word beside it."""
    found = phrases.find_all(table, spoken(name))
    return bool(found) and word_count(name) - sum(map(word_count, found)) <= _BESIDE


def is_prose(block: Block) -> bool:
    """Whether a block reads as running text that is mostly no link."""
    return is_said(block) and block.link < 0.5


def is_said(block: Block) -> bool:
    """Whether a block has several words that are a sentence, or as many as in one."""
    if len(block.key) <= LABEL:
        return False
    count = word_count(block.text)
    return count > LABEL and (count >= MIN_WORDS or ends_sentence(collapse(block.text)))
