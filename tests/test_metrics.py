"""Metrics: what is served, that it adds up over crawls, and that dashboard and rules name nothing else."""

import json
import re
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry, generate_latest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from pipeline.errors import ConfigError
from pipeline.funnel import key
from pipeline.metrics import Exporter, serve

DOCS = Path(__file__).parent.parent / "docs"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def crawl(*sources: str, **counts: int) -> Crawler:
    """A crawl that has counted this of each source."""
    crawler = Crawler(Spider)
    crawler.stats = StatsCollector(crawler)
    for source in sources:
        for name, number in counts.items():
            crawler.stats.set_value(key(source, name.replace("__", "/")), number)
    return crawler


@pytest.fixture
def exporter() -> Exporter:
    """One crawl that has ended, and one under way."""
    exporter = Exporter(most_sources=2)
    counts = {"fetched": 3, "answers": 4, "waited": 2500, "lost__timeout": 1, "rejected__too_short": 1}
    ended = crawl("post", "wire", listings__read=1, **counts)
    exporter.begin(ended)
    exporter.end(ended, "finished", NOON)
    exporter.begin(crawl("post", "third", "fourth", fetched=1))
    return exporter


def served(exporter: Exporter) -> dict[str, float]:
    registry = CollectorRegistry()
    registry.register(exporter)
    lines = generate_latest(registry).decode().splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


def test_counts_of_all_crawls_are_summed_up(exporter: Exporter) -> None:
    found = served(exporter)
    assert found['newsloom_pages_total{source="post",stage="fetched"}'] == 4
    assert found['newsloom_lost_total{reason="timeout",source="post"}'] == 1
    assert found['newsloom_answer_wait_seconds_total{source="post"}'] == 2.5
    assert found['newsloom_runs_total{status="finished"}'] == 1
    assert found["newsloom_runs_active"] == 1
    assert found['newsloom_last_success_timestamp_seconds{source="wire"}'] == NOON.timestamp()


def test_sources_beyond_the_limit_are_one(exporter: Exporter) -> None:
    found = served(exporter)
    assert found['newsloom_pages_total{source="other",stage="fetched"}'] == 2
    assert {name for name in found if 'source="third"' in name} == set()


def test_metrics_are_served_over_http(exporter: Exporter) -> None:
    server = serve(exporter, "127.0.0.1:0")
    assert server is not None
    with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/metrics") as answer:
        assert b"newsloom_runs_active 1.0" in answer.read()
    assert serve(exporter, f"127.0.0.1:{server.server_port}") is None, "the port is taken"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("address", ["9464x", "localhost:", "localhost"])
def test_an_address_that_is_none(exporter: Exporter, address: str) -> None:
    with pytest.raises(ConfigError, match="is no HOST:PORT"):
        serve(exporter, address)


def expressions() -> Iterator[str]:
    dashboard: dict[str, Any] = json.loads((DOCS / "monitoring/dashboard.json").read_text())
    yield from (target["expr"] for panel in dashboard["panels"] for target in panel["targets"])
    rules = yaml.safe_load((DOCS / "monitoring/alerts.yml").read_text())
    yield from (rule["expr"] for group in rules["groups"] for rule in group["rules"])


def test_dashboard_rules_and_docs_name_metrics_that_exist(exporter: Exporter) -> None:
    exist = {name.partition("{")[0] for name in served(exporter)}
    named = {name for text in expressions() for name in re.findall(r"\bnewsloom_\w+", text)}
    assert len(named) > 8
    assert named <= exist
    assert set(re.findall(r"`(newsloom_\w+)`", (DOCS / "monitoring.md").read_text())) == exist
