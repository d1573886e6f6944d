"""The untouched causes that a fix is held against, and how many people each of them brings."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from mining.fixes.stretches import Window
from mining.fixes.voices import DatedJournal, untouched
from mining.periods import Moments


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """An untouched cause of the product.

    Attributes:
        cause: Its id.
        before, after: People who complained of it before the fix and after it, each once.
    """

    cause: str
    before: int
    after: int


def controls_of(
    dated: DatedJournal, cause: str, *, touched: Collection[str], window: Window
) -> tuple[Control, ...]:
    """The controls of a fix of ``cause`` with anybody in its window, most people first.

    Args:
        dated: The journal.
        cause: Id of the cause.
        touched: Causes that somebody mended, which are no controls.
        window: What counts as before and after.
    """
    free = untouched(dated, cause, touched)
    causes, person, day = dated.cause[free], dated.person[free], dated.day[free]
    found = []
    for each in np.unique(causes.astype(str)).tolist():
        spoken = Moments(person[causes == each], day[causes == each])
        before = spoken.during(window.first, window.day).people()
        after = spoken.during(window.day, window.end).people()
        found.append(Control(cause=each, before=before, after=after))
    heard = [each for each in found if each.before + each.after]
    return tuple(sorted(heard, key=lambda each: (-each.before - each.after, each.cause)))
