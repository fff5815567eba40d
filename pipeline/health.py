"""Looking after newsloom: what the ledger says is wrong, and telling a person of it."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError, PipelineError
from pipeline.findings import Finding
from pipeline.monitor import REACH, Judged, Stored, in_all, judged
from pipeline.notices import Plan, body_of, plan, title_of
from pipeline.storage.alerts import read_alerts, save_alerts
from pipeline.storage.runs import SourceRun, histories, last_counted, sizes

if TYPE_CHECKING:
    from sqlalchemy import Engine


class Watch:
    """Looks again and again. A source is judged anew only when something was counted of it since."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._judged: dict[str, tuple[SourceRun, Judged]] = {}

    def look(self, now: datetime, sources: Collection[str] | None = None) -> list[Finding]:
        """What is wrong. ``sources``: those that count, None for all that there are."""
        since = now - REACH
        last = {
            run.source: run for run in last_counted(self._engine, since) if sources is None or run.source in sources
        }
        self._judged = {name: known for name, known in self._judged.items() if known[0] == last.get(name)}
        for source, past in histories(self._engine, since, last.keys() - self._judged.keys()):
            self._judged[source] = last[source], judged(source, past)
        stored = [Stored(*size) for size in sizes(self._engine, since)]
        return in_all([known for _, known in self._judged.values()], stored, now)


def look(engine: "Engine", now: datetime, sources: Collection[str] | None = None) -> list[Finding]:
    """What is wrong, looked at once."""
    return Watch(engine).look(now, sources)


def tell(engine: "Engine", found: Collection[Finding], now: datetime, notify: str, cooldown: timedelta) -> Plan:
    """Tell of what is new, stands for long, or is over. ``notify``: addresses for apprise, separated by spaces.

    Raises ``PipelineError`` where a service did not take the notice; the next look tells again.
    """
    news = plan(read_alerts(engine), found, now, cooldown)
    if news.is_silent:
        save_alerts(engine, news.told)
        return news
    try:
        send(notify, title_of(news), body_of(news))
    except PipelineError:
        save_alerts(engine, news.untold)
        raise
    save_alerts(engine, news.told)
    return news


def send(notify: str, title: str, body: str) -> None:
    """Send a notice to every address; never a word of an address, which may hold a password, in errors or logs."""
    try:
        from apprise import Apprise  # noqa: PLC0415 - an extra, and a second to load
    except ModuleNotFoundError as error:
        raise PipelineError("notices need the extra: pip install 'newsloom[monitoring]'") from error
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    addresses = notify.split()
    if not addresses:
        raise ConfigError("NOTIFY names no address that a notice could be sent to")
    services = []
    for number, address in enumerate(addresses, 1):
        service = Apprise.instantiate(address)
        if service is None:
            raise ConfigError(f"NOTIFY: address {number} of {len(addresses)} is none that apprise knows")
        services.append((f"{number} ({service.service_name})", service))
    failed = [name for name, service in services if not service.notify(title=title, body=body)]
    if failed:
        raise PipelineError(f"the notice was not taken by address {', '.join(failed)} of NOTIFY")
