"""What the quality gate refuses: made-up pages that are no articles, and articles that look as if they were none.

python -m tests.benchmarks.refusals              one line a reason: precision and recall; and trafilatura beside it
python -m tests.benchmarks.refusals --wrong      and every page that became something else than it should
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from pipeline.extraction import refine
from pipeline.items import Rejection
from tests.benchmarks.kept_pages import kept
from tests.benchmarks.later_pages import later
from tests.benchmarks.layouts import Case
from tests.benchmarks.refused_pages import refused
from tests.benchmarks.template_articles import templated_kept
from tests.benchmarks.template_pages import templated_refused
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
        """The reason by which the case is counted: the one found, if it is right, else the first by name."""
        return self.found if self.is_right else min(self.case.reasons, default=ARTICLE)

    @property
    def is_right(self) -> bool:
        return self.found in (self.case.reasons or (ARTICLE,))

    @property
    def is_cut(self) -> bool:
        return self.paywall.startswith("partial: ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", action="store_true", help="list every page that became something else")
    options = parser.parse_args()
    quieten()
    sets = {
        "written beside the rules": [*refused(), *kept()],
        "written after them": [*later()],
        "in the templates of publishing systems": [*templated_refused(), *templated_kept()],
    }
    outcomes = {name: judged(cases) for name, cases in sets.items()}
    for name, made in outcomes.items():
        show(name, made)
    for outcome in chain(*outcomes.values()) if options.wrong else ():
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
    heads = f"{'pages':>6}{'other reason':>14}{'stored':>8}{'recall':>8}{'precision':>11}{'trafilatura stores':>20}"
    print(f"\nmade-up pages {name}: {len(outcomes)}\n{'':16}{heads}")
    said = Counter(outcome.found for outcome in outcomes)
    for wanted in sorted({outcome.wanted for outcome in outcomes}, key=lambda name: (name == ARTICLE, name)):
        rows = [outcome for outcome in outcomes if outcome.wanted == wanted]
        right = sum(row.is_right for row in rows)
        stored = sum(row.found == ARTICLE for row in rows)
        correct = sum(outcome.is_right for outcome in outcomes if outcome.found == wanted)
        share = f"{correct / said[wanted]:.3f}" if said[wanted] else "-"
        other = len(rows) - right - (stored if wanted != ARTICLE else 0)
        recall = f"{right / len(rows):.3f}"
        print(f"{wanted:16}{len(rows):>6}{other:>14}{stored:>8}{recall:>8}{share:>11}{sum(r.peer for r in rows):>20}")
    paid = [outcome for outcome in outcomes if outcome.case.partial]
    whole = [outcome for outcome in outcomes if not outcome.case.partial and outcome.found == ARTICLE]
    print(f"paid stubs: {sum(row.is_cut for row in paid)} of {len(paid)} stored as partial")
    print(f"other articles: {sum(row.is_cut for row in whole)} of {len(whole)} called partial")


if __name__ == "__main__":
    main()
