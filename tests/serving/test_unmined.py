"""A service before its first mining: it classifies and keeps feedback, says what is missing, and serves what comes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import models.checkpoint
from serving import launch
from serving.configuration import Configuration
from serving.database.connection import Database
from serving.database.jobs import claim
from serving.engine import Engine
from serving.job_process import run_job
from serving.launch import ServeSettings
from tests.fakes import KeywordPredictor
from tests.serving.job_world import keep_feedback
from tests.serving.served import served
from tests.serving.test_engine import Newer
from tests.serving.test_launch import free_port as free_port
from tests.serving.test_launch import right_model as right_model
from tests.serving.test_launch import started
from tests.serving.watched import watched_folder


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setattr(models.checkpoint, "load_predictor", lambda model, runtime: KeywordPredictor())
    return Engine.load(tmp_path, None)


@pytest.fixture
def client(engine: Engine, embedded: Database, tmp_path: Path) -> Iterator[TestClient]:
    with served(embedded, engine=engine, folder=tmp_path) as client:
        yield client


def test_messages_are_classified_without_causes(client: TestClient) -> None:
    response = client.post("/v1/classify", json={"texts": ["Quá ít ví dụ so với số công ty"]})
    ((statement,),) = [answer["statements"] for answer in response.json()]
    assert statement["degree"]["label"] == "too_little"
    assert statement["topics"][0]["id"] == "content"
    assert [statement[key] for key in ("cause", "side", "counter", "verdict")] == [None] * 4


@pytest.mark.parametrize("path", ["causes", "causes/c-0001", "oppositions", "gap", "loyalty", "recovery"])
def test_what_only_a_mining_knows_is_not_called_empty(client: TestClient, path: str) -> None:
    response = client.get(f"/v1/{path}")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_mined"
    assert "POST /v1/jobs/mine" in response.json()["error"]["message"]


def test_of_a_mining_of_another_model_what_needs_no_model_is_told_on(
    embedded: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = watched_folder(tmp_path / "out")
    monkeypatch.setattr(models.checkpoint, "load_predictor", lambda model, runtime: Newer())
    with served(embedded, engine=Engine.load(folder, None), folder=folder) as client:
        paths = ("causes", "oppositions", "loyalty", "recovery", "alarms", "fixes", "ratio", "info")
        told = {path: client.get(f"/v1/{path}").status_code for path in paths}
        assert {path for path, status in told.items() if status == 404} == {"causes", "oppositions"}
        assert {*told.values()} == {200, 404}, told
        assert client.get("/v1/info").json()["mined"] is None


def test_everything_else_is_there(client: TestClient) -> None:
    info = client.get("/v1/info").json()
    assert (info["mined"], info["model"]["name"]) == (None, "keywords")
    assert "countervoice_mining_timestamp_seconds 0.0" in client.get("/metrics").text
    assert client.post("/v1/feedback", json={"id": "f-1", "text": "Too few examples"}).status_code == 201
    assert client.delete("/v1/feedback/f-1").json()["erased"] == 1


def test_the_first_mining_is_served_as_soon_as_it_is_there(
    client: TestClient, engine: Engine, embedded: Database, tmp_path: Path
) -> None:
    keep_feedback(embedded)
    assert not engine.refresh()
    assert client.post("/v1/jobs/mine", json={}).status_code == 202
    job = claim(embedded, "w")
    assert job is not None
    run_job(Configuration(state=tmp_path, database=embedded.engine.url), embedded, job.id, "w")
    assert engine.refresh()
    assert not engine.refresh()
    assert client.get("/v1/causes").json()["causes"]
    ((statement,),) = [
        answer["statements"]
        for answer in client.post("/v1/classify", json={"texts": ["Too few examples"]}).json()
    ]
    assert statement["cause"] is not None


def test_the_command_says_that_there_is_no_mining_and_starts(
    tmp_path: Path, right_model: None, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes = started(monkeypatch, "")
    said: list[str] = []
    folder = tmp_path / "new"
    assert launch.serve(ServeSettings(state=folder, port=free_port), say=said.append) == 0
    assert len(processes) == 1
    assert said[0].startswith(f"no mining in {folder} yet")
    assert (folder / "feedback.db").is_file()
