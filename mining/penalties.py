"""What each side costs: the mean drop in rating against those whom the cause does not bother.

Penalty analysis of the just-about-right scale (ASTM MNL63) asks everybody of one property whether it is too little,
too much or just right, and compares the liking of each side with that of those who find it just right. In feedback
nobody is asked. Who wrote of the same product and did not complain of this cause stands for "just right" here; that
they did not mention it does not say that they noticed it. They may complain of something else, as in a JAR survey.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mining.contexts import in_main_context
from mining.corpus import Corpus
from mining.picture import Picture
from mining.rating_drop import rating_drop
from mining.results import Cause, Opposition, Penalty, Side

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Raters:
    """Who rated in one context: the distinct ratings, and for each person the place of theirs.

    Attributes:
        values: (v,) distinct ratings of people, each the mean over their messages.
        level: Person to place in ``values``.
    """

    values: Floats
    level: dict[int, int]

    def count(self, people: Iterable[int]) -> Ints:
        """(v,) people with each rating; those who did not rate are left out."""
        levels = [self.level[person] for person in people if person in self.level]
        return np.bincount(np.array(levels, dtype=np.int64), minlength=len(self.values))


def with_penalties(
    picture: Picture, members: Sequence[Ints], causes: Sequence[Cause], oppositions: Sequence[Opposition]
) -> tuple[list[Cause], list[Opposition]]:
    """The same records, with a penalty on every side but praise that enough rated people are on.

    A cause that people merged from several products is taken in the one of most of its statements, as by drivers.

    Args:
        picture: What was mined.
        members: For each cause the positions of its statements in the corpus.
        causes: In the order of ``members``.
        oppositions: Of those causes.
    """
    raters = _raters(picture.corpus)
    everyone = {context: of.count(of.level) for context, of in raters.items()}
    place = {cause.id: number for number, cause in enumerate(causes)}

    def penalised(sides: Iterable[Side], cause: int, kind: str | None) -> list[Side]:
        context, statements = in_main_context(picture.corpus, members[cause])
        of = raters.get(context)
        if of is None:
            return list(sides)
        complaining = _people(picture.corpus, statements[picture.stance.complains[statements]])
        middle = everyone[context] - of.count(complaining)
        found = []
        for side in sides:
            on = picture.stance.among(statements, side.label, kind=kind)
            counts = of.count(_people(picture.corpus, on))
            found.append(
                replace(side, penalty=_penalty(picture, of.values, middle, counts, side, causes[cause]))
            )
        return found

    new_causes = [
        replace(cause, sides=tuple(penalised(cause.sides, number, None)))
        for number, cause in enumerate(causes)
    ]
    new_oppositions = []
    for opposition in oppositions:
        first, second = penalised(opposition.sides, place[opposition.cause_id], opposition.kind)
        new_oppositions.append(replace(opposition, sides=(first, second)))
    return new_causes, new_oppositions


def _penalty(
    picture: Picture, values: Floats, middle: Ints, side_counts: Ints, side: Side, cause: Cause
) -> Penalty | None:
    """None for praise, and where fewer people than a side needs rated, on it or in the middle."""
    settings = picture.settings
    fewest = max(2, settings.side_people)
    if side.label == "praise" or min(middle.sum(), side_counts.sum()) < fewest:
        return None
    drop, low, high = rating_drop(values, middle, side_counts, seed=settings.seed)
    return Penalty(
        drop=drop,
        low=low,
        high=high,
        people=int(side_counts.sum()),
        middle=int(middle.sum()),
        act=side.people >= settings.act_share * cause.people and low > 0,
    )


def _raters(corpus: Corpus) -> dict[str, _Raters]:
    """Context to those who rated a message in it; people of the same context alone are compared."""
    rated: dict[str, dict[int, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    for context, person, message in zip(
        corpus.contexts, corpus.person.tolist(), corpus.message.tolist(), strict=True
    ):
        rating = corpus.feedback[message].rating
        if rating is not None:
            rated[context][person][message] = rating
    return {context: _raters_of(people) for context, people in rated.items()}


def _raters_of(people: dict[int, dict[int, float]]) -> _Raters:
    means = {person: sum(sorted(own.values())) / len(own) for person, own in people.items()}
    values, levels = np.unique(np.array(list(means.values())), return_inverse=True)
    return _Raters(values=values, level=dict(zip(means, levels.tolist(), strict=True)))


def _people(corpus: Corpus, statements: Ints) -> set[int]:
    return set(corpus.person[statements].tolist())
