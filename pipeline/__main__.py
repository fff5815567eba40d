"""``newsloom``: Scrapy's command line with this project's settings preset, in any folder."""

import os
import pkgutil
import sys
from collections.abc import Iterator
from errno import ENOSPC
from importlib import import_module
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.config import from_environment
from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from scrapy.commands import ScrapyCommand

HELP = {"-h", "--help", "help"}
PACKAGES = ("pipeline.commands", "scrapy.commands")
REFINING = ("replay", "crawl", "schedule")


def main() -> None:
    """Run the command that ``sys.argv`` names; ends with ``SystemExit``."""
    _prepare_streams()
    status: int | str | None = 0
    try:
        try:
            _run()
        except SystemExit as ended:
            status = ended.code
        sys.stdout.flush()  # at exit it would be too late to say a word
    except BrokenPipeError:  # the reader of our output went away, as `| head` does
        _write_no_more()
    except OSError as error:
        if error.errno != ENOSPC:
            raise
        _write_no_more()
        sys.stderr.write("newsloom: the output cannot be written: the disk is full\n")
        status = 1
    sys.exit(status)


def _prepare_streams() -> None:
    """Stand in for streams that were closed, as with `>&-`; escape what a terminal's encoding does not have."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open to the end
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _write_no_more() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run() -> None:
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "pipeline.settings")
    command = next((argument for argument in sys.argv[1:] if not argument.startswith("-")), None)
    try:
        if command in REFINING and not HELP & set(sys.argv):
            _load_extractor()
        if HELP & set(sys.argv[1:2]) or len(sys.argv) == 1:
            sys.stdout.write(_overview())
        elif sys.argv[1] == "--version":
            sys.stdout.write(f"newsloom {version('newsloom')} (Scrapy {version('scrapy')})\n")
        elif not command or not any(_command(package, command) for package in PACKAGES):
            cause = f"there is no command {command}" if command else "no command"
            sys.exit(_usage_error(f"{cause}, see: newsloom --help"))
        else:
            _run_scrapy(command)
    except PipelineError as error:
        sys.exit(_usage_error(str(error)))


def _load_extractor() -> None:
    """Have the process that workers are forked from load the extractor, while this one loads Scrapy."""
    from pipeline.workers import prepare  # noqa: PLC0415 - other commands need no workers

    if from_environment().extraction_workers:
        prepare()


def _run_scrapy(command: str) -> None:
    from scrapy.cmdline import execute  # noqa: PLC0415 - most of a second, and workers import this module too
    from scrapy.utils.project import get_project_settings  # noqa: PLC0415 - the same

    settings = None
    if _command("pipeline.commands", command):
        settings = get_project_settings()
        settings.set("COMMANDS_MODULE", f"pipeline.commands.{command}")  # else Scrapy imports all, to see what there is
    execute(settings=settings)


def _usage_error(message: str) -> int:
    sys.stderr.write(f"newsloom: {message}\n")
    return 2


def _overview() -> str:
    ours, theirs = (dict(_commands(package)) for package in PACKAGES)
    lines = [f"  {name:<13} {text}" for name, text in ours.items()]
    rest = [f"  {name:<13} {text}" for name, text in theirs.items() if name not in ours]
    return "\n".join(
        [
            "Usage: newsloom <command> [options] [arguments]",
            "",
            "News pages in, clean, dated, attributed, versioned articles out.",
            "",
            *lines,
            "",
            "Scrapy's own, with newsloom's settings:",
            *rest,
            "",
            "newsloom <command> -h tells more about a command, newsloom --version which version this is.",
            "",
        ]
    )


def _commands(package: str) -> Iterator[tuple[str, str]]:
    """Name and one line about each command of a package, in order of the names."""
    for name in sorted(_modules(package)):
        command = _command(package, name)
        if command is not None:
            yield name, command().short_desc()


def _command(package: str, name: str) -> "type[ScrapyCommand] | None":
    """The command of this name; None where a module has the name but is no command."""
    return getattr(import_module(f"{package}.{name}"), "Command", None) if name in _modules(package) else None


def _modules(package: str) -> set[str]:
    return {module.name for module in pkgutil.iter_modules(import_module(package).__path__)}


if __name__ == "__main__":
    main()
