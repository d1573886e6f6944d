"""Where fine-tuning should leave the embeddings, read before it begins."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from models.batching import sorted_batches
from models.network import Network
from training.distil import pad_batch, supports_bf16
from training.examples import Examples
from training.progress import track
from training.teacher import KEPT, kept_teacher_vectors

OFTEN = 0.2
REHEARSED = 3


def start_embeddings(
    network: Network, examples: Examples, tokenizer: Any, max_length: int
) -> NDArray[np.float32]:
    """(n, width) where training should leave each row's embedding, zeros for rows that are not rehearsed.

    A translation belongs where its English sentence was before training, so that distillation goes on (Reimers &
    Gurevych 2020, arXiv:2004.09813); of the other rows that are seen often one in ``REHEARSED`` stays where it was.
    """
    frame, vectors = examples.frame, np.zeros((len(examples), network.width), np.float32)
    english = frame.english.notna().to_numpy()
    others = np.flatnonzero(~english & (frame.weight.to_numpy(float) >= OFTEN))[::REHEARSED]
    wanted = frame.text.iloc[others].tolist() + frame.english[english].tolist()
    texts = sorted(set(wanted))
    where = {text: number for number, text in enumerate(texts)}
    ids = tokenizer(texts, truncation=True, max_length=max_length)["input_ids"] if texts else []
    found = _embeddings(network, ids, tokenizer.pad_token_id)
    vectors[np.concatenate([others, np.flatnonzero(english)])] = found[[where[text] for text in wanted]]
    return vectors


def teacher_embeddings(examples: Examples, folder: Path) -> NDArray[np.float32]:
    """(n, 384) the teacher's vector of the English sentence that each row says, zeros for rows without one.

    Fine-tuning is then distillation as well, and the encoder comes closer to the teacher instead of drifting.

    Args:
        examples: Training rows.
        folder: State of the training; the vectors are kept there, so that one that goes on does not wait for them.
    """
    english = examples.frame.english.notna().to_numpy()
    texts = sorted(set(examples.frame.english[english]))
    where = {text: number for number, text in enumerate(texts)}
    found = kept_teacher_vectors(texts, folder / KEPT)
    vectors = np.zeros((len(examples), found.shape[1]), np.float32)
    vectors[english] = found[[where[text] for text in examples.frame.english[english]]]
    return vectors


def _embeddings(network: Network, ids: list[list[int]], pad: int) -> NDArray[np.float32]:
    vectors = np.zeros((len(ids), network.width), np.float32)
    batches = list(sorted_batches([len(row) for row in ids], [""] * len(ids), tokens=8192))
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=supports_bf16()):
        for rows in track(batches, "start embeddings"):
            vectors[rows] = network.embed(*pad_batch([ids[row] for row in rows], pad))[1].float().numpy()
    return vectors
