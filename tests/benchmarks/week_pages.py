"""Pages of the sites of a compressed week: articles in three layouts, and what may stand in their place."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape

WHO = (
    "the harbour board", "a choir from the upper valley", "two brothers who keep bees", "the county's road engineer",
    "the last cooper in town", "a class of eleven-year-olds", "the ferry's night crew", "the society of bell ringers",
    "a retired surveyor", "the owner of the salt mill", "the union of orchard hands", "the keeper of the lock",
)  # fmt: skip
DID = (
    "has asked for", "turned down", "will pay for", "argued about", "measured", "wants to sell", "has been promised",
    "counted", "walked out over", "took pictures of", "wrote a long letter about", "drew up a plan for",
)  # fmt: skip
WHAT = (
    "the footbridge behind the cannery", "forty crates of late pears", "a new roof for the reading room",
    "the noise of the gravel pit", "three old maps of the marsh", "the price of winter fodder", "a second bus at dusk",
    "the cracks in the sea wall", "the lease of the boathouse", "a pump from the flooded cellar",
    "the missing weather vane", "the lamps along the towpath",
)  # fmt: skip
WHERE = (
    "at Saltmarsh", "below the weir", "in the hall on Tanner's Row", "near the east quay", "on the road to Brack",
    "beside the old signal box", "outside the dairy", "at the foot of the moor", "in Fenny Cross", "by the fish market",
)  # fmt: skip
THEN = (
    "and nobody in the room objected", "though the money is far from certain", "which took the clerk by surprise",
    "after a night of heavy rain", "while the tide was still going out", "as neighbours had expected for weeks",
    "and the mayor promised an answer by spring", "because the first attempt had failed", "before the shops had opened",
    "and a crowd stayed until the lights went out",
)  # fmt: skip
AUTHORS = (
    "Ada Marsh",
    "Robin Vale",
    "Lena Orme",
    "Tom Reedham",
    "Piet Hallow",
    "Ines Brack",
    "Jon Fennick",
    "Mara Toll",
)
SECTIONS = ("County", "Harbour", "Sport", "Culture", "Farming")
CHANNELS = "".join(f'<li><a href="/topic/{name.lower()}">{name}</a></li>' for name in SECTIONS)


@dataclass(frozen=True, slots=True)
class Story:
    """One article. ``at``: when it is published; ``changes_at``: when a paragraph is added, None for never."""

    path: str
    number: int
    at: datetime
    seed: str
    changes_at: datetime | None = None

    @property
    def title(self) -> str:
        return _title(self.seed, self.number)

    @property
    def author(self) -> str:
        return AUTHORS[self.number % len(AUTHORS)]

    @property
    def section(self) -> str:
        return SECTIONS[self.number % len(SECTIONS)]

    def paragraphs(self, now: datetime) -> list[str]:
        """Its text as it is by now."""
        chance = random.Random(f"{self.seed}:{self.number}")
        text = [_paragraph(chance, self.number) for _ in range(chance.randint(5, 8))]
        return [*text, _paragraph(chance, self.number)] if self.changes_at and self.changes_at <= now else text


@cache
def _title(seed: str, number: int) -> str:
    chance = random.Random(f"{seed}/{number}")
    words = f"{chance.choice(WHO)} {chance.choice(DID)} {chance.choice(WHAT)}"
    return f"{words[0].upper()}{words[1:]}, case {number} of {seed}"


def _paragraph(chance: random.Random, number: int) -> str:
    text = " ".join(_sentence(chance) for _ in range(chance.randint(2, 4)))
    return f"{text} It was entry {number}.{chance.randint(10, 99_999)} in the books."


def _sentence(chance: random.Random) -> str:
    who, did, what, where, then = map(chance.choice, (WHO, DID, WHAT, WHERE, THEN))
    return f"{who[0].upper()}{who[1:]} {did} {what} {where}, {then}."


Layout = Callable[[Story, Sequence[str]], str]


def declared(story: Story, text: Sequence[str]) -> str:
    """All about the article stands in JSON-LD."""
    about = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": story.title,
        "datePublished": story.at.isoformat(), "author": {"@type": "Person", "name": story.author},
        "articleSection": story.section, "description": text[0][:120],
    }  # fmt: skip
    head = f'<script type="application/ld+json">{json.dumps(about)}</script>'
    return _document(story.title, head, f"<article><h1>{escape(story.title)}</h1>{_marked(text)}</article>")


def tagged(story: Story, text: Sequence[str]) -> str:
    """In meta elements."""
    about = {"og:type": "article", "og:title": story.title, "article:published_time": story.at.isoformat(),
             "article:section": story.section, "og:description": text[0][:120]}  # fmt: skip
    head = "".join(f'<meta property="{name}" content="{escape(value)}">' for name, value in about.items())
    head += f'<meta name="author" content="{story.author}">'
    return _document(story.title, head, f"<main><h1>{escape(story.title)}</h1><div>{_marked(text)}</div></main>")


def printed(story: Story, text: Sequence[str]) -> str:
    """Where a reader sees it."""
    byline = f'<p class="byline">By <a rel="author" href="/by/{story.number % 8}">{story.author}</a></p>'
    byline += f'<time datetime="{story.at.isoformat()}">{story.at:%d %B %Y, %H:%M}</time>'
    title = escape(story.title)
    return _document(story.title, "", f"<article><h1>{title}</h1>{byline}<section>{_marked(text)}</section></article>")


LAYOUTS = (declared, tagged, printed)


def paywall(story: Story) -> str:
    """The beginning of an article, and what the rest costs."""
    about = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": story.title,
        "datePublished": story.at.isoformat(), "author": {"@type": "Person", "name": story.author},
        "isAccessibleForFree": False,
        "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paid"},
    }  # fmt: skip
    head = f'<script type="application/ld+json">{json.dumps(about)}</script>'
    offer = "<div class=paid><h2>Subscribe to read the full story</h2><p>Already a subscriber? Log in</p></div>"
    first = story.paragraphs(story.at)[:1]
    return _document(story.title, head, f"<article><h1>{escape(story.title)}</h1>{_marked(first)}{offer}</article>")


def login(_: Story) -> str:
    form = "<h1>Sign in to your account</h1><form><label>Email address</label><input type=email><label>Password</label>"
    form += (
        "<input type=password><button>Sign in</button></form><p>Forgot your password? New here? Create an account.</p>"
    )
    return _document("Sign in", "", form)


def consent(_: Story) -> str:
    told = "We and our 214 partners store and access information on a device, such as cookies, and process personal "
    told += "data to show personalised ads and to measure audiences."
    buttons = "".join(f"<button>{word}</button>" for word in ("Accept all", "Reject all", "Manage options"))
    return _bare("We value your privacy", f"<h2>We value your privacy</h2><p>{told}</p>{buttons}")


def challenge(_: Story) -> str:
    told = "<h1>Checking your browser before accessing this site</h1><p>This process is automatic. Your browser will "
    told += "redirect shortly.</p><p>Please allow up to 5 seconds.</p><script src=/challenge-platform/x.js></script>"
    return _bare("DDoS protection", told)


def shell(_: Story) -> str:
    told = "<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>"
    return _bare("News", f"{told}<script src=/app.js></script>")


def cut(story: Story) -> str:
    """An article of which a few words are left."""
    return tagged(story, [" ".join(story.paragraphs(story.at)[0].split()[:30]) + "."])


def anonymous(story: Story) -> str:
    """An article by nobody, from no day."""
    body = f"<div class=wrap><h2>{escape(story.title)}</h2>{_marked(story.paragraphs(story.at))}</div>"
    return _document(story.title, "", body)


def index(story: Story) -> str:
    """A list in the article's place."""
    titles = (_title(story.seed, story.number + n) for n in range(12))
    links = "".join(f'<h3><a href="/list/{n}">{escape(title)}</a></h3>' for n, title in enumerate(titles))
    return _document("Latest news", "", f"<main><h1>Latest news</h1>{links}</main>")


def _marked(text: Sequence[str]) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in text)


def _document(title: str, head: str, body: str) -> str:
    nav = f"<nav><ul>{CHANNELS}</ul></nav>"
    foot = "<footer><p>All rights reserved</p><a href=/imprint>Imprint</a></footer>"
    return _bare(title, f"{nav}{body}{foot}", head)


def _bare(title: str, body: str, head: str = "") -> str:
    return f"<!doctype html><html lang=en><head><title>{escape(title)}</title>{head}</head><body>{body}</body></html>"
