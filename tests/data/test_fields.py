from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.fields import (
    as_flag,
    as_language,
    as_outcome,
    as_rating,
    as_text,
    as_time,
    is_ambiguous_date,
    rated_out_of,
    starts_with_day,
)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [(4, 4.0), ("4.5", 4.5), ("4,5", 4.5), ("4/5", 4.0), ("3 out of 5", 3.0), ("5 stars", 5.0), ("★★★☆☆", 3.0),
     ("5.0 out of 5 stars", 5.0), ("4,0 von 5 Sternen", 4.0), ("3,0 su 5 stelle", 3.0),
     ("3.6666666666666665", 3.666667), (4.199999809265137, 4.2), (Decimal("4.500000000000000000"), 4.5),
     (Decimal("0E-18"), 0.0), ("1234567", None), ("1,000", None), ("-12,500", None), ("4,125 / 5", None),
     ("0,125", 0.125), ("4,25", 4.25), ("4,3333", 4.3333), ("1.000", 1.0),
     ("-1", -1.0), ("", None), (None, None), (float("nan"), None), ("good", None), ("2024-01-01", None), ("inf", None)],
)  # fmt: skip
def test_rating(cell: object, expected: float | None) -> None:
    assert as_rating(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("4/5", 5), ("8 / 10", 10), ("4.0 out of 5 stars", 5), ("4,0 von 5 Sternen", 5), ("4", None), (4, None),
     ("★★★☆☆", None), ("1,000/5", None), ("", None), (None, None)],
)  # fmt: skip
def test_what_a_rating_is_out_of(cell: object, expected: int | None) -> None:
    assert rated_out_of(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-03-04", datetime(2026, 3, 4, tzinfo=UTC)),
        ("2026-03-04T10:30:00Z", datetime(2026, 3, 4, 10, 30, tzinfo=UTC)),
        ("2026-03-04T10:30:00+07:00", datetime(2026, 3, 4, 3, 30, tzinfo=UTC)),
        ("2026-03-04 10:30:00 UTC", datetime(2026, 3, 4, 10, 30, tzinfo=UTC)),
        ("2026/3/4", datetime(2026, 3, 4, tzinfo=UTC)),
        ("04/03/2026 10:30", datetime(2026, 3, 4, 10, 30, tzinfo=UTC)),
        ("04/03/2026 2:30 PM", datetime(2026, 3, 4, 14, 30, tzinfo=UTC)),
        ("04/03/2026, 12:05:09\u202fa.m.", datetime(2026, 3, 4, 0, 5, 9, tzinfo=UTC)),
        ("04/03/2026 12:05 pm", datetime(2026, 3, 4, 12, 5, tzinfo=UTC)),
        ("04/03/2026 13:05 PM", None),
        ("04/03/2026 0:05 AM", None),
        ("4.3.2026", datetime(2026, 3, 4, tzinfo=UTC)),
        ("1772582400", datetime(2026, 3, 4, tzinfo=UTC)),
        (1772582400000, datetime(2026, 3, 4, tzinfo=UTC)),
        ("20260315", datetime(2026, 3, 15, tzinfo=UTC)),
        ("202603151230", datetime(2026, 3, 15, 12, 30, tzinfo=UTC)),
        ("202603151230.0", datetime(2026, 3, 15, 12, 30, tzinfo=UTC)),
        (20260315123045, datetime(2026, 3, 15, 12, 30, 45, tzinfo=UTC)),
        ("100000000", datetime(1973, 3, 3, 9, 46, 40, tzinfo=UTC)),
        ("202613151230", None),  # no month 13, and no milliseconds of 1976 either
        ("99999999", None),
        ("7258118400", None),  # 2200
        ("12345678901", None),
        ("7258118400000", None),
        ("20260315112", None),
        ("202603151120000", None),
        ("9" * 400, None),
        (date(2026, 3, 4), datetime(2026, 3, 4, tzinfo=UTC)),
        (datetime(2026, 3, 4, 1), datetime(2026, 3, 4, 1, tzinfo=UTC)),
        ("31/02/2026", None),
        ("0001-01-01T00:00:00+23:00", None),
        ("2568-04-01", None),  # the year of a Buddhist calendar
        ("9999-12-31", None),  # "never" of many databases
        ("0001-01-01", None),
        ("01/04/2568", None),
        ("1899-12-31", None),  # day 1 of spreadsheets
        (date(9999, 12, 31), None),
        ("1900-01-01", datetime(1900, 1, 1, tzinfo=UTC)),
        ("2199-12-31", datetime(2199, 12, 31, tzinfo=UTC)),
        ("2199-12-31T23:00:00-02:00", None),  # of 2200 in UTC
        ("1900-01-01T00:00:00+10:00", None),
        ("2026/3/9 9:05", datetime(2026, 3, 9, 9, 5, tzinfo=UTC)),  # a morning in Excel of Japan and China
        ("2026/3/9 9:05:11", datetime(2026, 3, 9, 9, 5, 11, tzinfo=UTC)),
        ("2026.3.9 19:05", datetime(2026, 3, 9, 19, 5, tzinfo=UTC)),
        ("2026-03-09 9:05", datetime(2026, 3, 9, 9, 5, tzinfo=UTC)),
        ("2026-3-9T9:05+02:00", datetime(2026, 3, 9, 7, 5, tzinfo=UTC)),
        ("2026/3/9 25:05", None),
        ("2026年3月9日", datetime(2026, 3, 9, tzinfo=UTC)),
        ("2026年3月9日 19:05", datetime(2026, 3, 9, 19, 5, tzinfo=UTC)),
        ("07.05.26 14:02", datetime(2026, 5, 7, 14, 2, tzinfo=UTC)),
        ("7/5/26", datetime(2026, 5, 7, tzinfo=UTC)),
        ("7/5/49", datetime(2049, 5, 7, tzinfo=UTC)),
        ("7/5/50", None),
        ("01/08/68", None),  # 2025 of the Buddhist calendar
        ("01/08/69", None),
        ("1 Aug 69", None),
        ("7/5/89", None),
        ("7/5/90", datetime(1990, 5, 7, tzinfo=UTC)),
        ("07-05-26", None),  # may start with the year
        ("7/5/026", None),
        ("45000", None),  # a day of Excel
        ("May 7, 2026", datetime(2026, 5, 7, tzinfo=UTC)),
        ("May 7 2026 14:02", datetime(2026, 5, 7, 14, 2, tzinfo=UTC)),
        ("Sept. 7th, 2026 at 2:02 PM", datetime(2026, 9, 7, 14, 2, tzinfo=UTC)),
        ("7 May 2026", datetime(2026, 5, 7, tzinfo=UTC)),
        ("07-MAY-26 14:02:33 UTC", datetime(2026, 5, 7, 14, 2, 33, tzinfo=UTC)),
        ("7. Mai 2026 um 14:02", datetime(2026, 5, 7, 14, 2, tzinfo=UTC)),
        ("7 de mayo de 2026", datetime(2026, 5, 7, tzinfo=UTC)),
        ("7 tháng 12, 2026", datetime(2026, 12, 7, tzinfo=UTC)),
        ("7 พฤษภาคม 2026", datetime(2026, 5, 7, tzinfo=UTC)),
        ("1 ส.ค. 69", datetime(2026, 8, 1, tzinfo=UTC)),
        ("1 ส.ค. 2569", datetime(2026, 8, 1, tzinfo=UTC)),
        ("1 สิงหาคม 2569 14:02", datetime(2026, 8, 1, 14, 2, tzinfo=UTC)),
        ("29 ก.พ. 67", datetime(2024, 2, 29, tzinfo=UTC)),
        ("1 ส.ค. 26", None),  # 1983, or ours
        ("1 ส.ค. 2443", datetime(1900, 8, 1, tzinfo=UTC)),
        ("1 ส.ค. 2442", None),
        ("1 ส.ค. 2742", datetime(2199, 8, 1, tzinfo=UTC)),
        ("1 ส.ค. 2743", None),
        ("7. maijs 2026", datetime(2026, 5, 7, tzinfo=UTC)),
        ("7 листопада 2026 р., 14:02", datetime(2026, 11, 7, 14, 2, tzinfo=UTC)),
        ("7 listopada 2026", datetime(2026, 11, 7, tzinfo=UTC)),
        ("31 February 2026", None),
        ("7 Mayhem 2026", None),
        ("May 2026", None),
        ("7 May 2026 25:02", None),
        ("7 May 2569", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_time(cell: object, expected: datetime | None) -> None:
    assert as_time(cell, day_first=True) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("25/12/2026", True), ("12/25/2026", False), ("12/25/2026 2:30 PM", False), ("3.4.2026", True),
     ("13/13/2026", None), ("03/04/2026", None),
     ("2026-01-01", None), (None, None)],
)  # fmt: skip
def test_some_dates_tell_their_order(cell: object, expected: bool | None) -> None:
    assert starts_with_day(cell) is expected


