"""Hashes and keys."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.items import Article, Block, BlockKind, SiteRules
from pipeline.storage.records import COMPARED, KEY_BYTES, bounded, content_hash, record_hash, storable
from tests.storage.samples import NOON, article

CHANGES = {
    "headline": "x",
    "body": (),
    "source": "x",
    "extractor": "x",
    "kind": "x",
    "description": None,
    "standfirst": None,
    "authors": (),
    "attribution": (),
    "published": None,
    "published_precision": None,
    "modified": None,
    "modified_precision": None,
    "language": None,
    "language_declared": None,
    "language_detected": None,
    "canonical_url": None,
    "site_name": None,
    "section": None,
    "tags": (),
    "images": (),
    "updates": (),
    "factboxes": (),
    "paywall": "",
    "robots": (),
    "removed": (),
    "signals": {},
    "conflicts": {},
}


@pytest.mark.parametrize("name", COMPARED)
def test_a_change_of_any_compared_field_shows(name):
    assert record_hash(replace(article(), **{name: CHANGES[name]})) != record_hash(article())


def test_where_when_and_as_which_bytes_does_not_show():
    elsewhere = replace(
        article(), url="x", addresses=("x",), digest="x", fetched_at=NOON + timedelta(days=1), rules=SiteRules(("a",))
    )
    assert record_hash(elsewhere) == record_hash(article())
    assert {f.name for f in fields(Article)} - set(COMPARED) == {"url", "addresses", "digest", "fetched_at", "rules"}


def test_the_order_of_signals_does_not_show():
    turned = replace(article(), signals=dict(reversed(article().signals.items())))
    assert record_hash(turned) == record_hash(article())


def test_content_is_headline_and_words():
    relabelled = replace(article(), body=tuple(Block(b.text, BlockKind.QUOTE) for b in article().body), tags=())
    assert content_hash(relabelled) == content_hash(article())
    assert content_hash(replace(article(), headline="x")) != content_hash(article())
    assert content_hash(replace(article(), body=())) != content_hash(article())
    assert content_hash(replace(article(), updates=article().updates[1:])) != content_hash(article())


def test_clean_items_pass_as_they_are():
    clean, written = article(), article("Backslash \\u0000 is text.")
    assert storable(clean) is clean
    assert storable(written) == written


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=3000)
)  # halves of surrogate pairs are cleaned away before
def test_a_key_fits_and_stays_the_same(text):
    key = bounded(text)
    assert len(key.encode()) <= KEY_BYTES
    assert bounded(key) == key
    assert (key == text) == (len(text.encode()) <= KEY_BYTES)


def test_long_keys_differ_though_they_begin_alike():
    assert bounded("a" * 5000 + "1") != bounded("a" * 5000 + "2")
