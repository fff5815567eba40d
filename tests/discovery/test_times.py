"""Times as programs write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pipeline.discovery.times import read_time
from pipeline.items import Precision
from tests.discovery.samples import MOMENT, NOW


@pytest.mark.parametrize(
    "written",
    [
        "Tue, 05 Mar 2024 06:07:08 GMT",
        "Tue, 5 Mar 2024 06:07:08 +0000",
        "Tue, 05 Mar 2024 06:07:08",
        "Tue, 05 Mar 2024 06:07:08 Z",
        "Tue, 05 Mar 24 06:07:08 UT",
        "05-Mar-2024 06:07:08 GMT",
        "Tue,05 Mar 2024 6:7:8 GMT",
        "Tue, 05 Mar 2024 06.07.08 GMT",
        "Tuesday, 05 March 2024 06:07:08 UTC",
        "Tue, Mar 05 2024 06:07:08 GMT",
        "Mar 5, 2024 6:07:08 AM",
        "Tue, 05 Mar 2024 07:07:08 CET",
        "Tue, 05 Mar 2024 07:07:08 +0100 (CET)",
        "Tue, 05 Mar 2024 07:07:08 GMT+1",
        "Tue, 05 Mar 2024 07:07:08 GMT+01:00",
        "Tue, 05 Mar 2024 11:37:08 IST",
        "Tue, 05 Mar 2024 01:07:08 EST",
        "Tue Mar  5 01:07:08 EST 2024",
        "Tue Mar 05 2024 01:07:08 GMT-0500 (Eastern Standard Time)",
        "mar., 05 mars 2024 07:07:08 +0100",
        "Вт, 05 мар 2024 09:07:08 MSK",
        "2024-03-05T06:07:08Z",
        "2024-03-05t06:07:08z",
        "2024-03-05 06:07:08 UTC",
        "2024-03-05T07:07:08.123456789+0100",
        "2024-03-05T07:07:08 +01:00",
        "2024/03/05 06:07:08",
        "20240305T060708Z",
        "20240305T070708+0100",
        "Tue, 05 Mar 2024 06:07:08 AM GMT",
        "2024-03-04T10:07:08 PM PT",
        "2024-03-05 오전 6:07:08",
        "Di, 05 Mär 2024 06:07:08 GMT",
        "Τρί, 05 Μάρ 2024 08:07:08 EET",
        "2024-marzo-5T06:07:08Z",
        "2024-03-05T05:07:08\u221201:00",
        "2024년 3월 5일 오전 6:07:08",
        " \n2024-03-05T06:07:08Z\t",
    ],
)
def test_one_moment_in_many_spellings(written):
    assert read_time(written, NOW) == (MOMENT, Precision.SECOND)


@pytest.mark.parametrize(
    ("written", "moment", "precision"),
    [
        ("2024-03-05", datetime(2024, 3, 5, tzinfo=UTC), Precision.DAY),
        ("2024-03-05T06:07+05:30", datetime(2024, 3, 5, 0, 37, tzinfo=UTC), Precision.MINUTE),
        ("Thu, 29 Feb 2024 24:00:00 GMT", datetime(2024, 3, 1, tzinfo=UTC), Precision.SECOND),
        ("5/3/2024 6:07 PM", datetime(2024, 3, 5, 18, 7, tzinfo=UTC), Precision.MINUTE),
        ("Qui, 05 Fev 2015 12:07:00 -0300", datetime(2015, 2, 5, 15, 7, tzinfo=UTC), Precision.SECOND),
        ("Sat, 31 Dec 2016 23:59:60 GMT", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC), Precision.SECOND),
        ("05.03.2024 06:07", datetime(2024, 3, 5, 6, 7, tzinfo=UTC), Precision.MINUTE),
        ("1709618828", MOMENT, Precision.SECOND),
        ("Sat, 13 Jul 2024 06:07:08 ET", datetime(2024, 7, 13, 10, 7, 8, tzinfo=UTC), Precision.SECOND),
    ],
)
def test_as_much_as_was_stated(written, moment, precision):
    assert read_time(written, NOW) == (moment, precision)


@pytest.mark.parametrize(
    "written",
    ["", "soon", "10", "5 March", "2024", "2024-03", "3 hours ago", "yesterday", "Thu, 31 Jun 2024 19:48:21 GMT",
     "2024-02-30", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2027-01-01",
     "9999-12-31T23:59:59-12:00", "9" * 10_000],
)  # fmt: skip
def test_no_time_is_made_up(written):
    assert read_time(written, NOW) is None


def test_an_offset_is_kept_and_one_of_no_place_is_not():
    assert read_time("Tue, 05 Mar 2024 06:07:08 -0330", NOW)[0].tzinfo == timezone(-timedelta(hours=3, minutes=30))
    assert read_time("Tue, 05 Mar 2024 06:07:08 +9900", NOW)[0] == MOMENT


def test_the_language_decides_on_day_and_month():
    assert read_time("03/05/2024", NOW, "en-US")[0] == datetime(2024, 3, 5, tzinfo=UTC)
    assert read_time("05/03/2024", NOW, "en-GB")[0] == datetime(2024, 3, 5, tzinfo=UTC)


def test_of_two_readings_the_one_in_the_future_is_not_meant():
    assert read_time("03/06/2024", datetime(2024, 3, 7, tzinfo=UTC))[0] == datetime(2024, 3, 6, tzinfo=UTC)
