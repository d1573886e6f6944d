"""How long a CUSUM runs until chance alone takes it to a height: the Markov chain of Brook & Evans (1972)."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def run_lengths(steps: Floats) -> Floats:
    """Mean number of steps until a CUSUM that starts at 0 reaches each height of a lattice.

    The sum is max(0, S + step). Its chain among the heights below M is a part of the chain among those below M + 1, so
    that one elimination of the largest answers for all: where the transpose of I - Q is L U without interchanges, the
    mean for M is the scalar product of the first M entries of L^-1 e and of U'^-1 1, e being the first unit vector. In
    the rows of I - Q the diagonal dominates, so that partial pivoting of the transpose interchanges nothing.

    Args:
        steps: (b, 2 m + 1) probabilities of b kinds of steps by -m ... m units of the lattice; the first entry holds
            all longer ones downwards, the last all longer ones upwards. Rows sum to 1.

    Returns:
        (b, m) means for the heights of 1 ... m units.
    """
    m = steps.shape[1] // 2
    return np.stack([_means(np.eye(m) - moves) for moves in _transitions(steps, m)])


def _means(left: Floats) -> Floats:
    from scipy.linalg import lu_factor, solve_triangular

    factors, _ = lu_factor(left.T, check_finite=False)
    first = np.zeros(len(left))
    first[0] = 1.0
    row = solve_triangular(factors, first, lower=True, unit_diagonal=True, check_finite=False)
    ones = solve_triangular(factors, np.ones(len(left)), trans="T", check_finite=False)
    return np.asarray(np.cumsum(row * ones))


def _transitions(steps: Floats, m: int) -> Floats:
    """(b, m, m) probabilities of going from one height below m to another."""
    start, end = np.arange(m)[:, None], np.arange(m)[None, :]
    moves = steps[:, m + end - start]
    below = np.cumsum(steps, axis=1)
    moves[:, :, 0] = below[:, m - np.arange(m)]
    return moves


def lattice(places: Floats, weights: Floats, m: int) -> Floats:
    """Probabilities on -m ... m of steps that lie between the points, each shared by its two neighbours.

    The sharing keeps the mean of every step, which the run length depends on most.

    Args:
        places: (k,) steps in units of the lattice.
        weights: (b, k) their probabilities.
    """
    clipped = np.clip(places, -m, m)
    low = np.minimum(np.floor(clipped), m - 1).astype(np.int64)
    upper = clipped - low
    found = np.zeros((len(weights), 2 * m + 1))
    for shift, share in ((0, 1 - upper), (1, upper)):
        np.add.at(found.T, low + m + shift, (weights * share).T)
    return found
