"""Fixes over HTTP: registered once, reviewed at every request, withdrawn in sight, written in the audit log."""

import re
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from mining.fixes.entries import Fix
from mining.fixes.ledger import LEDGER_NAME, read_ledger
from mining.fixes.review import Withdrawn
from mining.register import open_register
from serving.api import create_app
from serving.database.audit import COMMAND_LINE
from serving.database.connection import Database, database_url
from serving.database.keys import create_key
from serving.database.migration import open_database
from serving.fixes import api
from serving.fixes.folder import FixedFolder, register_fix, withdraw_fix
from serving.fixes.messages import WithdrawnFixAnswer
from serving.messages import ErrorAnswer
from tests.serving.fix_world import FIXED_ON, fixable_folder
from tests.serving.served import no_audit, served

ONE = {"cause_id": "c-0001", "owner": "Ana, app", "action": "Sleep mode", "date": FIXED_ON}
NONE: dict[str, list[object]] = {"fixes": [], "withdrawn": []}
MISTAKE = {"reason": "nepareizs cēlonis", "by": "Ilze"}


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


def test_a_withdrawn_fix_is_told_apart_and_frees_its_day(client: TestClient) -> None:
    number = client.post("/v1/fixes", json=ONE).json()["number"]
    made = client.post(f"/v1/fixes/{number}/withdrawal", json=MISTAKE)
    assert made.status_code == 201
    withdrawn = made.json()
    assert (withdrawn["number"], withdrawn["owner"], withdrawn["date"]) == (number, "Ana, app", FIXED_ON)
    told = ("withdrawn_by", "withdrawn_reason", "seen_verdict")
    assert [withdrawn[name] for name in told] == ["Ilze", "nepareizs cēlonis", "fixed"]
    assert set(withdrawn) == set(WithdrawnFixAnswer.model_fields), "no verdict"
    assert (
        client.get("/v1/fixes").json()
        == client.get("/v1/fixes/c-0001").json()
        == {"fixes": [], "withdrawn": [withdrawn]}
    )
    again = client.post("/v1/fixes", json=ONE)
    assert (again.status_code, again.json()["number"]) == (201, number + 1)


def test_http_withdraws_as_the_command_line_does(client: TestClient, folder: Path, tmp_path: Path) -> None:
    client.post("/v1/fixes", json=ONE)
    other = shutil.copytree(folder, tmp_path / "other")
    assert client.post("/v1/fixes/1/withdrawal", json=MISTAKE).status_code == 201
    withdraw_fix(FixedFolder(other), 1, MISTAKE["reason"], MISTAKE["by"])
    ((fix, here),), ((same, there),) = (read_ledger(each / LEDGER_NAME).withdrawn for each in (folder, other))
    assert (fix, replace(here, at=there.at)) == (same, there)


def test_a_taken_day_is_told_with_the_way_to_free_it(client: TestClient) -> None:
    client.post("/v1/fixes", json=ONE)
    refused = client.post("/v1/fixes", json=ONE)
    assert error(refused) == (409, "conflict")
    (way,) = re.findall(r"POST (/v1/\S+)", refused.json()["error"]["message"])
    assert client.post(way, json=MISTAKE).status_code == 201
    assert client.post("/v1/fixes", json=ONE).status_code == 201


