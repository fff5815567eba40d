"""The funnel: what a run's counts say about each source, in words."""

from pipeline.funnel import funnels, key, losses, record

COUNTS = {
    key("post", "listings", "read"): 1,
    key("post", "discovered"): 12,
    key("post", "known"): 2,
    key("post", "new"): 10,
    key("post", "fetched"): 9,
    key("post", "lost", "robots"): 1,
    key("post", "article"): 8,
    key("post", "rejected", "too_short"): 1,
    key("post", "stored_new"): 8,
    key("gazette", "listings", "timeout"): 2,
    "articles/new": 8,
}


def test_the_funnel_of_each_source():
    found = funnels(COUNTS)
    assert list(found) == ["post", "gazette"]
    assert found["post"].stages["new"] == 10
    assert found["post"].lost == {"robots": 1}
    assert found["post"].rejected == {"too_short": 1}
    assert (found["post"].stored, found["post"].failed, found["post"].why_none()) == (8, False, "")
    assert found["gazette"].failed


def test_no_article_always_has_a_reason():
    def why(**counts: int) -> str:
        return funnels({key("post", name.replace("__", "/")): number for name, number in counts.items()})[
            "post"
        ].why_none()

    assert why(pending=0) == "no feed, sitemap or section page is known or could be found"
    assert why(listings__timeout=2) == "no listing could be read: 2 timeout"
    assert why(listings__unchanged=1) == "the listings are unchanged"
    assert why(listings__read=1) == "the listings name no page"
    assert why(listings__read=1, discovered=5, known=3, excluded=2) == "nothing new: 3 known, 2 excluded"
    assert why(listings__read=1, discovered=5, new=5, lost__not_html=5) == "no page was an article: 5 not html"
    assert why(listings__read=1, discovered=5, new=5) == "no page was fetched"


def test_losses_in_words():
    assert list(losses(funnels(COUNTS))) == [
        "post: not stored: 1 robots, 1 too short",
        "gazette: no article: no listing could be read: 2 timeout",
    ]


def test_a_record_holds_all_of_it():
    assert record(funnels(COUNTS)["gazette"]) == {
        "lost": {},
        "rejected": {},
        "listings": {"timeout": 2},
        "with": {},
        "why_none": "no listing could be read: 2 timeout",
    }
