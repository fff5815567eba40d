"""The rules of the street hold in this repository, and a planted violation of each is found."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import (
    CRAWLER,
    DATABASE,
    RULES,
    barred_libraries,
    clocks_in_the_core,
    deep_folders,
    environment_readers,
    full_inits,
    import_loops,
    prints,
    strangers,
    upward_imports,
    wide_excepts,
)

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_this_repository_keeps_the_rule(rule):
    assert rule(ROOT) == []


@pytest.mark.parametrize("face", ["pipeline.extraction", "pipeline.items"])
def test_the_core_loads_without_crawler_and_database(face):
    heavy = sorted(CRAWLER | DATABASE)
    code = f"import sys, {face}; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stdout == "[]\n", done.stderr


# Planted violations: the file that is wrong, and words the finding must hold.

SOUND_HOUSE = {
    "__init__.py": "",
    "__main__.py": "import os\nos.environ.setdefault('SCRAPY_SETTINGS_MODULE', 'pipeline.settings')\nimport scrapy\n",
    "config.py": "import os\nurl = os.environ.get('NEWSLOOM_DATABASE_URL')\n",
    "items.py": "from datetime import datetime\n",
    "urls.py": "from urllib.parse import urljoin\n",
    "extraction/__init__.py": "from pipeline.extraction.refine import refine\n",
    "extraction/refine.py": "from pipeline.extraction import dates\nfrom pipeline.items import datetime\n",
    "extraction/dates.py": "",
    "storage/__init__.py": "",
    "storage/tables.py": "import sqlalchemy\n",
    "storage/migrations/versions/0001_first.py": "from alembic import op\n",
    "storage/migrations/env.py": "from alembic import context\nfrom pipeline.storage import tables\n",
    "pipelines.py": "import scrapy\nif TYPE_CHECKING:\n    from sqlalchemy import Engine\n"
    "try:\n    pass\nexcept Exception:\n    pass\n",
    "commands/__init__.py": "",
    "commands/replay.py": "def execute():\n    from pipeline.pipelines import scrapy\n",
}

PLANTED = {
    "unknown module": (strangers, "utils.py", "", "utils.py stands in no room"),
    "unknown folder": (strangers, "helpers/dates.py", "", "helpers/dates.py stands in no room"),
    "name that only begins like a room": (strangers, "urls_extra.py", "", "no room"),
    "upward": (
        upward_imports,
        "items.py",
        "import pipeline.extraction.refine",
        "items.py:1 (items) imports extraction.refine",
    ),
    "upward in a function": (upward_imports, "urls.py", "def f():\n    from pipeline import config", "urls.py:2"),
    "upward for annotations": (
        upward_imports,
        "storage/tables.py",
        "if TYPE_CHECKING:\n    from pipeline.commands.replay import Summary",
        "tables.py:2 (storage) imports commands.replay (commands)",
    ),
    "upward, relative": (
        upward_imports,
        "extraction/dates.py",
        "from ..storage import tables",
        "imports storage.tables",
    ),
    "upward by name": (
        upward_imports,
        "urls.py",
        "import importlib\nimportlib.import_module('pipeline.config')",
        "urls.py:2 (words) imports config",
    ),
    "sideways in the core": (
        upward_imports,
        "discovery/feeds.py",
        "from pipeline.extraction import refine",
        "above it",
    ),
    "loop through a function": (
        import_loops,
        "extraction/dates.py",
        "def f():\n    from pipeline.extraction.refine import refine",
        "extraction.dates",
    ),
    "loop through a package": (
        import_loops,
        "extraction/dates.py",
        "from pipeline.extraction import refine as r",
        "loop",
    ),
    "sqlalchemy in the core": (barred_libraries, "extraction/dates.py", "import sqlalchemy.orm", "imports sqlalchemy"),
    "sqlalchemy in the core's annotations": (
        barred_libraries,
        "items.py",
        "if TYPE_CHECKING:\n    from sqlalchemy import Row",
        "items.py:2 (items) imports sqlalchemy",
    ),
    "sqlalchemy in a command": (
        barred_libraries,
        "commands/replay.py",
        "def f():\n    import sqlalchemy",
        "replay.py:2 (commands) imports sqlalchemy",
    ),
    "scrapy in storage": (barred_libraries, "storage/tables.py", "from scrapy import Item", "imports scrapy"),
    "scrapy in the workers": (barred_libraries, "workers.py", "from scrapy.utils import misc", "imports scrapy"),
    "network in the core": (
        barred_libraries,
        "urls.py",
        "from urllib.request import urlopen",
        "imports urllib.request",
    ),
    "chance in the core": (barred_libraries, "extraction/dates.py", "import random", "imports random"),
    "clock in the core": (
        clocks_in_the_core,
        "items.py",
        "import datetime\ndatetime.datetime.now()",
        "items.py:2 reads",
    ),
    "environment": (environment_readers, "storage/tables.py", "import os\nx = os.environ['HOME']", "tables.py:2 reads"),
    "environment by getenv": (environment_readers, "pipelines.py", "from os import getenv", "pipelines.py:1 reads"),
    "entry that reads": (environment_readers, "__main__.py", "import os\nos.environ.get('A')", "__main__.py:2 reads"),
    "init with code": (full_inits, "storage/__init__.py", "from pipeline.storage import tables", "holds code"),
    "print": (prints, "commands/replay.py", "print('done')", "replay.py:1 prints"),
    "wide except": (wide_excepts, "urls.py", "try:\n    x\nexcept (KeyError, Exception):\n    pass", "urls.py:3"),
    "bare except": (wide_excepts, "storage/tables.py", "try:\n    x\nexcept:\n    pass", "tables.py:3"),
    "deep folder": (deep_folders, "storage/migrations/old/one.py", "", "storage/migrations/old lies deeper"),
}


def build(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / "pipeline" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_sound_house_has_no_findings(rule, tmp_path):
    assert rule(build(tmp_path, SOUND_HOUSE)) == []


@pytest.mark.parametrize("case", PLANTED)
def test_a_planted_violation_is_found(case, tmp_path):
    rule, name, text, expected = PLANTED[case]
    [finding] = rule(build(tmp_path, SOUND_HOUSE | {name: text}))
    assert expected in finding


def test_every_rule_has_a_planted_violation():
    assert {rule for rule, *_ in PLANTED.values()} == set(RULES)
