import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.report_drawing import columns, mirrored, parts, tallies
from mining.timing_results import Timing
from tests.mining.report_world import MONTHS, burst, side, steady, wilson, world

PEOPLE = st.integers(0, 5000)


@given(PEOPLE, PEOPLE.filter(bool), PEOPLE)
def test_bars_meet_in_the_middle_and_whiskers_hold_their_ends(first: int, second: int, both: int) -> None:
    both = min(both, first, second)
    people = first + second - both
    example = world().oppositions[0]
    sides = (
        side("too_little", first, people, [("en", "a")]),
        side("too_much", second, people, [("en", "b")]),
    )
    left, right = mirrored(replace(example, sides=sides))
    assert left.left + left.width == pytest.approx(50, abs=0.02)
    assert right.left == 50
    for bar, end in ((left, left.left), (right, right.left + right.width)):
        assert bar.whisker[0] - 0.02 <= end <= bar.whisker[1] + 0.02
        assert bar.whisker[0] >= 0
        assert bar.whisker[1] <= 100


def test_a_bar_is_as_long_as_its_share() -> None:
    example = world().oppositions[0]
    quarter = replace(example.sides[0], share=wilson(25, 100))
    bar, _ = mirrored(replace(example, sides=(quarter, example.sides[1])))
    assert (bar.left, bar.width, bar.half) == (37.5, 12.5, 25)


def test_the_busiest_month_is_full_height_and_only_the_burst_is_marked() -> None:
    drawn = columns(burst(92, "2026-03", "2026-03-03/2026-03-14"))
    assert [column.period for column in drawn] == list(MONTHS)
    assert [column.period for column in drawn if column.burst] == ["2026-03"]
    assert max(drawn, key=lambda column: column.people).height == 100
    assert not any(column.burst for column in columns(steady(120)))


def test_a_burst_over_new_year_marks_both_months() -> None:
    timing = burst(60, "2025-12", "2025-12-28/2026-01-04")
    assert [column.period for column in columns(timing) if column.burst] == ["2025-12", "2026-01"]


def test_no_dates_draw_nothing_and_an_empty_year_has_no_height() -> None:
    assert columns(Timing(kind="unclear", fano=None, periods={})) == ()
    quiet = columns(Timing(kind="unclear", fano=None, periods=dict.fromkeys(MONTHS, 0)))
    assert {column.height for column in quiet} == {0}


def test_the_strip_of_a_cause_never_runs_over_its_end() -> None:
    for cause in world().causes:
        overlapping = replace(cause, people=max(one.people for one in cause.sides))
        for drawn in (parts(cause), parts(overlapping)):
            assert sum(part.width for part in drawn) <= 100.05
            assert all(a.left + a.width <= b.left + 0.02 for a, b in itertools.pairwise(drawn))


def test_what_is_missing_in_a_strip_is_less_than_who_takes_no_side_where_people_take_two() -> None:
    """Of 100 people 40 complain and 40 praise, 20 of them both: 40 take no side."""
    cause = world().causes[0]
    sides = (side("complaint", 40, 100, [("en", "a")]), side("praise", 40, 100, [("en", "b")]))
    drawn = parts(replace(cause, people=100, sides=sides))
    assert 100 - sum(part.width for part in drawn) == pytest.approx(20)


@given(st.dictionaries(st.text(max_size=5), st.integers(0, 10**6), max_size=9))
def test_tallies_are_largest_first_whatever_the_order_of_the_counts(counts: dict[str, int]) -> None:
    drawn = tallies(counts)
    assert drawn == tallies(dict(reversed(counts.items())))
    assert [tally.count for tally in drawn] == sorted(counts.values(), reverse=True)
    assert all(0 <= tally.width <= 100 and tally.total == sum(counts.values()) for tally in drawn)
