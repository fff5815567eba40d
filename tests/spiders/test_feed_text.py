"""A crawl stores the article that a feed carries where its page shows none, and says where the text is from."""

import json

from tests.commands.conftest import environment, newsloom
from tests.newssite import Answer, article, feed, hosts

__all__ = ["environment", "newsloom"]

TOLD = article("Story /a").partition("</h1>")[2].partition("</article>")[0]
SHELL = '<html><head><title>Post</title></head><body><div id="root"></div><script src="/app.js"></script></body></html>'


def test_an_article_that_only_its_feed_shows(newsloom, tmp_path):
    with hosts() as web:
        site = web.host()
        site.pages["/a"], site.pages["/b"] = Answer(SHELL), Answer(SHELL)
        listed = feed(site.url, "/a", "/b").replace(
            "</item>", f"<section>Coast</section><description><![CDATA[{TOLD}]]></description></item>", 1
        )
        site.pages["/feed"] = Answer(listed, kind="application/rss+xml")
        (tmp_path / "sources.toml").write_text(f'[[source]]\nurl = "{site.url}/"\nfeeds = ["{site.url}/feed"]\n')
        options = ("-s", "DOWNLOAD_DELAY=0", "-s", f"ALLOW_PRIVATE_ADDRESSES=127.0.0.1:{site.port}")
        assert newsloom("crawl", "news", *options).returncode == 0
    (stored,) = map(json.loads, newsloom("articles", "--json").stdout.splitlines())
    assert (stored["headline"], stored["section"], stored["url"]) == ("Story /a", "Coast", f"{site.url}/a")
    assert {stored["sources"][name] for name in ("articleBody", "headline", "section", "datePublished")} == {"feed"}
    assert stored["articleBody"].count("as the clerk read it out.") == 8
    why = newsloom("articles", "show", "1", "--why").stdout.splitlines()
    assert [line.split() for line in why if line.startswith("articleBody")] == [["articleBody", "feed", "8", "blocks"]]
    (refused,) = map(json.loads, newsloom("rejections", "--json").stdout.splitlines())
    assert refused["reason"] == "script_shell"
