"""What each cause asks for: the top ratings that make up for those who complain of it, from their own ratings."""

from collections import defaultdict
from dataclasses import dataclass

from data.labels import COMPLAINTS
from mining.journal import Journal
from mining.ratio.holding import Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseRatio:
    """What holds the target beside the complaints of one cause.

    Attributes:
        people: Who complain of it.
        rated: Those among them who rated.
        mean: Mean rating of those, each the mean of their messages of the cause; None where nobody rated.
        top_ratings, good_experiences: For all who rated together, at least 0; None below the gate.
    """

    cause_id: str
    people: int
    rated: int
    mean: float | None
    top_ratings: float | None
    good_experiences: float | None


def ratios(journal: Journal, scale: Scale, *, gate: int) -> list[CauseRatio]:
    """One record for each cause that somebody complains of: most top ratings first, then most people.

    Who rated nothing lowers no mean and is only counted among ``people``. The figures are arithmetic on the ratings of
    the file, without an interval: they say what those ratings ask for, not what other customers think.

    Args:
        journal: Of a mining.
        scale: The target, and the scale of the ratings in the file.
        gate: Fewest people with a rating for a figure.
    """
    people: dict[str, set[str]] = defaultdict(set)
    said: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    names = ("cause_id", "side", "person", "feedback_id", "rating")
    for cause, side, person, message, rating in zip(*map(journal.column, names), strict=True):
        if cause is None or side not in COMPLAINTS:
            continue
        people[cause].add(person)
        if rating is not None:
            said[cause][person][message] = rating
    found = [
        _ratio(cause, len(who), [_mean(list(own.values())) for own in said[cause].values()], scale, gate)
        for cause, who in people.items()
    ]
    return sorted(found, key=lambda each: (-(each.top_ratings or 0.0), -each.people, each.cause_id))


def _ratio(cause: str, people: int, ratings: list[float], scale: Scale, gate: int) -> CauseRatio:
    enough = len(ratings) >= gate
    top = max(0.0, sum(scale.top_ratings(rating) for rating in sorted(ratings))) if enough else None
    return CauseRatio(
        cause_id=cause,
        people=people,
        rated=len(ratings),
        mean=_mean(sorted(ratings)) if ratings else None,
        top_ratings=top,
        good_experiences=None if top is None else top / scale.respond,
    )


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
