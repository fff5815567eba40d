"""The real command in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
Newsloom = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NEWSLOOM_", "SCRAPY_"))}
    return kept | {"PYTHONPATH": str(ROOT), "NEWSLOOM_EXTRACTION_WORKERS": "1"}


@pytest.fixture
def newsloom(tmp_path: Path, environment: dict[str, str]) -> Newsloom:
    """Run ``newsloom …`` in ``tmp_path``; what it printed and its exit status."""

    def run(*arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pipeline", *map(str, arguments)]
        return subprocess.run(
            command, cwd=tmp_path, env=environment | variables, capture_output=True, text=True, check=False, timeout=100
        )

    return run
