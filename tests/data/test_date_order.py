"""The order of day and month in a column: what most of its dates say, in whatever order they stand."""

from itertools import permutations

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
    ],
)  # fmt: skip
def test_what_is_contradictory_or_guessed_is_said(cells: tuple[object, ...], notes: list[str]) -> None:
    assert list(order_of(*cells).notes()) == notes
