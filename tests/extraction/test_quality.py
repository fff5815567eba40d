"""What is no article is refused with its reason, and what only looks so is not."""
# ruff: noqa: E501 - a table of pages reads best with one page to a line

import gzip
import zlib

import pytest

from pipeline.items import Media, Reason
from tests.extraction.pages import article_of, body_texts, html_page, paragraphs, rejection_of, text_page
from tests.extraction.stories import STORIES

HEADLINE, *STORY = STORIES["en"]
TOPICS = [
    "Pears",
    "Trains",
    "Buses",
    "Nights",
    "Floods",
    "Bells",
    "Bridges",
    "Mills",
    "Geese",
    "Kilns",
    "Ferries",
    "Locks",
]
TOPICS += ["Lamps", "Wells", "Roofs", "Ovens"]
LINKS = "".join(f'<li><a href="/county/{w}">{w} and what the county makes of it</a></li>' for w in TOPICS)
NAVIGATION = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/county'>County</a></li><li><a href='/sport'>Sport</a></li></ul></nav>"
CONSENT = """<div class="banner"><h2>Before you continue</h2><p>We and our 312 partners use cookies to store and read
personal data. Your privacy choices apply to this site only.</p><button>Accept all cookies</button>
<button>Cookie settings</button></div>"""
BRIEF = """The bell of the ferry house will ring again on Sunday. A crane lifted it back into its tower on Wednesday,
eleven years after a storm had brought it down. The village had collected the money at two jumble sales, the mayor
said, and a foundry on the coast gave the clapper."""

REFUSED = [
    (text_page(b""), Reason.EMPTY),
    (text_page(b" \n\t \r\n"), Reason.EMPTY),
    (text_page(b"\x00\x01\x02"), Reason.EMPTY),
    (text_page(b"\xef\xbb\xbf  "), Reason.EMPTY),
    (text_page(b"%PDF-1.7\n1 0 obj << /Type /Catalog >>"), Reason.NOT_TEXT),
    (text_page(b"\x89PNG\r\n\x1a\n" + bytes(range(256))), Reason.NOT_TEXT),
    (text_page(b"PK\x03\x04" + bytes(300)), Reason.NOT_TEXT),
    (text_page(gzip.compress(HEADLINE.encode())), Reason.NOT_TEXT),
    (text_page(zlib.compress(" ".join(STORY).encode() * 9)), Reason.NOT_TEXT),
    (text_page(bytes(range(256)) * 8), Reason.NOT_TEXT),
    (text_page('{"title": "Bell", "body": "' + " ".join(STORY) + '"}', Media.HTML), Reason.NOT_TEXT),
    (text_page('<?xml version="1.0"?>\n<!-- ours -->\n<rss version="2.0"><channel>' + paragraphs(*STORY) + "</channel></rss>", Media.HTML), Reason.NOT_TEXT),
    (text_page("<!-- " + " ".join(STORY) + " -->", Media.HTML), Reason.EMPTY),
    (html_page(paragraphs("It looks like you are using an ad blocker. Please disable your ad blocker, or subscribe to support what we do, and load the page again to go on reading."), "Ad blocker detected"), Reason.SCRIPT_SHELL),
    (html_page(paragraphs("We are changing some pipes and cables, and expect to be here again before long. Thank you for waiting, and sorry for the trouble that this may cause you."), "We'll be right back"), Reason.ERROR_PAGE),
    (text_page(HEADLINE), Reason.TOO_SHORT),
    (text_page(f"{HEADLINE}\n\n{STORY[0]}"), Reason.TOO_SHORT),
    (text_page(f"{HEADLINE}\n\nSubscribe to the Echo\n\n© 2025 Quillmere Echo"), Reason.TOO_SHORT),
    (html_page(paragraphs(STORY[0]), HEADLINE), Reason.TOO_SHORT),
    (html_page(paragraphs(*STORY), HEADLINE, status=404), Reason.ERROR_PAGE),
    (html_page(paragraphs(*STORY), HEADLINE, status=410), Reason.ERROR_PAGE),
    (html_page(paragraphs(*STORY), HEADLINE, status=503), Reason.ERROR_PAGE),
    (html_page("<h1>Page not found</h1><p>The page you asked for has moved or never was. Try the search, or go back to the front page and start again from there, please.</p>", "404 - Not found | Echo"), Reason.ERROR_PAGE),
    (html_page("<h1>Seite nicht gefunden</h1><p>Diese Adresse gibt es nicht mehr.</p>", "Seite nicht gefunden"), Reason.ERROR_PAGE),
    (html_page("<h1>Page introuvable</h1><p>Revenez à l'accueil.</p>", "Page introuvable - L'Écho"), Reason.ERROR_PAGE),
    (html_page("<p>An error has occurred. The server could not answer your request, please try again.</p>", "Echo"), Reason.ERROR_PAGE),
    (html_page(CONSENT, "Before you continue"), Reason.CONSENT_WALL),
    (html_page("<h1>Ihre Privatsphäre</h1><p>Mit Werbung und Cookies weiterlesen oder werbefrei lesen im Abo. Wir und unsere Partner verarbeiten Daten auf Ihrem Gerät, um Inhalte und Anzeigen zu messen.</p><button>Akzeptieren und weiter</button>", "Das Echo"), Reason.CONSENT_WALL),
    (html_page("<h1>Checking your browser</h1><p>Please complete the security check to go on. Ray 8f3a.</p>", "Just a moment..."), Reason.BOT_CHALLENGE),
    (html_page("<p>Please verify you are a human by pressing the button. Press and hold.</p>", "echo.example"), Reason.BOT_CHALLENGE),
    (html_page("<noscript>You need to enable JavaScript to run this app.</noscript><div id='root'></div><script>boot()</script>", "Echo"), Reason.SCRIPT_SHELL),
    (html_page("<div id='app'></div><script src='/a.js'></script><script src='/b.js'></script>", "Echo"), Reason.SCRIPT_SHELL),
    (html_page(f"{NAVIGATION}<h1>County</h1><ul>{LINKS}</ul>", "County news - Echo"), Reason.INDEX_PAGE),
    (html_page("", ""), Reason.TOO_SHORT),
]  # fmt: skip


