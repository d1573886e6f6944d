"""Whether rows and encoder are fit for a training: told before its hours, not after."""

from pathlib import Path
from typing import Any, Final

import pandas as pd

from data.errors import CheckpointError, InputError
from models.network import Network
from training.examples import Examples, is_labelled
from training.finetune import FinetuneSettings, count_steps

FEW_STEPS: Final = 50
"""Steps below which a line warns: the rate rises and falls within all of them, and few teach little."""


def check_tokenizer(encoder: str, tokenizer: Any) -> None:
    """See that a checkpoint can be made with the tokenizer of ``encoder``.

    Raises:
        CheckpointError: It is not fast, or has no pad token.
    """
    if not tokenizer.is_fast:
        raise CheckpointError(
            f"encoder {encoder!r} has no fast tokenizer (tokenizer.json), which every checkpoint holds: take another"
        )
    if tokenizer.pad_token_id is None:
        raise CheckpointError(
            f"encoder {encoder!r} has a tokenizer without a pad token, and batches need one: set pad_token in its "
            "tokenizer_config.json"
        )


def readable_length(network: Network, wanted: int) -> int:
    """Tokens that the encoder has positions for, at most ``wanted``."""
    positions = getattr(network.encoder.config, "max_position_embeddings", None) or 0
    table = getattr(getattr(network.encoder, "embeddings", None), "position_embeddings", None)
    padding = getattr(table, "padding_idx", None)
    if padding is not None:  # RoBERTa and its kin count from behind the position of the padding
        positions -= padding + 1
    return min(wanted, positions) if positions > 0 else wanted


def both_sides(data: Path, frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The training rows and the dev rows of ``frame``, which was read from ``data``.

    Raises:
        InputError: There are no training rows, none with a weight above 0, or no dev rows with a label.
    """
    train_rows = frame[frame.split == "train"].reset_index(drop=True)
    dev_rows = frame[frame.split == "dev"].reset_index(drop=True)
    judged_by = int(is_labelled(dev_rows).sum())
    if train_rows.empty or not judged_by:
        raise InputError(
            f"{data} has {len(train_rows)} training rows and {judged_by} labelled dev rows; both are needed"
        )
    if not (train_rows.weight > 0).any():
        raise InputError(f"{data} has no training row with a weight above 0, and those of 0 are never seen")
    return train_rows, dev_rows


def pace(examples: Examples, settings: FinetuneSettings) -> list[str]:
    """At most one line: how many steps the optimiser takes over the training rows, and what to do where it is few."""
    if not settings.epochs:
        return []
    rows, steps = int((examples.frame.weight > 0).sum()), count_steps(examples, settings)
    few = ", few to learn from: more --epochs or fewer --batch-tokens make more" if steps < FEW_STEPS else ""
    return [f"{rows:,} training rows, {steps:,} steps{few}"]
