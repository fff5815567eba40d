"""What counts as a change of an article, and what is noise."""

from dataclasses import replace

import pytest

from pipeline.changes import essence, plain, without_noise
from pipeline.items import Block, Factbox, Kind, Update
from tests.storage.samples import article

TIMES = [
    "3 hours ago", "Updated 3 hours ago", "an hour ago.", "Ann Lee · 12 min ago", "vor 3 Stunden", "vor einer Stunde",
    "il y a 3 heures", "Il y a 5 min", "hace 2 horas", "há 5 minutos", "3 ore fa", "2 uur geleden", "5 godzin temu",
    "3 часа назад", "5 годин тому", "منذ 3 ساعات", "قبل 2 ساعة", "5分钟前", "3時間前", "3시간 전", "för 3 timmar sedan",
    "for 3 timer siden", "3 tuntia sitten", "3 saat önce", "3 jam yang lalu", "3 giờ trước", "3 घंटे पहले",
    "לפני 3 שעות", "před 3 hodinami", "πριν από 3 ώρες", "acum 3 ore", "3 órával ezelőtt",
]  # fmt: skip
COUNTERS = [
    "12 comments", "Comments (12)", "View all 12 comments", "1.2k shares", "1,024 views", "12", "(3)", "12 Kommentare",
    "Kommentare: 12", "12 commentaires", "12 comentarios", "12 comentários", "12 commenti", "12 reacties",
    "12 komentarzy", "12 комментариев", "12 коментарів", "12 تعليقا", "12条评论", "评论 12", "12件のコメント",
    "댓글 12개", "12 kommentarer", "12 kommenttia", "12 yorum", "12 komentar", "12 bình luận",
    "12 टिप्पणियां", "12 תגובות", "12 komentářů", "12 σχόλια", "12 comentarii", "12 hozzászólás",
]  # fmt: skip
TOLD = [
    "12 people died", "Chapter 3", "He left 3 days early", "Smith won 1,204 votes", "Vor 3 Zeugen", "3 hours of talks",
    "The post got 12 comments before it was taken down by the ministry, which has not said why.", "12 | 14 | 9",
]  # fmt: skip


@pytest.mark.parametrize("noise", [*TIMES, *COUNTERS])
def test_a_line_of_noise_may_come_go_and_count_on(noise):
    with_it = replace(article(), body=(*article().body, Block(noise)))
    assert essence(with_it) == essence(article())


@pytest.mark.parametrize("text", TOLD)
def test_a_line_that_tells_something_counts(text):
    assert plain(without_noise(text)) == plain(text)


def test_within_a_sentence_only_the_relative_time_does_not_count():
    def told(time, verb="closed"):
        return essence(article(f"The harbour {verb} {time}, the captain said on the quay."))

    assert told("3 hours ago") == told("4 hours ago")
    assert told("3 hours ago") != told("3 hours ago", "opened")
    assert told("on Monday") != told("on Tuesday")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The  ferry\u00a0sails\tagain", "The ferry sails again"),
        ("“It’s back” – she said…", '"It\'s back" -- she said...'),
        ("« Il revient » !", '"Il revient"!'),
        ("co\u00adoperation\u200b", "cooperation"),
        ("caf\u0065\u0301 \ufb01lm", "caf\u00e9 film"),
        ("„Fähre“ — „Kai“", "»Fähre« - »Kai«"),
    ],
)
def test_typography_does_not_count(one, other):
    assert essence(article(one)) == essence(article(other))
    assert essence(article(headline=one)) == essence(article(headline=other))


@pytest.mark.parametrize(
    ("one", "other"), [("It sails.", "It sails!"), ("12 dead", "13 dead"), ("The mayor", "The Mayor"), ("a", "b")]
)
def test_words_case_and_punctuation_count(one, other):
    assert essence(article(one)) != essence(article(other))
    assert essence(article(headline=one)) != essence(article(headline=other))


def test_where_a_paragraph_ends_does_not_count():
    split = replace(article(), body=(Block("The ferry"), Block("sails again.")))
    assert essence(split) == essence(replace(article(), body=(Block("The ferry sails again."),)))


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": Kind.LIVE_BLOG},
        {"paywall": "partial: ends in '…'"},
        {"updates": (Update(None, "It sails", "At one."),)},
        {"factboxes": (Factbox("The ferry", ("Built in 1972",)),)},
        {"headline": article().text, "body": ()},
    ],
)
def test_kind_paywall_posts_and_boxes_count(changed):
    assert essence(replace(article(), **changed)) != essence(article())


def test_evidence_of_a_paywall_does_not_count():
    assert essence(article(paywall="")) == essence(article(paywall="isAccessibleForFree=false"))
