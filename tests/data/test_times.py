"""Dates as exports, mails and spreadsheets write them: read right, or not at all."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from icu4py.messageformat import MessageFormat

from data.date_order import DateOrder
from data.day_numbers import day_number
from data.month_names import LANGUAGES
from data.times import as_time, numbered_day, plain_date
from data.years import YEARS


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
        ("2568-04-01", datetime(2025, 4, 1, tzinfo=UTC)),  # of the Buddhist calendar
        ("2567-02-29", datetime(2024, 2, 29, tzinfo=UTC)),
        ("2568-02-29", None),
        ("2533-01-01", datetime(1990, 1, 1, tzinfo=UTC)),
        ("2592-12-31 23:59", datetime(2049, 12, 31, 23, 59, tzinfo=UTC)),
        ("2532-12-31", None),
        ("2593-01-01", None),
        ("9999-12-31", None),  # "never" of many databases
        ("0001-01-01", None),
        ("01/04/2568", datetime(2025, 4, 1, tzinfo=UTC)),
        ("24/11/2569 15:14 น.", datetime(2026, 11, 24, 15, 14, tzinfo=UTC)),
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
        ("令和8年3月5日", datetime(2026, 3, 5, tzinfo=UTC)),
        ("平成31年4月30日", datetime(2019, 4, 30, tzinfo=UTC)),
        ("令和元年5月1日 9:05", datetime(2019, 5, 1, 9, 5, tzinfo=UTC)),
        ("民國115年3月5日", datetime(2026, 3, 5, tzinfo=UTC)),
        ("平成99年3月5日", None),
        ("平成32年4月30日", None),
        ("令和0年5月1日", None),
        ("民國999年3月5日", None),
        ("2026年3月5日(木)", datetime(2026, 3, 5, tzinfo=UTC)),
        ("2026年3月5日（木）14:03", datetime(2026, 3, 5, 14, 3, tzinfo=UTC)),
        ("2026年3月5日 星期四 下午2:03", datetime(2026, 3, 5, 14, 3, tzinfo=UTC)),
        ("2026/3/5(木) 14:03", datetime(2026, 3, 5, 14, 3, tzinfo=UTC)),
        ("2026년 3월 5일 (목) 오후 2:03", datetime(2026, 3, 5, 14, 3, tzinfo=UTC)),
        ("2026년 3월 5일 목요일", datetime(2026, 3, 5, tzinfo=UTC)),
        ("5 marca 2026 r.", datetime(2026, 3, 5, tzinfo=UTC)),
        ("5 marca 2026 r., godz. 14:03", datetime(2026, 3, 5, 14, 3, tzinfo=UTC)),
        ("czwartek, 5 marca 2026 roku o 14:03", datetime(2026, 3, 5, 14, 3, tzinfo=UTC)),
        ("2026. gada 5. marts plkst. 14:03", datetime(2026, 3, 5, 14, 3, tzinfo=UTC)),
        ("Ceturtdiena, 2026. gada 5. marts", datetime(2026, 3, 5, tzinfo=UTC)),
        ("5 Mart 2026 Perşembe", datetime(2026, 3, 5, tzinfo=UTC)),
        ("5 Mart 2026 Perşembe, saat 14:03", datetime(2026, 3, 5, 14, 3, tzinfo=UTC)),
        ("čtvrtek 5. března 2026 v 14:03", datetime(2026, 3, 5, 14, 3, tzinfo=UTC)),
        ("5 марта 2026 года в 14:03", datetime(2026, 3, 5, 14, 3, tzinfo=UTC)),
        ("четвер, 5 березня 2026 р. о 14:03", datetime(2026, 3, 5, 14, 3, tzinfo=UTC)),
        ("Kamis, 5 Maret 2026 pukul 14:03", datetime(2026, 3, 5, 14, 3, tzinfo=UTC)),
        ("den 5 mars 2026 kl. 14:03", datetime(2026, 3, 5, 14, 3, tzinfo=UTC)),
        ("jueves, 5 de marzo de 2026 a las 14:03", datetime(2026, 3, 5, 14, 3, tzinfo=UTC)),
        ("الخميس، 5 مارس 2026", datetime(2026, 3, 5, tzinfo=UTC)),
        ("٥ مارس ٢٠٢٦", datetime(2026, 3, 5, tzinfo=UTC)),
        ("गुरुवार, 5 मार्च 2026", datetime(2026, 3, 5, tzinfo=UTC)),
        ("วันพฤหัสบดีที่ 5 มีนาคม 2569", datetime(2026, 3, 5, tzinfo=UTC)),
        ("Thứ Năm, 05/03/2026", datetime(2026, 3, 5, tzinfo=UTC)),
        ("Mar 5 2026", datetime(2026, 3, 5, tzinfo=UTC)),  # no Tuesday in Spanish
        ("Perşembe", None),
        ("令和8年", None),
        ("26. 3. 5.", None),  # alone it tells nothing
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
        ("26. 11. 24.", None),  # does, in Korean
        ("26.11.24.", None),
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
        ("7 May 2569", datetime(2026, 5, 7, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_time(cell: object, expected: datetime | None) -> None:
    assert as_time(cell, day_first=True) == expected


AFTERNOON = datetime(2026, 11, 24, 15, 14, 15, tzinfo=UTC)
MINUTE = AFTERNOON.replace(second=0)
MAILED = datetime(2026, 11, 24, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Tue, 24 Nov 2026 08:15:00 +0700", MAILED),
        ("24 Nov 2026 08:15:00 +0700", MAILED),
        ("Tue, 24 Nov 2026 08:15:00 +0700 (ICT)", MAILED),
        ("Tue, 24 Nov 2026 08:15:00 +0700 (Indochina Time)", MAILED),
        ("Tue Nov 24 2026 08:15:00 GMT+0700 (Indochina Time)", MAILED),
        ("Tue, 24 Nov 2026 01:15:00 GMT", MAILED),
        ("Tue, 24 Nov 2026 01:15 UTC", MAILED),
        ("24 Nov 2026 01:15:00 Z", MAILED),
        ("Tue, 24 Nov 2026 01:15:00 -0000", MAILED),
        ("Mon, 23 Nov 2026 20:15:00 EST", MAILED),
        ("Mon, 23 Nov 2026 20:15:00 -0500 (EST)", MAILED),
        ("tue, 24 nov 2026 01:15:00 gmt", MAILED),
        ("Tue Nov 24 01:15:00 2026", MAILED),
        ("Tue Nov 24 01:15:00 +0000 2026", MAILED),
        ("Tue Nov 24 01:15:00 UTC 2026", MAILED),
        ("Tue, 24 Nov 2026 08:15:00 CET", None),
        ("Tue, 24 Nov 2026 08:15:00 (ICT)", None),
        ("Tue Nov 24 08:15:00 ICT 2026", None),
        ("Tue, 24 Nov 2026 25:15:00 +0700", None),
        ("Tue, 24 Nov 2026 08:15:00 +9900", None),
        ("Tue, 31 Feb 2026 08:15:00 +0700", None),
        ("Tue, 24 Nov 2026 08:15:00 +0700 (a) (b)", None),
    ],
)
def test_dates_of_mails(cell: str, expected: datetime | None) -> None:
    assert as_time(cell, day_first=True) == as_time(cell, day_first=False) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("24.11.2026 15:14", MINUTE),
        ("24.11.2026, 15:14 Uhr", MINUTE),
        ("24.11.2026. 15:14", MINUTE),
        ("24. 11. 2026 15:14", MINUTE),
        ("2026. gada 24. novembris 15:14", MINUTE),
        ("Nov 24, 2026, 3:14 PM", MINUTE),
        ("Tuesday, November 24, 2026 3:14:15 PM", AFTERNOON),
        ("Nov 24, 2026, 10:14 PM GMT+7", MINUTE),
        ("2026-11-24 15:14:15 UTC", AFTERNOON),
        ("2026-11-24 15:14:15 GMT", AFTERNOON),
        ("2026-11-24 22:14:15 +0700", AFTERNOON),
        ("2026-11-24 03:14:15 PM", AFTERNOON),
        ("2026-11-24T15:14:15Z[UTC]", AFTERNOON),
        ("2026-11-24T22:14:15+07:00[Asia/Bangkok]", AFTERNOON),
        ("2026-11-24T15:14:15.123456789Z", AFTERNOON.replace(microsecond=123456)),
        ("24/11/2026 22:14:15 +07:00", AFTERNOON),
        ("24/11/2026 15:14:15.5", AFTERNOON.replace(microsecond=500000)),
        ("24/11/2026 lúc 15:14", MINUTE),
        ("24/11/2026 lu\u0301c 15:14", MINUTE),
        ("24/11/2026 3:14:15 CH", AFTERNOON),
        ("15:14:15 24/11/2026", AFTERNOON),
        ("15:14, 24/11/2026", MINUTE),
        ("15:14 ngày 24/11/2026", MINUTE),
        ("lúc 15:14 24 tháng 11, 2026", MINUTE),
        ("ngày 24 tháng 11 năm 2026", datetime(2026, 11, 24, tzinfo=UTC)),
        ("24 พ.ย. 2569 เวลา 15:14 น.", MINUTE),
        ("๒๔ พฤศจิกายน ๒๕๖๙ ๑๕:๑๔", MINUTE),
        ("2026年11月24日 15:14", MINUTE),
        ("2026年11月24日15:14", MINUTE),
        ("2026年11月24日 下午3:14", MINUTE),
        ("2026年11月24日下午3:14", MINUTE),
        ("2026年11月24日 上午12:05", datetime(2026, 11, 24, 0, 5, tzinfo=UTC)),
        ("2026年11月24日 15：14：15", AFTERNOON),
        ("2026/11/24 下午 3:14:15", AFTERNOON),
        ("2026年11月24日 午後3:14", MINUTE),
        ("2026. 11. 24. 오후 3:14", MINUTE),
        ("2026년 11월 24일 오후 3:14", MINUTE),
        ("\u0662\u0664\u200f/\u0661\u0661\u200f/\u0662\u0660\u0662\u0666 3:14 \u0645", MINUTE),
        ("11/24/2026 3:14 PM EST", None),
        ("24/11/2026 15:14 (ICT)", None),
        ("2026-11-24 15:14:15 America/New_York", None),
        ("24/11/2026 15:14 +07:75", None),
        ("24/11/2026 15:14 +99", None),
        ("2026年11月24日 下午15:14", None),
        ("15:14", None),
        ("lúc 15:14", None),
        ("24/11/2026 15:14 and more", None),
        ("24/11/2026" + " " * 200_000 + "15:14", None),
        ("7 " * 100_000 + "15:14", None),
        ("Tue, 24 Nov 2026 08:15:00" + " " * 200_000 + "x", None),
    ],
)
def test_dates_with_a_time_of_day(cell: str, expected: datetime | None) -> None:
    assert as_time(cell, day_first=True) == expected


def test_a_survey_tool_that_begins_with_the_month() -> None:
    assert as_time("11/24/2026 3:14:15 PM", day_first=False) == AFTERNOON
    assert as_time("11/24/2026 3:14:15 PM", day_first=True) is None
    assert as_time("11/24/2026 10:14:15 PM GMT+7", day_first=False) == AFTERNOON


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("46350", datetime(2026, 11, 24, tzinfo=UTC)),
        (46350.5, datetime(2026, 11, 24, 12, tzinfo=UTC)),
        ("46350,634895833", AFTERNOON),
        ("32874", datetime(1990, 1, 1, tzinfo=UTC)),
        ("54788", datetime(2049, 12, 31, tzinfo=UTC)),
        ("32873", None),
        ("54789", None),
        ("463500", None),
        ("1795533255", None),
        ("2026-11-24", None),
    ],
)
def test_days_of_a_spreadsheet_where_the_column_holds_them(cell: object, expected: datetime | None) -> None:
    assert as_time(cell, day_first=True, day_numbers=True) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("25/12/2026", True), ("12/25/2026", False), ("12/25/2026 2:30 PM", False), ("3.4.2026", True),
     ("13/13/2026", None), ("03/04/2026", None),
     ("2026-01-01", None), (None, None)],
)  # fmt: skip
def test_some_dates_tell_their_order(cell: object, expected: bool | None) -> None:
    date = numbered_day(plain_date(cell))
    assert (None if date is None else date.starts_with_day) is expected


def test_the_order_of_a_column_is_the_order_of_its_dates() -> None:
    assert as_time("03/04/2026", day_first=False) == datetime(2026, 3, 4, tzinfo=UTC)
    dates = [numbered_day(plain_date(cell)) for cell in ("03/04/2026", "3.4.2026", "13/13/2026", 7)]
    assert [date.is_ambiguous if date else None for date in dates] == [True, False, False, None]


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


@given(
    st.one_of(
        st.none(),
        st.text(max_size=30),
        st.text("0123456789/.:- +TZzUCGMTapm日下午月年น\u0660上", max_size=30),
        st.floats(),
        st.integers(),
        st.booleans(),
        st.datetimes(),
        st.dates(),
    ),
    st.booleans(),
    st.booleans(),
)
def test_no_cell_raises(cell: object, day_first: bool, day_numbers: bool) -> None:
    moment = as_time(cell, day_first=day_first, day_numbers=day_numbers)
    assert moment is None or (moment.tzinfo == UTC and moment.year in YEARS)
    order = DateOrder()
    order.add(cell)
    assert order.numbers <= order.filled <= 1


def test_every_date_that_the_page_shows_is_read() -> None:
    page = Path("docs/file-formats.md").read_text(encoding="utf-8")
    section = page.partition("### Dates\n")[2].partition("\n### ")[0]
    *rows, days = (row for row in section.splitlines() if row.startswith("| ") and "`" in row)
    shown = [example for row in rows for example in re.findall("`([^`]+)`", row)]
    assert len(shown) > 20
    unread = [each for each in shown if not any(as_time(each, day_first=order) for order in (True, False))]
    assert unread == []
    assert day_number(days.split("`")[1]) == datetime(2026, 11, 24, 12, tzinfo=UTC)


ZONES = st.builds(
    timezone, st.integers(-14 * 4, 14 * 4).map(lambda quarters: timedelta(minutes=15 * quarters))
)
NEAR = st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2049, 12, 30))


@given(st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(2199, 12, 30), timezones=ZONES))
def test_mailed_times_come_back(moment: datetime) -> None:
    assert as_time(format_datetime(moment), day_first=True) == moment.replace(microsecond=0)


@given(
    NEAR,
    st.sampled_from(
        ["%m/%d/%Y %I:%M:%S %p", "%d.%m.%Y %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%H:%M:%S %d/%m/%Y"]
    ),
    ZONES.map(lambda zone: zone.utcoffset(None)),
    st.sampled_from(["", "GMT", " UTC", " "]),
)
def test_times_with_a_zone_come_back(moment: datetime, form: str, offset: timedelta, name: str) -> None:
    written, day_first = moment.replace(microsecond=0).strftime(form), not form.startswith("%m")
    utc = moment.replace(microsecond=0, tzinfo=UTC)
    assert as_time(written, day_first=day_first) == utc
    if form.startswith("%H"):
        return
    minutes = int(offset.total_seconds()) // 60
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    assert as_time(f"{written}{name}{sign}{hours:02}:{rest:02}", day_first=day_first) == utc - offset


@given(NEAR, st.sampled_from(["{d}/{m}/{y}", "{y}-{m:02}-{d:02}", "{y}年{m}月{d}日"]))
def test_years_of_the_buddhist_calendar_come_back(moment: datetime, form: str) -> None:
    written = form.format(y=moment.year + 543, m=moment.month, d=moment.day) + f" {moment:%H:%M}"
    assert as_time(written, day_first=True) == moment.replace(second=0, microsecond=0, tzinfo=UTC)


@given(NEAR)
def test_days_of_a_spreadsheet_come_back(moment: datetime) -> None:
    days = (moment.replace(microsecond=0) - datetime(1899, 12, 30)) / timedelta(days=1)
    assert day_number(f"{days:.9f}") == moment.replace(microsecond=0, tzinfo=UTC)


SHORT_IS_UNREAD = ("th", "ko")  # two digits of a Buddhist year, or of one that stands first
CLOCK_IS_UNREAD = ("da", "id")  # 15.14


@given(NEAR, st.sampled_from(["short", "medium", "long"]), st.sampled_from(["", "short", "medium"]))
@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_come_back_as_each_language_writes_them(
    language: str, moment: datetime, form: str, clock: str
) -> None:
    assume(form != "short" or language not in SHORT_IS_UNREAD)
    assume(not clock or language not in CLOCK_IS_UNREAD)
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    written, expected = in_words(moment, f"date,{form}", language), moment.replace(hour=0, minute=0, second=0)
    if clock:
        time = in_words(moment, f"time,{clock}", language)
        written = f"{time} {written}" if language == "vi" else f"{written} {time}"
        expected = moment.replace(second=0) if clock == "short" else moment
    assert as_time(written, day_first=language != "en", croatian=language == "hr") == expected


def in_words(moment: datetime, form: str, language: str) -> str:
    return MessageFormat(f"{{0,{form}}}", language).format({"0": moment})


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("26. 3. 5.", date(2026, 3, 5)),
        ("26.3.5", date(2026, 3, 5)),
        ("26. 11. 24. 오후 2:03", date(2026, 11, 24)),
        ("26.11.24", date(2026, 11, 24)),
        ("26. 3. 5. (목)", date(2026, 3, 5)),
        ("2026. 3. 5.", date(2026, 3, 5)),
        ("99. 3. 5.", date(1999, 3, 5)),
        ("69. 3. 5.", None),
        ("26. 13. 5.", None),
    ],
)
def test_where_a_column_starts_with_years_of_two_digits_they_are_read(
    cell: str, expected: date | None
) -> None:
    found = as_time(cell, day_first=True, early_years=True)
    assert (None if found is None else found.date()) == expected
