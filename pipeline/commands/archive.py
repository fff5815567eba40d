"""``newsloom archive``: looking after the archive of fetched pages."""

import argparse
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from tqdm import tqdm

from pipeline.commands.base import NewsloomCommand
from pipeline.commands.filters import date_or_time
from pipeline.commands.listing import Column, add_limit, print_lines, table, terminal_width, when
from pipeline.commands.warcs import WARCS, write_warc
from pipeline.durations import duration
from pipeline.export import Record, json_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from pipeline.storage.captures import Capture
    from pipeline.storage.holdings import Holding

USES = {
    "stats": (),
    "verify": (),
    "prune": ("older_than", "collection", "dry_run"),
    "export": ("warc", "source", "since", "until", "host", "limit"),
}
"""Uses, and the options that each takes beside --json."""

NEEDED = {"prune": "older_than", "export": "warc"}

COLUMNS = (
    Column("collection"),
    *(Column(title, right=True) for title in ("files", "bytes", "pages", "revisits", "bytes of pages")),
    Column("first"),
    Column("last"),
    *(Column(title, right=True) for title in ("unrefined", "unreadable")),
)


class Command(NewsloomCommand, ScrapyCommand):
    """Measures, verifies, prunes and exports the archive."""

    def syntax(self) -> str:
        """Arguments in the usage line."""
        return "stats | verify | prune --older-than AGE | export --warc OUT [options]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Measure, verify, prune or export the archive of fetched pages"

    def long_desc(self) -> str:
        """What help says."""
        return (
            "stats: what there is of each collection and source. verify: read every page, and say what is damaged and "
            "which articles that concerns. prune: delete files all of whose pages are older. export: write pages to a "
            "WARC file. Exit status: 0 done, 1 something is damaged, 2 wrong usage, 130 interrupted."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        super().add_options(parser)
        parser.add_argument("use", choices=USES, help="what to do")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        pruning = parser.add_argument_group("Prune")
        pruning.add_argument("--older-than", type=_age, metavar="AGE", help="such as 90d, 12w or 2y")
        pruning.add_argument("--collection", metavar="NAME", help="only files of this collection")
        pruning.add_argument("--dry-run", action="store_true", help="only say what would be deleted")
        exporting = parser.add_argument_group("Export")
        exporting.add_argument("--warc", type=_warc, metavar="OUT", help="a new file, .warc.gz or .warc.zst")
        exporting.add_argument("--source", metavar="NAME", help="only pages of this source")
        exporting.add_argument(
            "--since", type=date_or_time, metavar="DATE", help="only pages fetched on this day or time and after"
        )
        exporting.add_argument("--until", type=date_or_time, metavar="DATE", help="only pages fetched before")
        exporting.add_argument("--host", metavar="HOST", help="only pages of this host")
        add_limit(exporting, "pages, the first fetched first", default=0)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse options of another use."""
        super().process_options(args, opts)
        needed = NEEDED.get(opts.use)
        if needed and getattr(opts, needed) is None:
            raise UsageError(f"{opts.use} needs {_spelled(needed)}", print_help=False)
        for use, options in USES.items():
            for option in options:
                if use != opts.use and getattr(opts, option):
                    raise UsageError(f"{_spelled(option)} goes with {use}", print_help=False)

    def execute(self, opts: argparse.Namespace) -> int:
        """Do it, and return the exit status."""
        uses = {"stats": self._stats, "verify": self._verify, "prune": self._prune, "export": self._export}
        with self.database() as engine:
            return uses[opts.use](engine, opts)

    def _stats(self, engine: "Engine", opts: argparse.Namespace) -> int:
        from pipeline.storage.holdings import holdings  # noqa: PLC0415 - loads SQLAlchemy

        found = holdings(engine)
        if opts.json:
            print_lines(self, (json_line(_record(holding)) for holding in found))
        elif not print_lines(self, table(COLUMNS, [_row(holding) for holding in found], terminal_width())):
            sys.stderr.write("newsloom: nothing is archived yet\n")
        return 0

    def _verify(self, engine: "Engine", opts: argparse.Namespace) -> int:
        from pipeline.storage.captures import read_files  # noqa: PLC0415
        from pipeline.storage.inspection import Inspection  # noqa: PLC0415

        inspection, faults = Inspection(self.archive_folder, engine), []
        size = sum(file.size for file in read_files(engine))
        with tqdm(total=size, unit="B", unit_scale=True, leave=False, disable=None) as bar:
            for fault in inspection.faults(bar.update):
                faults.append(fault)
                self._tell(printable(fault.text), opts)
        lost = list(inspection.lost_versions())
        for version in lost:
            state = "the current one, " if version.current else ""
            self._tell(f"article {version.article}, version {version.version}: {state}its page cannot be read", opts)
        figures = {"files": inspection.files, "pages": inspection.pages, "bytes": inspection.size}
        if opts.json:
            self.print_line(
                json_line({**figures, "faults": list(map(asdict, faults)), "versions": list(map(asdict, lost))})
            )
        elif not faults:
            self.print_line(f"sound: {_counted(figures)}")
        if faults:
            damaged = f"{len(inspection.lost):,} damaged pages, {len(lost):,} versions of articles without theirs"
            number = f"{len(faults):,} fault{'' if len(faults) == 1 else 's'}"
            sys.stderr.write(f"newsloom: {number} in {_counted(figures)}: {damaged}\n")
        return int(bool(faults))

    def _prune(self, engine: "Engine", opts: argparse.Namespace) -> int:
        from pipeline.storage.pruning import prune  # noqa: PLC0415

        before = datetime.now(UTC) - opts.older_than
        deleted: list[Record] = []
        kept: list[Record] = []
        for file in prune(engine, self.archive_folder, before, opts.collection, dry_run=opts.dry_run):
            said = {"file": file.name, "pages": file.pages, "bytes": file.size}
            (kept if file.kept else deleted).append(said | ({"why": file.kept} if file.kept else {}))
            done = f"kept, {file.kept}" if file.kept else "to be deleted" if opts.dry_run else "deleted"
            self._tell(f"{printable(file.name)}: {done}: {file.pages:,} pages, {file.size:,} bytes", opts)
        if opts.json:
            self.print_line(json_line({"deleted": deleted, "kept": kept, "dryRun": opts.dry_run}))
        elif not deleted:
            sys.stderr.write("newsloom: nothing is to be deleted\n")
        return 0

    def _export(self, engine: "Engine", opts: argparse.Namespace) -> int:
        from pipeline.storage.archived import ArchivedPages  # noqa: PLC0415
        from pipeline.storage.captures import CaptureFilter, count_captures, read_captures  # noqa: PLC0415

        wanted = CaptureFilter(source=opts.source, since=opts.since, until=opts.until, host=opts.host)
        limit = opts.limit or None
        number = min(filter(None, (count_captures(engine, wanted), limit)), default=0)

        def chosen() -> "Iterator[Capture]":
            return islice(read_captures(engine, wanted), limit)

        pages, faults = write_warc(ArchivedPages(self.archive_folder, engine), chosen, opts.warc, number)
        if not number:
            sys.stderr.write("newsloom: no page in the archive matches\n")
            return 1
        size = opts.warc.stat().st_size
        line = f"{opts.warc}: {pages:,} pages, {size:,} bytes"
        self.print_line(json_line({"pages": pages, "bytes": size, "faults": faults}) if opts.json else printable(line))
        return int(bool(faults))

    def _tell(self, line: str, opts: argparse.Namespace) -> None:
        if not opts.json:
            tqdm.write(line)


def _record(holding: "Holding") -> Record:
    times = {name: time and time.isoformat() for name, time in (("first", holding.first), ("last", holding.last))}
    return asdict(holding) | times


def _row(holding: "Holding") -> list[str]:
    name = printable(holding.collection if holding.source is None else holding.source or "-")
    figures = (holding.files, holding.stored, holding.pages, holding.revisits, holding.size)
    left = (holding.unrefined, holding.unreadable)
    return [
        name if holding.source is None else f"  {name}",
        *("" if figure is None else f"{figure:,}" for figure in figures),
        when(holding.first),
        when(holding.last),
        *(f"{figure:,}" for figure in left),
    ]


def _counted(figures: dict[str, int]) -> str:
    return ", ".join(
        f"{figure:,} {name.removesuffix('s') if figure == 1 else name}" for name, figure in figures.items()
    )


def _spelled(option: str) -> str:
    return f"--{option.replace('_', '-')}"


def _age(text: str) -> timedelta:
    try:
        return duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no age such as 90d, 12w or 2y") from error


def _warc(text: str) -> Path:
    if not text.endswith(WARCS):
        raise argparse.ArgumentTypeError(f"{text!r} does not end in {' or '.join(WARCS)}")
    return Path(text)
