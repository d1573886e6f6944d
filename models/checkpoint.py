"""The checkpoint folder: standard parts, no pickles, no remote code.

config.json             the encoder, as ``transformers`` writes it
model.safetensors       float16; token embeddings and most of the encoder in int8 (see ``models.rounding``)
tokenizer.json, tokenizer_config.json
wide.safetensors        the wide part, if there is one (see ``models.wide``)
countervoice.json       heads, temperatures, thresholds, languages (see ``Calibration``)
metrics.json, CARD.md   how good it is, and what it was made from
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import CheckpointError
from data.labels import DEGREES, SENTIMENTS, TOPICS
from data.writing import written_name
from models.abstaining import NEVER, Thresholds
from models.confusion import read_confusion
from models.metrics import NAME as METRICS
from models.predictions import ModelInfo, Predictor
from models.rounding import Stored, floats, names, rounded
from models.runtime import ONNX, OPENVINO, TORCH, choose_runtime
from models.tensor_file import load_tensors, save_tensors
from models.wide import NAME as WIDE
from models.wide import NO_WIDE, Wide, save_wide

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from models.network import Network

DEFAULT = Path(__file__).resolve().parent / "default"
WEIGHTS, CALIBRATION, CARD = "model.safetensors", "countervoice.json", "CARD.md"
EMBEDDINGS = "encoder.embeddings.word_embeddings.weight"
FORMAT = 1
LABELS = {"sentiment": list(SENTIMENTS), "degree": list(DEGREES), "topics": list(TOPICS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What turns raw scores into probabilities and answers.

    Attributes:
        temperatures: Head name to the temperature that divides its logits (Guo et al. 2017, arXiv:1706.04599).
        topic_threshold: A topic is reported from this probability on; from 1 on, none.
        abstain_below: Head name to the probability below which a call is marked as one to abstain from.
        degree_error: Of the degree complaints of the dev rows whose most probable class is either degree, the share
            for which it is the opposite one, in [0, 1].
        sentiment_error: The same for negative and positive statements.
        languages: Primary tags of the languages that the model was trained on.
        max_length: Tokens of a statement that the model reads, the rest is cut.
    """

    languages: tuple[str, ...]
    temperatures: dict[str, float] = field(
        default_factory=lambda: {"sentiment": 1.0, "topics": 1.0, "degree": 1.0}
    )
    topic_threshold: float = 0.5
    abstain_below: Thresholds = field(default_factory=lambda: dict(NEVER))
    degree_error: float = 0.08
    sentiment_error: float = 0.15
    max_length: int = 128


