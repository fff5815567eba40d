"""Searching on both databases: what is found, in which order, and that the index is never stale."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from pipeline.errors import QueryError
from pipeline.items import Author, Block, Factbox, Kind, Update
from pipeline.search import parse_query
from pipeline.storage import indexing, search
from pipeline.storage.articles import save
from pipeline.storage.connection import writing
from pipeline.storage.copying import copy_database
from pipeline.storage.database import open_database
from pipeline.storage.filters import ArticleFilter
from pipeline.storage.indexing import MOST_PLACES, clear_index, update_index, waiting
from pipeline.storage.queries import list_articles
from tests.storage.samples import NOON, article, plain

ALL = ArticleFilter()


def told(number: int, headline: str = "Nothing new", *paragraphs: str, **fields: object):
    """One of many articles, the higher its number the newer by a day; nothing in it but what is said here."""
    empty = {"description": None, "standfirst": None, "updates": (), "factboxes": ()}
    body = tuple(map(Block, paragraphs or ("Nothing.",)))
    values = {"headline": headline, "body": body, "published": NOON + timedelta(days=number)}
    return replace(plain(number), **(empty | values | fields))


def indexed(engine: Engine, *items) -> Engine:
    save(engine, items)
    assert sum(update_index(engine)) == len(items)
    return engine


def found(engine: Engine, query: str, wanted: ArticleFilter = ALL, limit: int = 0) -> list[int]:
    """Ids in order; ids count up from 1 as articles are saved."""
    return [hit.id for hit in search.search(engine, replace(wanted, words=parse_query(query)), limit)]


TEXTS = (
    ("Ferry", "The naïve RÔLE of a café in Łódź."),
    ("Storm", "A role that is naive. The straße is closed."),
    ("東京タワーの話", "新しい京都の店"),
    ("Погода", "Ёлка стоит у дома, أخبار العَرَبِيَّة"),
    ("COVID-19 rules", "Ferries: 3d printing of ferryboats."),
    ("שָׁלוֹם לָעוֹלָם", "ข่าวเรือข้ามฟาก ที่ท่าเรือ", "평양 냉면집이 문을 열었다"),
)


@pytest.fixture
def library(engine):
    return indexed(engine, *(told(number, *texts) for number, texts in enumerate(TEXTS)))


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("role", [2, 1]),
        ("Rôle CAFE lodz", [1]),
        ('"naive role"', [1]),
        ('"role naive"', []),
        ("naive -cafe", [2]),
        ('role -"naive role"', [2]),
        ("strasse", [2]),
        ("ferr*", [1, 5]),
        ('"printing of ferr*"', []),
        ("ferry*", [1, 5]),
        ("東京", [3]),
        ("京", [3]),
        ("京都", [3]),
        ("都京", []),
        ("タワー 店", [3]),
        ('"タワーの"', [3]),
        ("елка", [4]),
        ("العربية", [4]),
        ("שלום", [6]),
        ("עולם", []),
        ("เรือข้าม", [6]),
        ("ท่าเรือ -ferry", [6]),
        ("냉면", [6]),
        ("covid-19", [5]),
        ("covid 19", [5]),
        ("storm ferry", []),
        ('"ferry the"', []),
        ("AND", []),
        ("role OR NOT", []),
        ("words : role ^ + {role}", []),
        ("' \\ role & | ! <-> :* ( )", [2, 1]),
        ("§ ¶ ¦ role", [2, 1]),
        ("ferry\0", [1]),
        ("x" * 70, []),
    ],
)
def test_what_is_found(library, query, ids):
    assert found(library, query) == ids


STRANGE = st.lists(
    st.sampled_from(["role", "naive", "ferr", "東京", "京", "ワ", "العربية", "na\u0131ve", "a", "AND", "NEAR(", "\0"])
    | st.sampled_from([*"\"*-+^:&|!<>()[]{}\\'%_§¶¦ ", "<->", ":*", "\u200f", "\ud800", "\U0001f6a2"])
    | st.text(max_size=3),
    max_size=12,
)


@settings(max_examples=60)
@given(STRANGE.map("".join) | STRANGE.map(" ".join))
def test_any_query_is_answered_alike_everywhere_or_refused(library, on_sqlite, typed):
    try:
        wanted = ArticleFilter(words=parse_query(typed))
    except QueryError:
        return
    hits = [(hit.id, hit.score) for hit in search.search(library, wanted)]
    assert hits == [(hit.id, hit.score) for hit in search.search(on_sqlite, wanted)]
    assert sorted(id_ for id_, _ in hits) == sorted(summary.id for summary in list_articles(library, wanted))


SAID = [
    ["to", "be", "or", "not", "to", "be"], ["be", "to", "sea", "the", "or"], ["or", "not", "it", "is"], ["sea", "it"]
]  # fmt: skip


@pytest.fixture
def short_words(engine):
    """Articles of nothing but short words; the headline of each is its first two."""
    return indexed(engine, *(told(n, " ".join(words[:2]), " ".join(words[2:])) for n, words in enumerate(SAID)))


@settings(max_examples=60)
@given(st.lists(st.sampled_from(["to", "be", "or", "not", "sea", "it", "the"]), min_size=2, max_size=4), st.booleans())
def test_a_phrase_of_short_words_is_found_where_they_stand_in_a_row(short_words, phrase, is_prefix):
    is_prefix = is_prefix and len(phrase[-1]) > 2
    query = f'"{" ".join(phrase)}"' if not is_prefix else f"{'-'.join(phrase)}*"
    wanted = [
        number
        for number, words in reversed(list(enumerate(SAID)))
        if any(f" {' '.join(phrase)} " in f" {' '.join(part)} " for part in (words[:2], words[2:]))
    ]
    assert sorted(found(short_words, query), reverse=True) == [number + 1 for number in wanted]


@pytest.fixture
def on_sqlite(tmp_path):
    """The library again."""
    engine = open_database(f"sqlite:///{tmp_path}/other.db")
    yield indexed(engine, *(told(number, *texts) for number, texts in enumerate(TEXTS)))
    engine.dispose()


def test_every_text_of_an_article_is_found(engine):
    parts = {
        "description": "alpha",
        "standfirst": "beta",
        "updates": (Update(None, "gamma", "delta"),),
        "factboxes": (Factbox("epsilon", ("zeta", "eta")),),
    }
    indexed(engine, told(1, "theta", "iota", "kappa", **parts))
    for word in ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"):
        assert found(engine, word) == [1], word
    for phrase in ("theta iota", "iota kappa", "zeta eta", "theta theta"):
        assert found(engine, f'"{phrase}"') == [], phrase


FILTERED = {
    "source": ("source", "Harbour Post", ["Harbour", "harbour post", ""]),
    "section": ("section", "Local", ["local", "Loc"]),
    "author": ("author", "Marta Ellison", ["Ellison"]),
    "tag": ("tag", "quay", ["Quay", "ship"]),
    "kind": ("kind", "opinion", ["article", "live_blog"]),
    "language": ("language", "pt-BR", ["pt-PT", "p", "pt-B"]),
    "beginning of a language": ("language", "PT", ["BR"]),
}


@pytest.mark.parametrize("name", FILTERED)
def test_filters_take_exact_values(engine, name):
    field, value, others = FILTERED[name]
    matching = told(
        1, "Storm", source="Harbour Post", section="Local", authors=(Author("Marta Ellison"),), tags=("quay", "sea")
    )
    other = {
        "source": "Other",
        "section": "Sport",
        "authors": (Author("Ivo Brandt"),),
        "language": "en",
        "kind": Kind.VIDEO,
        "tags": ("harbour",),
    }
    indexed(engine, replace(matching, language="pt-BR"), told(2, "Storm", **other))
    assert found(engine, "storm", ArticleFilter(**{field: value})) == [1]
    assert [found(engine, "storm", ArticleFilter(**{field: other})) for other in others] == [[]] * len(others)


def test_times_count_to_the_minute_from_the_first_to_before_the_last(engine):
    indexed(engine, *(told(n, "Storm", published=NOON + timedelta(minutes=n)) for n in range(4)))
    wanted = ArticleFilter(since=NOON + timedelta(minutes=1), until=NOON + timedelta(minutes=3))
    assert found(engine, "storm", wanted) == [3, 2]


@pytest.mark.parametrize("year", [1, 1969, 9999])
def test_any_date_can_be_indexed(engine, year):
    indexed(engine, told(1, "Storm", published=NOON.replace(year=year)))
    assert found(engine, "storm") == [1]


def test_words_in_the_headline_come_first_then_the_newest(engine):
    indexed(
        engine,
        told(300, "Calm", "Storm and tide."),
        told(290, "Calm", "Storm and tide."),
        told(1, "Storm and tide"),
        told(2, "Storm tide"),
        told(150, "Storm", "The tide."),
    )
    assert found(engine, "storm tide") == [4, 3, 1, 5, 2]
    assert found(engine, "storm tide", limit=2) == [4, 3]


def test_equally_good_ones_stand_newest_first_then_by_id(engine):
    indexed(engine, *(told(n, "Storm", published=NOON) for n in range(3)))
    assert found(engine, "storm") == [3, 2, 1]


@pytest.mark.parametrize("query", ["storm", "storm century", '"storm of"'])
def test_an_old_article_is_found_by_its_headline_among_many_new_ones(engine, monkeypatch, query):
    monkeypatch.setattr(search, "RANKED", 5)
    new = (told(n, "Calm", "A storm of the century.") for n in range(1, 20))
    indexed(engine, told(0, "Storm of the century"), *new)
    assert found(engine, query, limit=3) == [1, 20, 19]
    assert len(found(engine, query)) == 20


def test_a_hit_shows_where_the_words_stand(engine):
    indexed(engine, told(1, "The storm returns", "Calm. " * 100, "Then the Störm came."))
    (hit,) = search.search(engine, ArticleFilter(words=parse_query("storm")))
    assert [hit.headline.text[a:b] for a, b in hit.headline.hits] == ["storm"]
    assert [hit.text.text[a:b] for a, b in hit.text.hits] == ["Störm"]
    assert (hit.url, hit.source, hit.language) == ("https://harbourpost.example/1", "Harbour Post", "en")


def test_a_changed_article_is_found_by_what_it_says_now(engine):
    indexed(engine, article("The ferry vanished."), told(2, "Storm"))
    save(engine, [article("The bus leaves.", hours=1, published=NOON)])
    assert waiting(engine) == 1
    assert found(engine, "vanished") == [1]
    assert sum(update_index(engine)) == 1
    assert (found(engine, "vanished"), found(engine, "leaves"), found(engine, "storm")) == ([], [1], [2])
    assert waiting(engine) == 0


def test_a_replay_queues_nothing(engine):
    indexed(engine, article("One."))
    save(engine, [article("One.")])
    assert waiting(engine) == 0


def test_an_article_written_while_it_was_being_indexed_stays_queued(engine):
    """Another process indexes a later state between this one's reading and its writing."""
    save(engine, [article("The ferry vanished.")])

    @event.listens_for(engine, "before_cursor_execute")
    def meanwhile(_connection, _cursor, statement, *_):
        if "article_versions.headline" in statement and not happened:
            happened.append(True)
            save(engine, [article("The bus leaves.", hours=1)])
            list(update_index(engine))

    happened = []
    assert sum(update_index(engine)) <= 1
    assert (found(engine, "vanished"), found(engine, "leaves"), waiting(engine)) == ([], [1], 0)