@pytest.mark.parametrize(("page", "reason"), REFUSED, ids=[f"{reason}-{n}" for n, (_, reason) in enumerate(REFUSED)])
def test_what_is_no_article_is_refused(page, reason):
    refused = rejection_of(page)
    assert (refused.reason, refused.url) == (reason, page.url)
    assert refused.detail
    assert "\n" not in refused.detail


def test_every_reason_that_refine_gives_is_shown():
    assert {reason for _, reason in REFUSED} == {
        Reason.EMPTY,
        Reason.NOT_TEXT,
        Reason.TOO_SHORT,
        Reason.ERROR_PAGE,
        Reason.CONSENT_WALL,
        Reason.BOT_CHALLENGE,
        Reason.SCRIPT_SHELL,
        Reason.INDEX_PAGE,
    }


def test_a_rejection_knows_the_headline_and_the_digest():
    refused = rejection_of(html_page(f"<h1>{HEADLINE}</h1><p>{STORY[0]}</p>", HEADLINE))
    assert refused.headline == HEADLINE
    assert len(refused.digest) == 64


NEAR_MISSES = {
    "a brief with navigation": html_page(
        f"{NAVIGATION}<article><h1>The bell is back</h1>{paragraphs(BRIEF)}</article>", "The bell is back"
    ),
    "a brief with many links below": html_page(
        f"<article><h1>The bell is back</h1>{paragraphs(BRIEF)}</article><aside><ul>{LINKS}</ul></aside>",
        "The bell is back",
        '<meta property="og:type" content="article">',
    ),
    "an article about cookies and privacy": html_page(
        "<article><h1>Court limits cookies</h1>"
        + paragraphs(
            "Websites may no longer hide the button that refuses cookies, the high court ruled on Friday.",
            "“Your privacy settings are no maze to be lost in,” the judge told the company, whose cookie policy ran to"
            " ninety pages and whose partners store data of four million readers.",
            "The company must show a choice of equal size before the summer. Consent to tracking given in the old way"
            " is void, the ruling says, and what was collected must be deleted within a month.",
        )
        + "</article>",
        "Court limits cookies, and privacy settings must be plain",
    ),
    "an article titled with an error number": html_page(
        "<article><h1>404: how a number became a joke</h1>" + paragraphs(*STORY) + "</article>",
        "404: how a number became a joke",
        '<meta property="og:type" content="article">',
    ),
    "an article about captchas": html_page(
        "<article><h1>Are you a robot?</h1>"
        + paragraphs(
            "A captcha takes nine seconds on average, a team of engineers has measured, and five hundred years of human"
            " time are lost to it every day.",
            "“Press and hold was meant as mercy,” one of the inventors told the conference in the port. “It became a"
            " habit of machines instead.” The security check has never been so easy to pass for software.",
            "The team proposes to drop the test wherever nothing is sold. Three ministries have agreed to try, the"
            " fourth could not be reached because its own form kept asking who was calling.",
            "What follows is unclear. The number of captchas has doubled since the spring, and so has the number of"
            " those that are solved by programs rented by the hour.",
        )
        + "</article>",
        "Are you a robot? The captcha has failed",
    ),
    "a long page with a consent banner at its end": html_page(
        f"<article><h1>{HEADLINE}</h1>{paragraphs(*STORY)}</article>{CONSENT}", HEADLINE
    ),
    "an article on a page that asks for JavaScript": html_page(
        f"<noscript>Please enable JavaScript.</noscript><article><h1>{HEADLINE}</h1>{paragraphs(*STORY)}</article>",
        HEADLINE,
    ),
    "a page served with a redirect's status": html_page(
        f"<h1>{HEADLINE}</h1>{paragraphs(*STORY)}", HEADLINE, status=203
    ),
    "a short text file": text_page(f"The bell is back\n\n{BRIEF}"),
    "a text in a script without spaces": text_page("\n\n".join(STORIES["zh"])),
}


@pytest.mark.parametrize("page", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_what_only_looks_like_it_is_an_article(page):
    assert len(body_texts(article_of(page))) >= 1


def test_a_consent_banner_is_no_part_of_the_article():
    assert body_texts(article_of(NEAR_MISSES["a long page with a consent banner at its end"])) == STORY
