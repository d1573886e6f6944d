"""Which encoders the ONNX graph can express, told from config.json alone."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.errors import CheckpointError


@dataclass(frozen=True, slots=True, kw_only=True)
class BertShape:
    """What the graph needs to know of a BERT encoder beside its weights."""

    width: int
    layers: int
    attention_heads: int
    epsilon: float


def bert_shape(folder: Path) -> BertShape | None:
    """Shape of the encoder in ``folder``, or None when it is not a BERT that the graph can express.

    Raises:
        CheckpointError: Its config.json is torn, or is of a BERT that cannot be.
    """
    path = folder / "config.json"
    try:
        return _shape(json.loads(path.read_text(encoding="utf-8")))
    except (AttributeError, KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise CheckpointError(
            f"{path} is no whole configuration ({error}): fetch or make it again"
        ) from error


def _shape(config: dict[str, Any]) -> BertShape | None:
    usual = {"hidden_act": "gelu", "position_embedding_type": "absolute", "is_decoder": False}
    if config.get("model_type") != "bert" or any(
        config.get(key, value) != value for key, value in usual.items()
    ):
        return None
    shape = BertShape(
        width=int(config["hidden_size"]),
        layers=int(config["num_hidden_layers"]),
        attention_heads=int(config["num_attention_heads"]),
        epsilon=float(config["layer_norm_eps"]),
    )
    if shape.width % shape.attention_heads:
        raise ValueError(f"a width of {shape.width} over {shape.attention_heads} heads")
    return shape
