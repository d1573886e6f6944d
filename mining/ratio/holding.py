"""Top ratings that hold a mean: how many each bad rating asks for, and how many good experiences stand behind them."""

from collections.abc import Sequence
from dataclasses import dataclass

from data.errors import SettingsError

# Where nobody says otherwise: a mean of 4.2 of five, held by one content customer in ten who rates.
TARGET, RESPOND, LOW, HIGH = 4.2, 0.1, 1.0, 5.0
TARGETS = (3.5, 4.0, TARGET, 4.5, 4.8)  # of five; on another scale, what lies as far up
RESPONDING = (0.05, 0.1, 0.2, 0.5)
FARTHEST = 1e6  # of an end of a scale from 0
MOST = 1e12  # good experiences: more than anybody has


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A rating scale and the mean that is to be held on it.

    Attributes:
        low, high: Its ends.
        target: Mean to hold, above ``low`` and below ``high``.
        respond: Share of content customers who leave a rating, in (0, 1]: an assumption, unless you measured it.
    """

    target: float
    respond: float
    low: float = LOW
    high: float = HIGH

    def __post_init__(self) -> None:
        """Refuse a scale on which nothing can be held.

        Raises:
            SettingsError: It says which number is out of range, and what is allowed.
        """
        if not -FARTHEST <= self.low < self.high <= FARTHEST:
            raise SettingsError(
                f"the scale runs from {self.low:g} to {self.high:g}: give a low below the high, both within "
                f"±{FARTHEST:,.0f}"
            )
        if not self.low < self.target < self.high:
            raise SettingsError(
                f"a mean of {self.target:g} cannot be held by mixing {self.low:g} and {self.high:g}: "
                f"give a target between them"
            )
        if not 0 < self.respond <= 1:
            raise SettingsError(
                f"the share of content customers who rate is {self.respond:g}: give one above 0, at most 1"
            )
        if not self.good_experiences() <= MOST:
            raise SettingsError(
                f"one rating of {self.low:g} would take more than {MOST:,.0f} good experiences: give a larger share "
                "who rate, or a target farther from the high end"
            )

    def top_ratings(self, rating: float | None = None) -> float:
        """Top ratings that hold the target beside one bad ``rating``, the lowest where none is given.

        One rating b and n top ratings have the mean (b + n high) / (1 + n) = t, so n = (t - b) / (high - t).
        """
        bad = self.low if rating is None else rating
        return (self.target - bad) / (self.high - self.target)

    def good_experiences(self, rating: float | None = None) -> float:
        """Content customers behind those top ratings, as only a share ``respond`` of them leaves one."""
        return self.top_ratings(rating) / self.respond


@dataclass(frozen=True, slots=True)
class Row:
    """A target with the top ratings for one lowest rating, and the good experiences at each share who rate."""

    target: float
    top_ratings: float
    good_experiences: tuple[float, ...]


def table(
    low: float = LOW,
    high: float = HIGH,
    *,
    targets: Sequence[float] | None = None,
    responding: Sequence[float] = RESPONDING,
) -> list[Row]:
    """One row for each of the targets that lie on the scale; without targets, for those as far up it as ``TARGETS``.

    Raises:
        SettingsError: The scale or a share is out of range.
    """
    rows = []
    for target in usual_targets(low, high) if targets is None else targets:
        if low < target < high:
            scales = [Scale(target=target, respond=share, low=low, high=high) for share in responding]
            rows.append(
                Row(target, scales[0].top_ratings(), tuple(scale.good_experiences() for scale in scales))
            )
    return rows


def usual_targets(low: float, high: float) -> list[float]:
    """``TARGETS`` carried over from 1 to 5 to the scale from ``low`` to ``high``."""
    return [as_far_up(target, low, high) for target in TARGETS]


def as_far_up(target: float, low: float, high: float) -> float:
    """A mean of five carried over to the scale from ``low`` to ``high``: 4.2 is 8 of 0 to 10."""
    return round(low + (high - low) * (target - LOW) / (HIGH - LOW), 4)
