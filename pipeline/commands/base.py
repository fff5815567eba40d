"""What all of newsloom's commands share. No command itself: Scrapy collects those by class."""

import argparse
import os
import sys

from scrapy.exceptions import UsageError

from pipeline.errors import PipelineError


class NewsloomCommand:
    """Mixin before a Scrapy command class: strict arguments, faults as one line, results on stdout.

    A command declares every argument in ``add_options`` (positional ones too), and implements
    ``execute(opts) -> int``, its exit status: 0 done, 1 a fault, 2 a usage error (raised as ``UsageError``).
    """

    requires_project = True
    requires_crawler_process = False
    exitcode = 0

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Name the usage line after newsloom."""
        super().add_options(parser)  # type: ignore[misc]
        parser.usage = (parser.usage or "").replace("scrapy ", "newsloom ", 1)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse what argparse left over: Scrapy itself would pass it on in silence."""
        if args:
            raise UsageError(f"unrecognized arguments: {' '.join(args)}", print_help=False)
        super().process_options(args, opts)  # type: ignore[misc]

    def run(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002 - Scrapy's signature
        """Run ``execute``; a fault of ours is one line on stderr and exit status 1."""
        try:
            self.exitcode = self.execute(opts)
        except PipelineError as error:
            sys.stderr.write(f"newsloom: {error}\n")
            self.exitcode = 1
        except BrokenPipeError:  # the reader of our output went away, as `| head` does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def execute(self, opts: argparse.Namespace) -> int:
        """Do the command's work and return its exit status."""
        raise NotImplementedError

    def print_line(self, text: str = "") -> None:
        """Write one line of the command's result; what the terminal cannot encode is escaped."""
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
