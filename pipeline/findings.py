"""What can be wrong, in the words that findings, notices and commands share."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pipeline.funnel import Funnel


class Kind(StrEnum):
    """What is wrong."""

    SILENT = "silent"  # nothing new for longer than ever
    YIELD = "yield"  # far fewer new pages than in the same days of each week before
    LAYOUT = "layout"  # articles lack what they used to have, or pages are no articles any more
    PAYWALL = "paywall"  # articles are behind a paywall or a login that were not
    CONSENT = "consent"  # a consent wall in the articles' place
    BLOCKED = "blocked"  # a bot challenge or a region block in the articles' place
    ROBOTS = "robots"  # robots.txt, or the pages themselves, forbid what they allowed
    FAILING = "failing"  # listings or pages cannot be had
    SLOW = "slow"  # answers take far longer than they did
    NETWORK = "network"  # so many sources fail at once that the fault is likely ours
    STALE = "stale"  # nothing has run for longer than runs are apart
    STORAGE = "storage"  # the disk is, or soon will be, full


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a person should look at. ``source``: empty where it is none's; ``since``: when it first showed."""

    kind: Kind
    source: str
    since: datetime
    told: str


class Counted(Protocol):
    """What a run counted of a source, as :class:`pipeline.storage.runs.SourceRun` has it."""

    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def funnel(self) -> Funnel: ...  # noqa: D102
