"""The mined picture: causes, their sides, oppositions, and everything that was left out, as frozen records."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """k of n people with an interval.

    Attributes:
        k: People on this side.
        n: People counted.
        low, high: 95 % interval of k/n, in [0, 1] (Wilson; Jeffreys at k = 0 or k = n).
    """

    k: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """Part of those counted, 0 where nobody was."""
        return self.k / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A verbatim span of one feedback: ``feedback.text[start:end] == text``."""

    feedback_id: str
    start: int
    end: int
    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The statements of one cause that pull one way.

    Attributes:
        label: One of ``data.labels.SIDES``.
        members: Ids of the feedback on this side, sorted.
        examples: Most typical first; the first examples of two opposing sides are the pair most alike in subject space.
        languages: Language tag to people.
    """

    label: str
    people: int
    share: Share
    members: tuple[str, ...]
    examples: tuple[Example, ...]
    languages: Mapping[str, int]
    mean_rating: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentFinding:
    """The segment that explains a split: Cramer's V with its Benjamini-Hochberg adjusted p-value."""

    column: str
    value: str
    effect: float
    p_adjusted: float
    towards: str  # label of the side that this segment value leans to


@dataclass(frozen=True, slots=True, kw_only=True)
class Opposition:
    """Two opposing sides of one cause, both past the gate.

    Attributes:
        kind: "degree" (too_little vs too_much) or "sentiment" (complaint vs praise).
        verdict: One of ``data.labels.VERDICTS``; A is ``sides[0]``, B is ``sides[1]``.
        p_value: Exact sign test of A against B, by person.
    """

    cause_id: str
    label: str
    kind: str
    verdict: str
    grade: str
    p_value: float
    segment: SegmentFinding | None
    sides: tuple[Side, Side]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """One period of a trend: ``people`` of the ``of`` who wrote in it, and the fitted rate with its 95 % band.

    Attributes:
        expected, low, high: Rates per person who wrote, >= 0; None where no trend was fitted.
    """

    period: str
    people: int
    of: int
    expected: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Whether a cause grows, as a share of those who write.

    Attributes:
        label: "rising", "falling", "steady", "unclear", or "anecdote" below the gate.
        change: Factor per month; None below the gate or where all spoke in the first or the last period.
        low, high: 95 % interval of ``change``.
        unit: "month" or "week", the length of the periods.
        model: "poisson" or "negative_binomial"; None where no trend was fitted.
        dispersion: Squared coefficient of variation of the rate between periods beyond chance, >= 0.
        p_adjusted: Of "no change", after Benjamini-Hochberg over the causes of the report.
        points: All periods in which anybody wrote.
    """

    label: str
    unit: str
    points: tuple[TrendPoint, ...]
    change: float | None = None
    low: float | None = None
    high: float | None = None
    model: str | None = None
    dispersion: float | None = None
    p_value: float | None = None
    p_adjusted: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """The last quarter of the periods (three months at most) against the ones before.

    Attributes:
        people, of: Those who spoke of the cause, and all who wrote, summed over the recent periods.
        past_people, past_of: The same of the periods before.
        first: Label of the first recent period.
        ratio: Rate of the recent periods over that of the past; None where nobody spoke of it before.
        p_adjusted: Of "no higher than before", after Benjamini-Hochberg over the causes of the report.
        emerging: Shown to be higher, at least twice as high, and by as many people as the gate asks for.
    """

    people: int
    of: int
    past_people: int
    past_of: int
    first: str
    ratio: float | None
    p_value: float
    p_adjusted: float
    emerging: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How a cause spreads over time.

    Attributes:
        kind: "systemic", "burst" or "unclear".
        fano: Index of dispersion of people per period (variance / mean), None without dates.
        periods: Period label ("2026-03") to people, all periods of the file in order; who speaks in two periods
            counts in both.
        burst_period: First and last day of the fullest burst.
        bursts: Each burst, at most two, in the order of time.
        trend: None where the file has too few periods or dates.
        recent: None under the same condition.
    """

    kind: str
    fano: float | None
    periods: Mapping[str, int]
    burst_period: str | None = None
    bursts: tuple[str, ...] = ()
    trend: Trend | None = None
    recent: Recent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A cluster of statements in subject space: what the feedback is about, whichever way it pulls.

    Attributes:
        id: "c-0001" and so on, most people first.
        labels: One short label per main language of the cause, language tag to label.
        members: Ids of the feedback with a statement in this cause, sorted.
        topics: Topic ids, most frequent first.
        sides: Sides present, opposing or not.
    """

    id: str
    label: str
    labels: Mapping[str, str]
    people: int
    statements: int
    grade: str
    topics: tuple[str, ...]
    lever: str
    members: tuple[str, ...]
    sides: tuple[Side, ...]
    timing: Timing
    examples: tuple[Example, ...]
    languages: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSummary:
    """What was read: rows, people, and where they come from."""

    rows: int
    rejected: int
    statements: int
    people: int
    languages: Mapping[str, int]
    sources: Mapping[str, int]
    ratings: Mapping[str, int]
    first: str | None  # ISO dates
    last: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A cause, or one side of it, that goes with an outcome.

    Attributes:
        side: Label of the side; None for the whole cause.
        people, of: Those who have it, of all with an outcome.
        mean_with, mean_without: Mean outcome of people with and without it.
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
        r2: Part of its variance that all causes together explain, with its 95 % interval in ``r2_low`` and ``r2_high``.
        p_value: F test of all causes together.
        method: "exact" over all orders of the predictors, or "sampled".
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingShape:
    """How people rate, level by level.

    Attributes:
        people: Each level of the scale, in order and without gaps, to people, each by their latest rating.
        ends, middle: Those at the lowest and highest level, and those between, of all who rated.
        p_value: Of "the ends hold no more than an even spread would give".
        j_shaped: The ends hold more, and each more than a level of the middle does on average.
    """

    people: Mapping[str, int]
    ends: Share
    middle: Share
    p_value: float
    j_shaped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietCorner:
    """A source, channel, language or segment value of which few wrote.

    Attributes:
        most: People of the largest value of the same column.
        below_gate: Fewer people than a share needs; else less than a tenth of ``most``.
    """

    column: str
    value: str
    people: int
    most: int
    below_gate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Who is hardly heard.

    Attributes:
        ratings: None without ratings on a scale of 3 to 11 whole levels.
        quiet: Fewest people first.
        gate: Fewest people for a share.
    """

    ratings: RatingShape | None
    quiet: tuple[QuietCorner, ...]
    gate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mining:
    """One mining of one file.

    Attributes:
        causes: Most people first.
        oppositions: The one that matters most first (people on the smaller side, then on both).
        unassigned: Reason to number of statements.
        assignment: Cause id or None for each statement, aligned with the mined statements.
        drivers: None where no message has a rating, nor an outcome.
    """

    causes: tuple[Cause, ...]
    oppositions: tuple[Opposition, ...]
    unassigned: Mapping[str, int]
    assignment: tuple[str | None, ...]
    data: DataSummary
    settings: Mapping[str, object]
    drivers: Drivers | None = None
    listening: Listening | None = None
