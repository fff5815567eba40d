"""What differs between two states of an article."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline.differences import TOLD, Fate, Piece, compare, diff, edit, is_edited, lines_of
from pipeline.items import Author, Kind
from tests.storage.samples import NOON, article


def shown(old, new):
    marks = {"": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    return ["".join(marks[piece.mark].format(piece.text.strip()) for piece in line) for line in diff(old, new)]


def test_words_that_differ_stand_in_their_paragraph():
    old = ["Ferry returns", "It sails at noon.", "Nobody waits.", "The end"]
    new = ["Ferry returns", "The old ferry sails at one.", "Nobody waits.", "The very end", "Read on."]
    assert shown(old, new) == [
        "Ferry returns",
        "[-It-]{+The old ferry+}sails at[-noon.-]{+one.+}",
        "Nobody waits.",
        "The{+very+}end",
        "{+Read on.+}",
    ]


def test_what_only_looks_otherwise_is_equal():
    assert shown(["“It’s  back”"], ['"It\'s back"']) == ['"It\'s back"']
    assert shown(["a “b” c"], ['a "b" d']) == ['a "b"[-c-]{+d+}']


def test_scripts_without_spaces_differ_by_the_letter():
    assert list(diff(["渡轮中午开"], ["渡轮下午开"])) == [
        [Piece("渡轮"), Piece("中", "-"), Piece("下", "+"), Piece("午开")]
    ]


@given(*[st.lists(st.text(st.sampled_from('ab “”"渡.'), max_size=12), max_size=6)] * 2)
def test_the_new_state_can_be_read_off(old, new):
    kept = "".join(piece.text for line in diff(old, new) for piece in line if piece.mark != "-")
    assert "".join(kept.split()) == "".join("".join(new).split())


def test_an_edit_tells_how_much_and_whether_the_page_said_so():
    old = article("The ferry sails at noon.")
    new = article("The old ferry sails at one.", headline="Ferry returns")
    quiet = edit(old, new)
    assert (quiet.fields, quiet.added, quiet.removed, quiet.is_silent) == (("headline", "text"), 3, 3, True)
    assert not edit(old, replace(new, modified=NOON)).is_silent
    assert edit(old, replace(old, modified=None, kind=Kind.VIDEO)).fields == ("kind",)
    assert edit(old, replace(old, paywall="partial: …")).fields == ("paywall",)


def test_noise_is_no_edit():
    assert not is_edited(article("It sails."), article("It  sails.", section="Sport"))
    assert is_edited(article("It sails."), article("It sank."))


def test_every_field_has_its_fate():
    old = article(section=None)
    new = article(
        "Two.", section="Sport", authors=(), tags=("other",), extractor="2", hours=1, url="https://x.example/"
    )
    fates = compare(old, new)
    assert list(fates) == list(TOLD)
    assert {name: str(fate) for name, fate in fates.items() if fate is not Fate.SAME} == {
        "body": "changed",
        "section": "filled",
        "authors": "lost",
        "tags": "changed",
        "canonical_url": "changed",
    }
    same_moment = article(published=article().published.astimezone(tz=None))
    assert set(compare(article(), same_moment).values()) == {Fate.SAME}
    assert compare(article(), article(authors=(Author("Ann"),)))["authors"] is Fate.CHANGED


def test_the_lines_of_an_article_begin_with_its_headline():
    assert lines_of(article())[:3] == ["Harbour ferry returns", "Why it stood", "The ferry sails again."]
    assert lines_of(article())[-3:] == ["The ferry", "Built in 1971", "Carries 80"]
    assert lines_of(article(headline="", published=NOON + timedelta(1)))[0] == ""
