"""Statements per CPU second, cold start and memory of each runtime, and how far its answers are from those of torch.

    python -m benchmarks.runtime

Every runtime answers the same statements of the sample with the shipped checkpoint, on one thread, in a process of its
own; the runtimes take turns, and the best round of each counts, as other work on the machine only ever slows one down.
"naive" is the same network on torch in batches of 32 in the order of the file, padded to the longest of each batch.
A cold start is everything from the start of the process to the first answer. Needs Linux or macOS.
"""

import argparse
import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "sample" / "feedback.csv"
RUNTIMES = ("naive", "torch", "onnx-fp32", "onnx")
NEIGHBOURS = 10
Answers = dict[str, np.ndarray[Any, Any]]


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--statements", type=int, default=10_000, help="At most so many of the sample.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", nargs=3, metavar=("RUNTIME", "TEXTS", "OUT"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        answer_here(given.one[0], Path(given.one[1]), Path(given.one[2]))
        return
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "texts.json"
        texts.write_text(json.dumps(statements()[: given.statements]), encoding="utf-8")
        rounds = [
            {name: in_process(name, texts, Path(folder) / f"{name}.npz") for name in RUNTIMES}
            for _ in range(given.rounds)
        ]
        answers = {name: dict(np.load(Path(folder) / f"{name}.npz")) for name in RUNTIMES}
    print_table(rounds, answers)


def statements() -> list[str]:
    """The different statements of the sample, in its order."""
    from data.reading import read_feedback
    from serving.analysis import all_statements, with_languages

    feedback = with_languages(read_feedback(SAMPLE).feedback)
    return list(dict.fromkeys(statement.text for statement in all_statements(feedback)))


def in_process(name: str, texts: Path, out: Path) -> dict[str, float]:
    """What ``answer_here`` measured in a fresh process."""
    program = [sys.executable, "-m", "benchmarks.runtime", "--one", name, str(texts), str(out)]
    done = subprocess.run(program, cwd=ROOT, check=True, capture_output=True, encoding="utf-8")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def answer_here(name: str, texts: Path, out: Path) -> None:
    """Load, answer one statement, then all of them; print CPU seconds and memory."""
    from models.checkpoint import DEFAULT

    answer = naive(DEFAULT) if name == "naive" else predictor(DEFAULT, name)
    given = json.loads(texts.read_text(encoding="utf-8"))
    answer(given[:1])
    start_s, start_mib = time.process_time(), peak_mib()
    answers = answer(given)
    took = {
        "start_s": start_s,
        "start_mib": start_mib,
        "all_s": time.process_time() - start_s,
        "mib": peak_mib(),
    }
    np.savez(out, **answers)
    print(json.dumps(took))


def predictor(folder: Path, name: str) -> Callable[[list[str]], Answers]:
    """The predictor of a runtime, on one thread."""
    if name == "torch":
        import torch

        from models.torch_predictor import TorchPredictor

        torch.set_num_threads(1)
        predict = TorchPredictor(folder, device="cpu").predict
    else:
        from models.onnx_predictor import OnnxPredictor

        predict = OnnxPredictor(folder, int8=name == "onnx", threads=1).predict

    def answer(texts: list[str]) -> Answers:
        found = predict(texts)
        return {"sentiment": found.sentiment, "degree": found.degree, "embedding": found.embeddings}

    return answer


def naive(folder: Path) -> Callable[[list[str]], Answers]:
    """Plain torch in batches of 32 as they come, with the wide part and without calibration."""
    import torch

    from models.checkpoint import load_checkpoint
    from models.wide import load_wide

    torch.set_num_threads(1)
    network, tokenizer, calibration = load_checkpoint(folder)
    wide = load_wide(folder)

    def answer(texts: list[str]) -> Answers:
        parts = []
        for start in range(0, len(texts), 32):
            batch = tokenizer(
                texts[start : start + 32],
                truncation=True,
                max_length=calibration.max_length,
                padding=True,
                return_tensors="pt",
            )
            with torch.inference_mode():
                parts.append(network(batch["input_ids"], batch["attention_mask"]))
        heads = {name: torch.cat([part.logits[name] for part in parts]) for name in ("sentiment", "degree")}
        found = {**heads, "embedding": torch.cat([part.embedding for part in parts])}
        raw: Answers = {name: values.numpy() for name, values in found.items()}
        for name, scores in wide.logits(texts).items():
            raw[name] += scores
        return raw

    return answer


def peak_mib() -> float:
    """Largest resident memory of this process so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def nearest(vectors: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """(n, NEIGHBOURS) numbers of the most similar rows."""
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -1)
    return np.argpartition(-likeness, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]


def print_table(rounds: list[dict[str, dict[str, float]]], answers: dict[str, Answers]) -> None:
    """One row per runtime; ratios are to the first one, agreement is with sorted torch."""
    count = len(answers["torch"]["embedding"])
    print(f"{count} statements, {len(rounds)} rounds, {cpu()}, Python {platform.python_version()}")
    print(
        "| runtime | statements per CPU s | ratio | cold start CPU s | at start MiB | peak MiB "
        "| degree | sentiment | neighbours |"
    )
    print("|---" * 9 + "|")
    reference = nearest(answers["torch"]["embedding"])
    best = {name: {key: min(r[name][key] for r in rounds) for key in rounds[0][name]} for name in RUNTIMES}
    for name, took in best.items():
        ratio = best[RUNTIMES[0]]["all_s"] / took["all_s"]
        same = [agreement(answers[name][head], answers["torch"][head]) for head in ("degree", "sentiment")]
        kept = np.mean(
            [len({*a} & {*b}) for a, b in zip(nearest(answers[name]["embedding"]), reference, strict=True)]
        )
        shown = (
            name,
            f"{count / took['all_s']:.0f}",
            f"{ratio:.2f}",
            f"{took['start_s']:.1f}",
            f"{took['start_mib']:.0f}",
            f"{took['mib']:.0f}",
            *(f"{100 * share:.2f} %" for share in same),
            f"{100 * kept / NEIGHBOURS:.1f} %",
        )
        print("| " + " | ".join(shown) + " |")


def agreement(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> float:
    """Share of rows with the same label."""
    return float((one.argmax(axis=1) == other.argmax(axis=1)).mean())


def cpu() -> str:
    """Name of the processor, where the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        platform.machine(),
    )


if __name__ == "__main__":
    main()
