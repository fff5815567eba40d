"""The real command in a process of its own."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import processes
from tests.processes import ROOT

__all__ = ["ROOT"]

Newsloom = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment() -> dict[str, str]:
    return processes.clean_environment()


@pytest.fixture
def newsloom(tmp_path: Path, environment: dict[str, str]) -> Newsloom:
    """Run ``newsloom …`` in ``tmp_path``; what it printed and its exit status."""

    def run(*arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
        return processes.run(arguments, tmp_path, environment | variables)

    return run
