"""Every request has a name, a line and a count; none of them tells what was said."""

import json
import logging
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from data.errors import DatabaseError
from serving import gate
from serving.batcher import BusyError
from serving.classify import classify
from serving.database.audit import COMMAND_LINE
from serving.database.connection import Database
from serving.database.keys import create_key
from serving.engine import Engine, tokens_of
from serving.logs import JsonFormatter, TextFormatter, configure_logs
from serving.metrics import Metrics
from serving.operations import OPERATIONS
from serving.rate_limit import RateLimit
from tests.fakes import KeywordPredictor
from tests.serving.served import BODY_LIMIT, served
from tests.serving.small_world import small_state

SECRET = "Quá ít ví dụ, call Anna"
ID = "x-request-id"


async def broken(request: Request) -> Response:
    raise RuntimeError("broken")


@pytest.fixture
def engine() -> Engine:
    return Engine(small_state(), KeywordPredictor())


@pytest.fixture
def client(engine: Engine, embedded: Database) -> Iterator[TestClient]:
    with served(embedded, engine=engine, beside=(Route("/broken", broken),)) as client:
        yield client


def counted(client: TestClient) -> dict[tuple[str, ...], float]:
    """Name and values of labels of each sample, to its value."""
    page = client.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain; version=")
    samples = [sample for family in text_string_to_metric_families(page.text) for sample in family.samples]
    return {
        (sample.name, *(sample.labels[key] for key in sorted(sample.labels))): sample.value
        for sample in samples
    }


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    formatter = JsonFormatter()
    return [
        json.loads(formatter.format(record)) for record in caplog.records if record.name == "serving.request"
    ]


@pytest.mark.parametrize("given", ["abc-1", "a.b:c_d", "x" * 100])
def test_a_request_keeps_the_name_that_it_came_with(client: TestClient, given: str) -> None:
    response = client.get("/v1/causes/none", headers={ID: given})
    assert response.headers[ID] == given
    assert response.json()["error"]["request_id"] == given


@pytest.mark.parametrize("given", ["", "a b", "x" * 101, 'a"b', "{}", "<b>"])
def test_a_name_that_is_unfit_for_a_log_is_replaced(client: TestClient, given: str) -> None:
    response = client.get("/v1/nothing", headers={ID: given})
    assert len(response.headers[ID]) == 32
    assert response.json()["error"]["request_id"] == response.headers[ID]


def test_one_line_tells_how_a_request_went_and_not_what_it_said(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "serving")
    client.post("/v1/classify", json={"texts": [SECRET, SECRET]}, headers={ID: "r-1"})
    (line,) = lines(caplog)
    assert line.pop("ms") > 0
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": "serving.request",
        "message": "request",
        "request_id": "r-1",
        "route": "POST /v1/classify",
        "status": 200,
        "texts": 2,
        "tokens": 2 * tokens_of(SECRET),
    }
    assert "route=POST /v1/classify status=200" in TextFormatter().format(caplog.records[-1])
    client.get("/v1/causes?key=Anna")
    assert "Anna" not in caplog.text


def refused(client: TestClient, caplog: pytest.LogCaptureFixture, path: str, **sent: Any) -> dict[str, Any]:
    """Route, status, code and id of the key of a POST, as its one log line tells them."""
    caplog.clear()
    client.post(path, **sent)
    (line,) = lines(caplog)
    return {name: line[name] for name in ("route", "status", "code", "key_id") if name in line}


def test_what_is_refused_at_the_door_is_told_with_its_route_its_code_and_whose_key_it_was(
    embedded: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "serving")
    key, secret = create_key(embedded, "shop", ["write"], COMMAND_LINE)
    sent = {"headers": {"Authorization": f"Bearer {secret}"}}
    with served(embedded, policy="required", limit=RateLimit(10, burst=3)) as client:
        told = refused(client, caplog, "/v1/classify", json={"texts": ["one"]})
        assert told == {"route": "POST /v1/classify", "status": 401, "code": "unauthorized"}
        told = refused(client, caplog, "/v1/jobs/j-1/result")
        assert told == {"route": "other", "status": 401, "code": "unauthorized"}
        told = refused(client, caplog, "/v1/classify", json={"texts": ["one"]}, **sent)
        code = {"code": "forbidden", "key_id": key.id}
        assert told == {"route": "POST /v1/classify", "status": 403} | code
        told = refused(client, caplog, "/v1/feedback", content=b"x" * (BODY_LIMIT + 1), **sent)
        code = {"code": "body_too_large", "key_id": key.id}
        assert told == {"route": "POST /v1/feedback", "status": 413} | code
        told = [refused(client, caplog, "/v1/feedback", content=b"", **sent) for _ in range(3)][-1]
        code = {"code": "too_many_requests", "key_id": key.id}
        assert told == {"route": "POST /v1/feedback", "status": 429} | code
    assert secret not in caplog.text
    assert "shop" not in str(lines(caplog))
    with served(embedded, policy=None) as client:
        told = refused(client, caplog, "/v1/classify", json={"texts": ["one"]})
    assert told == {"route": "POST /v1/classify", "status": 503, "code": "unavailable"}


