"""The residue cleaner: lines of a page → the body's lines, and every other line with the rule that took it out.

The rules stand in order; the first that matches a line names it. They run until nothing more falls, since a line may
show its nature only once its neighbour is gone. A false deletion is worse than a leftover: see docs/residue-rules.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.extraction import attributions, captions, echoes, furniture, promos, prompts
from pipeline.extraction.lines import SOURCE_PRUNE, Line
from pipeline.extraction.rules import Fate, Rule, View
from pipeline.items import RemovedLine

RULES: tuple[Rule, ...] = (
    *echoes.RULES,
    *furniture.RULES,
    *prompts.RULES,
    *captions.RULES,
    *attributions.RULES,
    *promos.RULES,
    echoes.STANDFIRST,
)

_MOST_JUDGED = 50_000
"""Lines judged, over all rounds, after which no further round begins: hundreds of rounds over an honest page."""
_LONGEST = 20_000
"""Characters of a line that no rule looks at any more, however few words they make."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """``kept``: the body's lines. ``removed``: the others in page order. ``moved``: lines by the field they go to."""

    kept: tuple[Line, ...]
    removed: tuple[RemovedLine, ...]
    moved: dict[Fate, tuple[Line, ...]]

    @property
    def words(self) -> int:
        """Words of the body."""
        return sum(line.words for line in self.kept)


def clean(
    lines: Sequence[Line], titles: Sequence[str] = (), authors: Sequence[str] = (), rules: Sequence[Rule] = RULES
) -> Cleaned:
    """Run the rules over the lines to a fixpoint; ``titles``: every form of the headline the page has.

    ``authors``: names its metadata give.
    """
    kept = [line for line in lines if not line.box]
    taken: dict[int, tuple[Line, Rule]] = {}
    judged = 0
    while judged < _MOST_JUDGED:
        view = View(kept, titles, authors, {position: rule.name for position, (_, rule) in taken.items()})
        fallen = {index: rule for index in range(len(kept)) if (rule := _first_match(view, index, rules))}
        judged += len(kept)
        if not fallen:
            break
        taken.update({kept[index].position: (kept[index], rule) for index, rule in fallen.items()})
        kept = [line for index, line in enumerate(kept) if index not in fallen]
    boxed = [RemovedLine(line.text, _rule_of(line.box), line.position) for line in lines if line.box]
    pairs = [taken[position] for position in sorted(taken)]
    return Cleaned(
        tuple(kept),
        tuple(
            sorted(boxed + [RemovedLine(line.text, rule.name, line.position) for line, rule in pairs], key=_position)
        ),
        {fate: tuple(line for line, rule in pairs if rule.fate is fate) for fate in Fate},
    )


def _rule_of(box: str) -> str:
    return box if box == SOURCE_PRUNE else f"{box}-box"


def _position(line: RemovedLine) -> int:
    return line.position


def _first_match(view: View, index: int, rules: Sequence[Rule]) -> Rule | None:
    line = view.lines[index]
    if len(line.text) > _LONGEST:
        return None
    words = line.words
    return next((rule for rule in rules if words <= rule.longest and rule.judge(view, index)), None)
