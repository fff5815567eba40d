"""A page's word about its article, field by field, with the place it came from."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from pipeline.extraction.metadata import Metadata, read_metadata
from pipeline.items import Author, Image, Kind, Precision

NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
URL = "https://www.example-paper.com/city/bridge-open"
ARTICLE = """{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "The bridge is open again",
 "description": "After two years &amp; a flood.", "datePublished": "2025-05-03T10:00:00+02:00",
 "dateModified": "2025-05-03T11:30:00+02:00", "author": [{"@type": "Person", "name": "Jane Doe"}],
 "publisher": {"@type": "Organization", "name": "Example Paper"}, "articleSection": "City",
 "keywords": ["bridge", "Flood", "bridge"], "inLanguage": "en-gb", "isAccessibleForFree": false,
 "image": {"@type": "ImageObject", "url": "/img/bridge.jpg", "caption": "The bridge", "creditText": "John Roe"}}"""

FROM_JSON_LD = (
    "authors", "description", "headline", "images", "language", "modified", "modified_precision", "paywall",
    "published", "published_precision", "section", "site_name", "tags",
)  # fmt: skip


def parse(html: str) -> HtmlElement:
    return document_fromstring(
        html.encode(), parser=HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    )


def read(html: str, url: str = URL) -> Metadata:
    return read_metadata(parse(html), url, NOW, {})


def ld(script: str) -> str:
    return f'<script type="application/ld+json">{script}</script>'


def test_json_ld_says_it_all():
    page = read(f"<head>{ld(ARTICLE)}</head><h1>The bridge is open again</h1>")
    assert page == Metadata(
        headline="The bridge is open again",
        description="After two years & a flood.",
        authors=(Author("Jane Doe"),),
        published=datetime.fromisoformat("2025-05-03T10:00:00+02:00"),
        published_precision=Precision.SECOND,
        modified=datetime.fromisoformat("2025-05-03T11:30:00+02:00"),
        modified_precision=Precision.SECOND,
        language="en-GB",
        site_name="Example Paper",
        section="City",
        tags=("bridge", "Flood"),
        images=(Image("https://www.example-paper.com/img/bridge.jpg", "The bridge", "John Roe"),),
        paywall="isAccessibleForFree=false",
        types=frozenset({"newsarticle", "person", "imageobject", "organization"}),
        signals=dict.fromkeys(FROM_JSON_LD, "json-ld"),
    )


def test_meta_elements_say_it_where_json_ld_does_not():
    page = read(
        """<html lang="de"><head><title>Die Brücke ist offen | Beispielblatt</title>
        <meta property="og:title" content="Die Brücke ist offen - Beispielblatt">
        <meta property="og:site_name" content="Beispielblatt">
        <meta name="author" content="Von Max Muster, Anna Beispiel">
        <meta property="article:published_time" content="2025-05-03T10:00:00+02:00">
        <meta property="article:modified_time" content="2025-05-03T11:00:00">
        <meta name="description" content="Nach der Flut."><meta property="article:section" content="Stadt">
        <meta name="keywords" content="Brücke, Flut; Beispielblatt">
        <meta property="og:url" content="/city/bridge-open?utm_source=x">
        <link rel="canonical" href="https://example-paper.com/city/bridge-open#top">
        <meta property="og:image" content="https://img.example/a.jpg?w=100">
        <meta property="article:content_tier" content="metered">
        </head></html>"""
    )
    assert page.headline == "Die Brücke ist offen"
    assert [author.name for author in page.authors] == ["Max Muster", "Anna Beispiel"]
    assert page.published == datetime.fromisoformat("2025-05-03T10:00:00+02:00")
    assert page.modified == datetime.fromisoformat("2025-05-03T11:00:00+02:00")  # the other time's offset
    assert (page.description, page.section, page.language) == ("Nach der Flut.", "Stadt", "de")
    assert page.tags == ("Brücke", "Flut")
    assert page.canonical_url == "https://example-paper.com/city/bridge-open"
    assert page.url == "https://www.example-paper.com/city/bridge-open"
    assert page.paywall == "article:content_tier=metered"
    assert page.signals["headline"] == "og:title"
    assert page.signals["authors"] == "meta[name=author]"
    assert page.signals["canonical_url"] == "link[rel=canonical]"


def test_an_empty_page_says_nothing():
    assert read("<html><body></body></html>") == Metadata()
    assert read("<p>Some words.", url="") == Metadata()


def test_the_tree_stays_as_it_was():
    tree = parse(f"<head>{ld(ARTICLE)}</head><h1>A</h1><p class=byline>By Jane Doe, 3 May 2025</p><p>Text.</p>")
    before = etree.tostring(tree)
    read_metadata(tree, URL, NOW, {"content-language": "en"})
    assert etree.tostring(tree) == before


def test_headers_speak_last():
    page = read_metadata(parse("<p>x"), URL, NOW, {"content-language": "fr"})
    assert (page.language, page.signals["language"]) == ("fr", "header:content-language")


@pytest.mark.parametrize(
    ("head", "headline"),
    [
        ("<title>The bridge is open - Example Paper</title>", "The bridge is open"),
        ("<title>It is open | City | www.example-paper.com</title><h1>It is open</h1>", "It is open"),
        ("<title>The bridge is open - City - XY.example</title>", "The bridge is open"),
        ("<title>The bridge is open</title><h1>Flood <span>The bridge is open</span></h1>", "The bridge is open"),
        ("<title>Cats - a history</title>", "Cats - a history"),
        ("<title>The bridge is open</title><h1>Log in</h1><h1>The bridge is open</h1>", "The bridge is open"),
        ("<meta property='og:title' content='It is open | News'><h1>It is open</h1>", "It is open"),
        (
            ld('{"@type":"Article","headline":"City: It is open"}') + "<meta property='og:title' content='It is open'>",
            "It is open",
        ),
        (
            ld('{"@type":"Article","headline":"Bridge: all you need"}')
            + "<title>Bridge: all you need</title><meta property='og:title' content='It is open'><h1>It is open</h1>",
            "It is open",
        ),
    ],
)  # fmt: skip
def test_the_headline_is_the_pages_own_without_the_site(head, headline):
    assert read(f"<html><head><meta property='og:site_name' content='Example Paper'>{head}").headline == headline


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        ("https://www.example-paper.com/", None),
        ("https://elsewhere.example/city/bridge-open", None),
        ("/city/bridge-open?fbclid=1", "https://www.example-paper.com/city/bridge-open"),
    ],
)
def test_only_a_plausible_canonical_address_counts(canonical, expected):
    assert read(f"<link rel=canonical href='{canonical}'>").canonical_url == expected


def test_an_unknown_address_leaves_any_canonical_plausible():
    page = read("<link rel=canonical href='https://elsewhere.example/a'>", url="file:///tmp/a.html")
    assert page.canonical_url == "https://elsewhere.example/a"


@pytest.mark.parametrize(
    ("script", "og_type", "kind"),
    [
        ('{"@type":"LiveBlogPosting","headline":"A"}', "article", Kind.LIVE_BLOG),
        ('{"@type":"OpinionNewsArticle","headline":"A"}', "article", Kind.OPINION),
        ('{"@type":"VideoObject","name":"A","uploadDate":"2025-05-01"}', "video.other", Kind.VIDEO),
        ('{"@type":"VideoObject","name":"A","uploadDate":"2025-05-01"}', "article", Kind.ARTICLE),
        ('{"@type":"NewsArticle","headline":"A"}', "article", Kind.ARTICLE),
        ('{"@type":"NewsArticle","headline":"A"}', "video.other", Kind.ARTICLE),
        ('{"@type":"ImageGallery","name":"A","author":"B"}', "website", Kind.GALLERY),
        ('{"@type":"PodcastEpisode","name":"A","author":"B"}', "website", Kind.PODCAST),
    ],
)
def test_the_kind_is_what_the_page_declares(script, og_type, kind):
    assert read(f"{ld(script)}<meta property='og:type' content='{og_type}'><h1>A</h1>").kind is kind


@pytest.mark.parametrize(
    ("section", "kind"),
    [
        ("Opinion", Kind.OPINION),
        ("Op-Ed", Kind.OPINION),
        ("Kommentare", Kind.OPINION),
        ("社説", Kind.OPINION),
        ("Liveticker", Kind.LIVE_BLOG),
        ("Bildergalerie", Kind.GALLERY),
        ("Vidéos", Kind.VIDEO),
        ("Podcasts", Kind.PODCAST),
        ("Live", Kind.ARTICLE),
        ("Film opinions and more", Kind.ARTICLE),
    ],
)
def test_the_name_of_its_section_tells_the_kind_of_an_article(section, kind):
    head = "<meta property='og:type' content='article'>"
    page = read(f"{head}<meta property='article:section' content='{section}'><h1>A</h1>")
    assert (page.kind, page.signals.get("kind")) == (kind, None if kind is Kind.ARTICLE else "article:section")


def test_so_does_a_word_of_its_address():
    assert read("<h1>A</h1>", url="https://www.example-paper.com/opinion/a-bridge").kind is Kind.OPINION
    assert read("<h1>A</h1>", url="https://www.example-paper.com/city/opinion").kind is Kind.ARTICLE


@pytest.mark.parametrize(
    ("tag", "language"),
    [("EN", "en"), ("pt_BR", "pt-BR"), ("zh-Hans-CN", "zh-CN"), ("und", None), ("german language", None)],
)
def test_languages_are_spelled_as_bcp_47(tag, language):
    assert read(f"<html lang='{tag}'>").language == language


@pytest.mark.parametrize(
    ("html", "image"),
    [
        ("<figure><img src='data:x'><noscript><img src=/a.jpg></noscript><figcaption>A</figcaption></figure>", "A|"),
        ("<figure><picture><source srcset='/a.jpg 2x'><img></picture><figcaption>A</figcaption></figure>", "A|"),
        ("<figure><img src=/blank.gif data-src=/a.jpg><figcaption>A</figcaption></figure>", "A|"),
        ("<div><img src=/a.jpg><figcaption>A</figcaption></div>", "A|"),
        ("<div class=wp-caption><img src=/a.jpg><p class=wp-caption-text>A</p></div>", "A|"),
        ("<figure><img src=/a.jpg><figcaption>A boat. (Jane Doe/AP)</figcaption></figure>", "A boat.|Jane Doe/AP"),
        ("<figure><img src=/a.jpg><figcaption>Ein Boot. Foto: Eva Lenz</figcaption></figure>", "Ein Boot.|Eva Lenz"),
        ("<figure><img src=/a.jpg><figcaption>Лодка. Фото: Иван Иванов</figcaption></figure>", "Лодка.|Иван Иванов"),
    ],
)
def test_captions_find_their_picture_and_credit(html, image):
    [found] = read(html).images
    assert (found.url, f"{found.caption}|{found.credit}") == ("https://www.example-paper.com/a.jpg", image)


def test_figures_give_captions_and_credits():
    page = read(
        """<meta property="og:image" content="/img/a-300x200.jpg">
        <figure><img src="data:image/gif;base64,R0" data-src="/img/a-1200x800.jpg?x=1">
          <figcaption>The bridge <span class="credit">Photo: John Roe</span></figcaption></figure>
        <figure><img src="/img/b.jpg"><figcaption>The river. © Example Press</figcaption></figure>
        <figure><img src="/img/logo.png"></figure>"""
    )
    base = "https://www.example-paper.com/img"
    assert page.images == (
        Image(f"{base}/a-300x200.jpg", "The bridge", "Photo: John Roe"),
        Image(f"{base}/b.jpg", "The river.", "Example Press"),
    )
    assert page.signals["images"] == "og:image"


@pytest.mark.parametrize(
    "html",
    [
        "<h1>" + "word | " * 100_000,
        "<title>" + " - a" * 100_000,
        "<h1>x</h1>" + "<h2>y</h2>" * 20_000,
        "<h1>x</h1>" + "<div>" * 200 + "<b></b>" * 50_000 + "x",
        "<h1>x</h1>" + "<a rel=author href=/author/x>Jane Doe</a>" * 20_000,
        "<span itemprop='author datePublished'>Jane Doe</span>" * 20_000,
        "<figure><img src=/a.jpg><figcaption>A (c) B</figcaption></figure>" * 10_000,
        "<time datetime=2024-01-01>x</time>" * 20_000,
        ld('{"@type":"Article","headline":"A"}') * 5_000,
    ],
    ids=["h1", "title", "h2", "empty", "links", "microdata", "figures", "times", "scripts"],
)
@pytest.mark.timeout(20)
def test_hostile_pages_come_to_an_end(html):
    read_metadata(parse(f"<body>{html}"), URL, NOW, {})


_PIECES = (
    "By Jane Doe", "3 May 2025", "<time datetime=2025-05-03>", "<h1>", "</h1>", "<p class=byline>", "<a rel=author>",
    "</a>", "<figure><figcaption>", "<meta name=author content=", "<meta property=og:title content='A | B'>",
    "<article>", "&", "|", "<html lang=x>", "<base href=//[>", "<link rel=canonical href=http://[>", ld(ARTICLE),
    ld('{"@graph": [{"@type": "Article", "@id": 1}]}'),
)  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES) | st.text(max_size=20), max_size=12).map(" ".join), st.text(max_size=20))
def test_no_page_raises(html, url):
    try:
        tree = parse(f"<body>{html}")
    except (etree.ParserError, ValueError):
        return
    page = read_metadata(tree, url, NOW, {})
    assert page.published is None or page.published.tzinfo is not None
    assert (page.published is None) == (page.published_precision is None)
    assert set(page.signals) <= set(Metadata.__dataclass_fields__)
