"""``newsloom crawl``: Scrapy's own command, which ends with the funnel, and whose exit status tells of faults."""

import argparse
import json
import sys

from scrapy.commands import crawl
from scrapy.exceptions import UsageError

from pipeline.commands.base import INTERRUPTED, NewsloomCommand
from pipeline.commands.crawling import fault, run_crawler, was_interrupted
from pipeline.commands.funnels import report
from pipeline.commands.listing import print_lines
from pipeline.extensions import counts
from pipeline.funnel import funnels, record


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
        if opts.json:
            self.print_line(json.dumps({name: record(funnel) for name, funnel in found.items()}))
        else:
            print_lines(self, report(found))
        if self.crawler_process.bootstrap_failed or fault(crawler) is not None:
            return 1
        if was_interrupted(crawler):
            sys.stderr.write("newsloom: interrupted, what was not fetched is left to the next run\n")
            return INTERRUPTED
        return int(any(funnel.failed for funnel in found.values()))
