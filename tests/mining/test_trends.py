"""Trends against exposure, and causes that have grown lately."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from mining.periods import Background, Calendar, Moments, timed_days
from mining.rate_model import fit_rate
from mining.same_people import same_people
from mining.timing_results import Recent, Timing, Trend
from mining.timing_words import recent_words
from mining.trends import trends_of

START = date(2025, 1, 1).toordinal()


def spoken(per_period: list[int], length: int | None = None) -> Moments:
    """So many people in each month of 2025, or in each period of ``length`` days; fewer are among more."""
    starts = [
        date(2025, period + 1, 1).toordinal() if length is None else START + length * period
        for period in range(len(per_period))
    ]
    days = [start + i % (length or 28) for start, k in zip(starts, per_period, strict=True) for i in range(k)]
    people = [1000 * period + i for period, k in enumerate(per_period) for i in range(k)]
    return Moments(np.array(people, dtype=np.int64), np.array(days, dtype=np.int64))


def answered(spells: list[tuple[int, int]], people: int = 100) -> tuple[Moments, Moments]:
    """A survey that all answer in each month of 2025; a spell is who complains from one month to before another."""
    firsts = np.array([date(2025, month, 1).toordinal() for month in range(1, 13)])
    month, person = (grid.ravel() for grid in np.meshgrid(np.arange(12), np.arange(people), indexing="ij"))
    begins, ends = (np.append(ends, [0] * (people - len(spells))) for ends in zip(*spells, strict=True))
    spoke = (begins[person] <= month) & (month < ends[person])
    return Moments(person[spoke], firsts[month[spoke]]), Moments(person, firsts[month])


def apart(moments: Moments) -> Moments:
    """The same messages, by a different person in each month."""
    return Moments(moments.person + 1000 * (moments.day - START), moments.day)


def told(*causes: Moments, everybody: Moments) -> list[tuple[Trend, Recent]]:
    found = trends_of(causes, [Background(everybody)] * len(causes), gate=6, significance=0.05)
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
    steady = [spoken([9] * 12)] * 8
    new = spoken([0, 0, 0, 0, 0, 0, 0, 0, 1, 6, 9, 14])
    recent = told(new, *steady, everybody=spoken([300] * 12))[0][1]
    assert recent.emerging
    assert (recent.people, recent.past_people) == (29, 1)
    assert recent.first == "2025-10"
    assert recent.of + recent.past_of == 3600


def together(*parts: Moments) -> Moments:
    return Moments(np.concatenate([p.person for p in parts]), np.concatenate([p.day for p in parts]))


def of_two_products(old: list[int], new: list[int], length: int = 14) -> tuple[Background, Background]:
    """Who wrote about each, in every fortnight of 2025."""
    first, second = spoken(old, length), spoken(new, length)
    second = Moments(second.person + 500_000, second.day)
    file = together(first, second)
    return Background(first, file), Background(second, file)


STEADY, LAUNCHED = [100] * 26, [0] * 19 + [60] * 7


def test_a_product_that_is_launched_makes_no_cause_rise_or_fall() -> None:
    causes = [spoken([k // 10 for k in STEADY], 14), spoken([k // 10 for k in LAUNCHED], 14)]
    causes[1] = Moments(causes[1].person + 500_000, causes[1].day)
    found = trends_of(causes, of_two_products(STEADY, LAUNCHED), gate=6, significance=0.05)
    (old, lately), (new, since) = (each for each in found if each is not None)
    assert (old.label, old.unit, new.unit) == ("steady", "month", "week")
    assert new.change == pytest.approx(1, abs=0.2)
    assert not lately.emerging
    assert not since.emerging
    assert (since.of + since.past_of, since.people + since.past_people) == (7 * 60, 7 * 6)
    file = of_two_products(STEADY, LAUNCHED)[0].file
    assert file is not None
    whole = trends_of(causes, [Background(file)] * 2, gate=6, significance=0.05)
    assert [each and each[0].label for each in whole] == ["falling", "rising"]


def test_a_cause_that_is_new_in_a_new_product_emerges() -> None:
    launched = [0] * 16 + [60] * 10
    cause = spoken([0] * 24 + [20] * 2, 14)
    steady = [spoken([k // 12 for k in launched], 14)] * 4
    causes = [Moments(each.person + 500_000, each.day) for each in (cause, *steady)]
    background = of_two_products(STEADY, launched)[1]
    found = trends_of(causes, [background] * 5, gate=6, significance=0.05)
    assert [each and each[1].emerging for each in found] == [True, False, False, False, False]


def test_causes_of_a_product_that_ended_hide_nothing_that_emerges_elsewhere() -> None:
    running, ended = of_two_products(STEADY, [60] * 13 + [0] * 13)
    causes = [spoken([10] * 20 + [k] * 6, 14) for k in (23, 10)]
    old = spoken([6] * 13 + [0] * 13, 14)
    gone = Moments(old.person + 500_000, old.day)
    alone = trends_of(causes, [running] * 2, gate=6, significance=0.05)
    found = trends_of(causes + [gone] * 8, [running] * 2 + [ended] * 8, gate=6, significance=0.05)
    assert [each and each[1] for each in found[:2]] == [each and each[1] for each in alone]
    assert [each and each[1].emerging for each in found] == [True] + [False] * 9
    assert {each[1].p_adjusted for each in found[2:] if each} == {1.0}


def test_of_a_product_of_five_weeks_nothing_is_told_and_of_one_that_ended_nothing_is_lately() -> None:
    for weeks, told_of in (([0] * 47 + [40] * 5, False), ([40] * 20 + [0] * 32, True)):
        background = of_two_products([50] * 52, weeks, 7)[1]
        cause = spoken([0] * 10 + [k // 2 for k in weeks[10:]], 7)
        own = Moments(cause.person + 500_000, cause.day)
        [found] = trends_of([own], [background], gate=6, significance=0.05)
        assert (found is not None) == told_of
        if found is not None:
            assert (found[1].people, found[1].of, found[1].emerging) == (0, 0, False)


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
    new = Moments(90_000 + np.tile(np.arange(people), 5), START + 7 * weeks)
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


STOP_AND_BEGIN = [(0, 12)] * 2 + [(0, each) for each in (2, 4, 6)] + [(each, 12) for each in range(1, 11)]
BEGIN = [(0, 12)] * 2 + [(each // 2, 12) for each in range(2, 24)]


@pytest.mark.parametrize(("spells", "label"), [(STOP_AND_BEGIN, "unclear"), (BEGIN, "rising")])
def test_who_says_the_same_every_month_is_one_person(spells: list[tuple[int, int]], label: str) -> None:
    """As other people in each month both rise; ten who begin and three who stop are no trend, 22 who begin are."""
    own, everybody = answered(spells)
    [(others, _)] = told(apart(own), everybody=apart(everybody))
    [(trend, _)] = told(own, everybody=everybody)
    assert (others.label, trend.label) == ("rising", label)
    assert (trend.change, trend.points[0].expected) == (others.change, others.points[0].expected)
    assert trend.low < others.low < others.high < trend.high
    assert trend.points[0].high > others.points[0].high


def test_who_goes_on_for_months_is_less_of_a_rise_than_many() -> None:
    own, everybody = answered([(0, 12)] * 2 + [(9, 12)] * 6)
    [(_, many)] = told(apart(own), everybody=apart(everybody))
    [(_, recent)] = told(own, everybody=everybody)
    assert (recent.people, recent.past_people, many.people, many.past_people) == (8, 2, 24, 18)
    assert recent.ratio == many.ratio == pytest.approx(4)
    assert many.p_value < recent.p_value / 10
    assert many.emerging


def test_one_period_a_person_changes_nothing() -> None:
    counts = [[10, 12, 15, 17, 20, 25, 28, 33, 40, 46, 55, 66], [5, 40, 4, 38, 6, 35, 2, 30, 5, 33, 4, 36]]
    everybody = spoken([300] * 12)
    months = Calendar.months(everybody.day)
    shared = same_people([spoken(own) for own in counts], everybody, months)
    for own, same in zip(counts, shared, strict=True):
        plain, fit = (fit_rate(np.array(own), np.full(12, 300), months.middles, who) for who in (None, same))
        assert plain is not None
        assert fit is not None
        assert np.array_equal(plain.bands(), fit.bands())
        assert (plain.low, plain.p_value) == (fit.low, fit.p_value)


def test_what_the_same_people_add_is_the_clustered_variance() -> None:
    """Against the sum over people of their squared residuals, less that over people and periods."""
    rng = np.random.default_rng(3)
    wrote = rng.random((6, 40)) < 0.6
    spoke = wrote & (rng.random(40) < 0.5)
    days = np.array([date(2025, month, 1).toordinal() for month in range(1, 7)])
    everybody, own = (Moments(who, days[month]) for month, who in (np.nonzero(wrote), np.nonzero(spoke)))
    [same] = same_people([own], everybody, Calendar.months(everybody.day))
    weights, rates = rng.normal(size=(8, 6)), rng.uniform(0.2, 0.8, 6)
    residuals = spoke - wrote * rates[:, None]
    clustered = ((weights @ residuals) ** 2).sum(axis=1) - weights**2 @ (residuals**2).sum(axis=1)
    assert same.people == spoke.any(axis=0).sum()
    assert (clustered < 0).any()
    assert same.excess(weights, rates) == pytest.approx(np.maximum(0, clustered))
    assert same.among(np.array([1, 4])).excess(weights[:, [1, 4]], rates[[1, 4]]) == pytest.approx(
        np.maximum(0, 2 * weights[:, 1] * weights[:, 4] * (residuals[1] @ residuals[4]))
    )


def test_a_ratio_that_does_not_fit_the_people_shown_says_how_they_are_counted() -> None:
    """Ten complain in one of nine months, and the same ten in each of three."""
    own, everybody = answered([(place, place + 1) for place in range(9)] + [(0, 1)], people=50)
    lately, _ = answered([(9, 12)] * 10, people=50)
    both = Moments(np.append(own.person, lately.person), np.append(own.day, lately.day))
    [(trend, recent)] = told(both, everybody=everybody)
    timing = Timing(kind="unclear", fano=None, periods={}, trend=trend, recent=recent)
    assert recent_words(timing) == (
        "more lately: 10 of 50 since Oct 2025, before 10 of 50; 9.0 times the rate, each counted once a month"
    )
    weekly = replace(recent, first="2025-10-06/2025-10-12")
    assert recent_words(replace(timing, recent=weekly)).endswith("each counted once a week")
    fitting = replace(recent, people=20, of=100, past_people=40, past_of=1000, ratio=5.0)
    assert recent_words(replace(timing, recent=fitting)).endswith("before 40 of 1,000; 5.0 times the rate")
    assert recent_words(replace(timing, recent=replace(fitting, ratio=None))).endswith("40 of 1,000")


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


def test_after_a_launch_and_a_long_silence_nothing_is_said_of_lately() -> None:
    """Weeks in which nobody wrote are all that there is to compare the last ones with."""
    launched = Moments(np.arange(20), np.full(20, START))
    late = Moments(np.arange(100, 160), START + 130 + np.arange(60) % 41)
    everybody = Moments(
        np.concatenate([launched.person, late.person]), np.concatenate([launched.day, late.day])
    )
    [(_, recent)] = told(late, everybody=everybody)
    assert (recent.ratio, recent.emerging) == (None, False)
