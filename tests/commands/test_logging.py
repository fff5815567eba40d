"""What a command writes to its log."""

import json
from pathlib import Path

from tests.commands.conftest import Newsloom


def test_a_log_is_json_from_its_first_line_where_the_setting_says_so(newsloom: Newsloom, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("Too short.")
    done = newsloom("replay", "page.txt", "--loglevel=INFO", "-s", "LOG_FILE=log", NEWSLOOM_LOG_JSON="1")
    assert done.returncode == 0, done.stderr
    told = [json.loads(text) for text in (tmp_path / "log").read_text().splitlines()]
    assert told[0]["message"].startswith("Scrapy ")
    assert {one.get("run") for one in told} == {None, 1}
