"""A name of a month means one month, whatever the language of the file."""

from datetime import UTC, date, datetime

import pytest
from icu4py.messageformat import MessageFormat

from data.month_names import _FORMS, LANGUAGES, _folded, _months, named_date


def test_no_name_means_two_months() -> None:
    for language in LANGUAGES:
        for form in _FORMS:
            name = MessageFormat(f"{{0,date,{form}}}", language)
            for month in range(1, 13):
                written = _folded(name.format({"0": datetime(2026, month, 1, tzinfo=UTC)}))
                assert _months()[written] == month, (language, form, written)


def test_a_named_month_makes_a_date_and_anything_else_none() -> None:
    names = ["Mai 7, 2026", "7 may 26", "Thu, May 7, 2026", "Thursday, 7 May 2026", "7 de mayo de 2026"]
    names += ["7 พ.ค. 69", "7 พ.ค. 2569", "7 พ.ค. 2026", "7 May 2569"]
    names += ["ngày 7 tháng 5 năm 2026", "2026. gada 7. maijs"]
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
