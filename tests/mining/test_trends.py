"""Trends against exposure, and causes that have grown lately."""

from datetime import date

import numpy as np
import pytest

from mining.periods import Background, Calendar, Moments, timed_days
from mining.rate_model import fit_rate
from mining.timing_results import Recent, Trend
from mining.trends import trends_of

START = date(2025, 1, 1).toordinal()


def spoken(per_period: list[int], length: int | None = None, first: int = 0) -> Moments:
    """So many people in each month of 2025, or in each period of ``length`` days."""
    starts = [
        date(2025, period + 1, 1).toordinal() if length is None else START + length * period
        for period in range(len(per_period))
    ]
    days = [start + i % (length or 28) for start, k in zip(starts, per_period, strict=True) for i in range(k)]
    return Moments(np.arange(first, first + len(days)), np.array(days, dtype=np.int64))


def told(*causes: Moments, everybody: Moments) -> list[tuple[Trend, Recent]]:
    found = trends_of(causes, Background(everybody), gate=6, significance=0.05)
    return [one for one in found if one is not None]


@pytest.mark.parametrize(
    ("counts", "label"),
    [
        ([10, 12, 15, 17, 20, 25, 28, 33, 40, 46, 55, 66], "rising"),
        ([66, 55, 46, 40, 33, 28, 25, 20, 17, 15, 12, 10], "falling"),
        ([90, 92, 88, 91, 90, 89, 92, 88, 90, 91, 89, 90], "steady"),
        ([1, 1, 2, 1, 1, 2, 1, 1, 2, 1, 1, 2], "unclear"),
        ([0, 1, 2, 1, 0, 2, 0, 0, 2, 0, 1, 2], "anecdote"),
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 30], "unclear"),
    ],
)
def test_labels(counts: list[int], label: str) -> None:
    [(trend, _)] = told(spoken(counts), everybody=spoken([300] * 12))
    assert trend.label == label
    assert [point.people for point in trend.points] != []
    assert (trend.change is None) == (trend.points[0].expected is None)


