"""Articles as files of each format, read back with the format's own tools."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import etree
from pyarrow import parquet

from pipeline.discovery.listings import read_listing
from pipeline.export import RECORD_NAMES, article_record
from pipeline.formats import FORMATS, GROUP
from pipeline.items import Article, Author, Block, BlockKind, Image, Precision, RemovedLine, SiteRules

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ARTICLE = Article(
    url="https://news.example/ferry",
    headline='Ferry, "late"; <b>again</b>\x07',
    body=(
        Block("It left at ten."),
        Block("Why", BlockKind.HEADING, 3),
        Block("Fog, of course", BlockKind.LIST_ITEM),
        Block("= Wind & tide", BlockKind.LIST_ITEM),
        Block("フェリーは遅れた。", BlockKind.QUOTE),
    ),
    fetched_at=NOON,
    source="news",
    digest="d" * 64,
    addresses=("https://news.example/ferry",),
    extractor="newsloom-1",
    description="Late.",
    authors=(Author("Ada Lee"), Author("Wire", "agency")),
    published=NOON,
    published_precision=Precision.MINUTE,
    section="Coast",
    tags=("sea", "fog"),
    images=(Image("https://news.example/a.jpg", "The quay"),),
    removed=(RemovedLine("12 comments", "share-box"),),
    signals={"headline": "json-ld"},
    rules=SiteRules(prune=(".ad",)),
)
BARE = replace(ARTICLE, headline="Bare", body=(), authors=(), published=None, published_precision=None, signals={})


def written(name: str, *articles: Article) -> bytes:
    entries = ((article, article_record(article, number, 2)) for number, article in enumerate(articles, 1))
    return b"".join(FORMATS[name](entries))


def test_json_lines_are_the_records():
    lines = written("jsonl", ARTICLE, BARE).decode().splitlines()
    assert [json.loads(line) for line in lines] == [article_record(ARTICLE, 1, 2), article_record(BARE, 2, 2)]


def test_csv_has_a_line_of_names_and_a_row_each():
    rows = list(csv.DictReader(io.StringIO(written("csv", ARTICLE, BARE).decode(), newline="")))
    assert tuple(rows[0]) == RECORD_NAMES
    told = article_record(ARTICLE, 1, 2)
    assert rows[0]["headline"] == told["headline"]
    assert json.loads(rows[0]["authors"]) == told["authors"]
    assert (rows[1]["datePublished"], rows[1]["id"]) == ("", "2")


def test_parquet_is_typed():
    table = parquet.read_table(io.BytesIO(written("parquet", ARTICLE, BARE)))
    assert tuple(table.column_names) == RECORD_NAMES
    first, second = table.to_pylist()
    assert (first["datePublished"], second["datePublished"]) == (NOON, None)
    assert first["authors"] == [{"name": "Ada Lee", "role": None}, {"name": "Wire", "role": "agency"}]
    assert (first["tags"], dict(first["sources"])) == (["sea", "fog"], {"headline": "json-ld"})
    assert json.loads(first["siteRules"]) == {"prune": [".ad"]}


def test_parquet_has_a_row_group_for_so_many_articles():
    file = parquet.ParquetFile(io.BytesIO(written("parquet", *[BARE] * (GROUP + 1))))
    assert [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)] == [GROUP, 1]


def test_rss_is_a_feed_that_a_reader_understands():
    data = written("rss", ARTICLE, BARE)
    links = read_listing(data, "https://feeds.example/", datetime.now(UTC)).links
    assert [link.title for link in links] == ['Ferry, "late"; again', "Bare"]
    assert (links[0].published, links[0].authors[0], links[0].url) == (NOON, "Ada Lee", "https://news.example/ferry")
    content = etree.fromstring(data).findtext(".//{http://purl.org/rss/1.0/modules/content/}encoded")
    assert content == (
        "<p>It left at ten.</p><h3>Why</h3><ul><li>Fog, of course</li><li>= Wind &amp; tide</li></ul>"
        "<blockquote><p>フェリーは遅れた。</p></blockquote>"
    )


def test_markdown_documents_stand_one_after_the_other():
    assert written("markdown", ARTICLE, BARE).decode().count("\n---\n\n# ") == 1


@pytest.mark.parametrize("name", FORMATS)
def test_no_articles_make_a_sound_empty_file(name):
    data = written(name)
    if name == "parquet":
        assert parquet.read_table(io.BytesIO(data)).num_rows == 0
    elif name == "rss":
        assert etree.fromstring(data).findall(".//item") == []
    else:
        assert data.decode().strip() == (",".join(RECORD_NAMES) if name == "csv" else "")


@pytest.mark.parametrize("name", FORMATS)
def test_articles_are_written_as_they_come(name):
    drawn = []

    def entries():
        for number in range(3 * GROUP):
            drawn.append(number)
            yield BARE, article_record(BARE, number, 1)

    pieces = iter(FORMATS[name](entries()))
    while not next(pieces):
        pass
    assert len(drawn) <= GROUP
