"""Erasures of whole authors and of lists of ids: what is kept, and what a mining of a file holds, is gone at once."""

import hashlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from mining.edits import move
from mining.journal import JOURNAL_NAME, read_journal, write_journal
from mining.recovery.person_ids import person_id
from mining.register import REGISTER_NAME, MinedStatement, RegisteredCause, open_register, read_register
from serving import keeper as keeping
from serving.database.connection import Database
from serving.database.erased import erased_among, known_still
from serving.database.tables import ErasedRow
from serving.edits.words import told
from serving.engine import Engine
from serving.forgetting import forget_in_file, forget_what_is_known_still
from serving.messages import ErrorAnswer
from serving.recovery.ledger import LEDGER_NAME, Ledger
from serving.state import read_state
from tests.fakes import KeywordPredictor
from tests.mining.journal_rows import journal, said
from tests.serving.job_world import mined_folder
from tests.serving.served import served
from tests.serving.small_world import MESSAGES

WORDS = {feedback_id: text for feedback_id, (_, text) in MESSAGES.items()}
AUTHORS = {"f-1": "Anna", "f-2": " ANNA  ", "f-3": "Bo", "f-4": None}
STATE = "state/countervoice.db"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The mining of a file: two messages of Anna, one of them in two statements, one of Bo, and one of nobody."""
    folder = mined_folder(tmp_path / "out")
    rows = [said(feedback_id, author, text=WORDS[feedback_id]) for feedback_id, author in AUTHORS.items()]
    write_journal(folder / "state" / JOURNAL_NAME, journal([*rows, said("f-1", "Anna", text="And late")]))
    return folder


@pytest.fixture
def client(embedded: Database, folder: Path) -> Iterator[TestClient]:
    engine = Engine(read_state(folder), KeywordPredictor(), folder)
    with served(embedded, engine=engine, folder=folder) as client:
        yield client


def error(response: Any) -> tuple[int, str]:
    return response.status_code, ErrorAnswer.model_validate(response.json()).error.code


def erase(client: TestClient, **wanted: Any) -> Any:
    return client.post("/v1/erasures", json=wanted)


def keep(client: TestClient, **authors: str) -> None:
    messages = [
        {"id": feedback_id.replace("_", "-"), "text": "Kept", "author": author}
        for feedback_id, author in authors.items()
    ]
    assert client.post("/v1/feedback", json=messages).is_success


def with_words(folder: Path) -> set[str]:
    """Ids of which the journal has a word."""
    found = read_journal(folder / "state" / JOURNAL_NAME)
    ids, texts = found.column("feedback_id"), found.column("text")
    return {feedback_id for feedback_id, text in zip(ids, texts, strict=True) if text is not None}


def last_audited(client: TestClient) -> tuple[str, str, int]:
    (row,) = client.get("/v1/audit?limit=1").json()["audit"]
    return row["action"], row["subject"], row["rows"]


def test_an_author_whose_messages_came_from_a_file_is_erased_from_its_mining(
    client: TestClient, folder: Path
) -> None:
    assert erase(client, author="anna").json() == {"erased": 2}
    assert with_words(folder) == {"f-3", "f-4"}
    assert {"f-1", "f-2"}.isdisjoint(read_state(folder).stored.messages)
    assert WORDS["f-1"].encode() not in (folder / STATE).read_bytes()
    assert WORDS["f-1"] not in client.get("/v1/causes/c-0001").text
    queue = client.get("/v1/recovery?state=all").text
    assert "Bo" in queue
    assert "nna" not in queue.casefold()
    assert last_audited(client)[::2] == ("author.erase", 2)
    assert erase(client, author="Anna").json() == {"erased": 0}


def test_a_message_that_is_kept_and_mined_is_counted_once(client: TestClient, folder: Path) -> None:
    keep(client, f_1="Anna", k_1="ANNA", k_2="Bo")
    assert erase(client, author="Anna").json() == {"erased": 3}
    assert with_words(folder) == {"f-3", "f-4"}
    assert client.get("/v1/feedback/k-2").status_code == 200


def test_an_author_is_found_by_the_pseudonym_that_answers_tell(client: TestClient, folder: Path) -> None:
    """As the recovery queue tells it of who is kept."""
    keep(client, f_5="Di")
    hidden = client.get("/v1/feedback/f-5").json()["author"]
    write_journal(folder / "state" / JOURNAL_NAME, journal([said("f-5", hidden), said("f-6", "Di")]))
    assert erase(client, author=hidden).json() == {"erased": 1}
    assert last_audited(client) == ("author.erase", hidden, 1)
    assert client.get("/v1/feedback/f-5").status_code == 404
    assert with_words(folder) == {"f-6"}


def test_what_the_mining_holds_under_the_pseudonym_of_an_author_goes_by_name(
    client: TestClient, folder: Path
) -> None:
    """Its message is kept no more: an earlier version erased it in the database, and was killed."""
    keep(client, f_5="Di")
    hidden = client.get("/v1/feedback/f-5").json()["author"]
    client.delete("/v1/feedback/f-5")
    write_journal(folder / "state" / JOURNAL_NAME, journal([said("f-5", hidden)]))
    assert erase(client, author="Di").json() == {"erased": 1}
    assert with_words(folder) == set()


def test_no_author_is_nobody(client: TestClient, folder: Path) -> None:
    assert erase(client, author="None").json() == {"erased": 0}
    assert with_words(folder) == set(AUTHORS)


def test_whose_words_a_broken_journal_holds_is_not_called_erased(client: TestClient, folder: Path) -> None:
    (folder / "state" / JOURNAL_NAME).write_bytes(b"no journal")
    assert error(erase(client, author="Anna")) == (503, "unavailable")
    assert client.get("/v1/audit").json() == {"audit": []}


def test_a_list_of_ids_is_erased_in_one_pass(
    client: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes: list[set[str]] = []

    def noted(path: Path, ids: set[str]) -> None:
        passes.append(ids)
        forget_in_file(path, ids)

    monkeypatch.setattr("serving.forgetting.forget_in_file", noted)
    keep(client, f_1="Anna", k_1="Di", k_2="Di")
    wanted = ["f-1", "f-3", "k-1", "k-1", "nothing"]
    assert erase(client, ids=wanted).json() == {"erased": 3}
    assert passes == [set(wanted)]
    assert with_words(folder) == {"f-2", "f-4"}
    assert [client.get(f"/v1/feedback/{each}").status_code for each in ("f-1", "k-1", "k-2")] == [
        404,
        404,
        200,
    ]
    audited = client.get("/v1/audit?limit=3").json()["audit"]
    assert [(row["action"], row["subject"]) for row in audited] == [
        ("feedback.erase", "f-3"),
        ("feedback.erase", "k-1"),
        ("feedback.erase", "f-1"),
    ]
    assert erase(client, ids=wanted).json() == {"erased": 0}


def test_one_message_of_a_file_is_in_the_audit_log_though_it_was_not_kept(client: TestClient) -> None:
    assert error(client.delete("/v1/feedback/f-3")) == (404, "not_found")
    assert last_audited(client) == ("feedback.erase", "f-3", 1)


def test_a_journal_that_fails_shields_nothing_else_of_a_list(client: TestClient, folder: Path) -> None:
    keep(client, f_1="Anna")
    (folder / "state" / JOURNAL_NAME).write_bytes(b"no journal")
    assert error(erase(client, ids=["f-1", "f-3"])) == (503, "unavailable")
    assert client.get("/v1/feedback/f-1").status_code == 200
    assert {"f-1", "f-3"}.isdisjoint(read_state(folder).stored.messages)


def test_what_a_file_held_is_not_forgotten_before_it_can_be_audited(
    client: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        raise RuntimeError("no audit")

    with monkeypatch.context() as failing:
        failing.setattr(keeping, "record", fail)
        assert erase(client, author="Anna").status_code == 500
    assert erase(client, author="Anna").json() == {"erased": 2}


@pytest.fixture
def register(folder: Path) -> Path:
    """A register that knows f-1 and f-3, and an edit of each."""
    path = folder / REGISTER_NAME
    said = {"f-1#1": "1111dddd", "f-3#1": "3333dddd"}
    with open_register(path, create=True) as opened:
        opened.put(RegisteredCause.waiting(opened.new_id(), ()))
        opened.put_mining("m", 1, said, [MinedStatement(each, text, None) for each, text in said.items()])
        for statement in said:
            move(opened, statement, "c-0001")
    return path


def test_the_register_of_causes_keeps_no_digest_of_an_erased_author(
    client: TestClient, register: Path
) -> None:
    assert erase(client, author="Anna").json() == {"erased": 2}
    assert b"1111dddd" not in register.read_bytes()
    with read_register(register) as opened:
        assert [each.id for each in opened.statements()] == ["f-3#1"]
        assert [told(edit) for edit in opened.edits()] == [
            "f-1#1 moved here from no cause",
            "f-3#1 moved here from no cause",
        ]


def test_a_register_that_a_mining_holds_forgets_when_it_is_free(
    client: TestClient, embedded: Database, folder: Path, register: Path
) -> None:
    with open_register(register):
        assert erase(client, ids=["f-1"]).json() == {"erased": 1}
        forget_what_is_known_still(folder, embedded)
    assert b"1111dddd" in register.read_bytes()
    forget_what_is_known_still(folder, embedded)
    assert b"1111dddd" not in register.read_bytes()
    assert not known_still(embedded)


def test_erasures_beside_a_mining_hold_nobody_up_and_note_no_id_that_was_never_there(
    client: TestClient, embedded: Database, register: Path
) -> None:
    keep(client, k_1="Bo")
    began = time.monotonic()
    with open_register(register), ThreadPoolExecutor(4) as pool:
        unknown = pool.map(lambda number: client.delete(f"/v1/feedback/x-{number}").status_code, range(4))
        keep(client, k_2="Di")
        assert set(unknown) == {404}
        assert time.monotonic() - began < 3, "a second of waiting for each, in turn, would be 4"
        client.delete("/v1/feedback/k-1")
        assert erase(client, ids=["f-3", "x-9"]).json() == {"erased": 1}
    assert known_still(embedded) == {"k-1": True, "f-3": False}


def test_what_was_erased_is_not_stored_again_until_that_is_lifted(client: TestClient) -> None:
    messages = [{"id": each, "text": "Kept", "author": "Bo"} for each in ("k-1", "k-2", "f-3")]
    client.post("/v1/feedback", json=messages)
    assert erase(client, author="Bo").json() == {"erased": 3}
    synced = client.post("/v1/feedback", json=[*messages, {"id": "k-3", "text": "New", "author": "Bo"}])
    assert (synced.status_code, synced.json()) == (
        201,
        {"stored": 1, "unchanged": 0, "suppressed": 3, "redacted": {}},
    )
    assert error(client.get("/v1/feedback/k-1")) == (404, "not_found")
    lifted = client.post("/v1/erasures/lift", json={"ids": ["k-1", "k-3"]})
    assert lifted.json() == {"lifted": 1}
    assert last_audited(client) == ("erasure.lift", "k-1", 1)
    again = client.post("/v1/feedback", json=messages)
    assert (again.json()["stored"], again.json()["suppressed"]) == (1, 2)
    assert client.post("/v1/feedback", json=messages[1]).status_code == 200


@pytest.mark.parametrize("wanted", [{"author": "Anna"}, {"ids": ["1"]}])
def test_a_row_of_a_mined_file_keeps_nobody_out_who_has_its_number_for_an_id(
    client: TestClient, folder: Path, wanted: dict[str, Any]
) -> None:
    """A file without ids is mined under the numbers of its rows, which mean nothing elsewhere."""
    write_journal(folder / "state" / JOURNAL_NAME, journal([said("1", "Anna"), said("2", "Bo")]))
    assert erase(client, **wanted).json() == {"erased": 1}
    sent = client.post("/v1/feedback", json={"id": "1", "text": "Of somebody else", "author": "Zed"})
    assert (sent.json()["stored"], sent.json()["suppressed"]) == (1, 0)


def test_one_message_is_erased_for_good_or_to_be_sent_anew(client: TestClient) -> None:
    keep(client, k_1="Bo", k_2="Bo")
    assert client.delete("/v1/feedback/k-1").is_success
    assert client.delete("/v1/feedback/k-2?again=true").is_success
    assert last_audited(client) == ("feedback.again", "k-2", 1)
    client.delete("/v1/feedback/f-3?again=true")
    assert last_audited(client) == ("feedback.again", "f-3", 1)
    sent = [{"id": each, "text": "Corrected"} for each in ("k-1", "k-2")]
    assert client.post("/v1/feedback", json=sent).json()["suppressed"] == 1
    assert client.get("/v1/feedback/k-2").json()["text"] == "Corrected"
    assert error(client.delete("/v1/feedback/k-1?again=true")) == (404, "not_found")
    assert client.post("/v1/feedback", json=sent[0]).json()["suppressed"] == 1


def test_the_ids_of_what_was_erased_cannot_be_tried_without_the_secret(
    client: TestClient, embedded: Database
) -> None:
    keep(client, k_1="Bo")
    client.delete("/v1/feedback/k-1")
    with embedded.reading() as session:
        (kept_out,) = session.scalars(select(ErasedRow.id_hash))
        assert erased_among(session, ["k-1", "k-2"]) == {"k-1"}
    assert kept_out not in {hashlib.sha256(said).hexdigest() for said in (b"k-1", b"erased message\0k-1")}


def test_what_is_older_than_a_day_is_erased_by_the_same_path(client: TestClient, folder: Path) -> None:
    days = {
        "f-1": "2024-12-31T23:30:00-01:00",
        "f-3": "2024-12-31T23:59:59Z",
        "k-1": "2025-01-01",
        "k-2": None,
    }
    messages = [{"id": each, "text": "Kept", "created_at": day} for each, day in days.items()]
    assert client.post("/v1/feedback", json=messages).json()["stored"] == 4
    assert erase(client, before="2025-01-01").json() == {"erased": 1}
    assert last_audited(client) == ("retention.erase", "2025-01-01", 1)
    assert with_words(folder) == {"f-1", "f-2", "f-4"}
    assert client.post("/v1/feedback", json=messages).json()["suppressed"] == 1
    today = datetime.now(UTC).date()
    assert erase(client, before=f"{today}").json() == {"erased": 2}, "k-2 came today"
    assert client.get("/v1/feedback/k-2").status_code == 200
    assert error(erase(client, before=f"{today + timedelta(days=1)}")) == (422, "invalid_request")


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ({}, "body"),
        ({"author": "Anna", "ids": ["f-1"]}, "body"),
        ({"author": None, "ids": None}, "body"),
        ({"author": "Anna", "before": "2025-01-01"}, "body"),
        ({"ids": ["f-1"], "before": "2025-01-01"}, "body"),
        ({"before": "2025"}, "before"),
        ({"before": 1735689600}, "before"),
        ({"before": "2025-01-01T10:00"}, "before"),
        ({"before": "2025-01-01T00:00:00+14:00"}, "before"),
        ({"before": "9999-01-01"}, "before"),
        ({"author": " "}, "author"),
        ({"author": "\u00a0\t\u200b"}, "author"),
        ({"ids": []}, "ids"),
        ({"ids": "f-1"}, "ids"),
        ({"ids": ["f-1", 7]}, "ids.1"),
        ({"ids": [" "]}, "ids.0"),
        ({"ids": ["a\x00"]}, "ids.0"),
        ({"ids": [f"f-{number}" for number in range(1_001)]}, "ids"),
    ],
)
def test_an_erasure_of_nobody_or_of_too_much_is_refused(
    client: TestClient, folder: Path, wanted: dict[str, Any], place: str
) -> None:
    response = erase(client, **wanted)
    assert error(response) == (422, "invalid_request")
    assert response.json()["error"]["message"].startswith(f"{place}: ")
    assert with_words(folder) == set(AUTHORS)


@pytest.fixture
def rows(embedded: Database, tmp_path: Path) -> Iterator[tuple[TestClient, Path]]:
    """A served mining of a file without ids: what is called f-1 to f-4 are numbers of rows. Bo wrote f-3."""
    folder = mined_folder(tmp_path / "rows", own_ids=False)
    said_by = [said(each, author, text=WORDS[each]) for each, author in AUTHORS.items()]
    write_journal(folder / "state" / JOURNAL_NAME, journal(said_by))
    engine = Engine(read_state(folder), KeywordPredictor(), folder)
    with served(embedded, engine=engine, folder=folder) as client:
        yield client, folder


def register_of_a_row(folder: Path) -> Path:
    """A register that knows row f-3, and an edit of it."""
    register = folder / REGISTER_NAME
    with open_register(register, create=True) as opened:
        opened.put(RegisteredCause.waiting(opened.new_id(), ()))
        opened.put_mining("m", 1, ["x"], [MinedStatement("f-3#1", "3333dddd", None)])
        move(opened, "f-3#1", "c-0001")
    return register


@pytest.mark.parametrize("wanted", [{"ids": ["f-3"]}, {"author": "Zed"}, {"before": "2025-01-01"}])
def test_the_row_of_a_file_with_the_number_of_a_kept_message_stays(
    rows: tuple[TestClient, Path], wanted: dict[str, Any]
) -> None:
    client, folder = rows
    bo = person_id("author:bo")
    assert client.post(f"/v1/recovery/{bo}", json={"state": "contacted"}).is_success
    sent = {"id": "f-3", "text": "Of Zed", "author": "Zed", "created_at": "2024-01-01"}
    client.post("/v1/feedback", json=sent)
    register = register_of_a_row(folder)
    assert erase(client, **wanted).json() == {"erased": 1}
    assert client.get("/v1/feedback/f-3").status_code == 404
    assert with_words(folder) == set(AUTHORS)
    assert "f-3" in read_state(folder).stored.messages
    assert WORDS["f-3"] in client.get("/v1/causes/c-0001").text
    assert Ledger(folder / LEDGER_NAME).people() == {"author:bo"}
    assert register.read_bytes().count(b"3333dddd") == 2, "of the statement, and of the edit that moved it"


def test_a_row_of_a_file_is_erased_by_its_number_where_no_message_has_it(
    rows: tuple[TestClient, Path],
) -> None:
    client, folder = rows
    keep(client, f_1="Zed")
    assert erase(client, ids=["f-1", "f-3"]).json() == {"erased": 2}
    assert with_words(folder) == {"f-1", "f-2", "f-4"}
    assert "f-3" not in read_state(folder).stored.messages
    assert WORDS["f-3"] not in client.get("/v1/causes/c-0001").text
    assert erase(client, author="Anna").json() == {"erased": 2}
    assert with_words(folder) == {"f-4"}


@pytest.mark.parametrize("query", ["", "?again=true"])
def test_an_erasure_that_is_asked_for_twice_leaves_the_row_alone(
    rows: tuple[TestClient, Path], query: str
) -> None:
    """Clients and proxies repeat a DELETE whose answer was lost."""
    client, folder = rows
    keep(client, f_3="Zed")
    assert client.delete(f"/v1/feedback/f-3{query}").is_success
    audited = last_audited(client)
    assert error(client.delete(f"/v1/feedback/f-3{query}")) == (404, "not_found")
    assert last_audited(client) == audited
    assert with_words(folder) == set(AUTHORS)
    assert WORDS["f-3"] in client.get("/v1/causes/c-0001").text


def test_an_id_of_an_erased_message_names_the_row_once_that_is_lifted(
    rows: tuple[TestClient, Path],
) -> None:
    client, folder = rows
    keep(client, f_3="Zed")
    assert [erase(client, ids=["f-3"]).json()["erased"] for _ in range(2)] == [1, 0]
    assert with_words(folder) == set(AUTHORS)
    client.post("/v1/erasures/lift", json={"ids": ["f-3"]})
    assert erase(client, ids=["f-3"]).json() == {"erased": 1}
    assert with_words(folder) == {"f-1", "f-2", "f-4"}


def test_what_is_mined_under_its_own_id_goes_also_when_it_was_erased_before(
    client: TestClient, folder: Path
) -> None:
    """The next mining of the source's file has it again."""
    keep(client, f_3="Bo")
    client.delete("/v1/feedback/f-3")
    write_journal(folder / "state" / JOURNAL_NAME, journal([said("f-3", "Bo"), said("f-4", None)]))
    assert erase(client, ids=["f-3"]).json() == {"erased": 1}
    assert with_words(folder) == {"f-4"}