def test_the_order_of_a_column_is_the_order_of_its_dates() -> None:
    assert as_time("03/04/2026", day_first=False) == datetime(2026, 3, 4, tzinfo=UTC)
    assert [is_ambiguous_date(cell) for cell in ("03/04/2026", "3.4.2026", "13/13/2026", 7)] == [
        True,
        False,
        False,
        False,
    ]


@given(st.one_of(st.none(), st.text(max_size=30), st.floats(), st.integers(), st.booleans()))
def test_no_cell_raises(cell: object) -> None:
    as_text(cell), as_rating(cell), as_flag(cell), as_language(cell), as_time(cell, day_first=True)


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1900, 1, 1), max_value=datetime(2199, 12, 31)))
def test_iso_times_come_back(moment: datetime) -> None:
    assert as_time(moment.isoformat(), day_first=True) == moment


@given(
    st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2199, 12, 31, 23, 59, 59)),
    st.sampled_from(["%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%d", "%d/%m/%Y %H:%M:%S", "%Y/%m/%d %H:%M"]),
    st.booleans(),
)
def test_written_times_come_back(moment: datetime, form: str, as_number: bool) -> None:
    written = moment.strftime(form)
    cell = int(written) if as_number and written.isdigit() else written
    assert as_time(cell, day_first=True) == datetime.strptime(written, form).replace(tzinfo=UTC)


