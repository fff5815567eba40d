"""``render = "browser"``: pages that scripts draw, by a real browser where one is installed."""

import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.commands.conftest import environment, newsloom
from tests.newssite import Answer, Site, article, hosts

__all__ = ["environment", "newsloom"]

IS_INSTALLED = find_spec("scrapy_playwright") is not None
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
STORIES = ("/2026/11/harbour-board-keeps-the-ferry-for-now", "/2026/11/cannery-hires-forty-people-from-the-coast")
MOVED = "/2026/11/the-bell-of-the-school-rings-inside"


def drawn(html: str, other: Site) -> Answer:
    """A page that is empty until its script has run; the script also tries to reach another host."""
    text = json.dumps(html).replace("</", "<\\/")
    tries = f"<img src={other.url}/pixel.png><script>fetch('{other.url}/secret').catch(() => 0)</script>"
    script = f"<script>document.getElementById('app').innerHTML = {text}</script>"
    return Answer(
        f"<html><head><title>Harbour Post</title></head><body><div id=app></div>{tries}{script}</body></html>"
    )


def entry(folder: Path, url: str) -> None:
    (folder / "sources.toml").write_text(f'[[source]]\nurl = "{url}/"\nname = "harbour"\nrender = "browser"\n')


@pytest.mark.skipif(IS_INSTALLED, reason="the extra is installed")
@pytest.mark.parametrize("arguments", [("sources", "check"), ("crawl", "news")])
def test_without_the_extra_it_is_said_at_once(newsloom, tmp_path, arguments):
    entry(tmp_path, "http://127.0.0.1:9")
    done = newsloom(*arguments)
    assert done.returncode == 1
    assert "harbour: render: \"browser\" needs the extra: pip install 'newsloom[browser]'" in done.stdout + done.stderr
    assert (done.stdout + done.stderr).count("\n") == 1


@pytest.mark.skipif(not IS_INSTALLED or not CHROMIUM, reason="needs the extra browser, and chromium")
def test_pages_that_scripts_draw_and_nothing_private_is_reached(newsloom, tmp_path):
    with hosts() as web:
        site, inside = web.host(), web.host()
        inside.other = Answer(article("Inside"))
        links = "".join(
            f'<h2><a href="{path}">What the harbour board said: {path[9:]}</a></h2>' for path in (*STORIES, MOVED)
        )
        site.pages["/"] = drawn(f"<main>{links}</main>", inside)
        for path in STORIES:
            site.pages[path] = drawn(article(path[9:]).partition("<body>")[2].partition("</body>")[0], inside)
        site.pages[MOVED] = Answer(status=302, headers={"Location": f"{inside.url}/secret"})
        entry(tmp_path, site.url)
        options = json.dumps({"executable_path": CHROMIUM, "args": ["--no-sandbox"]})
        done = newsloom(
            "crawl", "news", "--json", "-s", f"PLAYWRIGHT_LAUNCH_OPTIONS={options}", "-s", "DOWNLOAD_DELAY=0",
            "-s", f"ALLOW_PRIVATE_ADDRESSES=127.0.0.1:{site.port}",
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        funnel = json.loads(done.stdout)["harbour"]
        assert (funnel["new"], funnel["stored_new"], funnel["lost"]) == (3, 2, {"private_address": 1})
        assert (inside.log, inside.connections) == ([], 0)
        assert {request.headers["user-agent"] for request in site.log} == {"newsloom"}
