"""What a folder holds after a crawl or replay, and what is wrong with it."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecordType
from sqlalchemy import Connection, Table, select

from pipeline.errors import ArchiveError
from pipeline.storage.archive import Archive
from pipeline.storage.captures import CaptureFilter, read_captures
from pipeline.storage.connection import connect, reading
from pipeline.storage.provenance import provenance_of
from pipeline.storage.schema import (
    addresses,
    article_authors,
    articles,
    authors,
    frontier,
    images,
    rejections,
    removed_lines,
    versions,
)
from tests.benchmarks.killing_world import World
from tests.processes import ROOT

PARTS = (versions, removed_lines, article_authors, images)
CHANCE = frozenset({
    "id", "article_id", "author_id", "run_id", "fetched_at", "found_at", "listed_at", "not_before", "tries", "position",
    "url", "version", "seq", "gone_at", "revision", "visit_at",
})  # fmt: skip
"""Columns that tell when and in which order pages came, or by which of an article's addresses."""

STORED = {"new", "updated", "unchanged"}
"""Outcomes of which it depends on the order of two addresses which has which."""

Row = tuple[tuple[str, str], ...]
Whole = tuple[Row, ...]
"""An article's row, and then all that belong to it."""


@dataclass(slots=True)
class Findings:
    """What is wrong, one line each. ``lost``: pages; ``doubled``: pages, requests, articles; ``others``: all else."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def add(self, where: str, found: "Findings") -> None:
        """Take the findings of one round in."""
        for name in Findings.__slots__:
            getattr(self, name).extend(f"{where}: {line}" for line in getattr(found, name))


@dataclass(frozen=True, slots=True)
class State:
    """What a folder holds. ``articles``: every article with all that belongs to it, and how often there is the same.

    ``captured``: address → times of fetching, by the index; ``written``: address → records, by the WARC files.
    ``unrefined``: addresses. ``faults``: what checks of the database and the files say.
    """

    articles: Counter[Whole]
    rest: Counter[Row]
    captured: Mapping[str, list[datetime]]
    written: Counter[str]
    unrefined: list[str]
    faults: list[str]


def state_of(folder: Path, database: str) -> State:
    """Read it all."""
    engine = connect(database)
    captured: dict[str, list[datetime]] = {}
    unrefined, faults = [], list(_checked(folder, database))
    archive = Archive(folder / "data/archive", engine)
    for capture in read_captures(engine, CaptureFilter()):
        captured.setdefault(capture.url, []).append(capture.fetched_at)
        if not capture.outcome:
            unrefined.append(capture.url)
        try:
            archive.page(capture)
        except ArchiveError as error:
            faults.append(str(error))
    with reading(engine) as connection:
        state = State(
            Counter(_articles(connection)),
            Counter(_rest(connection)),
            captured,
            Counter(_written(folder)),
            unrefined,
            faults,
        )
    engine.dispose()
    return state


def findings_of(state: State, undisturbed: State, world: World | None) -> Findings:
    """What is wrong with a state, beside one that no kill has disturbed. ``world``: that was crawled, if one was."""
    found = Findings(others=list(state.faults))
    if world:
        _compare_with_world(state, world, found)
    found.lost += [f"never refined: {url}" for url in state.unrefined]
    found.lost += _only_in(undisturbed.articles, state.articles, "no such article")
    found.doubled += _only_in(state.articles, undisturbed.articles, "an article too many")
    found.lost += [f"no such row: {row}" for row in (undisturbed.rest - state.rest).elements()]
    found.doubled += [f"a row too many: {row}" for row in (state.rest - undisturbed.rest).elements()]
    return found


def _compare_with_world(state: State, world: World, found: Findings) -> None:
    found.lost += [f"not in the index: {url}" for url in world.wanted - state.captured.keys()]
    found.others += [f"should not be kept: {url}" for url in state.captured.keys() - world.wanted]
    indexed = Counter({url: len(times) for url, times in state.captured.items()})
    found.lost += [f"not in the files: {url}" for url in (indexed - state.written)]
    found.others += [f"in the files and not in the index: {url}" for url in (state.written - indexed)]
    found.doubled += [f"archived {number} times: {url}" for url, number in indexed.items() if number > 1]
    asked = world.asked()
    late = [url for url, times in state.captured.items() if max(asked[url]) > min(times)]
    found.doubled += [f"asked for though it was archived: {url}" for url in late]


def _only_in(some: Counter[Whole], others: Counter[Whole], told: str) -> list[str]:
    """A line for each article that is only in the first; with the rows of it that are in none of the others."""
    known = {row for article in others for row in article}
    return [f"{told}: {[row for row in article if row not in known]}" for article in (some - others).elements()]


def _articles(connection: Connection) -> Iterator[Whole]:
    """Each article with its rows in other tables."""
    names = dict(connection.execute(select(authors.c.id, authors.c.name)).tuples().all())
    parts: dict[int, list[Row]] = {}
    for table in (*PARTS, addresses):
        for row in connection.execute(select(table)).mappings():
            told = dict(row) | ({"author": names[row["author_id"]]} if "author_id" in row else {})
            parts.setdefault(row["article_id"], []).append(_row(table, told))
    for row in connection.execute(select(articles)).mappings():
        yield (_row(articles, row), *sorted(parts.pop(row["id"], [])))
    for article_id, rows in parts.items():
        yield ((("half", str(article_id)),), *sorted(rows))


def _rest(connection: Connection) -> Iterator[Row]:
    for table in (rejections, frontier):
        for row in connection.execute(select(table)).mappings():
            yield _row(table, row, kept={"url"})


def _row(table: Table, row: Mapping[Any, Any], kept: Collection[str] = ()) -> Row:
    told = ((name, str(value)) for name, value in row.items() if name in kept or name not in CHANCE)
    return (("table", table.name), *((name, "stored" if value in STORED else value) for name, value in told))


def _written(folder: Path) -> Iterator[str]:
    """The address asked for of every page in the WARC files."""
    for path in folder.glob("data/archive/**/*.warc*"):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, record_types=WarcRecordType.metadata):
                yield str(provenance_of(record.reader.read())["url"])


def _checked(folder: Path, database: str) -> Iterator[str]:
    """What ``newsloom db check`` and two WARC tools say, where they are not content."""
    module = [sys.executable, "-m"]
    yield from _run([*module, "pipeline", "db", "check", "-s", f"DATABASE_URL={database}"], folder)
    files = [str(path) for path in folder.glob("data/archive/**/*.warc*")]
    if files:
        yield from _run([*module, "warcio.cli", "check", *files], folder)
        yield from (line for file in files for line in _run([*module, "fastwarc.cli", "check", "-q", file], folder))


def _run(command: Sequence[str], folder: Path) -> list[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return f"{done.stdout}{done.stderr}".splitlines() if done.returncode else []
