"""The order of day and month in a column: what most of its dates say, in whatever order they stand."""

from itertools import permutations, zip_longest

import pytest

from data.date_order import DateOrder


def order_of(*cells: object) -> DateOrder:
    order = DateOrder()
    for cell in cells:
        order.add(cell)
    return order


@pytest.mark.parametrize(
    ("cells", "day_first"),
    [
        (("03/04/2026", "25/12/2026"), True),
        (("03/04/2026", "12/25/2026"), False),
        (("03/04/2026", None, "2026-01-01"), None),
        (("12/25/2026", "13/01/2026", "01/13/2026"), False),
        (("12/25/2026", "25/12/2026"), True),
        (("3/4/26", "12/25/26, 2:02 p.m."), False),
        (("3/4/26", "25/12/26"), True),
        (("3/4/2026 14:02 UTC", "12/25/2026 14:02 UTC"), False),
        (("03/04/26", "07.05.26 14:02"), True),
        (("3/4/26", "May 7, 2026"), None),
        (("03/04/2026 15:14 GMT+7", "15:14 25/12/2026"), True),
        (("3/4/2026 3:14:15 PM", "11/24/2026 3:14:15 PM"), False),
        (("03/04/2569", "25/12/2569"), True),
    ],
)
def test_most_dates_decide_and_the_day_where_as_many_do(
    cells: tuple[object, ...], day_first: bool | None
) -> None:
    assert {order_of(*each).day_first for each in permutations(cells)} == {day_first}


@pytest.mark.parametrize(
    ("cells", "notes"),
    [
        (("12/25/2026", "25/12/2026"), ["dates start with the day: 1, with the month: 1; all were read as day/month"]),
        (("12/25/2026", "03/04/2026"), []),
        (("03/04/2026",), ["dates such as 03/04/2026 were read as day/month"]),
        (("2026-01-01",), []),
        (("26/05/07", "26/12/31"), ["dates such as 26/05/07 were read as of 2007, not of 2026"]),
        (("26/05/07", "7/5/26"), []),
        (("26/05/69", "27/05/69"), []),
        (("26.05.07", "26.05.2007"), []),
        (("12/25/26, 2:02 p.m.", "3/4/26, 9:05 a.m."), []),
        (("46350", None, "46350.5"), ["numbers were read as days of a spreadsheet: 46350.5 is noon of 2026-11-24"]),
    ],
)  # fmt: skip
def test_what_is_contradictory_or_guessed_is_said(cells: tuple[object, ...], notes: list[str]) -> None:
    assert list(order_of(*cells).notes()) == notes


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("46350", 46350.5, "", None), True),
        (("46350", "2026-11-24"), False),
        (("46350", "463500"), False),
        (("46350", "n/a"), False),
        (("1795533255", "1795533256"), False),
        (("", None), False),
        ((), False),
    ],
)
def test_numbers_are_days_where_the_column_holds_nothing_else(
    cells: tuple[object, ...], expected: bool
) -> None:
    assert {order_of(*each).day_numbers for each in permutations(cells)} == {expected}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("26. 3. 5.", "26. 11. 24.", None), True),
        (("26.3.5 14:02", "26.11.24"), True),
        (("26. 3. 5. (목)", "2026. 3. 6."), True),
        (("26. 11. 24.", "26. 12. 24."), False),
        (("26. 3. 5.", "24. 11. 2026"), False),
        (("26. 3. 5.", "5. 3. 26."), False),
        (("26. 3. 5.", "26. 13. 24."), False),
        (("26/3/5", "2026-03-05"), False),
        (("26. 3. 5.", *["26.11.24"] * 3), True),
    ],
)
def test_years_of_two_digits_come_first_where_dates_show_it_and_none_shows_otherwise(
    cells: tuple[object, ...], expected: bool
) -> None:
    assert {order_of(*each).early_years for each in permutations(cells)} == {expected}
    told = "dates such as 26. 3. 5. were read as of 5 March 2026" in order_of(*cells).notes()
    assert told == expected


def test_a_slip_does_not_turn_the_dates_of_a_column() -> None:
    days = [f"{day:02}.{month:02}.24" for day in range(1, 25) for month in range(1, 13)]
    assert not order_of(*days, "05.03.4").early_years
    assert not order_of(*days[:10], "05.03.4").early_years
    assert order_of(*days[:9], "05.03.4").early_years


POLISH = ("sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru")


@pytest.mark.parametrize(
    ("months", "languages", "croatian"),
    [
        (("lip", "kol"), (), True),
        (("lip", "srp", "lis"), (), True),  # no other language has all of them
        (("lipnja", "listopada"), (), True),
        (("lip", "lip"), ("hr", "en"), True),
        (("lip", "lip"), ("en", "en"), False),
        (("lip", "lis"), ("pl", "hr"), False),
        (("lip", "kol"), ("pl", "pl"), True),  # the names of its program, below texts in other languages
        (POLISH, ("hr",) * 12, False),
        (("srpna", "listopadu"), (), False),
        (("srp", "lis", *POLISH), (), False),
        (("May", "2026-05-07"), ("hr", "hr"), False),
        ((), (), False),
    ],
)
def test_a_column_of_croatian_names_is_croatian(
    months: tuple[str, ...], languages: tuple[str, ...], croatian: bool
) -> None:
    order = DateOrder()
    for month, language in zip_longest(months, languages):
        order.add(f"7. {month} 2026. 14:03", language)
    assert order.croatian == croatian


AS_CROATIAN = "months that could be Polish or Czech were read as Croatian: lip as June, listopad as October"
AS_OTHERS = "months that could be Croatian were read as Polish or Czech: lip as July, listopad as November"


def test_months_that_could_be_croatian_are_told() -> None:
    assert order_of("15-lip-2026", "16-lip-2026").notes() == (AS_OTHERS,)
    assert order_of("15-lip-2026", "16-kol-2026").notes() == ()
    assert order_of(*(f"7 {month} 2026" for month in POLISH)).notes() == ()


@pytest.mark.parametrize(
    ("most", "fewer", "lines"),
    [
        (("kol", "hr"), ("lip", "pl"), (f"{AS_CROATIAN}; also in 5 rows of the language pl",)),
        (("kol", "hr"), ("srp", "cs"), (f"{AS_CROATIAN}; also in 5 rows of the language cs",)),
        (("sie", "pl"), ("lip", "hr"), (f"{AS_OTHERS}; also in 5 rows of the language hr",)),
        (("kol", "hr"), ("pro", "cs"), ()),  # December in both
        (("kol", "hr"), ("srp", "pl"), ()),  # no Polish month
        (("kol", "hr"), ("lip", "en"), ()),
    ],
)
def test_months_that_are_others_in_the_language_of_their_row_are_told(
    most: tuple[str, str], fewer: tuple[str, str], lines: tuple[str, ...]
) -> None:
    order = DateOrder()
    for day, (month, language) in enumerate([most] * 6 + [fewer] * 5, start=1):
        order.add(f"{day}-{month}-2026", language)
    assert order.notes() == lines
