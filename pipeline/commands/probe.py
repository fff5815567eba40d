"""``newsloom probe``: whether a site can be a source, and its entry for sources.toml."""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from typing import Any, cast

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from pipeline.commands.base import INTERRUPTED, NewsloomCommand
from pipeline.commands.crawling import was_interrupted
from pipeline.commands.fetching import cause_of, run_for
from pipeline.commands.listing import Column, print_lines, table, when
from pipeline.commands.probing import Report, Rules, Tried, report_of
from pipeline.commands.refining import refine_all
from pipeline.explain import bylines, moment
from pipeline.export import printable, record
from pipeline.items import Article, Rejection
from pipeline.sources import Source, as_toml
from pipeline.spiders.definitions import require_contact
from pipeline.spiders.probe import Findings, ProbeSpider
from pipeline.subscriptions import typed_address
from pipeline.text import word_count

FIRST_LINES = 2
LONGEST_LINE = 160  # characters of a body's line that are shown

COLUMNS = (
    Column("listing"),
    Column("kind"),
    Column("pages", right=True),
    Column("newest"),
    Column("remark"),
)


class Command(NewsloomCommand, ScrapyCommand):
    """Looks at a site."""

    def syntax(self) -> str:
        """Arguments in the usage line."""
        return "[options] URL"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Look whether a site can be a source, and print its entry"

    def long_desc(self) -> str:
        """What help says."""
        return (
            "Look for a site's feeds, sitemaps and sections, fetch three of the pages they name, and print what they "
            "would be stored as and an entry for the sources file; or say why the site cannot be a source. Nothing is "
            "stored. robots.txt is obeyed. Exit status: 0 an entry, 1 none, 2 wrong usage, 130 interrupted."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        super().add_options(parser)
        parser.add_argument("url", metavar="URL", help="the site's front page, or one of its feeds or sitemaps")
        parser.add_argument("--json", action="store_true", help="everything as one JSON object")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check everything before anything is fetched."""
        super().process_options(args, opts)
        if typed_address(opts.url) is None:
            raise UsageError(f"{opts.url} is no web address such as https://www.example.org/", print_help=False)

    def execute(self, opts: argparse.Namespace) -> int:
        """Look, print what was found, and return the exit status."""
        url = cast("str", typed_address(opts.url))
        require_contact(self.settings, [Source(url=url)])
        crawler = run_for(ProbeSpider, url, self.settings)
        findings: Findings | None = getattr(crawler.spider, "findings", None)
        if findings is None or not findings.whole or was_interrupted(crawler):
            return INTERRUPTED
        report = self._judge(url, findings)
        if opts.json:
            self.print_line(json.dumps(_record(report), ensure_ascii=False))
            return int(report.entry is None)
        print_lines(self, _lines(report))
        if report.entry is None:
            sys.stderr.write(f"newsloom: {printable(f'{report.url}: no source: {report.why}')}\n")
        return int(report.entry is None)

    def _judge(self, url: str, findings: Findings) -> Report:
        cause = cause_of(findings.error, self.settings) if findings.error else ""
        pages = [page for page in (findings.front, *(sample.page for sample in findings.samples)) if page]
        return report_of(url, findings, cause, asyncio.run(refine_all(pages, self.settings)))


def _lines(report: Report) -> Iterator[str]:
    yield printable(report.url)
    yield f"robots.txt {printable(_told(report.robots))}"
    if report.listings:
        yield ""
    rows = [
        ["  " * found.is_child + printable(found.url), str(found.kind), f"{found.entries:,}",
         when(found.newest), printable(_remark(found.children, found.fault))]
        for found in report.listings
    ]  # fmt: skip
    yield from table(COLUMNS, rows, None)
    for number, sample in enumerate(report.samples, 1):
        yield ""
        yield printable(f"sample {number}: {sample.url}")
        yield from (f"  {printable(line)}" for line in _shown(sample))
    if report.entry:
        yield ""
        yield as_toml([report.entry]).rstrip("\n")


def _told(rules: Rules) -> str:
    """What robots.txt says, in words."""
    if rules.verdict == "allowed" and (rules.status is None or rules.status >= 300):
        told = "is not there: everything is allowed"
    else:
        told = {
            "allowed": "allows it",
            "forbidden": f"forbids it: {rules.rule}",
            "unreadable": f"cannot be read ({rules.status or 'no answer'}): nothing is allowed",
            "not asked": "was not asked for",
        }[rules.verdict]
    return f"{told}; it asks for {rules.delay:g} s between two requests" if rules.delay else told


def _remark(children: int, fault: str) -> str:
    index = f"an index of {children:,} sitemap{'' if children == 1 else 's'}" if children else ""
    return ", ".join(filter(None, (index, fault)))


def _shown(sample: Tried) -> Iterator[str]:
    """A sample as it would be stored."""
    item = sample.item
    if item is None:
        yield f"lost: {sample.loss}"
    elif isinstance(item, Rejection):
        yield f"refused: {item.reason}: {item.detail}"
    else:
        yield from _article(item)


def _article(article: Article) -> Iterator[str]:
    yield article.headline
    if article.authors:
        yield f"By {bylines(article.authors)}"
    published = moment(article.published, article.published_precision)
    yield f"Published {published} ({article.signals.get('published', '')})" if published else "No date"
    words = word_count(article.text)
    yield ", ".join([f"{words:,} words", f"language {article.language or 'unknown'}", *_evidence(article)])
    for block in article.body[:FIRST_LINES]:
        yield block.text if len(block.text) <= LONGEST_LINE else f"{block.text[:LONGEST_LINE]}…"


def _evidence(article: Article) -> Iterator[str]:
    if article.paywall:
        yield f"a paywall: {article.paywall}"
    if article.robots:
        yield f"asks of crawlers: {', '.join(article.robots)}"


def _record(report: Report) -> dict[str, Any]:
    """The report as plain JSON types."""
    robots = report.robots
    return {
        "url": report.url,
        "robots": {
            "verdict": robots.verdict, "rule": robots.rule, "status": robots.status, "crawlDelay": robots.delay,
        },
        "listings": [
            {
                "url": found.url, "kind": str(found.kind), "pages": found.entries, "children": found.children,
                "newest": found.newest.isoformat() if found.newest else None, "fault": found.fault,
            }
            for found in report.listings
        ],
        "samples": [
            {
                "url": sample.url, "loss": sample.loss,
                "article": record(sample.item) if isinstance(sample.item, Article) else None,
                "rejection": record(sample.item) if isinstance(sample.item, Rejection) else None,
            }
            for sample in report.samples
        ],
        "entry": report.entry,
        "why": report.why,
    }  # fmt: skip
