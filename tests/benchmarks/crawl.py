"""How fast ``newsloom crawl news`` is beside a bare Scrapy crawl of the same addresses that stores nothing.

python -m tests.benchmarks.crawl --hosts 20 --articles 100 [--news-please PYTHON]

A site of its own answers on the loopback interface: each host a port, each answer after ``--latency`` seconds. There is
no delay between requests, in either crawl. The second run of newsloom finds nothing new; what it asks for is counted.
``--news-please``: a Python that has it, which need not be this one; it gets all addresses at once.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.pages import page
from tests.newssite import feed

BARE = """
import json, sys
import scrapy
from scrapy.crawler import AsyncCrawlerProcess

class Bare(scrapy.Spider):
    name = "bare"
    async def start(self):
        for url in json.load(open(sys.argv[1])):
            yield scrapy.Request(url, dont_filter=True)
    def parse(self, response):
        pass

process = AsyncCrawlerProcess({
    "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False,
    "CONCURRENT_REQUESTS": 64, "CONCURRENT_REQUESTS_PER_DOMAIN": 64, "DOWNLOAD_DELAY": 0,
})
process.crawl(Bare)
process.start()
"""

NEWS_PLEASE = """
import json, sys
from newsplease import NewsPlease

if __name__ == "__main__":
    urls = json.load(open(sys.argv[1]))
    articles = NewsPlease.from_urls(urls, request_args={"timeout": 30}, fetch_images=False)
    if not all(articles.get(url) for url in urls):
        sys.exit("news-please could not get every page")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--articles", type=int, default=100, help="of each host (default: 100)")
    parser.add_argument("--latency", type=float, default=0.02, help="seconds before each answer (default: 0.02)")
    parser.add_argument("--news-please", metavar="PYTHON", help="crawl with news-please too, in this interpreter")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(Path(options.serve), options.hosts, options.articles, options.latency))
        return
    with tempfile.TemporaryDirectory() as scratch, site(Path(scratch), options) as ports:
        compare(Path(scratch), ports, options.articles, options.news_please)


def compare(scratch: Path, ports: list[int], articles: int, news_please: str | None) -> None:
    number = len(ports) * articles
    urls = [f"http://127.0.0.1:{port}/story/{n}" for n in range(articles) for port in ports]
    (scratch / "urls.json").write_text(json.dumps(urls))
    entries = (
        f'[[source]]\nurl = "http://127.0.0.1:{port}/"\nfeeds = ["http://127.0.0.1:{port}/feed.xml"]\n'
        for port in ports
    )
    (scratch / "sources.toml").write_text("\n".join(entries))
    bare = seconds([sys.executable, "-c", BARE, str(scratch / "urls.json")], scratch)
    peer = seconds([news_please, "-I", "-c", NEWS_PLEASE, str(scratch / "urls.json")], scratch) if news_please else None
    asked(scratch)
    first = seconds(crawl_command(), scratch)
    asked(scratch)
    second = seconds(crawl_command(), scratch)
    again = asked(scratch)
    print(f"{len(ports)} hosts, {articles} articles each, {len(os.sched_getaffinity(0))} processors, whole processes")
    print(f"  bare Scrapy, nothing stored  {bare:7.1f} s  {number / bare:7.1f} pages/s")
    print(f"  newsloom crawl news          {first:7.1f} s  {number / first:7.1f} pages/s")
    print(f"  ratio                        {bare / first:7.2f}    (1 = as fast as the bare crawl)")
    if peer:
        print(f"  news-please, nothing stored  {peer:7.1f} s  {number / peer:7.1f} pages/s")
        print(f"  ratio                        {peer / first:7.2f}    (1 = as fast as news-please)")
    print(f"  second run                   {second:7.1f} s, requests: {json.dumps(again)}")


def crawl_command() -> list[str]:
    settings = ("DOWNLOAD_DELAY=0", "ALLOW_PRIVATE_ADDRESSES=127.0.0.1", "DATABASE_URL=sqlite:///crawl.db")
    chosen = [part for setting in settings for part in ("-s", setting)]
    return [sys.executable, "-m", "pipeline", "crawl", "news", *chosen]


def seconds(command: list[str], folder: Path) -> float:
    start = time.perf_counter()
    root = Path(__file__).parent.parent.parent
    environment = os.environ | {"PYTHONPATH": str(root), "SCRAPY_SETTINGS_MODULE": "pipeline.settings"}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, env=environment)
    return time.perf_counter() - start


def asked(scratch: Path) -> dict[str, int]:
    """What the site was asked for since the last call, by kind."""
    log = scratch / "asked"
    paths = log.read_text().split() if log.exists() else []
    log.write_text("")
    return dict(Counter(path.split("/")[1] for path in paths))


@contextmanager
def site(scratch: Path, options: argparse.Namespace) -> Iterator[list[int]]:
    """The site in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.crawl", "--serve", str(scratch)]
    sizes = ["--hosts", str(options.hosts), "--articles", str(options.articles), "--latency", str(options.latency)]
    process = subprocess.Popen([*command, *sizes])
    try:
        while not (scratch / "ports.json").exists():
            time.sleep(0.05)
        yield json.loads((scratch / "ports.json").read_text())
    finally:
        process.terminate()
        process.wait()


async def serve(scratch: Path, hosts: int, articles: int, latency: float) -> None:
    pages = [page(number).encode() for number in range(articles)]
    log = (scratch / "asked").open("a", buffering=1)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = writer.get_extra_info("sockname")[1]
        while line := await reader.readline():
            path = line.split()[1].decode()
            while (await reader.readline()).strip():
                pass
            log.write(f"{path}\n")
            await asyncio.sleep(latency)
            status, kind, body = content(path, port, pages)
            head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
        writer.close()

    servers = [await asyncio.start_server(answer, "127.0.0.1", 0) for _ in range(hosts)]
    ports = [server.sockets[0].getsockname()[1] for server in servers]
    (scratch / "ports.new").write_text(json.dumps(ports))
    (scratch / "ports.new").rename(scratch / "ports.json")
    await asyncio.gather(*(server.serve_forever() for server in servers))


def content(path: str, port: int, pages: list[bytes]) -> tuple[str, str, bytes]:
    if path == "/feed.xml":
        base = f"http://127.0.0.1:{port}"
        return "200 OK", "application/rss+xml", feed(base, *(f"/story/{n}" for n in range(len(pages)))).encode()
    if path.startswith("/story/"):
        return "200 OK", "text/html; charset=utf-8", _at(port, pages[int(path.rpartition("/")[2])])
    return "404 Not Found", "text/plain", b"nothing here"


def _at(port: int, body: bytes) -> bytes:
    """The page with the host in its headline: no two hosts have the same article."""
    return body.replace(b"</h1>", f" at {port}</h1>".encode(), 1)


if __name__ == "__main__":
    main()
