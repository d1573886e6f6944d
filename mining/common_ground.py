"""Whether two sides speak of one thing: how alike they are in subject space, beside the causes of the same file.

Two things that the clustering mixed are less alike than one thing is, however many people speak of each.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mining.picture import Picture

Ints = NDArray[np.int64]

# At most so many statements of a group are compared, taken at even steps: the mean is then known to two digits.
_MOST = 1_000


def typical_likeness(picture: Picture, members: Sequence[Ints]) -> float:
    """Median over the statements of the likeness inside their cause; 0 where no cause has two people.

    Args:
        picture: What was mined.
        members: For each cause the positions of its statements in the corpus.
    """
    inside = [likeness(picture, statements, statements) for statements in members]
    known = [
        (value, len(statements))
        for value, statements in zip(inside, members, strict=True)
        if value is not None
    ]
    if not known:
        return 0.0
    return float(np.median(np.repeat(*map(np.array, zip(*known, strict=True)))))


def likeness(picture: Picture, a: Ints, b: Ints) -> float | None:
    """Mean cosine in subject space of a statement of ``a`` and one of ``b``, in [-1, 1].

    Pairs of one person are left out: people repeat themselves. None where no other pair is left.
    """
    a, b = _thinned(a), _thinned(b)
    corpus = picture.corpus
    cosines = picture.vectors[corpus.copy_of[a]].astype(np.float64) @ picture.vectors[corpus.copy_of[b]].T
    others = corpus.person[a][:, None] != corpus.person[b][None, :]
    return float(cosines[others].mean()) if others.any() else None


def _thinned(statements: Ints) -> Ints:
    return statements[:: max(1, -(-len(statements) // _MOST))]
