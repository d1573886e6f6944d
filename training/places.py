"""Teaches the embedding which sentence a row says, among thousands of others: what retrieval asks of it.

The distance to the teacher alone lets a translation lie near its English sentence and nearer to another one. The
other rows of a batch are few and far, so the contrast is with the teacher's vectors of thousands of sentences, drawn
anew at every step; the teacher does not change, so they cost one product of matrices (Wu et al. 2018, a memory bank,
arXiv:1805.01978).
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.distil import told_apart

OTHERS = 16_384
TEMPERATURE = 0.05


@dataclass(frozen=True, slots=True)
class Places:
    """Where the sentences of a training lie.

    Attributes:
        vectors: (m, d) distinct unit vectors.
        number: (n,) which of them each row must reach, -1 for a row that is not rehearsed.
    """

    vectors: Tensor
    number: Tensor

    @classmethod
    def of(cls, start: NDArray[np.float32]) -> Self:
        """Those of (n, d) unit vectors, a row of zeros where a row is not rehearsed; translations share theirs."""
        number = np.full(len(start), -1, np.int64)
        known = np.flatnonzero(np.abs(start).sum(axis=1) > 0)
        vectors, number[known] = np.unique(start[known], axis=0, return_inverse=True)
        return cls(vectors=torch.from_numpy(vectors), number=torch.from_numpy(number))

    def loss(self, embeddings: Tensor, rows: list[int]) -> Tensor:
        """How each rehearsed row's sentence stands out among ``OTHERS`` drawn ones (``training.distil.told_apart``).

        Args:
            embeddings: (b, d) unit vectors.
            rows: The b rows that they are of.

        Returns:
            Mean over the rehearsed rows, at least 0; 0 where none is.
        """
        own = self.number[rows]
        known = own >= 0
        if not known.any():
            return embeddings.sum() * 0
        own, student = own[known], embeddings[known]
        others = torch.randint(len(self.vectors), (min(OTHERS, len(self.vectors)),))
        same = own[:, None] == others[None]
        return told_apart(student, self.vectors[own], self.vectors[others], same, TEMPERATURE)
