"""Golden pages: ``tests/pages/<case>/`` holds a page, where it came from, and what must become of it.

``pytest tests/test_golden.py --accept`` writes down what becomes of each page now; read the difference before you
commit it.
"""

import json
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.export import record
from pipeline.extraction import refine
from pipeline.items import Article, Media, RawPage

PAGES = Path(__file__).parent / "pages"
CASES = sorted(path for path in PAGES.iterdir() if path.is_dir())


def page_of(case: Path) -> RawPage:
    """The page of a case, as a spider would have handed it over."""
    [body] = case.glob("page.*")
    meta = json.loads((case / "meta.json").read_text())
    fetched_at, media = datetime.fromisoformat(meta.pop("fetched_at")), Media(meta.pop("media"))
    return RawPage(body=body.read_bytes(), fetched_at=fetched_at, media=media, **meta)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_page_becomes_what_was_accepted(case, request):
    made = refine(page_of(case))
    name = "article.json" if isinstance(made, Article) else "rejection.json"
    found = json.dumps(record(made), ensure_ascii=False, indent=1) + "\n"
    if request.config.getoption("--accept"):
        for old in (*case.glob("article.json"), *case.glob("rejection.json")):
            old.unlink()
        (case / name).write_text(found)
    [accepted] = [*case.glob("article.json"), *case.glob("rejection.json")]
    assert (name, found) == (accepted.name, accepted.read_text())


def test_there_are_golden_articles_and_golden_rejections():
    assert len(list(PAGES.glob("*/article.json"))) >= 8
    assert len(list(PAGES.glob("*/rejection.json"))) >= 2
