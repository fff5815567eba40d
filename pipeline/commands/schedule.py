"""``newsloom schedule``: asks every source as often as it deserves, until it is told to end."""

import argparse

from scrapy.commands import ScrapyCommand

from pipeline.commands.base import NewsloomCommand


class Command(NewsloomCommand, ScrapyCommand):
    """Runs the scheduler."""

    requires_crawler_process = True

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Ask the sources for news, each as often as it deserves, until it is ended"

    def long_desc(self) -> str:
        """What help says."""
        return (
            "Runs what `newsloom crawl news -a due=1` does, whenever something is due. SIGTERM and Ctrl-C end it when "
            "what is under way is stored (STOP_DEADLINE), SIGHUP has it read the sources file anew. Exit status: 0 it "
            "was ended, 1 a fault, or another scheduler is at work and --no-wait was given."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        super().add_options(parser)
        parser.add_argument("--no-wait", action="store_true", help="leave where another scheduler is at work")

    def execute(self, opts: argparse.Namespace) -> int:
        """Work until a signal ends it."""
        from pipeline.service import Service  # noqa: PLC0415 - SQLAlchemy, for who needs it

        Service(self.crawler_process, self.settings, wait=not opts.no_wait).run()
        return 0
