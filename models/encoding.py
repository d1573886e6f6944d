"""Plain embeddings from any encoder folder or hub name, without heads: what training scores and compares."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.batching import sorted_batches

MAX_LENGTH = 128


def embed_texts(encoder: Path | str, texts: Sequence[str], *, tokens: int = 8192) -> NDArray[np.float32]:
    """(n, hidden) unit vectors: the mean of the token states of ``encoder``, normalised."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    from models.network import Network

    tokenizer = AutoTokenizer.from_pretrained(encoder)
    network = Network(AutoModel.from_pretrained(encoder)).eval()
    encoded = tokenizer(list(texts), truncation=True, max_length=MAX_LENGTH)["input_ids"]
    vectors = np.zeros((len(texts), network.width), np.float32)
    with torch.inference_mode():
        for rows in sorted_batches([len(ids) for ids in encoded], texts, tokens=tokens):
            batch = tokenizer.pad({"input_ids": [encoded[row] for row in rows]}, return_tensors="pt")
            vectors[rows] = network.embed(batch["input_ids"], batch["attention_mask"])[1].numpy()
    return vectors
