"""``newsloom rejections``: what was refused, and why."""

import argparse
import sys
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand

from pipeline.commands.base import NewsloomCommand
from pipeline.commands.listing import Column, add_limit, print_lines, table, terminal_width, when
from pipeline.export import json_line, printable, rejection_record
from pipeline.items import Reason

if TYPE_CHECKING:
    from pipeline.storage.queries import StoredRejection

COLUMNS = (
    Column("id", right=True),
    Column("fetched"),
    Column("reason"),
    Column("url", shrinks=True),
    Column("detail", shrinks=True),
)


class Command(NewsloomCommand, ScrapyCommand):
    """Lists rejections."""

    def syntax(self) -> str:
        """Arguments in the usage line."""
        return "[options]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "List the pages that were refused, and why"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument(
            "--reason",
            choices=[str(reason) for reason in Reason],
            metavar="REASON",
            help=f"only pages refused for this reason: {', '.join(Reason)}",
        )
        add_limit(parser, "pages, the last fetched first")

    def execute(self, opts: argparse.Namespace) -> int:
        """List them, and return the exit status."""
        from pipeline.storage.queries import read_rejections  # noqa: PLC0415 - loads SQLAlchemy

        with self.database() as engine:
            found = read_rejections(engine, opts.reason and Reason(opts.reason), opts.limit)
            if opts.json:
                printed = print_lines(self, (json_line(rejection_record(r.rejection, r.id)) for r in found))
            else:
                printed = print_lines(self, table(COLUMNS, [_row(stored) for stored in found], terminal_width()))
        if not printed:
            of_reason = f" as {opts.reason}" if opts.reason else ""
            sys.stderr.write(f"newsloom: nothing was refused{of_reason}\n")
        return 0


def _row(stored: "StoredRejection") -> list[str]:
    page = stored.rejection
    return [
        str(stored.id),
        when(page.fetched_at),
        page.reason,
        printable(page.url),
        printable(page.detail),
    ]