def test_of_registrations_at_once_one_is_made_and_the_others_conflict(
    client: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    callers = 4
    together = threading.Barrier(callers)

    def at_once(*words: Any, **options: Any) -> Fix:
        together.wait(20)
        return register_fix(*words, **options)

    monkeypatch.setattr(api, "register_fix", at_once)
    with ThreadPoolExecutor(callers) as threads:
        answers = list(threads.map(lambda _: client.post("/v1/fixes", json=ONE), range(callers)))
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
    for each in answers:
        if each.status_code == 409:
            assert "POST /v1/fixes/1/withdrawal" in each.json()["error"]["message"]
    assert [fix.number for fix in read_ledger(folder / LEDGER_NAME).fixes] == [1]
    assert [row["action"] for row in client.get("/v1/audit").json()["audit"]] == ["fix.register"]


def test_nothing_is_withdrawn_twice(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for cause in ("c-0001", "c-0002"):
        client.post("/v1/fixes", json={**ONE, "cause_id": cause})
    assert client.post("/v1/fixes/1/withdrawal", json=MISTAKE).status_code == 201
    refused = client.post("/v1/fixes/1/withdrawal", json={**MISTAKE, "reason": "another"})
    assert error(refused) == (409, "conflict")
    assert "by Ilze already" in refused.json()["error"]["message"]

    def overtaken(place: FixedFolder, *words: Any, **options: Any) -> Withdrawn:
        withdraw_fix(place, 2, "slower than the command line", "Ana")
        return withdraw_fix(place, *words, **options)

    monkeypatch.setattr(api, "withdraw_fix", overtaken)
    assert error(client.post("/v1/fixes/2/withdrawal", json=MISTAKE)) == (409, "conflict")
    assert [each["withdrawn_by"] for each in client.get("/v1/fixes").json()["withdrawn"]] == ["Ilze", "Ana"]
    done = [(row["action"], row["subject"]) for row in client.get("/v1/audit").json()["audit"]]
    assert done == [("fix.withdraw", "1"), ("fix.register", "c-0002"), ("fix.register", "c-0001")]


def test_to_withdraw_takes_an_admin_whose_key_is_in_the_audit_log(folder: Path, embedded: Database) -> None:
    keys = {
        scope: create_key(embedded, f"{scope} shop", [scope], COMMAND_LINE) for scope in ("write", "admin")
    }
    headers = {scope: {"Authorization": f"Bearer {secret}"} for scope, (_, secret) in keys.items()}
    with served(embedded, folder=folder, policy="required") as client:
        assert client.post("/v1/fixes", json=ONE, headers=headers["write"]).status_code == 201
        refused = client.post("/v1/fixes/1/withdrawal", json=MISTAKE, headers=headers["write"])
        assert error(refused) == (403, "forbidden")
        assert len(client.get("/v1/fixes", headers=headers["admin"]).json()["fixes"]) == 1
        made = client.post("/v1/fixes/1/withdrawal", json=MISTAKE, headers=headers["admin"])
        assert (made.status_code, made.json()["withdrawn_by"]) == (201, "Ilze")
        assert "shop" not in made.text
        row = client.get("/v1/audit?limit=1", headers=headers["admin"]).json()["audit"][0]
    key = keys["admin"][0]
    assert (row["action"], row["subject"], row["who"]) == ("fix.withdraw", "1", f"key {key.id} (admin shop)")


def test_who_may_only_write_is_told_nothing_that_was_mined(folder: Path, embedded: Database) -> None:
    """Labels are words of customers."""
    with open_register(folder / "causes.db") as register:
        for cause in register.causes().values():
            register.put(replace(cause, label="marker"))
    reader, writer = (
        {"Authorization": f"Bearer {create_key(embedded, name, [name], COMMAND_LINE)[1]}"}
        for name in ("admin", "write")
    )
    with served(embedded, folder=folder, policy="required") as client:
        person = client.get("/v1/recovery?limit=1", headers=reader).json()["people"][0]["id"]
        calls: dict[str, tuple[str, object]] = {
            "POST /v1/feedback": ("feedback", {"id": "f-1", "text": "Too few examples"}),
            "DELETE /v1/feedback/{feedback_id}": ("feedback/f-1", None),
            "POST /v1/jobs/score": ("jobs/score", {}),
            "DELETE /v1/jobs/{job_id}": ("jobs/none", None),
            "POST /v1/fixes": ("fixes", ONE),
            "POST /v1/gap": ("gap", {"subject": "c-0001", "share": 0.1, "by": "COO"}),
            "POST /v1/recovery/{person}": (f"recovery/{person}", {"state": "contacted"}),
        }
        writes = [each for each in create_app().state.routes if each.needs == "write"]
        assert {each.told for each in writes} == set(calls)
        answers = {
            (told, turn): client.request(told.split()[0], f"/v1/{path}", json=sent, headers=writer)
            for told, (path, sent) in calls.items()
            for turn in ("first", "again")
        }
        fixes = client.get("/v1/fixes", headers=reader).text
    made = answers["POST /v1/fixes", "first"]
    assert made.status_code == 201
    assert made.json() == {**ONE, "number": 1, "side": None, "registered_at": made.json()["registered_at"]}
    assert error(answers["POST /v1/fixes", "again"]) == (409, "conflict")
    assert "marker" in fixes
    assert not [call for call, answer in answers.items() if "marker" in answer.text]


@pytest.mark.parametrize("number", ["2", "0", "-1", "01", "1.0", "１", "c-0001", "1" * 5000])
def test_what_is_no_number_of_a_fix_is_not_found(client: TestClient, number: str) -> None:
    client.post("/v1/fixes", json=ONE)
    response = client.post(f"/v1/fixes/{number}/withdrawal", json=MISTAKE)
    assert error(response) == (404, "not_found")
    assert "GET /v1/fixes" in response.json()["error"]["message"]
    assert len(client.get("/v1/fixes").json()["fixes"]) == 1


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"by": "Ilze"}, "reason"),
        ({"reason": "typo"}, "by"),
        ({"reason": "", "by": "Ilze"}, "reason"),
        ({"reason": " ", "by": "Ilze"}, "the reason is one line"),
        ({"reason": "a\x1b[2J", "by": "Ilze"}, "the reason is one line"),
        ({"reason": "x" * 501, "by": "Ilze"}, "reason"),
        ({"reason": 7, "by": "Ilze"}, "reason"),
        ({"reason": "typo", "by": " "}, "the name is one line"),
        ({"reason": "typo", "by": None}, "by"),
        ({"reason": "typo", "by": "Ilze", "at": "2026-05-04"}, "at"),
    ],
)
def test_a_withdrawal_that_cannot_be_told_leaves_the_fix(
    client: TestClient, body: dict[str, Any], place: str
) -> None:
    client.post("/v1/fixes", json=ONE)
    response = client.post("/v1/fixes/1/withdrawal", json=body)
    assert error(response) == (422, "invalid_request")
    assert place in response.json()["error"]["message"]
    answer = client.get("/v1/fixes").json()
    assert (len(answer["fixes"]), answer["withdrawn"]) == (1, [])
    assert [row["action"] for row in client.get("/v1/audit").json()["audit"]] == ["fix.register"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"owner": ""}, "owner"),
        ({"owner": " "}, "owner"),
        ({"action": "a\x00b"}, "action"),
        ({"action": "x" * 501}, "action"),
        ({"date": "soon"}, "date"),
        ({"date": 0}, "date"),
        ({"date": "0"}, "date"),
        ({"date": f"{FIXED_ON}T00:00:00+14:00"}, "date: Value error, a day as in 2026-05-04"),
        ({"date": "1899-12-31"}, "date: Value error, a year from 1900 to 2199"),
        ({"date": "2200-01-01"}, "date: Value error, a year from 1900 to 2199"),
        ({"side": "loud"}, "side"),
        ({"when": "now"}, "when"),
    ],
)
def test_a_bad_field_is_named(client: TestClient, change: dict[str, Any], place: str) -> None:
    response = client.post("/v1/fixes", json={**ONE, **change})
    assert error(response)[0] == 422
    assert place in response.json()["error"]["message"]
    assert client.get("/v1/fixes").json() == NONE


