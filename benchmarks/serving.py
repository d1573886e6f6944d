"""Texts a second, latency and CPU of the service, beside plain services on the same weights and one that does nothing.

    python -m benchmarks.serving --state out

The services take turns on this machine, each in processes of its own, as do the clients: 1, 16 and 64 that each send
one message of the sample and ask again when they are answered. "CPU ms" is what the processes of a service spent for
each request; "model" is what our own classification of the same messages costs in this process, in batches of as many
messages as there are clients. Needs the extra ``bench``.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.runtime import ROOT, SAMPLE, cpu

CLIENTS = (1, 16, 64)
READY_WITHIN_S = 120


@dataclass(frozen=True)
class Service:
    """How to start a service, and where it answers."""

    name: str
    command: Sequence[str]
    path: str = "/classify"


def services(state: Path) -> list[Service]:
    """Ours and the others; ``PORT`` stands for the port."""
    python = [sys.executable, "-m"]
    rivals = "benchmarks.serving_rivals"
    uvicorn = [*python, "uvicorn", "--factory", "--port", "PORT", "--log-level", "warning"]
    ours = [sys.executable, str(ROOT / "countervoice.py"), "serve", "--state", str(state), "--port", "PORT"]
    bento = [*python, "bentoml", "serve", f"{rivals}:BatchedService", "--port", "PORT", "--quiet"]
    return [
        Service("countervoice", [*ours, "--rate-limit", "0"], "/v1/classify"),
        Service("(a) FastAPI + torch", [*uvicorn, f"{rivals}:plain_app"]),
        Service("(b) BentoML batchable", [*bento, "--working-dir", str(ROOT)]),
        Service("(c) Starlette, nothing", [*uvicorn, f"{rivals}:empty_app"]),
    ]


def main() -> None:
    """Measure, and print a table for each round."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--state", type=Path, required=True, help="Folder of a mining, such as of `demo`.")
    parser.add_argument("--seconds", type=float, default=8.0, help="Of each measurement.")
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    texts = messages()
    print(f"{len(texts)} messages, {cpu()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f} before")
    for number in range(given.rounds):
        model = {clients: model_ms(given.state, texts, clients) for clients in CLIENTS}
        measured = {service.name: measure(service, texts, given.seconds) for service in services(given.state)}
        print(f"\nround {number + 1}")
        print_table(measured, model)


def messages() -> list[str]:
    """The messages of the sample, in its order."""
    from data.reading import read_feedback

    return [message.text for message in read_feedback(SAMPLE).feedback]


def model_ms(state: Path, texts: list[str], batch: int) -> float:
    """CPU ms a message of our own classification without a server, of the first 640 messages."""
    from models.checkpoint import load_predictor
    from serving.classify import classify
    from serving.state import read_state

    mined, predictor = read_state(state), load_predictor()
    chosen = texts[:640]
    classify(chosen[:batch], predictor, mined.index, mined.stored)
    start = time.process_time()
    for first in range(0, len(chosen), batch):
        classify(chosen[first : first + batch], predictor, mined.index, mined.stored)
    return 1000 * (time.process_time() - start) / len(chosen)


def measure(service: Service, texts: list[str], seconds: float) -> dict[int, dict[str, Any]]:
    """What the clients saw, by their number, and ``cpu_ms`` a request."""
    found: dict[int, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder, running(service) as (process, url):
        path = Path(folder) / "texts.json"
        path.write_text(json.dumps(texts), encoding="utf-8")
        for clients in CLIENTS:
            before = cpu_s(process)
            command = [sys.executable, "-m", "benchmarks.load", url + service.path, str(path)]
            done = subprocess.run(
                [*command, str(clients), str(seconds)], cwd=ROOT, check=True, capture_output=True, text=True
            )
            seen = json.loads(done.stdout)
            found[clients] = {**seen, "cpu_ms": 1000 * (cpu_s(process) - before) / seen["sent"]}
    return found


@contextmanager
def running(service: Service) -> Iterator[tuple[psutil.Process, str]]:
    """The process and address of a service that is ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [port if word == "PORT" else word for word in service.command]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, "BENTOML_DO_NOT_TRACK": "true", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, **quiet)
    try:
        wait_until_answered(f"http://127.0.0.1:{port}{service.path}", process)
        yield psutil.Process(process.pid), f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


def wait_until_answered(url: str, process: subprocess.Popen[bytes]) -> None:
    """Ask until there is an answer."""
    body, kind = json.dumps({"texts": ["Too few examples"]}).encode(), {"content-type": "application/json"}
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, kind), timeout=10):
                return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"{url} did not answer")


def cpu_s(process: psutil.Process) -> float:
    """CPU seconds of a process and those under it so far."""
    times = [each.cpu_times() for each in (process, *process.children(recursive=True))]
    return sum(each.user + each.system for each in times)


def print_table(measured: dict[str, dict[int, dict[str, Any]]], model: dict[int, float]) -> None:
    """A row for each service and number of clients; ratios are to (a)."""
    print("| service | clients | texts/s | to (a) | p50 ms | p99 ms | CPU ms | errors |")
    print("|---" * 8 + "|")
    plain = measured["(a) FastAPI + torch"]
    for clients in CLIENTS:
        for name, by_clients in measured.items():
            seen = by_clients[clients]
            shown = (
                name,
                str(clients),
                f"{seen['rate']:.0f}",
                f"{seen['rate'] / plain[clients]['rate']:.2f}",
                f"{seen['p50']:.1f}",
                f"{seen['p99']:.1f}",
                f"{seen['cpu_ms']:.2f}",
                told(seen),
            )
            print("| " + " | ".join(shown) + " |")
    ours = measured["countervoice"]
    for clients in CLIENTS:
        over = ours[clients]["cpu_ms"] - model[clients]
        print(
            f"{clients} clients: model {model[clients]:.2f} CPU ms a message, the service {over:+.2f} over it"
        )


def told(seen: dict[str, Any]) -> str:
    """The errors, and of which kinds they were."""
    kinds = ", ".join(f"{status}: {number}" for status, number in seen["statuses"].items() if status != "200")
    return f"{seen['errors']} ({kinds})" if kinds else "0"


if __name__ == "__main__":
    main()
