"""Addresses of crawler traps, and ordinary ones that look a little like them."""

import pytest

from pipeline.traps import trap


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/a/b/a/b/a/b/a/b",
        "https://news.example/" + "x/" * 13,
        "https://news.example/?" + "&".join(f"p{n}={n}" for n in range(13)),
        "https://news.example/" + "a" * 2000,
    ],
)
def test_traps(url):
    assert trap(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/",
        "https://news.example/2026/11/11/11/eleven-candles-on-the-eleventh",
        "https://news.example/world/europe/politics/2026/11/22/council-vote-12345.html?page=2&ref=home",
        "https://news.example/%D9%85%D8%A7%D9%84/%D8%A7%D9%82%D8%AA%D8%B5%D8%A7%D8%AF/123",
    ],
)
def test_ordinary_addresses(url):
    assert not trap(url)
