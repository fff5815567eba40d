"""Metrics for Prometheus: what this process's crawls count, at an address of its own. Labels are bounded."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from pipeline.errors import ConfigError
from pipeline.extensions import counts, status_of
from pipeline.funnel import Measure, Stage, funnels

if TYPE_CHECKING:
    from wsgiref.simple_server import WSGIServer

    from prometheus_client import Metric

logger = logging.getLogger(__name__)

OTHER = "other"
"""Label of the sources that came after the first ``METRICS_SOURCES``."""

Sample = tuple[tuple[str, ...], float]

STAGED = {
    "answers": (Measure.ANSWERS, 1.0, "Answers to requests for listings and pages."),
    "answer_bytes": (Measure.BYTES, 1.0, "Bytes of their bodies."),
    "answer_wait_seconds": (Measure.WAITED, 0.001, "Seconds waited for them."),
    "article_words": (Measure.WORDS, 1.0, "Words of the articles."),
}
"""Metric → what it counts of a source, how large one of it is, and help."""

GROUPED = {
    "lost": ("reason", "Pages that could not be had."),
    "rejected": ("reason", "Pages that are no article."),
    "listings": ("outcome", "Polls of listings."),
}
"""Metric, and attribute of a funnel → its second label, and help."""


class Exporter:
    """The sum of what crawls of this process have counted and are counting."""

    def __init__(self, most_sources: int) -> None:
        self._most = most_sources
        self._ended: Counter[str] = Counter()
        self._runs: Counter[str] = Counter()
        self._succeeded: dict[str, float] = {}
        self._active: list[Crawler] = []
        self._labels: dict[str, str] = {}

    def begin(self, crawler: Crawler) -> None:
        """A crawl begins; what it counts is read when somebody asks."""
        self._active.append(crawler)

    def end(self, crawler: Crawler, status: str, now: datetime) -> None:
        """It has ended."""
        self._active.remove(crawler)
        counted = counts(crawler)
        self._ended.update(counted)
        self._runs[status] += 1
        for source, funnel in funnels(counted).items():
            if funnel.worked:
                self._succeeded[self._label(source)] = now.timestamp()

    def collect(self) -> "Iterator[Metric]":
        """All metrics, as a registry of ``prometheus_client`` asks for them."""
        from prometheus_client.metrics_core import GaugeMetricFamily  # noqa: PLC0415 - an extra

        totals = self._ended.copy()
        for crawler in self._active.copy():
            totals.update(counts(crawler))
        found = [(self._label(source), funnel) for source, funnel in funnels(totals).items()]
        stages = (((of, stage), funnel.stages.get(stage, 0)) for of, funnel in found for stage in Stage)
        yield _counter("pages", "Addresses by how far they came.", ("source", "stage"), stages)
        for name, (measure, size, told) in STAGED.items():
            yield _counter(name, told, ("source",), (((of,), f.stages.get(measure, 0) * size) for of, f in found))
        for name, (label, told) in GROUPED.items():
            groups = (((of, reason), n) for of, funnel in found for reason, n in getattr(funnel, name).items())
            yield _counter(name, told, ("source", label), groups)
        runs = (((status,), number) for status, number in self._runs.items())
        yield _counter("runs", "Runs that have ended.", ("status",), runs)
        yield GaugeMetricFamily("newsloom_runs_active", "Runs under way.", len(self._active))
        succeeded = GaugeMetricFamily(
            "newsloom_last_success_timestamp_seconds", "When a listing was last read.", labels=("source",)
        )
        for source, moment in self._succeeded.items():
            succeeded.add_metric((source,), moment)
        yield succeeded

    def _label(self, source: str) -> str:
        """The source's name, or ``OTHER`` once there are many."""
        return self._labels.setdefault(source, source if len(self._labels) < self._most else OTHER)


def _counter(name: str, told: str, labels: tuple[str, ...], samples: Iterable[Sample]) -> "Metric":
    from prometheus_client.metrics_core import CounterMetricFamily  # noqa: PLC0415 - an extra

    sums: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for key, number in samples:
        sums[key] += number
    family = CounterMetricFamily(f"newsloom_{name}", told, labels=labels)
    for key, number in sums.items():
        family.add_metric(key, number)
    return family


class Metrics:
    """Serves the metrics of this process at ``METRICS_ADDRESS``, from its first crawl on."""

    exporter: Exporter | None = None

    def __init__(self, crawler: Crawler, exporter: Exporter) -> None:
        self._crawler, self._exporter = crawler, exporter

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it where an address is set."""
        address = crawler.settings["METRICS_ADDRESS"]
        if not address:
            raise NotConfigured
        if Metrics.exporter is None:
            Metrics.exporter = Exporter(crawler.settings.getint("METRICS_SOURCES"))
            serve(Metrics.exporter, address)
        metrics = cls(crawler, Metrics.exporter)
        crawler.signals.connect(metrics.spider_opened, signals.spider_opened)
        crawler.signals.connect(metrics.spider_closed, signals.spider_closed)
        return metrics

    def spider_opened(self) -> None:
        """Count the crawl as under way."""
        self._exporter.begin(self._crawler)

    def spider_closed(self, reason: str) -> None:
        """Keep what it counted."""
        self._exporter.end(self._crawler, status_of(self._crawler, reason), datetime.now(UTC))


def serve(exporter: Exporter, address: str) -> "WSGIServer | None":
    """Serve metrics; where that cannot be, such as beside a process that does, a warning says so."""
    try:
        from prometheus_client import CollectorRegistry, start_http_server  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise ConfigError("METRICS_ADDRESS needs the extra: pip install 'newsloom[monitoring]'") from error
    host, _, port = address.rpartition(":")
    if not port.isdecimal():
        raise ConfigError(f"METRICS_ADDRESS={address!r} is no HOST:PORT")
    registry = CollectorRegistry()
    registry.register(exporter)
    try:
        server, _ = start_http_server(int(port), host or "127.0.0.1", registry)
    except (OSError, OverflowError) as error:
        logger.warning("metrics are not served at %s: %s", address, error)
        return None
    return server
