"""JSON-LD as pages really carry it: whole, wrapped, broken, huge; and which node is the article's."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extraction.jsonld import LARGEST_SCRIPT, article_nodes, read_graph, string, strings, types


def headline(script: str) -> str:
    nodes = article_nodes(read_graph([script]), "", [])
    return string(nodes[0], "headline") if nodes else ""


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "A"}',
        '[{"@type": "Article", "headline": "A"}]',
        '{"@graph": [{"@type": "WebSite"}, {"@type": ["Thing", "ReportageNewsArticle"], "headline": "A"}]}',
        '{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "headline": "A"}}',
        '{"@type": "http://schema.org/NewsArticle", "headline": "A"}',
        '<!-- {"@type": "Article", "headline": "A"} -->',
        '//<![CDATA[\n{"@type": "Article", "headline": "A"}\n//]]>',
        '/*<![CDATA[*/{"@type": "Article", "headline": "A"}/*]]>*/',
        '{"@type": "Article", "headline": "A",}',
        '{"@type": "Article", "keywords": ["a,]", "b", ], "headline": "A"}',
        '{"@type": "Article", "articleBody": "one\ntwo\tthree", "headline": "A"}',
        '{"@type": "WebSite"}{"@type": "Article", "headline": "A"}',
        '{"@type": "WebSite"},\n{"@type": "Article", "headline": "A"};',
        '{"@type": "Article", "headline": "A"} trailing words',
        '{"@type": "Article", "headline": "  &#65; "}',
        '{"@type": "Article", "headline": {"@value": "A"}}',
    ],
)
def test_spellings_of_one_article(script):
    assert headline(script) == "A"


def test_dates_survive_a_script_beyond_repair():
    script = '{"@type": "Article", "headline": "He said "no" to it", "datePublished": "2024-05-03T10:00:00Z"}'
    node = article_nodes(read_graph([script]), "", [])[0]
    assert string(node, "datePublished") == "2024-05-03T10:00:00Z"


def test_references_are_resolved():
    graph = read_graph(
        [
            """{"@graph": [{"@type": "Article", "headline": "A", "author": {"@id": "#jane"}},
             {"@id": "#jane", "@type": "Person", "name": "Jane Doe"}]}"""
        ]
    )
    article = article_nodes(graph, "", [])[0]
    (author,) = graph.resolve(article["author"])
    assert author["name"] == "Jane Doe"


def test_a_reference_to_itself_ends():
    graph = read_graph(['{"@id": "#a", "@type": "Article", "headline": "A", "author": {"@id": "#a"}}'])
    assert [item["@id"] for item in graph.resolve({"@id": "#a"})] == ["#a"]


def test_the_article_with_the_pages_address_wins():
    graph = read_graph(
        [
            '{"@type": "NewsArticle", "headline": "Other", "url": "https://news.example/other"}',
            '{"@type": "NewsArticle", "headline": "Mine", "mainEntityOfPage": {"@id": "https://news.example/mine"}}',
        ]
    )
    nodes = article_nodes(graph, "https://news.example/mine?utm_source=x", [])
    assert [string(node, "headline") for node in nodes] == ["Mine"]


def test_the_article_with_the_pages_headline_wins():
    graph = read_graph(
        [
            '{"@type": "NewsArticle", "headline": "Other"}',
            '{"@type": "NewsArticle", "headline": "The bridge is open again"}',
        ]
    )
    nodes = article_nodes(graph, "", ["The bridge is open again | The Example"])
    assert [string(node, "headline") for node in nodes] == ["The bridge is open again"]


def test_teasers_are_nobodys_article():
    graph = read_graph(['[{"@type": "NewsArticle", "headline": "One"}, {"@type": "NewsArticle", "headline": "Two"}]'])
    assert article_nodes(graph, "", ["Front page"]) == []


def test_updates_of_a_live_blog_are_part_of_it():
    graph = read_graph(
        [
            """{"@type": "LiveBlogPosting", "headline": "Live", "liveBlogUpdate":
             [{"@type": "BlogPosting", "headline": "10:00"}, {"@type": "BlogPosting", "headline": "11:00"}]}"""
        ]
    )
    assert [string(node, "headline") for node in article_nodes(graph, "", [])] == ["Live"]


def test_strings_of_any_shape():
    assert strings([" a ", {"name": "b"}, {"name": ["c", "d"]}, 7, None, {}, True]) == ["a", "b", "c", "d", "7"]
    assert types({"@type": ["schema:Article", "https://schema.org/NewsArticle", 3]}) == ["article", "newsarticle", "3"]


@pytest.mark.parametrize(
    "script",
    [
        "",
        "null",
        "[" * 100_000,
        '{"a":' * 2_000 + "1" + "}" * 2_000,
        '"' + '\\"' * 200_000,
        '{"a": "' + '\\"' * 200_000,
        "{" + "," * 500_000,
        "1," * 400_000,
        "<!--" + " " * 900_000 + "x",
        '{"headline": "' + "x" * LARGEST_SCRIPT + '"}',
    ],
    ids=["empty", "null", "brackets", "deep", "quotes", "unclosed", "commas", "values", "spaces", "large"],
)
@pytest.mark.timeout(20)
def test_hostile_scripts_come_to_an_end(script):
    assert article_nodes(read_graph([script]), "", []) == []


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["@type", "@id", "@graph", "headline", "name", "author", "url", "mainEntityOfPage", "datePublished"]
            ),
            inner | st.sampled_from(["Article", "WebPage", "#a"]),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.lists(_VALUES.map(json.dumps) | st.text(max_size=60), max_size=3))
def test_no_script_raises(scripts):
    graph = read_graph(scripts)
    for node in article_nodes(graph, "https://news.example/a", ["A"]):
        types(node)
        strings(list(graph.resolve(node.get("author"))))
