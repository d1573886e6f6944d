"""Bursts of a cause: the few days, or the one or two periods, that hold most of its people."""

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Window = tuple[int, int]

_WIDTHS = ((14, 0.5), (31, 0.5), (61, 0.75))
"""Days of a window, and the share of people above which windows of this width are a burst."""
_WIDEST_PAIR = 31
_DENSER = 3.0
_EACH_DENSER = 2.0
_BY_CHANCE = 0.01
_FILE_WIDTHS = 3


def find_bursts(days: Ints, all_days: Ints) -> tuple[Window, ...]:
    """The one window, or else the two, that hold most of the people of a cause.

    A scan over windows of 14, 31 and 61 days (Naus 1965; with the others as the population at risk, Kulldorff 1997).
    Their share of the cause is at least three times the share of everybody else that they hold (one of two windows:
    twice), since a busy fortnight for the whole company is no burst; and chance would hardly fill them: for each the
    Bonferroni bound over all windows that begin with one of the people is below 1 %. Half of the people must lie in
    them; three quarters in 61 days, since a cause that began three months before the end of the file and stays has two
    thirds there.

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
    for most, (width, least) in product((1, 2), _WIDTHS):
        if span < _FILE_WIDTHS * width or (most == 2 and width > _WIDEST_PAIR):
            continue
        windows = _fullest(days, all_days, width, most)
        held = sum(own for _, own, _ in windows) / len(days)
        usual = sum(others for _, _, others in windows)
        if held > least and held >= _DENSER * usual:
            return tuple(sorted(window for window, _, _ in windows))
    return ()


def _fullest(days: Ints, all_days: Ints, width: int, most: int) -> Sequence[tuple[Window, int, float]]:
    """Up to ``most`` windows that stand out, at least their width apart, fullest first.

    Returns:
        Of each the first and last day with people, how many, and the share of everybody else.
    """
    starts = np.unique(days)
    own, usual = _held(days, starts, width), _usual(days, all_days, starts, width)
    passed = _stands_out(own, usual, len(days))
    windows = list[tuple[Window, int, float]]()
    while len(windows) < most and passed.any():
        best = int(np.argmax(np.where(passed, own, 0)))
        inside = days[(days >= starts[best]) & (days < starts[best] + width)]
        windows.append(((int(inside[0]), int(inside[-1])), len(inside), float(usual[best])))
        passed &= (starts + 2 * width <= inside[0]) | (starts > inside[-1] + width)
    return windows


def _held(days: Ints, starts: Ints, width: int) -> Ints:
    """How many of the sorted days each window holds."""
    return np.searchsorted(days, starts + width) - np.searchsorted(days, starts)


def _usual(days: Ints, all_days: Ints, starts: Ints, width: int) -> Floats:
    """Share of everybody else that each window holds, in [0, 1].

    A cause that is most of the file would be its own yardstick, so it is left out of it; one voice spread evenly
    over the file is added, so that there is a yardstick where nobody else spoke.
    """
    span = int(all_days[-1] - all_days[0]) + 1
    others = np.maximum(0, _held(all_days, starts, width) - _held(days, starts, width))
    usual = (others + width / span) / (max(0, len(all_days) - len(days)) + 1)
    return np.asarray(np.minimum(usual, 1.0))


def _stands_out(own: Ints, usual: Floats, people: int) -> NDArray[np.bool_]:
    """Which windows are denser than those of everybody else, and than chance."""
    from scipy.stats import binom

    chance = people * binom.sf(own - 2, people - 1, usual)
    return np.asarray((own >= _EACH_DENSER * usual * people) & (chance < _BY_CHANCE))
