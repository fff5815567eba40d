"""Feeds and sitemaps of no real site, built from parts."""

from datetime import UTC, datetime

from pipeline.discovery.listing import Listing
from pipeline.discovery.listings import read_listing

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FEED = "https://news.example/feeds/all.xml"
SITEMAP = "https://news.example/sitemap.xml"
PAGE = "https://news.example/a"
DATED = "<pubDate>Tue, 05 Mar 2024 06:07:08 GMT</pubDate>"
UPDATED = "<updated>2024-03-05T06:07:08Z</updated>"
MOMENT = datetime(2024, 3, 5, 6, 7, 8, tzinfo=UTC)

NAMESPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)


def rss(*items: str, head: str = "", attributes: str = NAMESPACES) -> str:
    entries = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<?xml version="1.0"?><rss version="2.0" {attributes}><channel><title>Desk</title>'
        f"<link>https://news.example/</link>{head}{entries}</channel></rss>"
    )


def atom(*entries: str, head: str = "", attributes: str = 'xmlns="http://www.w3.org/2005/Atom"') -> str:
    inner = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<?xml version="1.0"?><feed {attributes}><title>Desk</title>{head}{inner}</feed>'


def rdf(*items: str, namespace: str = "http://purl.org/rss/1.0/") -> str:
    return (
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{namespace}" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://news.example/"><title>Desk</title>'
        f"<link>https://news.example/</link></channel>{''.join(items)}</rdf:RDF>"
    )


def urlset(*entries: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
        'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
        f"{''.join(entries)}</urlset>"
    )


def read(body: str | bytes, url: str = FEED, *, whole: bool = True) -> Listing:
    return read_listing(body.encode() if isinstance(body, str) else body, url, NOW, whole=whole)


ENTRIES = (
    f"<title>One &amp; two</title><link>{PAGE}</link>{DATED}<description><![CDATA[<p>x & y</p>]]></description>",
    "<title>Two</title><guid>https://news.example/b</guid><author>a@b.example (Ann)</author><enclosure url='/b.mp3'/>",
)
