"""Thousands of planted worlds: does timing say what was planted, as often as it promises?"""

from collections import Counter
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from mining.periods import Background, Calendar, Moments
from mining.rate_model import fit_rate
from mining.timing import timing_of
from mining.trends import trends_of

pytestmark = pytest.mark.slow

Floats = NDArray[np.float64]
Random = np.random.Generator
GATE = 6
START = date(2025, 11, 1).toordinal()
YEAR = np.arange(365)
FLAT = np.ones(365)
GROWING = np.exp(YEAR / 365 * np.log(10))
SEASON = 1 + 0.5 * np.sin(2 * np.pi * YEAR / 365)


def drawn(rng: Random, people: int, weights: Floats, first: int = 0) -> Moments:
    """One message of each of ``people``, on days with the given weights."""
    days = rng.choice(len(weights), size=people, p=weights / weights.sum())
    return Moments(np.arange(first, first + people), START + days)


def together(*parts: Moments) -> Moments:
    return Moments(np.concatenate([p.person for p in parts]), np.concatenate([p.day for p in parts]))


def kinds(
    rng: Random, plant: Callable[[], tuple[int, Floats]], exposure: Floats, worlds: int
) -> Counter[str]:
    """Kinds told of ``worlds`` causes among 3,000 others."""
    found: Counter[str] = Counter()
    others = [drawn(rng, 3000, exposure, first=10_000) for _ in range(10)]
    for world in range(worlds):
        people, weights = plant()
        own = drawn(rng, people, weights)
        background = Background(together(own, others[world % 10]))
        found[timing_of(own, background, gate=GATE).kind] += 1
    return found


@pytest.mark.parametrize(
    ("rate", "exposure"),
    [(FLAT, FLAT), (FLAT, GROWING), (SEASON, FLAT), (SEASON, GROWING), (SEASON**-1, GROWING), (FLAT, SEASON)],
    ids=[
        "steady",
        "in a growing file",
        "season",
        "season, growing",
        "counter-season, growing",
        "busy season",
    ],
)
def test_a_steady_or_seasonal_rate_is_systemic(rate: Floats, exposure: Floats) -> None:
    rng = np.random.default_rng(1)
    found = kinds(rng, lambda: (int(rng.integers(40, 600)), rate * exposure), exposure, 400)
    assert found["systemic"] >= 0.9 * found.total(), found
    assert found["burst"] <= 0.01 * found.total(), found


def burst(rng: Random, length: int, windows: int, exposure: Floats) -> Floats:
    """Weights with 65 to 95 % (80 to 95 % in two months) of the people in windows of ``length`` days.

    The windows lie a month apart and hold at most a quarter as much of everybody: else they are busy times of all.
    """
    held = rng.uniform(0.8 if length > 31 else 0.65, 0.95)
    while True:
        starts = np.sort(rng.choice(365 - length, size=windows, replace=False))
        inside = np.isin(YEAR, starts[:, None] + np.arange(length))
        apart = windows == 1 or starts[1] - starts[0] >= length + 31
        if apart and exposure[inside].sum() <= held / 4 * exposure.sum():
            break
    quiet = np.where(inside, 0, exposure)
    return held * inside / inside.sum() + (1 - held) * quiet / quiet.sum()


@pytest.mark.parametrize("exposure", [FLAT, GROWING, SEASON], ids=["flat", "growing", "season"])
@pytest.mark.parametrize(("length", "windows"), [(3, 1), (14, 1), (30, 1), (59, 1), (12, 2), (28, 2)])
def test_one_or_two_periods_that_hold_most_are_a_burst(length: int, windows: int, exposure: Floats) -> None:
    rng = np.random.default_rng(2)
    plant = lambda: (int(rng.integers(20, 400)), burst(rng, length, windows, exposure))  # noqa: E731
    found = kinds(rng, plant, exposure, 150)
    assert found["burst"] >= 0.9 * found.total(), found


HALF_A_YEAR = np.where(YEAR < 182, 1.0, 0.02)
NEW_FOR_FIVE_MONTHS = np.where(YEAR >= 212, 1.0, 0.0)


