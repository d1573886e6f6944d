"""Subject space: embeddings with what predicts sentiment, degree and language erased, so that camps meet."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# A language seen n times has the mean of its n subjects mixed into its direction; this many statements are
# needed before half of the direction is trusted to be the language and is erased.
_HALF_ERASED_AT = 20
# How much of the mean of all statements stays. Taking all of it off would spread similarities widest, but where
# half of a file is about one subject, the mean is that subject, and its statements would lose each other.
_MEAN_KEPT = 0.5
_NUMERICALLY_ZERO = 1e-6
# Probabilities sum to one, so one direction in three is nothing but their rounding, to four digits in some files.
# Erasing it would turn the whole space by noise.
_ROUNDING = 1e-3


@dataclass(frozen=True, slots=True)
class SubjectSpace:
    """An affine map from model features to unit vectors.

    LEACE (Belrose et al. 2023, arXiv:2306.03819, theorem 4.3): r(x) = x - W+ P W (x - mean), with W the
    whitening of the features and P the orthogonal projection on W cov(x, z). Afterwards no linear classifier
    finds the concepts z, and of all such maps it moves the features least.

    Plain LEACE also takes away subjects that go with a concept: where all praise is for couriers, praise and
    couriers are one direction, and the couriers who are scolded end up alone. Controls prevent it: only the
    part of z that they do not explain is erased, as in a partial regression (Frisch & Waugh 1933).

    Attributes:
        mean: (d,) weighted mean of the fitted features; half of it stays in the vectors.
        eraser: (d, d) matrix applied to centred rows from the right.
    """

    mean: Floats
    eraser: Floats

    @classmethod
    def fit(
        cls,
        features: NDArray[np.floating],
        concepts: Floats,
        languages: Sequence[str],
        controls: Floats | None = None,
    ) -> Self:
        """Erase ``concepts`` wholly, and the languages as far as each is known.

        Rows weigh 1/sqrt(rows of their language), so that a large language does not decide alone where the
        directions lie. The covariance is shrunk (Ledoit & Wolf 2004), which the small n of one file needs and
        which leaves the erasure exact. A class that nobody belongs to adds no direction.

        Args:
            features: (n, d); without rows nothing is erased.
            concepts: (n, c) probabilities or one-hot labels to erase.
            languages: n language tags.
            controls: (n, k) what may go with a concept without being it, such as topic probabilities.
        """
        x = np.asarray(features, dtype=np.float64)
        if len(x) == 0:
            return cls(mean=np.zeros(x.shape[1]), eraser=np.eye(x.shape[1]))
        counts = Counter(languages)
        weights = np.array([counts[language] ** -0.5 for language in languages])
        weights /= weights.sum()
        mean = weights @ x
        x = x - mean
        tags = sorted(counts, key=lambda tag: (-counts[tag], tag))
        number = {tag: i for i, tag in enumerate(tags)}
        one_hot = np.eye(len(tags))[[number[language] for language in languages]]
        whiten, colour = _whitening(x, weights)
        concept_directions = whiten @ _covariance(x, _unexplained(concepts, controls, weights), weights)
        language_directions = whiten @ _covariance(x, _unexplained(one_hot, controls, weights), weights)
        basis, strength = _partial_basis(
            concept_directions,
            language_directions,
            [counts[tag] / (counts[tag] + _HALF_ERASED_AT) for tag in tags],
        )
        erased = colour @ (basis * strength) @ basis.T @ whiten
        return cls(mean=mean, eraser=np.eye(x.shape[1]) - erased.T)

    def transform(self, features: NDArray[np.floating]) -> NDArray[np.float32]:
        """Map (n, d) features to (n, d) unit vectors; a row with nothing left becomes zeros.

        Computed in float64 and rounded: the last bits of a product of matrices depend on how many rows it has, and
        a statement must get the same vector alone as in a file.
        """
        x = self.erased(features) + _MEAN_KEPT * self.mean
        norms = np.linalg.norm(x, axis=1, keepdims=True)
        unit = np.divide(x, norms, out=np.zeros_like(x), where=norms > _NUMERICALLY_ZERO)
        return np.asarray(unit, dtype=np.float32)

    def erased(self, features: NDArray[np.floating]) -> Floats:
        """(n, d) features less their mean and what was erased."""
        return np.asarray((np.asarray(features, dtype=np.float64) - self.mean) @ self.eraser)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """What ``from_arrays`` needs, for an npz file."""
        return {"space_mean": self.mean, "space_eraser": self.eraser}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Self:
        """Rebuild a space from ``arrays``; KeyError when one is missing."""
        return cls(
            mean=np.asarray(arrays["space_mean"], dtype=np.float64),
            eraser=np.asarray(arrays["space_eraser"], dtype=np.float64),
        )


def _unexplained(z: Floats, controls: Floats | None, weights: Floats) -> Floats:
    """What is left of ``z`` after a weighted least-squares fit on the controls and a constant."""
    z = np.asarray(z, dtype=np.float64)
    if controls is None:
        return z
    known = np.column_stack([np.ones(len(z)), controls])
    scale = np.sqrt(weights)[:, None]
    fitted, *_ = np.linalg.lstsq(scale * known, scale * z, rcond=_NUMERICALLY_ZERO)
    return np.asarray(z - known @ fitted)


def _covariance(x: Floats, z: Floats, weights: Floats) -> Floats:
    """(d, c) weighted cross-covariance of centred ``x`` with ``z``."""
    return np.asarray((x * weights[:, None]).T @ (z - weights @ z))


def _whitening(x: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Symmetric square root of the inverse shrunk covariance, and its inverse."""
    covariance = (x * weights[:, None]).T @ x
    size = len(covariance)
    scale = np.trace(covariance) / size
    if scale <= _NUMERICALLY_ZERO**2:
        return np.eye(size), np.eye(size)
    shrinkage = _ledoit_wolf(x, weights, covariance, scale)
    covariance = (1 - shrinkage) * covariance + shrinkage * scale * np.eye(size)
    values, vectors = np.linalg.eigh(covariance)
    values = np.maximum(values, _NUMERICALLY_ZERO * scale)
    return (vectors * values**-0.5) @ vectors.T, (vectors * values**0.5) @ vectors.T