def save_checkpoint(
    folder: Path,
    network: "Network",
    tokenizer: "PreTrainedTokenizerBase",
    calibration: Calibration,
    wide: Wide = NO_WIDE,
) -> None:
    """Write the whole folder; the weights come last, so that an interrupted write is seen as incomplete.

    What a checkpoint that was there came with goes first: its metrics and its card are of other weights.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in (WEIGHTS, METRICS, CARD):
        (folder / name).unlink(missing_ok=True)
    network.encoder.config.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    _without_spaces(folder / "tokenizer.json")
    text = json.dumps(
        {"format": FORMAT, "labels": LABELS, **asdict(calibration)}, indent=1, ensure_ascii=False
    )
    (folder / CALIBRATION).write_text(text + "\n", encoding="utf-8")
    save_wide(folder, wide)
    save_tensors(rounded(_tensors(network), _in_int8(network)), folder / WEIGHTS)


def _tensors(network: "Network") -> Stored:
    state = network.state_dict().items()
    return {
        name: (value.float() if value.is_floating_point() else value).cpu().contiguous().numpy()
        for name, value in state
    }


def _in_int8(network: "Network") -> set[str]:
    """Names of the token embeddings and of the encoder's linear layers, but those that narrow and the heads.

    Those that narrow, out of the feed-forward layers, cost most of the answers that int8 changes (decision 39).
    """
    from torch import nn

    linear = {
        f"encoder.{name}.weight"
        for name, module in network.encoder.named_modules()
        if isinstance(module, nn.Linear) and module.in_features <= module.out_features
    }
    return {EMBEDDINGS} | linear


def _without_spaces(path: Path) -> None:
    """Half of an indented vocabulary file is spaces."""
    compact = json.dumps(
        json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False, separators=(",", ":")
    )
    path.write_text(compact + "\n", encoding="utf-8")


def load_checkpoint(folder: Path) -> "tuple[Network, PreTrainedTokenizerBase, Calibration]":
    """Network in evaluation mode, tokenizer and calibration of ``folder``.

    Raises:
        CheckpointError: A part is missing or cannot be read, was made for other label sets, or needs code of its own.
    """
    import torch
    from transformers import AutoConfig, AutoTokenizer

    from models.network import Network

    calibration = read_calibration(folder)
    try:
        network = Network.from_config(AutoConfig.from_pretrained(folder, trust_remote_code=False))
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{folder} cannot be loaded: {str(error).strip().splitlines()[0]}") from error
    stored = load_tensors(folder / WEIGHTS)
    try:
        network.load_state_dict({name: torch.from_numpy(floats(stored, name)) for name in names(stored)})
    except (RuntimeError, ValueError) as error:
        first = " ".join(str(error).split("\n\t")[:2])  # torch tells each tensor in a line
        raise CheckpointError(f"{folder / WEIGHTS} does not fit {folder / 'config.json'}: {first}") from error
    return network.eval(), tokenizer, calibration


def read_calibration(folder: Path) -> Calibration:
    """Calibration of ``folder``, with a check that nothing is missing.

    Raises:
        CheckpointError: A part is missing or was made for other label sets.
    """
    for name in ("config.json", "tokenizer.json", CALIBRATION, WEIGHTS):
        if not (folder / name).exists():
            raise CheckpointError(
                f"{folder} is no Countervoice checkpoint: {name} is missing (see `countervoice train`)"
            )
    values = _calibration_file(folder)
    if values.pop("labels", None) != LABELS or values.pop("format", None) != FORMAT:
        raise CheckpointError(
            f"{folder / CALIBRATION} was made for other labels or another format: train it again"
        )
    try:
        return Calibration(**values | {"languages": tuple(values["languages"])})
    except (KeyError, TypeError) as error:  # a value is missing, or one of a later version is not known
        raise CheckpointError(
            f"{folder / CALIBRATION} cannot be read by this version ({error}): update Countervoice, or train it again"
        ) from error


def _calibration_file(folder: Path) -> dict[str, Any]:
    try:
        values = json.loads((folder / CALIBRATION).read_text(encoding="utf-8"))
    except ValueError as error:
        raise CheckpointError(f"{folder / CALIBRATION} is not whole: {error}") from error
    if not isinstance(values, dict):
        raise CheckpointError(f"{folder / CALIBRATION} is no object of settings: train it again")
    return values


def checkpoint_info(folder: Path) -> ModelInfo:
    """Name, version, languages and errors of the checkpoint in ``folder``, without loading torch."""
    calibration = read_calibration(folder)
    return ModelInfo(
        name=written_name(folder.resolve().name),
        version=_digest(folder)[:12],
        languages=calibration.languages,
        topic_threshold=calibration.topic_threshold,
        abstain_below=calibration.abstain_below,
        degree_error=calibration.degree_error,
        sentiment_error=calibration.sentiment_error,
        confusion=read_confusion(folder),
    )


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for part in (folder / WEIGHTS, folder / WIDE):
        if part.exists():
            digest.update(part.read_bytes())
    return digest.hexdigest()


def load_predictor(
    folder: Path | None = None, *, runtime: str = "auto", threads: int | None = None
) -> Predictor:
    """The predictor of a checkpoint folder; the one that ships when no folder is given.

    Args:
        folder: A checkpoint folder.
        runtime: "onnx" (ONNX Runtime in int8, on the CPU), "onnx-fp32" (the same in float32), "openvino" (OpenVINO,
            in bfloat16 where the CPU has it), "torch" (any architecture, and the GPU where there is one), or "auto"
            (see ``models.runtime``).
        threads: That many batches at the same time, without torch; all CPUs that this process may use when None.

    Raises:
        CheckpointError: A part is missing, or the runtime cannot run the encoder.
        SettingsError: There is no such runtime.
    """
    folder = folder or DEFAULT
    read_calibration(folder)  # says what is missing before anything heavy is loaded
    chosen = choose_runtime(folder, runtime)
    if chosen == TORCH:
        from models.torch_predictor import TorchPredictor

        return TorchPredictor(folder)
    if chosen == OPENVINO:
        from models.openvino_predictor import OpenvinoPredictor

        return OpenvinoPredictor(folder, threads=threads)
    from models.onnx_predictor import OnnxPredictor

    return OnnxPredictor(folder, int8=chosen == ONNX, threads=threads)
