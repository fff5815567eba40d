"""The sources file, sources.toml: which sites to read and how. Definitions only; their state is in the database."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Annotated, Any, Literal, cast
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tomli_w
from cronsim import CronSim, CronSimError
from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import XPathSyntaxError
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from pipeline.durations import duration
from pipeline.urls import absolute_url, canonical_url

_NAME = re.compile(r"[\w.-]+")
_UNFIT = re.compile(r"[^\w.-]+")
_KINDS = {
    "extra_forbidden": "there is no such key",
    "missing": "is missing",
    "model_type": "is no table",
    "string_type": "is no text",
    "tuple_type": "is no list",
    "bool_type": "is neither true nor false",
}
"""Kinds of pydantic's errors that its own message tells in the words of Python → in the words of the file."""


def _duration(value: object) -> object:
    """Seconds as a number, or a text such as "10m", "24h", "7d"."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | timedelta):
        raise ValueError('is no duration such as "10m", "24h" or a number of seconds')  # noqa: TRY004 - pydantic's way
    return duration(value) if isinstance(value, str) else value


def _web_address(value: str) -> str:
    address = absolute_url(value)
    if address is None:
        raise ValueError("is no web address: it must begin with http:// or https://")
    return address


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from error
    return value


def _selector(value: str) -> str:
    try:
        CSSSelector(value)
    except (SelectorError, XPathSyntaxError) as error:
        raise ValueError(f"is no CSS selector: {error}") from error
    return value


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError("may hold letters, digits, dots, hyphens and underscores only")
    return value


def _cron(value: str) -> str:
    try:
        next(CronSim(value, datetime(2001, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration) as error:
        raise ValueError(f'is no cron expression such as "*/30 6-22 * * 1-5": {error}') from error
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError('is no time zone such as "Europe/Lisbon"') from error
    return value


Address = Annotated[str, AfterValidator(_web_address)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Selector = Annotated[str, AfterValidator(_selector)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, values: object) -> object:
        """TOML has lists, a frozen entry has tuples."""
        if not isinstance(values, Mapping):
            return values
        return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}


class Poll(_Table):
    """How often to look for news: between ``min`` and ``max``, or at the times of ``cron``, told in ``zone``."""

    min: Duration = timedelta(minutes=10)
    max: Duration = timedelta(hours=24)
    cron: Annotated[str, AfterValidator(_cron)] | None = None
    zone: Annotated[str, AfterValidator(_zone)] = "UTC"

    @model_validator(mode="after")
    def _order(self) -> "Poll":
        if not timedelta(minutes=1) <= self.min <= self.max:
            raise ValueError("min must be at least 1m and not above max")
        return self


class Source(_Table):
    """One entry. ``url``: the site's front door.

    ``feeds``, ``sitemaps``, ``sections``: addresses; None means that they are looked for, an empty list none.
    ``include``, ``exclude``: regular expressions searched in an article's address. ``delay``: seconds between two
    requests to one host, where more than the setting says. ``prune``, ``body``: CSS selectors of what is no
    article text, and of what alone is. ``tags``: put on each article. ``max_pages``: fetched in one run at most.
    ``collection``: of the archive, whose files its pages go to.
    """

    url: Address
    name: Annotated[str, AfterValidator(_name)] = ""
    feeds: tuple[Address, ...] | None = None
    sitemaps: tuple[Address, ...] | None = None
    sections: tuple[Address, ...] | None = None
    include: tuple[Pattern, ...] = ()
    exclude: tuple[Pattern, ...] = ()
    delay: Annotated[float, Field(ge=0, le=3600, strict=False)] | None = None
    poll: Poll = Poll()
    language: Annotated[str, Field(pattern=r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$")] | None = None
    prune: tuple[Selector, ...] = ()
    body: tuple[Selector, ...] = ()
    tags: tuple[str, ...] = ()
    max_pages: Annotated[int, Field(ge=1)] | None = None
    render: Literal["off", "browser"] = "off"
    collection: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")] = "news"
    enabled: bool = True

    def wants(self, url: str) -> bool:
        """Whether the patterns let an article's address pass."""
        included = not self.include or any(re.search(pattern, url) for pattern in self.include)
        return included and not any(re.search(pattern, url) for pattern in self.exclude)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the file. ``entry``: "entry 2 (name or url)", empty for the whole file; ``field``: its key."""

    message: str
    entry: str = ""
    field: str = ""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.entry, self.field, self.message) if part)


def parse_sources(text: str) -> tuple[list[Source], list[Problem]]:
    """The sources that a file defines, each with a name, and everything that is wrong with it."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [], [Problem(f"is no TOML: {error}")]
    problems = [Problem(_unknown(key, ["source"]), field=key) for key in data if key != "source"]
    entries = data.get("source", [])
    if not isinstance(entries, list):
        return [], [*problems, Problem("entries begin with [[source]], in double brackets", field="source")]
    sources = []
    for number, entry in enumerate(entries, 1):
        try:
            sources.append(Source.model_validate(entry))
        except ValidationError as error:
            problems.extend(_problems(error, _label(number, entry)))
    named = _named(sources)
    twice = [name for name, times in Counter(source.name for source in named).items() if times > 1]
    problems.extend(Problem(f"{name!r} is the name of more than one entry", field="name") for name in twice)
    return named, problems


def default_name(url: str) -> str:
    """What an entry without a name is called: the host, and the path where there is one."""
    parts = urlsplit(url)
    path = unquote(parts.path).strip("/")
    return _UNFIT.sub("-", f"{(parts.netloc.rpartition('@')[2]).removeprefix('www.')}-{path}".rstrip("-")).strip("-")


def as_toml(entries: Iterable[Mapping[str, Any]]) -> str:
    """Entries in the file's own form, to be put at its end."""
    return "\n".join(f"[[source]]\n{tomli_w.dumps(entry)}" for entry in entries)


def is_known(sources: Sequence[Source], url: str) -> bool:
    """Whether an entry with this address exists, in whatever spelling."""
    return canonical_url(url) in {canonical_url(source.url) for source in sources}


def _named(sources: Sequence[Source]) -> list[Source]:
    return [
        source if source.name else source.model_copy(update={"name": default_name(source.url)}) for source in sources
    ]


def _label(number: int, entry: object) -> str:
    known = cast("Mapping[str, object]", entry if isinstance(entry, dict) else {})
    told = known.get("name") or known.get("url")
    return f"entry {number} ({told})" if isinstance(told, str) else f"entry {number}"


def _problems(error: ValidationError, label: str) -> Iterator[Problem]:
    for fault in error.errors(include_url=False):
        path = [str(part) for part in fault["loc"]]
        keys = list(Poll.model_fields if path[:1] == ["poll"] else Source.model_fields)
        if fault["type"] == "extra_forbidden":
            message = _unknown(path[-1], keys)
        else:
            message = _KINDS.get(fault["type"], fault["msg"].removeprefix("Value error, "))
            message = message[:1].lower() + message[1:]
        yield Problem(message, label, ".".join(path))


def _unknown(key: str, keys: Sequence[str]) -> str:
    near = get_close_matches(key, keys, 1)
    return f"there is no such key, did you mean {near[0]!r}?" if near else "there is no such key"
