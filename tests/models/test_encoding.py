"""Plain embeddings of an encoder folder and of a checkpoint."""

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModel

from data.errors import CheckpointError
from models.checkpoint import Calibration, save_checkpoint
from models.encoding import embed_texts, load_encoder
from models.network import Network
from tests.training.tiny import TEXTS, tiny_encoder


def test_a_checkpoint_embeds_as_the_encoder_in_it(tmp_path: Path) -> None:
    encoder = tiny_encoder(tmp_path / "encoder")
    network, tokenizer = load_encoder(encoder)
    save_checkpoint(tmp_path / "checkpoint", network, tokenizer, Calibration(languages=("en",)))
    plain, kept = (embed_texts(folder, TEXTS) for folder in (encoder, tmp_path / "checkpoint"))
    assert np.sum(plain * kept, axis=1).min() > 0.999  # int8 rounds


def test_an_encoder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"encoder '.*nothing' cannot be loaded"):
        embed_texts(tmp_path / "nothing", TEXTS)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_an_encoder_that_is_stored_in_half_is_float32_in_memory(tmp_path: Path, dtype: torch.dtype) -> None:
    encoder = tiny_encoder(tmp_path / "encoder")
    AutoModel.from_pretrained(encoder).to(dtype).save_pretrained(encoder)
    network, _ = load_encoder(encoder)
    network.encoder.config.dtype = dtype
    for each in (network, Network.from_config(network.encoder.config)):
        assert {value.dtype for value in each.parameters()} == {torch.float32}
