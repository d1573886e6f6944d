"""Answers against /v1/openapi.json: every field is described, and none that is described is missing."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import jsonschema
import pytest
from starlette.testclient import TestClient

from mining.watch.results import Alarm
from serving.database.connection import database_url
from serving.database.migration import open_database
from serving.engine import Engine
from serving.mining_run import mine_file
from serving.openapi import openapi
from serving.operations import OPERATIONS
from serving.state import read_state
from serving.watch.book import open_book
from tests.fakes import KeywordPredictor
from tests.serving.files import rows, write_csv
from tests.serving.leavers import write_leavers
from tests.serving.served import served

PATHS = [each.path for each in OPERATIONS if each.method == "GET" and each.id != "send_result"]
ALARM = Alarm(
    cause_id="c-0001",
    since=date(2026, 3, 1),
    day=date(2026, 3, 9),
    until=None,
    people=12,
    of=40,
    expected=3.5,
    years=31.0,
    adjusted=0.4,
    in_all=15,
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A mining with oppositions and leavers, and something in every table beside it."""
    folder = tmp_path_factory.mktemp("described")
    out = folder / "out"
    mine_file(write_csv(folder / "in.csv", rows()), out, KeywordPredictor(), columns={})
    write_leavers(out / "customers.csv")
    with open_book(out) as book:
        book.keep([ALARM], {"c-0001": "couriers"})
    database = open_database(database_url(None, out))
    engine = Engine(read_state(out), KeywordPredictor(), out)
    with served(database, engine=engine, folder=out) as client:
        person = client.get("/v1/recovery?limit=1").json()["people"][0]["id"]
        cause = client.get("/v1/oppositions").json()["oppositions"][0]["cause_id"]
        fix = {"cause_id": cause, "owner": "Ana", "action": "Sleep mode", "date": "2026-02-02"}
        for path, sent in (
            ("feedback", {"id": "f-1", "text": "Too few examples", "created_at": "2026-05-04"}),
            ("fixes", fix),
            ("gap", {"subject": cause, "share": 0.1, "by": "COO"}),
            (f"recovery/{person}", {"state": "contacted"}),
            ("jobs/score", {}),
        ):
            assert client.post(f"/v1/{path}", json=sent).is_success, path
        yield client
    database.close()


def closed(schema: Any) -> Any:
    """The schema, with no other fields than those that it names."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: closed(value) for key, value in schema.items()}
    return {"additionalProperties": False, **found} if "properties" in found else found


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_has_the_fields_that_are_described_and_no_others(client: TestClient, path: str) -> None:
    cause = client.get("/v1/oppositions").json()["oppositions"][0]["cause_id"]
    job = client.get("/v1/jobs").json()["jobs"][0]["id"]
    response = client.get(f"/v1{path.format(cause_id=cause, feedback_id='f-1', job_id=job)}")
    assert response.status_code == 200, response.text
    document = closed(openapi())
    described = document["paths"][f"/v1{path}"]["get"]["responses"]["200"]["content"]["application/json"]
    jsonschema.validate(
        response.json(),
        {**described["schema"], "components": document["components"]},
        jsonschema.Draft202012Validator,
    )


def test_every_answer_says_more_than_that_it_is_an_object() -> None:
    document = openapi()
    schemas = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                schema = answer["content"].get("application/json", {}).get("schema")
                name = (schema or {}).get("$ref", "").rpartition("/")[2]
                found = schemas.get(name, schema)
                said = {"properties", "items", "anyOf"}
                assert found is None or said & set(found), f"{method} {path} {status}"
    assert all({"properties", "enum", "anyOf", "oneOf"} & set(schema) for schema in schemas.values())
    assert [name for name in schemas if f'"#/components/schemas/{name}"' not in json.dumps(document)] == []


def test_headers_are_described_where_they_come(client: TestClient) -> None:
    described = openapi()["paths"]["/v1/jobs/score"]["post"]["responses"]
    accepted = client.post("/v1/jobs/score", json={})
    stranger = client.post("/v1/jobs/score", json={}, headers={"authorization": "Bearer cv_0"})
    assert (accepted.status_code, stranger.status_code) == (202, 401)
    for response in (accepted, stranger):
        headers = described[str(response.status_code)]["headers"]
        assert headers
        assert {name.lower() for name in headers} <= set(response.headers)
    assert all("Retry-After" in described[status]["headers"] for status in ("429", "503"))


@pytest.mark.parametrize(
    ("body", "is_taken"),
    [
        ({"author": "anna"}, True),
        ({"author": None, "ids": ["f-9"]}, True),
        ({"author": "anna", "ids": None}, True),
        ({"before": "2000-01-01"}, True),
        ({"author": None, "before": "2000-01-01"}, True),
        ({"author": "anna", "ids": ["f-9"]}, False),
        ({"ids": ["f-9"], "before": "2000-01-01"}, False),
        ({"author": None, "ids": None}, False),
        ({}, False),
    ],
)
def test_erasures_are_taken_as_they_are_described(
    client: TestClient, body: dict[str, Any], is_taken: bool
) -> None:
    schema = openapi()["components"]["schemas"]["ErasureRequest"]
    assert jsonschema.Draft202012Validator(schema).is_valid(body) is is_taken
    assert client.post("/v1/erasures", json=body).status_code == (200 if is_taken else 422)


def test_a_day_alone_is_described_as_a_time_too() -> None:
    moment = openapi()["components"]["schemas"]["FeedbackRequest"]["properties"]["created_at"]["anyOf"][0]
    assert moment["anyOf"] == [{"format": "date-time"}, {"format": "date"}]


def test_there_is_something_to_describe(client: TestClient) -> None:
    """Empty lists and nulls would agree with any description."""
    causes = client.get("/v1/causes").json()["causes"]
    loyalty = client.get("/v1/loyalty").json()
    assert len(causes) > 1
    assert client.get("/v1/alarms").json()["alarms"][0]["until"] is None
    assert client.get("/v1/audit").json()["audit"]
    assert loyalty["leaving"]["associations"]
    assert loyalty["leaving"]["calibration"]
    assert loyalty["advocates"]["people"]
