"""``newsloom export``: articles as a file for other tools."""

import argparse
import sys
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from tqdm import tqdm

from pipeline.commands.base import NewsloomCommand
from pipeline.commands.filters import add_filters, add_matching, filter_of
from pipeline.commands.indexing import try_to_catch_up
from pipeline.commands.listing import add_limit
from pipeline.commands.warcs import WARCS, write_warc
from pipeline.export import Record, article_record
from pipeline.storage.filters import ArticleFilter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from pipeline.formats import Entry
    from pipeline.storage.assembling import StoredArticle
    from pipeline.storage.captures import Capture

    Export = Callable[[Engine, ArticleFilter, argparse.Namespace], int]

FORMATS = ("jsonl", "csv", "parquet", "markdown", "rss", "warc")
STDOUT = "-"
NAMED = 10
"""Ids of articles that are told of at most."""


class Command(NewsloomCommand, ScrapyCommand):
    """Writes articles to a file."""

    def syntax(self) -> str:
        """Arguments in the usage line."""
        return "--format FORMAT --out FILE [options]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Write articles to a file: JSON lines, CSV, Parquet, Markdown, RSS; or their pages: WARC"

    def long_desc(self) -> str:
        """What help says."""
        return (
            "Write articles to a new file, which appears when it is whole; the newest first. With --since-export NAME "
            "only those that were stored or changed since the last export of that name. As warc: the archived pages "
            "that the articles were made of. Exit status: 0 done, 1 the "
            "file cannot be written, 2 wrong usage."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        super().add_options(parser)
        parser.add_argument("--format", choices=FORMATS, required=True, help="what to write")
        parser.add_argument("--out", metavar="FILE", required=True, help="where to; - for standard output")
        parser.add_argument("--overwrite", action="store_true", help="replace a file that is there")
        parser.add_argument(
            "--since-export", metavar="NAME", help="only what is new or changed since the last export of this name"
        )
        choosing = parser.add_argument_group("Choose")
        add_filters(choosing)
        add_matching(choosing)
        add_limit(choosing, "articles", default=0)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse what does not go together."""
        super().process_options(args, opts)
        if opts.format == "warc" and not opts.out.endswith(WARCS):
            raise UsageError(f"--format warc needs a file: --out NAME{' or NAME'.join(WARCS)}", print_help=False)
        if opts.since_export is not None and opts.limit:
            raise UsageError("--since-export takes all: what --limit leaves out would never come", print_help=False)

    def execute(self, opts: argparse.Namespace) -> int:
        """Write the file, and return the exit status."""
        wanted = filter_of(opts)
        export = self._export_pages if opts.format == "warc" else self._export
        with self.database() as engine:
            if wanted.words:
                try_to_catch_up(engine)
            if opts.since_export is None:
                return export(engine, wanted, opts)
            return self._export_changes(export, engine, wanted, opts)

    def _export_changes(
        self, export: "Export", engine: "Engine", wanted: ArticleFilter, opts: argparse.Namespace
    ) -> int:
        """Export what changed since the last time; that is noted once the file is there."""
        from pipeline.storage.bookmarks import note_bookmarks, read_bookmarks  # noqa: PLC0415 - loads SQLAlchemy
        from pipeline.storage.queries import last_revision  # noqa: PLC0415

        job = f"export {opts.since_export}"
        noted = read_bookmarks(engine, job).get(job, {"revision": -1})
        last = last_revision(engine)
        status = export(engine, replace(wanted, revisions=(noted["revision"], last)), opts)
        if status == 0:
            note_bookmarks(engine, {job: {"revision": last}}, datetime.now(UTC))
        return status

    def _export_pages(self, engine: "Engine", wanted: ArticleFilter, opts: argparse.Namespace) -> int:
        from pipeline.storage.archived import ArchivedPages  # noqa: PLC0415
        from pipeline.storage.pages import pages_of  # noqa: PLC0415

        count = 0
        without: list[str] = []

        def choose() -> "Iterator[Capture]":
            nonlocal count
            count, without[:] = 0, []  # it is asked more than once
            for article_id, captures in pages_of(engine, wanted, opts.limit):
                count += 1
                if not captures:
                    without.append(str(article_id))
                yield from captures

        archive = ArchivedPages(self.archive_folder, engine)
        pages, faults = write_warc(archive, choose, Path(opts.out), overwrite=opts.overwrite)
        if without:
            named = ", ".join(without[:NAMED]) + (" …" if len(without) > NAMED else "")
            sys.stderr.write(f"newsloom: no page in the archive of {_counted(len(without), 'article')}: {named}\n")
        has_file = count > len(without)
        told = f"{_counted(pages, 'page')} of {_counted(count - len(without), 'article')}"
        sys.stderr.write(f"newsloom: {told}{f' to {opts.out}' if has_file else ', no file'}\n")
        return int(bool(faults) or (count > 0 and not has_file))

    def _export(self, engine: "Engine", wanted: ArticleFilter, opts: argparse.Namespace) -> int:
        from pipeline.formats import FORMATS as WRITERS  # noqa: PLC0415 - loads lxml
        from pipeline.storage.queries import read_articles  # noqa: PLC0415

        found = read_articles(engine, wanted, opts.limit)
        count = 0

        def entries() -> "Iterator[Entry]":
            nonlocal count
            for stored in tqdm(found, unit=" articles", leave=False, disable=None):
                count += 1
                yield stored.article, _record(stored)

        with _sink(opts) as file:
            for piece in WRITERS[opts.format](entries()):
                file.write(piece)
        sys.stderr.write(f"newsloom: {_counted(count, 'article')} to {opts.out}\n")
        return 0


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _record(stored: "StoredArticle") -> Record:
    return article_record(stored.article, stored.id, stored.version, stored.gone_at, stored.gone_status)


def _sink(opts: argparse.Namespace) -> AbstractContextManager[BinaryIO]:
    """What is written to."""
    from pipeline.storage.newfile import new_file  # noqa: PLC0415

    if opts.out == STDOUT:
        return _stdout()
    return new_file(Path(opts.out), overwrite=opts.overwrite)


@contextmanager
def _stdout() -> "Iterator[BinaryIO]":
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()  # nothing is noted as exported before it is out
