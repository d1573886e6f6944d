"""Who stands where: people on sides, as sorted numbers."""

import numpy as np
from numpy.typing import NDArray

from mining.corpus import Corpus
from mining.picture import Picture
from mining.sides import KINDS, Stance

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def upset(corpus: Corpus, stance: Stance) -> Bools:
    """(p,) whether a person complains in more statements than they praise in, by the number of the person."""
    balance = np.bincount(
        corpus.person,
        weights=stance.complains.astype(float) - stance.praises,
        minlength=int(corpus.people.max(initial=-1)) + 1,
    )
    return np.asarray(balance > 0)


def people_of(
    picture: Picture, statements: Ints, label: str | None = None, *, kind: str | None = None
) -> Ints:
    """People behind the statements, or behind those on side ``label``."""
    if label is not None:
        statements = picture.stance.among(statements, label, kind=kind)
    return np.unique(picture.corpus.person[statements])


def camps(picture: Picture, statements: Ints, kind: str) -> tuple[Ints, Ints]:
    """People on the two sides of an opposition of ``kind`` among the statements of its cause."""
    first, second = (people_of(picture, statements, label, kind=kind) for label in KINDS[kind])
    return first, second
