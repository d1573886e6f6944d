"""A name of a month means one month, whatever the language of the file."""

from datetime import UTC, datetime

from icu4py.messageformat import MessageFormat

from data.month_names import _FORMS, _LANGUAGES, _folded, _months, numbered_month


def test_no_name_means_two_months() -> None:
    for language in _LANGUAGES.split():
        for form in _FORMS:
            name = MessageFormat(f"{{0,date,{form}}}", language)
            for month in range(1, 13):
                written = _folded(name.format({"0": datetime(2026, month, 1, tzinfo=UTC)}))
                assert _months()[written] == month, (language, form, written)


def test_a_date_gets_its_number_and_anything_else_is_none() -> None:
    assert numbered_month("Mai 7, 2026 at 2:02 PM") == "7.5.2026 2:02 PM"
    assert numbered_month("7 may 26") == "7.5.26"
    assert (
        numbered_month("7 พ.ค. 69")
        == numbered_month("7 พ.ค. 2569")
        == numbered_month("7 พ.ค. 2026")
        == "7.5.2026"
    )
    assert numbered_month("7 พ.ค. 26") is None
    assert numbered_month("May 2026") is None
    assert numbered_month("7 May") is None
    assert numbered_month("a" * 100_000 + " 7, 2026") is None
