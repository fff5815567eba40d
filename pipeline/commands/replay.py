"""``newsloom replay``: local files through the same road as a crawl, into the database."""

import argparse
import glob
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from scrapy import signals
from scrapy.commands import ScrapyCommand
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.utils.conf import feed_process_params_from_cli
from tqdm import tqdm

from pipeline.commands.base import INTERRUPTED, NewsloomCommand
from pipeline.commands.crawling import fault, run_crawler, was_interrupted
from pipeline.commands.filters import date_or_time
from pipeline.export import printable
from pipeline.extensions import counts
from pipeline.items import UNREADABLE_REASONS, Reason, Rejection
from pipeline.pipelines import Rejected
from pipeline.spiders.wanted import Wanted
from pipeline.workers import prepare

DEFAULT_PATH = "seeds"
REFUSED_SHOWN = 20
REJECTED = "articles/rejected/"
PASSED_OVER = "files/passed_over/"


@dataclass(slots=True)
class Report:
    """What a replay did; the keys of ``--json``.

    files: read to their end. skipped: passed over in folders, their extension being unknown. rejected: reason → pages.
    unreadable: pages that could not be had at all, part of ``rejected``. passed_over: kind → pages that the filters
    leave out, and records of WARC files that are no pages. resumed: WARC files taken up where an earlier run had ended.
    unread: files found but not read when it was interrupted. unlisted: folders not yet looked into then. fault: what
    ended the replay early, or None. refused: the first few pages refused.
    """

    files: int = 0
    skipped: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    unreadable: int = 0
    passed_over: dict[str, int] = field(default_factory=dict)
    resumed: int = 0
    seconds: float = 0.0
    interrupted: bool = False
    unread: int = 0
    unlisted: int = 0
    fault: str | None = None
    refused: list[dict[str, str]] = field(default_factory=list)

    @property
    def exitcode(self) -> int:
        """Exit status: 130 interrupted, 1 a fault or something unreadable, 0 all read."""
        return INTERRUPTED if self.interrupted else int(bool(self.fault or self.unreadable))


