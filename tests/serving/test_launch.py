"""Serving fails fast, watches over what it starts, and leaves nothing running."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from data.errors import CheckpointError, SettingsError, StateError
from models.predictions import ModelInfo
from serving import launch
from serving.state import write_state
from tests.fakes import KeywordPredictor
from tests.serving.small_world import example_embeddings, small_feedback, small_index, small_mining


@pytest.fixture
def state(tmp_path: Path) -> Path:
    write_state(
        tmp_path / "state",
        small_mining(),
        small_index(),
        model=KeywordPredictor().info,
        created_at="now",
        feedback=small_feedback(),
        embeddings=example_embeddings(),
    )
    return tmp_path


@pytest.fixture
def right_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "checkpoint_info", lambda folder: KeywordPredictor().info)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


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
        launch.serve(state, "127.0.0.1", free_port, state / "nothing", say=print)


def test_another_model_than_the_mined_one_is_refused(
    state: Path, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = ModelInfo(name="newer", version="f" * 12, languages=("vi",))
    monkeypatch.setattr(launch, "checkpoint_info", lambda folder: other)
    with pytest.raises(
        StateError, match=r"made with model keywords 000000000000.*newer ffffffffffff.*mine again"
    ):
        launch.serve(state, "127.0.0.1", free_port, None, say=print)


def test_a_port_in_use_is_told(state: Path, right_model: None) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"cannot listen on 127.0.0.1 port {port}.*choose another"):
            launch.serve(state, "localhost", port, None, say=print)


def test_a_name_is_no_address(state: Path, right_model: None, free_port: int) -> None:
    with pytest.raises(SettingsError, match="is not an address such as"):
        launch.serve(state, "example.org", free_port, None, say=print)


def test_a_server_that_ends_at_once_gives_its_exit_code(
    state: Path, right_model: None, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(monkeypatch, "raise SystemExit(3)")
    assert launch.serve(state, "127.0.0.1", free_port, None, say=print) == 3


def test_a_server_that_never_gets_ready_is_stopped(
    state: Path, right_model: None, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "READY_WITHIN_S", 0)
    processes = started(monkeypatch, "import time; time.sleep(600)")
    with pytest.raises(StateError, match="not ready within"):
        launch.serve(state, "127.0.0.1", free_port, None, say=print)
    assert processes[0].wait(20) != 0


def test_an_address_that_others_can_reach_is_warned_of(
    state: Path, right_model: None, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(monkeypatch, "")
    said: list[str] = []
    launch.serve(state, "0.0.0.0", free_port, None, say=said.append)
    assert "asks nobody for a key" in said[0]


def test_the_server_gets_absolute_paths_and_no_tracking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environment = launch._environment(Path("out"), Path("model"), "torch")
    assert environment["COUNTERVOICE_STATE"] == str(tmp_path / "out")
    assert environment["COUNTERVOICE_MODEL"] == str(tmp_path / "model")
    assert environment["BENTOML_DO_NOT_TRACK"] == "true"
    assert environment["COUNTERVOICE_RUNTIME"] == "torch"
