"""What each rule, phrase table and part of the extraction is worth: the marks with it less the marks without it.

``refine`` has no switches, so a part is switched off by patching its module's attribute within this process. Rules
and phrase tables only concern the cleaner: its input is recorded once a page, and only the cleaner runs again.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from typing import Any

from pipeline.extraction import content, phrases, residue
from pipeline.extraction.lines import Line
from pipeline.extraction.residue import Cleaned, clean
from pipeline.extraction.rules import Rule
from pipeline.items import RawPage
from tests.benchmarks.scoring import (
    MEASURES,
    Answer,
    PageScore,
    Summary,
    is_taken_wrongly,
    score_body,
    score_page,
    summarise,
)
from tests.benchmarks.sets import Page
from tests.benchmarks.tools import answer_of

Refine = Callable[[RawPage], object]


@dataclass(frozen=True, slots=True)
class Part:
    """A switch: ``off`` makes of the original what stands in its place while the part is off."""

    name: str
    module: str
    attribute: str
    off: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Row:
    """What one switch is worth. ``pages``: how many it changes. ``taken``: lines; None for a part, which takes none.

    ``wrong``: lines taken wrongly.
    """

    name: str
    gain: dict[str, float | None]
    pages: int
    taken: int | None = None
    wrong: tuple[str, ...] = ()

    @property
    def is_unmet(self) -> bool:
        """Whether the pages say nothing about it, for it never came to act."""
        return not self.pages and not self.taken

    @property
    def is_idle(self) -> bool:
        """Whether it acted and does not earn its place: nothing gained, or more lines taken wrongly than rightly."""
        gained = any((self.gain[measure] or 0.0) > 0 for measure in ("f1", "headline", "authors", "date"))
        return not self.is_unmet and (not gained or len(self.wrong) * 2 > (self.taken or 0) > 0)


@dataclass(frozen=True, slots=True)
class Ablation:
    sets: dict[str, list[Row]]
    all: list[Row]


@dataclass(frozen=True, slots=True)
class Case:
    """One page with everything on: what the cleaner was given (None: it was not asked) and made of it."""

    page: Page
    given: tuple[Any, ...] | None
    cleaned: Cleaned | None
    answer: Answer
    score: PageScore


@dataclass(frozen=True, slots=True)
class Trial:
    """One page with something off. ``changed``: whether that shows. ``taken``: lines that fall only while it is on."""

    score: PageScore
    changed: bool = False
    taken: tuple[str, ...] = ()


def ablate(sets: Mapping[str, Sequence[Page]], only: str = "") -> Ablation:
    """Switch everything off in turn on all sets; ``only``: how the names of the switches begin, "rule " or "table "."""
    cases = {name: record(pages) for name, pages in sets.items()}
    switches = [(label, run) for label, run in _switches() if label.startswith(only)]
    trials = {label: {name: run(found) for name, found in cases.items()} for label, run in switches}
    together = [case for found in cases.values() for case in found]
    return Ablation(
        {name: [_row(label, found, trials[label][name]) for label in trials] for name, found in cases.items()},
        [_row(label, together, [trial for name in cases for trial in trials[label][name]]) for label in trials],
    )


def record(pages: Sequence[Page]) -> list[Case]:
    """Extract every page as usual, and keep what the cleaner was given."""
    calls: list[tuple[tuple[Any, ...], Cleaned]] = []

    def recording(original: Callable[..., Cleaned]) -> Callable[..., Cleaned]:
        def call(*given: Any) -> Cleaned:
            calls.append((given, original(*given)))
            return calls[-1][1]

        return call

    cases = []
    with switched(Part("", "pipeline.extraction.refine", "clean", recording)):
        for page in pages:
            calls.clear()
            answer = answer_of(_refine()(page.raw))
            given, cleaned = calls[-1] if calls else (None, None)
            cases.append(Case(page, given, cleaned, answer, score_page(page.reference, answer)))
    return cases


@contextmanager
def switched(part: Part) -> Iterator[None]:
    """Have a part switched off. AttributeError: the code has no such part any more."""
    module = import_module(part.module)
    original = getattr(module, part.attribute)
    setattr(module, part.attribute, part.off(original))
    try:
        yield
    finally:
        setattr(module, part.attribute, original)


def _refine() -> Refine:
    """The function as its module has it now; the package hands out the same under the module's name."""
    found: Refine = sys.modules["pipeline.extraction.refine"].refine
    return found


def _switches() -> Iterator[tuple[str, Callable[[Sequence[Case]], list[Trial]]]]:
    """(name, what runs the cases without it) of everything that can be switched off."""
    for rule in residue.RULES:
        yield f"rule {rule.name}", partial(_without_rule, rule)
    for table in phrases._tables():
        yield f"table {table}", partial(_without_table, table)
    for part in PARTS:
        yield part.name, partial(_without_part, part)


