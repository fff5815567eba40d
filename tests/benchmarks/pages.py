"""Made-up news pages: small, varied, and the same ones every time."""

import random
from pathlib import Path

WORDS = """
harbour council tram bridge baker orchard winter ferry school library market lantern valley budget station garden
teacher river museum festival engine summer village doctor forest letter window copper morning bicycle painter kitchen
railway committee shelter gallery northern quiet repaired opened voted counted carried planted moved closed reported
welcomed measured promised older younger wooden narrow careful busy public local early late
""".split()  # noqa: SIM905 - sixty quoted words are no easier to read
SECTIONS = ("City", "Country", "Business", "Culture", "Sport", "Science")
CLASSES = ("article-body", "story", "entry-content", "text", "main-column")


def write_pages(folder: Path, number: int) -> None:
    """Fill ``folder`` with pages, a thousand to a subfolder."""
    for index in range(number):
        parent = folder / f"{index // 1000:03}"
        if index % 1000 == 0:
            parent.mkdir(parents=True)
        (parent / f"page-{index:06}.html").write_text(page(index), encoding="utf-8")


def page(index: int) -> str:
    """One page of a few kilobytes with navigation, related links and a footer around an article."""
    chance = random.Random(index)
    section = chance.choice(SECTIONS)
    headline = _sentence(chance, 5, 9).rstrip(".") + f" {index}"
    url = f"https://daily-{index % 7}.example/{section.lower()}/{index}"
    day = f"2025-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}T{chance.randint(6, 22):02}:15:00+02:00"
    paragraphs = "\n".join(f"<p>{_paragraph(chance)}</p>" for _ in range(chance.randint(4, 12)))
    related = "\n".join(f'<li><a href="/{n}">{_sentence(chance, 4, 8)}</a></li>' for n in range(chance.randint(3, 9)))
    menu = "".join(f'<li><a href="/{name.lower()}/">{name}</a></li>' for name in SECTIONS)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{headline} - Daily {index % 7}</title>
<link rel="canonical" href="{url}"><meta property="og:title" content="{headline}">
<meta property="article:published_time" content="{day}"><meta name="author" content="Robin Vale">
<meta name="description" content="{_sentence(chance, 10, 16)}"><script>var page = {{"id": {index}}};</script></head>
<body><header><a href="/">Daily {index % 7}</a><nav><ul>{menu}</ul></nav></header>
<main><article><h1>{headline}</h1><p class="byline">By Robin Vale</p><time datetime="{day}">{day[:10]}</time>
<div class="{chance.choice(CLASSES)}">
{paragraphs}
</div></article>
<aside><h2>Related stories</h2><ul>
{related}
</ul></aside></main>
<footer><p>Daily {index % 7}, 12 Quay Street. All rights reserved.</p><a href="/privacy">Privacy</a></footer>
</body></html>
"""


def _paragraph(chance: random.Random) -> str:
    return " ".join(_sentence(chance, 7, 18) for _ in range(chance.randint(2, 5)))


def _sentence(chance: random.Random, least: int, most: int) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(least, most))).capitalize() + "."
