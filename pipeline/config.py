"""The one reader of the environment: ``NEWSLOOM_*`` variables become a frozen, typed :class:`Config`."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches

from pipeline.durations import durations
from pipeline.errors import ConfigError

PREFIX = "NEWSLOOM_"
ABOVE_ZERO = (
    "PAGE_DEADLINE",
    "PAGE_MAX_SIZE",
    "ITEMS_IN_FLIGHT",
    "STORE_BATCH_SIZE",
    "ARCHIVE_FILE_SIZE",
    "SOURCE_MAX_PAGES",
    "SOURCE_MAX_BYTES",
    "SOURCE_MAX_TIME",
    "HOST_FAILURES",
)

DIRECTIVES = (
    "none", "noai", "noimageai", "tdm-reservation", "noarchive", "nocache", "noindex", "nofollow", "nosnippet",
    "noimageindex", "notranslate", "noodp", "noydir", "indexifembedded", "unavailable_after", "max-snippet",
    "max-image-preview", "max-video-preview",
)  # fmt: skip
"""What pages ask of crawlers, as far as anybody has defined it; a value may follow: "max-snippet:0"."""


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting of newsloom's own with its default; each is also a Scrapy setting of the same name in capitals.

    ``database_url``: SQLAlchemy URL; relative SQLite paths are relative to the working directory.
    ``database_patience``: seconds for which a run waits for a database server that went away.
    ``extraction_workers``: processes that refine pages; 0 refines in the Scrapy process itself, for debugging.
    ``page_deadline``: seconds one page may take before its worker is killed. ``page_memory``: MiB a worker may use.
    ``page_max_size``: bytes a page may have, after decompression.
    ``items_in_flight``: pages between spider and database at any moment.
    ``store_batch_size``: articles per transaction, at most half of the items in flight.
    ``store_flush_interval``: seconds after which a smaller batch is written.
    ``archive_dir``: the folder of the archive, relative to the working directory; empty keeps none.
    ``archive_file_size``: bytes from which a file of the archive is followed by another.
    ``sources_file``: the file that defines the sources of a crawl, relative to the working directory.
    ``user_agent``: how a crawl introduces itself, with a contact.
    ``allow_private_addresses``: host:port, addresses and networks, separated by commas, that a crawl may reach though
    they are not public.
    ``source_max_pages``, ``source_max_bytes``, ``source_max_time`` (seconds): what a source may cost in one run.
    ``crawl_delay_max``: seconds; the most that a robots.txt can ask for between two requests.
    ``host_patience``: seconds that a run waits for a host; one that wants more is left to a later run.
    ``host_failures``: in a row, after which a host is left alone for an hour.
    ``honour_page_robots``: directives, separated by commas, that make a crawled page a rejection.
    ``notify``: addresses that apprise sends notices to, separated by spaces.
    ``notify_cooldown``: hours after which a notice tells again of what is still wrong.
    ``metrics_address``: host:port at which Prometheus finds this process's metrics; empty for nowhere.
    ``metrics_sources``: sources that have metrics of their own. ``log_json``: 1 for logs as JSON, an object a line.
    ``revisits``: how long after it was found an article is seen again in a scheduled run, as long as it changes.
    ``polls_per_hour``: of listings, in all scheduled runs together; 0 for no limit.
    ``stop_deadline``: seconds that ``schedule`` gives what is under way when it is to end.
    ``keep_archive_days``, ``keep_rejections_days``, ``keep_runs_days`` (that wrote nothing): what ``schedule``
    deletes when it is older; 0 keeps all.
    """

    database_url: str = "sqlite:///data/newsloom.db"
    database_patience: float = 120.0
    extraction_workers: int = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    page_deadline: float = 20.0
    page_memory: int = 2048
    page_max_size: int = 10 * 2**20
    items_in_flight: int = 64
    store_batch_size: int = 200
    store_flush_interval: float = 0.1
    archive_dir: str = "data/archive"
    archive_file_size: int = 2**30
    sources_file: str = "sources.toml"
    user_agent: str = "newsloom"
    allow_private_addresses: str = ""
    source_max_pages: int = 500
    source_max_bytes: int = 500 * 2**20
    source_max_time: float = 3600.0
    crawl_delay_max: float = 60.0
    host_patience: float = 60.0
    host_failures: int = 10
    honour_page_robots: str = "noai,tdm-reservation"
    notify: str = ""
    notify_cooldown: float = 24.0
    metrics_address: str = ""
    metrics_sources: int = 200
    log_json: int = 0
    revisits: str = "1h,6h,24h,7d"
    polls_per_hour: float = 0.0
    stop_deadline: float = 30.0
    keep_archive_days: float = 0.0
    keep_rejections_days: float = 0.0
    keep_runs_days: float = 30.0

    def as_settings(self) -> dict[str, str | int | float]:
        """The same values under their Scrapy setting names."""
        return {f.name.upper(): getattr(self, f.name) for f in fields(self)}


