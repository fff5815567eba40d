"""The funnel of a run as a table. No command itself."""

from collections.abc import Iterator, Mapping

from pipeline.commands.listing import Column, table
from pipeline.export import printable
from pipeline.funnel import Funnel, Measure, Stage, losses

SHOWN = {
    "found": (Stage.DISCOVERED,),
    "to fetch": (Stage.NEW, Stage.PENDING),
    "fetched": (Stage.FETCHED,),
    "articles": (Stage.ARTICLE,),
    "new": (Stage.STORED_NEW,),
    "updated": (Stage.STORED_UPDATED,),
    "unchanged": (Stage.STORED_UNCHANGED,),
    "bytes": (Measure.BYTES,),
    "seconds": (Measure.SECONDS,),
}
"""Columns of the report → what they count."""


def report(found: Mapping[str, Funnel]) -> Iterator[str]:
    """The funnel as a table, then what was lost and why there is nothing."""
    columns = [Column("source"), *(Column(title, right=True) for title in SHOWN)]
    rows = [
        [printable(name), *(f"{sum(funnel.stages.get(stage, 0) for stage in stages):,}" for stages in SHOWN.values())]
        for name, funnel in found.items()
    ]
    yield from table(columns, rows, None)
    yield from map(printable, losses(found))
