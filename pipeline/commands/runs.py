"""``newsloom runs``: what ran, how it ended, and what came of each source."""

import argparse
import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand

from pipeline.commands.base import NewsloomCommand
from pipeline.commands.funnels import report
from pipeline.commands.listing import Column, add_limit, print_lines, table, when
from pipeline.funnel import record
from pipeline.items import isoformat

if TYPE_CHECKING:
    from pipeline.storage.runs import Run

COUNTED = ("new", "updated", "unchanged", "rejected")
COLUMNS = (
    Column("id", right=True),
    Column("command"),
    Column("began"),
    Column("took", right=True),
    Column("status"),
    *(Column(name, right=True) for name in COUNTED),
)


class Command(NewsloomCommand, ScrapyCommand):
    """Shows runs."""

    def syntax(self) -> str:
        """Arguments in the usage line."""
        return "[ID] [options]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "List what ran, or show what came of each source in one run"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        super().add_options(parser)
        parser.add_argument("run", nargs="?", type=int, metavar="ID", help="show this run, source by source")
        parser.add_argument("--json", action="store_true", help="one JSON object a line; with ID, one in all")
        add_limit(parser, "runs, the last to begin first")

    def execute(self, opts: argparse.Namespace) -> int:
        """Show them, and return the exit status."""
        from pipeline.storage.runs import read_runs, source_runs_of  # noqa: PLC0415 - loads SQLAlchemy

        now = datetime.now(UTC)
        with self.database() as engine:
            if opts.run is None:
                found = read_runs(engine, now, opts.limit)
                lines = (json.dumps(_record(run)) for run in found) if opts.json else table(COLUMNS, rows(found), None)
                if not print_lines(self, lines):
                    sys.stderr.write("newsloom: nothing has run\n")
                return 0
            found = read_runs(engine, now, ids=[opts.run])
            sources = source_runs_of(engine, opts.run)
        if not found:
            sys.stderr.write(f"newsloom: there is no run {opts.run}\n")
            return 1
        if opts.json:
            own = {name: record(funnel) for name, funnel in sources.items()}
            self.print_line(json.dumps(_record(found[0]) | {"sources": own}))
        else:
            print_lines(self, [*table(COLUMNS, rows(found), None), "", *report(sources)])
        return 0


def rows(found: "list[Run]") -> list[list[str]]:
    """The cells of a table of runs."""
    return [
        [str(run.id), run.command, when(run.started_at), _took(run), run.status]
        + [f"{_counted(run, name):,}" for name in COUNTED]
        for run in found
    ]


def _took(run: "Run") -> str:
    """Hours, minutes and seconds to its end, or as far as is known."""
    seconds = round(((run.finished_at or run.alive_at) - run.started_at).total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _counted(run: "Run", outcome: str) -> int:
    key = f"articles/{outcome}"
    return sum(number for name, number in run.counts.items() if name == key or name.startswith(f"{key}/"))


def _record(run: "Run") -> dict[str, object]:
    return {
        "id": run.id,
        "command": run.command,
        "status": run.status,
        "started": isoformat(run.started_at),
        "finished": isoformat(run.finished_at),
        "alive": isoformat(run.alive_at),
        "extractor": run.extractor,
        "counts": run.counts,
    }
