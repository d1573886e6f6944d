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
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import URL

from data.errors import OtherModelError, SettingsError, StateError
from models.checkpoint import DEFAULT, checkpoint_info
from models.predictions import ModelInfo
from models.runtime import choose_runtime
from serving.configuration import Configuration, KeyPolicy
from serving.database.connection import database_url
from serving.database.keys import list_keys
from serving.database.migration import open_database
from serving.database.soundness import check_whole
from serving.logs import LogFormat
from serving.pace import LATENCY_BUDGET_S
from serving.rate_limit import RATE
from serving.state import has_state, read_state, refuse_inside
from serving.version import ROOT

READY_WITHIN_S = 300
FINISH_WITHIN_S = 30
IDLE_S = 75
"""An idle connection stays open for longer than clients keep theirs, so that none is closed while it is asked."""
LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSettings:
    """What to serve, where, and to whom.

    Attributes:
        database: A URL; None for the file in the folder ``state``.
        keys: Whether to ask for keys; None to ask unless only this machine can reach ``host``.
        rate_limit: Requests a minute of one caller; 0 for no limit.
        redact: Whether to take personal data out of feedback before it is kept.
        log_format: For people or for programs.
        latency_budget: Seconds within which a classification is expected to begin; 0 for any.
    """

    state: Path
    host: str = "127.0.0.1"
    port: int = 3000
    model: Path | None = None
    runtime: str = "auto"
    database: str | None = None
    keys: bool | None = None
    rate_limit: int = RATE
    redact: bool = True
    log_format: LogFormat = "text"
    latency_budget: float = LATENCY_BUDGET_S

    @property
    def policy(self) -> KeyPolicy:
        """What the gate asks of callers."""
        if self.keys is None:
            return "loopback" if self.host in LOOPBACK else "required"
        return "required" if self.keys else "off"


def serve(settings: ServeSettings, *, say: Callable[[str], None]) -> int:
    """Serve until interrupted; returns the exit code.

    BentoML starts a failing worker again for ever, with its socket open and its clients hanging. So what can
    fail is tried here first, and a service that is not ready in time is stopped. A worker that has to start again
    later is not kept from it by whatever mining lies there then (``serving.engine``).

    Raises:
        StateError: The folder is the inside of a mining, the mining cannot be read, or the database cannot be used.
        CheckpointError: The folder ``model`` holds no model, or none that ``runtime`` can run.
        SettingsError: The address is none, its port is taken, or a key is needed and there is none.
    """
    host = "127.0.0.1" if settings.host == "localhost" else settings.host
    settings = replace(settings, host=host)
    model = settings.model or DEFAULT
    _check_mining(settings.state, checkpoint_info(model), say)
    choose_runtime(model, settings.runtime)
    _check_address(host, settings.port)
    url = database_url(settings.database, settings.state)
    _check_keys(url, settings, say)
    return _run(settings, url, say)


def _check_mining(folder: Path, model: ModelInfo, say: Callable[[str], None]) -> None:
    """Where there is none of this model, serve without: feedback that was sent is mined by a service that runs."""
    refuse_inside(folder)
    if not has_state(folder):
        say(
            f"no mining in {folder} yet: answers name no causes until then. Keep feedback with POST /v1/feedback and "
            f"mine it with POST /v1/jobs/mine, or run `countervoice mine FILE --out {folder}`"
        )
        return
    try:
        read_state(folder, model)
    except OtherModelError as error:
        say(
            f"{error}. Answers name no causes until then: POST /v1/jobs/mine mines what is kept, "
            f"`countervoice mine FILE --out {folder}` a file"
        )


def _run(settings: ServeSettings, url: URL, say: Callable[[str], None]) -> int:
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
        _command(settings), cwd=ROOT, env=_environment(settings, url)
    )
    before = signal.signal(signal.SIGTERM, lambda number, frame: process.terminate())
    try:
        return _watch(process, _url(settings.host, settings.port), say)
    except KeyboardInterrupt:  # BentoML, in the same terminal, got it too and ends by itself
        say(f"stopping, in at most {FINISH_WITHIN_S} seconds")
        with suppress(subprocess.TimeoutExpired):
            process.wait(FINISH_WITHIN_S + 5)
        return 0
    finally:
        process.terminate()  # does nothing to a process that has ended
        signal.signal(signal.SIGTERM, before)


def _check_keys(url: URL, settings: ServeSettings, say: Callable[[str], None]) -> None:
    """Make or migrate the database, if it is whole; see that somebody can come in, and not everybody by mistake."""
    check_whole(url)
    with closing(open_database(url)) as database:
        has_key = any(key.revoked_at is None for key in list_keys(database))
    if settings.policy == "required" and not has_key:
        raise SettingsError(
            f"{settings.host} asks for keys, and there is none: make one with `countervoice keys create NAME --scope "
            "read`, or say --no-keys to let in everybody who can reach it"
        )
    if settings.policy == "off" and settings.host not in LOOPBACK:
        say(
            f"{settings.host} can be reached from other machines, and --no-keys lets everybody read, change and erase"
        )


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
                f"cannot listen on {host} port {port} ({error.strerror}): choose another --host or --port, or end what "
                "listens there, which may be a service that was killed"
            ) from error


def _command(settings: ServeSettings) -> list[str]:
    service = "serving.service:CountervoiceService"
    where = ["--host", settings.host, "--port", str(settings.port), "--working-dir", str(ROOT)]
    patience = ["--timeout-graceful-shutdown", str(FINISH_WITHIN_S), "--timeout-keep-alive", str(IDLE_S)]
    quiet = ["--quiet"] if settings.log_format == "json" else []  # BentoML's own lines are no JSON
    tied = ["-m", "serving.tied", str(os.getpid())]
    return [sys.executable, *tied, "bentoml", "serve", service, *where, *patience, *quiet]


def _environment(settings: ServeSettings, url: URL) -> dict[str, str]:
    chosen = Configuration(
        state=settings.state,
        database=url,
        model=settings.model,
        runtime=settings.runtime,
        keys=settings.policy,
        rate=settings.rate_limit,
        redact=settings.redact,
        log_format=settings.log_format,
        latency_budget=settings.latency_budget,
    )
    # Without it uvicorn would take anybody on this machine for a proxy, and believe the address that it tells.
    no_proxy = {"FORWARDED_ALLOW_IPS": ""}
    return {**no_proxy, **os.environ, "BENTOML_DO_NOT_TRACK": "true", **chosen.environment()}


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
        say(f"dashboard: {url}/dashboard")
    return process.wait()


def _is_ready(url: str) -> bool:
    straight = urllib.request.build_opener(
        urllib.request.ProxyHandler({})
    )  # a company's proxy does not lead here
    try:
        with straight.open(f"{url}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False
