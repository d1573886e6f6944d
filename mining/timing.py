"""How a cause spreads over time: a steady trickle, or bursts."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from mining.bursts import Window, find_bursts
from mining.periods import Background, Moments
from mining.timing_results import Timing

Ints = NDArray[np.int64]

_FEWEST_PERIODS = 3
_MOST_PERIODS = 0.75
_OVERDISPERSED = 0.01
_UNEVEN = 0.6


def timing_of(moments: Moments, background: Background, *, gate: int) -> Timing:
    """Tell a systemic cause from a burst.

    Burst: one or two windows of days hold most of the people (``mining.bursts``).
    Systemic: no burst, at least three quarters of everybody wrote in months that the cause touches, and its people are
    spread over the months as everybody is: by a chi-square test at 1 %, or with a coefficient of variation of
    the rate, cleaned of chance, of at most 0.6, since for hundreds of people chance is smaller than any season.

    A person counts once in each month. Months without a message count as periods, between the first and the last in
    which anybody wrote about the product. "systemic" needs three months.

    Args:
        moments: Dated messages of the cause.
        background: Everybody who wrote about its product.
        gate: Fewest dated people for either word.
    """
    counts = background.months.people(moments)
    fano = _fano(counts[_lived(background.people)])
    periods = dict(zip(background.months.labels, counts.tolist(), strict=True))
    enough = moments.people() >= gate
    windows = find_bursts(background.months.first_days(moments), background.days) if enough else ()
    if windows:
        bursts = tuple(_written(window) for window in windows)
        fullest = max(windows, key=lambda window: (_between(moments, window), -window[0]))
        return Timing(kind="burst", fano=fano, periods=periods, burst_period=_written(fullest), bursts=bursts)
    steady = enough and _is_steady(counts, background.people)
    return Timing(kind="systemic" if steady else "unclear", fano=fano, periods=periods)


def _fano(counts: Ints) -> float | None:
    if len(counts) < 2 or not counts.sum():
        return None
    return float(np.var(counts, ddof=1) / np.mean(counts))


def _lived(everybody: Ints) -> slice:
    """From the first to the last month in which anybody wrote."""
    written = np.flatnonzero(everybody)
    return slice(int(written[0]), int(written[-1]) + 1) if len(written) else slice(0)


def _between(moments: Moments, window: Window) -> int:
    inside = (moments.day >= window[0]) & (moments.day <= window[1])
    return len(np.unique(moments.person[inside]))


def _written(window: Window) -> str:
    return "/".join(date.fromordinal(day).isoformat() for day in window)


def _is_steady(counts: Ints, everybody: Ints) -> bool:
    """Whether the rate per person who wrote is even enough over the months in which anybody wrote."""
    written = everybody > 0
    counts, everybody = counts[written], everybody[written]
    touched = everybody[counts > 0].sum() / everybody.sum()
    if len(counts) < _FEWEST_PERIODS or touched < _MOST_PERIODS:
        return False
    from scipy.stats import chi2

    expected = counts.sum() * everybody / everybody.sum()
    squares = (counts - expected) ** 2
    as_chance = chi2.sf((squares / expected).sum(), len(counts) - 1) >= _OVERDISPERSED
    variation = (squares - expected).sum() / (expected**2).sum()  # squared, less what Poisson noise gives
    return bool(as_chance or variation <= _UNEVEN**2)