def test_the_index_can_be_made_anew(library, monkeypatch):
    monkeypatch.setattr(indexing, "BATCH", 2)
    with writing(library) as connection:
        clear_index(connection)
    assert found(library, "role") == []
    assert list(update_index(library)) == [2, 2, 2]
    assert found(library, "role") == [2, 1]


def test_a_copied_library_is_found_by_its_words(library, tmp_path):
    copy = open_database(f"sqlite:///{tmp_path}/copy.db")
    copy_database(library, copy, lambda *_: None)
    assert waiting(copy) == len(TEXTS)
    assert sum(update_index(copy)) == len(TEXTS)
    assert found(copy, "role") == [2, 1]
    copy.dispose()


def test_a_huge_article_is_indexed_as_far_as_both_databases_can(engine):
    long = "storm " * 1000 + "tide " + " ".join(f"{n:x}𝕬{'語' * 3}{'я' * 64}" for n in range(20_000))
    indexed(engine, told(1, "H " * 500, long), told(2, "Calm", "the storm " * (MOST_PLACES + 50) + "the tide"))
    assert found(engine, "tide") == [2, 1]
    assert found(engine, '"the storm"') == [2]


@pytest.mark.parametrize("query", ["storm", '"the storm"', "storm -calm", "sto*"])
def test_no_search_looks_at_every_article(engine, query):
    indexed(engine, *(told(n, "Storm", "The storm.") for n in range(30)))
    plans = []

    @event.listens_for(engine, "before_cursor_execute")
    def explain(connection, _cursor, statement, parameters, *_):
        if "search_index" in statement or "FROM articles" in statement:
            cursor = connection.connection.cursor()
            if engine.dialect.name == "sqlite":
                plans.extend(row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))
            else:
                cursor.execute("SET LOCAL enable_seqscan = off")  # so few rows are not worth an index
                plans.extend(row[0] for row in cursor.execute(f"EXPLAIN {statement}", parameters))

    assert len(found(engine, query)) == 30
    assert plans
    read_whole = [
        step for step in plans if "Seq Scan" in step or ("SCAN" in step and "VIRTUAL TABLE INDEX" not in step)
    ]
    assert read_whole == []
