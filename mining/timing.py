"""How a cause spreads over time: a steady trickle, or one burst."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np

from mining.results import Timing

_WINDOW_DAYS = 14
_SHORTEST_FILE_DAYS = 3 * _WINDOW_DAYS
_BURST_SHARE = 0.5
_BURST_EXCESS = 3.0
_FEWEST_PERIODS = 3
_MOST_PERIODS = 0.75
_OVERDISPERSED = 0.01
_UNEVEN = 0.6


def period_of(moment: datetime) -> str:
    """Month of a moment in UTC, "2026-03"."""
    return day_of(moment).strftime("%Y-%m")


def day_of(moment: datetime) -> date:
    """Day of a moment in UTC; naive times are taken as UTC."""
    return (moment if moment.tzinfo is None else moment.astimezone(UTC)).date()


def timing_of(days: Sequence[date], all_days: Sequence[date], *, gate: int) -> Timing:
    """Tell a systemic cause from a burst.

    Burst: one window of at most 14 days holds more than half of the people of the cause, and at least three
    times the share of everybody that it holds (a busy fortnight for the whole company is no burst).
    Systemic: no burst, at least three quarters of the months of the file touched, and the people per month
    no more uneven than chance: an index of dispersion (Fano) within the chi-square limit at 1 %, or a
    coefficient of variation of at most 0.6, since for hundreds of people chance is smaller than any season.

    Months without a message count as periods. "systemic" needs three months.

    Args:
        days: First day of each dated person of the cause.
        all_days: First day of each dated person of the file.
        gate: Fewest dated people for either word.
    """
    months = _months(all_days)
    counts = Counter(f"{day:%Y-%m}" for day in days)
    periods = {month: counts[month] for month in months}
    fano = _fano(list(periods.values()))
    burst = _burst(sorted(days), all_days) if len(days) >= gate else None
    if burst is not None:
        return Timing(kind="burst", fano=fano, periods=periods, burst_period=burst)
    steady = len(days) >= gate and _is_steady(list(periods.values()), fano)
    return Timing(kind="systemic" if steady else "unclear", fano=fano, periods=periods)


def _months(days: Sequence[date]) -> list[str]:
    """All months from the first day to the last, empty ones too."""
    if not days:
        return []
    first, last = min(days), max(days)
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers]


def _fano(counts: Sequence[int]) -> float | None:
    if len(counts) < 2 or sum(counts) == 0:
        return None
    return float(np.var(counts, ddof=1) / np.mean(counts))


def _burst(days: Sequence[date], all_days: Sequence[date]) -> str | None:
    """The window that holds most of the sorted ``days``, "2026-03-02/2026-03-13", or None."""
    if (max(all_days) - min(all_days)).days < _SHORTEST_FILE_DAYS:
        return None
    ends = [bisect_left(days, day + timedelta(days=_WINDOW_DAYS)) for day in days]
    start = max(range(len(days)), key=lambda i: (ends[i] - i, -i))
    window = days[start : ends[start]]
    share = len(window) / len(days)
    usual = sum(window[0] <= day < window[0] + timedelta(days=_WINDOW_DAYS) for day in all_days) / len(
        all_days
    )
    if share <= _BURST_SHARE or share < _BURST_EXCESS * usual:
        return None
    return f"{window[0].isoformat()}/{window[-1].isoformat()}"


def _is_steady(counts: Sequence[int], fano: float | None) -> bool:
    periods = len(counts)
    touched = sum(count > 0 for count in counts)
    if fano is None or periods < _FEWEST_PERIODS or touched < _MOST_PERIODS * periods:
        return False
    from scipy.stats import chi2

    as_chance = chi2.sf(fano * (periods - 1), periods - 1) >= _OVERDISPERSED
    even = float(np.std(counts, ddof=1) / np.mean(counts)) <= _UNEVEN
    return bool(as_chance or even)
