"""Groups of vectors by their sums: how alike their members are, and centres cleaned of sampling noise."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ROWS_PER_CHUNK = 8192


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of unit vectors, read once.

    Attributes:
        labels: (n,) group numbers from 0 without gaps, -1 for none.
        sums: (count, d) sums of the vectors of each group.
        sizes: (count,) how many those are.
    """

    labels: Ints
    sums: Floats
    sizes: Floats

    @classmethod
    def of(cls, vectors: NDArray[np.floating], labels: Ints) -> Self:
        """The groups of (n, d) unit vectors by their (n,) labels."""
        from scipy.sparse import csr_array

        count = int(labels.max(initial=-1)) + 1
        sums = np.zeros((count, vectors.shape[1]))
        for start in range(0, len(labels), _ROWS_PER_CHUNK):
            inside = start + np.flatnonzero(labels[start : start + _ROWS_PER_CHUNK] >= 0)
            places = (labels[inside], np.arange(len(inside)))
            sums += csr_array((np.ones(len(inside)), places), shape=(count, len(inside))) @ vectors[
                inside
            ].astype(np.float64)
        return cls(labels, sums, np.bincount(labels[labels >= 0], minlength=count).astype(np.float64))

    def only(self, kept: Bools) -> Self:
        """The groups in the (count,) mask ``kept``, in their order; the members of the others belong to none."""
        numbers = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)
        return type(self)(numbers[self.labels], self.sums[kept], self.sizes[kept])

    def within(self) -> Floats:
        """(count,) mean cosine of two different members; 0 for groups of one."""
        pairs = self.sizes * (self.sizes - 1)
        total = (self.sums**2).sum(axis=1) - self.sizes
        return np.asarray(np.divide(total, pairs, out=np.zeros_like(pairs), where=pairs > 0))

    def cleaned(self) -> Floats:
        """(count, d) centres whose products do not grow with the sizes; zeros where members are not alike at all.

        The cosine of two centroids grows with the size of the groups even when the subject is the same. The mean
        similarity of pairs across the two, divided by the geometric mean of that of pairs within each, does not: it
        is 1 on average for two samples of one subject.
        """
        scale = (self.sizes * np.sqrt(np.maximum(self.within(), 0.0)))[:, None]
        return np.asarray(np.divide(self.sums, scale, out=np.zeros_like(self.sums), where=scale > 0))
