"""What the quality gate refuses: made-up pages that are no articles, and articles that look as if they were none.

python -m tests.benchmarks.refusals              one line a reason: right, missed, wrong; and trafilatura beside it
python -m tests.benchmarks.refusals --wrong      and every page that became something else than it should
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.extraction import refine
from pipeline.items import Rejection
from tests.benchmarks.kept_pages import kept
from tests.benchmarks.later_pages import later
from tests.benchmarks.layouts import Case
from tests.benchmarks.refused_pages import refused
from tests.benchmarks.tools import quieten, trafilatura

ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case. ``found``: a reason, or ``article``; ``peer``: whether trafilatura gives a text of it."""

    case: Case
    found: str
    peer: bool
    paywall: str = ""
    detail: str = ""

    @property
    def wanted(self) -> str:
        """The reason by which the case is counted: the first by name of those that are right."""
        return min(self.case.reasons, default=ARTICLE)

    @property
    def is_right(self) -> bool:
        return self.found in (self.case.reasons or {ARTICLE})

    @property
    def is_cut(self) -> bool:
        return self.paywall.startswith("partial: ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", action="store_true", help="list every page that became something else")
    options = parser.parse_args()
    quieten()
    first, second = judged([*refused(), *kept()]), judged(later())
    show("written beside the rules", first)
    show("written after them", second)
    outcomes = [*first, *second]
    for outcome in outcomes if options.wrong else ():
        if not outcome.is_right or outcome.is_cut is not outcome.case.partial:
            print(f"  {outcome.case.name}: {outcome.found} {outcome.detail}{outcome.paywall}")


def judged(cases: Iterable[Case]) -> list[Outcome]:
    return [_judged(case) for case in cases]


def _judged(case: Case) -> Outcome:
    made, peer = refine(case.page), bool(trafilatura(case.page).body)
    if isinstance(made, Rejection):
        return Outcome(case, str(made.reason), peer, detail=made.detail)
    return Outcome(case, ARTICLE, peer, made.paywall)


def show(name: str, outcomes: Sequence[Outcome]) -> None:
    heads = f"{'pages':>6}{'right':>7}{'other reason':>14}{'stored':>8}{'precision':>11}{'trafilatura stores':>20}"
    print(f"\nmade-up pages {name}: {len(outcomes)}\n{'':16}{heads}")
    said = Counter(outcome.found for outcome in outcomes)
    for wanted in sorted({outcome.wanted for outcome in outcomes}, key=lambda name: (name == ARTICLE, name)):
        rows = [outcome for outcome in outcomes if outcome.wanted == wanted]
        right = sum(row.is_right for row in rows)
        stored = sum(row.found == ARTICLE for row in rows)
        correct = sum(outcome.is_right for outcome in outcomes if outcome.found == wanted)
        share = f"{correct / said[wanted]:.3f}" if said[wanted] else "-"
        other = len(rows) - right - (stored if wanted != ARTICLE else 0)
        print(f"{wanted:16}{len(rows):>6}{right:>7}{other:>14}{stored:>8}{share:>11}{sum(r.peer for r in rows):>20}")
    paid = [outcome for outcome in outcomes if outcome.case.partial]
    whole = [outcome for outcome in outcomes if not outcome.case.partial and outcome.found == ARTICLE]
    print(f"paid stubs: {sum(row.is_cut for row in paid)} of {len(paid)} stored as partial")
    print(f"other articles: {sum(row.is_cut for row in whole)} of {len(whole)} called partial")


if __name__ == "__main__":
    main()
