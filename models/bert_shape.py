"""Which encoders the ONNX graph can express, told from config.json alone."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class BertShape:
    """What the graph needs to know of a BERT encoder beside its weights."""

    width: int
    layers: int
    attention_heads: int
    epsilon: float


def bert_shape(folder: Path) -> BertShape | None:
    """Shape of the encoder in ``folder``, or None when it is not a BERT that the graph can express."""
    config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    usual = {"hidden_act": "gelu", "position_embedding_type": "absolute", "is_decoder": False}
    if config.get("model_type") != "bert" or any(
        config.get(key, value) != value for key, value in usual.items()
    ):
        return None
    return BertShape(
        width=config["hidden_size"],
        layers=config["num_hidden_layers"],
        attention_heads=config["num_attention_heads"],
        epsilon=config["layer_norm_eps"],
    )
