"""What is kept of an author, for who asks: messages, what a mining holds, recovery, the audit log; of nobody else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from starlette.testclient import TestClient

from mining.journal import JOURNAL_NAME, write_journal
from mining.recovery.person_ids import person_id
from serving.database.connection import Database
from serving.engine import Engine
from serving.openapi import openapi
from serving.state import read_state
from tests.fakes import KeywordPredictor
from tests.mining.journal_rows import journal, said
from tests.serving.recovery_world import complained_folder
from tests.serving.served import no_audit, served

ANNA = person_id("author:anna")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return complained_folder(tmp_path / "out")


@pytest.fixture
def client(embedded: Database, folder: Path) -> Iterator[TestClient]:
    """Anna has two messages in the mining of a file, one that is kept, and was contacted; so has Bo."""
    engine = Engine(read_state(folder), KeywordPredictor(), folder)
    with served(embedded, engine=engine, folder=folder) as client:
        kept = [{"id": f"k-{name}", "text": f"{name} writes", "author": name} for name in ("Anna", "Bo")]
        assert client.post("/v1/feedback", json=kept).json()["stored"] == 2
        sent = {"state": "contacted", "gesture": "apology_by_name", "cost": 4}
        assert client.post(f"/v1/recovery/{ANNA}", json=sent).is_success
        yield client


def export(client: TestClient, author: str) -> Any:
    return client.post("/v1/exports", json={"author": author})


def test_everything_of_one_author_and_nothing_of_others(client: TestClient) -> None:
    response = export(client, " ANNA")
    found = response.json()
    assert [each["text"] for each in found["messages"]] == ["Anna writes"]
    assert {each["feedback_id"] for each in found["statements"]} == {"f-1", "f-2"}
    assert found["statements"][1]["text"] == "Still waiting"
    ((state, gesture, cost),) = [(each["state"], each["gesture"], each["cost"]) for each in found["recovery"]]
    assert (state, gesture, cost) == ("contacted", "apology_by_name", 4)
    assert [(each["action"], each["subject"]) for each in found["audit"]] == [
        ("feedback.store", "k-Anna"),
        ("recovery.contacted", found["author"]),
    ]
    assert "Bo" not in response.text
    assert export(client, found["author"]).json()["messages"] == found["messages"]


def test_an_export_is_as_described_and_in_the_audit_log(client: TestClient) -> None:
    found = export(client, "Anna").json()
    (row,) = client.get("/v1/audit?limit=1").json()["audit"]
    assert (row["action"], row["subject"], row["rows"]) == ("author.export", found["author"], 1)
    assert export(client, "Anna").json()["audit"][-1]["action"] == "author.export"
    document = openapi()
    schema = document["components"]["schemas"]["ExportAnswer"]
    jsonschema.validate(found, {**schema, "components": document["components"]})


def test_of_whom_nothing_is_kept_nothing_is_told(client: TestClient) -> None:
    found = export(client, "Cy").json()
    assert [found[name] for name in ("messages", "statements", "recovery", "audit")] == [[], [], [], []]


def test_what_only_looks_the_same_is_not_told(client: TestClient, folder: Path) -> None:
    """Ids of messages may be names of others, and numbers of rows of a file ids of others."""
    ids = [{"id": each, "text": "Of somebody else", "author": "Zed"} for each in ("17", "1")]
    assert client.post("/v1/feedback", json=ids).is_success
    client.delete("/v1/feedback/17?again=true")
    write_journal(folder / "state" / JOURNAL_NAME, journal([said("1", "17")]))
    found = export(client, "17").json()
    assert [each["feedback_id"] for each in found["statements"]] == ["1"]
    assert found["audit"] == []
    hidden = found["author"]
    assert client.post("/v1/feedback", json={**ids[0], "id": hidden}).is_success
    assert [each["action"] for each in export(client, "17").json()["audit"]] == ["author.export"]
    theirs = export(client, "Zed").json()["audit"]
    assert [(each["action"], each["subject"]) for each in theirs] == [
        ("feedback.store", "1"),
        ("feedback.store", hidden),
    ]


def test_after_an_erasure_only_the_audit_log_knows_of_the_author(client: TestClient) -> None:
    client.post("/v1/erasures", json={"author": "Anna"})
    found = export(client, "Anna").json()
    assert [found[name] for name in ("messages", "statements", "recovery")] == [[], [], []]
    assert [each["action"] for each in found["audit"]] == ["recovery.contacted", "author.erase"]


def test_nothing_is_told_that_is_not_whole_or_not_in_the_audit_log(
    client: TestClient, embedded: Database, folder: Path
) -> None:
    with no_audit(embedded):
        assert export(client, "Anna").status_code == 503
    (folder / "state" / JOURNAL_NAME).write_bytes(b"no journal")
    assert export(client, "Anna").status_code == 503


@pytest.mark.parametrize("body", [{}, {"author": " "}, {"author": None}, {"author": "Anna", "ids": ["f-1"]}])
def test_an_export_of_nobody_is_refused(client: TestClient, body: dict[str, Any]) -> None:
    assert client.post("/v1/exports", json=body).status_code == 422
