"""Fixes over HTTP: registered once, reviewed at every request, written in the audit log."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from serving.database.connection import Database, database_url
from serving.database.migration import open_database
from serving.fixes.folder import FixedFolder, withdraw_fix
from serving.messages import ErrorAnswer
from tests.serving.fix_world import FIXED_ON, fixable_folder
from tests.serving.served import no_audit, served

ONE = {"cause_id": "c-0001", "owner": "Ana, app", "action": "Sleep mode", "date": FIXED_ON}
NONE: dict[str, list[object]] = {"fixes": [], "withdrawn": []}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fixable_folder(tmp_path / "out")


@pytest.fixture
def client(folder: Path, embedded: Database) -> Iterator[TestClient]:
    with served(embedded, folder=folder) as client:
        yield client


def error(response: Any) -> tuple[int, str]:
    return response.status_code, ErrorAnswer.model_validate(response.json()).error.code


def test_a_fix_is_registered_and_reviewed(client: TestClient) -> None:
    assert client.get("/v1/fixes").json() == NONE
    made = client.post("/v1/fixes", json=ONE)
    assert made.status_code == 201
    answer = made.json()
    assert (answer["verdict"], answer["standing"], answer["registered_after_looking"]) == (
        "fixed",
        "covered",
        True,
    )
    assert answer["ratio"]["high"] < 1
    assert (
        client.get("/v1/fixes").json()
        == client.get("/v1/fixes/c-0001").json()
        == {"fixes": [answer], "withdrawn": []}
    )
    assert client.get("/v1/audit").json()["audit"][0]["action"] == "fix.register"
    assert error(client.post("/v1/fixes", json=ONE)) == (409, "conflict")
    assert error(client.get("/v1/fixes/c-0002")) == (404, "not_found")


def test_a_withdrawn_fix_is_told_apart_and_frees_its_day(client: TestClient, folder: Path) -> None:
    number = client.post("/v1/fixes", json=ONE).json()["number"]
    withdraw_fix(FixedFolder(folder), number, "the wrong owner", "Ilze")
    answer = client.get("/v1/fixes").json()
    assert answer["fixes"] == []
    (withdrawn,) = answer["withdrawn"]
    assert (withdrawn["number"], withdrawn["owner"], withdrawn["date"]) == (number, "Ana, app", FIXED_ON)
    assert (withdrawn["withdrawn_reason"], withdrawn["seen_verdict"]) == ("the wrong owner", "fixed")
    assert "verdict" not in withdrawn
    assert client.get("/v1/fixes/c-0001").json() == answer
    again = client.post("/v1/fixes", json=ONE)
    assert (again.status_code, again.json()["number"]) == (201, number + 1)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"cause_id": "c-0099"}, "no cause"),
        ({"owner": ""}, "owner"),
        ({"owner": " "}, "owner"),
        ({"action": "a\x00b"}, "action"),
        ({"action": "x" * 501}, "action"),
        ({"date": "soon"}, "date"),
        ({"date": 0}, "date"),
        ({"date": "0"}, "date"),
        ({"side": "loud"}, "side"),
        ({"when": "now"}, "when"),
    ],
)
def test_a_bad_field_is_named(client: TestClient, change: dict[str, Any], place: str) -> None:
    response = client.post("/v1/fixes", json={**ONE, **change})
    assert error(response)[0] == 422
    assert place in response.json()["error"]["message"]
    assert client.get("/v1/fixes").json() == NONE


def test_without_a_mining_nothing_can_be_registered(tmp_path: Path) -> None:
    database = open_database(database_url(None, tmp_path))
    with served(database, folder=tmp_path) as client:
        assert error(client.post("/v1/fixes", json=ONE)) == (404, "not_mined")
        assert client.get("/v1/fixes").json() == NONE
    database.close()


def test_what_the_audit_log_cannot_take_is_not_registered(client: TestClient, embedded: Database) -> None:
    with no_audit(embedded):
        assert error(client.post("/v1/fixes", json=ONE)) == (503, "unavailable")
        assert client.get("/v1/fixes").json() == NONE
    assert client.post("/v1/fixes", json=ONE).status_code == 201
    assert [row["action"] for row in client.get("/v1/audit").json()["audit"]] == ["fix.register"]


def test_what_is_refused_is_not_in_the_audit_log(client: TestClient) -> None:
    assert error(client.post("/v1/fixes", json={**ONE, "owner": " "}))[0] == 422
    assert client.get("/v1/audit").json()["audit"] == []


def test_a_damaged_ledger_is_unavailable_to_writers_as_to_readers(client: TestClient, folder: Path) -> None:
    (folder / "fixes.db").write_bytes(b"no ledger at all" * 100)
    for response in (client.get("/v1/fixes"), client.post("/v1/fixes", json=ONE)):
        assert error(response) == (503, "unavailable")
        assert str(folder) not in response.text
