"""Worlds in which a fix was made on a known day and what came of it is known."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mining.fixes.entries import Fix
from mining.fixes.results import Outcome
from mining.fixes.stretches import Voices, Window
from mining.fixes.verdict import outcome_of
from mining.periods import Moments
from mining.settings import MiningSettings

Floats = NDArray[np.float64]
FIRST = date(2025, 1, 1).toordinal()
SETTINGS = MiningSettings()


@dataclass(frozen=True, kw_only=True)
class World:
    """A product that ``writers`` people a day write about, ``rate`` of them complaining of the cause.

    Attributes:
        factor: Days since the fix (negative before it) to what the rate is multiplied by.
        everybody: The same for the rate of all complaints, those of the cause and of untouched causes.
        alpha: Of the waves, one a month.
        controls: Share of the people who complain of an untouched cause.
    """

    writers: float = 3.0
    rate: float = 0.1
    days: int = 360
    fix: int = 180
    factor: Callable[[Floats], Any] = lambda since: np.ones_like(since)
    everybody: Callable[[Floats], Any] = lambda since: np.ones_like(since)
    alpha: float = 0.0
    controls: float = 0.3

    def voices(self, rng: np.random.Generator) -> Voices:
        days = np.repeat(np.arange(self.days), rng.poisson(self.writers, self.days))
        since = days.astype(np.float64) - self.fix
        waves = np.ones(self.days // 30 + 1)
        if self.alpha:
            waves = rng.gamma(1 / self.alpha, self.alpha, len(waves))
        common = self.everybody(since)
        own = rng.random(len(days)) < self.rate * self.factor(since) * waves[days // 30] * common
        others = rng.random(len(days)) < self.controls * common
        person = np.arange(len(days))

        def of(where: Any) -> Moments:
            return Moments(person[where], FIRST + days[where])

        return Voices(own=of(own), everybody=of(person), controls=of(others), sources=2)

    def window(self, looked: int | None = None) -> Window:
        """What is known ``looked`` days after the fix; at the end where it is None."""
        end = self.days if looked is None else self.fix + looked
        return Window(FIRST, FIRST + self.fix, FIRST + end)

    def outcomes(self, worlds: int, seed: int) -> list[Outcome]:
        return [
            outcome_of(self.voices(np.random.default_rng([seed, world])), self.window(), SETTINGS, late=False)
            for world in range(worlds)
        ]


@dataclass(frozen=True, kw_only=True)
class Panel(World):
    """A product that the same ``people`` write about, each once in ``every`` days, and go on saying the same.

    Attributes:
        persistence: Chance that who complains, or does not, is of one mind with itself 28 days later; else it decides
            anew. At any time the share of those who complain is ``rate`` times ``factor``.
    """

    people: int = 100
    every: int = 28
    persistence: float = 0.8
    rate: float = 0.15
    days: int = 336
    fix: int = 168

    def voices(self, rng: np.random.Generator) -> Voices:
        times = self.days // self.every
        day = self.every * np.arange(times)[:, None] + rng.integers(0, self.every, self.people)
        person = np.broadcast_to(np.arange(self.people), day.shape)
        own = self._minds(rng, times) < self.rate * self.factor(day - float(self.fix))
        others = self._minds(rng, times) < self.controls

        def of(where: Any) -> Moments:
            return Moments(person[where], FIRST + day[where])

        return Voices(own=of(own), everybody=of(day >= 0), controls=of(others), sources=2)

    def _minds(self, rng: np.random.Generator, times: int) -> Floats:
        """(times, people) what is drawn of each mind, uniform in [0, 1)."""
        minds = rng.random((times, self.people))
        for now in range(1, times):
            kept = rng.random(self.people) < self.persistence ** (self.every / 28)
            minds[now, kept] = minds[now - 1, kept]
        return minds


def step(to: float) -> Callable[[Floats], Any]:
    """The rate is multiplied by ``to`` from the fix on."""
    return lambda since: np.where(since < 0, 1.0, to)


def gone_until(day: int, left: float = 0.05) -> Callable[[Floats], Any]:
    """Gone but for ``left`` of it, and back as before ``day`` days after the fix."""
    return lambda since: np.where((since < 0) | (since >= day), 1.0, left)


def halving_every(days: float) -> Callable[[Floats], Any]:
    """Falls all the time, fix or no fix."""
    return lambda since: 0.5 ** (since / days)


def fix(**changes: Any) -> Fix:
    """A fix that was registered before looking, with ``changes``."""
    made = Fix(
        cause="c-0001",
        owner="Ana",
        action="New lids",
        day=date(2026, 5, 4),
        registered_at=datetime(2026, 5, 1, tzinfo=UTC),
        looked_until=date(2026, 4, 30),
    )
    return replace(made, **changes)
