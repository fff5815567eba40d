"""Pages that declare nothing: byline and date as readers find them around the headline."""

from datetime import UTC, datetime

import pytest

from pipeline.items import Precision
from tests.extraction.test_metadata import NOW, URL, ld, read

TEXT = "<p>The old bridge over the river has been closed since the flood two years ago, and now it is open again.</p>"


def page(between: str, before: str = "", after: str = "") -> str:
    top = f"<html lang=en><body><header>{before}</header>"
    return f"{top}<article><h1>The bridge is open</h1>{between}{TEXT}</article>{after}"


def labelled(number: int, label: str, data: str) -> str:
    return f"<meta name=twitter:label{number} content='{label}'><meta name=twitter:data{number} content='{data}'>"


@pytest.mark.parametrize(
    ("between", "names", "signal"),
    [
        ("<p>By Jane Doe and John Roe</p>", ["Jane Doe", "John Roe"], "byline"),
        (
            "<div class=article__byline><span>Jane Doe</span><span>John Roe</span></div>",
            ["Jane Doe", "John Roe"],
            "byline",
        ),
        ("<span class=authorName>Jane Doe</span>", ["Jane Doe"], "byline"),
        ("<div>From our desk <a href=/authors/jane-doe>Jane Doe</a></div>", ["Jane Doe"], "a[href*=author]"),
        ("<a rel=author href=/x>Jane Doe</a>", ["Jane Doe"], "a[href*=author]"),
        (
            "<span itemprop=author itemscope><span itemprop=name>Jane Doe</span></span>",
            ["Jane Doe"],
            "[itemprop=author]",
        ),
        ("<p><strong>Jane Doe</strong></p>", ["Jane Doe"], "line"),
        ("<p>Jane Doe</p><p>3 May 2025</p><ul><li>Share</li></ul>", ["Jane Doe"], "line"),
        ("<p>Von Max Mustermann</p>", ["Max Mustermann"], "byline"),
        ("<p>By TPN</p>", ["TPN"], "byline"),
        ("<p class=auteur>Par Jeanne d'Arc, à Rouen</p>", ["Jeanne d'Arc"], "byline"),
        (labelled(2, "Written by", "Jane Doe"), ["Jane Doe"], "twitter:data2"),
        (labelled(1, "Verfasst von", "Jana Doe"), ["Jana Doe"], "twitter:data1"),
        ("<p>By Jane Doe on Monday, May 5th, 2025 at 11:08 a.m.</p>", ["Jane Doe"], "byline"),
        (
            "<a rel=author href=/x>dpa</a><p class=location>Palma, Mallorca</p><p>3 May 2025</p>",
            ["dpa"],
            "a[href*=author]",
        ),
    ],
)
def test_the_byline_near_the_headline(between, names, signal):
    found = read(page(between))
    assert ([author.name for author in found.authors], found.signals["authors"]) == (names, signal)


@pytest.mark.parametrize(
    "between",
    [
        "<p>Read More</p>",
        "<p>By the river people were dancing.</p>",
        "<div class=author-bio>Jane Doe</div>",
        "<a href=/tags/jane-doe>Jane Doe</a>",
        "<p>SUBSCRIBE NOW</p>",
        labelled(1, "Est. reading time", "Jane Doe"),
    ],
)
def test_no_author_is_invented(between):
    assert read(page(between)).authors == ()


def test_a_name_of_the_headline_is_no_byline():
    html = f"<h1>Light Festival opens</h1><p>Light Festival</p>{TEXT}"
    assert read(html).authors == ()


def test_a_bare_name_comes_before_the_site_but_not_before_an_agency():
    def names(author: str) -> list[str]:
        html = page(f"<a rel=author href=/x>{author}</a><p>Jane Doe</p><p>3 May 2025</p>")
        return [a.name for a in read("<meta property=og:site_name content='Example Press'>" + html).authors]

    assert names("Example Press") == ["Jane Doe"]
    assert names("Other Press") == ["Other Press"]


def test_the_byline_is_looked_for_under_the_heading_and_not_under_a_link_with_its_words():
    linked = "<aside><a href=/other><h2>The bridge is really open</h2></a><p>By John Roe</p></aside>"
    head = "<meta property=og:title content='The bridge is really open'>"
    assert read(head + page("<p>By Jane Doe</p>", after=linked)).authors[0].name == "Jane Doe"


