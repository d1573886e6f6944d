"""What is found out about loyalty, as records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from mining.loyalty.firth import Coefficient
from mining.results import Share
from mining.settings import SHARE_PEOPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class TopBox:
    """People by their latest rating, of a product or of anything.

    Attributes:
        name: The product that they rated, or "" for everybody.
        loyal: At the top of the scale.
        content: One below the top: content, not loyal.
        rest: Anywhere below.
        shown: Whether enough people rated for a share; below, the answer is an anecdote.
    """

    name: str
    loyal: Share
    content: Share
    rest: Share
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """How leaving goes with having written of a cause, or with one side of it.

    Attributes:
        side: None where the whole cause is the predictor.
        left: How many of the people under observation who wrote of it left: as counted, with nothing held equal.
        grade: Of ``left``.
        coefficient: Log odds ratio of leaving in a month (or at all, without dates), against everybody else of the same
            product, tenure and time since the first message, the other causes that go with leaving held equal, too.
        p_adjusted: Over all associations of one report (Benjamini-Hochberg).
        direction: "more" or "fewer" leave where that is beyond chance, else "not told".
    """

    cause_id: str
    side: str | None
    left: Share
    grade: str
    coefficient: Coefficient
    p_adjusted: float
    direction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How far the chances that the model tells are to be believed, of people it has not seen.

    Attributes:
        slope, slope_low, slope_high: Of the log odds of what happened on the told ones; 1 is right, less is boasting.
        skill, skill_low, skill_high: Brier skill against the overall rate; 0 is no better than knowing only that.
        usable: Whether the skill is beyond chance, and the slope neither below a half nor above two for certain.
    """

    slope: float
    slope_low: float
    slope_high: float
    skill: float
    skill_low: float
    skill_high: float

    @property
    def usable(self) -> bool:
        """Whether people may be put in an order by these chances."""
        return self.skill_low > 0 and self.slope_high > 0.5 and self.slope_low < 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What goes with leaving.

    Attributes:
        unit: "month" where there are dates, else "person".
        people: Under observation.
        trials: Person-months, or people.
        events: Those who left.
        until: Last day of the observation.
        left_out: Reason to people who were not observed.
        associations: Strongest for leaving first.
        refused: Why nothing can be told; "" where something is.
    """

    unit: str
    people: int
    trials: int
    events: int
    until: date | None
    left_out: Mapping[str, int] = field(default_factory=dict)
    associations: Sequence[Association] = ()
    calibration: Calibration | None = None
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtRisk:
    """Somebody who may leave.

    Attributes:
        chance: Of leaving within ``HORIZON`` months (at all, without dates), as the model tells it.
        stake: ``chance`` times what a year of theirs is worth; None where that is unknown.
        reasons: In words, strongest first.
    """

    person: str
    author: str | None
    last_wrote: date | None
    chance: float
    yearly_value: float | None
    stake: float | None
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advocate:
    """Somebody who speaks well of you.

    Attributes:
        public: Messages of praise in public sources that, as far as is told, nobody asked for.
    """

    person: str
    author: str | None
    last_wrote: date | None
    public: int
    yearly_value: float | None
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordOfMouth:
    """What is said of a cause in public, as far as is told unasked: people with complaints (of any kind), and praise.

    Attributes:
        negative: Share of those with complaints among people who took a side.
        told: Fewest and most people who hear of it, and
        lost: people who do not come back: both follow from ``Assumptions``, neither was measured.
    """

    cause_id: str
    complaint: int
    praise: int
    both: int
    negative: Share
    grade: str
    told: tuple[int, int]
    lost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What is often said of upset customers, and what nobody here measured. Put your own figures in its place."""

    tell_low: int = 9
    tell_high: int = 15
    gone: float = 0.91


@dataclass(frozen=True, slots=True, kw_only=True)
class Loyalty:
    """Everything that one report of loyalty holds.

    Attributes:
        scale: Lowest and highest rating; None where nobody rated.
        people: Who wrote.
        customers: Customers in the customers file; None without one.
        public: Sources counted as public.
        untold: Messages there of which nobody tells whether they were asked for.
        labels: Cause id to its label.
        gate: Fewest people for a share.
    """

    people: int
    scale: tuple[float, float] | None
    ratings: Sequence[TopBox]
    customers: int | None
    leaving: Leaving | None
    at_risk: Sequence[AtRisk]
    advocates: Sequence[Advocate]
    word_of_mouth: Sequence[WordOfMouth]
    public: Sequence[str]
    untold: int
    assumptions: Assumptions
    labels: Mapping[str, str]
    gate: int = SHARE_PEOPLE
