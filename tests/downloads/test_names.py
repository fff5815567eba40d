"""Names that lead into private space: where they do from the start, and where they do so a moment later."""

from pathlib import Path

import pytest

from tests.crawling import newsroom
from tests.names import name_server
from tests.newssite import Answer, article, feed

OUTSIDE, INSIDE = "127.0.0.1", "127.0.0.2"  # only the first is allowed, at the port of a source's host


@pytest.mark.parametrize("name", ["inside.example", "INSIDE.example", "k\u00e4se.example"])
def test_a_name_that_leads_inside_is_refused_and_not_asked_for_again(tmp_path: Path, name: str) -> None:
    names = dict.fromkeys(("inside.example", "xn--kse-qla.example"), (INSIDE,))
    with newsroom(tmp_path) as room, name_server(names) as settings:
        inside = room.web.host(name=INSIDE)
        site = room.fed("outside", "/2026/a")
        site.pages["/2026/a"] = Answer(status=302, headers={"Location": f"http://{name}:{inside.port}/secret"})
        run = room.crawl(LOG_LEVEL="DEBUG", **settings)
        assert run.funnel["outside"]["lost"] == {"private_address": 1}
        assert "Retrying" not in run.err
        assert inside.connections == 0


def test_spacing_counts_from_the_moment_a_request_is_sent(tmp_path: Path) -> None:
    with newsroom(tmp_path) as room, name_server({"slow.example": (OUTSIDE,)}, pause=0.8) as settings:
        site = room.host("slow")
        url = f"http://slow.example:{site.port}"
        room.entries.append({"name": "slow", "url": f"{url}/", "feeds": [f"{url}/feed.xml"]})
        site.pages["/feed.xml"] = Answer(feed(url, "/2026/a"))
        room.crawl(DOWNLOAD_DELAY="1", **settings)
        robots, listing = site.times("/robots.txt", "/feed.xml")
        assert listing - robots > 0.9


@pytest.mark.parametrize(("cached", "outcome"), [("1", "read"), ("0", "private_address")])
def test_a_name_that_changes_its_address_is_checked_at_each_connection(
    tmp_path: Path, cached: str, outcome: str
) -> None:
    with newsroom(tmp_path) as room, name_server({"turncoat.example": (OUTSIDE, INSIDE)}) as settings:
        site = room.host("turncoat")
        inside = room.web.host(name=INSIDE, port=site.port)
        url = f"http://turncoat.example:{site.port}"
        room.entries.append({"name": "turncoat", "url": f"{url}/", "feeds": [f"{url}/feed.xml"]})
        alone = {"Connection": "close"}  # a connection, and so a look at the address, for each request
        site.other = Answer("nothing here", 404, headers=alone)
        site.pages["/feed.xml"] = Answer(feed(url, "/2026/a"), headers=alone)
        site.pages["/2026/a"] = Answer(article("Turned"), headers=alone)
        run = room.crawl(DNSCACHE_ENABLED=cached, **settings)
        assert run.funnel["turncoat"]["listings"] == {outcome: 1}
        assert site.paths[0] == "/robots.txt"
        assert inside.connections == 0
