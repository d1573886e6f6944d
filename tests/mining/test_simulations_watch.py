"""Simulations: the watch keeps the rate of false alarms that it states, and finds a doubling in reasonable time."""

import numpy as np
import pytest
from numpy.typing import NDArray

from mining.journal import Journal
from mining.watch.alarms import find_alarms
from mining.watch.chance import DAYS_PER_YEAR
from mining.watch.counting import DailyCounts, daily_counts
from mining.watch.results import WatchSettings
from mining.watch.run_length import lattice, run_lengths
from tests.mining.test_watch import Row, journal

pytestmark = pytest.mark.slow

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

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
    """Baselines estimated from 56 days on, 20 worlds of two years: 74 false alarms are stated."""
    settings = WatchSettings(false_alarms=2)
    found = sum(len(find_alarms(world(seed, 730), settings)) for seed in range(200, 220))
    stated = 20 * 2 * (730 - settings.warm_up) / DAYS_PER_YEAR
    assert 0.75 * stated < found < 1.25 * stated


def launched(seed: int, volume: Floats) -> Journal:
    """Statements about two products of four causes each: a steady one, and one written about as ``volume`` says."""
    rng, rows, about = np.random.default_rng(seed), list[Row](), list[str]()
    for product, usual in (("a", np.full(len(volume), 8.0)), ("b", volume)):
        wrote = rng.poisson(usual * np.where(np.arange(len(volume)) % 7 < 5, 1.2, 0.5))
        causes: list[str | None] = [*(f"c-{product}{number}" for number in range(4)), None]
        said = rng.choice(5, wrote.sum(), p=rng.dirichlet(np.append(np.ones(4), 4)))
        for number, (day, cause) in enumerate(
            zip(np.repeat(np.arange(len(volume)), wrote).tolist(), said.tolist(), strict=True)
        ):
            rows.append((causes[cause], f"{product}-{number}", day, "complaint" if cause < 4 else None))
            about.append(product)
    return journal(rows, about)


@pytest.mark.parametrize("change", ["launch", "doubling", "three weeks of sale"])
def test_what_one_product_is_written_about_is_no_alarm(change: str) -> None:
    """From the journal on, 6 worlds of two years: 22 alarms are stated; held against the file there are 30 to 56."""
    days = np.arange(730)
    volume = {
        "launch": np.where(days < 300, 0.0, 6.0),
        "doubling": np.where(days < 300, 4.0, 8.0),
        "three weeks of sale": np.where((days >= 300) & (days < 321), 32.0, 4.0),
    }[change]
    settings = WatchSettings(false_alarms=2)
    found = sum(len(find_alarms(daily_counts(launched(seed, volume)), settings)) for seed in range(600, 606))
    stated = 6 * 2 * (730 - settings.warm_up) / DAYS_PER_YEAR
    assert found < 1.25 * stated


def test_a_doubling_is_found() -> None:
    """A cause of 0.9 people a day doubles after 300 days; one false alarm a year is put up with."""
    delays = list[float]()
    for seed in range(20):
        found = find_alarms(world(seed, 500, times=2.0, start=300, share=0.11), WatchSettings())
        days = [alarm.day.toordinal() - 738_300 for alarm in found if alarm.cause_id == "c-0000"]
        delays.append(min((day for day in days if day >= 0), default=np.inf))
    assert np.median(delays) <= 30
    assert np.isfinite(delays).mean() >= 0.95
