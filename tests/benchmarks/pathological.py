"""What pages cost that are built to stop an extractor: each one through ``refine`` in a process of its own.

python -m tests.benchmarks.pathological
python -m tests.benchmarks.pathological --only links plain --trafilatura
"""
# ruff: noqa: E501 - one case a line is what makes the tables readable

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from pipeline.items import Article, Media, RawPage
from tests.benchmarks.pages import WORDS

DEADLINE = 30.0
BARE_DEADLINE = 25.0
_SENTENCE = "The harbour council counted the votes twice and repaired the old bridge before winter. "
_ARTICLE = "<h1>Council repairs the bridge</h1>" + "<p>" + _SENTENCE * 4 + "</p>"


def _page(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head><title>Bridge</title>{head}</head><body>{body}</body></html>".encode()


def _beside_article(body: str) -> bytes:
    """The monster in a page that has an article as well, before and after it."""
    return _page(f"<article>{_ARTICLE}{body}{_ARTICLE}</article>")


def _sentences(number: int) -> list[str]:
    """Different sentences, the same ones every time."""
    chance = random.Random(1)
    return [" ".join(chance.choices(WORDS, k=9)).capitalize() + "." for _ in range(number)]


def _linked_data(entries: int) -> str:
    rows = ",".join(f'{{"@type":"Person","name":"Robin Vale {n}","url":"/p/{n}"}}' for n in range(entries))
    return f'<script type="application/ld+json">{{"@type":"NewsArticle","author":[{rows}]}}</script>'


MARKUP: dict[str, Callable[[], str | bytes]] = {
    "100k attributes on one tag": lambda: _page("<p " + " ".join(f"a{n}=''" for n in range(100_000)) + f">{_ARTICLE}"),
    "1M attributes, 100k spans": lambda: _page(
        "".join("<span " + " ".join(f"a{n}=1" for n in range(10)) + ">word</span>" for _ in range(100_000))
    ),
    "600k <p>, unclosed": lambda: _beside_article("<p>aword" * 600_000),
    "200k short <p>": lambda: _beside_article("<p>two words</p>" * 200_000),
    "200k links": lambda: _beside_article('<a href="/storys/some-path/1">some link text</a>' * 170_000),
    "9 MB div and link soup": lambda: _page('<div class="a"><a href="/b">some words</a> ' * 200_000),
    "19k paragraphs": lambda: _page("".join(f"<p>{sentence}</p>" for sentence in _sentences(19_000))),
    "19k links in text": lambda: _beside_article("<p>" + '<a href="/b">some words</a> and text. ' * 19_000 + "</p>"),
    "19k short <p>": lambda: _beside_article("<p>two words</p>" * 19_000),
    "19k list items": lambda: _beside_article("<ul>" + "<li>two words</li>" * 19_000 + "</ul>"),
    "3.9k links in a block": lambda: _beside_article("<p>" + '<a href="/b">some words</a> and text. ' * 3_900 + "</p>"),
    "9.9k attributes on one tag": lambda: _page("<p " + " ".join(f"a{n}=''" for n in range(9_900)) + f">{_ARTICLE}"),
    "95k attributes, 19k tags": lambda: _page(_ARTICLE + "<p a=1 b=2 c=3 d=4 e=5>word</p>" * 19_000),
    "30k attributes, > in values": lambda: _page("<p " + " ".join(f"a{n}='>'" for n in range(30_000)) + f">{_ARTICLE}"),
    "100k <div>, nested": lambda: _page("<div>" * 100_000 + _ARTICLE),
    "1M <div>, nested": lambda: _page("<div>" * 1_000_000 + _ARTICLE),
    "240 <div>, nested": lambda: _page("<div>" * 240 + _ARTICLE + "</div>" * 240),
    "240 <span>, nested": lambda: _page("<p>" + "<span>word " * 240 + "</p>" + _ARTICLE),
    "8 MB JSON-LD": lambda: _page(_ARTICLE, _linked_data(150_000)),
    "900 KB JSON-LD": lambda: _page(_ARTICLE, _linked_data(16_000)),
    "broken JSON-LD, quotes": lambda: _page(
        _ARTICLE, '<script type="application/ld+json">{"a":' + '"\\' * 400_000 + "</script>"
    ),
    "10 MB text in one <p>": lambda: _page(f"<p>{_SENTENCE * 110_000}</p>"),
    "40 x 240 KB text": lambda: _page("<p>" + "<p>".join([_SENTENCE * 2_700] * 40)),
    "240 KB word": lambda: _page(f"{_ARTICLE}<p>{'word' * 60_000}</p>"),
    "10 MB of <": lambda: b"<" * 10_000_000,
    "10 MB of </p>": lambda: _page(_ARTICLE + "</p>" * 2_500_000),
    "unclosed quote": lambda: _page(f'{_ARTICLE}<p class="{"word " * 2_000_000}'),
    "unclosed comment": lambda: _page(f"{_ARTICLE}<!-- {'word ' * 2_000_000}"),
    "unclosed CDATA": lambda: _page(f"{_ARTICLE}<![CDATA[{'word ' * 2_000_000}"),
    "unclosed <script>": lambda: _page(f"{_ARTICLE}<script>{'word ' * 2_000_000}"),
    "100k <meta>": lambda: _page(_ARTICLE, '<meta name="keywords" content="a, b">' * 100_000),
    "19k <time>": lambda: _page(_ARTICLE + '<time datetime="2025-01-01">1 May</time>' * 19_000),
    "1M entities": lambda: _page(f"{_ARTICLE}<p>{'&amp;&eacute; ' * 700_000}</p>"),
    "one 10 MB word": lambda: _page(f"{_ARTICLE}<p>{'word' * 2_500_000}</p>"),
    "10 MB of spaces": lambda: _page(f"{_ARTICLE}<p>a{' ' * 10_000_000}b</p>"),
    "10 MB class": lambda: _page(f'{_ARTICLE}<p class="{"related-" * 1_200_000}">{_SENTENCE}</p>'),
    "100k <h1>": lambda: _beside_article("<h1>Council repairs it</h1>" * 100_000),
    "9k <h1>, all different": lambda: _beside_article("".join(f"<h1>Council repairs {n}</h1>" for n in range(9_000))),
    "50k tables": lambda: _beside_article("<table><tr><td>one</td></tr></table>" * 50_000),
    "6k tables": lambda: _beside_article("<table><tr><td>one</td></tr></table>" * 6_000),
    "3k tables, nested": lambda: _page("<table><tr><td>one " * 3_000 + _ARTICLE),
    "row of 19k cells": lambda: _beside_article("<table><tr>" + "<td>1</td>" * 19_000 + "</tr></table>"),
    "240 <div>, nested, 19k <p>": lambda: _page("<div>" * 240 + f"<p>{_SENTENCE}</p>" * 19_000),
    "50 <div>, nested, 19k <p>": lambda: _page("<div>" * 47 + f"<p>{_SENTENCE}</p>" * 19_000),
    "40 related boxes, nested": lambda: _beside_article('<div class="related">' * 40 + "<p>Other story</p>" * 19_000),
    "19k itemprops": lambda: _beside_article('<p itemprop="author">Robin Vale</p>' * 19_000),
    "zeros between letters": lambda: b"\0".join(bytes([byte]) for byte in _page(_ARTICLE * 10_000)),
    "zeros after letters, UTF-16": lambda: _page(_ARTICLE * 2_000).decode().encode("utf-16"),
    "5 MB of high bytes": lambda: _page(_ARTICLE).replace(b"Council", b"\xff\xfe\xe9" * 1_500_000),
    "1.5 MB Chinese": lambda: _page("".join(f"<p>{'议会周四晚上决定让夜车继续运行' * 8}。</p>" for _ in range(4_000))),
}  # fmt: skip
PLAIN: dict[str, Callable[[], str | bytes]] = {
    "plain: 10 MB, one line": lambda: _SENTENCE * 115_000,
    "plain: 1M short lines": lambda: b"two words\n" * 1_000_000,
    "plain: 100k sentences": lambda: "\n".join(_sentences(100_000)),
    "plain: 9k short lines": lambda: "\n".join(_sentences(20)) + "\n" + "a topic\n" * 9_000,
    "plain: 9k capitals": lambda: "\n".join(_sentences(20)) + "\n" + "A VERY LOUD LINE OF CAPITALS\n" * 9_000,
    "plain: 9k falling one by one": lambda: "\n".join(_sentences(9)) + "\nRead more:\n" + "a headline here\n" * 9_000,
    "plain: 9k lines of 200": lambda: "\n".join(f"{a} {b} {c}" for a, b, c in zip(*[iter(_sentences(27_000))] * 3, strict=True)),
    "plain: 8 lines of 240k": lambda: (_SENTENCE * 2_700 + "\n") * 8,
    "plain: 100 x 19k brackets": lambda: ("(a" * 9_500 + ")\n") * 100,
    "plain: 9k author notes": lambda: "Jane Doe is a reporter who covers the harbour for us.\n" * 9_000,
    "plain: 10 MB of blanks": lambda: b" " * 9_000_000 + b"a",
    "plain: 10 MB of newlines": lambda: b"a" + b"\n" * 9_000_000 + b"b",
}  # fmt: skip
CASES = MARKUP | PLAIN


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", metavar="WORD", help="cases with one of these words in their name")
    parser.add_argument("--trafilatura", action="store_true", help="time bare trafilatura as well")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    parser.add_argument("--bare", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.case:
        json.dump(measured(options.case), sys.stdout)
    elif options.bare:
        json.dump(measured_bare(options.bare), sys.stdout)
    else:
        chosen = [name for name in CASES if not options.only or any(word in name for word in options.only)]
        report(chosen, trafilatura=options.trafilatura)


def report(names: list[str], *, trafilatura: bool) -> None:
    print(f"{'case':30}  {'MB':>4}  {'s':>5}  {'peak':>5} {' trafilatura' if trafilatura else ''}  outcome")
    for name in names:
        found = _asked("--case", name, DEADLINE) or {"mb": len(body_of(name)) / 1e6, "outcome": f"> {DEADLINE:g} s"}
        cells = [f"{name:30}", f"{found['mb']:4.1f}"]
        cells += [f"{found['s']:5.2f}", f"{found['peak']:5.0f}"] if "s" in found else ["    -", "    -"]
        if trafilatura:
            bare = _asked("--bare", name, BARE_DEADLINE)
            cells.append(f"{bare['s']:11.1f}" if bare else f"{f'> {BARE_DEADLINE:g}':>11}")
        print("  ".join([*cells, str(found["outcome"])]), flush=True)


def _asked(option: str, name: str, deadline: float) -> dict[str, float | str]:
    """What a process of its own measures; empty when it does not come to an end."""
    command = [sys.executable, "-m", "tests.benchmarks.pathological", option, name]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=deadline)
    except subprocess.TimeoutExpired:
        return {}
    if done.returncode:
        return {"mb": 0, "outcome": (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]}
    return dict(json.loads(done.stdout))


def body_of(name: str) -> bytes:
    """The page of a case."""
    made = CASES[name]()
    return made.encode() if isinstance(made, str) else made


def measured(name: str) -> dict[str, float | str]:
    """CPU seconds and peak memory of one case, the loading of the extractor left out of the seconds."""
    from pipeline.extraction import preload, refine  # noqa: F401, PLC0415 - its import belongs to no page

    body = body_of(name)
    media = Media.TEXT if name in PLAIN else Media.HTML
    page = RawPage("https://example.org/a", body, datetime(2025, 5, 4, tzinfo=UTC), media=media)
    start = time.process_time()
    made = refine(page)
    seconds = time.process_time() - start
    outcome = f"article, {len(made.body)} blocks" if isinstance(made, Article) else f"{made.reason}: {made.detail}"
    return {"mb": len(body) / 1e6, "s": seconds, "peak": _peak(), "outcome": outcome[:90]}


def measured_bare(name: str) -> dict[str, float | str]:
    """CPU seconds of trafilatura alone on one case."""
    from trafilatura import bare_extraction  # noqa: PLC0415 - its import belongs to no page

    bare_extraction(_page(_ARTICLE), with_metadata=True)
    body = body_of(name)
    start = time.process_time()
    bare_extraction(body, with_metadata=True)
    return {"s": time.process_time() - start, "peak": _peak()}


def _peak() -> float:
    """MB that the process held at most, the interpreter and its libraries included."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


if __name__ == "__main__":
    main()
