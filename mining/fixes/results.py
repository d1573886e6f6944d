"""Whether a fix holds, as frozen records."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Verdict = Literal["fixed", "not_yet", "too_early", "came_back", "anecdote"]
VERDICTS: Final[tuple[Verdict, ...]] = ("fixed", "not_yet", "too_early", "came_back", "anecdote")
HALVED: Final = 0.5
"""A cause is fixed when its rate is at most this share of what it was."""
GONE: Final = 0.1
"""What is left of the rate of a cause that is as good as gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A stretch of days and who spoke in it.

    Attributes:
        first, last: Days in UTC, both included.
        people, of: Who complained of the cause, and who wrote about the product at all: each person once.
        complained, wrote: The same people, each once in every period of four weeks: what rates are made of.
    """

    first: date
    last: date
    people: int
    of: int
    complained: int
    wrote: int

    @property
    def days(self) -> int:
        """Length of the stretch."""
        return (self.last - self.first).days + 1

    @property
    def rate(self) -> float | None:
        """Share of those who wrote in four weeks, over the stretch, in [0, 1]; None where nobody did."""
        return self.complained / self.wrote if self.wrote else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A rate over another rate with its 95 % interval, all >= 0.

    Attributes:
        value, high: None for infinity: nobody complained before.
        model: "poisson", "negative_binomial", or "binomial" for a ratio of odds against controls.
        dispersion: The alpha of the negative binomial; of a binomial, chi-square by degrees of freedom less 1.
    """

    value: float | None
    low: float
    high: float | None
    model: str
    dispersion: float = 0.0

    @property
    def fell(self) -> bool:
        """Whether the interval lies below 1."""
        return self.high is not None and self.high < 1

    @property
    def rose(self) -> bool:
        """Whether the interval lies above 1."""
        return self.low > 1

    @property
    def halved(self) -> bool:
        """Whether it fell, and to half or less."""
        return self.fell and self.value is not None and self.value <= HALVED


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """A cause that had gone and came back.

    Attributes:
        day: First day of the week from which it is frequent again.
        quiet, again: The stretches between the fix and that day, and from that day on.
        quiet_ratio, again_ratio: Their rates over the rate before the fix.
        p_value: Of "no rise since the fix", over all days on which it could have come back.
    """

    day: date
    quiet: Phase
    again: Phase
    quiet_ratio: Ratio
    again_ratio: Ratio
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a cause after a fix.

    Attributes:
        verdict: One of VERDICTS.
        grade: "anecdote", "emerging" or "established"; at most "emerging" where it was registered after looking.
        reason: Why, in one sentence.
        before, after: The stretches that are held against each other; None where the file has no such days.
        ratio: Rate after over rate before, by people who wrote.
        controlled: The same against the untouched causes of the product; None where there are too few of them.
        level: The same beyond a trend through both stretches: the step of an interrupted time series.
        falling: Whether the rate fell before the fix already.
        returned: Where it came back.
        more_days: Days until a halving can be told at the present rate, 0 if it can be; None where it never can, or the
            next fix came first.
        more_days_gone: The same for a fall to a tenth.
    """

    verdict: Verdict
    grade: str
    reason: str
    before: Phase | None = None
    after: Phase | None = None
    ratio: Ratio | None = None
    controlled: Ratio | None = None
    level: Ratio | None = None
    falling: bool = False
    returned: Return | None = None
    more_days: int | None = None
    more_days_gone: int | None = None
