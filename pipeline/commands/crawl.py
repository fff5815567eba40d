"""``newsloom crawl``: Scrapy's own command, which ends with the funnel, and whose exit status tells of faults."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping

from scrapy.commands import crawl
from scrapy.exceptions import UsageError

from pipeline.commands.base import NewsloomCommand
from pipeline.commands.crawling import fault, run_crawler
from pipeline.export import printable
from pipeline.extensions import counts
from pipeline.funnel import Funnel, funnels, record, table


class Command(NewsloomCommand, crawl.Command):
    """Runs a spider."""

    requires_crawler_process = True

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        super().add_options(parser)
        parser.add_argument("spider", metavar="SPIDER", help="name of a spider, see: newsloom list")
        parser.add_argument("--json", action="store_true", help="print the funnel as one JSON object")

    def execute(self, opts: argparse.Namespace) -> int:
        """Run the spider, and return the exit status."""
        with self.database():
            pass  # a fault here is told before anything is asked for
        try:
            crawler = self.crawler_process.create_crawler(opts.spider)
        except KeyError as error:
            raise UsageError(f"there is no spider {opts.spider}, see: newsloom list", print_help=False) from error
        run_crawler(self.crawler_process, crawler, **opts.spargs)
        found = funnels(counts(crawler))
        if found:
            sys.stdout.writelines(_told(found, as_json=opts.json))
        failed = any(funnel.failed for funnel in found.values())
        return int(self.crawler_process.bootstrap_failed or failed or fault(crawler) is not None)


def _told(found: Mapping[str, Funnel], *, as_json: bool) -> Iterator[str]:
    lines = [json.dumps({name: record(funnel) for name, funnel in found.items()})] if as_json else table(found)
    return (f"{printable(line)}\n" for line in lines)