def test_a_register_that_a_mining_holds_keeps_the_row_of_a_file_with_the_number_of_a_kept_message(
    rows: tuple[TestClient, Path], embedded: Database
) -> None:
    client, folder = rows
    keep(client, f_3="Zed")
    register = register_of_a_row(folder)
    with open_register(register):
        assert erase(client, ids=["f-3"]).json() == {"erased": 1}
    forget_what_is_known_still(folder, embedded)
    assert register.read_bytes().count(b"3333dddd") == 2, "of the statement, and of the edit that moved it"
    assert not known_still(embedded)


@pytest.mark.parametrize("is_mined", [True, False])
def test_who_was_contacted_as_the_row_of_an_earlier_file_stays_in_the_ledger(
    rows: tuple[TestClient, Path], is_mined: bool
) -> None:
    """Mined or not by the next file without ids: a kept message of somebody else has the number of their row."""
    client, folder = rows
    bo = person_id("author:bo")
    assert client.post(f"/v1/recovery/{bo}", json={"state": "contacted"}).is_success
    row = said("f-9", "Bo") if is_mined else said("f-3", "Carl")
    write_journal(folder / "state" / JOURNAL_NAME, journal([row]))
    keep(client, f_3="Zed")
    assert client.delete("/v1/feedback/f-3").is_success
    ledger = Ledger(folder / LEDGER_NAME)
    assert (ledger.people(), ledger.people_of(["f-3"])) == ({"author:bo"}, {"author:bo"})


