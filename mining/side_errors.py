"""What misreading does to the sides of one cause: corrected shares, and sides that errors alone may have made."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from data.labels import DEGREES, SIDES
from mining.calls import Calls, Votes
from mining.corrected_shares import corrected_shares, told_from_zero
from mining.picture import Picture
from mining.results import CorrectedShare
from mining.sides import KINDS
from models.confusion import clear_calls

Ints = NDArray[np.int64]


def corrected_sides(
    picture: Picture, statements: Ints, kind: str
) -> tuple[CorrectedShare, CorrectedShare] | tuple[None, None]:
    """Corrected shares of the two sides of a ``kind`` among the people who take one, in the order of ``KINDS``.

    The errors are those of the languages that the people of the cause speak. None where the model's errors were not
    counted, or leave nobody on either side.
    """
    errors, found = picture.errors_of(kind), all_calls(picture, statements, kind)
    if errors is None or found is None:
        return None, None
    votes, draws = found
    mean = errors.mean(kind, picture.languages(statements))
    shares = corrected_shares(votes, mean, draws, seed=picture.settings.seed)
    return shares or (None, None)


def near_zero(picture: Picture, statements: Ints, label: str) -> bool | None:
    """Whether side ``label`` of a cause cannot be told from zero; None where the model's errors were not counted.

    ``statements`` are all those of the cause. A complaint that names a degree counts as a complaint here.
    """
    kind = next(kind for kind, labels in KINDS.items() if label in labels)
    judged = tested(picture, statements, kind)
    if judged is None:
        return None
    votes, draws = judged
    return not told_from_zero(
        votes,
        KINDS[kind].index(label),
        draws,
        significance=picture.settings.significance,
        seed=picture.settings.seed,
    )


def tested(picture: Picture, statements: Ints, kind: str) -> tuple[Votes, NDArray[np.float64]] | None:
    """The votes that are tested against misreading, and draws of their confusion; None where errors were not counted.

    Of degree by the clear calls, where their errors were counted: few people on a side are told better by those.
    """
    clear = None if picture.misreading is None else picture.misreading.clear
    if kind == "degree" and clear is not None:
        votes = _votes(picture, statements, _clear_sides(picture, statements))
        return votes, clear.draws(kind, picture.languages(statements))
    return all_calls(picture, statements, kind)


def all_calls(picture: Picture, statements: Ints, kind: str) -> tuple[Votes, NDArray[np.float64]] | None:
    """The votes by all calls, and draws of their confusion; None where errors were not counted."""
    errors = picture.errors_of(kind)
    if errors is None:
        return None
    votes = _votes(picture, statements, _sides(picture, statements, kind))
    return votes, errors.draws(kind, picture.languages(statements))


def calls_of(picture: Picture, statements: Ints, kind: str) -> Calls:
    """The people of a cause by the sides that their statements are called."""
    parts = (statements, *_sides(picture, statements, kind))
    everybody, a, b = (set(picture.corpus.person[part].tolist()) for part in parts)
    return Calls(a=len(a - b), b=len(b - a), both=len(a & b), neither=len(everybody - a - b))


def _sides(picture: Picture, statements: Ints, kind: str) -> list[Ints]:
    """The statements of each side."""
    return [picture.stance.among(statements, label, kind=kind) for label in KINDS[kind]]


def _clear_sides(picture: Picture, statements: Ints) -> list[Ints]:
    """The statements of each side of degree that are clearly called so."""
    called = clear_calls(picture.corpus.predictions.degree[statements])
    return [
        statements[(picture.stance.main[statements] == SIDES.index(label)) & (called == DEGREES.index(label))]
        for label in KINDS["degree"]
    ]


def _votes(picture: Picture, statements: Ints, sides: Sequence[Ints]) -> Votes:
    """The votes of the people of ``statements`` by the statements of both sides."""
    _, voter, said = np.unique(picture.corpus.person[statements], return_inverse=True, return_counts=True)
    vote = 1 / said[voter]
    a, b = (float(vote[np.isin(statements, side)].sum()) for side in sides)
    return Votes(a=a, b=b, neither=max(0.0, len(said) - a - b))
