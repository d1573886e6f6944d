"""The Bento: what `bentoml build` packs is enough to mine and to serve, without this checkout and without torch."""

import json
import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from data.labels import DEGREES
from models.checkpoint import DEFAULT, WEIGHTS
from models.wide import NAME as WIDE
from serving.dashboard.api import FILES
from serving.version import ROOT
from tests.serving.files import rows, write_csv
from tests.serving.real_server import call, free_port, ports_of, wait_until_ready

pytestmark = pytest.mark.slow

FEW = "Quá ít ví dụ so với số lượng các công ty trong nước"
WHERE_FROM = """
import countervoice, data, mining, models, serving
for room in (countervoice, data, mining, models, serving):
    print(room.__file__)
"""


def environment(home: Path, **more: str) -> dict[str, str]:
    """That of this process without the way to this checkout."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return {**kept, "BENTOML_HOME": str(home), "BENTOML_DO_NOT_TRACK": "true", **more}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bentoml")


@pytest.fixture(scope="module")
def bento(home: Path) -> Path:
    build = [sys.executable, "-m", "bentoml", "build", "--output", "tag", str(ROOT)]
    built = subprocess.run(
        build, env=environment(home, PYTHONPATH=str(ROOT)), check=True, capture_output=True, text=True
    )
    name, _, version = built.stdout.partition("__tag__:")[2].split()[0].partition(":")
    return home / "bentos" / name / version


@pytest.fixture(scope="module")
def without_torch(home: Path) -> Mapping[str, str]:
    """The environment of a machine where torch and transformers cannot be imported."""
    stubs = home / "stubs"
    stubs.mkdir()
    for package in ("torch", "transformers"):
        (stubs / f"{package}.py").write_text(f"raise ImportError('{package} was imported')\n")
    return environment(home, PYTHONPATH=str(stubs))


def test_it_holds_the_checkpoint_and_the_rooms_that_are_served(bento: Path) -> None:
    source = bento / "src"
    for name in (WEIGHTS, WIDE):
        assert (source / "models" / "default" / name).read_bytes() == (DEFAULT / name).read_bytes()
    for path in FILES.values():
        assert (source / path.relative_to(ROOT)).read_bytes() == path.read_bytes()
    folders = {path.name for path in source.iterdir() if path.is_dir()}
    assert folders == {"data", "models", "mining", "serving"}
    assert not (source / "data" / "corpus").exists()


def test_it_asks_for_the_base_dependencies_and_no_more(bento: Path) -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        base = tomllib.load(file)["project"]["dependencies"]
    asked = (bento / "env" / "python" / "requirements.txt").read_text().split("\n")
    others = {line for line in asked if line} - set(base)
    assert {line.partition("==")[0] for line in others} == {"bentoml"}
    assert not [line for line in asked if line.startswith(("torch", "transformers"))]


def test_its_rooms_are_its_own(bento: Path, tmp_path: Path, home: Path) -> None:
    program = f"import sys; sys.path.insert(0, {str(bento / 'src')!r})\n{WHERE_FROM}"
    found = subprocess.check_output(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment(home), text=True
    )
    assert all(Path(each).is_relative_to(bento) for each in found.split())


def test_it_mines_and_serves_from_an_empty_folder_without_torch(
    bento: Path, tmp_path: Path, without_torch: Mapping[str, str]
) -> None:
    source, state, empty = write_csv(tmp_path / "in.csv", rows()), tmp_path / "state", tmp_path / "empty"
    empty.mkdir()
    mine = [sys.executable, bento / "src" / "countervoice.py", "mine", source, "--out", state]
    subprocess.run(mine, cwd=empty, env=without_torch, check=True)
    port = free_port()
    serve = [sys.executable, "-m", "bentoml", "serve", str(bento), "--host", "127.0.0.1", "--port", str(port)]
    told = {**without_torch, "COUNTERVOICE_STATE": str(state), "COUNTERVOICE_KEYS": "loopback"}
    process, url = subprocess.Popen(serve, cwd=empty, env=told), f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(process, url)
        (answer,) = call(f"{url}/v1/classify", [FEW])
        causes = call(f"{url}/v1/causes")["causes"]
        assert ports_of(process) == {port}
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    assert answer["statements"][0]["degree"]["label"] in DEGREES
    report = json.loads((state / "report.json").read_text(encoding="utf-8"))
    assert [cause["id"] for cause in causes] == [cause["id"] for cause in report["causes"]]
