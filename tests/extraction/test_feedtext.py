"""A feed that carries the article: it counts where the page does not show the text."""

from dataclasses import replace

import pytest

from pipeline.items import PARTIAL, Author, Link, OptOuts, Origin, RawPage, Reason
from tests.extraction.pages import URL, article_of, body_texts, html_page, paragraphs, rejection_of
from tests.extraction.stories import STORIES

HEADLINE, *STORY = STORIES["en"]
STORY += [
    "Mara Lind, who drives the train three nights a week, said the cannery's late shift would have been stranded.",
    "Her colleagues collected four thousand signatures on the platforms, most of them between midnight and one.",
    "The council's finance committee meets again in June.",
]
WHOLE = paragraphs(*STORY)
OTHER = paragraphs(
    *(f"Harbour notice number {n} says nothing of trains but much of the tide there." for n in range(15))
)
NAMED = f"<a href='{URL}'>{HEADLINE}</a>"
DECLARED = '<script type="application/ld+json">{"@type": "NewsArticle", %s}</script>'
LINK = Link(URL, Origin.FEED, title=HEADLINE, authors=("Ines Vale",), section="County", content=WHOLE)

UNSEEN = {
    Reason.SCRIPT_SHELL: html_page('<div id="root"></div><script src="/a.js"></script>', "Echo"),
    Reason.CONSENT_WALL: html_page(
        "<h1>We value your privacy</h1><p>We and our partners store and access cookies on your device.</p>"
        "<button>Accept all</button><button>Manage options</button>",
        "Your privacy",
    ),
    Reason.BOT_CHALLENGE: html_page("<div class='cf-chl'>Checking your browser</div>", "Just a moment…", status=403),
    Reason.LOGIN_PAGE: html_page("<h1>Log in</h1><form><input name=u><input type=password></form>", "Log in"),
    Reason.TOO_SHORT: html_page("<p>The night train stays.</p>", "Echo"),
}


def told(page: RawPage, content: str = WHOLE, **fields: object) -> RawPage:
    return replace(page, link=replace(LINK, content=content, **fields))  # type: ignore[arg-type]


@pytest.mark.parametrize("reason", UNSEEN)
def test_a_page_that_does_not_show_its_article_is_told_by_the_feed(reason):
    assert rejection_of(UNSEEN[reason]).reason is reason
    article = article_of(told(UNSEEN[reason]))
    assert (article.headline, body_texts(article)) == (HEADLINE, STORY)
    assert (article.signals["body"], article.signals["headline"]) == ("feed", "feed")
    assert (article.authors, article.section) == ((Author("Ines Vale"),), "County")


def test_the_address_of_a_wall_is_none_of_the_article_s():
    page = replace(UNSEEN[Reason.CONSENT_WALL], final_url="https://echo.example/consent?back=/county/night-train")
    assert article_of(told(page)).addresses == (URL,)


def test_what_the_page_declares_of_its_article_stays():
    head = DECLARED % '"headline": "Night train to stay", "author": "Bo Ito"'
    article = article_of(told(html_page('<div id="root"></div><script src="/a.js"></script>', "Echo", head)))
    assert (article.headline, article.authors) == ("Night train to stay", (Author("Bo Ito"),))
    assert (article.signals["body"], article.signals["headline"]) == ("feed", "json-ld")


REFUSED = {
    "a summary": paragraphs(*STORY[:2]),
    "dots at the end": WHOLE.removesuffix("</p>") + " […]</p>",
    "a link to the rest": f"{WHOLE}<p><a href='{URL}?utm_source=rss'>Continue reading</a></p>",
    "headlines": "".join(f"<p><a href='/county/{n}'>Another headline of the day {n}</a></p>" for n in range(60)),
    "nothing": "",
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_feed_without_the_whole_text_tells_nothing(case):
    assert rejection_of(told(UNSEEN[Reason.TOO_SHORT], REFUSED[case])).reason is Reason.TOO_SHORT


@pytest.mark.parametrize(
    "content",
    [
        f"<p>{NAMED}</p>{WHOLE}<p>The post {NAMED} appeared first on Echo.</p>",
        f"{WHOLE}<p>{NAMED} and again {NAMED}</p>",
        f"{WHOLE}<p><a href='{URL}#comments'>Comments</a></p><p>Share</p><img src='/pixel.gif'>",
        "<br><br>".join(STORY),
        "\n\n".join(STORY),
        f"<div>{WHOLE}</div>",
    ],
    ids=["title as link", "title twice", "residue", "line breaks", "plain text", "box"],
)
def test_what_feeds_put_around_the_text_goes(content):
    assert body_texts(article_of(told(UNSEEN[Reason.TOO_SHORT], content))) == STORY


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (html_page("<h1>Page not found</h1>", "404 Not found"), Reason.ERROR_PAGE),
        (html_page(WHOLE, HEADLINE, status=404), Reason.ERROR_PAGE),
        (html_page("", status=451), Reason.REGION_BLOCK),
        (
            replace(html_page("<p>Soon.</p>", "Echo", "<meta name=robots content=noarchive>"),
                    opt_outs=OptOuts(honoured=("noarchive",))),
            Reason.OPTED_OUT,
        ),
    ],
)  # fmt: skip
def test_a_page_that_is_gone_or_keeps_its_text_is_not_told_by_the_feed(page, reason):
    assert rejection_of(told(page)).reason is reason


CUT = html_page(
    f"<article><h1>{HEADLINE}</h1>{paragraphs(STORY[0], STORY[1][:60] + '…')}</article>"
    "<p>Subscribe to continue reading</p>",
    HEADLINE,
    DECLARED % f'"headline": "{HEADLINE}", "isAccessibleForFree": false',
)


def test_a_text_that_the_page_cuts_is_completed_by_the_feed_and_says_so():
    assert article_of(CUT).is_partial
    article = article_of(told(CUT))
    assert (body_texts(article), article.is_partial, article.signals["body"]) == (STORY, False, "feed")
    assert article.paywall == article_of(CUT).paywall.removeprefix(PARTIAL)


@pytest.mark.parametrize("content", [OTHER, paragraphs(*STORY[:2])], ids=["another", "shorter"])
def test_another_or_shorter_text_completes_nothing(content):
    article = article_of(told(CUT, content))
    assert article.is_partial
    assert "body" not in article.signals


FULL = html_page(f"<article><h1>{HEADLINE}</h1>{WHOLE}</article>", HEADLINE)


def test_a_page_that_shows_its_text_is_believed():
    article = article_of(told(FULL, f"{WHOLE}<p>{'And so on it went. ' * 5}</p>"))
    assert (body_texts(article), article.conflicts) == (STORY, {})


def test_a_feed_with_another_text_is_a_conflict():
    assert article_of(told(FULL, OTHER)).conflicts == {"body": "feed: 210 words, 0% of them on the page"}