@pytest.mark.parametrize("exposure", [FLAT, GROWING], ids=["flat", "growing"])
@pytest.mark.parametrize("rate", [HALF_A_YEAR, NEW_FOR_FIVE_MONTHS], ids=["half a year", "new"])
def test_a_rate_that_stops_or_starts_is_neither(rate: Floats, exposure: Floats) -> None:
    rng = np.random.default_rng(3)
    if exposure is GROWING and rate is NEW_FOR_FIVE_MONTHS:
        rate = np.where(YEAR >= 300, 1.0, 0.0) + np.where(
            YEAR < 90, 1.0, 0.0
        )  # else most wrote in its months
    found = kinds(rng, lambda: (int(rng.integers(40, 600)), rate * exposure), exposure, 300)
    assert found["unclear"] >= 0.9 * found.total(), found


def test_a_handful_is_unclear_whatever_it_does() -> None:
    rng = np.random.default_rng(4)
    plant = lambda: (int(rng.integers(1, GATE)), burst(rng, 7, 1, FLAT))  # noqa: E731
    assert kinds(rng, plant, FLAT, 300) == {"unclear": 300}


@pytest.mark.parametrize("dispersion", [0.0, 0.1, 0.3])
def test_intervals_of_trends_cover_the_truth(dispersion: float) -> None:
    rng = np.random.default_rng(5)
    periods, worlds = 12, 1500
    months = np.arange(periods) - (periods - 1) / 2
    covered = fitted = 0
    for number in range(worlds):
        growth = np.exp(0.2 * (number % 2) * months)  # every second file grows ninefold
        exposure = np.maximum(1, np.round(4000 * growth / growth.sum()))
        slope = rng.uniform(-0.15, 0.15)
        means = exposure * np.exp(slope * months)
        means *= rng.integers(20, 400) / means.sum()
        noise = rng.gamma(1 / dispersion, dispersion, periods) if dispersion else 1.0
        fit = fit_rate(rng.poisson(means * noise), exposure.astype(np.int64), months)
        if fit is not None:
            fitted += 1
            covered += bool(fit.low <= np.exp(slope) <= fit.high)
    assert fitted > 0.99 * worlds
    assert 0.93 <= covered / fitted <= 0.97, covered / fitted


def test_a_report_of_steady_causes_seldom_calls_one_emerging() -> None:
    rng = np.random.default_rng(6)
    reports, emerging, trending = 80, list[bool](), list[bool]()
    for exposure, dispersion in ((FLAT, 0.0), (FLAT, 0.2), (GROWING, 0.0), (GROWING, 0.2)):
        everybody = drawn(rng, 4000, exposure)
        background = Background(everybody)
        for _ in range(reports):
            causes = [world(rng, everybody, background.months, dispersion) for _ in range(15)]
            found = [
                one
                for one in trends_of(causes, [background] * len(causes), gate=GATE, significance=0.05)
                if one
            ]
            emerging.append(any(recent.emerging for _, recent in found))
            trending.append(any(trend.label in ("rising", "falling") for trend, _ in found))
    assert np.mean(emerging) <= 0.05, np.reshape(emerging, (4, reports)).mean(axis=1)
    assert np.mean(trending) <= 0.08, np.reshape(trending, (4, reports)).mean(axis=1)


def world(rng: Random, everybody: Moments, months: Calendar, dispersion: float) -> Moments:
    """Some of everybody, at a rate that is the same in all months but for noise."""
    noise = rng.gamma(1 / dispersion, dispersion, len(months)) if dispersion else np.ones(len(months))
    month = np.searchsorted(months.starts, everybody.day, side="right") - 1
    own = rng.random(len(everybody.day)) < rng.uniform(0.003, 0.1) * noise[month]
    return Moments(everybody.person[own], everybody.day[own])


def test_a_cause_that_quadruples_is_found_among_steady_ones() -> None:
    rng = np.random.default_rng(7)
    everybody = drawn(rng, 4000, FLAT)
    background = Background(everybody)
    found = 0
    for _ in range(100):
        causes = [world(rng, everybody, background.months, 0.0) for _ in range(15)]
        rate = np.where(everybody.day - START >= 300, 0.06, 0.015)
        own = rng.random(len(rate)) < rate
        causes.append(Moments(everybody.person[own], everybody.day[own]))
        last = trends_of(causes, [background] * len(causes), gate=GATE, significance=0.05)[-1]
        found += last is not None and last[1].emerging
    assert found >= 90


LAUNCH = np.where(YEAR > 270, 1.0, 0.0)
SURVEY = np.where(YEAR > 275, 3.0, 1.0)


