"""What stands around and between the texts of made-up pages: menus, teasers, side columns, footers."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.items import Media, RawPage, Reason
from tests.extraction.stories import STORIES

URL = "https://echo.example/county/night-train"
NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """A page and what must become of it: one of ``reasons``, or an article where there are none.

    ``partial``: whether the article must be known for a part of the whole.
    """

    name: str
    reasons: AbstractSet[Reason]
    page: RawPage
    partial: bool = False


def stories(language: str) -> tuple[str, ...]:
    """Headline and paragraphs in the language; in English where there are none in it."""
    return STORIES.get(language, STORIES["en"])


def document(  # noqa: PLR0913 - what makes up a page
    language: str, inner: str, title: str, *, head: str = "", body: str = "", url: str = URL, final: str = ""
) -> RawPage:
    """A page of nothing else. ``body``: attributes of its body element; ``final``: the address after redirects."""
    text = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body {body}>{inner}</body></html>"
    )
    return RawPage(url, text.encode(), NOW, final_url=final or url, status=200, media=Media.HTML)


def chrome(layout: int, language: str, inner: str, title: str, **rest: str) -> RawPage:
    """The page in one of three layouts: menu and footer; links beside it too; teasers below it too."""
    headline, *paragraphs = stories(language)
    menu = "".join(f"<li><a href='/{n}'>{word}</a></li>" for n, word in enumerate(headline.split()))
    side = "".join(f"<li><a href='/story/{n}'>{text[:60]}</a></li>" for n, text in enumerate((headline, *paragraphs)))
    footer = "<footer><a href='/imprint'>Imprint</a> <a href='/privacy'>Privacy</a> <p>© 2025 Echo Media</p></footer>"
    below = ("", f"<aside><ul>{side}</ul></aside>", f"<section>{cards(language, 4, long=True)}</section>")[layout % 3]
    scripts = "<script src='/site.js'></script><script>track()</script>"
    nav = f"<header><a href='/'>Echo</a><nav><ul>{menu}</ul></nav></header>"
    return document(language, f"{nav}<main>{inner}</main>{below}{footer}{scripts}", title, **rest)


def cards(language: str, number: int, *, long: bool, dated: bool = False) -> str:
    """Equal boxes that each lead to another story; ``long``: with a summary of it."""
    headline, *paragraphs = stories(language)
    made = []
    for n in range(number):
        text = paragraphs[n % len(paragraphs)]
        time = f"<time datetime='2025-04-{n % 28 + 1:02}'>{n % 28 + 1}.4.2025</time>" if dated else ""
        summary = f"<p>{text}</p>" if long else ""
        made.append(f"<div class='card'><h3><a href='/story/{n}'>{text[: 40 + n]} {n}</a></h3>{time}{summary}</div>")
    return "".join(made) if headline else ""
