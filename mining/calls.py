"""What the people of one cause are called: how many stand where, and what they say in votes of equal weight."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """People of one cause by what they are called: on side A only, on side B only, on both, on neither."""

    a: int
    b: int
    both: int
    neither: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """What the statements of a cause are called, each person with one vote, divided evenly over their statements.

    Misreading is counted by statement. Who says five things has five chances of being misread once, so that people who
    say much would look like a second camp if every call put them on its side; their vote does not grow, and the votes
    of many are called as often as single statements are.
    """

    a: float
    b: float
    neither: float

    def of(self, side: int) -> tuple[float, float, float]:
        """Votes for a side (0 is A, 1 is B, 2 is neither), then for the other two, in the order of the sides."""
        votes = [self.a, self.b, self.neither]
        own = votes.pop(side)
        return own, votes[0], votes[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The votes of one language, or of several that few speak, and how these are misread.

    Attributes:
        votes: By what the statements are called.
        mean: (3, 3) expected confusion matrix M: how often what is meant as row i is called column j; rows and columns
            are side A, side B, neither.
        draws: (3, 3, d) what M may be.
    """

    votes: Votes
    mean: NDArray[np.float64]
    draws: NDArray[np.float64]
