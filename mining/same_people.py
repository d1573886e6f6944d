"""Who speaks in several periods: the counts of two months are no two samples where the same people are in both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mining.periods import Calendar, Moments

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SamePeople:
    """The people that two periods share.

    Attributes:
        people: Distinct people who spoke of the cause.
        spoke: (t, t) people who spoke of it in both periods.
        crossed: (t, t) people who spoke of it in the first and wrote in the second.
        wrote: (t, t) people who wrote in both.
    """

    people: int
    spoke: Floats
    crossed: Floats
    wrote: Floats

    @property
    def counts(self) -> Ints:
        """(t,) people who spoke of the cause in each period, as ``Calendar.people`` counts them."""
        return self.spoke.diagonal().astype(np.int64)

    @property
    def exposure(self) -> Ints:
        """(t,) people who wrote in each period."""
        return self.wrote.diagonal().astype(np.int64)

    def among(self, periods: Ints) -> "SamePeople":
        """The same of some of the periods."""
        chosen = np.ix_(periods, periods)
        return SamePeople(self.people, self.spoke[chosen], self.crossed[chosen], self.wrote[chosen])

    def excess(self, weights: Floats, rates: Floats) -> Floats:
        """How much more weighted sums of the counts vary than those of different people in each period, >= 0.

        The part of the variance clustered by person (Liang & Zeger 1986) that lies between the periods of a person; 0
        where everybody wrote in one period only. Less than of different people, as where nobody ever changes, is taken
        as no less.

        Args:
            weights: (..., t) weights of the periods.
            rates: (t,) those who spoke among those who wrote, as a model expects them.
        """
        crossed = self.crossed * rates
        covariance = self.spoke - crossed - crossed.T + np.outer(rates, rates) * self.wrote
        np.fill_diagonal(covariance, 0)
        between: Floats = np.einsum("...i,ij,...j->...", weights, covariance, weights)
        return np.maximum(0.0, between)


def same_people(causes: Sequence[Moments], everybody: Moments, calendar: Calendar) -> list[SamePeople]:
    """Of each cause the people whom the periods of the calendar share.

    Args:
        causes: Dated messages of each cause, all among those of ``everybody``.
        everybody: All dated messages.
        calendar: The periods.
    """
    period, person = calendar.spoken(everybody)
    writing = _marks(person, period, (int(person.max(initial=-1)) + 1, len(calendar)))
    wrote = (writing.T @ writing).toarray()
    found = []
    for moments in causes:
        period, person = calendar.spoken(moments)
        people, number = np.unique(person, return_inverse=True)
        speaking = _marks(period, number, (len(calendar), len(people)))
        spoke, crossed = (speaking @ speaking.T).toarray(), (speaking @ writing[people]).toarray()
        found.append(SamePeople(len(people), spoke, crossed, wrote))
    return found


def _marks(row: Ints, column: Ints, shape: tuple[int, int]) -> "csr_array":
    from scipy.sparse import csr_array

    return csr_array((np.ones(len(row)), (row, column)), shape=shape)
