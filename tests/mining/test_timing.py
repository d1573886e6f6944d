"""A steady trickle against a burst."""

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.periods import MOST_MONTHS, Background, Calendar, Moments, period_of, timed_days
from mining.timing import timing_of
from mining.timing_results import Timing

START = date(2025, 11, 1)
YEAR = [START + timedelta(days=i) for i in range(365)]


def days(*offsets: int) -> list[date]:
    return [START + timedelta(days=int(i)) for i in offsets]


def moments(own: list[date]) -> Moments:
    """Each day is of another person."""
    return Moments(np.arange(len(own)), np.array([day.toordinal() for day in own], dtype=np.int64))


def timed(own: list[date], everybody: list[date], *, gate: int) -> Timing:
    return timing_of(moments(own), Background(moments(everybody)), gate=gate)


def test_even_over_the_year_is_systemic() -> None:
    timing = timed(days(*range(0, 365, 7)), YEAR, gate=6)
    assert timing.kind == "systemic"
    assert next(iter(timing.periods)) == "2025-11"
    assert list(timing.periods)[-1] == "2026-10"
    assert len(timing.periods) == 12
    assert sum(timing.periods.values()) == 53


def test_a_fortnight_is_a_burst_even_with_stragglers() -> None:
    timing = timed(days(30, 200, *range(120, 132)), YEAR, gate=6)
    assert (timing.kind, timing.burst_period) == ("burst", "2026-03-01/2026-03-12")
    assert timing.fano is not None
    assert timing.fano > 3


def test_a_busy_fortnight_of_the_whole_company_is_no_burst_of_the_cause() -> None:
    campaign = days(*(120 + i % 10 for i in range(400)))
    timing = timed(days(*(120 + i % 10 for i in range(20)), 10, 90, 200, 300), YEAR + campaign, gate=6)
    assert timing.kind != "burst"


def test_fano_is_variance_over_mean() -> None:
    timing = timed(days(0, 0, 0, 35, 70), days(0, 70), gate=1)
    assert list(timing.periods.values()) == [3, 1, 1]
    assert timing.fano == pytest.approx(np.var([3, 1, 1], ddof=1) / (5 / 3))


def test_a_cause_is_as_even_as_its_product_is_written_about() -> None:
    """Of a product that is launched in month 9 the months before are no part of the cause's time."""
    own, product = moments(days(*range(243, 365, 3))), moments(days(*range(242, 365)))
    file = Moments(
        np.append(product.person, 1000 + np.arange(365)), np.append(product.day, moments(YEAR).day)
    )
    launched, old = (timing_of(own, each, gate=6) for each in (Background(product, file), Background(file)))
    assert (launched.kind, old.kind) == ("systemic", "unclear")
    assert list(launched.periods.values()) == list(old.periods.values())
    assert len(launched.periods) == 12
    assert launched.fano is not None
    assert old.fano is not None
    assert launched.fano < 1 < old.fano


@pytest.mark.parametrize("few", [[], [5], [1, 40, 80, 120, 200]])
def test_too_few_people_are_unclear(few: list[int]) -> None:
    assert timed(days(*few), YEAR, gate=6).kind == "unclear"


def test_without_dates_nothing_is_said() -> None:
    timing = timed([], [], gate=6)
    assert (timing.kind, timing.fano, dict(timing.periods)) == ("unclear", None, {})


def test_months_are_utc_months() -> None:
    assert period_of(datetime(2026, 3, 1, 2, tzinfo=timezone(timedelta(hours=7)))) == "2026-02"
    assert period_of(datetime(2026, 3, 1, 2)) == period_of(datetime(2026, 3, 1, 2, tzinfo=UTC)) == "2026-03"


def test_chance_is_seldom_called_a_burst_and_mostly_systemic() -> None:
    rng = np.random.default_rng(0)
    kinds = [timed(sorted(days(*rng.integers(0, 365, 60))), YEAR, gate=6).kind for _ in range(200)]
    assert kinds.count("burst") == 0
    assert kinds.count("systemic") > 180


@given(
    st.lists(st.integers(min_value=0, max_value=400), max_size=60), st.integers(min_value=0, max_value=400)
)
def test_every_person_is_in_a_period(offsets: list[int], extra: int) -> None:
    found = sorted(days(*offsets))
    timing = timed(found, sorted([*found, *days(extra)]), gate=6)
    assert sum(timing.periods.values()) == len(found)
    assert list(timing.periods) == sorted(timing.periods)
    assert (timing.burst_period is not None) == (timing.kind == "burst")


@pytest.mark.parametrize(
    "strays", [[date(1900, 1, 1)], [date(2199, 12, 31)], [date(1900, 1, 1), date(2052, 1, 1)]]
)
def test_stray_dates_are_outside_of_what_is_timed(strays: list[date]) -> None:
    found = timed_days(np.array([day.toordinal() for day in [*strays, *YEAR]]))
    assert found.tolist() == [-1] * len(strays) + [day.toordinal() for day in YEAR]
    assert len(Calendar.months(found[found >= 0])) == 12


def test_of_many_years_the_last_months_are_timed_in_any_order_of_rows() -> None:
    days = np.array([date(2010 + i // 12, 1 + i % 12, 1).toordinal() for i in range(180)] + [-1])
    found = timed_days(days)
    assert (found == np.where(days >= date(2015, 1, 1).toordinal(), days, -1)).all()
    assert len(Calendar.months(found[found >= 0])) == MOST_MONTHS
    turned = np.random.default_rng(1).permutation(len(days))
    assert (timed_days(days[turned]) == found[turned]).all()


def test_no_more_months_than_are_timed_stay_as_they_are() -> None:
    days = np.array([date(2016, 1, 31).toordinal(), -1, date(2025, 12, 1).toordinal()])
    assert (timed_days(days) == days).all()
    assert timed_days(days[[1]]).tolist() == [-1]
