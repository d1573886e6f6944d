"""What misreading does to the sides of one cause: corrected shares, and sides that errors alone may have made."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from data.labels import DEGREES, SIDES
from mining.corrected_shares import Calls, corrected_shares, told_from_zero
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
    errors = picture.errors_of(kind)
    if errors is None:
        return None, None
    languages = picture.languages(statements)
    mean, draws = errors.mean(kind, languages), errors.draws(kind, languages)
    shares = corrected_shares(calls_of(picture, statements, kind), mean, draws, seed=picture.settings.seed)
    return shares or (None, None)


def near_zero(picture: Picture, statements: Ints, label: str) -> bool | None:
    """Whether side ``label`` of a cause cannot be told from zero; None where the model's errors were not counted.

    ``statements`` are all those of the cause. A complaint that names a degree counts as a complaint here.
    """
    kind = next(kind for kind, labels in KINDS.items() if label in labels)
    judged = tested(picture, statements, kind)
    if judged is None:
        return None
    calls, draws = judged
    return not told_from_zero(
        calls,
        KINDS[kind].index(label),
        draws,
        significance=picture.settings.significance,
        seed=picture.settings.seed,
    )


def tested(picture: Picture, statements: Ints, kind: str) -> tuple[Calls, NDArray[np.float64]] | None:
    """The calls that are tested against misreading, and draws of their confusion; None where errors were not counted.

    Of degree the clear calls, where their errors were counted: few people on a side are told better by those.
    """
    clear = None if picture.misreading is None else picture.misreading.clear
    if kind == "degree" and clear is not None:
        return _clear_calls_of(picture, statements), clear.draws(kind, picture.languages(statements))
    draws = draws_for(picture, statements, kind)
    return None if draws is None else (calls_of(picture, statements, kind), draws)


def draws_for(picture: Picture, statements: Ints, kind: str) -> NDArray[np.float64] | None:
    """What the confusion matrix may be in the languages of these people; None where errors were not counted."""
    errors = picture.errors_of(kind)
    return None if errors is None else errors.draws(kind, picture.languages(statements))


def calls_of(picture: Picture, statements: Ints, kind: str) -> Calls:
    """The people of a cause by the sides that their statements are called."""
    sides = [statements[picture.stance.on(label, kind=kind)[statements]] for label in KINDS[kind]]
    return _calls(picture, statements, sides)


def _clear_calls_of(picture: Picture, statements: Ints) -> Calls:
    """The people of a cause by the sides of degree that their statements are clearly called."""
    called = clear_calls(picture.corpus.predictions.degree[statements])
    sides = [
        statements[(picture.stance.main[statements] == SIDES.index(label)) & (called == DEGREES.index(label))]
        for label in KINDS["degree"]
    ]
    return _calls(picture, statements, sides)


def _calls(picture: Picture, statements: Ints, sides: Sequence[Ints]) -> Calls:
    """The people of ``statements`` by the statements of both sides."""
    everybody, a, b = (set(picture.corpus.person[part].tolist()) for part in (statements, *sides))
    return Calls(a=len(a - b), b=len(b - a), both=len(a & b), neither=len(everybody - a - b))
