"""A world to be crawled under kills: hosts with feeds and sitemaps; pages slow, refused, moved, broken at first."""

import gzip
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from subprocess import Popen

from pipeline.items import Exchange, RawPage
from pipeline.storage.warc import page_records, payload_digest, warcinfo_record
from tests.crawling import Newsroom
from tests.newssite import Answer, Asked, Page, Site, article, feed, sitemap, validated

HOSTS = 6
OPTED_OUT = "/kept-out/"
"""Pages below ask not to be kept: they belong in no archive."""


class World:
    """Hosts of about ``pages`` pages together, the same after each ``reset``.

    A third of a host's pages stands in its feed, the others in its sitemap, where the odd ones are: moved pages (with
    the canonical address of another), refused ones, missing ones, and such as answer 500 to the first who asks.
    """

    def __init__(self, room: Newsroom, pages: int) -> None:
        self._room = room
        self._sites = [self._host(f"host{number}", number, pages // HOSTS) for number in range(HOSTS)]
        self._pages = [dict(site.pages) for site in self._sites]

    def reset(self) -> None:
        """Have the hosts forget who asked what."""
        for site, pages in zip(self._sites, self._pages, strict=True):
            site.log.clear()
            broken: dict[str, Page] = {
                path: _broken_at_first(page) for path, page in pages.items() if path.startswith("/broken/")
            }
            site.pages = pages | broken

    def crawl(self, folder: Path, database: str) -> Popen[str]:
        """A crawl of the whole world under way."""
        self._room.folder = folder
        return self._room.start(DATABASE_URL=database, HOST_PATIENCE="60", STORE_BATCH_SIZE="10")

    @property
    def wanted(self) -> set[str]:
        """Addresses that belong in the archive."""
        return {
            f"{site.url}{path}"
            for site, pages in zip(self._sites, self._pages, strict=True)
            for path in pages
            if not path.startswith((OPTED_OUT, "/feed", "/map", "/moved/"))
        }

    def asked(self) -> dict[str, list[datetime]]:
        """When each address was asked for since the last ``reset``."""
        offset = time.time() - time.monotonic()
        found: dict[str, list[datetime]] = {}
        for site in self._sites:
            for asked in site.log:
                found.setdefault(f"{site.url}{asked.path}", []).append(datetime.fromtimestamp(asked.at + offset, UTC))
        return found

    def write_files(self, folder: Path) -> Path:
        """The pages as files below a folder."""
        for url, answer in self._answers():
            path = folder / url.rpartition(":")[2]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_suffix(".html").write_bytes(_bytes(answer))
        return folder

    def write_warc(self, folder: Path) -> Path:
        """The pages in two WARC files in a folder."""
        folder.mkdir()
        now = datetime(2026, 11, 20, 12, tzinfo=UTC)
        written = [warcinfo_record("world", now)] * 2
        for number, (url, answer) in enumerate(self._answers()):
            body = gzip.compress(_bytes(answer), mtime=0)
            head = f"HTTP/1.1 {answer.status} X\r\nContent-Type: {answer.kind}\r\nContent-Encoding: gzip\r\n\r\n"
            exchange = Exchange(b"GET / HTTP/1.1\r\n\r\n", head.encode(), body, "192.0.2.1")
            page = RawPage(url=url, final_url=url, body=b"", fetched_at=now, status=answer.status)
            written[number % 2] += page_records(page, exchange, payload_digest(body), None)
        for number, records in enumerate(written):
            (folder / f"{number}.warc.gz").write_bytes(records)
        return folder

    def _answers(self) -> list[tuple[str, Answer]]:
        """The pages that hold text, by address."""
        return [
            (f"{site.url}{path}", page)
            for site, pages in zip(self._sites, self._pages, strict=True)
            for path, page in pages.items()
            if isinstance(page, Answer) and page.kind.startswith("text/html") and page.status < 300
        ]

    def _host(self, name: str, number: int, pages: int) -> Site:
        fed = [f"/2026/{name}-{n}" for n in range(pages // 3)]
        site = self._room.fed(name, *fed, sitemaps=[], collection=f"group{number % 2}")
        self._room.entries[-1]["sitemaps"] = [f"{site.url}/map.xml"]
        site.pages["/feed.xml"] = validated(feed(site.url, *fed))
        for n, path in enumerate(fed):
            site.pages[path] = Answer(article(path, n), delay=0.3 if n % 8 == 0 else 0.02)
        for n in range(pages - len(fed)):
            site.pages |= _odd(site, name, n)
        mapped = [path for path in site.pages if path not in fed and not path.startswith(("/feed", "/moved/"))]
        site.pages["/map.xml"] = Answer(sitemap(*(f"{site.url}{path}" for path in mapped)), kind="application/xml")
        return site


def _odd(site: Site, name: str, n: int) -> dict[str, Page]:
    """A page of the sitemap, and what belongs to it."""
    story = f"/2026/{name}-map-{n}"
    page = Answer(article(f"{name} map {n}", n), delay=0.02)
    match n % 8:
        case 0:
            canonical = f'<link rel="canonical" href="{site.url}{story}">'
            both = replace(page, body=article(f"{name} map {n}", n, canonical))
            moved = Answer(status=302, headers={"Location": f"{site.url}/moved/{n}"})
            return {story: both, f"/old/story-{n}": moved, f"/moved/{n}": both}
        case 1:
            return {f"/2026/short-{n}": Answer("<html><title>Nothing</title><p>Not a word.</p></html>", delay=0.02)}
        case 2:
            return {f"/2026/gone-{n}": Answer("<html><p>It is not here.</p></html>", 404)}
        case 3:
            return {f"{OPTED_OUT}story-{n}": replace(page, headers={"X-Robots-Tag": "noai"})}
        case 4 if n == 4:
            return {f"/broken/story-{n}": page}
        case _:
            return {story: page}


def _broken_at_first(page: Page) -> Callable[[Asked], Answer]:
    asked = []

    def answer(request: Asked) -> Answer:
        asked.append(request)
        whole = page(request) if callable(page) else page
        return Answer("not now", 500) if len(asked) == 1 else whole

    return answer


def _bytes(answer: Answer) -> bytes:
    return answer.body.encode() if isinstance(answer.body, str) else answer.body
