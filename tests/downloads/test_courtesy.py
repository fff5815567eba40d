"""Politeness, as hosts see it: all rules in one crawl, then a second one a moment later."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from tests.crawling import Newsroom, Run, accounted, newsroom
from tests.newssite import Answer, Asked, article

PATHS = ("/2026/a", "/2026/b", "/2026/c")
SLACK = 0.1  # a request is noted when it arrives, a little after it left


@dataclass(frozen=True, slots=True)
class Polite:
    room: Newsroom
    runs: list[Run]
    asked: list[dict[str, list[Asked]]]

    def lost(self, run: int, name: str) -> dict[str, int]:
        return dict(self.runs[run].funnel[name]["lost"])

    def gaps(self, name: str) -> list[float]:
        times = [asked.at for run in self.asked for asked in run[name]]
        return [later - earlier for earlier, later in pairwise(times)]


def robots(text: str) -> Answer:
    return Answer(text, kind="text/plain")


def first(*answers: Answer) -> object:
    """The answers in turn, the last one for ever."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def set_up(room: Newsroom) -> None:
    room.fed("forbidden", *PATHS).pages["/robots.txt"] = robots(
        "User-agent: *\nDisallow: /\n\nUser-agent: newsloom-tests\nDisallow: /2026/b\n"
    )
    for status in (404, 403, 500, 503):
        room.fed(f"robots-{status}", *PATHS).pages["/robots.txt"] = Answer("no", status)
    room.fed("robots-silent", *PATHS).pages["/robots.txt"] = Answer("", delay=60)
    site = room.fed("robots-moved", *PATHS)
    site.pages["/robots.txt"] = Answer(status=301, headers={"Location": "/rules"})
    site.pages["/rules"] = robots("User-agent: *\nDisallow: /2026/c")
    site = room.fed("robots-long", *PATHS)
    site.pages["/robots.txt"] = robots("User-agent: *\nDisallow: /2026/a\n" + "# word\n" * 100_000 + "Disallow: /\n")
    packed = gzip.compress(b"User-agent: *\nDisallow: /2026/a\n" + b"# word\n" * 200_000 + b"Disallow: /\n")
    site = room.fed("robots-packed", *PATHS)
    site.pages["/robots.txt"] = Answer(packed, kind="text/plain", headers={"Content-Encoding": "gzip"})
    room.fed("slow-down", *PATHS).pages["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 1\n")
    room.fed("capped", "/2026/a").pages["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 86400\n")
    room.fed("own-delay", *PATHS, delay=1)
    site = room.fed("shared", *PATHS, delay=1)
    room.source("sharing", site, feeds=[f"{site.url}/other.xml"], delay=1)
    site.pages["/other.xml"] = site.pages["/feed.xml"]
    page = Answer(article("Asked for twice"))
    room.fed("busy", "/2026/a").pages["/2026/a"] = first(Answer("", 429, headers={"Retry-After": "2"}), page)
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True)
    room.fed("busy-date", "/2026/a").pages["/2026/a"] = first(Answer("", 503, headers={"Retry-After": soon}), page)
    site = room.fed("one-by-one", *(f"/2026/{n}" for n in range(8)))
    site.pages.update({path: Answer(article(path), delay=0.05) for path in site.pages if path != "/feed.xml"})
    away = Answer("", 429, headers={"Retry-After": "3600"})
    room.fed("away", *PATHS).pages.update(dict.fromkeys(PATHS, away))
    many = [f"/2026/{n}" for n in range(30)]
    room.fed("broken", *many).pages.update(dict.fromkeys(many, Answer("", 500)))
    room.fed("pictures", *many).pages.update(dict.fromkeys(many, Answer(b"\x89PNG", kind="image/png")))


@pytest.fixture(scope="module")
def polite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Polite]:
    with newsroom(tmp_path_factory.mktemp("crawl")) as room:
        set_up(room)
        runs, asked = [], []
        for _ in range(2):
            runs.append(
                room.crawl(HOST_FAILURES="4", CRAWL_DELAY_MAX="1", HOST_PATIENCE="8", DOWNLOAD_MAXSIZE="600000")
            )
            asked.append({name: list(site.log) for name, site in room.sites.items()})
        yield Polite(room, runs, asked)


def test_every_address_is_accounted_for(polite: Polite) -> None:
    for run in polite.runs:
        assert [name for name, funnel in run.funnel.items() if not accounted(funnel)] == []


def test_rules_for_the_crawlers_own_name_count(polite: Polite) -> None:
    assert polite.lost(0, "forbidden") == {"robots": 1}
    assert "/2026/b" not in {asked.path for asked in polite.asked[0]["forbidden"]}


@pytest.mark.parametrize("name", ["robots-404", "robots-403"])
def test_no_robots_txt_allows_everything(polite: Polite, name: str) -> None:
    assert polite.runs[0].funnel[name]["article"] == 3


@pytest.mark.parametrize("name", ["robots-500", "robots-503", "robots-silent"])
def test_a_robots_txt_that_cannot_be_had_forbids_everything_for_now(polite: Polite, name: str) -> None:
    assert {asked.path for run in polite.asked for asked in run[name]} == {"/robots.txt"}
    assert "no listing could be read" in polite.runs[0].funnel[name]["why_none"]
    assert "robots" not in polite.runs[0].funnel[name]["listings"], "that it forbids nobody has said"


def test_robots_txt_may_move(polite: Polite) -> None:
    assert polite.lost(0, "robots-moved") == {"robots": 1}


@pytest.mark.parametrize("name", ["robots-long", "robots-packed"])
def test_the_first_500_kib_of_robots_txt_count_whatever_its_size(polite: Polite, name: str) -> None:
    assert polite.lost(0, name) == {"robots": 1}
    assert polite.runs[0].funnel[name]["article"] == 2


def test_one_request_at_a_time_goes_to_a_host(polite: Polite) -> None:
    assert polite.room.sites["one-by-one"].most_at_once == 1


@pytest.mark.parametrize("name", ["slow-down", "own-delay", "shared"])
def test_requests_are_spaced_within_a_run_and_across_runs(polite: Polite, name: str) -> None:
    first_rules = 1 if name == "slow-down" else 0  # the delay is known when robots.txt has come
    assert all(gap > 1 - SLACK for gap in polite.gaps(name)[first_rules:])


def test_a_crawl_delay_of_a_day_is_capped(polite: Polite) -> None:
    assert polite.runs[0].funnel["capped"]["article"] == 1


@pytest.mark.parametrize(("name", "seconds"), [("busy", 2), ("busy-date", 0)])
def test_a_short_retry_after_is_waited_for(polite: Polite, name: str, seconds: float) -> None:
    assert polite.runs[0].funnel[name]["article"] == 1
    times = [asked.at for asked in polite.asked[0][name] if asked.path == "/2026/a"]
    assert len(times) == 2
    assert times[1] - times[0] > seconds - SLACK


def test_a_long_retry_after_postpones_the_whole_host(polite: Polite) -> None:
    assert sum(asked.path in PATHS for asked in polite.asked[0]["away"]) == 1
    assert polite.lost(0, "away") == {"postponed": 3}
    assert polite.asked[1]["away"] == []


def test_a_host_that_only_fails_is_left_alone(polite: Polite) -> None:
    assert 4 <= sum(asked.path != "/feed.xml" for asked in polite.asked[0]["broken"]) <= 8
    assert polite.lost(0, "broken")["postponed"] >= 24
    assert polite.asked[1]["broken"] == []


def test_what_is_no_page_is_no_fault_of_the_host(polite: Polite) -> None:
    assert polite.lost(0, "pictures") == {"not_html": 30}