def _ledoit_wolf(x: Floats, weights: Floats, covariance: Floats, scale: float) -> float:
    """Optimal weight of the scaled identity; the weighted sample counts as its effective size (Kish)."""
    distance = float((covariance**2).sum() - len(covariance) * scale**2)
    if distance <= 0:
        return 1.0
    fourth_moment = float(weights @ (x**2).sum(axis=1) ** 2)
    noise = (fourth_moment - float((covariance**2).sum())) * float((weights**2).sum())
    return float(np.clip(noise / distance, 0.0, 1.0))


def _partial_basis(concepts: Floats, languages: Floats, trust: Sequence[float]) -> tuple[Floats, Floats]:
    """Orthonormal directions and how much of each to erase: concepts wholly, then languages by size."""
    left, singular, _ = np.linalg.svd(concepts, full_matrices=False)
    largest = float(np.max(singular, initial=0.0))
    keep = singular > max(_NUMERICALLY_ZERO, _ROUNDING * largest)
    basis = list(left[:, keep].T)
    strength = [1.0] * len(basis)
    for direction, weight in zip(languages.T, trust, strict=True):
        rest = direction.copy()
        for _ in range(2):  # twice is enough for orthogonality to rounding (Kahan)
            for known in basis:
                rest -= known * (known @ rest)
        norm = float(np.linalg.norm(rest))
        if norm > _NUMERICALLY_ZERO * max(1.0, float(np.linalg.norm(direction))):
            basis.append(rest / norm)
            strength.append(weight)
    if not basis:
        return np.zeros((len(concepts), 0)), np.zeros(0)
    return np.column_stack(basis), np.array(strength)
