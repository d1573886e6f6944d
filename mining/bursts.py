"""Bursts of a cause: the few days, or the one or two periods, that hold most of its people."""

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Window = tuple[int, int]

_WIDTHS = ((14, 0.5), (31, 0.5), (61, 0.75))
"""Days of a window, and the share of people above which windows of this width are a burst."""
_WIDEST_PAIR = 31
_DENSER = 3.0
_BY_CHANCE = 0.01
_FILE_WIDTHS = 3


def find_bursts(days: Ints, all_days: Ints) -> tuple[Window, ...]:
    """The one window, or else the two, that hold most of the people of a cause.

    A scan over windows of 14, 31 and 61 days (Naus 1965; with the others as the population at risk, Kulldorff 1997).
    A window counts if its share of the cause is at least three times the share of everybody else that it holds - a
    busy fortnight for the whole company is no burst - and if chance would hardly fill it: the Bonferroni bound over
    all windows that begin with one of the people is below 1 %. Half of the people must lie in it (in 61 days three
    quarters: a cause that began three months before the end of the file and stays has two thirds there).

    Args:
        days: Sorted ordinals of the days of the cause, one for each person and month.
        all_days: The same of everybody in the file, the cause included.

    Returns:
        First and last day with people of each window, in the order of time; none in a file that is less than
        three times as long as the window.
    """
    if not len(days):
        return ()
    span = int(all_days[-1] - all_days[0]) + 1
    for pair, (width, least) in product((False, True), _WIDTHS):
        if span < _FILE_WIDTHS * width or (pair and width > _WIDEST_PAIR):
            continue
        windows = _densest(days, all_days, width, 2 if pair else 1)
        held = sum(int(((days >= first) & (days <= last)).sum()) for first, last in windows)
        if held > least * len(days):
            return tuple(sorted(windows))
    return ()


def _densest(days: Ints, all_days: Ints, width: int, most: int) -> Sequence[Window]:
    """Up to ``most`` windows that pass both tests and lie at least their width apart, fullest first."""
    starts, left, windows = np.unique(days), days, list[Window]()
    own, everybody = _held(days, starts, width), _held(all_days, starts, width)
    passed = _stands_out(own, everybody - own, days, all_days, width)
    while len(windows) < most and len(left):
        fullness = np.where(passed, _held(left, starts, width), 0)
        best = int(np.argmax(fullness))
        if not fullness[best]:
            break
        inside = left[(left >= starts[best]) & (left < starts[best] + width)]
        windows.append((int(inside[0]), int(inside[-1])))
        left = left[(left < inside[0]) | (left > inside[-1])]
        passed &= (starts + 2 * width <= inside[0]) | (starts > inside[-1] + width)
    return windows


def _held(days: Ints, starts: Ints, width: int) -> Ints:
    """How many of the sorted days each window holds."""
    return np.searchsorted(days, starts + width) - np.searchsorted(days, starts)


def _stands_out(own: Ints, others: Ints, days: Ints, all_days: Ints, width: int) -> NDArray[np.bool_]:
    """Which windows are denser than those of everybody else, and than chance.

    A cause that is most of the file would be its own yardstick, so it is left out of it; one voice spread evenly
    over the file is added, so that there is a yardstick where nobody else spoke.
    """
    from scipy.stats import binom

    span = int(all_days[-1] - all_days[0]) + 1
    rest = max(0, len(all_days) - len(days))
    usual = (np.maximum(others, 0) + width / span) / (rest + 1)
    usual = np.minimum(usual, 1.0)
    chance = len(days) * binom.sf(own - 2, len(days) - 1, usual)
    return np.asarray((own >= _DENSER * usual * len(days)) & (chance < _BY_CHANCE))
