"""Which way a statement pulls."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.labels import DEGREES, SENTIMENTS, SIDES
from mining.settings import MiningSettings
from models.predictions import Predictions

Bools = NDArray[np.bool_]

KINDS = {"degree": ("too_little", "too_much"), "sentiment": ("complaint", "praise")}
"""The two opposing sides of each kind of opposition."""

_NEGATIVE, _POSITIVE = SENTIMENTS.index("negative"), SENTIMENTS.index("positive")
_LITTLE, _MUCH = DEGREES.index("too_little"), DEGREES.index("too_much")


@dataclass(frozen=True, slots=True)
class Stance:
    """Where n statements stand.

    Attributes:
        main: (n,) position in ``data.labels.SIDES`` of the one side of each statement, -1 for none. Degree
            says more than sentiment, so a complaint that names a direction stands there and not in complaint.
        complains: (n,) whether the statement is a complaint of any kind, degree included.
        praises: (n,) whether it praises.
        confidence: (n,) probability of the main side, 0 where there is none.
    """

    main: NDArray[np.int64]
    complains: Bools
    praises: Bools
    confidence: NDArray[np.float64]

    def taken(self, rows: NDArray[np.int64]) -> "Stance":
        """Where the statements at ``rows`` stand, in that order."""
        return Stance(self.main[rows], self.complains[rows], self.praises[rows], self.confidence[rows])

    def on(self, label: str, *, kind: str | None = None) -> Bools:
        """Mask of the statements on side ``label``; for ``kind`` "sentiment" degrees are complaints too."""
        if kind == "sentiment":
            return self.praises if label == "praise" else self.complains
        mask: Bools = self.main == SIDES.index(label)
        return mask

    def among(
        self, statements: NDArray[np.int64], label: str, *, kind: str | None = None
    ) -> NDArray[np.int64]:
        """Those of ``statements``, given by their positions, that stand on side ``label``."""
        return statements[self.taken(statements).on(label, kind=kind)]


def find_sides(predictions: Predictions, settings: MiningSettings) -> Stance:
    """Read the side of each statement from its calibrated probabilities.

    Too little or too much where that is the most probable degree, reaches the threshold, and is more
    probable than that the statement is positive ("so many examples, love it" is praise). Else complaint or
    praise where negative or positive is the most probable sentiment and reaches its threshold.
    """
    sentiment = np.asarray(predictions.sentiment, dtype=np.float64)
    degree = np.asarray(predictions.degree, dtype=np.float64)
    rows = np.arange(len(predictions))
    which = degree.argmax(axis=1)
    strength = degree[rows, which]
    of_degree = (
        np.isin(which, (_LITTLE, _MUCH))
        & (strength >= settings.degree_threshold)
        & (strength > sentiment[:, _POSITIVE])
    )
    mood = sentiment.argmax(axis=1)
    sure = sentiment[rows, mood] >= settings.sentiment_threshold
    negative = ~of_degree & sure & (mood == _NEGATIVE)
    praises = ~of_degree & sure & (mood == _POSITIVE)
    main = np.full(len(rows), -1, dtype=np.int64)
    main[of_degree & (which == _LITTLE)] = SIDES.index("too_little")
    main[of_degree & (which == _MUCH)] = SIDES.index("too_much")
    main[negative] = SIDES.index("complaint")
    main[praises] = SIDES.index("praise")
    confidence = np.where(of_degree, strength, np.where(negative | praises, sentiment[rows, mood], 0.0))
    return Stance(main=main, complains=of_degree | negative, praises=praises, confidence=confidence)
