"""Edits over HTTP: made as on the command line, a name at once, the rest at the next mining, all in the audit log."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from mining.register import REGISTER_NAME, open_register, read_register
from serving.database.audit import COMMAND_LINE
from serving.database.connection import Database
from serving.database.keys import create_key
from serving.edits import api
from serving.engine import Engine
from serving.messages import ErrorAnswer
from serving.mining_run import mine_file
from serving.state import read_state
from tests.fakes import KeywordPredictor
from tests.serving.files import rows, write_csv
from tests.serving.job_world import mined_folder
from tests.serving.served import no_audit, served


@pytest.fixture(scope="module")
def mined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mined")
    mine_file(write_csv(folder / "in.csv", rows()), folder / "out", KeywordPredictor(), columns={})
    return folder / "out"


@pytest.fixture
def folder(mined: Path, tmp_path: Path) -> Path:
    return shutil.copytree(mined, tmp_path / "out")


@pytest.fixture
def engine(folder: Path) -> Engine:
    return Engine(read_state(folder), KeywordPredictor(), folder)


@pytest.fixture
def client(folder: Path, embedded: Database, engine: Engine) -> Iterator[TestClient]:
    with served(embedded, engine=engine, folder=folder) as client:
        yield client


def edit(client: TestClient, kind: str, **fields: Any) -> Any:
    return client.post("/v1/edits", json={"kind": kind, **fields})


def error(response: Any) -> tuple[int, str, str]:
    told = ErrorAnswer.model_validate(response.json()).error
    return response.status_code, told.code, told.message


def audited(client: TestClient) -> list[tuple[str, str]]:
    return [(row["action"], row["subject"]) for row in client.get("/v1/audit").json()["audit"]]


def first_row(word: str) -> str:
    return next(row[0] for row in rows() if word in row[2])


def cause_of(client: TestClient, text: str) -> str:
    (answer,) = client.post("/v1/classify", json={"texts": [text]}).json()
    return str(answer["statements"][0]["cause"]["id"])


def label_of(client: TestClient, cause: str) -> str:
    found = {each["id"]: each["label"] for each in client.get("/v1/causes").json()["causes"]}
    return str(found[cause])


def test_a_name_shows_at_once_in_every_answer(client: TestClient) -> None:
    cause = cause_of(client, "Too few examples")
    for name in ("Worked examples", "Examples"):
        made = edit(client, "rename", cause=cause, name=f" {name} ")
        assert made.status_code == 201
        answer = made.json()
        assert (answer["kind"], answer["cause"], answer["takes_effect"]) == ("rename", cause, "now")
        assert (answer["by"], answer["what"], answer["details"]) == (
            "people",
            f"named “{name}”",
            {"name": name},
        )
        assert answer["split"] is None
        assert label_of(client, cause) == name
        assert client.get(f"/v1/causes/{cause}").json()["label"] == name
        labels = {
            each["cause_id"]: each["label"] for each in client.get("/v1/oppositions").json()["oppositions"]
        }
        assert labels[cause] == name
        (said,) = client.post("/v1/classify", json={"texts": ["Too few examples"]}).json()
        assert said["statements"][0]["cause"]["label"] == name
    assert audited(client) == [("edit.rename", cause)] * 2


def test_a_name_of_the_command_line_shows_while_the_service_runs(
    client: TestClient, engine: Engine, folder: Path, command_line: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not engine.refresh()
    assert command_line("causes", "rename", "c-0001", "Examples", "--state", folder)[0] == 0
    assert engine.refresh()
    assert label_of(client, "c-0001") == "Examples"
    assert not engine.refresh()
    _age(folder / REGISTER_NAME)
    assert not engine.refresh()
    monkeypatch.setattr("serving.engine.names_in", None)  # a register that has not changed is not read
    assert not engine.refresh()


def _age(path: Path) -> None:
    long_ago = path.stat().st_mtime_ns - 60 * 10**9
    os.utime(path, ns=(long_ago, long_ago))


def test_a_register_that_cannot_be_read_leaves_the_names(
    client: TestClient, engine: Engine, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    edit(client, "rename", cause="c-0001", name="Examples")
    (folder / REGISTER_NAME).write_bytes(b"no register at all, but long enough to be read as one")
    for _ in range(2):
        assert not engine.refresh()
    assert label_of(client, "c-0001") == "Examples"
    assert caplog.text.count("new names of causes are not served") == 1


def test_what_changes_counts_waits_and_is_told_newest_first(client: TestClient) -> None:
    courier, example = first_row("was rude"), first_row("Too few examples")
    couriers, examples = cause_of(client, "The courier was rude"), cause_of(client, "Too few examples")
    made = [
        edit(client, "cost", cause=examples, cost=12.5),
        edit(client, "hide", cause=couriers),
        edit(client, "unhide", cause=couriers),
        edit(client, "move", statement=courier, cause=examples),
        edit(client, "side", statement=example, side="too_much"),
        edit(client, "side", statement=example, side="as_read"),
        edit(client, "merge", cause=couriers, into=examples),
    ]
    assert [each.status_code for each in made] == [201] * len(made), [each.text for each in made]
    answers = [each.json() for each in made]
    assert {each["takes_effect"] for each in answers} == {"next_mining"}
    assert [each["what"] for each in answers] == [
        "one case costs 12.5",
        "hidden",
        "shown again",
        f"{courier}#1 moved here from {couriers}",
        f"{example}#1 read as too much",
        f"{example}#1 read by the model again",
        f"merged into {examples}",
    ]
    listed = client.get("/v1/edits", params={"limit": len(made)}).json()["edits"]
    assert listed == [{key: value for key, value in each.items() if key != "split"} for each in answers[::-1]]
    assert all("text" not in each["details"] for each in listed), "the register keeps digests of texts"
    about = client.get("/v1/edits", params={"cause": couriers}).json()["edits"]
    assert [each["kind"] for each in about] == ["merge", "move", "unhide", "hide", "born"]
    assert (about[-1]["by"], about[-1]["takes_effect"]) == ("mining", "now")
    assert "members" not in about[-1]["details"]
    assert audited(client)[:3] == [
        ("edit.merge", couriers),
        ("edit.side", f"{example}#1"),
        ("edit.side", f"{example}#1"),
    ]


def test_a_split_tells_what_it_names(client: TestClient, folder: Path) -> None:
    cause = cause_of(client, "Too few examples")
    of = client.get(f"/v1/causes/{cause}").json()["statements"]
    held = sum("case studies" in row[2] for row in rows())
    made = edit(client, "split", cause=cause, containing=["CASE  stud"], name="Case studies").json()
    new = made["details"]["new"]
    assert (made["split"]["cause"], made["split"]["statements"], made["split"]["of"]) == (new, held, of)
    assert made["what"] == f"{new} split off as “Case studies”, by “case stud”"
    (folder / "state" / "journal.parquet").unlink()
    unknown = edit(client, "split", cause=cause, statements=[first_row("Too few examples")]).json()["split"]
    assert (unknown["statements"], unknown["of"], unknown["people"]) == (None, None, None)


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        (
            {"kind": "rename", "cause": "c-0099", "name": "x"},
            404,
            "no cause 'c-0099' in the register: GET /v1/causes",
        ),
        ({"kind": "merge", "cause": "c-0001", "into": "c-0099"}, 404, "no cause 'c-0099'"),
        ({"kind": "move", "statement": "nobody", "cause": "c-0001"}, 404, "no statement 'nobody'"),
        ({"kind": "split", "cause": "c-0001", "statements": ["nobody"]}, 404, "no statement 'nobody'"),
        ({"kind": "unhide", "cause": "c-0001"}, 409, "c-0001 is not hidden"),
        ({"kind": "side", "statement": first_row("was rude"), "side": "as_read"}, 409, "nobody has said how"),
        ({"kind": "rename", "cause": "c-0001", "name": " "}, 422, "a name is one line of 1 to 120"),
        ({"kind": "merge", "cause": "c-0001", "into": "c-0001"}, 422, "into itself"),
        ({"kind": "cost", "cause": "c-0001", "cost": 0}, 422, "above 0 and up to 1,000,000"),
        ({"kind": "cost", "cause": "c-0001", "cost": "12"}, 422, "cost.cost: Input should be a valid number"),
        ({"kind": "split", "cause": "c-0001"}, 422, "something to go by: `containing` or `statements`"),
        ({"kind": "split", "cause": "c-0001", "containing": [" "]}, 422, "something to go by"),
        (
            {"kind": "split", "cause": "c-0001", "containing": ["xyzzy"]},
            422,
            "phrase: GET /v1/causes/c-0001 quotes",
        ),
        ({"kind": "hide", "cause": "c-0001\x00"}, 422, "hide.cause: Value error, a text cannot hold"),
        ({"kind": "hide", "cause": "c-0001", "name": "x"}, 422, "hide.name: Extra inputs are not permitted"),
        ({"kind": "side", "statement": "x", "side": "loud"}, 422, "side.side: Input should be 'too_little'"),
        ({"kind": "remove", "cause": "c-0001"}, 422, "'rename', 'cost', 'merge'"),
        ({"cause": "c-0001"}, 422, "'kind'"),
        ([], 422, "body"),
    ],
)
def test_what_cannot_be_done_is_told_without_a_command_and_changes_nothing(
    client: TestClient, folder: Path, sent: Any, status: int, words: str
) -> None:
    before = (folder / REGISTER_NAME).read_bytes()
    found, code, message = error(client.post("/v1/edits", json=sent))
    assert (found, code) == (status, {404: "not_found", 409: "conflict", 422: "invalid_request"}[status])
    assert words in message
    assert "countervoice " not in message
    assert "--" not in message
    assert (folder / REGISTER_NAME).read_bytes() == before
    assert audited(client) == []


def test_a_cause_that_was_merged_is_told_with_where_it_went(client: TestClient) -> None:
    edit(client, "merge", cause="c-0002", into="c-0001")
    assert error(edit(client, "hide", cause="c-0002")) == (
        409,
        "conflict",
        "c-0002 was merged into c-0001: name c-0001",
    )


def test_to_edit_takes_an_admin_whose_key_is_in_the_audit_log(
    folder: Path, engine: Engine, embedded: Database
) -> None:
    keys = {scope: create_key(embedded, scope, [scope], COMMAND_LINE) for scope in ("read", "write", "admin")}
    headers = {scope: {"Authorization": f"Bearer {secret}"} for scope, (_, secret) in keys.items()}
    one = {"kind": "hide", "cause": "c-0001"}
    with served(embedded, engine=engine, folder=folder, policy="required") as client:
        for scope in ("read", "write"):
            assert client.post("/v1/edits", json=one, headers=headers[scope]).status_code == 403
        assert client.get("/v1/edits", headers=headers["write"]).status_code == 403
        assert client.post("/v1/edits", json=one, headers=headers["admin"]).status_code == 201
        assert client.get("/v1/edits", headers=headers["read"]).json()["edits"][0]["kind"] == "hide"
        row = client.get("/v1/audit?limit=1", headers=headers["admin"]).json()["audit"][0]
        told = {scope: client.get("/v1/info", headers=headers[scope]) for scope in ("read", "admin")}
    key = keys["admin"][0]
    assert (row["action"], row["subject"], row["who"]) == ("edit.hide", "c-0001", f"key {key.id} (admin)")
    assert told["read"].json()["scopes"] == ["read"]
    assert told["admin"].json()["scopes"] == ["read", "write", "admin"]


def test_what_the_audit_log_cannot_take_is_not_kept(client: TestClient, embedded: Database) -> None:
    before = client.get("/v1/edits").json()
    with no_audit(embedded):
        assert error(edit(client, "hide", cause="c-0001"))[:2] == (503, "unavailable")
    assert client.get("/v1/edits").json() == before
    assert edit(client, "hide", cause="c-0001").status_code == 201


def test_a_register_in_use_is_told_with_when_to_come_back(
    client: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "_PATIENCE_S", 0.0)
    with open_register(folder / REGISTER_NAME):
        refused = edit(client, "hide", cause="c-0001")
        assert client.get("/v1/edits").status_code == 200, (
            "a mining that only groups keeps nobody from reading"
        )
        assert client.post("/v1/feedback", json={"id": "f-1", "text": "Too few"}).status_code == 201
    assert error(refused)[:2] == (503, "unavailable")
    assert int(refused.headers["retry-after"]) > 0
    with closing(sqlite3.connect(folder / REGISTER_NAME, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")  # as whoever writes does at the end: nobody may read
        assert client.get("/v1/edits").status_code == 503
        told = client.get("/v1/causes/c-0001")
        assert told.status_code == 200
        assert {each["statement"] for each in told.json()["examples"]} == {None}


def test_edits_at_one_time_are_all_kept_and_stop_no_erasure(client: TestClient, folder: Path) -> None:
    def cost(amount: int) -> int:
        return int(edit(client, "cost", cause="c-0001", cost=amount).status_code)

    def erase(row: int) -> int:
        return client.delete(f"/v1/feedback/r{row}").status_code

    kept = [{"id": f"r{row}", "text": "Too few"} for row in range(8)]
    assert client.post("/v1/feedback", json=kept).status_code == 201
    with ThreadPoolExecutor(8) as pool:
        edited, erased = pool.map(cost, range(1, 9)), pool.map(erase, range(8))
        assert ([*edited], [*erased]) == ([201] * 8, [200] * 8)
    listed = client.get("/v1/edits?cause=c-0001&limit=8").json()["edits"]
    assert {each["details"]["cost"] for each in listed} == set(range(1, 9))
    assert len({each["number"] for each in listed}) == 8
    assert audited(client).count(("edit.cost", "c-0001")) == 8


def test_examples_tell_the_statement_that_an_edit_takes(client: TestClient, folder: Path) -> None:
    cause = client.get("/v1/oppositions").json()["oppositions"][0]["cause_id"]
    whole = client.get(f"/v1/causes/{cause}").json()
    sides = [*whole["sides"], *whole["oppositions"][0]["sides"]]
    examples = [*whole["examples"], *(each for side in sides for each in side["examples"])]
    with read_register(folder / REGISTER_NAME) as opened:
        known = {each.id for each in opened.statements()}
    assert {each["statement"] for each in examples} <= known
    for each in examples:
        assert each["statement"].startswith(f"{each['feedback_id']}#")
    assert edit(client, "side", statement=examples[0]["statement"], side="neither").status_code == 201
    assert (
        "statement" not in client.get("/v1/oppositions").json()["oppositions"][0]["sides"][0]["examples"][0]
    )


def test_without_a_mining_or_its_register_nothing_is_edited(tmp_path: Path, embedded: Database) -> None:
    with served(embedded, folder=tmp_path) as client:
        assert error(edit(client, "hide", cause="c-0001"))[:2] == (404, "not_mined")
        assert client.get("/v1/edits").json() == {"edits": []}
    with served(embedded, folder=mined_folder(tmp_path / "made")) as client:
        status, code, message = error(edit(client, "hide", cause="c-0001"))
        assert (status, code, "--register" in message) == (404, "not_found", True)
        assert client.get("/v1/edits").json() == {"edits": []}
        assert error(client.get("/v1/edits?cause=c-0001"))[0] == 404
    assert not (tmp_path / "made" / REGISTER_NAME).exists()


def test_a_damaged_register_is_unavailable(client: TestClient, folder: Path) -> None:
    (folder / REGISTER_NAME).write_bytes(b"no register at all" * 100)
    for response in (client.get("/v1/edits"), edit(client, "hide", cause="c-0001")):
        assert error(response)[:2] == (503, "unavailable")
        assert str(folder) not in response.text
