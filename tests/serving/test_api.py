"""The HTTP interface: what it answers, and how it refuses."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from serving.access import ScopedRoute
from serving.api import create_app
from serving.batcher import BusyError
from serving.database.connection import database_url
from serving.database.migration import open_database
from serving.engine import Engine
from serving.messages import MAX_CHARACTERS, MAX_TEXTS, ErrorAnswer
from serving.operations import OPERATIONS
from tests.fakes import KeywordPredictor
from tests.serving.served import BODY_LIMIT, served
from tests.serving.small_world import MESSAGES, small_state


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(small_state(), KeywordPredictor())


@pytest.fixture(scope="module")
def client(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    database = open_database(database_url(None, tmp_path_factory.mktemp("api")))
    with served(database, engine=engine) as client:
        yield client
    database.close()


def error(response: Any) -> tuple[int, str, str]:
    body = ErrorAnswer.model_validate(response.json()).error
    return response.status_code, body.code, body.message


def test_classify_takes_what_a_text_is_about(client: TestClient) -> None:
    texts = ["Too few examples", "Too few examples"]
    plain = client.post("/v1/classify", json={"texts": texts})
    told = client.post("/v1/classify", json={"texts": texts, "contexts": ["a book", None]})
    assert told.status_code == 200
    assert told.json() == plain.json()  # the small mining has no context column


def test_classify_answers_with_the_counter_voice(client: TestClient) -> None:
    response = client.post("/v1/classify", json={"texts": ["Quá ít ví dụ so với số công ty trong nước"]})
    assert response.status_code == 200
    ((statement,),) = [answer["statements"] for answer in response.json()]
    assert statement["side"]["label"] == "too_little"
    assert statement["counter"]["label"] == "too_much"
    assert statement["verdict"] == "split"
    assert "ví dụ" in response.text  # as UTF-8, not as escapes


def test_the_largest_request_is_taken(client: TestClient) -> None:
    response = client.post(
        "/v1/classify", json={"texts": ["ok"] * (MAX_TEXTS - 1) + ["a " * (MAX_CHARACTERS // 2)]}
    )
    assert response.status_code == 200
    assert len(response.json()) == MAX_TEXTS


@pytest.mark.parametrize(
    ("body", "status", "code", "message"),
    [
        (b"", 400, "invalid_json", "EOF"),
        (b"{", 400, "invalid_json", "EOF"),
        (b'{"texts": ["\xff"]}', 400, "invalid_json", ""),
        (b'{"texts": ["\\ud800"]}', 400, "invalid_json", ""),
        (b'{"texts": ' + b"[" * 100_000, 400, "invalid_json", ""),
        (b"[]", 422, "invalid_request", "object"),
        (b"{}", 422, "invalid_request", "texts: Field required"),
        (b'{"text": ["one"]}', 422, "invalid_request", "Field required"),
        (
            b'{"texts": ["one"], "contexts": []}',
            422,
            "invalid_request",
            "body: Value error, contexts needs one",
        ),
        (
            b'{"texts": ["one"], "contexts": [1]}',
            422,
            "invalid_request",
            "contexts.0: Input should be a valid",
        ),
        (
            b'{"texts": ["one"], "contexts": ["a\\u0000"]}',
            422,
            "invalid_request",
            "contexts.0: Value error, a text cannot hold the character",
        ),
        (b'{"texts": ["one"], "model": "x"}', 422, "invalid_request", "model: Extra inputs"),
        (b'{"texts": "one"}', 422, "invalid_request", "texts: Input should be a valid array"),
        (b'{"texts": []}', 422, "invalid_request", "at least 1 item"),
        (b'{"texts": [""]}', 422, "invalid_request", "texts.0: String should have at least 1"),
        (b'{"texts": ["one", " \\n"]}', 422, "invalid_request", "texts.1: Value error, a text needs"),
        (b'{"texts": ["\\u200b\\ufeff"]}', 422, "invalid_request", "that can be seen"),
        (
            b'{"texts": ["a\\u0000b"]}',
            422,
            "invalid_request",
            "texts.0: Value error, a text cannot hold the character",
        ),
        (b'{"texts": [7]}', 422, "invalid_request", "texts.0: Input should be a valid string"),
        (json.dumps({"texts": ["a"] * 257}).encode(), 422, "invalid_request", "at most 256 items"),
        (json.dumps({"texts": ["a" * 20_001]}).encode(), 422, "invalid_request", "at most 20000 characters"),
    ],
)
def test_a_bad_request_is_told_what_is_wrong(
    client: TestClient, body: bytes, status: int, code: str, message: str
) -> None:
    response = client.post("/v1/classify", content=body, headers={"content-type": "application/json"})
    found = error(response)
    assert found[:2] == (status, code)
    assert message in found[2]


def test_other_media_types_are_refused(client: TestClient) -> None:
    response = client.post("/v1/classify", data={"texts": "one"})
    assert error(response)[:2] == (415, "unsupported_media_type")
    assert "application/json" in error(response)[2]


def test_a_declared_body_over_the_limit_is_refused(client: TestClient) -> None:
    body = json.dumps({"texts": ["a" * 20_000] * 256 + ["b" * BODY_LIMIT]}).encode()
    response = client.post("/v1/classify", content=body, headers={"content-type": "application/json"})
    assert error(response)[:2] == (413, "body_too_large")


def test_a_chunked_body_over_the_limit_is_refused(client: TestClient) -> None:
    chunks = (b"a" * 1_000_000 for _ in range(9))
    response = client.post("/v1/classify", content=chunks, headers={"content-type": "application/json"})
    assert error(response)[:2] == (413, "body_too_large")


def test_causes_are_listed_most_people_first_and_brief(client: TestClient) -> None:
    causes = client.get("/v1/causes").json()["causes"]
    assert [(cause["id"], cause["people"]) for cause in causes] == [
        ("c-0001", 181),
        ("c-0002", 52),
        ("c-0003", 9),
    ]
    assert "members" not in json.dumps(causes)
    assert "examples" not in causes[0]


def test_one_cause_comes_with_everything(client: TestClient) -> None:
    cause = client.get("/v1/causes/c-0001").json()
    assert cause["members"] == ["f-1", "f-2", "f-3", "f-4"]
    assert cause["opposition"]["verdict"] == "split"
    assert cause["opposition"]["sides"][0]["examples"][0]["text"] == MESSAGES["f-1"][1]
    assert cause["messages"] == {key: MESSAGES[key][1] for key in ("f-1", "f-2", "f-3", "f-4")}


def test_a_cause_without_opposition_says_so(client: TestClient) -> None:
    cause = client.get("/v1/causes/c-0003").json()
    assert cause["opposition"] is None
    assert cause["oppositions"] == []


def test_a_cause_comes_with_both_of_its_oppositions_and_the_first_by_itself(tmp_path: Path) -> None:
    state = small_state()
    first, other = state.stored.mining.oppositions
    both = (first, replace(other, cause_id=first.cause_id))
    stored = replace(state.stored, mining=replace(state.stored.mining, oppositions=both))
    database = open_database(database_url(None, tmp_path))
    engine = Engine(replace(state, stored=stored), KeywordPredictor())
    with served(database, engine=engine) as client:
        cause = client.get(f"/v1/causes/{first.cause_id}").json()
    database.close()
    assert [each["kind"] for each in cause["oppositions"]] == ["degree", "sentiment"]
    assert cause["opposition"] == cause["oppositions"][0]
    assert set(cause["messages"]) == {f"f-{number}" for number in range(1, 7)}


def test_oppositions_of_one_kind_can_be_asked_for(client: TestClient) -> None:
    found = client.get("/v1/oppositions?kind=sentiment").json()["oppositions"]
    assert [each["cause_id"] for each in found] == ["c-0002"]
    assert error(client.get("/v1/oppositions?kind=loud"))[:2] == (422, "invalid_request")


@pytest.mark.parametrize("path", ["causes?limit=5", "oppositions?knd=degree", "causes/c-0001?kind=degree"])
def test_an_unknown_part_of_the_query_is_refused(client: TestClient, path: str) -> None:
    assert error(client.get(f"/v1/{path}"))[:2] == (422, "invalid_request")


def test_oppositions_are_listed_the_weightiest_first(client: TestClient) -> None:
    oppositions = client.get("/v1/oppositions").json()["oppositions"]
    assert [(each["cause_id"], each["kind"], each["verdict"]) for each in oppositions] == [
        ("c-0001", "degree", "split"),
        ("c-0002", "sentiment", "leans_A"),
    ]
    assert oppositions[0]["segment"]["column"] == "plan"


def test_the_opposition_of_one_cause_comes_with_everything(client: TestClient) -> None:
    told = client.get("/v1/oppositions/c-0001").json()
    assert told["oppositions"] == client.get("/v1/causes/c-0001").json()["oppositions"]
    assert told["messages"]["f-3"] == MESSAGES["f-3"][1]
    assert error(client.get("/v1/oppositions/c-0003"))[:2] == (404, "not_found")


@pytest.mark.parametrize(
    "path", ["/v1/causes/c-9999", "/v1/oppositions/c-9999", "/v1/nothing", "/v1/", "/v1/causes/a/b"]
)
def test_what_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    assert error(client.get(path))[:2] == (404, "not_found")


def test_the_wrong_method_is_told_so(client: TestClient) -> None:
    response = client.get("/v1/classify")
    assert error(response)[:2] == (405, "method_not_allowed")
    assert response.headers["allow"] == "POST"
    assert error(client.post("/v1/oppositions"))[:2] == (405, "method_not_allowed")
    assert error(client.post("/v1/nothing"))[:2] == (404, "not_found")


def test_a_full_queue_is_503_with_a_time_to_come_back(
    client: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(texts: list[str], contexts: None) -> None:
        raise BusyError("it would take 9.2 s", reason="wait", retry_after_s=8)

    monkeypatch.setattr(engine, "classify", full)
    response = client.post("/v1/classify", json={"texts": ["one"]})
    assert error(response)[:2] == (503, "busy")
    assert response.headers["retry-after"] == "8"


def test_a_bug_shows_no_traceback(
    client: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(texts: list[str], contexts: None) -> None:
        raise RuntimeError("secret path /home/anna")

    monkeypatch.setattr(engine, "classify", broken)
    response = client.post("/v1/classify", json={"texts": ["one"]})
    assert error(response)[:2] == (500, "internal")
    assert "anna" not in response.text


def query_of(operation: dict[str, Any]) -> frozenset[str]:
    return frozenset(each["name"] for each in operation.get("parameters", ()) if each["in"] == "query")


def test_openapi_describes_every_route_with_references_that_resolve(client: TestClient) -> None:
    document = client.get("/v1/openapi.json").json()
    described = {
        (path, method, operation["x-scope"], query_of(operation))
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    there = {
        (f"/v1{route.path}", method.lower(), route.needs, route.query)
        for route in create_app().routes
        if isinstance(route, ScopedRoute) and route.path != "/openapi.json"
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert described == there
    schemas = document["components"]["schemas"]
    references = [part.split('"')[0] for part in json.dumps(document).split('"#/components/schemas/')[1:]]
    assert references
    assert set(references) <= set(schemas)


def test_every_body_has_an_example_that_is_taken() -> None:
    for operation in OPERATIONS:
        if operation.request:
            assert operation.request.model_validate_json(json.dumps(operation.example)), operation.id
