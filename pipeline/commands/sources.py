"""``newsloom sources``: what the sources file defines, and how each source stands."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from pipeline.commands.base import NewsloomCommand
from pipeline.commands.listing import Column, sparkline, table, terminal_width, when
from pipeline.errors import SourceError
from pipeline.export import printable
from pipeline.funnel import PASSED_OVER, Stage
from pipeline.schedule import Due
from pipeline.sources import Source, as_toml, default_name, is_known
from pipeline.spiders.definitions import chosen, read_file, read_sources
from pipeline.subscriptions import as_opml, read_subscriptions, typed_address

if TYPE_CHECKING:
    from pipeline.storage.listings import ListingState, SourceState
    from pipeline.storage.runs import SourceRun

USES = {"check": "", "list": "", "add": "URL", "import": "FILE", "export": "", "pause": "NAME", "resume": "NAME"}
"""Uses, and the argument that each takes."""

TREND = timedelta(days=14)
COLUMNS = (
    Column("name"),
    Column("state"),
    Column("last success"),
    Column("next due"),
    Column("new pages"),
    Column("listings", right=True),
    Column("failing", right=True),
    Column("waiting", right=True),
    Column("address", shrinks=True),
    Column("why", shrinks=True),
)


class Command(NewsloomCommand, ScrapyCommand):
    """Shows and changes sources."""

    def syntax(self) -> str:
        """Arguments in the usage line."""
        return "check | list | add URL | import FILE | export --opml | pause NAME | resume NAME"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Check, list, add, import, export, pause and resume sources"

    def long_desc(self) -> str:
        """What help says."""
        return (
            "The sources of a crawl stand in a file, sources.toml (setting SOURCES_FILE); whether one is paused, and "
            "when it was polled last, stands in the database. import takes a list of addresses, a CSV file with a "
            "column url, or OPML. Exit status: 0 done, 1 the file has problems, 2 wrong usage."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        super().add_options(parser)
        parser.add_argument("use", choices=USES, metavar="USE", help=", ".join(USES))
        parser.add_argument("arguments", nargs="*", metavar="ARGUMENT", help="address, file or name, as the use asks")
        parser.add_argument("--name", help="add: what to call the source")
        parser.add_argument("--opml", action="store_true", help="export: as OPML, for feed readers (the only form)")
        parser.add_argument("--json", action="store_true", help="list: one JSON object a line")

    def execute(self, opts: argparse.Namespace) -> int:
        """Do what the use says, and return the exit status."""
        wanted = USES[opts.use]
        if len(opts.arguments) != bool(wanted):
            raise UsageError(f"{opts.use} takes {f'one {wanted}' if wanted else 'no argument'}", print_help=False)
        uses: dict[str, Any] = {
            "check": self._check,
            "list": lambda: self._list(as_json=opts.json),
            "add": lambda: self._add([_named(opts.arguments[0], opts.name)]),
            "import": lambda: self._import(opts.arguments[0]),
            "export": self._export,
            "pause": lambda: self._pause(opts.arguments[0], paused=True),
            "resume": lambda: self._pause(opts.arguments[0], paused=False),
        }
        return int(uses[opts.use]())

    @property
    def _path(self) -> str:
        return str(self.settings["SOURCES_FILE"])

    def _check(self) -> int:
        sources, problems = read_file(self._path)
        for problem in problems:
            self.print_line(printable(f"{self._path}: {problem}"))
        if not problems:
            self.print_line(f"{self._path}: {len(sources):,} source{'' if len(sources) == 1 else 's'}, no problem")
        return int(bool(problems))

    def _list(self, *, as_json: bool) -> int:
        from pipeline.spiders.agenda import read_agenda  # noqa: PLC0415 - SQLAlchemy, for who needs it
        from pipeline.storage.frontier import count_pending  # noqa: PLC0415
        from pipeline.storage.listings import listings_of, source_states  # noqa: PLC0415
        from pipeline.storage.runs import history  # noqa: PLC0415

        now = datetime.now(UTC)
        with self.database() as engine:
            states, pending, past = source_states(engine), count_pending(engine), history(engine, now - TREND)
            sources = read_sources(self._path)
            agenda = read_agenda(engine, sources, now, self.settings.getfloat("POLLS_PER_HOUR"))
            dues = {visit.source.name: visit.due for visit in agenda if visit.source.enabled}
            rows = [
                _standing(
                    source,
                    states.get(source.name),
                    [listing for listing in listings_of(engine, source.name) if not listing.parent],
                    past.get(source.name, ()),
                    now,
                )
                | {"waiting": pending.get(source.name, 0), **_due(dues.get(source.name), now)}
                for source in sources
            ]
        if as_json:
            return self._print(map(json.dumps, rows))
        for row in rows:
            row["new pages"] = sparkline(row["new pages"])
        cells = [[printable(str(row[column.title])) for column in COLUMNS] for row in rows]
        return self._print(table(COLUMNS, cells, terminal_width()))

    def _add(self, entries: Sequence[Mapping[str, Any]]) -> int:
        """Put entries at the end of the file, but for those that are there already."""
        path = Path(self._path)
        sources, problems = read_file(self._path) if path.exists() else ([], [])
        if problems:
            raise SourceError(f"{problems[0]}; mend it first", path=self._path)
        added = []
        for entry in entries:
            if is_known(sources, entry["url"]):
                self.print_line(printable(f"{entry['url']} is a source already"))
                continue
            added.append({**entry, "name": _free(entry["name"], sources)})
            sources.append(Source.model_validate(added[-1]))
        if not added:
            return 0
        written = path.read_text(encoding="utf-8").rstrip("\n") if path.exists() else ""
        try:
            path.write_text(f"{written}\n\n{as_toml(added)}".strip("\n") + "\n", encoding="utf-8")
        except OSError as error:
            raise SourceError(f"cannot be written: {error.strerror}", path=self._path) from error
        return self._print(printable(f"{entry['name']}: {entry['url']}") for entry in added)

    def _import(self, name: str) -> int:
        try:
            text = Path(name).read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise SourceError(f"cannot be read: {error.strerror}", path=name) from error
        entries, problems = read_subscriptions(text)
        for problem in problems:
            sys.stderr.write(printable(f"newsloom: {name}: {problem}") + "\n")
        return self._add(entries) or int(bool(problems))

    def _export(self) -> int:
        return self._print(as_opml(read_sources(self._path)).splitlines())

    def _pause(self, name: str, *, paused: bool) -> int:
        from pipeline.storage.listings import SourceState, save_source, source_states  # noqa: PLC0415 - see _list

        (source,) = chosen(read_sources(self._path), [name])
        with self.database() as engine:
            state = source_states(engine).get(source.name, SourceState(source.name))
            save_source(engine, replace(state, paused=paused))
        return self._print([f"{source.name}: {'paused' if paused else 'active'}"])

    def _print(self, lines: Iterable[str]) -> int:
        for line in lines:
            self.print_line(line)
        return 0


def _standing(
    source: Source,
    state: "SourceState | None",
    listings: "Sequence[ListingState]",
    past: "Sequence[SourceRun]",
    now: datetime,
) -> dict[str, Any]:
    """How a source stands. ``past``: what came of it of late, oldest first. "new pages": of each day, today last."""
    worked = [counted for counted in past if counted.funnel.worked]
    asked = [counted for counted in past if not counted.funnel.listings.keys() & PASSED_OVER.keys()]
    failing = sum(listing.failures > 0 for listing in listings)
    word = "paused" if state and state.paused else "failing" if listings and failing == len(listings) else "active"
    days = Counter((now - counted.at).days for counted in past for _ in range(counted.funnel.stages.get(Stage.NEW, 0)))
    return {
        "name": source.name,
        "state": word if source.enabled else "disabled",
        "last polled": when(state.polled_at if state else None),
        "last success": when(worked[-1].at if worked else None),
        "new pages": [days[day] for day in reversed(range(TREND.days))],
        "listings": len(listings),
        "failing": failing,
        "address": source.url,
        "why": asked[-1].funnel.why_none() if asked else "",
    }


def _due(due: Due | None, now: datetime) -> dict[str, str]:
    """When a source is due, and why then; ``due``: None where it is paused or disabled."""
    return {"next due": when(max(due.at, now) if due else None), "due because": due.why if due else ""}


def _named(url: str, name: str | None) -> dict[str, str]:
    """The entry of an address."""
    address = typed_address(url)
    if address is None:
        raise UsageError(f"{url} is no web address such as https://www.example.org/", print_help=False)
    return {"url": address, "name": default_name(name or "") or default_name(address)}


def _free(name: str, sources: Iterable[Source]) -> str:
    """The name, or the name with the first number that makes it no other's."""
    taken = {source.name for source in sources}
    numbered = (f"{name}-{number}" for number in count(2))
    return next(free for free in chain([name], numbered) if free not in taken)