def test_of_two_with_one_number_the_ledger_forgets_what_the_author_of_the_kept_message_wrote(
    rows: tuple[TestClient, Path],
) -> None:
    """Zed stays for what else he wrote; Bo wrote row f-3 of a file."""
    client, folder = rows
    ledger = Ledger(folder / LEDGER_NAME)
    for person, ids in {"author:bo": ["f-3"], "author:zed": ["f-3", "k-1"]}.items():
        at = datetime(2026, 3, 2, tzinfo=UTC)
        ledger.contact(person, ids, "apology_by_name", 0, who="tests", at=at, complained_at=None)
    keep(client, f_3="Zed", k_1="Zed")
    assert client.delete("/v1/feedback/f-3").is_success
    assert ledger.people() == {"author:bo", "author:zed"}
    assert (ledger.people_of(["f-3"]), ledger.people_of(["k-1"])) == ({"author:bo"}, {"author:zed"})
    assert client.delete("/v1/feedback/k-1").is_success
    assert ledger.people() == {"author:bo"}


def test_what_was_said_of_a_kept_message_in_an_earlier_mining_goes_with_it(
    rows: tuple[TestClient, Path],
) -> None:
    """Its number is that of a row by now, but the digest in the edit is of nothing that this row says."""
    client, folder = rows
    keep(client, f_3="Zed")
    register = folder / REGISTER_NAME
    with open_register(register, create=True) as opened:
        opened.put(RegisteredCause.waiting(opened.new_id(), ()))
        opened.put_mining("m", 1, ["f-3"], [MinedStatement("f-3#1", "9999dddd", None)])
        move(opened, "f-3#1", "c-0001")
    with open_register(register) as opened:
        opened.put_mining("m", 1, ["x"], [MinedStatement("f-3#1", "3333dddd", None)])
    client.delete("/v1/feedback/f-3")
    assert b"9999dddd" not in register.read_bytes()
    assert b"3333dddd" in register.read_bytes()
