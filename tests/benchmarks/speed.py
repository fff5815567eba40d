"""CPU time of ``refine`` beside ``trafilatura.bare_extraction(with_metadata=True)`` on the same pages in the same run.

python -m tests.benchmarks.speed FOLDER...      pages of sets, or of any folder with .html or .html.gz files
python -m tests.benchmarks.speed                made-up pages

Tools take turns page by page and change who begins. Each runs a page three times; the fastest counts, for other
processes on the machine only ever add. The first is shown as well: then no cache knows the page.
"""

import argparse
import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from trafilatura import bare_extraction

from pipeline.extraction import refine
from pipeline.items import RawPage
from tests.benchmarks.ablation import Part, switched
from tests.benchmarks.sets import name_of, read_pages
from tests.benchmarks.tools import missing_peers, peers, quieten, versioned

Tools = Mapping[str, Callable[[RawPage], object]]

_REFINE, _CONTENT = "pipeline.extraction.refine", "pipeline.extraction.content"
STAGES = {
    "decode": [(_REFINE, "decode")],
    "parse": [(_CONTENT, "document_fromstring")],
    "metadata": [(_REFINE, "read_metadata")],
    "evidence and pruning": [
        (_CONTENT, "drop_unseen"),
        (_CONTENT, "PageEvidence"),
        (_CONTENT, "prune"),
        (_CONTENT, "cut_boxes"),
        (_CONTENT, "_prose_size"),
    ],
    "trafilatura": [(_CONTENT, "_extract"), (_CONTENT, "_extract_with_fallbacks")],
    "recovery": [(_CONTENT, "recover")],
    "clean": [(_REFINE, "clean")],
    "quality gate": [(_REFINE, "judge_bytes"), (_REFINE, "judge_page")],
    "assembly": [(_REFINE, "assemble")],
}
"""Stage → the functions that are timed for it, by module and attribute. None of them calls another."""
_WARM = 5  # pages that everybody reads before the clock starts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", metavar="FOLDER")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each page (default: 3)")
    parser.add_argument("--peers", action="store_true", help="time newspaper4k and news-please too, where installed")
    options = parser.parse_args()
    quieten()
    tools: Tools = {"newsloom": refine, "trafilatura": bare, **(peers() if options.peers else {})}
    sets = {name_of(folder): read_pages([folder]) for folder in options.folders} or {"made-up pages": read_pages([])}
    sets = {name: pages for name, pages in sets.items() if pages}
    timed = {name: measure(pages, tools, options.repeats) for name, pages in sets.items()}
    print(f"CPU milliseconds a page, the best of {options.repeats} runs")
    for name, runs in timed.items():
        show(name, runs)
    if len(timed) > 1:
        show("all together", {tool: [page for runs in timed.values() for page in runs[tool]] for tool in tools})
    if options.peers:
        print("".join(f"not installed: {name}\n" for name in missing_peers()), end="")
    show_stages(stage_times([page for pages in sets.values() for page in pages], options.repeats))


def bare(page: RawPage) -> object:
    return bare_extraction(page.body, with_metadata=True)


def measure(pages: Sequence[RawPage], tools: Tools, repeats: int) -> dict[str, list[list[float]]]:
    """Tool → page → milliseconds of each run."""
    for page in pages[:_WARM]:
        for tool in tools.values():
            tool(page)
    gc.collect()
    gc.freeze()  # the pages in memory are the benchmark's: no tool should pay for looking through them
    names = list(tools)
    runs: dict[str, list[list[float]]] = {name: [[] for _ in pages] for name in names}
    for place, page in enumerate(pages):
        for repeat in range(repeats):
            first = (place + repeat) % len(names)
            for name in names[first:] + names[:first]:
                start = time.process_time()
                tools[name](page)
                runs[name][place].append((time.process_time() - start) * 1000)
    return runs


def show(name: str, runs: Mapping[str, Sequence[Sequence[float]]]) -> None:
    """``runs``: tool → page → milliseconds of each run."""
    best = {tool: [min(page) for page in pages] for tool, pages in runs.items()}
    first = {tool: statistics.fmean(page[0] for page in pages) for tool, pages in runs.items()}
    base = best["trafilatura"]
    print(f"\n{name}: {len(base)} pages")
    print(f"{'':20}{'mean':>8}{'median':>8}{'p95':>8}{'slowest':>9}{'ratio':>8}{'ratio of first runs':>21}")
    for tool, times in best.items():
        ratio = statistics.fmean(times) / statistics.fmean(base)
        print(
            f"{versioned(tool):20}{statistics.fmean(times):>8.1f}{statistics.median(times):>8.1f}{p95(times):>8.1f}"
            f"{max(times):>9.1f}{ratio:>8.2f}{first[tool] / first['trafilatura']:>21.2f}"
        )


def p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]


def stage_times(pages: Sequence[RawPage], repeats: int) -> dict[str, float]:
    """Stage → milliseconds a page, each page's fastest run; what no stage holds is "rest"."""
    spent: dict[str, float] = {}
    with ExitStack() as stack:
        for stage, functions in STAGES.items():
            for module, attribute in functions:
                stack.enter_context(switched(Part(stage, module, attribute, _timing(stage, spent))))
        best = [
            min((_one_run(page, spent) for _ in range(repeats)), key=lambda run: sum(run.values())) for page in pages
        ]
    return {stage: sum(run.get(stage, 0.0) for run in best) / len(pages) for stage in (*STAGES, "rest")}


def _one_run(page: RawPage, spent: dict[str, float]) -> dict[str, float]:
    spent.clear()
    start = time.process_time()
    refine(page)
    whole = (time.process_time() - start) * 1000
    return {**spent, "rest": whole - sum(spent.values())}


def _timing(stage: str, spent: dict[str, float]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def off(original: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            start = time.process_time()
            try:
                return original(*given, **named)
            finally:
                spent[stage] = spent.get(stage, 0.0) + (time.process_time() - start) * 1000

        return timed

    return off


def show_stages(stages: Mapping[str, float]) -> None:
    whole = sum(stages.values())
    print("\nwhere refine spends it, all pages")
    for stage, spent in stages.items():
        print(f"  {stage:22}{spent:>7.2f} ms{spent / whole:>7.1%}")


if __name__ == "__main__":
    main()
