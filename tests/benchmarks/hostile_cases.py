"""Hosts that misbehave: what each does, and what may become of it. Table rows for :mod:`tests.benchmarks.hostile`."""
# ruff: noqa: E501 - one case a line is what makes the tables readable

import gzip
import itertools
import json
import socket
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import brotli
import zstandard

from tests.newssite import Answer, Asked, Site, article, feed, sitemap, sitemap_index

GOOD = article("Ferry stays").encode()
BIG = 64 * 2**20
FEED = "application/rss+xml"
XML = "application/xml"


@dataclass(frozen=True, slots=True)
class Case:
    """``set_up``: prepares the host; ``expected``: words of which the outcome must hold one; ``entry``: of the source."""

    name: str
    expected: str
    set_up: Callable[[Site], None]
    entry: Callable[[Site], dict[str, Any]] = field(default=lambda site: {"feeds": [f"{site.url}/feed"]})


def head(*lines: str, status: str = "200 OK", kind: str = "text/html; charset=utf-8") -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", f"Content-Type: {kind}", *lines, "", "")).encode()


def raw(*pieces: bytes | float) -> Callable[[Asked], Answer]:
    return lambda _: Answer(raw=pieces)


def endless(piece: bytes, *first: bytes, pause: float = 0.0) -> Callable[[Asked], Answer]:
    return lambda _: Answer(raw=itertools.chain(first, itertools.cycle((piece, pause) if pause else (piece,))))


def page(answer: Answer | Callable[[Asked], Answer]) -> Callable[[Site], None]:
    """A good feed that names one page, and that page."""

    def set_up(site: Site) -> None:
        site.pages["/feed"] = Answer(feed(site.url, "/2026/11/20/ferry-stays"), kind=FEED)
        site.pages["/2026/11/20/ferry-stays"] = answer

    return set_up


def listing(answer: Answer | Callable[[Asked], Answer]) -> Callable[[Site], None]:
    """A listing that misbehaves."""
    return lambda site: site.pages.update({"/feed": answer})


def encoded(body: bytes, encoding: str) -> Answer:
    return Answer(body, headers={"Content-Encoding": encoding})


def moved(target: str, status: int = 302) -> Answer:
    return Answer(status=status, headers={"Location": target})


def charset(name: str, label: str | None, meta: str = "") -> Answer:
    kind = "text/html" + (f"; charset={label}" if label else "")
    return Answer(article("Ferry stays café", head=meta).encode(name), kind=kind)


def chunked(*chunks: bytes, last: bytes = b"0\r\n\r\n") -> Callable[[Asked], Answer]:
    return raw(head("Transfer-Encoding: chunked"), *(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks), last)


def long_zip() -> bytes:
    return gzip.compress(bytes(BIG))


PACKED = gzip.compress(GOOD)
LINES = [f"X-Line-{number}: word" for number in range(500)]

