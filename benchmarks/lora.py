"""What low-rank adapters save: trained parameters, memory, seconds and saved state, full training against LoRA.

    python -m benchmarks.lora

Two encoders: the one that ships, and one with the shape of intfloat/multilingual-e5-small whose weights are drawn,
since they cost the same whatever they are. Every training runs in a process of its own on the same batches of the
project's own texts. Seconds are of CPU and include writing the state once; memory is the peak of the resident set.
Needs Linux and the extra ``lora``.
"""

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

RANK, TOKENS, ROWS, TIMES = 8, 1024, 600, 2.0
SHIPPED, E5_SMALL = "models/default", "multilingual-e5-small (shape)"


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one training: millions of trained and of all parameters, peak MiB, CPU s of 20 steps, MB of its state."""

    trained: float
    parameters: float
    memory: float
    seconds: float
    state: float


def main() -> None:
    """Measure and print, one training after the other."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    table = Table(
        "encoder", "training", "trained, M", "all, M", "peak MiB", "CPU s for 20 steps", "state, MB"
    )
    for encoder in (SHIPPED, E5_SMALL):
        for rank in (None, RANK):
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                cost = pool.apply(measure, (encoder, rank))
            print(encoder, rank, cost, file=sys.stderr)
            table.add_row(
                encoder,
                f"LoRA {rank}" if rank else "full",
                f"{cost.trained:.2f}",
                f"{cost.parameters:.1f}",
                f"{cost.memory:,.0f}",
                f"{cost.seconds:.1f}",
                f"{cost.state:,.1f}",
            )
    Console(width=120).print(table)


def measure(encoder: str, rank: int | None) -> Cost:
    """One epoch of some twenty batches in this process, which must be fresh."""
    import torch

    from models.checkpoint import DEFAULT
    from models.encoding import load_encoder
    from models.network import Network
    from training.examples import build_examples, read_labelled
    from training.finetune import FinetuneSettings, finetune
    from training.lora import LoraSettings, frozen
    from training.resume import finished_steps

    torch.manual_seed(0)
    network, tokenizer = load_encoder(str(DEFAULT))
    if encoder == E5_SMALL:
        network = Network.from_config(_e5_small())
    lora = None if rank is None else LoraSettings(rank=rank)
    settings = FinetuneSettings(epochs=1, tokens=TOKENS, save_every=10**6, rehearsal=0.0, lora=lora)
    seen: dict[str, float] = {}

    def judge(network: Network) -> dict[str, float]:
        seen["seconds"] = time.process_time() - began
        sizes = {name: value.numel() / 1e6 for name, value in network.named_parameters()}
        seen["all"] = sum(sizes.values())
        seen["trained"] = seen["all"] - sum(sizes[name] for name in frozen(network))
        return {"score": 1.0}

    with tempfile.TemporaryDirectory() as name:
        examples = build_examples(read_labelled(_rows(Path(name))), tokenizer, settings.max_length)
        start = np.zeros((len(examples), network.width), np.float32)
        began = time.process_time()
        finetune(network, examples, start, settings, Path(name), pad=0, mask_token=None, judge=judge)
        state, steps = (Path(name) / "state.safetensors").stat().st_size, finished_steps(Path(name))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(seen["trained"], seen["all"], memory, seen["seconds"] * 20 / steps, state / 1e6)


def _rows(folder: Path) -> Path:
    """A file of some hundred own texts, each seen ``TIMES`` times."""
    from training.rows import labelled_rows

    rows = labelled_rows(None).query("split == 'train'").sample(ROWS, random_state=0)
    rows.assign(weight=TIMES).to_parquet(folder / "rows.parquet")
    return folder / "rows.parquet"


def _e5_small() -> object:
    from transformers import BertConfig

    return BertConfig(
        vocab_size=250_037,
        hidden_size=384,
        num_hidden_layers=12,
        num_attention_heads=12,
        intermediate_size=1536,
    )


if __name__ == "__main__":
    main()
