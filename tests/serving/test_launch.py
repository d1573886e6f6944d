"""Serving fails fast, watches over what it starts, and leaves nothing running."""

import os
import re
import socket
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import psutil
import pytest

from data.errors import CheckpointError, DatabaseError, SettingsError, StateError
from models.predictions import ModelInfo
from serving import launch
from serving.database.audit import COMMAND_LINE
from serving.database.connection import database_url
from serving.database.keys import create_key, revoke_key
from serving.database.migration import open_database
from serving.launch import ServeSettings
from serving.state import INDEX_NAME, STATE_NAME, write_state
from serving.version import ROOT
from tests.fakes import KeywordPredictor
from tests.serving import real_server
from tests.serving.small_world import example_embeddings, small_feedback, small_index, small_mining


@pytest.fixture
def state(tmp_path: Path) -> Path:
    write_state(
        tmp_path / "state",
        small_mining(),
        small_index(),
        model=KeywordPredictor().info,
        created_at="now",
        own_ids=True,
        feedback=small_feedback(),
        embeddings=example_embeddings(),
    )
    return tmp_path


@pytest.fixture
def right_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "checkpoint_info", lambda folder: KeywordPredictor().info)


@pytest.fixture
def free_port() -> int:
    return real_server.free_port()


def serve(state: Path, host: str, port: int, model: Path | None = None) -> int:
    return launch.serve(ServeSettings(state=state, host=host, port=port, model=model), say=print)


