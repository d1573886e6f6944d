"""What can be set of a mining, in one place and saved with its results.

Thresholds that belong to a method, as of timing, listening and crowding, stand beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final, Self

from data.errors import SettingsError

SHARE_PEOPLE: Final = 30
"""Fewer people than these are a story: a share of them is told as k of n alone, never as a percentage."""

_UNIT_INTERVAL = (
    "granularity",
    "degree_threshold",
    "sentiment_threshold",
    "degree_guard",
    "sentiment_guard",
    "near_duplicate",
    "segment_effect",
    "significance",
    "reach",
    "act_share",
    "common_ground",
    "crowded_share",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MiningSettings:
    """How feedback is mined. The dial for users is ``granularity``; the rest are gates and safeguards.

    Attributes:
        granularity: 0 (few broad causes) to 1 (many narrow ones).
        context: Segment column whose values never share a cause ("too few examples" in one book is not the
            other book's cause). Files without it are mined as one; None turns it off.
        topic_weight: Weight of the topic probabilities beside the unit embedding in subject space, >= 0.
        neighbours: Nearest neighbours of a statement in its own language; in each other one a third of them, fewer in a
            file of more than twelve languages, two at the least.
        reach: A statement belongs to the nearest cause if it is at least this share as like it as a typical
            member is (and more like it than strangers are), in [0, 1].
        cause_people: Fewest people of a cause.
        side_people: Fewest people on each side of an opposition.
        degree_threshold: Least probability of too little or too much for that side, in [0, 1].
        sentiment_threshold: Least probability of negative or positive for complaint or praise, in [0, 1].
        degree_guard: How often the classifier calls a complaint of degree the opposite one, in [0, 1]. The smaller
            side of an opposition must be larger than such errors of the larger side would make it.
            Used only where the checkpoint came without counts of its errors, as is the next.
        sentiment_guard: The same for complaint and praise.
        common_ground: Least likeness of the two sides of an opposition, as a share of the likeness that is typical
            inside a cause of this file, in [0, 1]; 0 asks for nothing.
        split_odds: Two sides are a split when each is shown to be less than this many times the other, > 1.
        significance: Level of every test, in [0, 1].
        segment_effect: Least Cramer's V of a segment that explains a split, in [0, 1].
        act_share: Share of a cause's people from which a side is worth acting on, in [0, 1].
        crowded_share: Share of those who complain above which the report says that one cause holds them, in [0, 1].
        near_duplicate: Jaccard similarity of character 4-grams from which texts are one campaign, in (0, 1].
        share_people: People from which a share is told as a percentage, and a figure can be "established".
        content_response: Assumed, not measured: how many of the content customers write at least, in (0, 1].
        upset_response: Assumed: how many of the upset customers write at most, in (0, 1].
        seed: Of everything random.
    """

    granularity: float = 0.2
    context: str | None = "product"
    topic_weight: float = 1.0
    neighbours: int = 12
    reach: float = 0.5
    cause_people: int = 6
    side_people: int = 6
    degree_threshold: float = 0.4
    sentiment_threshold: float = 0.5
    degree_guard: float = 0.08
    sentiment_guard: float = 0.15
    common_ground: float = 0.8
    split_odds: float = 2.0
    significance: float = 0.05
    segment_effect: float = 0.3
    act_share: float = 0.2
    crowded_share: float = 0.4
    near_duplicate: float = 0.75
    share_people: int = SHARE_PEOPLE
    content_response: float = 0.1
    upset_response: float = 1.0
    seed: int = 0

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> Self:
        """The settings of a mining from what ``as_dict`` gave then; one that this version does not know is left out.

        Raises:
            SettingsError: A value is not allowed.
        """
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})  # type: ignore[arg-type]

    def __post_init__(self) -> None:
        for name in _UNIT_INTERVAL:
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise SettingsError(f"{name} is {value}; allowed is 0 to 1: choose a value in that range")
        for name in ("neighbours", "cause_people", "side_people", "share_people"):
            value = getattr(self, name)
            if value < 1:
                raise SettingsError(f"{name} is {value}; allowed is 1 or more: choose a larger number")
        if not 0 < self.content_response <= self.upset_response <= 1:
            raise SettingsError(
                f"content_response is {self.content_response} and upset_response {self.upset_response}; allowed is "
                f"above 0 to 1, the content not above the upset: for instance 0.1 and 1"
            )
        if self.near_duplicate == 0:
            raise SettingsError(
                "near_duplicate is 0; allowed is above 0 to 1, for instance 0.75: at 0 unlike texts are copies"
            )
        if self.split_odds <= 1:
            raise SettingsError(f"split_odds is {self.split_odds}; allowed is more than 1, for instance 2")
        if self.topic_weight < 0:
            raise SettingsError(f"topic_weight is {self.topic_weight}; allowed is 0 or more, for instance 1")

    @property
    def same_cause(self) -> float:
        """Clusters whose similarity, cleaned of sampling noise, reaches this are one cause, in [0, 1]."""
        return 0.375 + 0.625 * self.granularity

    def fragment_size(self, texts: int) -> float:
        """Size from which clustering prefers to cut a cluster in two, before near ones are merged."""
        return float(35 * 8**-self.granularity * texts**0.5)

    def as_dict(self) -> dict[str, object]:
        """Name to value, for reports."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def share_gate(settings: Mapping[str, object]) -> int:
    """``share_people`` of the ``settings`` that a mining was saved with.

    Raises:
        SettingsError: A value is not allowed.
    """
    return MiningSettings.from_dict(settings).share_people
