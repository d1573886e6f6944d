"""The BentoML service around the interface: mounts, health and the typed API."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from serving.api import create_app
from serving.configuration import configuration
from serving.database.audit import COMMAND_LINE
from serving.database.keys import create_key
from serving.engine import Engine
from serving.logs import JsonFormatter
from serving.version import version
from tests.fakes import KeywordPredictor
from tests.serving.small_world import small_state

# BentoML, its dependencies and their use of pydantic; our own code is under "error" in every other test.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    from serving.service import CountervoiceService

    service: Any = CountervoiceService
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "load", lambda *given: Engine(small_state(), KeywordPredictor()))
        patch.setenv("COUNTERVOICE_STATE", str(tmp_path_factory.mktemp("service")))
        patch.setenv("COUNTERVOICE_KEYS", "loopback")
        with TestClient(service.to_asgi(), "http://127.0.0.1:3000", raise_server_exceptions=False) as client:
            yield client


def test_a_start_is_told_with_what_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from serving import service

    monkeypatch.setattr(Engine, "load", lambda *given: Engine(small_state(), KeywordPredictor()))
    monkeypatch.setattr(service, "configure_logs", lambda form: None)
    monkeypatch.setattr(service, "api", create_app())
    monkeypatch.setattr(logging.getLogger("serving"), "propagate", True)
    monkeypatch.setenv("COUNTERVOICE_STATE", str(tmp_path))
    caplog.set_level(logging.INFO, "serving")
    started = service.service.inner()
    started.stop()
    (line,) = [record for record in caplog.records if record.name == "serving.service"]
    assert (
        json.loads(JsonFormatter().format(line)).items()
        >= {
            "message": "started",
            "version": version(),
            "model": "keywords 000000000000",
            "state": str(tmp_path),
        }.items()
    )


def test_v1_is_mounted(client: TestClient) -> None:
    response = client.post("/v1/classify", json={"texts": ["案例太多，看不下去"]})
    assert response.status_code == 200
    assert response.json()[0]["statements"][0]["counter"]["label"] == "too_little"


def test_the_typed_api_gives_the_same_answer(client: TestClient) -> None:
    asked = {"texts": ["Quá ít ví dụ so với số công ty trong nước", "The courier was so friendly", "😀"]}
    response = client.post("/classify", json=asked)
    assert response.status_code == 200
    assert response.json() == client.post("/v1/classify", json=asked).json()


def test_the_typed_api_has_the_same_limits(client: TestClient) -> None:
    assert client.post("/classify", json={"texts": ["one"] * 257}).status_code == 400


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_bento_answers_for_health(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_both_descriptions_are_there(client: TestClient) -> None:
    assert "/classify" in client.get("/docs.json").json()["paths"]
    assert "/v1/classify" in client.get("/v1/openapi.json").json()["paths"]


def test_what_is_not_under_v1_is_refused_in_its_shape(client: TestClient) -> None:
    response = client.get("/v1/nothing")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


def test_a_body_over_the_limit_is_refused_everywhere(client: TestClient) -> None:
    chunks = (b"a" * 4_000_000 for _ in range(9))
    for path in ("/v1/classify", "/classify"):
        response = client.post(path, content=chunks, headers={"content-type": "application/json"})
        assert response.status_code == 413
        chunks = (b"a" * 4_000_000 for _ in range(9))


@pytest.mark.parametrize("path", ["/", "/metrics", "/docs.json", "/schema.json", "/v1/causes", "/nothing"])
def test_without_a_word_on_keys_everything_but_health_asks_for_one(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    from serving.service import api

    for given in ("", "yes", "OFF"):
        assert configuration({"COUNTERVOICE_KEYS": given}).keys == "required"
    monkeypatch.setattr(api.state.gate, "_policy", "required")
    assert client.get(path).status_code == 401
    assert client.post("/classify", json={"texts": ["one"]}).status_code == 401
    for health in ("/livez", "/readyz", "/healthz"):
        assert client.get(health).status_code in (200, 404)


def test_a_key_of_another_scope_opens_nothing_that_bento_adds(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from serving.service import api

    monkeypatch.setattr(api.state.gate, "_policy", "required")
    _, secret = create_key(api.state.keeper.database, "writer", ["write"], COMMAND_LINE)
    writer = {"Authorization": f"Bearer {secret}"}
    refused = client.post("/classify", json={"texts": ["one"]}, headers=writer)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")
    for path in ("/", "/metrics", "/docs.json", "/schema.json", "/nothing"):
        assert client.get(path, headers=writer).status_code == 403, path
