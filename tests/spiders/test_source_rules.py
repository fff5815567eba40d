"""What an entry of the sources file says reaches the stored article, and a page's wishes are heeded."""

import json

from tests.commands.conftest import environment, newsloom
from tests.newssite import Answer, article, feed, hosts

__all__ = ["environment", "newsloom"]

SLOGAN = "Harbour Post readers walked forty thousand miles for the lifeboat last summer, and it thanks them all."
ENTRY = """
[[source]]
url = "{0}/"
name = "harbour"
feeds = ["{0}/feed"]
prune = ["div.x1"]
body = ["section.gone"]
tags = ["coast"]
"""


def test_an_entry_reaches_its_articles_and_wishes_are_heeded(newsloom, tmp_path):
    with hosts() as web:
        site = web.host()
        told = article("Ferry stays").replace(
            "</article>", f"<div class=x1><p>{SLOGAN}</p></div><p>So be it, said the mayor of the town.</p></article>"
        )
        site.pages["/a"] = Answer(told, headers={"X-Robots-Tag": "nosnippet, otherbot: noai"})
        site.pages["/b"] = Answer(article("Cannery hires", head="<meta name=robots content=noai>"))
        site.pages["/feed"] = Answer(feed(site.url, "/a", "/b"), kind="application/rss+xml")
        (tmp_path / "sources.toml").write_text(ENTRY.format(site.url))
        options = ("-s", "DOWNLOAD_DELAY=0", "-s", f"ALLOW_PRIVATE_ADDRESSES=127.0.0.1:{site.port}")
        assert newsloom("crawl", "news", *options).returncode == 0
    stored = json.loads(newsloom("articles", "show", "1", "--json").stdout)
    assert SLOGAN not in stored["articleBody"]
    assert {"text": SLOGAN, "rule": "source-prune"} in stored["removed"]
    assert (stored["tags"], stored["robots"]) == (["coast"], ["nosnippet", "otherbot: noai"])
    why = newsloom("articles", "show", "1", "--why").stdout
    assert "source's selectors match nothing" in why
    assert any(line.split()[1:2] == ["source-prune"] and line.endswith(SLOGAN) for line in why.splitlines())
    (refused,) = map(json.loads, newsloom("rejections", "--json").stdout.splitlines())
    assert (refused["reason"], refused["detail"]) == ("opted_out", "says noai")
