"""A compressed week reads every notice that newsloom writes: were it to miss one, it would count no false alarm."""

from datetime import UTC, datetime, timedelta

from pipeline.findings import Finding, Kind
from pipeline.notices import body_of, plan
from tests.benchmarks.week_notices import lines_of

NOW = datetime(2026, 10, 19, tzinfo=UTC)


def test_every_line_of_a_notice_is_read() -> None:
    many = [Finding(Kind.FAILING, f"site-{n:02}", NOW, "no listing could be read: timeout") for n in range(6)]
    few = [Finding(Kind.SILENT, "site-07", NOW, "nothing new: for 2 days"), Finding(Kind.STALE, "", NOW, "nothing ran")]
    first = plan([], [*many, *few], NOW, timedelta(days=1))
    gone = plan(first.told, [], NOW, timedelta(days=1))
    last = plan(gone.told, [], NOW + timedelta(hours=2), timedelta(days=1))
    for part, news in (("New", first), ("Over", last)):
        read = {(line.part, line.kind, line.source) for line in lines_of(body_of(news), NOW)}
        assert read == {(part, str(finding.kind), finding.source) for finding in (*many, *few)}