def test_authors_of_other_articles_are_not_this_ones():
    assert read(page("", after="<article><h2>Other</h2><a href=/author/x>Jane Doe</a></article>")).authors == ()


def test_a_visible_person_comes_before_a_declared_organisation():
    author = '{"@type":"Organization","name":"Example Paper"}'
    script = f'{{"@type":"NewsArticle","headline":"The bridge is open","author":{author}}}'
    assert [a.name for a in read(ld(script) + page("<p>By Jane Doe</p>")).authors] == ["Jane Doe"]
    assert [a.name for a in read(ld(script) + page("")).authors] == ["Example Paper"]


@pytest.mark.parametrize(
    ("between", "expected", "precision", "signal"),
    [
        (
            "<time datetime='2025-05-03T10:00+02:00'>today</time>",
            "2025-05-03T10:00:00+02:00",
            "minute",
            "time[datetime]",
        ),
        ("<time>3 May 2025</time>", "2025-05-03T00:00:00+00:00", "day", "time"),
        ("<div class=date>3 May 2025, 10:15</div>", "2025-05-03T10:15:00+00:00", "minute", "text"),
        ("<p>Published 3 May 2025 at 10:15 pm</p>", "2025-05-03T22:15:00+00:00", "minute", "text"),
        ("<p class=post-date>03.05.2025</p>", "2025-05-03T00:00:00+00:00", "day", "text"),
        ("<p>By Jane Doe, MS, RD on 3 May 2025</p>", "2025-05-03T00:00:00+00:00", "day", "text"),
        ("<p>By <a href=/x>Jane Doe</a> on 3 May 2025</p>", "2025-05-03T00:00:00+00:00", "day", "text"),
        ("<i></i>" * 90 + "<p class=date>3 May 2025</p>", "2025-05-03T00:00:00+00:00", "day", "text"),
        ("<figure><time datetime=2025-05-03></time></figure>", "2025-05-03T00:00:00+00:00", "day", "time[datetime]"),
    ],
)
def test_the_date_near_the_headline(between, expected, precision, signal):
    found = read(page(between))
    assert found.published is not None
    assert (found.published.isoformat(), found.published_precision, found.signals["published"]) == (
        expected,
        precision,
        signal,
    )


@pytest.mark.parametrize(
    ("between", "published", "modified"),
    [
        ("Posted: May 3, 2025 10:42 a.m. EDT | Updated: May 4, 2025 8:00 a.m. EDT", "03T10:42-04:00", "04T08:00-04:00"),
        ("Published 10:42 AM ET, May 3, 2025, updated 8:00 AM ET, May 4, 2025", "03T10:42-04:00", "04T08:00-04:00"),
        ("Publié le 3 mai 2025 à 10h42, mis à jour le 4 mai 2025 à 8h00", "03T10:42+00:00", "04T08:00+00:00"),
        ("3. Mai 2025, 10:42 Uhr (aktualisiert: 4. Mai 2025, 8:00 Uhr)", "03T10:42+00:00", "04T08:00+00:00"),
    ],
)  # fmt: skip
def test_a_line_can_tell_of_publication_and_change(between, published, modified):
    found = read(page(f"<p>{between}</p>"))
    assert found.published == datetime.fromisoformat(f"2025-05-{published}")
    assert found.modified == datetime.fromisoformat(f"2025-05-{modified}")


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ('{"@type":"Person","name":["Jane Doe","John Roe"]}', ["Jane Doe", "John Roe"]),
        ('{"name":"<a href=\'/x\'>Jane Doe</a>"}', ["Jane Doe"]),
        ('[{"givenName":"Jane","familyName":"Doe"},"John Roe"]', ["Jane Doe", "John Roe"]),
    ],
)
def test_declared_names_of_any_shape(author, names):
    script = f'{{"@type":"NewsArticle","headline":"The bridge is open","datePublished":1746268920,"author":{author}}}'
    found = read(ld(script) + page(""))
    assert [each.name for each in found.authors] == names
    assert found.published == datetime(2025, 5, 3, 10, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    "between",
    [
        "",
        "<p>3 hours ago</p>",
        "<p>Updated 3 May 2025</p>",
        "<p>The court met on 3 May 2024 and adjourned the hearing after two long hours.</p>",
        "<a href=/other>On 3 May 2024</a>",
        "<p class=teaser-date>3 May 2025</p>",
        "<i></i>" * 90 + "<p>3 May 2025</p>",
        "<p class=date>3 May 2031</p>",
        "<p class=date>3 May 1931</p>",
    ],
)
def test_no_date_is_invented(between):
    assert read(page(between)).published is None


