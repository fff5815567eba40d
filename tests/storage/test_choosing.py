"""Choosing articles: what each filter lets through, alone and with another, and that an index serves them all."""

import re
from dataclasses import fields, replace
from datetime import timedelta
from itertools import combinations

import pytest
from sqlalchemy import Engine, event, inspect, text

from pipeline.commands.filters import FIELDS
from pipeline.items import Author, Kind, Reason
from pipeline.search import parse_query
from pipeline.storage import paging, search
from pipeline.storage.articles import save
from pipeline.storage.filters import ArticleFilter
from pipeline.storage.indexing import update_index
from pipeline.storage.queries import list_articles, read_articles, read_rejections
from pipeline.storage.schema import metadata
from pipeline.storage.states import EditFilter, list_edits
from tests.storage.samples import NOON, plain, rejection

ASKED = {
    "source": "odd",
    "since": NOON + timedelta(hours=4, seconds=41),
    "until": NOON + timedelta(hours=28, seconds=42),
    "language": "PT",
    "author": "Marta Ellison",
    "section": "Local",
    "tag": "quay",
    "kind": "opinion",
    "gone": True,
    "revisions": (1, 3),
    "words": parse_query("story numb*"),
}
"""Of each field of a filter one value."""


def lets_through(number: int, field: str) -> bool:
    """Whether the article of a number (see ``filled``) has what is asked for of a field."""
    return {
        "source": number % 2 == 1,
        "since": number >= 5,
        "until": number < 30,
        "language": number % 5 in (1, 2),
        "author": number % 3 > 0,
        "section": number % 4 > 0,
        "tag": number % 5 > 0,
        "kind": number % 7 > 0,
        "gone": number % 3 == 1,
        "revisions": 10 <= number < 30 and number % 3 != 1,
        "words": number % 8 > 0,
    }[field]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Forty articles, the higher their number the newer, four of one minute."""
    items = [
        plain(
            number,
            published=NOON + timedelta(hours=number // 4 * 4, seconds=40 + number % 4),
            source="odd" if number % 2 else "even",
            language=(None, "pt", "pt-BR", "ptx", "en")[number % 5],
            authors=(Author("Marta Ellison"), Author("Marta Ellison", "photo")) if number % 3 else (),
            section="Local" if number % 4 else None,
            tags=("quay", "sea", "quay") if number % 5 else ("sea",),
            kind=Kind.OPINION if number % 7 else Kind.VIDEO,
        )
        for number in range(40)
    ]
    items[::8] = [replace(item, body=item.body[:1], headline="Calm") for item in items[::8]]
    for start in range(0, 40, 10):
        save(engine, items[start : start + 10])
    gone = [
        rejection(item.url, Reason.ERROR_PAGE, status=404, fetched_at=NOON + timedelta(days=9))
        for number, item in enumerate(items)
        if number % 3 == 1
    ]
    save(engine, gone)
    list(update_index(engine))
    return engine


COMBINATIONS = [(), *((field,) for field in ASKED), *combinations(ASKED, 2), *combinations(ASKED, 3)]


def test_every_field_of_the_filter_is_tried_and_is_an_option_or_meant_for_programs():
    assert list(ASKED) == [field.name for field in fields(ArticleFilter)]
    assert set(ASKED) - set(FIELDS) == {"revisions", "words"}


def test_any_fields_together_let_through_what_each_of_them_does_in_order(filled, monkeypatch):
    monkeypatch.setattr(search, "BLOCK", 3)
    assert len(COMBINATIONS) > 200
    for asked in COMBINATIONS:
        numbers = [number for number in range(40) if all(lets_through(number, field) for field in asked)]
        if "revisions" in asked and "words" not in asked:
            numbers.sort(key=lambda number: (number // 10, number))
        wanted = ArticleFilter(**{field: ASKED[field] for field in asked})
        found = [summary.id - 1 for summary in list_articles(filled, wanted)]
        assert found == numbers[::-1], asked


@pytest.mark.parametrize("field", [None, *ASKED])
@pytest.mark.parametrize("size", [1, 7])
def test_pages_neither_repeat_nor_skip(filled, field, size, monkeypatch):
    wanted = ArticleFilter(**{field: ASKED[field]} if field else {})
    whole = [summary.id for summary in list_articles(filled, wanted)]
    monkeypatch.setattr(paging, "PAGE_SIZE", size)
    assert [stored.id for stored in read_articles(filled, wanted)] == whole
    assert [stored.id for stored in read_articles(filled, wanted, 8)] == whole[:8]


STRANGE = ("", "'", '"', "\\", "%", "_", "-", "quay\t", "QUAY", "q" * 100_000, "埠頭", "\U0001f6a2")


@pytest.mark.parametrize("field", ["source", "language", "author", "section", "tag", "kind"])
def test_values_that_no_article_has(filled, field):
    assert [value for value in STRANGE if list(list_articles(filled, ArticleFilter(**{field: value})))] == []


def test_labels_follow_an_article(engine):
    save(engine, [plain(1, tags=("quay",)), plain(2, tags=("quay",))])
    save(engine, [plain(1, tags=("sea",), published=NOON, fetched_at=NOON + timedelta(hours=1))])
    found = {tag: [s.id for s in list_articles(engine, ArticleFilter(tag=tag))] for tag in ("quay", "sea")}
    assert found == {"quay": [2], "sea": [1]}


def test_no_listing_reads_or_sorts_a_whole_table(filled, monkeypatch):
    """What each page of each listing is read along, with thousands of articles and statistics of them.

    Sorted may be the parts of a page's articles and, where PostgreSQL knows that there are few of them, articles.
    """
    save(
        filled,
        [replace(plain(number), fetched_at=NOON + timedelta(days=number), headline="Edited") for number in range(20)],
    )
    multiply(filled, 7)
    monkeypatch.setattr(paging, "PAGE_SIZE", 20)
    plans = Plans(filled)
    for asked in COMBINATIONS:
        wanted = ArticleFilter(**{field: ASKED[field] for field in asked})
        plans.of(asked, lambda wanted=wanted: list_articles(filled, wanted, 60))
    plans.of("rejections", lambda: read_rejections(filled, limit=60))
    plans.of("reason", lambda: read_rejections(filled, Reason.ERROR_PAGE, 60))
    for wanted in (EditFilter(), EditFilter("odd"), EditFilter(since=NOON), EditFilter(silent=True)):
        plans.of(wanted, lambda wanted=wanted: list_edits(filled, wanted, 60))
    assert plans.seen > 400
    assert plans.slow == []


def multiply(engine: Engine, times: int) -> None:
    """Copy all articles and rejections so often, each time twice as many."""
    parts = ("article_versions", "article_labels", "article_authors", "addresses", "images", "removed_lines")
    ids = {"articles": "id", **dict.fromkeys(parts, "article_id"), "rejections": "id"}
    with engine.begin() as connection:
        for step in range(times):
            last = 40 * 2**step
            for table, id_ in ids.items():
                columns = [column["name"] for column in inspect(connection).get_columns(table)]
                values = {id_: f"{id_} + {last}", "address": f"address || '-{step}'"}
                copied = ", ".join(values.get(name, name) for name in columns)
                connection.execute(text(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {copied} FROM {table}"))
        connection.execute(text("ANALYZE"))


def sorts_many(step: str) -> bool:
    found = re.search(r"Sort .*rows=(\d+)", step)
    return bool(found) and int(found[1]) > 100


SCANS = tuple(f"SCAN {table}" for table in metadata.tables)


class Plans:
    """How the database goes about the statements of listings."""

    def __init__(self, engine: Engine) -> None:
        self.seen, self.slow = 0, []
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._name: object = ""
        event.listen(engine, "before_cursor_execute", self._explain)

    def of(self, name: object, listing) -> None:
        """Read a listing to its end."""
        self._name = name
        list(listing())

    def _explain(self, connection, _cursor, statement, parameters, _context, _many) -> None:
        if not statement.startswith("SELECT") or "FROM" not in statement or "search_" in statement:
            return
        self.seen += 1
        cursor, is_page = connection.connection.cursor(), "LIMIT" in statement
        if self._is_sqlite:
            steps = [row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            bad = [s for s in steps if (is_page and "TEMP" in s) or (s.startswith(SCANS) and "INDEX" not in s)]
        else:
            cursor.execute(f"EXPLAIN {statement}", parameters)
            steps = [row[0] for row in cursor]
            bad = [step for step in steps if "Seq Scan" in step or (is_page and sorts_many(step))]
        if bad:
            self.slow.append((self._name, steps))
