"""Statements per CPU second, cold start and memory of each runtime, and how far its answers are from those of torch.

    python -m benchmarks.runtime

Every runtime answers the same statements of the sample with the shipped checkpoint, on one thread, in a process of its
own; the runtimes take turns, and the best round of each counts, as other work on the machine only ever slows one down.
"naive" is the same network on torch in batches of 32 in the order of the file, padded to the longest of each batch.
A cold start is everything from the start of the process to the first answer. Needs Linux or macOS.

In the same rounds ONNX Runtime, OpenVINO and two pipelines of transformers (``benchmarks.runtime_rivals``) answer on
``--threads`` threads, and what the machine can do in int8 is measured (``benchmarks.int8_rate``): the second table and
the targets. Those compare seconds on the clock, so nothing else may run meanwhile; the load at the start is printed.
"""

import argparse
import json
import os
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

from benchmarks.runtime_targets import print_targets

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "sample" / "feedback.csv"
RUNTIMES = ("naive", "torch", "onnx-fp32", "onnx", "openvino")
THREADED = ("pipeline", "pipeline-xlm-r", "onnx-fp32", "onnx", "openvino")
NEIGHBOURS = 10
Answers = dict[str, np.ndarray[Any, Any]]
Took = dict[str, float]


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--statements", type=int, default=10_000, help="At most so many of the sample.")
    parser.add_argument("--slow-statements", type=int, default=256, help="The same for the model like XLM-R.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2, help="Of the second table and the targets.")
    parser.add_argument(
        "--one", nargs=4, metavar=("RUNTIME", "THREADS", "TEXTS", "OUT"), help=argparse.SUPPRESS
    )
    given = parser.parse_args()
    if given.one:
        name, threads, texts, out = given.one
        answer_here(name, int(threads), Path(texts), Path(out))
        return
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        texts = written(statements()[: given.statements], Path(folder) / "texts.json")
        few = written(spread(texts, given.slow_statements), Path(folder) / "few.json")
        rounds, threaded = [], []
        for number in range(given.rounds):
            print(f"round {number + 1} of {given.rounds}", file=sys.stderr)
            rounds.append({name: answered(name, 1, texts) for name in RUNTIMES})
            threaded.append(
                {name: answered(name, given.threads, few if "xlm-r" in name else texts) for name in THREADED}
                | {"int8": in_process("benchmarks.int8_rate", given.threads, str(texts), str(given.threads))}
            )
        answers = {name: dict(np.load(texts.with_name(f"{name}-1.npz"))) for name in RUNTIMES}
    print_table(rounds, answers)
    print(f"\nOn {given.threads} threads; load at the start {load:.1f}, which should be near 0")
    print_targets(best_of(threaded))


def written(texts: list[str], path: Path) -> Path:
    """Write ``texts`` for the other processes."""
    path.write_text(json.dumps(texts), encoding="utf-8")
    return path


def spread(texts: Path, count: int) -> list[str]:
    """At most ``count`` of the texts, at equal distances, so that they are about as long as all of them."""
    every: list[str] = json.loads(texts.read_text(encoding="utf-8"))
    chosen = np.linspace(0, len(every) - 1, min(count, len(every))).round().astype(int)
    return [every[place] for place in chosen]


def statements() -> list[str]:
    """The different statements of the sample, in its order."""
    from data.reading import read_feedback
    from serving.analysis import all_statements, with_languages

    feedback = with_languages(read_feedback(SAMPLE).feedback)
    return list(dict.fromkeys(statement.text for statement in all_statements(feedback)))


def answered(name: str, threads: int, texts: Path) -> Took:
    """What ``answer_here`` measured in a fresh process."""
    out = texts.with_name(f"{name}-{threads}.npz")
    return in_process("benchmarks.runtime", threads, "--one", name, str(threads), str(texts), str(out))


def in_process(module: str, threads: int, *arguments: str) -> Took:
    """The figures that a module prints last in a process of its own, whose tokenizer has ``threads`` threads, too."""
    program = [sys.executable, "-m", module, *arguments]
    limited = os.environ | {"RAYON_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
    done = subprocess.run(program, cwd=ROOT, capture_output=True, encoding="utf-8", env=limited)
    if done.returncode:
        raise SystemExit(f"{' '.join(program)} failed:\n{done.stderr[-2000:]}")
    found: Took = json.loads(done.stdout.splitlines()[-1])
    return found


def answer_here(name: str, threads: int, texts: Path, out: Path) -> None:
    """Load, answer one statement, then all of them; print seconds and memory."""
    answer = contender(name, threads)
    given = json.loads(texts.read_text(encoding="utf-8"))
    answer(given[:1])
    start_s, start_mib, clock = time.process_time(), peak_mib(), time.perf_counter()
    answers = answer(given)
    took = {
        "count": len(given),
        "start_s": start_s,
        "start_mib": start_mib,
        "clock_s": time.perf_counter() - clock,
        "all_s": time.process_time() - start_s,
        "mib": peak_mib(),
        "torch_modules": sum(module.partition(".")[0] == "torch" for module in sys.modules),
    }
    np.savez(out, **answers)  # type: ignore[arg-type]
    print(json.dumps(took))


def contender(name: str, threads: int) -> Callable[[list[str]], Answers]:
    """What answers under a name of ``RUNTIMES`` or ``THREADED``; the pipelines give no answers to compare."""
    from models.checkpoint import DEFAULT

    if name in RUNTIMES[1:]:
        return predictor(DEFAULT, name, threads)
    from benchmarks.runtime_rivals import naive, pipeline_over

    return naive(DEFAULT, threads) if name == "naive" else pipeline_over(DEFAULT, name, threads)


def predictor(folder: Path, name: str, threads: int) -> Callable[[list[str]], Answers]:
    """The predictor of a runtime."""
    if name == "torch":
        import torch

        from models.torch_predictor import TorchPredictor

        torch.set_num_threads(threads)
        predict = TorchPredictor(folder, device="cpu").predict
    else:
        from models.checkpoint import load_predictor

        predict = load_predictor(folder, runtime=name, threads=threads).predict

    def answer(texts: list[str]) -> Answers:
        found = predict(texts)
        return {"sentiment": found.sentiment, "degree": found.degree, "embedding": found.embeddings}

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


def best_of(rounds: list[dict[str, Took]]) -> dict[str, Took]:
    """The smallest figure of each kind over the rounds, by name."""
    return {name: {key: min(r[name][key] for r in rounds) for key in rounds[0][name]} for name in rounds[0]}


def print_table(rounds: list[dict[str, Took]], answers: dict[str, Answers]) -> None:
    """One row per runtime; ratios are to the first one, agreement is with sorted torch."""
    count = len(answers["torch"]["embedding"])
    print(f"{count} statements, {len(rounds)} rounds, {cpu()}, Python {platform.python_version()}")
    print(
        "| runtime | statements per CPU s | ratio | cold start CPU s | at start MiB | peak MiB "
        "| degree | sentiment | neighbours |"
    )
    print("|---" * 9 + "|")
    reference = nearest(answers["torch"]["embedding"])
    best = best_of(rounds)
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