@pytest.mark.parametrize("wrote", [LAUNCH, SURVEY, GROWING], ids=["launch", "survey", "grows"])
def test_what_one_product_is_written_about_is_no_change_of_its_causes_or_of_others(wrote: Floats) -> None:
    """Each cause has one rate among those who wrote about its product; held against the file all reports were wrong."""
    rng, wrong, emerging = np.random.default_rng(10), list[bool](), list[bool]()
    for _ in range(60):
        products = [drawn(rng, 2000, FLAT), drawn(rng, 1000, wrote, first=10_000)]
        file = together(*products)
        backgrounds, causes = list[Background](), list[Moments]()
        for product in products:
            background = Background(product, file)
            for _ in range(8):
                own = rng.random(len(product.day)) < rng.uniform(0.03, 0.12)
                causes.append(Moments(product.person[own], product.day[own]))
                backgrounds.append(background)
        found = [one for one in trends_of(causes, backgrounds, gate=GATE, significance=0.05) if one]
        assert len(found) == 16
        wrong.append(any(trend.label in ("rising", "falling") for trend, _ in found))
        emerging.append(any(recent.emerging for _, recent in found))
    assert np.mean(wrong) <= 0.05
    assert np.mean(emerging) <= 0.05


def test_what_is_new_in_a_launched_product_is_found() -> None:
    """A cause of the last three weeks of its three months, beside seven that it had from the first day."""
    rng, found = np.random.default_rng(11), 0
    for _ in range(40):
        product = drawn(rng, 1000, LAUNCH, first=10_000)
        background = Background(product, together(drawn(rng, 2000, FLAT), product))
        rates = [*rng.uniform(0.03, 0.12, (7, 1)), np.where(product.day - START >= 344, 0.12, 0.01)]
        chosen = [rng.random(len(product.day)) < rate for rate in rates]
        causes = [Moments(product.person[own], product.day[own]) for own in chosen]
        last = trends_of(causes, [background] * 8, gate=GATE, significance=0.05)[-1]
        found += last is not None and last[1].emerging
    assert found >= 36


Flags = NDArray[np.bool_]
MONTHS = np.array([date(2026, month, 1).toordinal() for month in range(1, 13)])


def panel(rng: Random, people: int, rates: Floats, persistence: float) -> Flags:
    """(12, people) who complains when: with ``persistence`` as in the month before, else at the rate of the month."""
    states = [rng.random(people) < rates[0]]
    for rate in rates[1:]:
        states.append(np.where(rng.random(people) < persistence, states[-1], rng.random(people) < rate))
    return np.array(states)


def answers(states: Flags) -> Moments:
    month, person = np.nonzero(states)
    return Moments(person, MONTHS[month])


@pytest.mark.parametrize("persistence", [0.0, 0.5, 0.8, 0.9])
def test_people_who_write_every_month_and_keep_complaining_are_no_trend(persistence: float) -> None:
    """Nothing changes in reports of five causes; with people taken as different ones, a third told a trend at 0.8."""
    rng = np.random.default_rng(8)
    background = Background(answers(np.ones((12, 100), dtype=bool)))
    wrong = []
    for _ in range(120):
        causes = [answers(panel(rng, 100, np.full(12, 0.15), persistence)) for _ in range(5)]
        found = [
            one for one in trends_of(causes, [background] * len(causes), gate=GATE, significance=0.05) if one
        ]
        wrong.append(any(trend.label in ("rising", "falling") or recent.emerging for trend, recent in found))
    assert np.mean(wrong) <= 0.07


@pytest.mark.parametrize("persistence", [0.5, 0.8, 0.9])
def test_what_changes_among_people_who_write_every_month_is_found(persistence: float) -> None:
    """Beside four steady causes: a fifth begins to complain over the year, or a seventh in its last quarter."""
    rng = np.random.default_rng(9)
    background = Background(answers(np.ones((12, 200), dtype=bool)))
    rising = emerging = 0
    for _ in range(40):
        steady = [panel(rng, 200, np.full(12, 0.1), persistence) for _ in range(6)]
        beginning = np.where(rng.random(200) < 0.2, rng.integers(1, 12, 200), 12)
        late = np.where(rng.random(200) < 0.15, rng.integers(9, 11, 200), 12)
        steady[0] |= np.arange(12)[:, None] >= beginning
        steady[1] = panel(rng, 200, np.full(12, 0.05), persistence) | (np.arange(12)[:, None] >= late)
        causes = [answers(states) for states in steady]
        told = [
            one for one in trends_of(causes, [background] * len(causes), gate=GATE, significance=0.05) if one
        ]
        rising += told[0][0].label == "rising"
        emerging += told[1][1].emerging
    assert rising >= 36
    assert emerging >= 36
