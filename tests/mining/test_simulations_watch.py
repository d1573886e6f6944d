"""Simulations: the watch keeps the rate of false alarms that it states, and finds a doubling in reasonable time."""

import numpy as np
import pytest
from numpy.typing import NDArray

from mining.watch.alarms import find_alarms
from mining.watch.chance import DAYS_PER_YEAR
from mining.watch.counting import DailyCounts
from mining.watch.results import WatchSettings
from mining.watch.run_length import lattice, run_lengths

pytestmark = pytest.mark.slow

Floats = NDArray[np.float64]

CAUSES = 8


def world(
    seed: int, days: int, *, times: float = 1.0, start: int = 0, share: float | None = None
) -> DailyCounts:
    """Causes of unequal size in a file with quiet weekends; the first rises by ``times`` from day ``start`` on."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.append(np.ones(CAUSES), CAUSES))
    if share is not None:
        shares[0] = share
    volume = 8.0 * np.where(np.arange(days) % 7 < 5, 1.2, 0.5)
    rates = shares[:CAUSES, None] * volume
    rates[0, start:] *= times
    people = rng.poisson(rates)
    of = people.sum(axis=0) + rng.poisson(0.5 * volume)
    return DailyCounts(tuple(f"c-{i:04d}" for i in range(CAUSES)), 738_000, people, np.tile(of, (CAUSES, 1)))


def simulated_length(share: float, volume: float, height: float, *, seed: int, worlds: int = 4000) -> float:
    """Mean days until a CUSUM for a doubling reaches ``height`` by chance."""
    rng = np.random.default_rng(seed)
    sums, days = np.zeros(worlds), np.zeros(worlds)
    runs = np.ones(worlds, dtype=bool)
    while runs.any():
        of = rng.poisson(volume, runs.sum())
        steps = rng.binomial(of, share) * np.log(2) - of * np.log1p(share)
        sums[runs] = np.maximum(0, sums[runs] + steps)
        days[runs] += 1
        runs &= sums < height
    return float(days.mean())


def chained_length(share: float, volume: float, units: int, *, per_person: int = 12) -> float:
    from scipy.stats import binom, poisson

    of = np.arange(int(volume + 8 * volume**0.5) + 8)
    k = np.arange(of[-1] + 1)
    chances = poisson.pmf(of, volume)[:, None] * binom.pmf(k, of[:, None], share)
    unit = np.log(2) / per_person
    places = (k * np.log(2) - of[:, None] * np.log1p(share)) / unit
    steps = lattice(places.ravel(), chances.reshape(1, -1), units)
    return float(run_lengths(steps)[0, -1])


@pytest.mark.parametrize(
    ("share", "volume", "units"), [(0.12, 6.5, 79), (0.03, 6.5, 65), (0.01, 6.5, 50), (0.3, 20.0, 92)]
)
def test_run_lengths_are_those_of_simulated_runs(share: float, volume: float, units: int) -> None:
    told = chained_length(share, volume, units)
    assert 500 < told < 2000
    found = simulated_length(share, volume, units * np.log(2) / 12, seed=5)
    assert told == pytest.approx(found, rel=0.1)


def test_false_alarms_are_as_many_as_stated() -> None:
    """Baselines estimated from 56 days on, 30 worlds of two years: 110 false alarms are stated."""
    settings = WatchSettings(false_alarms=2)
    found = sum(len(find_alarms(world(seed, 730), settings)) for seed in range(200, 230))
    stated = 30 * 2 * (730 - settings.warm_up) / DAYS_PER_YEAR
    assert 0.75 * stated < found < 1.25 * stated


def test_a_doubling_is_found() -> None:
    """A cause of 0.9 people a day doubles after 300 days; one false alarm a year is put up with."""
    delays = list[float]()
    for seed in range(20):
        found = find_alarms(world(seed, 500, times=2.0, start=300, share=0.11), WatchSettings())
        days = [alarm.day.toordinal() - 738_300 for alarm in found if alarm.cause_id == "c-0000"]
        delays.append(min((day for day in days if day >= 0), default=np.inf))
    assert np.median(delays) <= 30
    assert np.isfinite(delays).mean() >= 0.95
