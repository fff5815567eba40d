"""robots.txt by RFC 9309: whose rules count, what they mean, and what no file means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.robots import MOST_BYTES, product_token, read_robots

AGENT = "examplebot/2.1 (+https://example.org/bot)"


def allows(text: str | bytes, path: str, agent: str = AGENT) -> bool:
    body = text.encode() if isinstance(text, str) else text
    return read_robots(200, body, agent).allows(f"https://news.example{path}")


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        (404, True),
        (410, True),
        (401, True),
        (403, True),
        (301, True),
        (429, False),
        (500, False),
        (503, False),
        (None, False),
    ],
)
def test_what_an_answer_without_a_file_means(status, allowed):
    assert read_robots(status, b"User-agent: *\nDisallow:", AGENT).allows("https://news.example/a") is allowed


@pytest.mark.parametrize(
    ("group", "forbidden"),
    [
        ("User-agent: *", True),
        ("user-agent: ExampleBot", True),
        ("USER-AGENT: examplebot/9", True),
        ("User-agent: examplebot news", True),
        ("User agent: examplebot", True),
        ("User-agent: * everyone", True),
        ("User-agent: example", False),
        ("User-agent: examplebotics", False),
        ("User-agent: otherbot", False),
        ("User-agent:", False),
    ],
)
def test_whose_rules_count(group, forbidden):
    assert allows(f"{group}\nDisallow: /", "/a") is not forbidden


def test_the_own_group_stands_before_that_of_everyone():
    text = "User-agent: *\nDisallow: /\n\nUser-agent: examplebot\nDisallow: /private\n"
    assert allows(text, "/a")
    assert not allows(text, "/private/a")
    assert not allows(text, "/a", "somebody")


def test_groups_of_the_same_name_are_one():
    text = (
        "User-agent: examplebot\nDisallow: /a\n\nUser-agent: other\nDisallow: /\n\nUser-agent: ExampleBot\nDisallow: /b"
    )
    assert not allows(text, "/a")
    assert not allows(text, "/b")
    assert allows(text, "/c")


@pytest.mark.parametrize(
    "line", ["Clean-param: ref /a", "no rule at all", "<b>", "Sitemap: https://news.example/s", ""]
)
def test_a_line_that_is_no_rule_parts_no_names(line):
    assert not allows(f"User-agent: examplebot\n{line}\nUser-agent: otherbot\nDisallow: /\n", "/a")


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("Disallow: /a\nAllow: /a/b", "/a/c", False),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Disallow: /*.pdf$", "/x/y.pdf", False),
        ("Disallow: /*.pdf$", "/x/y.pdf?z", True),
        ("Disallow: /a*z", "/abcz/d", False),
        ("Disallow:", "/a", True),
        ("Disallow: /é", "/%C3%A9t%C3%A9", False),
        ("Disallow: /", "/robots.txt", True),
        ("disallow /", "/a", False),
        ("Sitemap: https://news.example/s.xml\nDisallow: /a", "/a", False),
    ],
)
def test_what_rules_mean(rules, path, allowed):
    assert allows(f"User-agent: *\n{rules}", path) is allowed


@pytest.mark.parametrize(
    "text", [b"\xef\xbb\xbfUser-agent: *\nDisallow: /", "User-agent: *\rDisallow: /".encode("utf-16")]
)
def test_encodings(text):
    assert not allows(text, "/a")


def test_only_the_first_part_of_a_huge_file_counts():
    assert allows(b"#" * MOST_BYTES + b"\nUser-agent: *\nDisallow: /", "/a")


def test_delays_and_sitemaps():
    text = (
        b"User-agent: *\nCrawl-delay: 3\nRequest-rate: 1/5s\nSitemap: /news.xml\nSitemap: https://cdn.example/b.xml\n"
    )
    robots = read_robots(200, text, AGENT)
    assert robots.delay == 5.0
    assert robots.sitemaps == ["/news.xml", "https://cdn.example/b.xml"]
    assert read_robots(200, b"User-agent: otherbot\nCrawl-delay: 3", AGENT).delay is None
    assert read_robots(503, text, AGENT).delay is None
    assert read_robots(503, text, AGENT).sitemaps == []


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("Crawl-delay: 10s", 10), ("crawl-delay:1,5", 1.5), ("Crawl-Delay: 2 seconds # pray", 2), ("Crawldelay: 3", 3),
        ("Crawl-delay: 0.5", 0.5), ("Crawl-delay: soon", None), ("Crawl-delay: -5", None), ("Crawl-delay: 1.2.3", None),
    ],
)  # fmt: skip
def test_a_delay_counts_however_it_is_written(line, seconds):
    assert read_robots(200, f"User-agent: *\n{line}\n".encode(), AGENT).delay == seconds


@pytest.mark.parametrize(
    ("agent", "token"), [(AGENT, "examplebot"), ("  Big_Bot-x (y)", "big_bot-x"), ("9", ""), ("", "")]
)
def test_product_tokens(agent, token):
    assert product_token(agent) == token


def test_the_line_that_forbids_is_told_with_whom_it_speaks_to():
    text = (
        "User-agent: *\nDisallow: /\n\nUser-agent: otherbot\nUser-agent: ExampleBot\n"
        "Disallow: /priv # all of it\nDisallow: /private/\nAllow: /private/open\n"
    )
    robots = read_robots(200, text.encode(), AGENT)
    assert robots.forbidding("https://news.example/private/a") == "Disallow: /private/ (User-agent: examplebot)"
    assert robots.forbidding("https://news.example/privet") == "Disallow: /priv (User-agent: examplebot)"
    assert robots.forbidding("https://news.example/private/open") == ""
    assert robots.forbidding("https://news.example/a") == ""
    assert read_robots(200, text.encode(), "newsloom").forbidding("https://news.example/a") == (
        "Disallow: / (User-agent: *)"
    )
    assert read_robots(503, b"", AGENT).forbidding("https://news.example/a") == ""


@given(st.binary(max_size=300), st.text(max_size=30), st.text(max_size=30))
def test_any_file_can_be_read(body, path, agent):
    robots = read_robots(200, body, agent)
    assert robots.allows(f"https://news.example/{path}") in (True, False)
    assert robots.delay is None or robots.delay >= 0