def started(monkeypatch: pytest.MonkeyPatch, program: str) -> list[subprocess.Popen[bytes]]:
    """Start ``program`` in place of BentoML; gives the processes started."""
    processes: list[subprocess.Popen[bytes]] = []
    really = subprocess.Popen

    def start(command: list[str], **options: object) -> subprocess.Popen[bytes]:
        processes.append(really([sys.executable, "-c", program]))
        return processes[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    return processes


def test_no_model_is_told_before_anything_starts(state: Path, free_port: int) -> None:
    with pytest.raises(CheckpointError, match="no Countervoice checkpoint"):
        serve(state, "127.0.0.1", free_port, model=state / "nothing")


def test_a_mining_of_another_model_is_told_and_the_service_starts(
    state: Path, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sent is mined by a running service: one that refused to start could never mine again."""
    other = ModelInfo(name="newer", version="f" * 12, languages=("vi",))
    monkeypatch.setattr(launch, "checkpoint_info", lambda folder: other)
    processes = started(monkeypatch, "")
    said: list[str] = []
    assert launch.serve(ServeSettings(state=state, port=free_port), say=said.append) == 0
    assert len(processes) == 1
    assert re.match(r"the mining was made with model keywords 0{12}, .*newer f{12}: mine again", said[0])
    assert "POST /v1/jobs/mine" in said[0]


def test_a_damaged_index_is_told_before_anything_starts(
    state: Path, right_model: None, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes = started(monkeypatch, "")
    (state / STATE_NAME / INDEX_NAME / "causes.npz").unlink()
    with pytest.raises(StateError, match=r"index holds no causes that can be read.*mine again"):
        serve(state, "127.0.0.1", free_port)
    assert not processes


def test_a_port_in_use_is_told(state: Path, right_model: None) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"cannot listen on 127.0.0.1 port {port}.*choose another"):
            serve(state, "localhost", port)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent has ended")
def test_what_is_served_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    """The child, which tells its id, would sleep for ten minutes."""
    (tmp_path / "sleeps.py").write_text(
        "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(600)\n", encoding="utf-8"
    )
    program = (
        "import os, subprocess, sys, time\n"
        "subprocess.Popen([sys.executable, '-m', 'serving.tied', str(os.getpid()), 'sleeps'])\n"
        "time.sleep(600)\n"
    )
    places = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(tmp_path)))}
    with subprocess.Popen([sys.executable, "-c", program], env=places, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        served = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        served.wait(20)


def test_what_is_served_is_tied_to_the_command() -> None:
    command = launch._command(ServeSettings(state=Path("out")))
    assert command[1:6] == ["-m", "serving.tied", str(os.getpid()), "bentoml", "serve"]


def test_a_name_is_no_address(state: Path, right_model: None, free_port: int) -> None:
    with pytest.raises(SettingsError, match="is not an address such as"):
        serve(state, "example.org", free_port)


def test_a_server_that_ends_at_once_gives_its_exit_code(
    state: Path, right_model: None, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(monkeypatch, "raise SystemExit(3)")
    assert serve(state, "127.0.0.1", free_port) == 3


def test_a_server_that_never_gets_ready_is_stopped(
    state: Path, right_model: None, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "READY_WITHIN_S", 0)
    processes = started(monkeypatch, "import time; time.sleep(600)")
    with pytest.raises(StateError, match="not ready within"):
        serve(state, "127.0.0.1", free_port)
    assert processes[0].wait(20) != 0


def test_a_proxy_of_the_house_does_not_lie_between_the_service_and_us(
    free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ready(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    with HTTPServer(("127.0.0.1", free_port), Ready) as server:
        Thread(target=server.handle_request).start()
        assert launch._is_ready(f"http://127.0.0.1:{free_port}")


def test_a_database_that_is_damaged_is_told_before_anything_starts(
    state: Path, right_model: None, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes = started(monkeypatch, "")
    for name in ("feedback.db", "feedback.db-wal"):
        (state / name).write_bytes(b"another file" * 1_000)
    with pytest.raises(DatabaseError, match=r"feedback\.db is damaged .*restore a copy"):
        serve(state, "127.0.0.1", free_port)
    assert not processes


def test_an_address_that_others_can_reach_needs_a_key(
    state: Path, right_model: None, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes = started(monkeypatch, "")
    with pytest.raises(SettingsError, match="asks for keys, and there is none: make one with"):
        serve(state, "0.0.0.0", free_port)
    database = open_database(database_url(None, state))
    key, _ = create_key(database, "old", ["admin"], COMMAND_LINE)
    revoke_key(database, key.id, COMMAND_LINE)
    with pytest.raises(SettingsError, match="make one"):
        serve(state, "0.0.0.0", free_port)
    assert not processes
    create_key(database, "new", ["read"], COMMAND_LINE)
    database.close()
    assert serve(state, "0.0.0.0", free_port) == 0


def test_no_keys_must_be_said_aloud_and_is_answered(
    state: Path, right_model: None, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(monkeypatch, "")
    said: list[str] = []
    settings = ServeSettings(state=state, host="0.0.0.0", port=free_port, keys=False)
    launch.serve(settings, say=said.append)
    assert "lets everybody read, change and erase" in said[0]


@pytest.mark.parametrize(
    ("host", "keys", "policy"),
    [
        ("127.0.0.1", None, "loopback"),
        ("::1", None, "loopback"),
        ("127.0.0.1", True, "required"),
        ("127.0.0.1", False, "off"),
        ("0.0.0.0", None, "required"),
        ("10.0.0.7", False, "off"),
    ],
)
def test_keys_are_asked_for_unless_only_this_machine_can_come(
    host: str, keys: bool | None, policy: str
) -> None:
    assert ServeSettings(state=Path("out"), host=host, keys=keys).policy == policy


def test_the_server_gets_absolute_paths_and_no_tracking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = ServeSettings(
        state=Path("out"), model=Path("model"), runtime="torch", database="sqlite:///kept.db"
    )
    environment = launch._environment(settings, database_url(settings.database, settings.state))
    assert environment["COUNTERVOICE_STATE"] == str(tmp_path / "out")
    assert environment["COUNTERVOICE_MODEL"] == str(tmp_path / "model")
    assert environment["COUNTERVOICE_DATABASE"] == f"sqlite:///{tmp_path / 'kept.db'}"
    assert environment["COUNTERVOICE_KEYS"] == "loopback"
    assert environment["BENTOML_DO_NOT_TRACK"] == "true"
    assert environment["FORWARDED_ALLOW_IPS"] == ""
    assert environment["COUNTERVOICE_RUNTIME"] == "torch"