def _without_rule(rule: Rule, cases: Sequence[Case]) -> list[Trial]:
    rules = [other for other in residue.RULES if other is not rule]
    found = []
    for case in cases:
        taken = tuple(line.text for line in case.cleaned.removed if line.rule == rule.name) if case.cleaned else ()
        trial = _again(case, rules) if taken else Trial(case.score)
        found.append(replace(trial, taken=taken))
    return found


def _without_table(table: str, cases: Sequence[Case]) -> list[Trial]:
    def deaf(original: Callable[[str, Line], bool]) -> Callable[[str, Line], bool]:
        return lambda asked, line: asked != table and original(asked, line)

    with switched(Part("", "pipeline.extraction.phrases", "matches", deaf)):
        return [_again(case, residue.RULES) for case in cases]


def _again(case: Case, rules: Sequence[Rule]) -> Trial:
    """A page cleaned anew; the lines kept this time only are what it takes otherwise. A rejected page stays so."""
    if case.given is None or case.cleaned is None or case.answer.rejected:
        return Trial(case.score)
    lines, titles, authors = (*case.given, (), ())[:3]
    cleaned = clean(lines, titles, authors, rules)
    before = {line.position for line in case.cleaned.kept}
    taken = tuple(line.text for line in cleaned.kept if line.position not in before)
    if len(cleaned.kept) == len(before) and not taken:
        return Trial(case.score)
    body, exact = score_body(case.page.reference.bodies, "\n\n".join(line.text for line in cleaned.kept))
    return Trial(replace(case.score, body=body, exact=exact), changed=True, taken=taken)


def _without_part(part: Part, cases: Sequence[Case]) -> list[Trial]:
    with switched(part):
        answers = [answer_of(_refine()(case.page.raw)) for case in cases]
    return [
        Trial(case.score if same else score_page(case.page.reference, answer), changed=not same)
        for case, answer in zip(cases, answers, strict=True)
        for same in (answer == case.answer,)
    ]


def _row(label: str, cases: Sequence[Case], trials: Sequence[Trial]) -> Row:
    gain = _gain(summarise([case.score for case in cases]), summarise([trial.score for trial in trials]))
    pages = sum(trial.changed for trial in trials)
    if not label.startswith(("rule ", "table ")):
        return Row(label, gain, pages)
    wrong = [
        line
        for case, trial in zip(cases, trials, strict=True)
        for line in trial.taken
        if is_taken_wrongly(line, case.page.reference.bodies, case.answer.body)
    ]
    return Row(label, gain, pages, sum(len(trial.taken) for trial in trials), tuple(wrong))


def _gain(whole: Summary, less: Summary) -> dict[str, float | None]:
    pairs = {measure: (getattr(whole, measure), getattr(less, measure)) for measure in MEASURES}
    return {name: None if None in pair else round(pair[0] - pair[1], 6) for name, pair in pairs.items()}


def _cleaning(change: Callable[[Sequence[Line], Sequence[str], Sequence[str]], tuple[Any, ...]]) -> Callable[..., Any]:
    """A part that only changes what the cleaner is given."""

    def off(original: Callable[..., Cleaned]) -> Callable[..., Cleaned]:
        def call(lines: Sequence[Line], titles: Sequence[str] = (), authors: Sequence[str] = ()) -> Cleaned:
            return original(*change(lines, titles, authors))

        return call

    return off


def _blinded(lines: Sequence[Line], **unknown: Any) -> list[Line]:
    return [replace(line, **unknown) for line in lines]


def _never(_: object) -> Callable[..., list[Any]]:
    return lambda _tree: []


def _always(_: object) -> Callable[..., Any]:
    return content._extract_with_fallbacks


def _nothing(_: object) -> Callable[..., None]:
    return lambda *_, **__: None


_CONTENT, _REFINE = "pipeline.extraction.content", "pipeline.extraction.refine"

PARTS = (
    Part("pruning", _CONTENT, "prune", lambda _: lambda _tree: {}),
    Part("recovery", _CONTENT, "recover", lambda _: lambda lines, *_: tuple(lines)),
    Part("fallback extractors", _CONTENT, "_extract_with_fallbacks", _never),
    Part("their gate (else always)", _CONTENT, "_extract", _always),
    Part("title variants", _REFINE, "clean", _cleaning(lambda lines, titles, authors: (lines, titles[:1], authors))),
    Part("authors for the cleaner", _REFINE, "clean", _cleaning(lambda lines, titles, _: (lines, titles, ()))),
    Part("link evidence", _REFINE, "clean", _cleaning(lambda lines, *rest: (_blinded(lines, link=0.0), *rest))),
    Part(
        "names of boxes", _REFINE, "clean", _cleaning(lambda lines, *rest: (_blinded(lines, roles=frozenset()), *rest))
    ),
    Part("JSON-LD", "pipeline.extraction.metadata", "read_graph", lambda read: lambda _: read([])),
    Part("the whole cleaner", _REFINE, "clean", lambda clean: lambda lines, *_: clean(lines, rules=())),
    Part("quality gate", _REFINE, "judge_page", _nothing),
)
