"""Hosts that have to be waited for hold up no other."""

from pathlib import Path

from tests.crawling import newsroom
from tests.newssite import Answer, article

SLOW = 40
PATHS = ("/2026/a", "/2026/b")
MANY = [f"/2026/{n}" for n in range(30)]


def test_hosts_with_a_long_delay_do_not_starve_one_without(tmp_path: Path) -> None:
    with newsroom(tmp_path) as room:
        slow = [room.fed(f"slow-{n}", *PATHS) for n in range(SLOW)]
        for site in slow:
            site.pages["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 3\n", kind="text/plain")
        fast = room.fed("fast", *MANY)
        fast.pages.update({path: Answer(article(path, n)) for n, path in enumerate(MANY)})
        run = room.crawl(CONCURRENT_REQUESTS="16")
        assert run.funnel["fast"]["stored_new"] == len(MANY)
        assert all(run.funnel[f"slow-{n}"]["stored_new"] == len(PATHS) for n in range(SLOW))
        first_pages = sorted(site.times(*PATHS)[0] for site in slow)
        assert fast.times()[-1] < first_pages[SLOW // 2]
