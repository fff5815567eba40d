import gzip
import json
from datetime import UTC, datetime, timedelta, timezone
from importlib import import_module

import pytest

from pipeline.items import Media
from tests.benchmarks.ablation import PARTS, ablate, switched
from tests.benchmarks.pages import page
from tests.benchmarks.scoring import (
    Answer,
    Overlap,
    PageScore,
    Reference,
    alternatives,
    authors_f1,
    is_same_day,
    is_same_time,
    is_taken_wrongly,
    overlap,
    score_body,
    score_page,
    shingles,
    summarise,
)
from tests.benchmarks.sets import read_pages, read_set
from tests.benchmarks.speed import STAGES, stage_times

SIX = "one two three four five six"
NOON = datetime(2025, 3, 4, 12, tzinfo=UTC)


class TestBody:
    def test_the_same_words_are_a_full_match_whatever_stands_between_them(self):
        assert overlap(SIX, "one two, three\n\nfour – five (six).") == Overlap(1.0, 1.0)

    def test_case_counts(self):
        assert overlap(SIX, SIX.upper()).recall == 0

    def test_extra_words_cost_precision(self):
        assert overlap(SIX, f"{SIX} seven eight nine") == Overlap(3 / 6, 1.0)

    def test_missing_words_cost_recall(self):
        assert overlap(SIX, "one two three four") == Overlap(1.0, 1 / 3)

    def test_what_is_said_twice_must_be_there_twice(self):
        assert overlap(f"{SIX} {SIX}", SIX).recall < 0.5

    def test_a_text_of_less_than_four_words_is_one_shingle(self):
        assert list(shingles("two words")) == [("two", "words")]
        assert overlap("two words", "two words") == Overlap(1.0, 1.0)

    def test_nothing_extracted_has_no_precision(self):
        assert overlap(SIX, "") == Overlap(None, 0.0)
        assert overlap(SIX, "").f1 == 0

    def test_nothing_where_nothing_is_wanted_is_right(self):
        assert overlap("", "…") == Overlap(1.0, 1.0)

    def test_something_where_nothing_is_wanted_is_wrong(self):
        assert overlap("", SIX) == Overlap(0.0, 0.0)

    def test_the_best_body_counts(self):
        assert score_body([SIX, "something else altogether here"], SIX) == (Overlap(1.0, 1.0), True)

    def test_exact_is_word_for_word_in_any_body(self):
        assert score_body(["a b c d e", "a b c d"], "a b c d!")[1]
        assert not score_body(["a b c d e"], "a b c e d")[1]


class TestAlternatives:
    def test_a_body_without_brackets_is_itself(self):
        assert alternatives("One.\nTwo [2].") == ("One.\nTwo [2].",)

    def test_a_bracketed_line_is_there_or_not(self):
        assert alternatives("One.\n[Two.]\nThree.") == ("One.\n[Two.]\nThree.", "One.\nThree.")

    def test_brackets_without_words_are_no_line(self):
        assert len(alternatives("One.\n[::]")) == 1

    def test_many_optional_lines_stay_bounded_and_reach_both_ends(self):
        body = "\n".join(f"[Line {number}.]" for number in range(30))
        found = alternatives(body)
        assert len(found) == 64
        assert body in found
        assert "" in found


