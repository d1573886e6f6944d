"""Who speaks, as frozen records: shares weighted to the customers, and the asked beside the unasked."""

from dataclasses import dataclass

from mining.results import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedShare:
    """A share as counted, and as it would be if those who wrote made up the known shares of the customers.

    Attributes:
        raw: As counted.
        value, low, high: Weighted, with a 95 % interval, in [0, 1]; None below the gate.
        n_eff: Kish's effective number of the ``raw.n`` people; the gate is one of these.
        p_value: Of "weights have nothing to do with the answer"; None where too few are on the side, or not on it.
    """

    raw: Share
    value: float | None
    low: float | None
    high: float | None
    n_eff: float
    p_value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedSide:
    """A side of a cause or an opposition."""

    label: str
    share: WeightedShare


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedCause:
    """A cause, of everybody; and its sides, of the people of the cause."""

    cause_id: str
    share: WeightedShare
    sides: tuple[WeightedSide, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedOpposition:
    """The two sides of an opposition, of those on either."""

    cause_id: str
    kind: str
    sides: tuple[WeightedSide, WeightedSide]

    @property
    def crossed(self) -> bool:
        """Whether another side has more people when weighted than has as counted."""
        (first, second), (one, other) = (
            [side.share.raw.k for side in self.sides],
            [s.share.value for s in self.sides],
        )
        return one is not None and other is not None and (first - second) * (one - other) < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """One value of a margin.

    Attributes:
        known: Its share of the customers.
        wrote: People of it, of those of whom the column is known.
        reached: Its share of their weights; off ``known`` only where the bounds of the weights do not allow it.
    """

    column: str
    value: str
    known: float
    wrote: Share
    reached: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighting:
    """People weighted to margins.

    Attributes:
        people, n_eff: Of the whole file; Kish's effective number.
        least, most: Bounds of a weight, as parts of the mean weight.
        clipped: People whose weight is at a bound.
        margins: By column and value.
        complaints: People who complain in more statements than they praise in, of everybody.
        causes, oppositions: In the order of the mining.
        cutoff: Largest p-value that is no chance among all shares (Benjamini-Hochberg); below 0 for none.
    """

    people: int
    n_eff: float
    least: float
    most: float
    clipped: int
    margins: tuple[Margin, ...]
    complaints: WeightedShare
    causes: tuple[WeightedCause, ...]
    oppositions: tuple[WeightedOpposition, ...]
    cutoff: float

    def moved(self, share: WeightedShare) -> bool:
        """Whether weights move the share by more than chance."""
        return share.p_value is not None and share.p_value <= self.cutoff

    def turned(self, opposition: WeightedOpposition) -> bool:
        """Whether another side leads when weighted, by more than a chance move."""
        return opposition.crossed and any(self.moved(side.share) for side in opposition.sides)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedShare:
    """One share among people who were asked, and among people who wrote unasked.

    Attributes:
        cause_id, kind: Of the opposition; None for complaints of everybody.
        side: Whose share it is; ``complaint`` of everybody: who complain in more statements than they praise in.
        low, high: 95 % interval of the share of the asked minus that of the unasked; None below the gate.
        p_value: Fisher's exact test; None below the gate.
        p_adjusted: Benjamini-Hochberg over the table.
        differs: Whether ``p_adjusted`` is below the level of the mining.
    """

    cause_id: str | None
    kind: str | None
    side: str
    solicited: Share
    unsolicited: Share
    low: float | None
    high: float | None
    p_value: float | None
    p_adjusted: float | None
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Those who were asked beside those who were not.

    Attributes:
        solicited, unsolicited: People whose messages are all of the one kind, as far as that is told.
        both: People with messages of either kind, who are in neither group.
        untold: People of whose messages none tells.
        rows: Complaints of everybody first, then the oppositions.
    """

    solicited: int
    unsolicited: int
    both: int
    untold: int
    rows: tuple[AskedShare, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speakers:
    """Who speaks.

    Attributes:
        asked: None where nobody was asked, or everybody was.
        weighting: None without margins.
    """

    asked: Asked | None
    weighting: Weighting | None
