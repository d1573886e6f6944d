"""Who speaks, of a whole mining: its causes and oppositions weighted, and asked people beside unasked ones."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from data.margins import Margins
from mining.evidence import adjusted
from mining.picture import Picture
from mining.results import Cause, Opposition
from mining.speaking.asked import Question, asking_of, compare
from mining.speaking.camps import camps, people_of, upset
from mining.speaking.raking import LEAST, MOST, effective_people
from mining.speaking.results import (
    Asked,
    Speakers,
    WeightedCause,
    WeightedOpposition,
    WeightedShare,
    WeightedSide,
    Weighting,
)
from mining.speaking.shares import weighted_share
from mining.speaking.weights import weigh

Ints = NDArray[np.int64]
Share = Callable[[Ints, Ints], WeightedShare]


def speakers_of(
    picture: Picture,
    causes: Sequence[Cause],
    oppositions: Sequence[Opposition],
    members: Sequence[Ints],
    margins: Margins | None,
) -> Speakers | None:
    """Who speaks; None without margins where asked and unasked people cannot be told apart.

    Args:
        picture: What was mined.
        causes: Their records, in the order of ``members``.
        oppositions: Of those causes.
        members: For each cause the positions of its statements in the corpus.
        margins: Known shares of the customers.

    Raises:
        InputError: Margins and people do not have the same values.
    """
    of_cause = {cause.id: statements for cause, statements in zip(causes, members, strict=True)}
    asked = _asked(picture, oppositions, of_cause)
    weighting = None if margins is None else _weighting(picture, causes, oppositions, of_cause, margins)
    return None if asked is None and weighting is None else Speakers(asked=asked, weighting=weighting)


def _asked(picture: Picture, oppositions: Sequence[Opposition], of_cause: dict[str, Ints]) -> Asked | None:
    settings = picture.settings
    everyone = np.unique(picture.corpus.people)
    complaints = np.flatnonzero(upset(picture.corpus, picture.stance))
    questions = [Question(cause_id=None, kind=None, side="complaint", on=complaints, everyone=everyone)]
    for opposition in oppositions:
        first, second = camps(picture, of_cause[opposition.cause_id], opposition.kind)
        questions.append(
            Question(
                cause_id=opposition.cause_id,
                kind=opposition.kind,
                side=opposition.sides[0].label,
                on=first,
                everyone=np.union1d(first, second),
            )
        )
    return compare(
        asking_of(picture.corpus),
        questions,
        gate=settings.share_people,
        significance=settings.significance,
    )


def _weighting(
    picture: Picture,
    causes: Sequence[Cause],
    oppositions: Sequence[Opposition],
    of_cause: dict[str, Ints],
    margins: Margins,
) -> Weighting:
    people = weigh(picture.corpus, margins)
    weights = people.raked.weights

    def share(on: Ints, everyone: Ints) -> WeightedShare:
        return weighted_share(np.isin(everyone, on), weights[everyone], gate=picture.settings.share_people)

    everyone = np.arange(len(weights))
    complaints = share(np.flatnonzero(upset(picture.corpus, picture.stance)), everyone)
    weighted_causes = tuple(_cause(picture, cause, of_cause[cause.id], everyone, share) for cause in causes)
    weighted_oppositions = tuple(
        _opposition(picture, opposition, of_cause[opposition.cause_id], share) for opposition in oppositions
    )
    return Weighting(
        people=len(weights),
        n_eff=effective_people(weights),
        least=LEAST,
        most=MOST,
        clipped=int(people.raked.clipped.sum()),
        margins=people.margins,
        complaints=complaints,
        causes=weighted_causes,
        oppositions=weighted_oppositions,
        cutoff=_cutoff(
            [complaints, *(each.sides[0].share for each in weighted_oppositions)],
            picture.settings.significance,
        ),
    )


def _cutoff(shares: Sequence[WeightedShare], significance: float) -> float:
    """The largest p-value that Benjamini-Hochberg leaves below the level; -1 for none."""
    chances = [p for share in shares if (p := share.p_value) is not None]
    held = zip(chances, adjusted(chances), strict=True)
    return max((chance for chance, told in held if told < significance), default=-1.0)


def _cause(picture: Picture, cause: Cause, statements: Ints, everyone: Ints, share: Share) -> WeightedCause:
    people = people_of(picture, statements)
    return WeightedCause(
        cause_id=cause.id,
        share=replace(share(people, everyone), p_value=None),
        sides=tuple(
            WeightedSide(
                label=side.label,
                share=replace(share(people_of(picture, statements, side.label), people), p_value=None),
            )
            for side in cause.sides
        ),
    )


def _opposition(
    picture: Picture, opposition: Opposition, statements: Ints, share: Share
) -> WeightedOpposition:
    sides = camps(picture, statements, opposition.kind)
    both = np.union1d(*sides)
    first, second = (
        WeightedSide(label=side.label, share=share(people, both))
        for side, people in zip(opposition.sides, sides, strict=True)
    )
    return WeightedOpposition(cause_id=opposition.cause_id, kind=opposition.kind, sides=(first, second))