def test_a_cause_that_is_not_there_is_not_found_in_words_of_http(client: TestClient) -> None:
    response = client.post("/v1/fixes", json={**ONE, "cause_id": "c-0099"})
    assert error(response) == (404, "not_found")
    assert response.json()["error"]["message"].endswith("GET /v1/causes lists those of the last mining")
    assert client.get("/v1/fixes").json() == NONE


def test_without_a_mining_nothing_can_be_registered_or_withdrawn(tmp_path: Path) -> None:
    database = open_database(database_url(None, tmp_path))
    with served(database, folder=tmp_path) as client:
        assert error(client.post("/v1/fixes", json=ONE)) == (404, "not_mined")
        assert error(client.post("/v1/fixes/1/withdrawal", json=MISTAKE)) == (404, "not_mined")
        assert client.get("/v1/fixes").json() == NONE
    database.close()


def test_what_the_audit_log_cannot_take_is_not_registered(client: TestClient, embedded: Database) -> None:
    with no_audit(embedded):
        assert error(client.post("/v1/fixes", json=ONE)) == (503, "unavailable")
        assert client.get("/v1/fixes").json() == NONE
    assert client.post("/v1/fixes", json=ONE).status_code == 201
    assert [row["action"] for row in client.get("/v1/audit").json()["audit"]] == ["fix.register"]


def test_what_the_audit_log_cannot_take_is_not_withdrawn(client: TestClient, embedded: Database) -> None:
    client.post("/v1/fixes", json=ONE)
    with no_audit(embedded):
        assert error(client.post("/v1/fixes/1/withdrawal", json=MISTAKE)) == (503, "unavailable")
        assert client.get("/v1/fixes").json()["withdrawn"] == []
    assert client.post("/v1/fixes/1/withdrawal", json=MISTAKE).status_code == 201


def test_what_is_refused_is_not_in_the_audit_log(client: TestClient) -> None:
    assert error(client.post("/v1/fixes", json={**ONE, "owner": " "}))[0] == 422
    assert client.get("/v1/audit").json()["audit"] == []


def test_a_damaged_ledger_is_unavailable_to_writers_as_to_readers(client: TestClient, folder: Path) -> None:
    (folder / "fixes.db").write_bytes(b"no ledger at all" * 100)
    for response in (
        client.get("/v1/fixes"),
        client.post("/v1/fixes", json=ONE),
        client.post("/v1/fixes/1/withdrawal", json=MISTAKE),
    ):
        assert error(response) == (503, "unavailable")
        assert str(folder) not in response.text
