"""Alerts: the findings that stand, and what a person was told of them."""

from collections.abc import Iterable

from sqlalchemy import Engine, delete, insert, select

from pipeline.findings import Finding, Kind
from pipeline.notices import Alert
from pipeline.storage.connection import reading, writing
from pipeline.storage.schema import alerts


def read_alerts(engine: Engine) -> list[Alert]:
    """All of them."""
    with reading(engine) as connection:
        return [
            Alert(Finding(Kind(row.kind), row.source, row.since, row.told), row.told_at, row.cleared_at)
            for row in connection.execute(select(alerts).order_by(alerts.c.kind, alerts.c.source))
        ]


def save_alerts(engine: Engine, standing: Iterable[Alert]) -> None:
    """Remember these and no others."""
    rows = [
        {
            "kind": alert.finding.kind,
            "source": alert.finding.source,
            "since": alert.finding.since,
            "told": alert.finding.told,
            "told_at": alert.told_at,
            "cleared_at": alert.cleared_at,
        }
        for alert in standing
    ]
    with writing(engine) as connection:
        connection.execute(delete(alerts))
        if rows:
            connection.execute(insert(alerts), rows)
