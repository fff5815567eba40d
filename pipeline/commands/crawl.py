"""``newsloom crawl``: Scrapy's own command, whose exit status also tells of faults."""

import argparse
from typing import Any

from scrapy.commands import crawl
from scrapy.exceptions import UsageError

from pipeline.commands.base import check_settings, run_crawler, told
from pipeline.errors import PipelineError
from pipeline.pipelines import FAULT


class Command(crawl.Command):
    """Runs a spider."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Name the usage line after newsloom."""
        super().add_options(parser)
        parser.usage = (parser.usage or "").replace("scrapy ", "newsloom ", 1)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check the settings before anything is started."""
        super().process_options(args, opts)
        settings: Any = self.settings
        check_settings(settings)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the spider; a fault, such as a database that cannot be written, is exit status 1."""
        if len(args) != 1:
            raise UsageError("name one spider, see: newsloom list", print_help=False)
        process: Any = self.crawler_process
        try:
            crawler = process.create_crawler(args[0])
        except KeyError as error:
            raise UsageError(f"there is no spider {args[0]}, see: newsloom list", print_help=False) from error
        try:
            run_crawler(process, crawler, **opts.spargs)
        except PipelineError as error:
            self.exitcode = told(error)
        else:
            self.exitcode = int(process.bootstrap_failed or crawler.stats.get_value(FAULT) is not None)
