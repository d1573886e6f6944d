"""Calls that the model does not stand by: their probability lies below a threshold that was chosen on dev rows."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

Thresholds = Mapping[str, float]
"""Head ("sentiment", "degree") to the probability from which the model stands by its call, in [0, 1]."""

NEVER: Final[Thresholds] = {"sentiment": 0.0, "degree": 0.0}
"""For a model whose thresholds were not chosen: it stands by every call."""


def abstains(probabilities: NDArray[np.floating], threshold: float) -> NDArray[np.bool_]:
    """(n,) whether no class of the (n, classes) ``probabilities`` reaches ``threshold`` (Chow 1970)."""
    return np.asarray(probabilities.max(axis=1, initial=0.0) < threshold)
