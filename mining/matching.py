"""Which new cluster is which registered cause: one optimal assignment on members and centroids."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mining.register import RegisteredCause, id_number

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_SCORE = 1 / 3
# Causes of different subjects have cosines up to about this in the sample; it counts as no likeness at all.
_STRANGERS_REACH = 0.5
# Shared history of this many messages counts half as much as the centroids.
_HALF_TRUSTED_AT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A cause as one mining found it, before it has an id.

    Attributes:
        key: Id of its first statement; a statement is in one cluster only, so no two have the same key.
        context: Value of the context column that it belongs to, "" for none.
        people: Distinct people in it.
        members: Keys of the feedback with a statement in it.
        embedding: (d,) mean embedding of its distinct texts.
        topics: (t,) mean topic probabilities of its distinct texts.
    """

    key: str
    context: str
    people: int
    members: frozenset[str]
    embedding: Floats
    topics: Floats


@dataclass(frozen=True, slots=True)
class Overlap:
    """Shared members of k clusters and r registered causes, among the feedback that both minings had.

    Attributes:
        shared: (k, r) feedback in both.
        cluster: (k, r) feedback of the cluster that was there when the cause was last matched.
        cause: (r,) feedback of the cause that is here now.
    """

    shared: Ints
    cluster: Ints
    cause: Ints

    @property
    def union(self) -> Ints:
        """(k, r) feedback in either."""
        return np.asarray(self.cluster + self.cause - self.shared)


def overlap_of(
    clusters: Sequence[Cluster],
    causes: Sequence[RegisteredCause],
    seen: Mapping[str, tuple[int, int]],
    present: frozenset[str],
) -> Overlap:
    """Count shared members. New rows say nothing of old causes, nor do rows that are gone: both are left out.

    Args:
        clusters: Of this mining.
        causes: Of the register.
        seen: Key of each feedback to the first and last mining before this one that had it.
        present: Keys of the feedback of this mining.
    """
    holders: dict[str, list[int]] = defaultdict(list)
    for place, cause in enumerate(causes):
        for key in cause.members & present:
            holders[key].append(place)
    shape = (len(clusters), len(causes))
    shared, comparable = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    matched = np.array([cause.matched for cause in causes], dtype=np.int64)
    for row, cluster in enumerate(clusters):
        counts = Counter(place for key in cluster.members for place in holders[key])
        for place, count in counts.items():
            shared[row, place] = count
        known = np.array([seen[key] for key in cluster.members if key in seen], dtype=np.int64).reshape(-1, 2)
        for number in np.unique(matched):
            there = int(((known[:, 0] <= number) & (number <= known[:, 1])).sum())
            comparable[row, matched == number] = there
    here = np.array([len(cause.members & present) for cause in causes], dtype=np.int64)
    return Overlap(shared, np.maximum(comparable, shared), here)


def scores_of(overlap: Overlap, cosines: Floats) -> Floats:
    """(k, r) likeness in [0, 1] of clusters and registered causes.

    Two witnesses: the Jaccard similarity of members, with one more unshared member added so that a single message
    proves little; and the cosine of the centroids, from where strangers end up to 1. Members weigh as much as
    centroids once there are many of them, nothing where the two minings share no feedback. Where centroids cannot be
    compared, members speak alone.

    Args:
        overlap: Shared members.
        cosines: (k, r) in subject space; NaN where the two vectors are of different models.
    """
    union = overlap.union
    jaccard = overlap.shared / (union + 1)
    weight = union / (union + _HALF_TRUSTED_AT)
    near = np.clip((cosines - _STRANGERS_REACH) / (1 - _STRANGERS_REACH), 0.0, 1.0)
    both = (weight * jaccard + near) / (weight + 1)
    return np.asarray(np.where(np.isnan(cosines), jaccard, both))


def identify(
    clusters: Sequence[Cluster],
    causes: Sequence[RegisteredCause],
    scores: Floats,
    new_id: Callable[[], str],
) -> tuple[str, ...]:
    """The permanent id of each cluster; new causes get theirs most people first, by calling ``new_id``."""
    ids = match(clusters, causes, scores)
    for row in sorted(range(len(clusters)), key=lambda i: (-clusters[i].people, clusters[i].key)):
        ids[row] = ids[row] or new_id()
    return tuple(filter(None, ids))


def match(clusters: Sequence[Cluster], causes: Sequence[RegisteredCause], scores: Floats) -> list[str | None]:
    """Id of the registered cause that each cluster is, None for a new one.

    The optimal assignment (``scipy.optimize.linear_sum_assignment``) of what each pair scores above
    ``LEAST_SCORE``. Counting only the excess keeps one sure match rather than two doubtful ones. Causes of
    different named contexts never match; where one of the two is "", as of a context that was rare, they may. The
    order of clusters and causes changes nothing.

    Args:
        clusters: k clusters with distinct keys.
        causes: r causes with distinct ids.
        scores: (k, r) from ``scores_of``.
    """
    from scipy.optimize import linear_sum_assignment

    rows = sorted(range(len(clusters)), key=lambda i: clusters[i].key)
    columns = sorted(range(len(causes)), key=lambda j: id_number(causes[j].id))
    excess = np.round(np.maximum(scores - LEAST_SCORE, 0.0), 9)
    excess[_apart(clusters, causes)] = 0.0
    excess = excess[np.ix_(rows, columns)]
    ids: list[str | None] = [None] * len(clusters)
    for row, column in zip(*linear_sum_assignment(excess, maximize=True), strict=True):
        if excess[row, column] > 0:
            ids[rows[row]] = causes[columns[column]].id
    return ids


def _apart(clusters: Sequence[Cluster], causes: Sequence[RegisteredCause]) -> NDArray[np.bool_]:
    """(k, r) pairs of two different named contexts; a rare value, which is mined as "", may become a named one."""
    apart = np.zeros((len(clusters), len(causes)), dtype=bool)
    for row, cluster in enumerate(clusters):
        for column, cause in enumerate(causes):
            known = bool(cluster.context and cause.contexts and "" not in cause.contexts)
            apart[row, column] = known and cluster.context not in cause.contexts
    return apart