def test_a_file_that_grows_makes_no_cause_rise() -> None:
    growing = [100, 115, 130, 150, 175, 200, 230, 265, 300, 350, 400, 460]
    [(trend, recent)] = told(spoken([k // 3 for k in growing]), everybody=spoken(growing))
    assert trend.label == "steady"
    assert trend.change == pytest.approx(1, abs=0.01)
    assert not recent.emerging


def test_the_change_is_per_month_whatever_the_periods() -> None:
    weeks = [round(20 * 1.05**week) for week in range(16)]
    [(trend, _)] = told(spoken(weeks, length=7), everybody=spoken([400] * 16, length=7))
    assert trend.unit == "week"
    assert len(trend.points) == 16
    assert trend.change == pytest.approx(1.05 ** (30.4375 / 7), rel=0.02)


def test_short_files_have_no_trend() -> None:
    assert told(spoken([10] * 5, length=7), everybody=spoken([90] * 5, length=7)) == []
    nobody = Moments(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    assert told(nobody, everybody=nobody) == []


def test_what_is_new_emerges_with_its_counts() -> None:
    steady = [spoken([9] * 12, first=9000 * k) for k in range(1, 9)]
    new = spoken([0, 0, 0, 0, 0, 0, 0, 0, 1, 6, 9, 14])
    recent = told(new, *steady, everybody=spoken([300] * 12))[0][1]
    assert recent.emerging
    assert (recent.people, recent.past_people) == (29, 1)
    assert recent.first == "2025-10"
    assert recent.of + recent.past_of == 3600


@pytest.mark.parametrize("stray", [date(1970, 1, 1), date(2026, 12, 20), date(2030, 1, 1), date(2062, 3, 1)])
def test_one_wrong_year_does_not_silence_what_is_new(stray: date) -> None:
    """Two in a hundred complain, and twelve in a hundred in the last three months."""
    new, everybody = spoken([4] * 9 + [24] * 3), spoken([200] * 12)
    moments = Moments.of_messages(
        np.append(everybody.person, 9_999), timed_days(np.append(everybody.day, stray.toordinal()))
    )
    [(trend, recent)] = told(new, everybody=moments)
    assert recent.emerging
    assert (recent.people, recent.past_people, recent.first) == (72, 36, "2025-10")
    assert [(trend, recent)] == told(new, everybody=everybody)


@pytest.mark.parametrize(("people", "emerges"), [(2, False), (5, False), (6, True)])
def test_people_emerge_and_not_their_weeks(people: int, emerges: bool) -> None:
    """Each writes in every one of the last five of 21 weeks, in which 20 others write: the gate is 6 people."""
    weeks = np.repeat(np.arange(16, 21), people)
    new = Moments(9000 + np.tile(np.arange(people), 5), START + 7 * weeks)
    others = spoken([20] * 21, length=7)
    everybody = Moments(np.append(others.person, new.person), np.append(others.day, new.day))
    [(_, recent)] = told(new, everybody=everybody)
    assert (recent.people, recent.of, recent.past_people, recent.past_of) == (people, 100 + people, 0, 320)
    assert recent.emerging == emerges


def test_the_ratio_is_of_rates_a_period() -> None:
    """Ten write every month: two of them complain in nine months of the past, ten of them in each of three lately."""
    months = np.repeat(np.arange(1, 13), 10)
    days = np.array([date(2025, month, 1).toordinal() for month in months])
    everybody = Moments(np.tile(np.arange(10), 12), days)
    spoke = (months > 9) | (everybody.person < 2)
    [(_, recent)] = told(Moments(everybody.person[spoke], days[spoke]), everybody=everybody)
    assert (recent.people, recent.of, recent.past_people, recent.past_of) == (10, 10, 2, 10)
    assert recent.ratio == pytest.approx((30 / 30) / (18 / 90))


def test_who_speaks_twice_in_a_month_counts_once() -> None:
    months = Calendar.months(np.array([START, START + 80]))
    twice = Moments(np.array([7, 7, 7, 8]), START + np.array([0, 3, 40, 5]))
    assert months.labels == ("2025-01", "2025-02", "2025-03")
    assert months.people(twice).tolist() == [2, 1, 0]
    assert months.first_days(twice).tolist() == [START, START + 5, START + 40]


def test_poisson_fits_as_its_closed_form_and_waves_widen_the_interval() -> None:
    months, exposure = np.arange(8.0), np.full(8, 500)
    early, late = np.repeat([0.0, 1.0], 4), np.array([10, 10, 10, 10, 20, 20, 20, 20])
    fit = fit_rate(late, exposure, early)
    assert fit is not None
    assert fit.change == pytest.approx(2)
    assert fit.error == pytest.approx(np.sqrt(1 / 40 + 1 / 80))
    calm, waves = (
        fit_rate(np.array(counts), exposure, months)
        for counts in ([19, 21, 20, 20, 20, 20, 19, 21], [5, 40, 4, 38, 6, 35, 2, 30])
    )
    assert calm is not None
    assert waves is not None
    assert (calm.model, waves.model) == ("poisson", "negative_binomial")
    assert waves.error > 3 * calm.error


@pytest.mark.parametrize("month", [30, 2400, 90_000])
def test_a_period_far_from_all_others_makes_no_fit_fail(month: int) -> None:
    """Where the numbers of the model fail there is no fit; in one of a hundred such files they do."""
    rng = np.random.default_rng(month)
    for _ in range(40):
        months = np.append(np.arange(8.0), month)
        exposure = np.append(rng.integers(5, 80, 8), 1)
        counts = np.append(rng.binomial(exposure[:-1], np.minimum(1, 0.2 * np.exp(rng.normal(0, 0.7, 8)))), 1)
        fit = fit_rate(counts, exposure, months - months.mean())
        assert fit is None or np.isfinite([fit.change, fit.p_value]).all()
