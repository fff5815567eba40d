"""Runs of ``newsloom``, each in a process of its own that is forked from one which has loaded everything.

A process begun from nothing takes a second or two until it has imported what it needs, and another for its workers.
Tests of how a process begins, of signals and of workers begin theirs themselves.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
TIMEOUT = 100.0

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.warm"])


def clean_environment() -> dict[str, str]:
    """This process's environment without anything that is meant for newsloom or Scrapy."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NEWSLOOM_", "SCRAPY_"))}
    return kept | {"PYTHONPATH": str(ROOT), "NEWSLOOM_EXTRACTION_WORKERS": "0"}


def run(
    arguments: Sequence[object], folder: Path, environment: Mapping[str, str], timeout: float = TIMEOUT
) -> subprocess.CompletedProcess[str]:
    """``newsloom ARGUMENTS`` in a folder: its exit status and what it printed."""
    command = ["newsloom", *map(str, arguments)]
    with tempfile.TemporaryDirectory() as printed:
        out, err = Path(printed) / "out", Path(printed) / "err"
        process = _context.Process(target=_newsloom, args=(command, folder, dict(environment), out, err))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(command, timeout, out.read_bytes(), err.read_bytes())
        return subprocess.CompletedProcess(command, process.exitcode, out.read_text("utf-8"), err.read_text("utf-8"))


def run_anew(
    arguments: Sequence[object], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """The same in a process that loads all it needs itself, as another edition of the package has to be."""
    command = [sys.executable, "-m", "pipeline", *map(str, arguments)]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=TIMEOUT
    )


def _newsloom(command: list[str], folder: Path, environment: dict[str, str], out: Path, err: Path) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored by the process that this one is forked from
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for descriptor, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), descriptor)
    sys.argv = command
    sys.path[0] = ""
    from pipeline.__main__ import main  # noqa: PLC0415 - not for the process that asks for runs

    main()