class Command(NewsloomCommand, ScrapyCommand):
    """Replays files."""

    requires_crawler_process = True

    def __init__(self) -> None:
        super().__init__()
        self._refused: list[Rejection] = []

    def syntax(self) -> str:
        """Arguments in the usage line."""
        return "[options] [PATH …]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Make articles of local files and store them"

    def long_desc(self) -> str:
        """What help says."""
        return (
            "Make articles of local files and store them: .txt, .html, .htm, .xhtml and .jsonl, each also .gz, .zst "
            "or .br, and web archives: .warc, .warc.gz, .warc.zst. A second replay of the same files changes nothing; "
            "one that was ended goes on where it was. Exit status: 0 all read, 1 something could not be read or "
            "stored, 2 wrong usage, 130 interrupted."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        super().add_options(parser)
        parser.add_argument(
            "paths", nargs="*", metavar="PATH", default=[DEFAULT_PATH], help="file, folder or pattern (default: seeds)"
        )
        only = parser.add_argument_group("Only some pages")
        only.add_argument("--host", metavar="NAME", action="append", default=[], help="of this host or one below it")
        only.add_argument("--lang", metavar="CODE", action="append", default=[], help="articles in this language")
        only.add_argument("--since", metavar="DATE", type=date_or_time, help="fetched on this day or time, or later")
        only.add_argument("--until", metavar="DATE", type=date_or_time, help="fetched before this day or time")
        only.add_argument("--match", metavar="REGEX", type=_pattern, default="", help="whose address it is found in")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")
        parser.add_argument(
            "-o", "--output", metavar="FILE", action="append", help="also append the articles to FILE (.jsonl, .csv, …)"
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check everything before anything is read. argparse leaves paths behind an option to us."""
        paths = [argument for argument in args if not argument.startswith("-")]
        super().process_options([argument for argument in args if argument not in paths], opts)
        opts.paths = [found for path in (*opts.paths, *paths) for found in _found(path)]
        if opts.output:
            feeds = feed_process_params_from_cli(self.settings, opts.output)
            self.settings.set("FEEDS", feeds, priority="cmdline")
        self.settings.set("SPIDER_MODULES", ["pipeline.spiders.files"])  # the others load what asks for pages

    def execute(self, opts: argparse.Namespace) -> int:
        """Replay, report, and return the exit status."""
        if self.settings.getint("EXTRACTION_WORKERS"):
            prepare()
        with self.database():
            pass  # a fault here is told before anything is read
        crawler = self.crawler_process.create_crawler("files")
        crawler.signals.connect(self._refuse, signals.item_dropped)
        hosts, languages = (tuple(sorted(name.lower() for name in names)) for names in (opts.host, opts.lang))
        wanted = Wanted(hosts, opts.since, opts.until, opts.match, languages)
        run_crawler(self.crawler_process, crawler, paths=opts.paths, wanted=wanted)
        report = _report(crawler, self._refused)
        if opts.json:
            self.print_line(json.dumps({name: getattr(report, name) for name in Report.__slots__}))
        else:
            for line in _table(report):
                self.print_line(line)
        _warn(report)
        return report.exitcode

    def _refuse(self, exception: Exception) -> None:
        """Name a page at once that could not be read or is too large; keep the first refused ones for the report."""
        if not isinstance(exception, Rejected):
            return
        rejection = exception.rejection
        if rejection.reason in (*UNREADABLE_REASONS, Reason.TOO_LARGE):
            tqdm.write(
                f"newsloom: {_shown(rejection.url)}: {rejection.reason}: {printable(rejection.detail)}", file=sys.stderr
            )
        if len(self._refused) < REFUSED_SHOWN:
            self._refused.append(rejection)


def _found(path: str) -> list[str]:
    """The path itself, or what it matches as a pattern."""
    found = [path] if os.path.lexists(path) else sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
    if not found:
        raise UsageError(f"there is no file or folder {path}", print_help=False)
    return found


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no regular expression: {error}") from error
    return text


def _report(crawler: Crawler, refused: list[Rejection]) -> Report:
    counted = counts(crawler)
    rejected, passed_over = (
        {name.removeprefix(kind): n for name, n in counted.items() if name.startswith(kind)}
        for kind in (REJECTED, PASSED_OVER)
    )
    stats = crawler.stats
    return Report(
        files=counted.get("files/done", 0) - counted.get("files/unreadable", 0),
        skipped=counted.get("files/skipped", 0),
        new=counted.get("articles/new", 0),
        updated=counted.get("articles/updated", 0),
        unchanged=counted.get("articles/unchanged", 0),
        rejected=rejected,
        unreadable=sum(rejected.get(reason, 0) for reason in UNREADABLE_REASONS),
        passed_over=passed_over,
        resumed=counted.get("files/resumed", 0),
        seconds=round(stats.get_value("elapsed_time_seconds", 0.0), 2),
        interrupted=was_interrupted(crawler),
        unread=counted.get("files/found", 0) - counted.get("files/done", 0),
        unlisted=counted.get("files/folders_left", 0),
        fault=fault(crawler),
        refused=[{"url": r.url, "reason": r.reason, "detail": r.detail} for r in refused],
    )


def _table(report: Report) -> Iterator[str]:
    yield _row("files read", report.files)
    if report.skipped:
        yield _row("files skipped", report.skipped)
    if report.resumed:
        yield _row("files resumed", report.resumed)
    yield _row("articles new", report.new)
    yield _row("articles updated", report.updated)
    yield _row("articles unchanged", report.unchanged)
    yield _row("rejected", sum(report.rejected.values()))
    yield from (_row(f"  {reason}", number) for reason, number in report.rejected.items())
    yield _row("unreadable", report.unreadable)
    if report.passed_over:
        yield _row("passed over", sum(report.passed_over.values()))
        yield from (_row(f"  {kind}", number) for kind, number in report.passed_over.items())
    yield f"{'seconds':<20}{report.seconds:>10.1f}"
    if not report.refused:
        return
    yield ""
    yield "refused:"
    for page in report.refused:
        yield f"  {page['reason']:<15} {_shown(page['url'])}: {printable(page['detail'])}"
    more = sum(report.rejected.values()) - len(report.refused)
    if more > 0:
        yield f"  … and {more:,} more: newsloom rejections"


def _row(label: str, number: int) -> str:
    return f"{label:<20}{number:>10,}"


def _warn(report: Report) -> None:
    if report.interrupted:
        least = "at least " if report.unlisted else ""
        files = f"{report.unread:,} file{' was' if report.unread == 1 else 's were'}"
        sys.stderr.write(f"newsloom: interrupted, {least}{files} not read; run the same command again to complete\n")


def _shown(url: str) -> str:
    """A page's name for a person: the path of a local file, below the working directory where it is there."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        return printable(url)
    path = os.fsdecode(unquote_to_bytes(parts.path)).removeprefix(f"{Path.cwd()}/")
    return printable(f"{path}#{parts.fragment}" if parts.fragment else path)
