"""docs/library.md does what it says: its sessions are run, in the folder of the checkout."""

import doctest
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from pipeline.extraction import refine
from pipeline.items import RawPage

ROOT = Path(__file__).parent.parent


def test_the_documented_sessions_are_true(monkeypatch):
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(ROOT / "docs/library.md"), module_relative=False)
    assert (failed, tried > 15) == (0, True)


def test_the_workers_of_the_docs_extract(tmp_path):
    text = (ROOT / "docs/library.md").read_text()
    code = text.partition("```python\n")[2].partition("```")[0]
    pages = (
        "from datetime import UTC, datetime\nfrom pathlib import Path\nfrom pipeline.items import RawPage\n"
        f"body = Path({str(ROOT / 'seeds/last-lighthouse-keepers.html')!r}).read_bytes()\n"
        "pages = [RawPage(f'https://ledger.example.org/{n}', body, datetime.now(UTC)) for n in range(3)]\n"
    )
    script = tmp_path / "run.py"
    script.write_text(f"{pages}{code}    print([article.headline[:12] for article in articles])\n")
    done = subprocess.run(
        [sys.executable, script],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert done.stdout == f"{['The last two'] * 3}\n", done.stderr


def test_threads_give_what_one_after_the_other_gives():
    pages = [
        RawPage(url=path.as_uri(), body=path.read_bytes(), fetched_at=datetime(2026, 1, 1, tzinfo=UTC))
        for path in sorted((ROOT / "seeds").glob("*.html"))
    ]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(refine, pages * 3)) == list(map(refine, pages)) * 3
