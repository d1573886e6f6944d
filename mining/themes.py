"""Causes in two levels: above forty causes, like ones are read together under a theme."""

from collections.abc import Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray

from mining.labels import Tallies, joined, label_causes, main_label
from mining.picture import Picture
from mining.results import Cause, Theme

Ints = NDArray[np.int64]

MOST_WITHOUT = 40
_PER_ROOT = 1.5
_DIGITS = 6


def find_themes(
    picture: Picture, causes: Sequence[Cause], members: Sequence[Ints], tallies: Sequence[Tallies]
) -> tuple[Theme, ...]:
    """Themes of the causes, most people first; none where there are few enough causes to read one by one.

    Average linkage (Sokal & Michener 1958) over the cosines of centroids in subject space, cut into 1.5 times the root
    of the number of causes: about as many themes as a theme has causes. A cut at a height or at the widest gap would
    jump with every new cause; this one moves by one theme at a time.

    Args:
        picture: What was mined.
        causes: Their records, aligned with ``members``.
        members: For each cause the positions of its statements in the corpus.
        tallies: For each cause what its texts say.
    """
    if len(causes) <= MOST_WITHOUT:
        return ()
    numbers = theme_numbers(np.array([_centre(picture, statements) for statements in members]))
    groups = [np.flatnonzero(numbers == number) for number in np.unique(numbers)]
    statements = [np.concatenate([members[place] for place in group.tolist()]) for group in groups]
    shared = label_causes([joined(tallies[place] for place in group.tolist()) for group in groups])
    labels = [own or causes[int(group[0])].labels for own, group in zip(shared, groups, strict=True)]
    people = [picture.corpus.count_people(own) for own in statements]
    order = sorted(
        range(len(groups)), key=lambda number: (-people[number], causes[int(groups[number][0])].id)
    )
    return tuple(
        Theme(
            id=f"t-{rank:02d}",
            label=main_label(labels[number], picture.main_language),
            labels=labels[number],
            people=people[number],
            causes=tuple(causes[place].id for place in groups[number].tolist()),
        )
        for rank, number in enumerate(order, start=1)
    )


def _centre(picture: Picture, statements: Ints) -> NDArray[np.float64]:
    """(d,) unit vector."""
    total = picture.vectors[picture.corpus.copy_of[statements]].sum(axis=0, dtype=np.float64)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-12))


def theme_numbers(centres: NDArray[np.float64]) -> Ints:
    """(c,) numbers of the themes of causes with the (c, d) unit ``centres``.

    Distances are rounded, so that equal ones stay equal on every machine.
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    distance = np.round(np.clip(1 - centres @ centres.T, 0.0, 2.0), _DIGITS)
    np.fill_diagonal(distance, 0.0)
    tree = linkage(squareform(distance, checks=False), "average")
    return np.asarray(fcluster(tree, ceil(_PER_ROOT * len(centres) ** 0.5), "maxclust"), dtype=np.int64)
