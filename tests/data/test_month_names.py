"""A name of a month means one month, whatever the language of the file."""

from datetime import UTC, date, datetime

import pytest
from icu4py.messageformat import MessageFormat

from data.month_names import _FORMS, CROATIAN, LANGUAGES, _folded, _months, named_date


def test_no_name_means_two_months_but_in_croatian() -> None:
    for language in LANGUAGES:
        months = _months(language == CROATIAN)
        for form in _FORMS:
            name = MessageFormat(f"{{0,date,{form}}}", language)
            for month in range(1, 13):
                written = _folded(name.format({"0": datetime(2026, month, 1, tzinfo=UTC)}))
                assert months[written] == month, (language, form, written)


def test_a_named_month_makes_a_date_and_anything_else_none() -> None:
    names = ["Mai 7, 2026", "7 may 26", "Thu, May 7, 2026", "Thursday, 7 May 2026", "7 de mayo de 2026"]
    names += ["7 พ.ค. 69", "7 พ.ค. 2569", "7 พ.ค. 2026", "7 May 2569"]
    names += ["7 พฤษภาคม พ.ศ. 2569", "7 พ.ค. พ.ศ.2569", "7 พ.ค. พ.ศ. 69"]
    names += ["ngày 7 tháng 5 năm 2026", "2026. gada 7. maijs", "7. svibnja 2026."]
    assert {named_date(name) for name in names} == {date(2026, 5, 7)}
    for other in (
        "May 2026",
        "7 May",
        "7 Mayhem 2026",
        "a" * 100_000 + " 7, 2026",
        "7" + "." * 100_000 + "May",
    ):
        assert named_date(other) is None


@pytest.mark.parametrize("written", ["31 February 2026", "7 May 69", "7 พ.ค. 26"])
def test_a_named_day_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"day|year"):
        named_date(written)


@pytest.mark.parametrize(
    ("name", "croatian", "others"), [("lip", 6, 7), ("srp", 7, 8), ("listopada", 10, 11)]
)
def test_a_croatian_month_is_the_one_before(name: str, croatian: int, others: int) -> None:
    assert named_date(f"7. {name} 2026.", croatian=True) == date(2026, croatian, 7)
    assert named_date(f"7. {name} 2026.") == date(2026, others, 7)