@given(
    st.dates(min_value=date(1990, 1, 1), max_value=date(2049, 12, 31)),
    st.sampled_from(["%d.%m.%y", "%d/%m/%y", "%d %b %y", "%B %d, %Y", "%d %B %Y", "%b %d %Y", "%d-%b-%Y"]),
)
def test_written_days_come_back(day: date, form: str) -> None:
    assert as_time(day.strftime(form), day_first=True) == datetime(day.year, day.month, day.day, tzinfo=UTC)


@given(
    st.datetimes(
        min_value=datetime(1977, 1, 1), max_value=datetime(2199, 12, 31, 23, 59, 59), timezones=st.just(UTC)
    )
)
def test_epochs_come_back(moment: datetime) -> None:
    seconds, milliseconds = int(moment.timestamp()), moment.microsecond // 1000
    whole = moment.replace(microsecond=0)
    assert as_time(seconds, day_first=True) == whole
    assert as_time(f"{seconds}{milliseconds:03}", day_first=True) == whole.replace(
        microsecond=milliseconds * 1000
    )


def test_text_loses_what_no_format_can_hold() -> None:
    assert as_text("a\x00b\ud800") == "ab\ufffd"
    assert as_text(" \x00 ") is None
    assert as_text(12.0) == "12"
    assert as_text(Decimal("12.0000000000")) == "12"
    assert as_text(Decimal("12.50")) == "12.50"


def test_flags_and_languages() -> None:
    assert [as_flag(cell) for cell in ("TRUE", "nē", True, 0, "maybe", None)] == [
        True,
        False,
        True,
        False,
        None,
        None,
    ]
    assert [as_language(cell) for cell in ("vi-VN", "PT_br", "und", "Thai", "", None)] == [
        "vi",
        "pt",
        *[None] * 4,
    ]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("yes", 1.0), ("không", 0.0), (True, 1.0), (0, 0.0), ("1234567.5", 1234567.5), (-3, -3.0), ("4,5", 4.5),
     ("12 %", 12.0), ("nee", 0.0), ("1,000", None), ("", None), ("churned", None), ("inf", None), ("nan", None)],
)  # fmt: skip
def test_outcome(cell: object, expected: float | None) -> None:
    assert as_outcome(cell) == expected