PAGES: dict[str, tuple[str, Answer | Callable[[Asked], Answer]]] = {
    # framing
    "a sound page": ("article", Answer(GOOD)),
    "no Content-Length, connection closed": ("article", raw(head(), GOOD)),
    "HTTP/1.0": ("article", raw(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n", GOOD)),
    "line feeds only": ("article not_connected", raw(b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n", GOOD)),
    "no reason phrase": ("article not_connected failed", raw(b"HTTP/1.1 200\r\nContent-Type: text/html\r\n\r\n", GOOD)),
    "no headers at all": ("article not_connected", raw(GOOD)),
    "status line of garbage": ("not_connected failed", raw(b"\x00\x01\x02\x03 garbage\r\n\r\n")),
    "status 999": ("rejected server_error", Answer(GOOD, 999)),
    "status 99": ("not_connected", raw(b"HTTP/1.1 99 X\r\n\r\n", GOOD)),
    "a part that nobody asked for": (
        "truncated",
        Answer(GOOD[:900], 206, headers={"Content-Range": f"bytes 0-899/{len(GOOD)}"}),
    ),
    "a part that is all": (
        "article",
        Answer(GOOD, 206, headers={"Content-Range": f"bytes 0-{len(GOOD) - 1}/{len(GOOD)}"}),
    ),
    "status of letters": ("not_connected failed", raw(b"HTTP/1.1 OK OK\r\n\r\n", GOOD)),
    "nothing, connection closed": ("not_connected", raw()),
    "nothing, connection open": ("timeout", raw(3600.0)),
    "headers, then nothing": ("timeout", raw(head("Content-Length: 9"), 3600.0)),
    "half a header": ("not_connected", raw(b"HTTP/1.1 200 OK\r\nContent-Ty")),
    "Content-Length too long": ("truncated", Answer(GOOD, length=len(GOOD) + 1000)),
    "Content-Length too short": ("article rejected", raw(head(f"Content-Length: {len(GOOD) - 300}"), GOOD)),
    "Content-Length 0": ("rejected", raw(head("Content-Length: 0"), GOOD)),
    "Content-Length negative": ("article rejected not_connected failed", raw(head("Content-Length: -5"), GOOD)),
    "Content-Length no number": ("article not_connected failed", raw(head("Content-Length: many"), GOOD)),
    "two Content-Lengths": (
        "article truncated not_connected failed",
        raw(head(f"Content-Length: {len(GOOD)}", "Content-Length: 5"), GOOD),
    ),
    "Content-Length of 2 GB": ("too_large", raw(head("Content-Length: 2147483648"), GOOD)),
    "Content-Length of 10^30": ("too_large failed", raw(head("Content-Length: 1" + "0" * 30), GOOD)),
    "chunked": ("article", chunked(GOOD[:100], GOOD[100:])),
    "chunked, a byte a chunk": ("article", chunked(*(GOOD[n : n + 1] for n in range(len(GOOD))))),
    "chunked, no end": ("truncated", chunked(GOOD, last=b"")),
    "chunked, cut in a chunk": ("truncated", raw(head("Transfer-Encoding: chunked"), b"fff\r\n" + GOOD[:200])),
    "chunked, size no number": (
        "truncated not_connected failed",
        raw(head("Transfer-Encoding: chunked"), b"zz\r\n" + GOOD),
    ),
    "chunked, size of 10^20": (
        "truncated timeout too_large not_connected failed",
        raw(head("Transfer-Encoding: chunked"), b"f" * 20 + b"\r\n", GOOD),
    ),
    "chunked, endless size": (
        "not_connected too_large timeout failed truncated",
        endless(b"0" * 1000, head("Transfer-Encoding: chunked")),
    ),
    "chunked, endless trailers": (
        "not_connected too_large timeout failed truncated article",
        endless(b"X-Trailer: word\r\n" * 100, head("Transfer-Encoding: chunked"), b"5\r\nhello\r\n0\r\n"),
    ),
    "chunked with Content-Length": (
        "article truncated failed not_connected",
        raw(head("Transfer-Encoding: chunked", "Content-Length: 3"), b"%x\r\n" % len(GOOD), GOOD, b"\r\n0\r\n\r\n"),
    ),
    "500 header lines": ("article", raw(head(*LINES), GOOD)),
    "endless headers": ("too_large", endless(b"X-Line: word\r\n" * 100, b"HTTP/1.1 200 OK\r\n")),
    "a header line of 60 KB": ("article", raw(head("X-Long: " + "x" * 60_000), GOOD)),
    "headers whose names are none": ("article", raw(head("X Line: word", "X-Space : word", ": nameless"), GOOD)),
    "identity as transfer encoding": ("article", raw(head("Transfer-Encoding: identity"), GOOD)),
    "endless header line": ("too_large", endless(b"x" * 4096, b"HTTP/1.1 200 OK\r\nX-Line: ")),
    "endless status line": ("too_large", endless(b"x" * 4096, b"HTTP/1.1 200 ")),
    "endless 1xx answers": ("too_large not_connected timeout", endless(b"HTTP/1.1 102 Processing\r\n\r\n" * 50)),
    "100 Continue first": (
        "article",
        raw(b"HTTP/1.1 100 Continue\r\n\r\n", head(f"Content-Length: {len(GOOD)}"), GOOD),
    ),
    "endless body": ("too_large timeout", endless(b"<p>word</p>" * 1000, head())),
    "endless chunks": (
        "too_large timeout",
        endless(b"400\r\n" + b"x" * 1024 + b"\r\n", head("Transfer-Encoding: chunked")),
    ),
    "a byte a second": ("timeout", endless(b"x", head(), pause=1.0)),
    "a header byte a second": ("timeout", endless(b"x", b"HTTP/1.1 200 OK\r\nX-Slow: ", pause=1.0)),
    "answer after 2 s": ("article", Answer(GOOD, delay=2.0)),
    "two answers at once": (
        "article",
        raw(head(f"Content-Length: {len(GOOD)}"), GOOD, head("Content-Length: 3"), b"bad"),
    ),
    "headers not in ASCII": ("article", raw(head("X-Towns: Köln", "Set-Cookie: ü=\x01"), GOOD)),
    "header without a name": ("article", raw(head(": nameless", "no colon"), GOOD)),
    "switching protocols": (
        "not_connected rejected timeout failed",
        raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", b"\x81\x05hello"),
    ),
    # encodings
    "gzip": ("article", encoded(PACKED, "gzip")),
    "deflate": ("article", encoded(zlib.compress(GOOD), "deflate")),
    "deflate without header": ("article", encoded(zlib.compress(GOOD)[2:-4], "deflate")),
    "brotli": ("article", encoded(brotli.compress(GOOD), "br")),
    "zstd": ("article", encoded(zstandard.compress(GOOD), "zstd")),
    "x-gzip": ("article", encoded(PACKED, "x-gzip")),
    "GZIP in capitals": ("article", encoded(PACKED, "GZIP")),
    "gzip twice": ("article", encoded(gzip.compress(PACKED), "gzip, gzip")),
    "gzip then brotli": ("article", encoded(brotli.compress(PACKED), "gzip, br")),
    "identity": ("article", encoded(GOOD, "identity")),
    "gzip, then identity": ("article", encoded(PACKED, "gzip, identity")),
    "gzip said, plain sent": ("article", encoded(GOOD, "gzip")),
    "brotli said, plain sent": ("article rejected failed", encoded(GOOD, "br")),
    "zstd said, plain sent": ("article rejected failed", encoded(GOOD, "zstd")),
    "unknown encoding": ("article rejected", encoded(GOOD, "rot13")),
    "gzip sent, none said": ("article rejected", Answer(PACKED)),
    "gzip cut": ("truncated", encoded(PACKED[:-200], "gzip")),
    "gzip cut to its header": ("truncated", encoded(PACKED[:12], "gzip")),
    "deflate cut": ("truncated", encoded(zlib.compress(GOOD)[:-100], "deflate")),
    "brotli cut": ("truncated", encoded(brotli.compress(GOOD)[:-100], "br")),
    "zstd cut": ("truncated", encoded(zstandard.compress(GOOD)[:-100], "zstd")),
    "gzip with rubbish behind": ("article", encoded(PACKED + b"rubbish" * 50, "gzip")),
    "gzip in two members": ("article", encoded(gzip.compress(GOOD[:300]) + gzip.compress(GOOD[300:]), "gzip")),
    "gzip with a wrong checksum": ("article rejected truncated", encoded(PACKED[:-8] + b"\0" * 8, "gzip")),
    "gzip, empty": ("rejected", encoded(gzip.compress(b""), "gzip")),
    "gzip said, no bytes": ("rejected truncated", encoded(b"", "gzip")),
    "gzip bomb": ("too_large", encoded(long_zip(), "gzip")),
    "gzip bomb, twice": ("too_large", encoded(gzip.compress(long_zip()), "gzip, gzip")),
    "deflate bomb": ("too_large", encoded(zlib.compress(bytes(BIG)), "deflate")),
    "brotli bomb": ("too_large", encoded(brotli.compress(bytes(BIG), quality=3), "br")),
    "zstd bomb": ("too_large", encoded(zstandard.compress(bytes(BIG)), "zstd")),
    "endless gzip": (
        "too_large truncated timeout",
        endless(zlib.compressobj(9, wbits=31).compress(bytes(2**24)) or b"\0" * 1000, head("Content-Encoding: gzip")),
    ),
    # charsets
    "latin-1": ("article", charset("latin-1", "iso-8859-1")),
    "UTF-16 with a mark": ("article", charset("utf-16", None)),
    "UTF-16 by header": ("article", charset("utf-16-le", "utf-16le")),
    "UTF-8 called latin-1": ("article", charset("utf-8", "iso-8859-1")),
    "latin-1 called UTF-8": ("article", charset("latin-1", "utf-8")),
    "unknown charset": ("article", charset("utf-8", "martian")),
    "charset of 10 kB": ("article", charset("utf-8", "x" * 10_000)),
    "charset only in meta": ("article", charset("latin-1", None, "<meta charset=iso-8859-1>")),
    "UTF-7 by header": ("article rejected", charset("utf-8", "utf-7")),
    "NUL bytes": ("article", Answer(GOOD.replace(b"<p>", b"<p>\0\0"))),
    "lone surrogates": ("article", Answer(GOOD.replace(b"<p>", b"<p>\xed\xa0\x80"))),
    # kinds
    "no Content-Type": ("article", Answer(GOOD, kind="")),
    "Content-Type of garbage": ("article", Answer(GOOD, kind=";;;//")),
    "application/octet-stream": ("article rejected not_html", Answer(GOOD, kind="application/octet-stream")),
    "XHTML": ("article", Answer(GOOD, kind="application/xhtml+xml")),
    "PDF": ("not_html", Answer(b"%PDF-1.7 ...", kind="application/pdf")),
    "endless video": ("not_html", endless(b"\0" * 10_000, head(kind="video/mp4"))),
    "image": ("not_html", Answer(b"\x89PNG", kind="image/png")),
    "image called HTML": ("rejected", Answer(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100)),
    "JSON": ("not_html rejected", Answer(json.dumps({"text": "x" * 1000}), kind="application/json")),
    "empty body": ("rejected", Answer(b"")),
    "204": ("rejected", raw(b"HTTP/1.1 204 No Content\r\n\r\n")),
    "205": ("rejected article", Answer(GOOD, 205)),
    "206 without a range": ("article rejected", Answer(GOOD, 206)),
    "304 unasked": ("rejected", raw(b"HTTP/1.1 304 Not Modified\r\n\r\n")),
    "401": ("rejected", Answer(GOOD, 401, headers={"WWW-Authenticate": "Basic realm=x"})),
    "403": ("rejected", Answer(GOOD, 403)),
    "404": ("rejected", Answer(GOOD, 404)),
    "410": ("rejected", Answer(GOOD, 410)),
    "451": ("rejected", Answer(GOOD, 451)),
    "500": ("server_error postponed", Answer(GOOD, 500)),
    "9 MB of words": ("article rejected", Answer(b"<p>" + b"some words " * 800_000)),
    "11 MB of words": ("too_large", Answer(b"<p>" + b"some words " * 1_000_000)),
    "100,000 open tags": ("rejected article", Answer(b"<div>" * 100_000 + GOOD)),
    # no articles
    "soft 404": (
        "rejected",
        Answer(
            "<html><head><title>Page not found</title></head><body><h1>Page not found</h1><p>The page you are looking for does not exist. It may have been moved or deleted.</p></body></html>"
        ),
    ),
    "login page": (
        "rejected",
        Answer(
            "<html><head><title>Log in</title></head><body><h1>Log in to your account</h1><form><input name=user><input type=password name=pass><button>Log in</button></form></body></html>"
        ),
    ),
    "consent wall": (
        "rejected",
        Answer(
            "<html><head><title>Before you continue</title></head><body><h1>We value your privacy</h1><p>We and our partners use cookies to store and access data on your device.</p><button>Accept all</button><button>Reject all</button></body></html>"
        ),
    ),
    "bot challenge": (
        "rejected",
        Answer(
            "<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1><p>Please enable JavaScript and cookies to continue.</p></body></html>"
        ),
    ),
    "a feed as page": ("rejected", Answer(feed("http://nowhere.invalid", *map(str, range(9))), kind=FEED)),
    "JSON as page": ("rejected", Answer(json.dumps({"title": "Ferry stays", "text": "It stays for a year. " * 90}))),
    "script shell": (
        "rejected",
        Answer(
            "<html><head><title>News</title></head><body><div id=root></div><noscript>You need to enable JavaScript to run this app.</noscript><script src=/app.js></script></body></html>"
        ),
    ),
    # redirects
    "redirect without Location": ("rejected", Answer(status=302)),
    "redirect to nothing": ("redirects rejected", moved("")),
    "redirect to itself": ("redirects", moved("/2026/11/20/ferry-stays")),
    "redirect to javascript:": ("redirects", moved("javascript:alert(1)")),
    "redirect to data:": ("redirects", moved("data:text/html,<p>hello")),
    "redirect to file:": ("redirects", moved("file:///etc/passwd")),
    "redirect to ftp:": ("redirects", moved("ftp://127.0.0.1/x")),
    "redirect to a broken address": ("redirects", moved("http://[::1")),
    "redirect to port 99999": ("redirects", moved("http://example.invalid:99999/")),
    "redirect to an empty host": ("no_host", moved("http:///path")),
    "redirect to a host of dots": ("redirects", moved("http://./")),
    "redirect to a port without a host": ("redirects", moved("http://:80/")),
    "meta refresh to a host of dots": (
        "no_host failed",
        Answer('<meta http-equiv="refresh" content="0; url=http://./">'),
    ),
    "redirect to a name of 70 letters": ("no_host", moved(f"http://{'a' * 70}.invalid/")),
    "redirect to a name with two dots": ("no_host", moved("http://nowhere..invalid/")),
    "redirect to an unknown host": ("no_host not_connected", moved("http://nowhere.invalid/")),
    "redirect to an address of 100 kB": ("redirects", moved("/" + "x" * 100_000)),
    "redirect in Latin-1": ("rejected", raw(b"HTTP/1.1 302 X\r\nContent-Length: 0\r\nLocation: /caf\xe9\r\n\r\n")),
    "redirect with two Locations": (
        "rejected",
        raw(b"HTTP/1.1 302 X\r\nContent-Length: 0\r\nLocation: /a\r\nLocation: /b\r\n\r\n"),
    ),
    "300 with choices": ("rejected", Answer("<a href=/a>a</a>", 300)),
    "meta refresh to itself": (
        "redirects rejected",
        Answer('<meta http-equiv=refresh content="0; url=/2026/11/20/ferry-stays">'),
    ),
    "Refresh header": ("rejected article", Answer(GOOD, headers={"Refresh": "0; url=/x"})),
}


def led(location: str) -> Callable[[Site], None]:
    """A page that is elsewhere on the host; "{}" stands for the host's address."""

    def set_up(site: Site) -> None:
        page(moved(location.format(site.url.partition("//")[2])))(site)
        site.pages["/2026/found"] = Answer(GOOD)

    return set_up


FOUND = {
    "with backslashes": "\\2026\\found",
    "with credentials": "http://me:secret@{}/2026/found",
    "with dots and a scheme in capitals": "HTTP://{}/x/../2026/./found#part",
}


def counting(start: str) -> Callable[[Asked], Answer]:
    """Each address leads to the next."""
    return lambda asked: (
        moved(f"{start}{int(number) + 1}") if (number := asked.path[1:]).isdigit() else Answer(status=404)
    )


def forbidden(port: int) -> dict[str, str]:
    """Spellings of addresses on the loopback interface and other private places."""
    hosts = (
        "127.0.0.1", "localhost", "LOCALHOST", "localhost.", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1",
        "0177.0.0.1", "017700000001", "0x7f.0x0.0x0.0x1", "127.0.0.2", "127.255.255.254", "0.0.0.0", "0", "[::1]",
        "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
        "[::ffff:0:127.0.0.1]", "[2002:7f00:1::]", "user@127.0.0.1", "user:word@127.0.0.1", "example.org@127.0.0.1",
        "%31%32%37.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1", "127.0.0.1.", "[::1%25lo]", "[fe80::1%25lo]", socket.gethostname(),
    )  # fmt: skip
    addresses = {host: f"http://{host}:{port}/" for host in hosts}
    others = {
        "no scheme": f"//127.0.0.1:{port}/", "backslashes": f"http:\\\\127.0.0.1:{port}\\",
        "one slash": f"http:/127.0.0.1:{port}/", "tab in the host": f"http://127.0.\t0.1:{port}/",
        "two hosts": f"http://example.org:80@127.0.0.1:{port}/", "fragment trick": f"http://127.0.0.1:{port}#@example.org/",
        "capitals": f"HTTP://127.0.0.1:{port}/", "blanks around": f"  http://127.0.0.1:{port}/  ", "https": f"https://127.0.0.1:{port}/",
        "metadata": "http://169.254.169.254/latest/meta-data/", "metadata, decimal": "http://2852039166/", "private A": "http://10.0.0.1/",
        "private B": "http://172.16.0.1/", "private C": "http://192.168.1.1/", "multicast": "http://224.0.0.1/",
        "broadcast": "http://255.255.255.255/", "carrier": "http://100.64.0.1/", "unique local": "http://[fd00::1]/", "port 22": "http://127.0.0.1:22/",
    }  # fmt: skip
    return addresses | others


def with_feed(*paths: str) -> Callable[[Site], None]:
    def set_up(site: Site) -> None:
        site.pages["/feed"] = Answer(feed(site.url, *paths), kind=FEED)
        site.pages.update({path: Answer(article(f"Ferry {number}", number)) for number, path in enumerate(paths)})

    return set_up


def robots(expected: str, answer: Answer | Callable[[Asked], Answer]) -> tuple[str, Callable[[Site], None]]:
    def set_up(site: Site) -> None:
        with_feed("/2026/11/20/ferry-stays")(site)
        site.pages["/robots.txt"] = answer

    return expected, set_up


def _text(body: str | bytes) -> Answer:
    return Answer(body, kind="text/plain")


ROBOTS: dict[str, tuple[str, Callable[[Site], None]]] = {
    "robots: all forbidden": robots("robots", _text("User-agent: *\nDisallow: /")),
    "robots: 403": robots("article", Answer("no", 403)),
    "robots: 500": robots("server_error", Answer("no", 500)),
    "robots: 429": robots("server_error", Answer("no", 429)),
    "robots: 503, wait for an hour": robots(
        "server_error postponed", Answer("no", 503, headers={"Retry-After": "3600"})
    ),
    "robots: no answer": robots("robots timeout", raw(3600.0)),
    "robots: connection closed": robots("robots not_connected", raw()),
    "robots: endless": robots(
        "article robots timeout too_large", endless(b"Disallow: /x\n" * 1000, head(kind="text/plain"))
    ),
    "robots: endless headers": robots(
        "article robots too_large", endless(b"X-Line: word\r\n" * 100, b"HTTP/1.1 200 OK\r\n")
    ),
    "robots: a page": robots("article", Answer(GOOD)),
    "robots: an image": robots("article", Answer(b"\x89PNG\r\n" + bytes(range(256)), kind="image/png")),
    "robots: bomb": robots(
        "article robots too_large", Answer(long_zip(), kind="text/plain", headers={"Content-Encoding": "gzip"})
    ),
    "robots: circle": robots("article robots", moved("/robots.txt")),
    "robots: endless redirects": robots("article", lambda asked: moved(f"{asked.path}x")),
    "robots: redirect to file:": robots("article robots redirects", moved("file:///etc/passwd")),
    "robots: Crawl-delay of a year": robots(
        "article robots postponed timeout", _text("User-agent: *\nCrawl-delay: 31536000")
    ),
    "robots: Crawl-delay no number": robots("article", _text("User-agent: *\nCrawl-delay: soon")),
    "robots: Crawl-delay negative": robots("article", _text("User-agent: *\nCrawl-delay: -5")),
    "robots: UTF-16": robots("robots article", _text("User-agent: *\nDisallow: /".encode("utf-16"))),
    "robots: 100,000 rules": robots(
        "article", _text("User-agent: *\n" + "\n".join(f"Disallow: /no{n}" for n in range(100_000)))
    ),
    "robots: a rule of stars": robots("article", _text("User-agent: *\nDisallow: /" + "*a" * 5000 + "$")),
}


def _section(site: Site, page: Answer | Callable[[Asked], Answer]) -> None:
    site.pages["/"] = page
    site.other = page


def _links(*paths: str) -> str:
    return (
        "<html><body><main>"
        + "".join(f"<h2><a href='{path}'>The ferry stays at the quay for {path}</a></h2>" for path in paths)
        + "</main></body></html>"
    )


def calendar(asked: Asked) -> Answer:
    """Every day links to the next day and to a story that links on."""
    day = int("".join(filter(str.isdigit, asked.path))[-9:] or 0) + 1
    return Answer(
        _links(f"/calendar?day={day}", f"/2026/11/20/ferry-story-number-{day}")
        + f"<a rel=next href='/calendar?day={day}'>next</a>"
    )


def growing(asked: Asked) -> Answer:
    return Answer(_links(*(f"{asked.path.rstrip('/')}/{word}/the-ferry-stays-again" for word in ("a", "b", "c"))))


def index_of_indexes(asked: Asked) -> Answer:
    return (
        Answer("", kind=XML)
        if "robots" in asked.path
        else Answer(sitemap_index(*(f"http://{asked.headers['host']}{asked.path}{n}" for n in range(50))), kind=XML)
    )


def next_pages(asked: Asked) -> Answer:
    number = int("".join(filter(str.isdigit, asked.path)) or 1)
    return Answer(
        _links(*(f"/2026/11/20/ferry-story-{number}-{n}-is-told" for n in range(5)))
        + f"<a rel=next href='/?page={number + 1}'>Next</a>"
    )


def new_every_time(asked: Asked) -> Answer:
    return Answer(
        feed(f"http://{asked.headers['host']}", *(f"/2026/11/20/{id(asked)}-{n}" for n in range(30))), kind=FEED
    )


FEED_TEXT = feed("http://SITE", *(f"/2026/11/20/ferry-{n}" for n in range(5)))
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "word">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><rss><channel><item><title>&j;</title><link>http://a.invalid/</link></item></channel></rss>"
)

LISTINGS: dict[str, tuple[str, Answer | Callable[[Asked], Answer]]] = {
    "feed: empty": ("listing", Answer(b"", kind=FEED)),
    "feed: a page": ("listing", Answer(GOOD)),
    "feed: 404": ("listing", Answer("no", 404)),
    "feed: 500": ("listing", Answer("no", 500)),
    "feed: 304 unasked": ("status_304", raw(b"HTTP/1.1 304 Not Modified\r\n\r\n")),
    "feed: no entries": ("listing", Answer("<rss><channel></channel></rss>", kind=FEED)),
    "feed: cut in an address": ("listing rejected no_host", Answer(FEED_TEXT[: FEED_TEXT.rindex("ferry-4")], kind=FEED)),
    "feed: garbage": ("listing", Answer(bytes(range(256)) * 1000, kind=FEED)),
    "feed: entity bomb": ("listing no_host", Answer(BOMB, kind=FEED)),
    "feed: external entity": ("listing rejected no_host", Answer('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title><link>http://a.invalid/&x;</link></item></channel></rss>', kind=FEED)),
    "feed: gzip bomb": ("listing too_large", encoded(long_zip(), "gzip")),
    "feed: gzip bomb as a file": ("listing too_large", Answer(long_zip(), kind="application/gzip")),
    "feed: endless": ("known", endless(b"<item><link>http://a.invalid/</link></item>" * 100, head(kind=FEED), b"<rss><channel>")),
    "feed: cut gzip": ("known no_host", encoded(gzip.compress(FEED_TEXT.encode())[:-12], "gzip")),
    "feed: gzip of 64 MB": ("known no_host", encoded(gzip.compress(FEED_TEXT.encode() + bytes(BIG)), "gzip")),
    "feed: 16 MB": ("known no_host", Answer(FEED_TEXT + " " * 2**24, kind=FEED)),
    "feed: a byte a second": ("listing timeout", endless(b"x", head(kind=FEED), pause=1.0)),
    "feed: no answer": ("listing timeout", raw(3600.0)),
    "feed: redirect circle": ("listing redirects", moved("/feed")),
    "feed: endless redirects": ("listing redirects", lambda asked: moved(f"/feed?{len(asked.path)}{'x' * len(asked.path)}")),
    "feed: JSON bomb": ("listing", Answer("[" * 1_000_000, kind="application/json")),
    "feed: 200,000 deep": ("listing", Answer("<rss>" * 200_000, kind=FEED)),
    "feed: addresses of no web page": ("listing no_host", Answer("<rss><channel>" + "".join(f"<item><title>x</title><link>{x}</link></item>" for x in ("javascript:x", "mailto:a@b.invalid", "data:,x", "http://", "http://[", "ftp://x/y", "tel:1")) + "</channel></rss>", kind=FEED)),
    "feed: short Content-Length": ("known no_host", Answer(FEED_TEXT, kind=FEED, length=len(FEED_TEXT) + 100)),
}  # fmt: skip

SITEMAPS: dict[str, tuple[str, Callable[[Site], Answer | Callable[[Asked], Answer]]]] = {
    "sitemap: names itself": ("listing", lambda site: Answer(sitemap_index(f"{site.url}/feed"), kind=XML)),
    "sitemap: two name each other": ("listing", lambda site: lambda asked: Answer(sitemap_index(f"{site.url}/{'other' if asked.path == '/feed' else 'feed'}"), kind=XML)),
    "sitemap: index of indexes without end": ("listing", lambda _: index_of_indexes),
    "sitemap: 60,000 addresses": ("lost budget rejected", lambda site: Answer(sitemap(*(f"{site.url}/2026/11/20/ferry-{n}" for n in range(60_000))), kind=XML)),
    "sitemap: 50,000 sitemaps": ("listing", lambda site: Answer(sitemap_index(*(f"{site.url}/map-{n}.xml" for n in range(50_000))), kind=XML)),
    "sitemap: stray &": ("rejected", lambda site: Answer(sitemap(f"{site.url}/2026/11/20/a?x=1&y=2"), kind=XML)),
    "sitemap: gzip file cut": ("not_html", lambda site: Answer(gzip.compress(sitemap(*(f"{site.url}/2026/11/20/ferry-{n}" for n in range(50))).encode())[:-40], kind="application/gzip")),
    "sitemap: growing paths": ("trap listing", lambda site: Answer(sitemap(*(f"{site.url}/2026{'/again' * n}/ferry" for n in range(20))), kind=XML)),
    "sitemap: session ids": ("known rejected", lambda site: Answer(sitemap(*(f"{site.url}/2026/11/20/ferry?PHPSESSID={n:032x}" for n in range(50))), kind=XML)),
}  # fmt: skip

SECTIONS: dict[str, tuple[str, Callable[[Asked], Answer]]] = {
    "section: calendar without end": ("article rejected listing", calendar),
    "section: growing paths": ("article rejected listing trap", growing),
    "section: next pages without end": ("article rejected listing", next_pages),
    "section: 100,000 links": (
        "too_large",
        lambda _: Answer(_links(*(f"/2026/11/20/ferry-story-number-{n}" for n in range(100_000)))),
    ),
}


def cases(port: int) -> Iterator[Case]:
    """Every case. ``port``: the one that no connection may reach."""
    for name, (expected, answer) in PAGES.items():
        yield Case(name, expected, page(answer))
    refused = "address no_host redirects failed rejected not_connected known"
    for name, url in forbidden(port).items():
        yield Case(f"redirect to {name}", refused, page(moved(url)))
        yield Case(
            f"feed names {name}",
            f"{refused} listing",
            listing(
                Answer(
                    f"<rss><channel><item><title>x</title><link>{url.replace('&', '&amp;')}</link></item></channel></rss>",
                    kind=FEED,
                )
            ),
        )
    for name in ("127.0.0.1", "2130706433", "[::1]"):
        url = f"http://{name}:{port}/"
        yield Case(
            f"meta refresh to {name}", refused, page(Answer(f'<meta http-equiv="refresh" content="0;url={url}">'))
        )
        yield Case(
            f"sitemap names {name}",
            refused,
            lambda site, url=url: site.pages.update({"/map": Answer(sitemap(url), kind=XML)}),
            lambda site: {"sitemaps": [f"{site.url}/map"]},
        )
        yield Case(
            f"index names {name}",
            "listing",
            lambda site, url=url: site.pages.update({"/map": Answer(sitemap_index(url), kind=XML)}),
            lambda site: {"sitemaps": [f"{site.url}/map"]},
        )
        yield Case(f"robots redirects to {name}", "robots address", robots("", moved(url))[1])
        yield Case(
            f"robots names sitemap {name}",
            "listing",
            lambda site, url=url: site.pages.update({"/robots.txt": _text(f"Sitemap: {url}"), "/": Answer("<p>hello")}),
            lambda _: {},
        )
        yield Case(
            f"front page names feed {name}",
            "listing",
            lambda site, url=url: site.pages.update(
                {"/": Answer(f'<link rel=alternate type="application/rss+xml" href="{url}">')}
            ),
            lambda _: {},
        )
        yield Case(f"feed moved to {name}", "listing", listing(moved(url)))
        yield Case(
            f"canonical is {name}", "article", page(Answer(article("Ferry", head=f'<link rel=canonical href="{url}">')))
        )
        yield Case(f"source is {name}", "listing", lambda _: None, lambda _, url=url: {"url": url})
    for name, (expected, set_up) in ROBOTS.items():
        yield Case(name, expected, set_up)
    for name, (expected, answer) in LISTINGS.items():
        yield Case(name, expected, listing(answer))
    for name, (expected, make) in SITEMAPS.items():
        yield Case(
            name,
            expected,
            lambda site, make=make: setattr(site, "other", make(site)),
            lambda site: {"sitemaps": [f"{site.url}/feed"]},
        )
    for name, (expected, maker) in SECTIONS.items():
        yield Case(name, expected, lambda site, maker=maker: _section(site, maker), lambda _: {})
    for name, location in FOUND.items():
        yield Case(f"redirect {name}", "article", led(location))
    yield Case(
        "endless redirects",
        "redirects",
        lambda site: (page(moved("/0"))(site), setattr(site, "other", counting("/")))[0],
    )
    yield Case("feed: new every time", "rejected", listing(new_every_time))
