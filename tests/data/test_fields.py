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
from data.language import LANGUAGES


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
    ("cell", "out_of"),
    [
        ("4 no 5", 5), ("4 من 5", 5), ("٤ من ٥", 5), ("4 dari 5", 5), ("4 z 5", 5), ("4 з 5", 5), ("4 из 5", 5),
        ("4 od 5", 5), ("4 iš 5", 5), ("4 af 5 stjerner", 5), ("4 av 5", 5), ("4 จาก 5", 5), ("4 trên 5", 5),
        ("4 kati ya 5", 5), ("5 में से 4", 5), ("5 üzerinden 4", 5), ("5つ星のうち4.0", 5), ("5段階中4", 5),
        ("5점 만점에 4점", 5), ("4점/5점", 5), ("４／５", 5), ("Rated 4 out of 5 stars", 5), ("4.0 su 5 stelle", 5),
        ("4.0/5.0", 5), ("4 out of 5,00", 5), ("5.0つ星のうち4.0", 5), ("4/5.5", "no rating"), ("4/5.000", "no rating"),
        ("4점", None), ("별점 4", None), ("별점: 4점", None), ("별 4개", None), ("4分", None), ("4点", None),
        ("評価：4", None), ("4星", None), ("4颗星", None), ("星4つ", None), ("4 gwiazdki", None),
        ("4 yıldız", None), ("4 zvaigznes", None), ("4 зірки", None), ("4 звезды", None), ("4 звёзд", None),
        ("4 hvězdičky", None), ("4 hviezdičky", None), ("4 zvjezdice", None), ("4 žvaigždutės", None),
        ("4 tärni", None), ("4 stjärnor", None), ("4 sterren", None), ("4 bintang", None), ("4 sao", None),
        ("4 ดาว", None), ("4 نجوم", None), ("4 स्टार", None), ("nyota 4", "no rating"), ("4 nyota", None),
        ("4 Punkte", None), ("4 punkti", None), ("4 балла", None), ("★ 4", None), ("4⭐️", None), ("٤٫٠", None),
        ("4 days", "no rating"), ("4 cilvēki", "no rating"), ("4月", "no rating"), ("4年5月", "no rating"),
        ("4 to 5", "no rating"), ("4½", "no rating"), ("4 people of 5", "no rating"), ("4分钟", "no rating"),
        ("4 point five", "no rating"), ("4.5.2026", "no rating"), ("4:05", "no rating"),
        ("4 bodies", "no rating"), ("4 ponte", "no rating"), ("4 балкон", "no rating"), ("4個", "no rating"),
        ("4つ", "no rating"), ("4개", "no rating"), ("4²", "no rating"), ("④", "no rating"),
        ("4.000 poin", "no rating"),
        ("4.000 / 5 poin", 5), ("4.00 poin", None), ("4 body", None), ("4 pontos", None), ("4 балів", None),
    ],
)  # fmt: skip
def test_ratings_in_the_words_of_many_languages(cell: str, out_of: int | str | None) -> None:
    assert as_rating(cell) == (None if out_of == "no rating" else 4)
    assert rated_out_of(cell) == (None if out_of == "no rating" else out_of)


@pytest.mark.parametrize("cell", ["30分", "30 分", "3.5個", "1.500 poin", "12.750 points"])
def test_minutes_pieces_and_thousands_are_no_ratings(cell: str) -> None:
    assert as_rating(cell) is None


@pytest.mark.parametrize(
    ("cell", "rating"), [("85分/100分", 85), ("10分", 10), ("10 分", 10), ("9.5分", 9.5)]
)
def test_points_out_of_more_are_ratings(cell: str, rating: float) -> None:
    assert as_rating(cell) == rating


@given(st.text(st.sampled_from("4. /５つ星のうち점別만점에stars★ofn"), max_size=150))
def test_hostile_ratings_come_to_an_end(cell: str) -> None:
    as_rating(cell)


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


def test_countries_are_no_languages_unless_their_code_is_one() -> None:
    assert [as_language(cell) for cell in ("VN", "CN", "JP", "cz", "KP-ko")] == [None] * 5
    assert [as_language(cell) for cell in ("SV", "lv", "TH", "zh-CN")] == ["sv", "lv", "th", "zh"]
    assert [as_language(cell) for cell in ("in", "iw_IL", "ji")] == ["id", "he", "yi"]
    assert {as_language(tag) for tag in LANGUAGES} == set(LANGUAGES)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("yes", 1.0), ("không", 0.0), (True, 1.0), (0, 0.0), ("1234567.5", 1234567.5), (-3, -3.0), ("4,5", 4.5),
     ("12 %", 12.0), ("nee", 0.0), ("1,000", None), ("", None), ("churned", None), ("inf", None), ("nan", None)],
)  # fmt: skip
def test_outcome(cell: object, expected: float | None) -> None:
    assert as_outcome(cell) == expected
