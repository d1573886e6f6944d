"""Where a cause stands by weight and by noise, as frozen records."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """One cause, by what it does to many over time and by how loud it was.

    Attributes:
        cause_id: Of the cause.
        people: Who complained, each once.
        months: Months from the first in which anybody wrote about its product to the last of the file.
        rate: People a month: each once for every month in which they complained, by ``months``.
        time_spread: The part of the months over which an even cause would be as spread, in (0, 1].
        segment_spread: The same for the values of the segment in which it is narrowest; 1 where no segment is known of
            half of its people.
        narrowest: Name of that segment; None without one.
        cost: Of one case, as people set it; 1 where they did not.
        weight: Spread x people a month x cost.
        rank: By weight, from 1.
        peak: People of the fullest month.
        peak_month: That month, "2026-03".
        anger: Mean probability that a complaint of it is negative, in [0, 1].
        mentions: Complaints for each person who complained, >= 1.
        noise: Peak x anger x mentions.
        noise_rank: By noise, from 1.
    """

    cause_id: str
    people: int
    months: int
    rate: float
    time_spread: float
    segment_spread: float
    narrowest: str | None
    cost: float
    weight: float
    rank: int
    peak: int
    peak_month: str
    anger: float
    mentions: float
    noise: float
    noise_rank: int

    @property
    def spread(self) -> float:
        """Share of months and segments touched, in (0, 1]."""
        return self.time_spread * self.segment_spread