def test_too_much_to_do_is_told_from_what_cannot_be_reached(
    client: TestClient, engine: Engine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(texts: list[str]) -> None:
        raise BusyError("late", reason="wait", retry_after_s=3)

    caplog.set_level(logging.INFO, "serving")
    monkeypatch.setattr(engine._batcher, "submit", full)
    told = refused(client, caplog, "/v1/classify", json={"texts": ["one"]})
    assert told == {"route": "POST /v1/classify", "status": 503, "code": "busy"}
    assert TextFormatter().format(caplog.records[-1]).endswith("code=busy")


def test_looks_at_health_and_metrics_make_no_lines(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "serving")
    client.get("/livez")
    client.get("/metrics")
    assert lines(caplog) == []


def test_what_fails_anywhere_is_answered_with_its_name_and_told_in_the_log(
    client: TestClient, engine: Engine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(texts: list[str], contexts: None) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(engine, "classify", failing)
    for response in (client.get("/broken"), client.post("/v1/classify", json={"texts": ["one"]})):
        assert response.status_code == 500
    assert response.json()["error"]["request_id"] == response.headers[ID]
    told = [record for record in caplog.records if record.name == "serving.observer"]
    assert f"request {response.headers[ID]} failed" in told[-1].getMessage()
    assert "RuntimeError: broken" in json.loads(JsonFormatter().format(told[-1]))["traceback"]


def test_a_traceback_that_quotes_a_request_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    class Wanted(BaseModel):
        texts: list[int]

    theirs = logging.getLogger("bentoml")
    handlers, ours = theirs.handlers, logging.getLogger("serving")
    before = (ours.handlers, ours.level, ours.propagate)
    theirs.handlers = [logging.StreamHandler()]
    try:
        configure_logs("json")
        try:
            Wanted.model_validate({"texts": [SECRET]})
        except ValueError:
            logging.getLogger("bentoml.server").exception("Exception on /classify")
    finally:
        theirs.handlers = handlers
        ours.handlers, ours.level, ours.propagate = before
    line = capsys.readouterr().err
    assert json.loads(line)["message"] == "Exception on /classify"
    assert json.loads(line)["level"] == "warning"
    assert "Anna" not in line


def test_requests_are_counted_by_route_however_many_paths_there_are(client: TestClient) -> None:
    for number in range(20):
        client.get(f"/v1/causes/c-{number}")
        client.get(f"/v1/nothing/{number}")
        client.request(f"METHOD{number}", "/nowhere")
    found = {
        key: value for key, value in counted(client).items() if key[0] == "countervoice_request_seconds_count"
    }
    assert found["countervoice_request_seconds_count", "GET /v1/causes/{cause_id}", "404"] == 20
    assert {key[1] for key in found} == {"GET /v1/causes/{cause_id}", "other"}


def test_every_route_has_its_name_before_it_is_reached_and_no_other_has_one(
    embedded: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "serving")
    told = {f"{each.method} /v1{each.path}" for each in OPERATIONS}
    with served(embedded, policy="required") as client:
        for each in OPERATIONS:
            client.request(each.method, f"/v1{each.path}")
        client.get("/dashboard/app.js")
        client.request("METHOD", "/v1/classify")
        client.get("/v1classify")
    assert {line["route"] for line in lines(caplog)} == told | {"GET /dashboard", "other"}


@pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")
def test_metrics_tell_since_when_the_worker_runs(client: TestClient) -> None:
    found = counted(client)
    assert 0 < found["process_start_time_seconds",] < time.time()
    assert found["process_resident_memory_bytes",] > 0


def test_calls_that_the_model_does_not_stand_by_are_counted() -> None:
    metrics = Metrics()
    predictor = KeywordPredictor(abstain_below={"sentiment": 0.85, "degree": 0.95})
    metrics.answers(classify(["Quá ít ví dụ so với số công ty", "The courier was friendly"], predictor))
    page = metrics.page(
        database_up=True, waiting_texts=0, wait_s=0.0, rate=None, model={}, mining=None
    ).decode()
    assert 'countervoice_abstentions_total{head="sentiment"} 0.0' in page
    assert 'countervoice_abstentions_total{head="degree"} 2.0' in page


def test_batches_and_classes_are_counted(client: TestClient) -> None:
    client.post("/v1/classify", json={"texts": ["Quá ít ví dụ so với số công ty", "The sky above the port"]})
    client.post("/v1/classify", json={"texts": ["The courier was friendly"]})
    found = counted(client)
    assert found["countervoice_batch_texts_count",] == 2
    assert found["countervoice_batch_texts_sum",] == 3
    assert found["countervoice_wait_seconds_count",] == 2
    assert found["countervoice_statements_total", "too_little", "vi", "negative"] == 1
    assert found["countervoice_statements_total", "none", "en", "positive"] == 1
    assert found["countervoice_statements_without_cause_total",] == 1
    assert found["countervoice_waiting_texts",] == 0
    assert found["countervoice_causes",] == 3
    assert found["countervoice_mining_timestamp_seconds",] == 1793491200
    assert found["countervoice_model_info", "keywords", "", "000000000000"] == 1
    assert found["countervoice_tokens_a_second",] > 0
    assert not [name for name, *_ in found if name.endswith("_created")]


def test_refusals_are_counted_from_zero(
    client: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(texts: list[str]) -> None:
        raise BusyError("late", reason="wait", retry_after_s=3)

    assert counted(client)["countervoice_refused_total", "wait"] == 0
    monkeypatch.setattr(engine._batcher, "submit", full)
    assert client.post("/v1/classify", json={"texts": ["one"]}).headers["retry-after"] == "3"
    assert counted(client)["countervoice_refused_total", "wait"] == 1


def test_metrics_tell_whether_the_database_answers(
    embedded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(database: Database) -> None:
        raise DatabaseError("away")

    with served(embedded) as client:
        assert "countervoice_database_up 1.0" in client.get("/metrics").text
        monkeypatch.setattr(gate, "answer", away)
        assert "countervoice_database_up 0.0" in client.get("/metrics").text


def test_metrics_are_for_those_who_may_read(embedded: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "serving")
    with served(embedded, policy="required") as client:
        response = client.get("/metrics")
    assert response.status_code == 401
    assert [(line["route"], line["code"]) for line in lines(caplog)] == [("GET /metrics", "unauthorized")]
    assert response.headers[ID] == response.json()["error"]["request_id"]
