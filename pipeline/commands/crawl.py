"""``newsloom crawl``: Scrapy's own command, whose exit status also tells of faults."""

import argparse

from scrapy.commands import crawl
from scrapy.exceptions import UsageError

from pipeline.commands.base import NewsloomCommand
from pipeline.commands.crawling import fault, run_crawler


class Command(NewsloomCommand, crawl.Command):
    """Runs a spider."""

    requires_crawler_process = True

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        super().add_options(parser)
        parser.add_argument("spider", metavar="SPIDER", help="name of a spider, see: newsloom list")

    def execute(self, opts: argparse.Namespace) -> int:
        """Run the spider, and return the exit status."""
        with self.database():
            pass  # a fault here is told before anything is asked for
        try:
            crawler = self.crawler_process.create_crawler(opts.spider)
        except KeyError as error:
            raise UsageError(f"there is no spider {opts.spider}, see: newsloom list", print_help=False) from error
        run_crawler(self.crawler_process, crawler, **opts.spargs)
        return int(self.crawler_process.bootstrap_failed or fault(crawler) is not None)
