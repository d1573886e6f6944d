"""What goes with an outcome, as frozen records."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A cause, or one side of it, that goes with an outcome.

    Attributes:
        side: Label of the side; None for the whole cause.
        people, of: Those who have it, of all with an outcome who wrote about its product.
        mean_with, mean_without: Mean outcome of these with and without it.
        difference: The one less the other, with its 95 % interval in ``difference_low`` and ``difference_high``.
        share: Part of the explained variance, in [0, 1], with its 95 % interval in ``low`` and ``high``.
        rank: 1 for the largest share; 95 % of the resamples put it between ``rank_low`` and ``rank_high``.
    """

    cause_id: str
    side: str | None
    people: int
    of: int
    grade: str
    mean_with: float
    mean_without: float
    difference: float
    difference_low: float
    difference_high: float
    share: float
    low: float
    high: float
    rank: int
    rank_low: int
    rank_high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drivers:
    """What goes with an outcome: an association, not an effect.

    Attributes:
        outcome: "rating", or the column that was named.
        people: People with an outcome.
        refused: Why nothing is told; None where something is.
        yes_no: The outcome is yes (1) or no (0).
        r2: Part of its variance within products that all causes together explain (adjusted R2), with its 95 % interval
            in ``r2_low`` and ``r2_high``.
        p_value: F test of all causes together.
        method: "exact" over all orders of the predictors, or "sampled".
        resamples: Of people, behind the intervals of shares and ranks, and of differences of an outcome with more than
            100 levels; the others are computed otherwise.
        left_out: Causes and sides that were too many.
        drivers: Largest share first.
    """

    outcome: str
    people: int
    refused: str | None = None
    yes_no: bool = False
    mean: float | None = None
    r2: float | None = None
    r2_low: float | None = None
    r2_high: float | None = None
    p_value: float | None = None
    method: str | None = None
    resamples: int = 0
    left_out: int = 0
    drivers: tuple[Driver, ...] = ()
