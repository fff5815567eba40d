"""What a person asks the library, and where in a text the answer stands. The same words on every database.

Text is folded before it is indexed and before it is asked for: case, accents and width make no difference. Scripts
that write without spaces are cut into pairs, each character with the next; a run of them is looked for as a phrase.
A change to folding or cutting needs a migration that has every article indexed anew.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import islice, pairwise

from pipeline.errors import QueryError

MOST_TERMS = 8
"""Terms of one query; each costs a walk through the index."""

MOST_PHRASE = 32
"""Words of one phrase."""

LEAST_PREFIX = 3
"""Letters that a prefix must have; shorter ones stand for half of all words."""

LONGEST_WORD = 64
"""Characters of a word that are indexed and compared."""

FADING = timedelta(days=7)
"""Age at which an article is half as fresh as a new one."""

SHORT = 3
"""Letters up to which a word is likely a common one."""

MOST_WORDS = 16_000
"""Words of a text that are indexed; PostgreSQL counts positions up to 16,383."""

MOST_HITS = 100
"""Hits of a text among which its snippet is chosen."""

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3100-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_JOINED = "\u0300-\u036f\u0900-\u0963\u0966-\u0dff"  # marks that are no \w, less the full stops among them
_TOKEN = re.compile(rf"([{_UNSPACED}])(?=([{_UNSPACED}]?))|([^\W_{_UNSPACED}]+(?:[{_JOINED}]+[^\W_{_UNSPACED}]*)*)")
"""A character and the next, or a word."""

_START = rf"(?<![^\W_{_UNSPACED}])(?<![{_JOINED}])"  # where a word may begin
_SINGLE = re.compile(f"[{_UNSPACED}]")
_ASCII_TOKEN = re.compile("[0-9a-z]+")
_MARKS = re.compile("[\u00ad\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670]")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_PART = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')


@dataclass(frozen=True, slots=True)
class Term:
    """``words``: folded, more than one for a phrase. ``prefix``: the last word is the beginning of one."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is to be found: every term of ``wanted``, and none of ``unwanted``."""

    wanted: tuple[Term, ...]
    unwanted: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text. ``hits``: (start, end) of what was asked for, in ``text``."""

    text: str
    hits: tuple[tuple[int, int], ...] = ()


def tokens(text: str) -> list[str]:
    """The folded words of a text in order."""
    if text.isascii():
        return [word[:LONGEST_WORD] for word in _ASCII_TOKEN.findall(text.lower())]
    return ["".join(parts)[:LONGEST_WORD] for parts in _TOKEN.findall(_fold(text))]


def short_pairs(words: Iterable[str]) -> Iterator[str]:
    """Short words with the one after them, which is short too, as one word that no text holds.

    Few texts hold a phrase of common words, and nearly all hold its words: by these it is found as a rare word is.
    """
    for first, second in pairwise(words):
        if _is_short(first) and _is_short(second):
            yield f"{first}·{second}"


def _is_short(word: str) -> bool:
    return len(word) <= SHORT and word.isalnum() and not _SINGLE.match(word)


def parse_query(text: str) -> Query:
    """A query as typed: words, "phrases", -not, prefix*; all must be there.

    ``QueryError``: there is nothing to look for, or too much.
    """
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for minus, phrase, word in _PART.findall(text):
        term = _term(phrase or word, is_prefix=not phrase and word.endswith("*"))
        if term and term not in (found := unwanted if minus else wanted):
            found.append(term)
        if len(wanted) + len(unwanted) > MOST_TERMS:
            raise QueryError(f"too many words: at most {MOST_TERMS}")
    if not wanted:
        raise QueryError("nothing to look for: name at least one word that is to be found")
    return Query(tuple(wanted), tuple(unwanted))


def _term(text: str, *, is_prefix: bool) -> Term | None:
    words = tuple(tokens(text))
    if not words:
        return None
    if _SINGLE.fullmatch(words[-1]):
        if len(words) > 1 and len(words[-2]) > 1 and words[-2].endswith(words[-1]):
            words = words[:-1]  # the pair before holds it
        else:
            is_prefix = True  # it may be followed by anything
    if len(words) > MOST_PHRASE:
        raise QueryError(f"a phrase of {len(words)} words is too long: at most {MOST_PHRASE}")
    if is_prefix and len(words[-1]) < LEAST_PREFIX and not _SINGLE.match(words[-1]):
        raise QueryError(f"{text!r} is too short for a prefix: at least {LEAST_PREFIX} letters before the *")
    return Term(words, is_prefix)


def relevance(headline: str, wanted: Sequence[Term]) -> float:
    """How much of what is asked for stands in a folded headline, from 0 to 1; half more where it does so in a row."""
    padded = f" {headline} "
    asked = [" ".join(term.words) + ("" if term.prefix else " ") for term in wanted]
    share = sum(f" {words}" in padded for words in asked) / len(asked)
    in_a_row = len(asked) > 1 and f" {''.join(asked)}" in padded
    return share + in_a_row / 2


def freshness(age: timedelta) -> float:
    """From 1 for the newest article found down to 0: a half after a week, a quarter after three."""
    return 1 / (1 + max(age, timedelta()) / FADING)


def snippet(text: str, query: Query, length: int = 200) -> Snippet:
    """The piece of a text that holds most of what was asked for; its beginning where nothing of it is there."""
    hits = list(islice(_hits(text, query.wanted), MOST_HITS))
    start = _best(hits, length)
    early = min(start - length // 4, len(text) - length)  # some words before it, and none where all can be shown
    begin = _word_start(text, early) if early > 0 else 0
    end = _word_end(text, begin + length)
    lead, tail = "…" if begin else "", "…" if end < len(text) else ""
    inside = tuple((a - begin + len(lead), b - begin + len(lead)) for a, b in hits if begin <= a and b <= end)
    return Snippet(f"{lead}{text[begin:end].rstrip()}{tail}", inside)


def _hits(text: str, terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    """Where the terms stand in a text, in order, none within another."""
    folded, places = _placed(text)
    firsts = "|".join(re.escape(term.words[0]) for term in terms)
    last = 0
    for found in re.finditer(f"{_START}(?={firsts})", folded):
        start = found.start()
        if start >= last and (end := max(_end(folded, start, term) for term in terms)):
            last = end
            yield places[start], places[end - 1] + 1


def _end(folded: str, start: int, term: Term) -> int:
    """Where a term ends that begins here; 0 where it does not."""
    found = list(islice(_TOKEN.finditer(folded, start), len(term.words)))
    if len(found) < len(term.words) or found[0].start() != start:
        return 0
    *said, end = ["".join(match.groups(""))[:LONGEST_WORD] for match in found]
    *whole, last = term.words
    if said != whole or not (end.startswith(last) if term.prefix else end == last):
        return 0
    is_half = term.prefix and _SINGLE.fullmatch(last)  # of a pair
    return found[-1].end() if is_half else found[-1].start() + len(end)


def _placed(text: str) -> tuple[str, Sequence[int]]:
    """The text folded, and where each of its letters stood."""
    if text.isascii():
        return text.lower(), range(len(text))
    letters = {letter: _fold_letter(letter) for letter in set(text)}
    folded = text.translate({ord(letter): folding for letter, folding in letters.items()})
    if all(len(letter) == 1 for letter in letters.values()):
        return folded, range(len(text))
    return folded, [place for place, letter in enumerate(text) for _ in letters[letter]]


def _best(hits: Sequence[tuple[int, int]], length: int) -> int:
    """Where the piece of ``length`` characters begins that holds the most hits; the first of equals."""
    best, most = 0, 0
    for index, (start, _) in enumerate(hits):
        held = sum(end <= start + length for _, end in hits[index : index + 20])
        if held > most:
            best, most = start, held
    return best


def _word_start(text: str, place: int) -> int:
    space = text.rfind(" ", max(0, place - 30), place)
    return place if space < 0 else space + 1


def _word_end(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    space = text.rfind(" ", place - 30, place + 1)
    return place if space < 0 else space


@lru_cache(maxsize=10_000)
def _fold_letter(letter: str) -> str:
    return _fold(letter)


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", decomposed)).translate(_LETTERS)
