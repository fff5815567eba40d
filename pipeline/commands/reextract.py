"""``newsloom reextract``: today's extractor over the archive's pages."""

import argparse
import sys
from collections.abc import Iterator

from scrapy.commands import ScrapyCommand
from tqdm import tqdm

from pipeline.commands.base import INTERRUPTED, NewsloomCommand
from pipeline.commands.crawling import fault, run_crawler, was_interrupted
from pipeline.commands.filters import date_or_time
from pipeline.commands.forms import differences
from pipeline.commands.listing import Column, add_limit, table
from pipeline.differences import Fate
from pipeline.export import json_line, printable
from pipeline.items import Article
from pipeline.rereading import EXPORTED, Rereading, Summary, Verdict, record
from pipeline.workers import prepare

RUN_RECORD = "pipeline.extensions.RunRecord"

SAMPLES = 5
"""Changed articles of which the words that differ are shown."""

TEXT = frozenset({"headline", "body", "updates", "factboxes"})
"""Fields whose words are shown where they differ."""

TOLD = {
    Verdict.SAME: "same",
    Verdict.CHANGED: "changed",
    Verdict.FOUND: "refused before, an article now",
    Verdict.LOST: "an article before, refused now",
    Verdict.REFUSED: "refused for another reason",
}


class Command(NewsloomCommand, ScrapyCommand):
    """Extracts archived pages again."""

    requires_crawler_process = True

    def __init__(self) -> None:
        super().__init__()
        self._json = False
        self._samples = SAMPLES

    def syntax(self) -> str:
        """Arguments in the usage line."""
        return "[options]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Extract archived pages again, and store what is better now"

    def long_desc(self) -> str:
        """What help says."""
        return (
            "Run today's extractor over the pages of the archive, compare with what is stored, and store what differs "
            "as new versions that replace the old ones, which stay as they are. A run that was ended goes on where "
            "it was. Exit status: 0 done, 1 a fault or a page that the archive cannot give, 130 interrupted."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        super().add_options(parser)
        parser.add_argument("--dry-run", action="store_true", help="only tell what would change")
        parser.add_argument("--json", action="store_true", help="one JSON object a line, the summary last")
        only = parser.add_argument_group("Only some pages")
        only.add_argument("--source", metavar="NAME", help="of this source")
        only.add_argument("--host", metavar="NAME", help="of this host")
        only.add_argument("--since", metavar="DATE", type=date_or_time, help="fetched on this day or time, or later")
        only.add_argument("--until", metavar="DATE", type=date_or_time, help="fetched before this day or time")
        add_limit(only, "pages, the first fetched first", 0)

    def execute(self, opts: argparse.Namespace) -> int:
        """Extract, tell, and return the exit status."""
        from pipeline.reextraction import page_judged  # noqa: PLC0415 - loads SQLAlchemy
        from pipeline.storage.captures import CaptureFilter  # noqa: PLC0415

        if self.settings.getint("EXTRACTION_WORKERS"):
            prepare()
        with self.database():
            pass  # a fault here is told before anything is read
        if opts.dry_run:
            self.settings.set("EXTENSIONS", self.settings.getdict("EXTENSIONS") | {RUN_RECORD: None}, "cmdline")
        self._json = opts.json
        crawler = self.crawler_process.create_crawler("reextract")
        crawler.signals.connect(self._tell, page_judged)
        wanted = CaptureFilter(source=opts.source, host=opts.host, since=opts.since, until=opts.until)
        run_crawler(self.crawler_process, crawler, wanted=wanted, limit=opts.limit, dry=opts.dry_run)
        summary: Summary = crawler.spider.summary
        interrupted, failed = was_interrupted(crawler), fault(crawler)
        if self._json:
            told = {"interrupted": interrupted, "fault": failed, "dryRun": opts.dry_run}
            self.print_line(json_line({"summary": summary_record(summary) | told}))
        else:
            for line in summary_lines(summary):
                self.print_line(line)
        if interrupted:
            again = "" if opts.dry_run else "; run the same command again to go on"
            sys.stderr.write(f"newsloom: interrupted{again}\n")
        return INTERRUPTED if interrupted else int(bool(failed or summary.unreadable))

    def _tell(self, page: Rereading) -> None:
        """Name a page that is not the same."""
        if page.verdict is Verdict.SAME:
            return
        for line in [json_line(record(page))] if self._json else self._lines(page):
            tqdm.write(line, file=sys.stdout)

    def _lines(self, page: Rereading) -> Iterator[str]:
        told = ", ".join(f"{EXPORTED[name]} {fate}" for name, fate in page.changed.items())
        which = f"article {page.id}" if page.id else "no article yet"
        what = told or record(page)["reason"] or ""
        yield f"{page.verdict:<8} {which}: {printable(page.made.headline or page.made.url)}{': ' * bool(what)}{what}"
        if page.old and isinstance(page.made, Article) and self._samples and page.changed.keys() & TEXT:
            self._samples -= 1
            yield from (f"    {line}" for line in differences(page.old, page.made))


def summary_record(summary: Summary) -> dict[str, object]:
    """The summary under the names of the exports."""
    fields = {EXPORTED[name]: dict(fates) for name, fates in summary.fields.items() if fates}
    return {**summary.as_json(), "fields": fields}


def summary_lines(summary: Summary) -> Iterator[str]:
    """The summary for people: pages by verdict, then the fields that are not the same everywhere."""
    yield f"{'pages':<32}{summary.taken:>10,}"
    for verdict, told in TOLD.items():
        yield f"  {told:<30}{summary.pages[verdict]:>10,}"
    if summary.unreadable:
        yield f"  {'not to be had from the archive':<30}{summary.unreadable:>10,}"
    rows = [
        [EXPORTED[name], *(f"{fates[fate]:,}" for fate in Fate)]
        for name, fates in summary.fields.items()
        if fates.total() > fates[Fate.SAME]
    ]
    if rows:
        yield ""
        yield from table([Column("field"), *(Column(fate, right=True) for fate in Fate)], rows, None)
