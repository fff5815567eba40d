"""What a compressed week owes: every page found once, hosts left in peace."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

from sqlalchemy import Engine, select

from pipeline.items import Origin
from pipeline.storage.connection import reading
from pipeline.storage.schema import articles, frontier, rejections, versions
from tests.benchmarks.week_clock import START
from tests.benchmarks.week_pages import Story
from tests.benchmarks.week_service import DELAY
from tests.benchmarks.week_world import CLOSED, DAY, HOUR, MINUTE, Outlet, Request
from tests.processes import ROOT

LATE = 0.1  # seconds by which a host may read one request later than another after it was sent
LOST_AT_A_KILL = 3.0  # seconds before a kill, of which an answer may not have been written down
GIVEN = (200, 403)  # bot challenges come with the second
REVISITS = (HOUR, 6 * HOUR, DAY, 7 * DAY)


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how often, and what was found wrong, a line each."""

    name: str
    looked: int
    wrong: Sequence[str]


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database holds: by address how many articles, why it was rejected, when it was found."""

    articles: Counter[str]
    headlines: Counter[str]
    rejected: dict[str, str]
    found: dict[str, datetime]


def stored(engine: Engine) -> Stored:
    with reading(engine) as connection:
        current = (versions.c.article_id == articles.c.id) & (versions.c.number == articles.c.version)
        rows = connection.execute(select(articles.c.url, versions.c.headline).join(versions, current)).all()
        rejected = connection.execute(select(rejections.c.url, rejections.c.reason)).all()
        found = connection.execute(select(frontier.c.url, frontier.c.found_at)).all()
    return Stored(
        Counter(row.url for row in rows),
        Counter(row.headline for row in rows),
        {row.url: row.reason for row in rejected},
        {row.url: row.found_at for row in found},
    )


def could_be_had(outlet: Outlet, story: Story, end: datetime) -> bool:
    """Whether a page could be had for a whole day, which is the longest time between two polls."""
    fault = outlet.fault
    dies = fault and (fault.answer or fault.refuses or fault.forbids) and not fault.is_over
    until = min(end, fault.at) if fault and dies else end
    is_named = story.at >= outlet.known_from or story in outlet.shown(outlet.known_from)
    return is_named and not story.path.startswith(CLOSED) and max(story.at, outlet.known_from) + DAY <= until


def checks(
    outlets: Sequence[Outlet], engine: Engine, folder: Path, end: datetime, kills: Sequence[float]
) -> list[Check]:
    """All of them."""
    kept = stored(engine)
    asked = [(outlet, sorted(outlet.requests, key=lambda request: request.asked)) for outlet in outlets]
    number = sum(len(requests) for _, requests in asked)
    due = [
        (outlet, story) for outlet in outlets for story in outlet.stories.values() if could_be_had(outlet, story, end)
    ]
    return [
        Check("pages lost", len(due), list(_lost(due, kept))),
        Check("pages doubled", len(kept.articles), list(_doubled(kept))),
        Check("newsloom db check", 1, _checked(folder)),
        Check("two at a time", number, [outlet.name for outlet in outlets if outlet.site.most_at_once > 1]),
        Check("too close together", number, _all(asked, _too_close)),
        Check("forbidden by robots.txt", number, _all(asked, _forbidden)),
        Check("before Retry-After", number, _all(asked, _impatient)),
        Check("page fetched again", number, _all(asked, partial(_again, found=kept.found, kills=kills))),
        Check("poll without condition", number, _all(asked, _unconditional)),
    ]


def delays(outlets: Sequence[Outlet], engine: Engine, end: datetime) -> list[timedelta]:
    """How long each page waited until it was found, of sites that are well, from the second day on."""
    found = stored(engine).found
    well = [outlet for outlet in outlets if not outlet.outages and (outlet.fault is None or not outlet.fault.kinds)]
    stories = (
        (outlet, story) for outlet in well for story in outlet.stories.values() if START + DAY <= story.at < end - DAY
    )
    return sorted(found[url] - story.at for outlet, story in stories if (url := outlet.url(story)) in found)


def _lost(due: Sequence[tuple[Outlet, Story]], kept: Stored) -> Iterator[str]:
    """Pages of which there is neither an article nor, where they were none, why not."""
    for outlet, story in due:
        url = outlet.url(story)
        if kept.articles[url]:
            continue
        given = [each for each in outlet.requests if each.path == story.path and each.status in GIVEN]
        fault = outlet.fault_at(given[0].at) if given else outlet.fault
        if url not in kept.rejected:
            yield f"{outlet.name}{story.path} of {story.at:%d %H:%M}: asked {len(given)} times"
        elif not (fault and fault.page):
            yield f"{outlet.name}{story.path} of {story.at:%d %H:%M}: rejected as {kept.rejected[url]}"


def _doubled(kept: Stored) -> Iterator[str]:
    yield from (f"{url}: {number} articles" for url, number in kept.articles.items() if number > 1)
    yield from (f"{headline}: {number} articles" for headline, number in kept.headlines.items() if number > 1)


def _checked(folder: Path) -> list[str]:
    """What ``newsloom db check`` finds."""
    command = [sys.executable, "-m", "pipeline", "db", "check"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return f"{done.stdout}{done.stderr}".splitlines() if done.returncode else []


Look = Callable[[Outlet, Sequence[Request]], Iterator[str]]


def _all(asked: Sequence[tuple[Outlet, Sequence[Request]]], look: Look) -> list[str]:
    return [line for outlet, requests in asked for line in look(outlet, requests)]


def _too_close(outlet: Outlet, requests: Sequence[Request]) -> Iterator[str]:
    """Requests less apart than the setting and, once it was read, robots.txt want."""
    least = DELAY
    for one, other in pairwise(requests):
        if one.path == "/robots.txt" and one.status == 200:
            least = max(DELAY, outlet.crawl_delay or 0.0)
        if (apart := (other.at - one.at).total_seconds()) < least - LATE:
            yield f"{outlet.name} {one.path} {other.path} at {one.at:%d %H:%M}: {apart:.3f} s apart"


def _forbidden(outlet: Outlet, requests: Sequence[Request]) -> Iterator[str]:
    """What the robots.txt forbids that was read last; where it is missing, nothing does."""
    forbidden = CLOSED
    for request in requests:
        if request.path == "/robots.txt" and request.status:
            fault = outlet.fault_at(request.at)
            forbids = fault is not None and fault.forbids
            forbidden = "" if request.status != 200 else "/" if forbids else CLOSED
        elif forbidden and request.path.startswith(forbidden):
            yield f"{outlet.name} {request.path} at {request.at:%d %H:%M}"


def _impatient(outlet: Outlet, requests: Sequence[Request]) -> Iterator[str]:
    for one, other in pairwise(requests):
        if one.status == 429 and other.at < one.at + HOUR:
            yield f"{outlet.name} {other.path} at {other.at:%d %H:%M}, refused at {one.at:%H:%M}"


def _again(
    outlet: Outlet, requests: Sequence[Request], found: Mapping[str, datetime], kills: Sequence[float]
) -> Iterator[str]:
    """Pages that were given more often than they are to be seen again after they were found, or sooner."""
    given: dict[str, list[Request]] = {}
    for request in requests:
        if request.path in outlet.stories and request.status == 200:
            given.setdefault(request.path, []).append(request)
    for path, own in given.items():
        kept = [each for each in own if not any(0 <= kill - each.asked < LOST_AT_A_KILL for kill in kills)]
        since = found[outlet.url(outlet.stories[path])]
        soonest = [since + step for step in REVISITS]
        if len(kept) > 1 + len(soonest) or any(each.at < due for each, due in zip(kept[1:], soonest, strict=False)):
            yield f"{outlet.name} {path} of {since:%d %H:%M:%S}: {', '.join(f'{each.at:%d %H:%M:%S}' for each in own)}"


def _unconditional(outlet: Outlet, requests: Sequence[Request]) -> Iterator[str]:
    """Polls of a whole listing though it was had whole less than a day before; a look for listings sees all whole."""
    whole: Request | None = None
    looked = START
    for request in requests:
        if request.path == "/":
            looked = request.at
        if request.path != outlet.listing or outlet.kind is Origin.SECTION:
            continue
        if whole and not request.is_conditional and request.at - whole.at < DAY and request.at - looked > MINUTE:
            yield f"{outlet.name} at {request.at:%d %H:%M}, whole at {whole.at:%d %H:%M}"
        whole = request if request.status == 200 else whole
