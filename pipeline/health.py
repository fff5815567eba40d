"""Looking after newsloom: what the ledger says is wrong, and telling a person of it."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError, PipelineError
from pipeline.findings import Finding
from pipeline.monitor import REACH, Stored, findings
from pipeline.notices import Plan, body_of, plan, title_of
from pipeline.storage.alerts import read_alerts, save_alerts
from pipeline.storage.runs import histories, sizes

if TYPE_CHECKING:
    from sqlalchemy import Engine


def look(engine: "Engine", now: datetime, sources: Collection[str] | None = None) -> list[Finding]:
    """What is wrong. ``sources``: those that count, None for all that there are."""
    known = histories(engine, now - REACH)
    past = ((name, counted) for name, counted in known if sources is None or name in sources)
    return findings(past, [Stored(*size) for size in sizes(engine, now - REACH)], now)


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
