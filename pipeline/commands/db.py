"""``newsloom db``: looking after the database."""

import argparse
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from tqdm import tqdm

from pipeline.commands.base import NewsloomCommand
from pipeline.export import Record, json_line, printable

if TYPE_CHECKING:
    from sqlalchemy import Engine


class Command(NewsloomCommand, ScrapyCommand):
    """Upgrades, checks, measures and copies the database."""

    def syntax(self) -> str:
        """Arguments in the usage line."""
        return "[options] upgrade | check | stats | copy FROM TO"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Upgrade, check, measure or copy the database"

    def long_desc(self) -> str:
        """What help says."""
        return (
            "upgrade: bring the schema to the one this newsloom knows. "
            "check: look for damage and contradictions, in itself and with the archive; "
            "exit status 1 when there are any. stats: schema, size in bytes, rows of each table. "
            "copy: bring a whole library into an empty database of either kind, and compare; after an interruption "
            "the same command goes on."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        super().add_options(parser)
        parser.add_argument("action", choices=["upgrade", "check", "stats", "copy"], help="what to do")
        parser.add_argument("urls", nargs="*", metavar="FROM TO", help="copy: addresses of the two databases")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """See that a copy has two databases, and nothing else has."""
        super().process_options(args, opts)
        if len(opts.urls) != (2 if opts.action == "copy" else 0):
            raise UsageError("copy which database where? newsloom db copy FROM TO", print_help=False)

    def execute(self, opts: argparse.Namespace) -> int:
        """Do it, and return the exit status."""
        if opts.action == "copy":
            return self._copy(*opts.urls, as_json=opts.json)
        if opts.action == "upgrade":
            return self._upgrade(as_json=opts.json)
        with self.database() as engine:
            return (self._check if opts.action == "check" else self._stats)(engine, as_json=opts.json)

    def _upgrade(self, *, as_json: bool) -> int:
        from pipeline.storage.database import upgrade_database  # noqa: PLC0415 - loads SQLAlchemy

        before, after = upgrade_database(self.settings["DATABASE_URL"])
        done = f"schema {after}, nothing to do" if before == after else f"schema {before or '(empty)'} → {after}"
        self._print({"from": before, "to": after}, [done], as_json=as_json)
        return 0

    def _check(self, engine: "Engine", *, as_json: bool) -> int:
        from pipeline.storage.maintenance import check  # noqa: PLC0415

        archive = self.settings["ARCHIVE_DIR"]
        findings = check(engine, Path(archive) if archive else None)
        self._print({"findings": findings}, map(printable, findings), as_json=as_json)
        if not findings and not as_json:
            self.print_line("sound")
        if findings:
            sys.stderr.write(f"newsloom: {len(findings)} finding{'' if len(findings) == 1 else 's'}\n")
        return int(bool(findings))

    def _stats(self, engine: "Engine", *, as_json: bool) -> int:
        from pipeline.storage.maintenance import stats  # noqa: PLC0415

        measured = stats(engine)
        figures = {"schema": measured.schema, "size": measured.size, "rows": measured.rows}
        lines = [f"{'schema':<20}{measured.schema or '-':>14}", f"{'size in bytes':<20}{measured.size:>14,}"]
        lines += [f"{name:<20}{number:>14,}" for name, number in measured.rows.items()]
        self._print(figures, lines, as_json=as_json)
        return 0

    def _copy(self, source: str, target: str, *, as_json: bool) -> int:
        from pipeline.storage.copying import copy_database  # noqa: PLC0415
        from pipeline.storage.database import existing_database, open_database, upgrade_database  # noqa: PLC0415

        with ExitStack() as opened:
            ours = existing_database(source)
            opened.callback(ours.dispose)
            upgrade_database(target)
            theirs = open_database(target)
            opened.callback(theirs.dispose)
            bar = opened.enter_context(tqdm(unit=" rows", leave=False, disable=None))
            counts = copy_database(ours, theirs, lambda _, rows: bar.update(rows))
        total = sum(counts.values())
        lines = [f"{name:<20}{number:>14,}" for name, number in counts.items()]
        self._print({"rows": counts}, [*lines, f"{'copied and compared':<20}{total:>14,}"], as_json=as_json)
        return 0

    def _print(self, result: Record, lines: Iterable[str], *, as_json: bool) -> None:
        for line in [json_line(result)] if as_json else lines:
            self.print_line(line)
