"""``newsloom health``: what is wrong with sources or with newsloom itself; notices of it."""

import argparse
import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from pipeline.commands.base import NewsloomCommand
from pipeline.commands.listing import Column, print_lines, table, terminal_width, when
from pipeline.export import printable
from pipeline.findings import Finding
from pipeline.items import isoformat
from pipeline.spiders.definitions import read_sources

COLUMNS = (Column("kind"), Column("source"), Column("since"), Column("what", shrinks=True))


class Command(NewsloomCommand, ScrapyCommand):
    """Tells how newsloom is."""

    def syntax(self) -> str:
        """Arguments in the usage line."""
        return "[options]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Tell what is wrong with sources or with newsloom itself"

    def long_desc(self) -> str:
        """What help says."""
        return "Looks at what past runs wrote down. Exit status: 0 all is well, 1 something is wrong, 2 usage."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print the findings as one JSON object")
        parser.add_argument("--notify", action="store_true", help="also send notices of what is new or over")
        parser.add_argument("--test-notice", action="store_true", help="only send a notice, to see that it arrives")

    def execute(self, opts: argparse.Namespace) -> int:
        """Look, tell, and return the exit status."""
        from pipeline.health import look, send, tell  # noqa: PLC0415 - loads SQLAlchemy

        notify = str(self.settings["NOTIFY"])
        if opts.test_notice:
            if opts.notify or opts.json:
                raise UsageError("--test-notice looks at nothing and takes no other option", print_help=False)
            send(notify, "newsloom: a test", "This is how newsloom will tell you that something is wrong, or over.")
            number = len(notify.split())
            self.print_line(f"sent to {number} address{'' if number == 1 else 'es'}")
            return 0
        now = datetime.now(UTC)
        with self.database() as engine:
            found = look(engine, now, self._sources())
            if opts.json:
                self.print_line(json.dumps({"ok": not found, "findings": [_record(finding) for finding in found]}))
            elif not print_lines(self, table(COLUMNS, [_row(finding) for finding in found], terminal_width())):
                self.print_line("all is well")
            if opts.notify:
                tell(engine, found, now, notify, timedelta(hours=self.settings.getfloat("NOTIFY_COOLDOWN")))
        return int(bool(found))

    def _sources(self) -> Collection[str] | None:
        """The sources that are crawled; None where no file names any."""
        path = self.settings["SOURCES_FILE"]
        return {source.name for source in read_sources(path) if source.enabled} if Path(path).exists() else None


def _row(finding: Finding) -> list[str]:
    return [finding.kind, printable(finding.source), when(finding.since), printable(finding.told)]


def _record(finding: Finding) -> dict[str, str | None]:
    return {
        "kind": finding.kind,
        "source": finding.source or None,
        "since": isoformat(finding.since),
        "told": finding.told,
    }
