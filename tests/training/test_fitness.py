"""What is refused before a training begins, and what is cut to fit."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from transformers import AutoTokenizer, RobertaConfig, RobertaModel

from data.errors import CheckpointError, InputError, SettingsError
from models.checkpoint import read_calibration
from models.encoding import load_encoder
from models.network import Network
from tests.training.tiny import labelled, tiny_encoder
from training.examples import build_examples, is_labelled, read_labelled
from training.finetune import FinetuneSettings, count_steps
from training.fitness import check_tokenizer, pace, readable_length
from training.train import _subset, train

SETTINGS = FinetuneSettings(epochs=0)


@pytest.fixture
def encoder(tmp_path: Path) -> Path:
    return tiny_encoder(tmp_path / "encoder")


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    return labelled(tmp_path / "rows.parquet")


def test_a_tokenizer_without_a_pad_token_is_refused(encoder: Path, rows: Path, tmp_path: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(encoder)
    tokenizer.pad_token = None
    tokenizer.save_pretrained(encoder)
    with pytest.raises(CheckpointError, match=r"encoder'? has a tokenizer without a pad token"):
        train(rows, str(encoder), tmp_path / "out", SETTINGS)
    assert not (tmp_path / "out.state").exists()


def test_a_tokenizer_that_is_not_fast_is_refused() -> None:
    with pytest.raises(CheckpointError, match=r"encoder 'slow' has no fast tokenizer \(tokenizer\.json\)"):
        check_tokenizer("slow", SimpleNamespace(is_fast=False, pad_token_id=0))


def test_texts_are_cut_where_the_positions_of_the_encoder_end(
    encoder: Path, rows: Path, tmp_path: Path
) -> None:
    frame = pd.read_parquet(rows)
    frame.loc[0, "text"] = "too few examples " * 60
    frame.to_parquet(rows)
    train(rows, str(encoder), tmp_path / "out", SETTINGS)
    assert read_calibration(tmp_path / "out").max_length == 64


def test_positions_behind_that_of_the_padding_are_those_that_count(encoder: Path) -> None:
    config: dict[str, Any] = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 4}
    roberta = RobertaModel(RobertaConfig(vocab_size=50, max_position_embeddings=66, **config))
    network = Network(roberta)
    assert readable_length(network, 96) == 64
    assert readable_length(network, 48) == 48
    del network.encoder.config.max_position_embeddings
    assert readable_length(network, 96) == 96


def test_an_out_that_is_a_file_is_refused(encoder: Path, rows: Path) -> None:
    with pytest.raises(SettingsError, match=r"--out .*rows\.parquet is a file: name a folder"):
        train(rows, str(encoder), rows, SETTINGS)


def test_training_rows_that_are_never_seen_are_refused(encoder: Path, rows: Path, tmp_path: Path) -> None:
    pd.read_parquet(rows).assign(weight=0.0).to_parquet(rows)
    with pytest.raises(InputError, match=r"rows\.parquet has no training row with a weight above 0"):
        train(rows, str(encoder), tmp_path / "out", SETTINGS)


def test_epochs_are_judged_by_labelled_rows(encoder: Path, rows: Path) -> None:
    frame = read_labelled(rows)
    frame.loc[5:, ["sentiment", "degree", "topics"]] = None
    _, tokenizer = load_encoder(str(encoder))
    judged = _subset(build_examples(frame, tokenizer, 48), most=64)
    assert judged.frame.text.tolist() == frame.text[:5].tolist()
    assert is_labelled(judged.frame).all()


def test_few_steps_are_told_with_what_makes_more(encoder: Path, rows: Path) -> None:
    _, tokenizer = load_encoder(str(encoder))
    frame = read_labelled(rows)
    frame.loc[0, "weight"] = 0.0
    examples = build_examples(frame, tokenizer, 48)
    few, many = (FinetuneSettings(epochs=2, tokens=tokens) for tokens in (100_000, 32))
    assert pace(examples, few) == [
        "359 training rows, 2 steps, few to learn from: more --epochs or fewer --batch-tokens make more"
    ]
    assert pace(examples, many) == [f"359 training rows, {count_steps(examples, many):,} steps"]
    assert pace(examples, SETTINGS) == []
