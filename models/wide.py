"""The wide part: hashed character n-grams under a linear layer, whose scores are added to those of the deep part.

What a word form alone says is learned by a linear model from few examples and kept; the deep part generalises over
it (Cheng et al. 2016, Wide & deep learning, arXiv:1606.07792). Four megabytes, under a millisecond a text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.ngrams import ngrams
from models.predictions import Floats
from models.tensor_file import load_tensors, save_tensors

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

NAME = "wide.safetensors"


@dataclass(frozen=True, slots=True)
class Wide:
    """Linear scores per head.

    Attributes:
        weights: Head name to (f, classes); f divides ``models.ngrams.FEATURES``, and n-grams that are equal modulo f
            share a row.
        bias: Head name to (classes,).
    """

    weights: Mapping[str, Floats]
    bias: Mapping[str, Floats]

    def logits(self, texts: Sequence[str]) -> dict[str, Floats]:
        """Head name to (n, classes) scores of ``texts``."""
        return self.scores(ngrams(texts)) if self.weights and texts else {}

    def scores(self, found: "csr_matrix") -> dict[str, Floats]:
        """The same from the (n, FEATURES) rows that ``ngrams`` gives."""
        return {
            head: np.asarray(folded(found, len(weights)) @ weights + self.bias[head], np.float32)
            for head, weights in self.weights.items()
        }


NO_WIDE = Wide(weights={}, bias={})


def folded(found: "csr_matrix", features: int) -> "csr_matrix":
    """(n, features) rows in which n-grams that are equal modulo ``features`` are one."""
    from scipy.sparse import csr_matrix

    if found.shape[1] == features:
        return found
    return csr_matrix((found.data, found.indices % features, found.indptr), shape=(found.shape[0], features))


def save_wide(folder: Path, wide: Wide) -> None:
    """Write ``wide`` into a checkpoint folder, weights in int8 with one scale a class; nothing where it has no head."""
    tensors = {}
    for head, weights in wide.weights.items():
        scale = np.maximum(np.abs(weights).max(axis=0) / 127, 1e-8).astype(np.float32)
        tensors[f"{head}.weight"] = np.round(weights / scale).astype(np.int8)
        tensors[f"{head}.scale"] = scale
        tensors[f"{head}.bias"] = wide.bias[head].astype(np.float32)
    (folder / NAME).unlink(missing_ok=True)
    if tensors:
        save_tensors(tensors, folder / NAME)


def load_wide(folder: Path) -> Wide:
    """The wide part of a checkpoint folder; one that adds nothing where the folder has none.

    Raises:
        CheckpointError: Its file cannot be read.
    """
    if not (folder / NAME).exists():
        return NO_WIDE
    tensors = load_tensors(folder / NAME)
    heads = [name.removesuffix(".weight") for name in tensors if name.endswith(".weight")]
    return Wide(
        weights={h: tensors[f"{h}.weight"].astype(np.float32) * tensors[f"{h}.scale"] for h in heads},
        bias={h: tensors[f"{h}.bias"] for h in heads},
    )
