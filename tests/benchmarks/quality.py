"""How good the extraction is beside trafilatura alone, on folders of pages with what a person read on them.

python -m tests.benchmarks.quality FOLDER...                  one table a folder, one line a tool
python -m tests.benchmarks.quality FOLDER... --worst 10       and newsloom's ten worst pages
python -m tests.benchmarks.quality FOLDER... --ablate         and what each rule, phrase table and part is worth
python -m tests.benchmarks.quality FOLDER... --rules          the rules alone, as the table in docs/residue-rules.md

A folder is a clone of the public article-extraction-benchmark, or holds gold.jsonl and pages/ (see sets.py).
scoring.py defines the measures.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.benchmarks.ablation import Ablation, Row, ablate
from tests.benchmarks.scoring import MEASURES, PageScore, Summary, score_page, summarise
from tests.benchmarks.sets import Page, name_of, read_set
from tests.benchmarks.tools import missing_peers, quieten, tools_for, versioned

_HEADS = {"f1": "F1", "date": "±60 s"}
_GAINS = ("f1", "precision", "recall", "exact")
_OTHERS = ("headline", "authors", "date")


@dataclass(frozen=True, slots=True)
class Result:
    """The marks of every tool on one set; ``worst``: (F1, page) of newsloom's worst pages."""

    name: str
    pages: int
    tools: dict[str, Summary]
    worst: list[tuple[float, str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list the N worst pages, and wrong deletions")
    parser.add_argument("--ablate", action="store_true", help="switch off each rule, table and part in turn")
    parser.add_argument("--rules", action="store_true", help="print only what each rule is worth, as a Markdown table")
    parser.add_argument("--peers", action="store_true", help="run newspaper4k and news-please too, where installed")
    parser.add_argument(
        "--optional", action="store_true", help="lines in [square brackets] of a reference may be missing"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
    options = parser.parse_args()
    quieten()
    sets = {name_of(folder): read_set(folder, optional=options.optional) for folder in options.folders}
    if options.rules:
        show_rules(ablate(sets, "rule "), sets)
        return
    results = [compare(name, pages, peers=options.peers, worst=options.worst) for name, pages in sets.items()]
    ablation = ablate(sets) if options.ablate else None
    if options.json:
        print(json.dumps(as_json(results, ablation), indent=1, ensure_ascii=False))
        return
    for result in results:
        show(result)
    if options.peers:
        print("".join(f"not installed: {name}\n" for name in missing_peers()), end="")
    if ablation:
        show_ablation(ablation, options.worst)


def compare(name: str, pages: Sequence[Page], *, peers: bool, worst: int) -> Result:
    tools = tools_for(pages[0].raw.media, with_peers=peers)
    scores = {tool: [score_page(page.reference, ask(page.raw)) for page in pages] for tool, ask in tools.items()}
    summaries = {tool: summarise(marks) for tool, marks in scores.items()}
    return Result(name, len(pages), summaries, worst_of(pages, scores["newsloom"])[:worst])


def worst_of(pages: Sequence[Page], scores: Sequence[PageScore]) -> list[tuple[float, str]]:
    return sorted((score.body.f1, page.identity) for page, score in zip(pages, scores, strict=True))


def show(result: Result) -> None:
    print(f"\n{result.name}: {result.pages} pages")
    print(f"{'':20}" + "".join(f"{_HEADS.get(measure, measure):>10}" for measure in MEASURES) + f"{'rejected':>10}")
    for tool, summary in result.tools.items():
        marks = "".join(f"{shown(getattr(summary, measure)):>10}" for measure in MEASURES)
        print(f"{versioned(tool):20}{marks}{summary.rejected:>10}")
    for f1, identity in result.worst:
        print(f"  {f1:.3f}  {identity}")


def shown(mark: float | None) -> str:
    return "" if mark is None else f"{mark:.4f}".removeprefix("0")


def show_ablation(ablation: Ablation, worst: int) -> None:
    print("\nWhat each is worth: the marks with it less those without it. pages: how many it changes. taken: lines")
    print("that a rule removes, or that fall only with a phrase table. wrong: those of them that the reference has.")
    for name, rows in ablation.sets.items():
        show_rows(name, rows, 0)
    show_rows("all sets together", ablation.all, worst)
    for title, rows in (
        ("do not earn their place here", [row for row in ablation.all if row.is_idle]),
        ("never came to act here", [row for row in ablation.all if row.is_unmet]),
    ):
        print(f"\n{title}: {', '.join(row.name for row in rows) or 'none'}")


def show_rules(ablation: Ablation, sets: Mapping[str, Sequence[Page]]) -> None:
    """One line a rule: what it adds to F1 and exact of each set, the lines it takes, those of them taken wrongly."""
    heads = [f"{name} F1 | exact" for name in sets]
    print(f"| rule | {' | '.join(heads)} | lines | wrong |\n|---|{'---|' * (2 * len(sets) + 2)}")
    for place, row in enumerate(ablation.all):
        rows = [found[place] for found in ablation.sets.values()]
        gains = " | ".join(gained(found.gain[measure]) for found in rows for measure in ("f1", "exact"))
        print(f"| `{row.name.removeprefix('rule ')}` | {gains} | {row.taken} | {len(row.wrong) or ''} |")


def gained(gain: float | None) -> str:
    """A gain with its sign, "" for one too small for four digits."""
    digits = f"{gain or 0.0:+.4f}".replace("0.", ".", 1)
    return "" if digits in ("+.0000", "-.0000") else digits.replace("-", "−")


def show_rows(title: str, rows: Sequence[Row], worst: int) -> None:
    heads = "".join(f"{_HEADS.get(measure, measure):>10}" for measure in _GAINS)
    print(f"\n{title}\n{'':28}{heads}{'pages':>8}{'taken':>7}{'wrong':>7}")
    for row in rows:
        gains = "".join(f"{row.gain[measure] or 0:>+10.5f}" for measure in _GAINS)
        lines = f"{row.taken:>7}{len(row.wrong):>7}" if row.taken is not None else ""
        others = "".join(
            f"  {_HEADS.get(measure, measure)} {gain:+.4f}" for measure in _OTHERS if (gain := row.gain[measure])
        )
        print(f"{row.name:28}{gains}{row.pages:>8}{lines}{others}")
        for line in row.wrong[:worst]:
            print(f"      wrong: {line[:110]}")


def as_json(results: Sequence[Result], ablation: Ablation | None) -> dict[str, object]:
    found: dict[str, object] = {"sets": [asdict(result) for result in results]}
    return found | ({"ablation": asdict(ablation)} if ablation else {})


if __name__ == "__main__":
    main()
