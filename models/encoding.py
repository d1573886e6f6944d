"""Plain embeddings from any encoder, a checkpoint of ours or a hub name: what training scores and compares."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from data.errors import CheckpointError
from models.batching import sorted_batches
from models.checkpoint import CALIBRATION, load_checkpoint

if TYPE_CHECKING:
    from models.network import Network

MAX_LENGTH = 128


def embed_texts(encoder: Path | str, texts: Sequence[str], *, tokens: int = 8192) -> NDArray[np.float32]:
    """(n, hidden) unit vectors: the mean of the token states of ``encoder``, normalised."""
    import torch

    network, tokenizer = load_encoder(encoder)
    network.eval()
    encoded = tokenizer(list(texts), truncation=True, max_length=MAX_LENGTH)["input_ids"]
    vectors = np.zeros((len(texts), network.width), np.float32)
    with torch.inference_mode():
        for rows in sorted_batches([len(ids) for ids in encoded], texts, tokens=tokens):
            batch = tokenizer.pad({"input_ids": [encoded[row] for row in rows]}, return_tensors="pt")
            vectors[rows] = network.embed(batch["input_ids"], batch["attention_mask"])[1].numpy()
    return vectors


def load_encoder(encoder: Path | str) -> "tuple[Network, Any]":
    """Network with new heads over any encoder, or a checkpoint of ours with its heads, and the tokenizer.

    Weights are float32, however they are stored: training moves them by less than float16 can tell.

    Raises:
        CheckpointError: Neither a folder nor a hub name that ``AutoModel`` loads without code of its own.
    """
    from transformers import AutoModel, AutoTokenizer

    from models.network import Network

    folder = Path(encoder)
    if (folder / CALIBRATION).exists():
        network, tokenizer, _ = load_checkpoint(folder)
        return network, tokenizer
    try:
        model = AutoModel.from_pretrained(encoder, trust_remote_code=False)
        return Network(model.float()), AutoTokenizer.from_pretrained(encoder, trust_remote_code=False)
    except (OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise CheckpointError(f"encoder {str(encoder)!r} cannot be loaded: {reason}") from error
