"""A service whose disk is full or for reading only: what cannot be kept is refused, and what is there is still read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from serving.database.connection import database_url
from serving.database.migration import open_database
from serving.engine import Engine
from serving.messages import ErrorAnswer
from serving.state import read_state
from tests.fakes import KeywordPredictor
from tests.serving.fix_world import FIXED_ON, fixable_folder
from tests.serving.served import served
from tests.serving.small_disk import for_reading_only, leave

LONG = [{"id": f"m-{number}", "text": "Too few examples. " * 100} for number in range(1000)]
WRITES: dict[str, Any] = {
    "feedback": LONG,
    "fixes": {"cause_id": "c-0001", "owner": "Ana", "action": "Lids", "date": FIXED_ON},
    "gap": {"subject": "c-0001", "share": 0.1, "by": "COO"},
    "recovery": {"state": "contacted"},
}
READS = ("causes", "fixes", "gap", "recovery", "alarms", "loyalty", "feedback/kept", "jobs", "info")


@contextmanager
def client_of(folder: Path, database_in: Path) -> Iterator[TestClient]:
    database = open_database(database_url(None, database_in))
    engine = Engine(read_state(folder), KeywordPredictor(), folder)
    with served(database, engine=engine, folder=folder) as client:
        assert client.post("/v1/feedback", json={"id": "kept", "text": "Too few examples"}).is_success
        yield client
    database.close()


def write(client: TestClient, what: str) -> Any:
    person = client.get("/v1/recovery?limit=1").json()["people"][0]["id"]
    return client.post(f"/v1/{what}/{person}" if what == "recovery" else f"/v1/{what}", json=WRITES[what])


def check_refused(client: TestClient, disk: Path, what: str) -> None:
    response = write(client, what)
    assert response.status_code == 503, response.text
    assert ErrorAnswer.model_validate(response.json()).error.code == "unavailable"
    assert "retry-after" in response.headers
    assert str(disk) not in response.text
    for readable in READS:
        assert client.get(f"/v1/{readable}").status_code == 200, readable
    assert client.post("/v1/classify", json={"texts": ["Too few examples"]}).status_code == 200


@pytest.mark.parametrize("what", WRITES)
def test_what_a_full_disk_cannot_keep_is_refused_and_taken_when_there_is_room(
    small_disk: Path, what: str
) -> None:
    folder = fixable_folder(small_disk / "out")
    with client_of(folder, folder) as client:
        leave(small_disk, 0)
        check_refused(client, small_disk, what)
        (small_disk / "filling").unlink()
        assert write(client, what).status_code in (200, 201)  # nothing of it was kept the first time


@pytest.mark.parametrize("what", [what for what in WRITES if what != "feedback"])
def test_what_a_folder_for_reading_only_cannot_keep_is_refused(
    small_disk: Path, tmp_path: Path, what: str
) -> None:
    folder = fixable_folder(small_disk / "out")
    with client_of(folder, tmp_path) as client:
        for_reading_only(small_disk)
        check_refused(client, small_disk, what)


def test_a_database_for_reading_only_is_told_at_every_request(small_disk: Path, tmp_path: Path) -> None:
    folder = fixable_folder(tmp_path / "out")
    database = open_database(database_url(None, small_disk))
    with served(database, folder=folder) as client:
        database.close()
        for_reading_only(small_disk)
        for _ in range(2):
            response = write(client, "feedback")
            assert response.status_code == 503, response.text
            assert str(small_disk) not in response.text
        assert client.get("/v1/causes").status_code == 200
