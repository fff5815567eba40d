"""What an extraction is worth against what a person wrote down. Pure functions.

body: 4-word shingles as multisets. Each page's shared, extra and missing shingles are divided by their sum, so that
every page weighs the same; precision and recall are averaged over pages, F1 is that of the two averages (the metric of
the public article-extraction-benchmark). exact: the same words in the same order.
headline: the same words, case folded. authors: F1 over names, a name being its set of words.
date: within 60 s of the reference. day: the reference's day, in its offset or the answer's own.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import product

_WORD = re.compile(r"\w+")
_OPTIONAL = re.compile(r"\[(.*\w.*)\]")
_SHINGLE = 4
_FREE = 5
"""Optional lines that come and go one by one; the others do so together, which makes at most 64 bodies of one."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a person read on a page: any of ``bodies`` is right. A field left empty is not scored."""

    bodies: tuple[str, ...]
    headline: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool read on it. ``rejected``: why it calls the page no article, or empty."""

    body: str = ""
    headline: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    rejected: str = ""


@dataclass(frozen=True, slots=True)
class Overlap:
    """``precision``: None where nothing was extracted, for then there is nothing to be right or wrong."""

    precision: float | None
    recall: float

    @property
    def f1(self) -> float:
        return _harmonic(self.precision or 0.0, self.recall)


@dataclass(frozen=True, slots=True)
class PageScore:
    """One page's marks; None: nothing to score there."""

    body: Overlap
    exact: bool
    headline: bool | None = None
    authors: float | None = None
    date: bool | None = None
    day: bool | None = None
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """The marks of many pages, 0–1; None: no page has a reference for it. ``rejected``: a number of pages."""

    f1: float | None
    precision: float | None
    recall: float | None
    exact: float | None
    headline: float | None
    authors: float | None
    date: float | None
    day: float | None
    rejected: int


MEASURES = tuple(field.name for field in fields(Summary) if field.name != "rejected")


def words(text: str) -> list[str]:
    return _WORD.findall(text)


@lru_cache(maxsize=4096)
def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Every run of four words with its number; a shorter text is one shingle, an empty one none."""
    found = words(text)
    if not found:
        return Counter()
    return Counter(tuple(found[start : start + _SHINGLE]) for start in range(max(1, len(found) - _SHINGLE + 1)))


def overlap(reference: str, answer: str) -> Overlap:
    """How much of an answer is in the reference, and of the reference in the answer."""
    wanted, given = shingles(reference), shingles(answer)
    shared = (wanted & given).total()
    if not given:
        return Overlap(None, 0.0) if wanted else Overlap(1.0, 1.0)
    return Overlap(shared / given.total(), shared / wanted.total() if wanted else 0.0)


def alternatives(body: str) -> tuple[str, ...]:
    """A body whose lines in square brackets may be there or not → every body that is right."""
    lines = body.splitlines()
    optional = [place for place, line in enumerate(lines) if _OPTIONAL.fullmatch(line.strip())]
    groups = [[place] for place in optional[:_FREE]] + [optional[_FREE:]] * (len(optional) > _FREE)
    bodies = []
    for choice in product((True, False), repeat=len(groups)):
        out = {place for group, kept in zip(groups, choice, strict=True) if not kept for place in group}
        bodies.append("\n".join(line for place, line in enumerate(lines) if place not in out))
    return tuple(bodies)


def score_body(bodies: Sequence[str], answer: str) -> tuple[Overlap, bool]:
    """(overlap with the body that fits best, whether it is any of them word for word)."""
    best = max((overlap(body, answer) for body in bodies), key=lambda found: found.f1)
    given = words(answer)
    return best, any(words(body) == given for body in bodies)


def score_page(reference: Reference, answer: Answer) -> PageScore:
    body, exact = score_body(reference.bodies, answer.body)
    published = reference.published
    return PageScore(
        body,
        exact,
        headline=folded(reference.headline) == folded(answer.headline) if reference.headline else None,
        authors=authors_f1(reference.authors, answer.authors) if reference.authors else None,
        date=is_same_time(published, answer.published) if published else None,
        day=is_same_day(published, answer.published) if published else None,
        rejected=bool(answer.rejected),
    )


def folded(text: str) -> list[str]:
    return [word.casefold() for word in words(text)]


def authors_f1(reference: Iterable[str], answer: Iterable[str]) -> float:
    wanted, given = _names(reference), _names(answer)
    return 2 * len(wanted & given) / (len(wanted) + len(given)) if wanted or given else 1.0


def _names(authors: Iterable[str]) -> set[frozenset[str]]:
    return {name for author in authors if (name := frozenset(folded(author)))}


def is_same_time(reference: datetime, answer: datetime | None) -> bool:
    return answer is not None and abs(aware(reference) - aware(answer)) <= timedelta(seconds=60)


def is_same_day(reference: datetime, answer: datetime | None) -> bool:
    if answer is None:
        return False
    reference, answer = aware(reference), aware(answer)
    return reference.date() in {answer.date(), answer.astimezone(reference.tzinfo).date()}


def aware(moment: datetime) -> datetime:
    """A time without offset is taken as UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def summarise(scores: Sequence[PageScore]) -> Summary:
    precision, recall = _mean(score.body.precision for score in scores), _mean(score.body.recall for score in scores)
    return Summary(
        f1=None if recall is None else _harmonic(precision or 0.0, recall),
        precision=precision,
        recall=recall,
        exact=_mean(score.exact for score in scores),
        headline=_mean(score.headline for score in scores),
        authors=_mean(score.authors for score in scores),
        date=_mean(score.date for score in scores),
        day=_mean(score.day for score in scores),
        rejected=sum(score.rejected for score in scores),
    )


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def is_taken_wrongly(line: str, bodies: Sequence[str], kept: str) -> bool:
    """Whether a removed line belongs to the body: each reference holds it oftener than the kept text does.

    A line of less than four words counts only where it is a whole line of the reference, for it is soon in a sentence.
    """
    wanted = folded(line)
    if not wanted:
        return False
    if len(wanted) < _SHINGLE:
        return all(_whole_lines(body, wanted) > _whole_lines(kept, wanted) for body in bodies)
    return all(_places(body, wanted) > _places(kept, wanted) for body in bodies)


def _whole_lines(text: str, wanted: list[str]) -> int:
    return sum(folded(line) == wanted for line in text.splitlines())


def _places(text: str, wanted: list[str]) -> int:
    return f" {' '.join(_folded(text))} ".count(f" {' '.join(wanted)} ")


@lru_cache(maxsize=4096)
def _folded(text: str) -> tuple[str, ...]:
    return tuple(folded(text))