class TestMetadata:
    def test_names_match_as_sets_of_words(self):
        assert authors_f1(["Robin Vale"], ["vale, robin"]) == 1

    def test_a_name_too_many_costs_as_much_as_one_missing(self):
        assert authors_f1(["Robin Vale"], ["Robin Vale", "Staff"]) == pytest.approx(2 / 3)
        assert authors_f1(["Robin Vale", "Staff"], ["Robin Vale"]) == pytest.approx(2 / 3)
        assert authors_f1(["Robin Vale"], []) == 0

    def test_a_minute_is_near_enough(self):
        assert is_same_time(NOON, NOON + timedelta(seconds=60))
        assert not is_same_time(NOON, NOON + timedelta(seconds=61))
        assert not is_same_time(NOON, None)

    def test_a_time_without_offset_is_utc(self):
        assert is_same_time(NOON, NOON.replace(tzinfo=None))

    def test_the_day_is_that_of_the_references_offset_or_of_the_answers_own(self):
        late = datetime(2025, 3, 4, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
        assert is_same_day(late, late.astimezone(UTC))
        assert is_same_day(late, datetime(2025, 3, 4, tzinfo=UTC))
        assert not is_same_day(late, datetime(2025, 3, 6, tzinfo=UTC))
        assert not is_same_day(late, None)

    def test_only_what_the_reference_has_is_scored(self):
        score = score_page(Reference((SIX,)), Answer(SIX, "A headline", ("Robin Vale",), NOON))
        assert (score.headline, score.authors, score.date, score.day) == (None, None, None, None)

    def test_a_page_with_everything(self):
        reference = Reference((SIX,), "The bridge opens", ("Robin Vale",), NOON)
        answer = Answer(SIX, "The Bridge opens", ("Robin Vale",), NOON)
        assert score_page(reference, answer) == PageScore(
            Overlap(1.0, 1.0), exact=True, headline=True, authors=1.0, date=True, day=True
        )


class TestSummary:
    def test_f1_is_that_of_the_averages(self):
        found = summarise([PageScore(Overlap(1.0, 0.5), exact=False), PageScore(Overlap(0.5, 1.0), exact=True)])
        assert (found.precision, found.recall, found.f1, found.exact) == (0.75, 0.75, 0.75, 0.5)
        assert found.headline is None

    def test_a_rejected_page_costs_recall_and_is_counted(self):
        rejected = score_page(Reference((SIX,)), Answer(rejected="too_short"))
        found = summarise([PageScore(Overlap(1.0, 1.0), exact=True), rejected])
        assert (found.precision, found.recall, found.rejected) == (1.0, 0.5, 1)

    def test_no_pages(self):
        assert summarise([]).f1 is None


class TestWrongDeletions:
    def test_a_line_that_the_reference_has_and_the_kept_text_lacks(self):
        assert is_taken_wrongly("The council repaired the bridge.", ["The council repaired the bridge. More."], "More.")

    def test_a_line_that_the_reference_lacks(self):
        assert not is_taken_wrongly("Sign up for our newsletter", ["The council."], "The council.")

    def test_a_second_copy_of_a_kept_line(self):
        assert not is_taken_wrongly("The council repaired it", ["The council repaired it"], "The council repaired it")

    def test_few_words_must_be_a_whole_line(self):
        assert not is_taken_wrongly("News", ["No news today."], "")
        assert is_taken_wrongly("News", ["Today\nNews"], "Today")

    def test_one_reference_without_it_is_enough(self):
        assert not is_taken_wrongly("By Robin Vale for us", ["By Robin Vale for us\nText.", "Text."], "Text.")


class TestSets:
    def test_a_folder_with_gold_and_pages(self, tmp_path):
        rows = [
            {"id": "a", "url": "https://example.org/a", "crawled": "2025-03-05 10:00:00", "bodies": ["A.\n[B.]"]},
            {"id": "b", "url": None, "bodies": ["B."], "headline": "H", "datePublished": "2025-03-04T12:00:00+00:00"},
        ]
        (tmp_path / "pages").mkdir()
        (tmp_path / "pages" / "a.html.gz").write_bytes(gzip.compress(b"<p>A."))
        (tmp_path / "pages" / "b.txt").write_bytes(b"H\n\nB.")
        (tmp_path / "gold.jsonl").write_text("\n".join(map(json.dumps, rows)))
        first, second = read_set(tmp_path)
        assert (first.raw.body, first.raw.media, first.raw.url) == (b"<p>A.", Media.HTML, "https://example.org/a")
        assert first.raw.fetched_at == datetime(2025, 3, 5, 10, tzinfo=UTC)
        assert (second.raw.media, second.raw.is_local) == (Media.TEXT, True)
        assert second.reference == Reference(("B.",), "H", (), NOON)
        assert read_set(tmp_path, optional=True)[0].reference.bodies == ("A.\n[B.]", "A.")
        assert [raw.body for raw in read_pages([tmp_path])] == [b"<p>A."]

    def test_a_clone_of_the_public_benchmark(self, tmp_path):
        (tmp_path / "html").mkdir()
        (tmp_path / "html" / "f00.html.gz").write_bytes(gzip.compress(b"<p>A."))
        truth = {"f00": {"articleBody": "A.", "url": "https://example.org/a"}}
        (tmp_path / "ground-truth.json").write_text(json.dumps(truth))
        [found] = read_set(tmp_path)
        assert (found.identity, found.raw.body, found.reference.bodies) == ("f00", b"<p>A.", ("A.",))

    def test_a_folder_without_references_has_pages_only(self, tmp_path):
        (tmp_path / "below").mkdir()
        (tmp_path / "below" / "a.html").write_bytes(b"<p>A.")
        assert [raw.body for raw in read_pages([tmp_path])] == [b"<p>A."]
        with pytest.raises(SystemExit, match="gold"):
            read_set(tmp_path)


@pytest.fixture
def made_up_set(tmp_path):
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "a.html.gz").write_bytes(gzip.compress(page(1).encode()))
    (tmp_path / "ground-truth.json").write_text(json.dumps({"a": {"articleBody": SIX, "url": "https://example.org/a"}}))
    return read_set(tmp_path)


def test_ablation_switches_everything_off_and_on_again(made_up_set):
    found = ablate({"made-up": made_up_set})
    names = [row.name for row in found.all]
    assert len(set(names)) == len(names)
    assert {part.name for part in PARTS} < set(names)
    assert found.sets["made-up"] == found.all
    assert {row.gain["f1"] for row in ablate({"made-up": made_up_set}).all} == {row.gain["f1"] for row in found.all}


def test_a_switch_restores_what_it_replaced():
    part = PARTS[0]
    module = import_module(part.module)
    before = getattr(module, part.attribute)
    with switched(part):
        assert getattr(module, part.attribute) is not before
    assert getattr(module, part.attribute) is before
    with pytest.raises(ZeroDivisionError), switched(part):
        raise ZeroDivisionError
    assert getattr(module, part.attribute) is before


def test_every_stage_of_the_speed_table_is_one_of_refine(made_up_set):
    stages = stage_times([made_up_set[0].raw], 1)
    assert set(stages) == {*STAGES, "rest"}
    assert all(spent > 0 for spent in stages.values())
