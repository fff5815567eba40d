"""Sources on real hosts, crawled by the real command in a process of its own."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

from tests.newssite import Answer, Site, Web, article, feed, hosts
from tests.processes import clean_environment, run

CRAWL = ("crawl", "news", "--json")
SETTINGS = {
    "DOWNLOAD_DELAY": "0",
    "DOWNLOAD_TIMEOUT": "3",
    "RETRY_TIMES": "1",
    "HOST_PATIENCE": "5",
    "USER_AGENT": "newsloom-tests/1.0 (+https://news.example/bot)",
    "EXTRACTION_WORKERS": "1",
}


@dataclass(frozen=True, slots=True)
class Run:
    """What the command said. ``funnel``: of each source, as with ``--json``."""

    status: int
    out: str
    err: str

    @property
    def funnel(self) -> dict[str, Any]:
        return dict(json.loads(self.out))


class Newsroom:
    """A folder with a sources file and a database, and the hosts that the sources are at."""

    def __init__(self, folder: Path, web: Web) -> None:
        self.folder, self.web = folder, web
        self.sites: dict[str, Site] = {}
        self.entries: list[dict[str, Any]] = []

    def host(self, name: str) -> Site:
        """A new host."""
        self.sites[name] = self.web.host()
        return self.sites[name]

    def source(self, name: str, site: Site | None = None, **entry: Any) -> Site:
        """A source; at a host of its own where none is named."""
        site = site or self.host(name)
        self.entries.append({"url": f"{site.url}/", "name": name, **entry})
        return site

    def fed(self, name: str, *paths: str, **entry: Any) -> Site:
        """A source with a feed that names articles at these paths."""
        site = self.host(name)
        self.source(name, site, feeds=[f"{site.url}/feed.xml"], **entry)
        site.pages["/feed.xml"] = Answer(feed(site.url, *paths), kind="application/rss+xml")
        site.pages.update({path: Answer(article(f"{name} {path}", n)) for n, path in enumerate(paths)})
        return site

    def write_sources(self) -> None:
        """The sources file as the entries are now."""
        text = "\n".join(f"[[source]]\n{tomli_w.dumps(entry)}" for entry in self.entries)
        (self.folder / "sources.toml").write_text(text, encoding="utf-8")

    def _command(self, words: Sequence[str], settings: Mapping[str, str]) -> list[str]:
        """What is to be run; the sources file is written anew."""
        self.write_sources()
        allowed = ",".join(f"127.0.0.1:{site.port}" for site in self.sites.values())
        chosen = {**SETTINGS, "ALLOW_PRIVATE_ADDRESSES": allowed, **settings}
        options = [part for name, value in chosen.items() for part in ("-s", f"{name}={value}")]
        return [*words, *options]

    def start(self, *arguments: str, command: Sequence[str] = CRAWL, **settings: str) -> subprocess.Popen[str]:
        """``newsloom crawl news``, or another command, under way."""
        return subprocess.Popen(
            [sys.executable, "-m", "pipeline", *self._command([*command, *arguments], settings)],
            cwd=self.folder,
            env=clean_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,  # a kill may take the workers along
        )

    def crawl(self, *arguments: str, **settings: str) -> Run:
        """``newsloom crawl news`` to its end; the hosts' logs begin anew."""
        for site in self.sites.values():
            site.log.clear()
        command = self._command([*CRAWL, *arguments], {"EXTRACTION_WORKERS": "0"} | settings)
        ended = run(command, self.folder, clean_environment())
        return Run(ended.returncode, ended.stdout, ended.stderr)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database holds."""
        connection = sqlite3.connect(f"file:{self.folder}/data/newsloom.db?mode=rw", uri=True)
        try:
            with connection:
                return connection.execute(query, values).fetchall()
        finally:
            connection.close()


@contextmanager
def newsroom(folder: Path) -> Iterator[Newsroom]:
    """A newsroom whose hosts end with the block."""
    with hosts() as web:
        yield Newsroom(folder, web)


def accounted(funnel: dict[str, Any]) -> bool:
    """Whether every address of a source's funnel ended in one place."""

    def count(*stages: str) -> int:
        return sum(funnel.get(stage, 0) for stage in stages)

    return (
        count("discovered") == count("known", "excluded", "trap", "new")
        and count("new", "pending", "revisited") == count("fetched") + sum(funnel["lost"].values())
        and count("fetched") == count("article") + sum(funnel["rejected"].values())
        and count("article") == count("stored_new", "stored_updated", "stored_unchanged")
    )
