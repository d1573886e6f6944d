"""How often a side is misread: the confusion of the classifier by language, with what is not known of it."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from data.labels import DEGREES, SENTIMENTS
from models.confusion import ALL, CLEAR_DEGREE, Confusion

Floats = NDArray[np.float64]

DRAWS = 2000
_JEFFREYS = 0.5
# The other languages' counts are weighed as if they were at most this many rows of a language.
_BORROWED = 30.0
_ORDER = {
    "degree": tuple(map(DEGREES.index, ("too_little", "too_much", "none"))),
    "sentiment": tuple(map(SENTIMENTS.index, ("negative", "positive", "neutral"))),
}


class Misreading:
    """Confusion matrices of a contrast, as draws from what the dev rows leave possible.

    Rows are what people mean (side A, side B, neither), columns what they are called. Each row of a language has a
    Dirichlet posterior from its dev counts; its prior is the rate over the other languages with the weight of at most
    ``_BORROWED`` rows, so that a language with few dev rows, or none, is known little and not wrongly (a conjugate
    partial pooling; Gelman et al. 2013, ch. 5). A model of one language borrows nothing: its rows count once.
    """

    def __init__(self, confusion: Confusion, *, seed: int = 0) -> None:
        self._confusion = confusion
        self._seed = seed
        self._known: dict[tuple[str, str], Floats] = {}

    @cached_property
    def clear(self) -> "Misreading | None":
        """Of degree, the same for clear calls (``models.confusion.clear_calls``); None where those were not counted."""
        counts = self._confusion.get(CLEAR_DEGREE)
        return None if counts is None else Misreading({"degree": counts}, seed=self._seed)

    def counted(self, kind: str) -> bool:
        """Whether the errors of a ``kind`` of contrast were counted: not where no dev row had its label."""
        return kind in self._confusion

    def draws(self, kind: str, languages: Mapping[str, int]) -> Floats:
        """(3, 3, ``DRAWS``) matrices of a ``kind`` of contrast, for people of these ``languages``."""
        weights = _weights(languages)
        return np.asarray(
            np.sum([weight * self._draws_of(kind, tag) for tag, weight in weights.items()], axis=0)
        )

    def mean(self, kind: str, languages: Mapping[str, int]) -> Floats:
        """(3, 3) expected matrix."""
        weights = _weights(languages)
        return np.asarray(
            np.sum([weight * _rates(self._shapes(kind, tag)) for tag, weight in weights.items()], axis=0)
        )

    def _draws_of(self, kind: str, language: str) -> Floats:
        key = (kind, language)
        if key not in self._known:
            rng = np.random.default_rng([self._seed, *f"{kind} {language}".encode()])
            self._known[key] = _rates(
                rng.standard_gamma(self._shapes(kind, language)[:, :, None], (3, 3, DRAWS))
            )
        return self._known[key]

    def _shapes(self, kind: str, language: str) -> Floats:
        """(3, 3) parameters of the Dirichlet distribution of each row."""
        everywhere = _ordered(self._confusion[kind][ALL], kind)
        if language == ALL:
            return everywhere + _JEFFREYS
        own = self._confusion[kind].get(language)
        counted = np.zeros((3, 3)) if own is None else _ordered(own, kind)
        others = everywhere - counted + _JEFFREYS
        weight = np.minimum(_BORROWED, others.sum(axis=1, keepdims=True))
        return np.asarray(counted + weight * _rates(others))


def _ordered(table: object, kind: str) -> Floats:
    """Counts with rows and columns in the order side A, side B, neither."""
    order = list(_ORDER[kind])
    return np.asarray(table, dtype=np.float64)[np.ix_(order, order)]


def _rates(counts: Floats) -> Floats:
    rates: Floats = counts / counts.sum(axis=1, keepdims=True)
    return rates


def _weights(languages: Mapping[str, int]) -> dict[str, float]:
    """Share of each language, in an order of its own; of all languages together where none is told."""
    total = sum(languages.values())
    return {tag: languages[tag] / total for tag in sorted(languages)} if total else {ALL: 1.0}