def test_a_line_above_the_headline_is_a_date_line_where_it_says_so():
    assert read(page("", before="<p>publié le 3 mai 2025</p>")).published == datetime(2025, 5, 3, tzinfo=UTC)
    assert read(page("", before="<p>Saturday, 3 May 2025</p>")).published is None


def test_an_update_is_no_publication():
    found = read(page("<p class=date>3 May 2025</p><p>Updated: 4 May 2025 09:00</p>"))
    assert found.published == datetime(2025, 5, 3, tzinfo=UTC)
    assert found.modified == datetime(2025, 5, 4, 9, tzinfo=UTC)


def test_the_address_gives_the_day_when_nothing_else_does():
    for path in ("2025/05/03/bridge", "2025-05-03-bridge", "2025/may/03/bridge", "20250503-bridge"):
        found = read(page(""), url=f"https://www.example-paper.com/{path}")
        assert (found.published, found.published_precision) == (datetime(2025, 5, 3, tzinfo=UTC), Precision.DAY)
        assert found.signals["published"] == "url"


def declared(published: str, modified: str = "") -> str:
    script = f'{{"@type":"Article","headline":"A","datePublished":"{published}","dateModified":"{modified}"}}'
    return f"<html lang=en>{ld(script)}<h1>A</h1>"


def test_a_default_date_gives_way_to_the_address():
    found = read(declared("2001-01-01T00:00:00Z"), url="https://www.example-paper.com/2025/05/03/a")
    assert found.published == datetime(2025, 5, 3, tzinfo=UTC)
    assert read(declared("2001-01-01T00:00:00Z")).published is None


def test_an_article_may_appear_some_days_before_the_issue_in_its_address():
    found = read(declared("2025-05-01T10:00:00Z"), url="https://www.example-paper.com/2025/05/12/a")
    assert found.published == datetime(2025, 5, 1, 10, tzinfo=UTC)


def test_a_default_date_gives_way_to_the_one_that_readers_see():
    html = declared("2001-06-01T00:00:00Z") + "<p class=date>3 May 2025, 10:15</p>"
    found = read(html, url="https://www.example-paper.com/2025/05/03/a")
    assert found.published == datetime(2025, 5, 3, 10, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("published", "rest", "expected"),
    [
        ("2025-05-03T10:00:00", "<meta name=date content='2025-05-03T10:00:00+02:00'>", "2025-05-03T10:00:00+02:00"),
        ("2025-05-03T10:00:21", "<meta name=date content='2025-05-03T08:00:21Z'>", "2025-05-03T10:00:21+02:00"),
        ("2025-05-03T10:00:00", "<time datetime='2025-05-05T09:00+02:00'></time>", "2025-05-03T10:00:00+02:00"),
        ("2025-05-03T10:00:00", "<time datetime='2025-01-05T09:00+01:00'></time>", "2025-05-03T10:00:00+00:00"),
        ("2025-05-03", "<meta name=date content='2025-05-03T08:00:21Z'>", "2025-05-03T08:00:21+00:00"),
    ],
)
def test_offset_and_precision_come_from_the_pages_other_times(published, rest, expected):
    found = read(declared(published) + rest)
    assert found.published is not None
    assert found.published.isoformat() == expected


def test_day_and_month_are_set_right_by_evidence():
    modified = "2025-04-03T09:00:00Z"
    assert read(declared("03/04/2025", modified)).published == datetime(2025, 4, 3, tzinfo=UTC)
    assert read(declared("04/03/2025", modified)).published == datetime(2025, 4, 3, tzinfo=UTC)
    assert read(declared("07/05/2025")).published == datetime(2025, 5, 7, tzinfo=UTC)  # 5 July is still to come


def test_the_future_is_no_publication():
    assert NOW.year == 2025
    assert read(declared("2025-06-02T11:00:00Z"), url=URL).published is not None
    assert read(declared("2025-06-03T11:00:00Z"), url=URL).published is None
