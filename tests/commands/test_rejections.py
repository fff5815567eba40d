"""``newsloom rejections``."""

import json
from datetime import timedelta

from pipeline.items import Reason
from pipeline.storage.articles import save
from tests.storage.samples import NOON, rejection


def test_none(cli):
    done = cli("rejections")
    assert (done.status, done.out, done.err) == (0, "", "newsloom: nothing was refused\n")


def test_the_list(cli, sqlite):
    later = rejection(
        "https://x.example/wall", Reason.CONSENT_WALL, fetched_at=NOON + timedelta(hours=1), detail="\x1b[2J"
    )
    save(sqlite, [rejection(), later])
    assert cli("rejections").lines == [
        "id  fetched           reason        url                                detail",
        " 2  2026-11-12 13:00  consent_wall  https://x.example/wall             \\x1b[2J",
        " 1  2026-11-12 12:00  too_short     https://harbourpost.example/ferry  12 words",
    ]


def test_json_reason_and_limit(cli, sqlite):
    save(sqlite, [rejection(f"https://x.example/{n}", [Reason.EMPTY, Reason.TIMEOUT][n % 2]) for n in range(25)])
    assert len(cli("rejections").lines) == 1 + 20
    assert len(cli("rejections", "--limit", "0", "--json").lines) == 25
    found = [json.loads(line) for line in cli("rejections", "--json", "--reason", "timeout").lines]
    assert len(found) == 12
    assert found[0].keys() >= {"id", "url", "reason", "detail", "dateDownloaded", "source", "digest", "headline"}
    assert {one["reason"] for one in found} == {"timeout"}
    assert cli("rejections", "--reason", "not_text").err == "newsloom: nothing was refused as not_text\n"


def test_wrong_usage(cli):
    done = cli("rejections", "--reason", "boring")
    assert done.status == 2
    assert "boring" in done.err
    assert cli("rejections", "1").status == 2