VARIABLES = {PREFIX + "SOURCES": "sources_file", **{PREFIX + f.name.upper(): f.name for f in fields(Config)}}
"""The variables that are read, and the setting that each is for; the last of two for one wins."""


def from_environment(environment: Mapping[str, str] | None = None) -> Config:
    """Read the ``NEWSLOOM_*`` variables; a ``ConfigError`` names the variable and the value it cannot use.

    A variable that is nearly one of them is a mistake; what else begins so may be anybody's.
    """
    environment = os.environ if environment is None else environment
    types = {f.name: type(f.default) for f in fields(Config)}
    found: dict[str, str | int | float] = {}
    for variable, name in VARIABLES.items():
        if text := environment.get(variable, "").strip():
            found[name] = _typed(variable, text, types[name])
    for variable in environment:
        if variable.startswith(PREFIX) and variable not in VARIABLES:
            _check_spelling(variable)
    return Config(**found)  # type: ignore[arg-type]


def wants_colour(environment: Mapping[str, str] | None = None) -> bool:
    """Whether a terminal may be given colours: unless ``NO_COLOR`` is set (no-color.org)."""
    return not (os.environ if environment is None else environment).get("NO_COLOR")


def check(settings: Mapping[str, object]) -> None:
    """Look at the settings in force; a ``ConfigError`` names the first of newsloom's own that cannot be used."""
    for f in fields(Config):
        name = f.name.upper()
        _typed(name, str(settings[name]), type(f.default))
    try:
        durations(str(settings["REVISITS"]))
    except ValueError as error:
        raise ConfigError(f"REVISITS={settings['REVISITS']!r} {error}") from error
    honoured = settings["HONOUR_PAGE_ROBOTS"]
    for word in honoured.split(",") if isinstance(honoured, str) else ():
        _check_directive(word.strip().lower())


def _check_spelling(variable: str) -> None:
    if near := get_close_matches(variable, VARIABLES, 1, cutoff=0.9):
        raise ConfigError(f"{variable}: there is no such setting, did you mean {near[0]}?")


def _check_directive(word: str) -> None:
    name = word.partition(":")[0]
    if name and name not in DIRECTIVES:
        near = get_close_matches(name, DIRECTIVES, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(DIRECTIVES)}"
        raise ConfigError(f"HONOUR_PAGE_ROBOTS: no page asks for {word!r}, {hint}")


def _typed(variable: str, text: str, kind: type) -> str | int | float:
    try:
        value: str | int | float = kind(text)
    except ValueError as error:
        raise ConfigError(f"{variable}={text!r} is not {'a number' if kind is float else 'a whole number'}") from error
    if isinstance(value, str):
        return value
    if not value < math.inf:
        raise ConfigError(f"{variable}={text!r} is not a number")
    if value < 0 or (value == 0 and variable.endswith(ABOVE_ZERO)):
        raise ConfigError(f"{variable}={text!r} is {'negative' if value else 'not above 0'}")
    return value
