"""Whatever was saved before: saving twice is saving once, and the latest capture is current in any order."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.items import Author, RemovedLine
from pipeline.storage.articles import save
from pipeline.storage.filters import ArticleFilter
from pipeline.storage.identity import Outcome
from pipeline.storage.maintenance import check
from pipeline.storage.queries import read_articles
from tests.storage.samples import article, clear, contents, local, rejection

PLACES = st.lists(st.sampled_from(["u1", "u2", "u3"]).map("https://x.example/{}".format), min_size=1, unique=True)
CONTENTS = st.sampled_from(["One.", "Two.", "Three."])
DETAILS = st.fixed_dictionaries(
    {},
    optional={
        "section": st.sampled_from(["Local", "Sport", None]),
        "authors": st.lists(st.sampled_from("AB").map(Author), unique=True).map(tuple),
        "removed": st.lists(st.sampled_from("xy").map(lambda t: RemovedLine(t, "rule")), max_size=2).map(tuple),
    },
)
WEB = st.builds(
    lambda content, places, details: article(content, url=places[0], addresses=tuple(places), **details),
    CONTENTS,
    PLACES,
    DETAILS,
)
LOCAL = st.builds(
    lambda name, content, details: local(name, content, **details), st.sampled_from("pq"), CONTENTS, DETAILS
)
REFUSED = st.builds(rejection, st.sampled_from(["https://z.example/1", "file:///seeds/z"]))


def at_times_of_their_own(items, hour):
    """Two captures of one page differ in time: no page is two things at once."""
    return [replace(item, fetched_at=item.fetched_at.replace(hour=hour, minute=n)) for n, item in enumerate(items)]


def one_content_a_file(items):
    """A folder as it can be: a path holds one content."""
    files = {item.url: item for item in items if item.url.startswith("file:")}
    return [item for item in items if item.url not in files or item is files[item.url]]


ITEMS = st.lists(WEB | LOCAL | REFUSED, max_size=6)
EARLIER = ITEMS.map(lambda items: at_times_of_their_own(items, 13))
FOLDER = ITEMS.map(one_content_a_file).map(lambda items: at_times_of_their_own(items, 14))
FRESH = settings(max_examples=50)


@FRESH
@given(earlier=EARLIER, items=FOLDER, size=st.integers(1, 6))
def test_saving_twice_is_saving_once(engine, earlier, items, size):
    clear(engine)
    save(engine, earlier)
    for start in range(0, len(items), size):
        save(engine, items[start : start + size])
    before = contents(engine)
    again = save(engine, items)
    assert set(again) <= {Outcome.UNCHANGED, Outcome.REJECTED}
    assert contents(engine) == before
    assert check(engine) == []


@FRESH
@given(order=st.permutations(range(4)))
def test_the_latest_capture_is_current_in_any_order(sqlite, order):
    clear(sqlite)
    captures = [article(f"Text {hour}.", hours=hour) for hour in range(4)]
    save(sqlite, [captures[hour] for hour in order])
    (stored,) = read_articles(sqlite, ArticleFilter())
    assert stored.article == captures[-1]
    assert stored.version == order.index(3) + 1
    assert check(sqlite) == []


@FRESH
@given(items=EARLIER)
def test_one_batch_is_as_good_as_many(sqlite, items):
    clear(sqlite)
    one = save(sqlite, items)
    whole = contents(sqlite)
    clear(sqlite)
    assert [save(sqlite, [item])[0] for item in items] == one
    for table in ("addresses", "article_versions", "removed_lines", "rejections"):
        assert len(contents(sqlite)[table]) == len(whole[table])
