"""``newsloom``: Scrapy's command line with this project's settings preset, in any folder."""

import os
import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version

from pipeline.errors import PipelineError

HELP = {"-h", "--help", "help"}


def main() -> None:
    """Run the command that ``sys.argv`` names; ends with ``SystemExit``."""
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "pipeline.settings")
    command = next((argument for argument in sys.argv[1:] if not argument.startswith("-")), None)
    try:
        if HELP & set(sys.argv[1:2]) or len(sys.argv) == 1:
            sys.stdout.write(_overview())
        elif sys.argv[1] == "--version":
            sys.stdout.write(f"newsloom {version('newsloom')} (Scrapy {version('scrapy')})\n")
        elif command not in {*_names("pipeline.commands"), *_names("scrapy.commands")}:
            cause = f"there is no command {command}" if command else "no command"
            sys.exit(_usage_error(f"{cause}, see: newsloom --help"))
        else:
            _run_scrapy()
    except PipelineError as error:
        sys.exit(_usage_error(str(error)))


def _run_scrapy() -> None:
    from scrapy.cmdline import execute  # noqa: PLC0415 - most of a second, and workers import this module too

    execute()


def _usage_error(message: str) -> int:
    sys.stderr.write(f"newsloom: {message}\n")
    return 2


def _overview() -> str:
    ours = dict(_commands("pipeline.commands"))
    lines = [f"  {name:<13} {text}" for name, text in ours.items()]
    rest = [f"  {name:<13} {text}" for name, text in _commands("scrapy.commands") if name not in ours]
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
    for name in _names(package):
        command = getattr(import_module(f"{package}.{name}"), "Command", None)
        if command is not None:
            yield name, command().short_desc()


def _names(package: str) -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(import_module(package).__path__))


if __name__ == "__main__":
    main()
