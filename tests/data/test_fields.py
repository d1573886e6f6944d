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
    rated_out_of,
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


@given(st.one_of(st.none(), st.text(max_size=30), st.floats(), st.integers(), st.booleans()))
def test_no_cell_raises(cell: object) -> None:
    as_text(cell), as_rating(cell), as_flag(cell), as_language(cell)


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
