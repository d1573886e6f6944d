"""Rows a second, CPU seconds and peak memory of the whole command ``countervoice score``, here and on Ray.

    python -m benchmarks.score_scale --rows 20000 --engines local ray

Every run is the command in a process of its own, over Parquet of the sample's texts, each with a number so that no two
are alike. Memory is that of all its processes together, shared pages counted once (PSS), looked at twice a second; on
Ray that includes Ray's own processes. ``--tiny`` takes an untrained model of two layers of width 32: what can grow
with the rows is the pipeline, and a million rows through the shipped model take hours on one core. Locally one CPU,
on Ray one worker. Needs Linux and the extras `dev` and `ray`, with --tiny `train` too.
"""

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from itertools import cycle, islice
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from models.checkpoint import DEFAULT

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "sample" / "feedback.csv"
LOOK_EVERY_S = 0.5
GROUP_ROWS = 50_000


def main() -> None:
    """Measure and print a JSON line a run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="*", default=[20_000])
    parser.add_argument("--engines", nargs="*", choices=("local", "ray"), default=["local", "ray"])
    parser.add_argument("--tiny", action="store_true", help="A tiny untrained model.")
    given = parser.parse_args()
    print(json.dumps({"machine": platform.machine(), "cpus": os.cpu_count(), "tiny": given.tiny}))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = _tiny(folder) if given.tiny else DEFAULT
        for rows in given.rows:
            source = numbered_rows(folder / f"{rows}.parquet", rows)
            outputs = [measured(source, model, engine, rows) for engine in given.engines]
            assert len(set(outputs)) == 1, "the engines differ"


def _tiny(folder: Path) -> Path:
    from tests.serving.tiny_checkpoint import tiny_checkpoint

    return tiny_checkpoint(folder)


def numbered_rows(path: Path, rows: int) -> Path:
    """A Parquet file of the sample's messages, again and again, each with its number."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        sample = list(csv.DictReader(file))
    messages = enumerate(islice(cycle(sample), rows))
    with pq.ParquetWriter(path, pa.schema([("id", pa.string()), ("text", pa.string())])) as writer:
        while group := list(islice(messages, GROUP_ROWS)):
            ids = [str(number) for number, _ in group]
            texts = [f"{message['text']} ({number})" for number, message in group]
            writer.write_table(pa.table({"id": ids, "text": texts}))
    return path


def measured(source: Path, model: Path, engine: str, rows: int) -> bytes:
    """Run the command, print what it took, and give back what it wrote."""
    out = source.with_name(f"{source.stem}.{engine}.out.parquet")
    command = [sys.executable, str(ROOT / "countervoice.py"), "score", str(source), "--out", str(out)]
    command += ["--model", str(model), "--engine", engine]
    command = [*command, "--workers", "1"] if engine == "ray" else ["taskset", "--cpu-list", "0", *command]
    began = time.monotonic()
    process = psutil.Popen(command, stderr=subprocess.DEVNULL)
    peak_mib, cpu_s = watch(process)
    took = time.monotonic() - began
    assert process.returncode == 0, f"{engine} ended with {process.returncode}"
    found = {
        "engine": engine,
        "rows": rows,
        "statements": pq.read_metadata(out).num_rows,
        "peak_mib": peak_mib,
        "cpu_s": round(cpu_s, 1),
        "wall_s": round(took, 1),
        "rows_per_wall_s": round(rows / took),
        "rows_per_cpu_s": round(rows / cpu_s),
    }
    print(json.dumps(found), flush=True)
    return out.read_bytes()


def watch(process: psutil.Popen) -> tuple[int, float]:
    """Peak memory in MiB and CPU seconds of a process and all that it starts, until it ends."""
    peak = 0
    seconds: dict[int, float] = {}
    while process.poll() is None:
        used = 0
        for each in (process, *process.children(recursive=True)):
            with suppress(psutil.Error):
                used += each.memory_full_info().pss
                seconds[each.pid] = sum(each.cpu_times()[:2])
        peak = max(peak, used)
        time.sleep(LOOK_EVERY_S)
    return peak // 2**20, sum(seconds.values())


if __name__ == "__main__":
    main()
