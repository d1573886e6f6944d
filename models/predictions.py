"""What a predictor says of statements, as aligned arrays."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from data.labels import DEGREES, SENTIMENTS, TOPICS
from models.abstaining import NEVER, Thresholds
from models.confusion import Confusion

Floats = NDArray[np.float32]
HEADS = {"sentiment": len(SENTIMENTS), "topics": len(TOPICS), "degree": len(DEGREES)}


@dataclass(frozen=True, slots=True)
class Predictions:
    """Calibrated probabilities and embeddings of n statements.

    Attributes:
        sentiment: (n, 3) probabilities in the order of ``data.labels.SENTIMENTS``; rows sum to 1.
        topics: (n, 18) independent probabilities in the order of ``data.labels.TOPICS``.
        degree: (n, 3) probabilities in the order of ``data.labels.DEGREES``; rows sum to 1.
        embeddings: (n, d) unit vectors.
    """

    sentiment: Floats
    topics: Floats
    degree: Floats
    embeddings: Floats

    def __len__(self) -> int:
        return len(self.sentiment)

    def taken(self, rows: NDArray[np.int64] | Sequence[int]) -> Self:
        """Those of the statements at ``rows``, in that order."""
        return type(self)(
            sentiment=self.sentiment[rows],
            topics=self.topics[rows],
            degree=self.degree[rows],
            embeddings=self.embeddings[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInfo:
    """Which model spoke: shown in reports and answers.

    Attributes:
        name: Folder name of the checkpoint.
        version: First 12 hex digits of the SHA-256 of its weights, deep and wide.
        languages: Primary tags of the languages that it was trained on.
        degree_error: Of the degree complaints of its dev rows whose most probable class is either degree, the share
            for which it is the opposite one, in [0, 1].
        sentiment_error: The same for negative and positive statements.
        topic_threshold: A topic is reported from this probability on, in (0, 1]; 1 reports none.
        abstain_below: Head to the probability below which it abstains (``models.abstaining``), in [0, 1].
        confusion: How often it takes one label for another on its dev rows; None where that was not counted.
        runtime: What computed its answers, as `--runtime` names it; the empty string where nothing was computed.
    """

    name: str
    version: str
    languages: tuple[str, ...]
    topic_threshold: float = 0.5
    abstain_below: Thresholds = field(default_factory=lambda: dict(NEVER))
    degree_error: float = 0.08
    sentiment_error: float = 0.15
    confusion: Confusion | None = None
    runtime: str = ""


def topics_over(probabilities: Floats, threshold: float) -> list[str]:
    """Topic ids with at least ``threshold`` of their (18,) probabilities, the most probable first."""
    order = np.argsort(-probabilities, kind="stable")
    return [TOPICS[topic] for topic in order if probabilities[topic] >= threshold]


class Predictor(Protocol):
    """Anything that classifies and embeds statements."""

    @property
    def info(self) -> ModelInfo:
        """Which model this is."""
        ...

    def predict(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> Predictions:
        """Classify and embed ``texts``; ``on_progress`` gets the number of texts newly done."""
        ...
