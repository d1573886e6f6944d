"""The regression of an outcome on causes within products: sums, covariances and residuals.

What products differ by is no cause's doing. The mean of each product is a parameter, taken out of the outcome and of
the causes (Frisch & Waugh 1933): what is left are people against others who wrote about the same product.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mining.driver_rows import DriverRows
from mining.importance import importance

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Design:
    """The columns of the regression.

    Attributes:
        matrix: (n, p + 1 + c) causes, the outcome less its mean in each product, and who wrote about each of the c
            products of the causes.
        product: (p,) for each cause which of the c it is of.
    """

    matrix: "csr_matrix"
    product: Ints

    @cached_property
    def sums(self) -> Floats:
        """(p + 1 + c, p + 1 + c) sums of products of the columns."""
        return np.asarray((self.matrix.T @ self.matrix).toarray())

    def resampled(self, drawn: Ints) -> Floats:
        """The sums with each row as often as ``drawn`` says, (n,)."""
        weighted = self.matrix.multiply(drawn[:, None]).tocsr()
        return np.asarray((self.matrix.T @ weighted).toarray())

    def means(self, sums: Floats) -> tuple[Floats, Floats]:
        """(b, p + 1, c) means of causes and outcome in each product, and (b, c) rows of it, by (b, ...) sums."""
        width = len(self.product) + 1
        rows = np.diagonal(sums[:, width:, width:], axis1=1, axis2=2)
        return sums[:, :width, width:] / np.maximum(1, rows)[:, None, :], rows

    def covariances(self, sums: Floats) -> Floats:
        """(b, p + 1, p + 1) covariances within products, by (b, ...) sums."""
        width, size = len(self.product) + 1, self.matrix.shape[0]
        means, rows = self.means(sums)
        between = np.einsum("bik,bjk->bij", means * (rows / size)[:, None, :], means)
        return np.asarray(sums[:, :width, :width] / size - between)

    def differences(self, sums: Floats) -> Floats:
        """(b, p) mean outcome of those who have a cause, less that of the others of its product, by (b, ...) sums."""
        width, cause = len(self.product) + 1, np.arange(len(self.product))
        having, theirs = sums[:, cause, width + self.product], sums[:, cause, width - 1]
        others = sums[:, width - 1, width + self.product] - theirs
        rows = self.means(sums)[1][:, self.product]
        return theirs / np.maximum(1, having) - others / np.maximum(1, rows - having)

    def residuals(self) -> Floats:
        """(n,) the outcome less its linear regression on the causes."""
        p = len(self.product)
        covariance, means = self.covariances(self.sums[None])[0], self.means(self.sums[None])[0][0, :p]
        weights = np.linalg.lstsq(covariance[:p, :p], self.sums[:p, p] / self.matrix.shape[0], rcond=None)[0]
        outcome = self.matrix[:, [p]].toarray()[:, 0]
        usual = self.matrix[:, p + 1 :] @ (weights @ means)
        return np.asarray(outcome - self.matrix[:, :p] @ weights + usual, dtype=np.float64)

    def apart(self, person: Ints) -> float:
        """How many independent predictors the causes are worth, by what the errors of one person have in common.

        Chance explains a sum of squares whose variance is twice the sum of the squared eigenvalues of the covariance
        of the scores by person (Liang & Zeger 1986), over that of independent rows. Rows of one person are of
        different products, and so are the causes in them: where everybody wrote about one product, each cause is one.

        Args:
            person: (n,) number of the person of each row, from 0 without gaps.
        """
        from scipy.sparse import csr_matrix

        p, size, residuals = len(self.product), len(person), self.residuals()
        scores = csr_matrix((residuals, (person, np.arange(size)))) @ self.matrix
        means = self.means(self.sums[None])[0][0, :p]
        within = np.vstack([np.eye(p), np.zeros((1, p)), -means.T])
        shared = within.T @ (scores.T @ scores).toarray() @ within
        shared[self.product[:, None] == self.product] = 0
        usual = self.covariances(self.sums[None])[0, :p, :p] * (residuals @ residuals)
        over = np.linalg.pinv(usual, hermitian=True) @ shared
        return p**2 / (p + float((over * over.T).sum()))


def design_of(rows: DriverRows, causes: Sequence[tuple[int, Ints]]) -> Design:
    """The design of causes given by the number of their product and the rows of the people who have them."""
    from scipy.sparse import csr_matrix

    products, product = np.unique([number for number, _ in causes], return_inverse=True)
    size, width = len(rows), len(causes)
    everyone = np.arange(size)
    writers = [rows.about[number] for number in products]
    columns = [*(having for _, having in causes), everyone, *writers]
    across = np.concatenate([np.full(len(column), place) for place, column in enumerate(columns)])
    down = np.concatenate(columns)
    filled = np.where(across == width, rows.deviations[down], 1.0)
    return Design(csr_matrix((filled, (down, across)), shape=(size, len(columns))), product)


@dataclass(frozen=True, slots=True)
class Resampled:
    """The people as they are in row 0, and resampled in the other rows.

    Attributes:
        carried: (b + 1, p) contributions to R2.
        differences: (b + 1, p) mean outcome of those who have the cause, less that of the others of its product.
    """

    carried: Floats
    differences: Floats


def resampled(design: Design, person: Ints, resamples: int, *, seed: int) -> Resampled:
    """Resample people, with all products they wrote about.

    Args:
        design: Of the regression.
        person: (n,) number of the person of each row, from 0 without gaps.
        resamples: How often.
        seed: Of the resamples.
    """
    rng, people = np.random.default_rng(seed), int(person.max()) + 1
    sums = [design.sums]
    for _ in range(resamples):
        drawn = np.bincount(rng.integers(0, people, people), minlength=people)
        sums.append(design.resampled(drawn[person]))
    all_sums = np.array(sums)
    return Resampled(importance(design.covariances(all_sums), seed=seed), design.differences(all_sums))
