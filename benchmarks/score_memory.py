"""Peak memory of ``countervoice score`` as files grow, and what it costs beside the bare predictor.

    python -m benchmarks.score_memory

Memory is measured in a process of its own per file, with a tiny untrained model of the same kind as the shipped
one: what grows with the rows is the pipeline, and the shipped model would take hours. The overhead is measured with
the shipped model: CPU seconds of the whole command over those of ``Predictor.predict`` on the same statements, in
turns in one process, over Parquet of the sample's messages with a number in each. Needs Linux (/proc) and the extra
`train`.
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.score_scale import numbered_rows
from tests.serving.tiny_checkpoint import tiny_checkpoint

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 2


def main() -> None:
    """Measure and print a JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 200_000])
    parser.add_argument(
        "--overhead-rows",
        type=int,
        default=1000,
        help="Messages of the sample, again and again, no two alike; 0 leaves it out.",
    )
    parser.add_argument("--score", type=Path, nargs=3, metavar=("MODEL", "IN", "OUT"), help=argparse.SUPPRESS)
    parser.add_argument("--embeddings", action="store_true", help="Score with --embeddings.")
    given = parser.parse_args()
    if given.score:
        score_here(*given.score, embeddings=given.embeddings)
        return
    with tempfile.TemporaryDirectory() as folder:
        found = {
            "machine": platform.processor() or platform.machine(),
            "python": platform.python_version(),
            "memory": memory(Path(folder), given.rows, given.embeddings),
            "overhead": overhead(Path(folder), given.overhead_rows) if given.overhead_rows else None,
        }
    print(json.dumps(found, indent=1))


def memory(folder: Path, sizes: list[int], embeddings: bool) -> list[dict[str, float]]:
    """One row per size: peak resident memory and CPU seconds of a scoring."""
    model = tiny_checkpoint(folder)
    found = []
    for rows in sizes:
        source = short_rows(folder / f"{rows}.csv", rows)
        flags = ["--embeddings"] if embeddings else []
        program = [sys.executable, "-m", "benchmarks.score_memory", *flags, "--score"]
        paths = [str(model), str(source), str(folder / f"{rows}.parquet")]
        done = subprocess.run([*program, *paths], cwd=ROOT, check=True, capture_output=True, encoding="utf-8")
        found.append({"rows": rows, **json.loads(done.stdout.splitlines()[-1])})
    return found


def score_here(model: Path, source: Path, out: Path, *, embeddings: bool) -> None:
    """In a process of its own: score, and print what it took."""
    import torch

    from models.checkpoint import load_predictor
    from serving.score_output import ScoreSettings
    from serving.scoring import score_file

    torch.set_num_threads(1)
    predictor = load_predictor(model)
    predictor.predict(["warm"])
    loaded = peak_mib()
    began = time.process_time()
    score_file(source, out, predictor, columns={}, settings=ScoreSettings(embeddings=embeddings))
    took = {"loaded_mib": loaded, "peak_mib": peak_mib(), "cpu_s": round(time.process_time() - began, 1)}
    print(json.dumps(took))


def peak_mib() -> int:
    """Peak resident memory of this process so far."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def overhead(folder: Path, rows: int) -> dict[str, float]:
    """CPU seconds of the pipeline and of the bare predictor, the least of some rounds in turns."""
    import torch

    from data.reading import read_feedback
    from models.checkpoint import load_predictor
    from serving.analysis import all_statements, with_languages
    from serving.scoring import score_file

    torch.set_num_threads(1)
    source = numbered_rows(folder / "sample.parquet", rows)
    predictor = load_predictor()
    texts = [s.text for s in all_statements(with_languages(read_feedback(source).feedback))]
    predictor.predict(texts[:50])
    bare, whole = [], []
    for _ in range(ROUNDS):
        bare.append(cpu_seconds(lambda: predictor.predict(texts)))
        whole.append(
            cpu_seconds(lambda: score_file(source, folder / "scored.parquet", predictor, columns={}))
        )
    return {
        "rows": rows,
        "statements": len(texts),
        "predictor_cpu_s": round(min(bare), 2),
        "score_cpu_s": round(min(whole), 2),
        "ratio": round(min(whole) / min(bare), 3),
    }


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    began = time.process_time()
    work()
    return time.process_time() - began


def short_rows(path: Path, rows: int) -> Path:
    """A file of short messages with ids, authors and ratings, no two alike."""
    with path.open("w", encoding="utf-8") as file:
        file.write("id,author,text,rating\n")
        for number in range(rows):
            file.write(f"row {number},writer {number},Too few examples for case {number}.,{1 + number % 5}\n")
    return path


if __name__ == "__main__":
    main()
