"""The made-up pages of the benchmark: each is refused for its reason or stays, and a stub is known for one."""

import pytest

from pipeline.items import Reason
from tests.benchmarks.kept_pages import kept
from tests.benchmarks.later_pages import later
from tests.benchmarks.layouts import document
from tests.benchmarks.refused_pages import refused
from tests.benchmarks.template_articles import templated_kept
from tests.benchmarks.template_pages import templated_refused
from tests.extraction.pages import article_of, body_texts, rejection_of

MISSED = {
    "site-archive-day-links", "site-letter-archive", "site-section-summaries-no-links-title", "site-shop-reviews",
    "site-social-unavailable", "site-metered-wall-no-text", "site-podcast-ep-short",
    "site-book-review-shop", "site-exam-table-with-text", "site-results-topic-de",
}  # fmt: skip
"""Pages that the gate still takes for something else; the benchmark counts them."""


def known(cases):
    missed = pytest.mark.xfail(strict=True, reason="known miss")
    return [pytest.param(case, id=case.name, marks=missed if case.name in MISSED else ()) for case in cases]


REFUSED = [*refused(), *templated_refused()]
KEPT = [*kept(), *(case for case in later() if not case.reasons), *templated_kept()]
LATER = [case for case in later() if case.reasons]


@pytest.mark.parametrize("case", known(REFUSED))
def test_what_stands_in_an_articles_place_is_refused_for_its_reason(case):
    assert rejection_of(case.page).reason in case.reasons


@pytest.mark.parametrize("case", LATER, ids=lambda case: case.name)
def test_what_is_no_article_is_refused_for_whatever_reason(case):
    assert rejection_of(case.page).reason is not Reason.CRASHED


@pytest.mark.parametrize("case", known(KEPT))
def test_an_article_stays_and_only_a_stub_is_partial(case):
    article = article_of(case.page)
    assert article.is_partial is case.partial


def test_the_names_of_cases_are_unique():
    names = [case.name for case in (*REFUSED, *LATER, *KEPT)]
    assert len(set(names)) == len(names)


BODY = "<h1>The bell is back</h1><p>The bell of the ferry house will ring again on Sunday, the mayor said…</p>"
PAID = '<meta property="article:content_tier" content="locked"><meta property="og:type" content="article">'


def test_a_paid_teaser_of_one_sentence_is_stored_with_what_shows_that_it_is_cut():
    stub = article_of(document("en", f"{BODY}<p>Subscribe to continue reading.</p>", "The bell is back", head=PAID))
    assert body_texts(stub)[0].startswith("The bell of the ferry house")
    assert stub.paywall == (
        "partial: article:content_tier=locked; ends in ' mayor said…'; says 'subscribe to continue'; 14 words"
    )
    assert stub.signals["paywall"] == "article:content_tier"


def test_what_only_a_prompt_and_an_ellipsis_say_comes_from_the_text():
    long = BODY.replace(
        "the mayor said…", "the mayor said, and the foundry on the coast gave the clapper for nothing, which…"
    )
    stub = article_of(document("en", f"{long}<p>Subscribe to continue reading.</p>", "The bell is back"))
    assert stub.signals["paywall"] == "text"


def test_an_unpaid_sentence_is_too_short():
    assert rejection_of(document("en", BODY, "The bell is back")).reason is Reason.TOO_SHORT


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (451, "<h1>Gone</h1>", Reason.REGION_BLOCK),
        (403, "<form id='challenge-form'></form>", Reason.BOT_CHALLENGE),
        (403, "<h1>Forbidden</h1>", Reason.ERROR_PAGE),
        (404, "<div class='g-recaptcha'></div>", Reason.ERROR_PAGE),
    ],
)
def test_the_status_speaks_before_the_page(status, body, reason):
    page = document("en", body, "Echo")
    assert rejection_of(type(page)(page.url, page.body, page.fetched_at, status=status)).reason is reason
