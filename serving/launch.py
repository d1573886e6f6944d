"""``countervoice serve``: check everything that can be checked, then start BentoML and watch over it."""

import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from data.errors import SettingsError, StateError
from models.checkpoint import DEFAULT, checkpoint_info
from models.runtime import choose_runtime
from serving.engine import check_same_model
from serving.state import STORE_NAME, find_state
from serving.store import read_store

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN_S = 300
FINISH_WITHIN_S = 30
LOOPBACK = ("127.0.0.1", "::1")


def serve(
    state: Path,
    host: str,
    port: int,
    model: Path | None,
    *,
    runtime: str = "auto",
    say: Callable[[str], None],
) -> int:
    """Serve the mining in ``state`` until interrupted; returns the exit code.

    BentoML starts a failing worker again for ever, with its socket open and its clients hanging. So what can
    fail is tried here first, and a service that is not ready in time is stopped.

    Raises:
        StateError: There is no mining to serve, or it was made with another model.
        CheckpointError: The folder ``model`` holds no model, or none that ``runtime`` can run.
        SettingsError: The address is none, or its port is taken.
    """
    host = "127.0.0.1" if host == "localhost" else host
    stored = read_store(find_state(state) / STORE_NAME)
    check_same_model(stored.model, checkpoint_info(model or DEFAULT))
    choose_runtime(model or DEFAULT, runtime)
    _check_address(host, port)
    if host not in LOOPBACK:
        say(f"{host} can be reached from other machines, and the service asks nobody for a key")
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
        _command(host, port), cwd=ROOT, env=_environment(state, model, runtime)
    )
    before = signal.signal(signal.SIGTERM, lambda number, frame: process.terminate())
    try:
        return _watch(process, _url(host, port), say)
    except KeyboardInterrupt:  # BentoML, in the same terminal, got it too and ends by itself
        say(f"stopping, in at most {FINISH_WITHIN_S} seconds")
        with suppress(subprocess.TimeoutExpired):
            process.wait(FINISH_WITHIN_S + 5)
        return 0
    finally:
        process.terminate()  # does nothing to a process that has ended
        signal.signal(signal.SIGTERM, before)


def _check_address(host: str, port: int) -> None:
    try:
        ipaddress.ip_address(host)
    except ValueError as error:
        raise SettingsError(f"--host {host} is not an address such as 127.0.0.1 or ::1: give one") from error
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        if os.name == "posix":  # elsewhere the option would let us take a port in use
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"cannot listen on {host} port {port} ({error.strerror}): choose another --host or --port"
            ) from error


def _command(host: str, port: int) -> list[str]:
    service = "serving.service:CountervoiceService"
    where = ["--host", host, "--port", str(port), "--working-dir", str(ROOT)]
    patience = ["--timeout-graceful-shutdown", str(FINISH_WITHIN_S)]
    return [sys.executable, "-m", "bentoml", "serve", service, *where, *patience]


def _environment(state: Path, model: Path | None, runtime: str) -> dict[str, str]:
    chosen = {"COUNTERVOICE_MODEL": str(model.absolute())} if model else {}
    return {
        **os.environ,
        "BENTOML_DO_NOT_TRACK": "true",
        "COUNTERVOICE_RUNTIME": runtime,
        "COUNTERVOICE_STATE": str(state.absolute()),
        **chosen,
    }


def _url(host: str, port: int) -> str:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - a look-up, not a bind
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"


def _watch(process: subprocess.Popen[bytes], url: str, say: Callable[[str], None]) -> int:
    say(f"loading the model and the mining; {url}/readyz will answer when it is done")
    deadline = time.monotonic() + READY_WITHIN_S
    while process.poll() is None and not _is_ready(url):
        if time.monotonic() > deadline:
            raise StateError(
                f"the service was not ready within {READY_WITHIN_S} seconds: its log above says why"
            )
        time.sleep(0.3)
    if process.poll() is None:
        say(f"ready: POST {url}/v1/classify, described at {url}/v1/openapi.json; stop with Ctrl-C")
    return process.wait()


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:  # noqa: S310 - our own http address
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False
