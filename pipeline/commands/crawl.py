"""``newsloom crawl``: Scrapy's own command, whose exit status also tells of faults."""

import argparse

from scrapy import Spider
from scrapy.commands import crawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from pipeline.pipelines import FAULT


class Command(crawl.Command):
    """Runs a spider."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Name the usage line after newsloom."""
        super().add_options(parser)
        parser.usage = (parser.usage or "").replace("scrapy ", "newsloom ", 1)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the spider; a fault, such as a database that cannot be written, is exit status 1."""
        super().run(args, opts)
        if not self.exitcode and self._crawler.stats.get_value(FAULT) is not None:
            self.exitcode = 1

    def _create_crawler(self, spidercls: type[Spider] | str) -> Crawler:
        try:
            self._crawler = super()._create_crawler(spidercls)
        except KeyError as error:
            raise UsageError(f"there is no spider {spidercls}, see: newsloom list", print_help=False) from error
        return self._crawler
