"""What ``benchmarks.runtime`` compares with: the usual ways to run the same network, and one of usual size.

"naive" is torch in batches as they come. The pipelines are ``transformers.pipeline("text-classification")`` in float32,
in batches of 32 texts as they come, cut to the ``max_length`` of the checkpoint, loaded from a folder in which the
model was saved. "pipeline" has the encoder of the checkpoint under an untrained classifier of three classes.
"pipeline-xlm-r" has the shape of XLM-R base, 12 layers x 768 and 250,002 pieces, with random weights, and takes the ids
of the checkpoint's tokenizer as they are: its answers mean nothing, only what they cost. (Its own tokenizer would cut
the texts into somewhat other pieces.)
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from transformers import PreTrainedModel

Answers = dict[str, np.ndarray[Any, Any]]
BATCH = 32
CLASSES = 3


def naive(folder: Path, threads: int) -> Callable[[list[str]], Answers]:
    """Plain torch in batches of 32 as they come, with the wide part and without calibration."""
    import torch

    from models.checkpoint import load_checkpoint
    from models.predictions import HEADS
    from models.wide import load_wide

    torch.set_num_threads(threads)
    network, tokenizer, calibration = load_checkpoint(folder)
    wide = load_wide(folder)

    def answer(texts: list[str]) -> Answers:
        parts = []
        for start in range(0, len(texts), BATCH):
            batch = tokenizer(
                texts[start : start + BATCH],
                truncation=True,
                max_length=calibration.max_length,
                padding=True,
                return_tensors="pt",
            )
            with torch.inference_mode():
                parts.append(network(batch["input_ids"], batch["attention_mask"]))
        heads = {name: torch.cat([part.logits[name] for part in parts]) for name in HEADS}
        found = {**heads, "embedding": torch.cat([part.embedding for part in parts])}
        raw: Answers = {name: values.numpy() for name, values in found.items()}
        for name, scores in wide.logits(texts).items():
            raw[name] += scores
        return raw

    return answer


def pipeline_over(folder: Path, name: str, threads: int) -> Callable[[list[str]], Answers]:
    """A pipeline that answers texts and gives nothing back.

    Args:
        folder: A checkpoint with a BERT encoder.
        name: "pipeline" or "pipeline-xlm-r".
        threads: Of torch.
    """
    import torch
    from transformers import AutoTokenizer, pipeline

    from models.checkpoint import read_calibration

    torch.set_num_threads(threads)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = like_xlm_r(tokenizer.pad_token_id) if name == "pipeline-xlm-r" else same_encoder(folder)
    with tempfile.TemporaryDirectory() as saved:
        model.save_pretrained(saved)
        classify = pipeline(
            "text-classification", model=saved, tokenizer=tokenizer, dtype=torch.float32, device="cpu"
        )
    cut = {"truncation": True, "max_length": read_calibration(folder).max_length}

    def answer(texts: list[str]) -> Answers:
        found = classify(texts, batch_size=BATCH, **cut)
        if len(found) != len(texts):
            raise RuntimeError(f"the pipeline answered {len(found)} of {len(texts)} texts")
        return {}

    return answer


def same_encoder(folder: Path) -> "PreTrainedModel":
    """The encoder of the checkpoint in ``folder`` with an untrained classifier on top."""
    from transformers import AutoModelForSequenceClassification

    from models.checkpoint import load_checkpoint

    encoder = load_checkpoint(folder)[0].encoder
    config = encoder.config
    config.num_labels = CLASSES
    model: PreTrainedModel = AutoModelForSequenceClassification.from_config(config)  # type: ignore[no-untyped-call]
    # The classifier has a pooler over the first token, which the encoder may lack; nothing else may be missing.
    missing, unexpected = model.base_model.load_state_dict(encoder.state_dict(), strict=False)
    if unexpected or any(not name.startswith("pooler.") for name in missing):
        raise RuntimeError(f"the encoder does not fit the classifier: {missing}, {unexpected}")
    return model


def like_xlm_r(pad_token: int) -> "PreTrainedModel":
    """An untrained classifier of the shape of XLM-R base (Conneau et al. 2020, arXiv:1911.02116)."""
    from transformers import AutoModelForSequenceClassification, XLMRobertaConfig

    config = XLMRobertaConfig(
        vocab_size=250_002,
        hidden_size=768,
        num_hidden_layers=12,
        num_attention_heads=12,
        intermediate_size=3072,
        max_position_embeddings=514,
        type_vocab_size=1,
        layer_norm_eps=1e-5,
        pad_token_id=pad_token,
    )
    config.num_labels = CLASSES
    model: PreTrainedModel = AutoModelForSequenceClassification.from_config(config)  # type: ignore[no-untyped-call]
    return model
