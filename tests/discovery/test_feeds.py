"""Feeds of every format become links, whatever is wrong with them."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.discovery.listing import Format
from pipeline.items import Origin, Precision
from tests.discovery.samples import DATED, FEED, MOMENT, PAGE, UPDATED, atom, rdf, read, rss

ISO = "2024-03-05T06:07:08Z"
ONE = f"<title>One</title><link>{PAGE}</link>{DATED}"
ENTRY = f"<title>One</title><link href='{PAGE}'/>{UPDATED}"

# Each holds one article, called "One" and dated MOMENT, at PAGE.
SAME_ARTICLE = {
    "rss": rss(ONE),
    "relative link": rss(f"<title>One</title><link>/a</link>{DATED}"),
    "guid as link": rss(f"<title>One</title><guid>{PAGE}</guid>{DATED}"),
    "guid that is no link beside one": rss(f"<title>One</title><guid>https://news.example/?p=1</guid><link>{PAGE}</link>{DATED}"),
    "guid said to be no link, yet alone": rss(f"<title>One</title><guid isPermaLink='false'>{PAGE}</guid>{DATED}"),
    "original link behind a proxy": rss(
        f"<title>One</title><link>https://proxy.example/~r/1</link><feedburner:origLink>{PAGE}</feedburner:origLink>{DATED}"
    ),
    "atom link": rss(f"<title>One</title><atom:link rel='alternate' href='{PAGE}'/>{DATED}"),
    "self link beside link": rss(f"<title>One</title><atom:link rel='self' href='/f'/><link>{PAGE}</link>{DATED}"),
    "enclosure only": rss(f"<title>One</title><enclosure url='{PAGE}'/>{DATED}"),
    "closed link with its address behind": rss(f"<title>One</title><link/>{PAGE}{DATED}"),
    "one slash": rss(f"<title>One</title><link>https:/news.example/a</link>{DATED}"),
    "scheme twice": rss(f"<title>One</title><link>http://{PAGE}</link>{DATED}"),
    "white space": rss(f"<title>\n One\n</title><link>\n {PAGE}\n</link>{DATED}"),
    "line break in link": rss(f"<title>One</title><link>https://news.example\n/a</link>{DATED}"),
    "CDATA": rss(f"<title><![CDATA[One]]></title><link><![CDATA[ {PAGE} ]]></link>{DATED}"),
    "CDATA twice": rss(f"<title><![CDATA[<![CDATA[One]]]]><![CDATA[>]]></title><link>{PAGE}</link>{DATED}"),
    "CDATA never closed": rss(f"<title><![CDATA[One</title><link>{PAGE}</link>{DATED}"),
    "dc:date": rss(f"<title>One</title><link>{PAGE}</link><dc:date>2024-03-05T06:07:08Z</dc:date>"),
    "picture's title first": rss(f"<media:title>Sea</media:title><media:group><title>Sea</title></media:group>{ONE}"),
    "channel's picture": rss(ONE, head="<image><title>Logo</title><link>https://other.example/</link></image>"),
    "undeclared prefixes": rss(f"<foo:bar>x</foo:bar>{ONE}", attributes=""),
    "control characters": rss(ONE.replace("One", "O\x0bne\x01")),
    "text before": "\n\nWarning: in line 3\n" + rss(ONE),
    "comment before": "<!-- made for <html> -->" + rss(ONE),
    "mark-up after": rss(ONE) + "</div><br/>",
    "text after": rss(ONE) + "<script>track()</script>",
    "byte order mark": "\ufeff" + rss(ONE),
    "UTF-16": rss(ONE).encode("utf-16"),
    "UTF-16 called UTF-8": rss(ONE).replace("?>", ' encoding="utf-8"?>', 1).encode("utf-16"),
    "gzip": gzip.compress(rss(ONE).encode()),
    "upper case": rss(ONE).upper().replace(PAGE.upper(), PAGE).replace("ONE", "One"),
    "tags that differ in case": rss(f"<title>One</Title><link>{PAGE}</Link>{DATED}"),
    "items beside the channel": f"<rss version='0.91'><channel><title>Desk</title></channel><item>{ONE}</item></rss>",
    "no channel": f"<rss><item>{ONE}</item></rss>",
    "RSS namespace": rss(ONE, attributes='xmlns="http://backend.userland.com/rss2"'),
    "PRISM's date": rss(
        f"<title>One</title><link>{PAGE}</link><prism:publicationDate>{ISO}</prism:publicationDate>"
    ),
    "RDF": rdf(f"<item><title>One</title><link>{PAGE}</link><dc:date>{ISO}</dc:date></item>"),
    "RDF, rdf:about only": rdf(f'<item rdf:about="{PAGE}"><title>One</title><dc:date>{ISO}</dc:date></item>'),
    "RSS 0.90": rdf(f"<item>{ONE}</item>", namespace="http://my.netscape.com/rdf/simple/0.9/"),
    "atom": atom(f"<published>{ISO}</published>{ENTRY}".replace(UPDATED, "<updated>2025-01-01</updated>")),
    "atom without published": atom(ENTRY),
    "atom, self link first": atom(f"<link rel='self' href='/s'/>{ENTRY}"),
    "atom, other form first": atom(f"<link rel='alternate' type='application/json' href='/s'/>{ENTRY}"),
    "atom, id only": atom(f"<title>One</title><id>{PAGE}</id>{UPDATED}"),
    "atom, xhtml title": atom(
        ENTRY.replace("<title>One", "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>O<b>ne</b></div>")
    ),
    "atom, xml:base": atom(
        f"<title>One</title><link href='a'/>{UPDATED}", attributes="xmlns='http://www.w3.org/2005/Atom' xml:base='https://news.example/x/'"
    ).replace("<entry>", "<entry xml:base='../'>"),
    "atom, source": atom(f"<source><title>Other</title><link href='/o'/><updated>2020-01-01</updated></source>{ENTRY}"),
    "atom, no namespace": atom(ENTRY, attributes=""),
    "atom, prefixed": "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry>"
    f"<a:title>One</a:title><a:link href='{PAGE}'/><a:updated>2024-03-05T06:07:08Z</a:updated></a:entry></a:feed>",
    "atom, one entry as root": f"<entry xmlns='http://www.w3.org/2005/Atom'>{ENTRY}</entry>",
    "atom 0.3": atom(
        f"<title>One</title><link rel='alternate' href='{PAGE}'/><issued>2024-03-05T06:07:08Z</issued>",
        attributes="version='0.3' xmlns='http://purl.org/atom/ns#'",
    ),
    "atom, attributes without quotes": atom(f"<title>One</title><link rel=alternate href={PAGE} />{UPDATED}"),
    "atom, link never closed": atom(f"<link rel=alternate href={PAGE}><title>One</title>{UPDATED}"),
    "CDF": f"<CHANNEL HREF='/'><ITEM HREF='{PAGE}'><TITLE>One</TITLE><dc:date>{ISO}</dc:date></ITEM>"
    "</CHANNEL>",
    "JSON": f'{{"items": [{{"url": "{PAGE}", "title": "One", "date_published": "2024-03-05T06:07:08Z"}}]}}',
    "JSON, id as link": f'{{"items": [{{"id": "{PAGE}", "title": "One", "date_modified": "2024-03-05T06:07:08Z"}}]}}',
    "JSON, other's page": f'{{"items": [{{"external_url": "{PAGE}", "title": "One", "date_published": "{ISO}"}}]}}',
    "JSON with a line break in a text, and text after": f'{{"items": [{{"url": "{PAGE}", "title": "\nOne", "x": NaN, '
    f'"date_published": "{ISO}"}}]}}\n<!-- cached -->',
    "JSON of wrong types": f'{{"title": 7, "items": [null, {{"id": 1, "authors": ["x"], "author": 3, "tags": "x", '
    f'"url": "{PAGE}", "title": "One", "date_published": "{ISO}"}}]}}',
}  # fmt: skip


@pytest.mark.parametrize("case", SAME_ARTICLE)
def test_one_article_however_it_is_listed(case):
    [link] = read(SAME_ARTICLE[case]).links
    assert (link.url, link.title, link.published) == (PAGE, "One", MOMENT)
    assert (link.origin, link.found_on) == (Origin.FEED, FEED)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("One &amp; two", "One & two"),
        ("One & two", "One & two"),
        ("One &amp;amp; two&amp;#8217;s", "One & two’s"),
        ("Caf&eacute;&nbsp;bar &#146;x&#146;", "Café bar ’x’"),
        ("One &lt;b&gt;two&lt;/b&gt;", "One two"),
        ("One <b>two</b>", "One two"),
        ("One ]]&gt; two", "One ]]> two"),
        ("One ]]> two", "One ]]> two"),
        ("One<br>two", "One two"),
        ("One<br/>two", "One two"),
        ("One <3 two < three", "One <3 two < three"),
        ("The &lt;vector&gt; header", "The <vector> header"),
        ("&bogus; &co; x", "&bogus; Co. x"),
        ("", ""),
    ],
)
def test_titles_become_plain_text(written, title):
    body = '<!DOCTYPE rss [<!ENTITY co "Co.">]>' + rss(f"<title>{written}</title><link>{PAGE}</link>").split("?>", 1)[1]
    assert [link.title for link in read(body).links] == [title]


@pytest.mark.parametrize(
    ("encoding", "declared", "title"),
    [
        ("latin-1", "iso-8859-1", "Déjà"),
        ("utf-8", "iso-8859-1", "Déjà"),
        ("cp1251", "windows-1251", "Новости дня"),
        ("shift_jis", "shift_jis", "今日のニュース"),
        ("utf-16-be", "utf-16", "Déjà vu"),
        ("utf-8", "nonsense", "Déjà"),
    ],
)
def test_encodings(encoding, declared, title):
    body = rss(ONE.replace("One", title)).replace("?>", f' encoding="{declared}"?>', 1)
    assert read(body.encode(encoding)).links[0].title == title


@pytest.mark.parametrize(
    "written",
    [
        f"{PAGE}?x=1&y=2&copy=3",
        f"{PAGE}?x=1&amp;y=2&amp;copy=3",
        f"<![CDATA[{PAGE}?x=1&amp;y=2&copy=3]]>",
        f"<![CDATA[{PAGE}?x=1&#038;y=2&#x26;copy=3]]>",
    ],
)
def test_a_stray_ampersand_leaves_the_address_whole(written):
    assert read(rss(f"<link>{written}</link><br>")).links[0].url == f"{PAGE}?x=1&y=2&copy=3"


def test_raw_mark_up_in_one_item_spares_the_next():
    two = f"<title>Two</title><link>{PAGE}2</link>{DATED}"
    listing = read(rss(f"<description>a<br>b<p>c &amp; d</description>{ONE}", two))
    assert [(link.url, link.title) for link in listing.links] == [(PAGE, "One"), (PAGE + "2", "Two")]


def test_items_never_closed():
    listing = read(f"<rss><channel><item>{ONE}<item><title>Two</title><link>/2</link></channel></rss>")
    assert [link.title for link in listing.links] == ["One", "Two"]


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_feed_that_was_cut_off_holds_no_half_address(cut):
    listing = read(
        rss(ONE, f"<title>Two</title><link>{PAGE}/second</link>")[: -len("</link></item></channel></rss>") - cut]
    )
    assert {link.url for link in listing.links} <= {PAGE}
    assert listing.fault.startswith("cut off after")


@pytest.mark.parametrize("cut", [3, 12, 40])
def test_a_json_feed_that_was_cut_off_keeps_its_whole_items(cut):
    body = (
        f'{{"title": "Desk", "items": [{{"url": "{PAGE}"}}, {{"url": "{PAGE}2", "title": "Two", "tags": ["x", "y"]}}]}}'
    )
    listing = read(body[:-cut])
    assert ([link.url for link in listing.links], listing.fault) == ([PAGE], "cut off after 1 entries")


def test_a_link_may_leave_out_the_scheme():
    assert read(rss("<link>www.news.example/a</link>")).links[0].url == "https://www.news.example/a"


def test_what_an_item_says_beside_its_address():
    [link] = read(
        rss(
            f"{ONE}<author>desk@news.example (Ann Lee)</author><dc:creator>Bo Ito &lt;bo@news.example&gt;</dc:creator>"
            "<category>Rail</category><category>Rail</category><dc:subject>Towns</dc:subject>"
            "<media:keywords>night, train</media:keywords><dc:language>en_GB</dc:language>"
            "<description>&lt;p&gt;Short &amp;amp; plain.&lt;/p&gt;</description>"
            "<content:encoded><![CDATA[<p>Long &amp; whole.</p>]]></content:encoded>"
            "<dc:modified>2024-03-06</dc:modified>",
            head="<language>en-us</language>",
        )
    ).links
    assert link.authors == ("Ann Lee", "Bo Ito")
    assert link.tags == ("Rail", "Towns", "night", "train")
    assert link.language == "en-GB"
    assert (link.summary, link.content) == ("Short & plain.", "<p>Long &amp; whole.</p>")
    assert link.modified == datetime(2024, 3, 6, tzinfo=UTC)
    assert link.published_precision is Precision.SECOND


@pytest.mark.parametrize(
    "stated",
    [
        "<section>County</section>",
        "<p:section xmlns:p='http://prismstandard.org/namespaces/basic/2.0/'>County</p:section>",
        "<category domain='https://news.example/ns/section'>County</category>",
        "<category scheme='urn:x:Ressort' term='17' label='County'/>",
    ],
)
def test_a_section_that_is_called_so(stated):
    [link] = read(rss(f"<category>Rail</category>{stated}{ONE}")).links
    assert link.section == "County"


@pytest.mark.parametrize(
    "domain", ["", "https://news.example/", "https://news.example/section/rail", "tags", "intersection"]
)
def test_a_category_alone_is_no_section(domain):
    assert read(rss(f"<category domain='{domain}'>Rail</category>{ONE}")).links[0].section == ""


def test_a_description_as_long_as_an_article_is_its_content():
    [link] = read(rss(f"{ONE}<description>{'word ' * 210}</description>")).links
    assert link.summary == ""
    assert link.content.startswith("word word")


def test_an_article_that_is_too_long_is_left_out():
    [link] = read(rss(f"{ONE}<content:encoded>{'word ' * 40_001}</content:encoded>")).links
    assert link.content == ""


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ("<content type='html'>&lt;p&gt;A&lt;/p&gt;</content>", "<p>A</p>"),
        ("<content type='text'>A &lt; B</content>", "A &lt; B"),
        ("<content type='xhtml'>A <b>B</b> C</content>", "A <b>B</b> C"),
        (
            "<content type='xhtml'><x:p xmlns:x='http://www.w3.org/1999/xhtml'>A</x:p></content>",
            '<p xmlns:x="http://www.w3.org/1999/xhtml">A</p>',
        ),
        ("<content type='html'>&amp;lt;p&amp;gt;A &amp;amp;amp; B</content>", "<p>A &amp; B"),
    ],
)
def test_atom_content_is_kept_as_html(content, html):
    assert read(atom(ENTRY + content, attributes="")).links[0].content == html


def test_atom_people_and_tags():
    people = "<author><name>Ann Lee</name><email>a@news.example</email></author><author><name>Bo Ito</name></author>"
    [link] = read(atom(f"{ENTRY}{people}<category term='r' label='Rail'/><category term='towns'/>")).links
    assert link.authors == ("Ann Lee", "Bo Ito")
    assert link.tags == ("Rail", "towns")


def test_json_feed():
    listing = read(
        '{"version": "https://jsonfeed.org/version/1.1", "title": "Desk", "home_page_url": "https://news.example/", '
        '"feed_url": "https://news.example/feed.json", "next_url": "/feed2.json", "language": "en", '
        '"hubs": [{"type": "WebSub", "url": "https://hub.example/"}], "items": [{"id": "1", "url": "/a", '
        '"title": "One &amp; two", "content_text": "A < B\\n\\nC", "summary": "S", "tags": ["x", 3], "language": "de", '
        '"authors": [{"name": "Ann Lee"}, {}], "date_published": "2024-03-05", '
        '"date_modified": "2024-03-06T01:00:00+02:00"}]}'
    )
    assert (listing.format, listing.title, listing.language) == (Format.JSON_FEED, "Desk", "en")
    assert (listing.next_url, listing.hubs) == ("https://news.example/feed2.json", ("https://hub.example/",))
    [link] = listing.links
    assert (link.url, link.title, link.content) == (PAGE, "One & two", "<p>A &lt; B</p><p>C</p>")
    assert (link.authors, link.tags, link.language, link.summary) == (("Ann Lee",), ("x",), "de", "S")
    assert (link.published, link.published_precision) == (datetime(2024, 3, 5, tzinfo=UTC), Precision.DAY)
    assert link.modified == datetime(2024, 3, 5, 23, tzinfo=UTC)


def test_what_a_feed_says_of_itself():
    head = (
        f"<language>EN-us</language><ttl>90</ttl><skipHours><hour>0</hour><hour>24</hour><hour>7</hour></skipHours>"
        "<skipDays><day>Sunday</day></skipDays><lastBuildDate>Tue, 05 Mar 2024 06:07:08 GMT</lastBuildDate>"
        f"<atom:link rel='self' href='{FEED}'/><atom:link rel='next' href='?page=2'/><atom:link rel='hub' href='https://hub.example/'/>"
    )
    listing = read(rss(ONE, head=head))
    assert (listing.format, listing.title, listing.language) == (Format.RSS, "Desk", "EN-us")
    assert (listing.home, listing.self_url) == ("https://news.example/", FEED)
    assert (listing.next_url, listing.hubs) == (f"{FEED}?page=2", ("https://hub.example/",))
    assert listing.rhythm.every == timedelta(minutes=90)
    assert (listing.rhythm.skip_hours, listing.rhythm.skip_days) == ({0, 7}, {6})
    assert (listing.updated, listing.fault) == (MOMENT, "")


def test_updates_a_period():
    head = "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
    assert read(rss(ONE, head=head)).rhythm.every == timedelta(hours=6)


def test_relative_links_of_a_feed_kept_elsewhere_hang_on_its_home():
    assert read(rss("<link>/a</link>"), "https://feeds.example/desk").links[0].url == PAGE


@pytest.mark.parametrize(
    "link", ["javascript:void(0)", "mailto:desk@news.example", "ftp://news.example/a", "https://", ""]
)
def test_what_is_no_web_address_is_no_link(link):
    listing = read(rss(f"<title>One</title><link>{link}</link>", ONE))
    assert [found.url for found in listing.links] == [PAGE]


@pytest.mark.parametrize(
    ("body", "format_", "fault"),
    [
        ("", Format.UNKNOWN, "empty"),
        (" \n", Format.UNKNOWN, "empty"),
        ("<!doctype html><html><body><p>Sign in</body></html>", Format.PAGE, "html instead of a feed or sitemap"),
        ("<html><body><pre>&lt;rss></pre><rss></rss></body></html>", Format.PAGE, "html instead of a feed or sitemap"),
        ("<opml version='2.0'><body/></opml>", Format.UNKNOWN, "OPML instead of a feed or sitemap"),
        ("Not found", Format.UNKNOWN, "neither feed nor sitemap"),
        ("{'items': ", Format.UNKNOWN, "broken JSON"),
        ('{"items": 3}', Format.UNKNOWN, "JSON that is no feed"),
        ('{"items": []}', Format.JSON_FEED, "no entries"),
        (rss(), Format.RSS, "no entries"),
        (b"\x1f\x8bno gzip", Format.UNKNOWN, "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), Format.UNKNOWN, "neither feed nor sitemap"),
    ],
)  # fmt: skip
def test_what_is_no_feed_says_why(body, format_, fault):
    listing = read(body)
    assert (listing.format, listing.fault, listing.links) == (format_, fault, ())


def test_a_feed_has_a_most_of_entries():
    listing = read(rss(*["<link>/a</link>"] * 10_100))
    assert (len(listing.links), listing.fault) == (10_000, "more than 10,000 entries")


def test_entities_do_not_multiply():
    bomb = "".join(f'<!ENTITY b{i} "&b{i + 1};&b{i + 1};">' for i in range(40))
    listing = read(f"<!DOCTYPE rss [{bomb}]>{rss('<title>&b0;</title><link>/a</link>').split('?>', 1)[1]}")
    assert listing.links[0].title == "&b0;"


def test_outside_files_are_not_read():
    body = (
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        + rss("<title>&x;</title><link>/a</link>").split("?>", 1)[1]
    )
    assert read(body).links[0].title == "&x;"
