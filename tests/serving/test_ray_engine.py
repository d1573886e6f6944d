"""Scoring on Ray: the output of a local run, byte for byte; what a killed run left is not made again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from data import extras
from data.errors import SettingsError
from models.checkpoint import load_predictor
from serving.ray_engine import RayEngine
from serving.score_output import ScoreSettings
from serving.scoring import score_file
from serving.version import ROOT
from tests.serving.files import rows, write_csv
from tests.serving.tiny_checkpoint import tiny_checkpoint

SETTINGS = ScoreSettings(chunk_rows=20, embeddings=True)
REJECTED = ["mute", "b", " ", "1", ""]

# Ray leaves processes and sockets behind in the process that started it, so it gets one of its own.
ON_RAY = """
import sys
from pathlib import Path

import models.lazy_predictor
from data.errors import EngineError
from serving.version import ROOT
from serving.ray_engine import RayEngine
from serving.scoring import score_file
from tests.serving.test_ray_engine import SETTINGS

model, workers_model, source, out = map(Path, sys.argv[1:])
predictor = models.lazy_predictor.LazyPredictor(model)
models.lazy_predictor.load_predictor = None  # nothing is scored here
engine = RayEngine(model=workers_model, runtime="auto", workers=1)
try:
    score_file(source, out, predictor, columns={}, settings=SETTINGS, engine=engine, say=print)
except EngineError as error:
    print(error)
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("ray")
    return tiny_checkpoint(tmp_path_factory.mktemp("model"))


def on_ray(*paths: Path, **environment: str) -> "subprocess.Popen[str]":
    """Score with the model, the workers' model, the source and the output in ``paths``."""
    kept = {name: value for name, value in os.environ.items() if name != "RAY_ADDRESS"}
    return subprocess.Popen(
        [sys.executable, "-c", ON_RAY, *map(str, paths)],
        env={**kept, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def source_in(folder: Path) -> Path:
    lines = rows()
    return write_csv(folder / "in.csv", [*lines[:150], REJECTED, *lines[150:]])


@pytest.mark.slow
def test_killed_and_scored_on_the_output_is_that_of_a_local_run(model: Path, tmp_path: Path) -> None:
    source, out, parts = source_in(tmp_path), tmp_path / "ray.parquet", tmp_path / "ray.parquet.parts"
    with on_ray(model, model, source, out) as running:
        while len(list(parts.glob("part-*.parquet"))) < 2:
            assert running.poll() is None, "it ended before it could be killed"
            time.sleep(0.01)
        os.killpg(running.pid, signal.SIGKILL)
    assert not out.exists()
    said = on_ray(model, model, source, out).communicate()[0]
    assert "going on after" in said
    local = tmp_path / "local.parquet"
    score_file(source, local, load_predictor(model), columns={}, settings=SETTINGS)
    assert out.read_bytes() == local.read_bytes()
    assert not parts.exists()


@pytest.mark.slow
def test_a_worker_that_fails_is_told_in_one_line(model: Path, tmp_path: Path) -> None:
    source, nowhere = source_in(tmp_path), tmp_path / "nowhere"
    said = on_ray(model, nowhere, source, tmp_path / "out.parquet").communicate()[0].splitlines()[-1]
    assert said.startswith(f"Ray could not score: {nowhere} is no Countervoice checkpoint")
    assert said.endswith("the same command goes on from there")


@pytest.mark.slow
def test_a_cluster_that_is_not_there_is_told(model: Path, tmp_path: Path) -> None:
    for address, reason in (("127.0.0.1:1", "Connection refused"), ("ray://head:10001", "HOST:PORT or auto")):
        running = on_ray(model, model, source_in(tmp_path), tmp_path / "out.parquet", RAY_ADDRESS=address)
        assert reason in running.communicate()[0].splitlines()[-1]


def test_ray_that_is_not_installed_is_told_before_anything_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "installed", lambda package: package != "ray")
    with pytest.raises(SettingsError, match=r"--engine ray needs ray, which is not installed.*\[ray\]"):
        RayEngine(model=Path("model"), runtime="auto")
