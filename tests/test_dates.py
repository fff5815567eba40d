"""One written time → what it says, in the spellings and languages of the press."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates import find_stamp, parse_stamp
from pipeline.items import Precision


@pytest.mark.parametrize(
    ("text", "expected", "precision"),
    [
        ("2024-05-03T17:47:42.389+02:00", "2024-05-03T17:47:42+02:00", "second"),
        ("2024-04-30 16:17:29 +02:00", "2024-04-30T16:17:29+02:00", "second"),
        ("2025-02-04T13:41:03.0000000Z", "2025-02-04T13:41:03+00:00", "second"),
        ("2024-04-25 04:21:02.000000-0400", "2024-04-25T04:21:02-04:00", "second"),
        ("2024-11-26T21:45+0800", "2024-11-26T21:45:00+08:00", "minute"),
        ("2023-04-28 18:11:01.0", "2023-04-28T18:11:01", "second"),
        ("2024-05-03T17:47\n", "2024-05-03T17:47:00", "minute"),
        ("2024/5/3", "2024-05-03T00:00:00", "day"),
        ("20240503", "2024-05-03T00:00:00", "day"),
        ("20240503T101112Z", "2024-05-03T10:11:12+00:00", "second"),
        ("1714486649", "2024-04-30T14:17:29+00:00", "second"),
        ("1714486649000", "2024-04-30T14:17:29+00:00", "second"),
        ("Mon, 05 Aug 2024 12:47:21 GMT", "2024-08-05T12:47:21+00:00", "second"),
        ("5 Aug 2024 12:47 +0200", "2024-08-05T12:47:00+02:00", "minute"),
    ],
)
def test_declared_forms(text, expected, precision):
    stamp = parse_stamp(text)
    assert stamp is not None
    assert (stamp.moment.isoformat(), stamp.precision) == (expected, precision)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Published: 22:04, 22 Apr 2024", "2024-04-22T22:04:00"),
        ("April 26, 2023 2:20pm EDT", "2023-04-26T14:20:00-04:00"),
        ("June 26, 2023 5 AM PT", "2023-06-26T05:00:00-07:00"),
        ("January 26, 2023 5 AM PT", "2023-01-26T05:00:00-08:00"),
        ("10:42 a.m. ET, May 3, 2025", "2025-05-03T10:42:00-04:00"),
        ("Thứ bảy, 13/5/2025, 10:42 (GMT+7)", "2025-05-13T10:42:00+07:00"),
        ("Sat May 03 2025 10:42:00 GMT+0200 (Central European Summer Time)", "2025-05-03T10:42:00+02:00"),
        ("3 May 2025 10:42 UTC-3", "2025-05-03T10:42:00-03:00"),
        ("May 15th, 2023", "2023-05-15T00:00:00"),
        ("Stand: 28.04.2023, 17:23 Uhr", "2023-04-28T17:23:00"),
        ("3. Mai 2024, 17:47", "2024-05-03T17:47:00"),
        ("06/01/2026 - 14:02 MEZ", "2026-01-06T14:02:00+01:00"),
        ("22 novembre 2024 à 09h47", "2024-11-22T09:47:00"),
        ("25 de mayo de 2025 16:51 h", "2025-05-25T16:51:00"),
        ("4 Febbraio 2025 - 14:41", "2025-02-04T14:41:00"),
        ("3 de março de 2024 às 10:00", "2024-03-03T10:00:00"),
        ("12 maart 2024", "2024-03-12T00:00:00"),
        ("3 września 2024, 12:30", "2024-09-03T12:30:00"),
        ("14 мая 2025 г. 20:28 МСК", "2025-05-14T20:28:00+03:00"),
        ("5 مايو 2024 10:30 م", "2024-05-05T22:30:00"),
        ("٥ مايو ٢٠٢٤", "2024-05-05T00:00:00"),
        ("2025年1月21日 20時50分", "2025-01-21T20:50:00"),
        ("2024年5月3日 下午3:20", "2024-05-03T15:20:00"),
        ("2024년 5월 3일 오후 3:20", "2024-05-03T15:20:00"),
        ("05.08.2024, kl. 13.05", "2024-08-05T13:05:00"),
        ("10 Ocak 2024 - 10:20", "2024-01-10T10:20:00"),
        ("3 Απριλίου 2024", "2024-04-03T00:00:00"),
        ("1. května 2024 12:00", "2024-05-01T12:00:00"),
        ("2024. május 3. 10:15", "2024-05-03T10:15:00"),
        ("25.4.24", "2024-04-25T00:00:00"),
    ],
)
def test_forms_for_readers(text, expected):
    stamp = find_stamp(text)
    assert stamp is not None
    assert stamp.moment.isoformat() == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "vor 3 Stunden",
        "5 minutes ago",
        "18:41",
        "PT50M55S",
        "2024-13-45",
        "31 February 2024",
        "5. August",
    ],
)
def test_nothing_is_guessed(text):
    assert parse_stamp(text) is None


def test_day_and_month_may_be_exchanged_only_with_strokes():
    assert parse_stamp("03/04/2025", "en-GB").moment == datetime(2025, 4, 3)  # noqa: DTZ001
    assert parse_stamp("03/04/2025", "en-US").moment == datetime(2025, 3, 4)  # noqa: DTZ001
    assert parse_stamp("03/04/2025").swapped == datetime(2025, 3, 4)  # noqa: DTZ001
    assert parse_stamp("03.04.2025", "en-US").swapped is None
    assert parse_stamp("25/04/2025", "en-US").moment == datetime(2025, 4, 25)  # noqa: DTZ001


def test_the_nearest_time_of_day_is_the_dates_own():
    found = find_stamp("PUBLISHED: 10:15, 5 March 2018 | UPDATED: 12:40, 6 March 2018")
    assert found.moment == datetime(2018, 3, 5, 10, 15)  # noqa: DTZ001
    assert find_stamp("4 comments 12:40 | 5 March 2018, 10:15").moment == datetime(2018, 3, 5, 10, 15)  # noqa: DTZ001


def test_an_impossible_time_of_day_leaves_the_day():
    assert parse_stamp("2024-05-03 27:99").precision is Precision.DAY


@given(st.text(max_size=80))
def test_no_text_raises(text):
    parse_stamp(text)
    find_stamp(text, "en")


@given(st.text(alphabet="0123456789/.-:, TZ+apmMay年月日", max_size=40))
def test_no_near_date_raises(text):
    parse_stamp(text)


@given(
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2035, 1, 1)),  # noqa: DTZ001
    st.integers(min_value=-48, max_value=56),
)
def test_iso_comes_back(moment, quarters):
    zoned = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=15 * quarters)))
    stamp = parse_stamp(zoned.isoformat())
    assert stamp is not None
    assert stamp.moment == zoned
    assert parse_stamp(str(int(zoned.timestamp()))).moment == zoned.astimezone(UTC)
