"""The recovery queue over HTTP, and what erasing feedback leaves of it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from data.records import Feedback
from mining.journal import JOURNAL_NAME, Journal, read_journal, write_journal
from mining.recovery.complainers import Complainers, complainers
from mining.recovery.person_ids import person_id
from serving.database.authors import author_secret, pseudonym
from serving.database.connection import Database, database_url
from serving.database.feedback import Kept, find, store
from serving.database.migration import open_database
from serving.engine import Engine
from serving.messages import ErrorAnswer
from serving.recovery import desk
from serving.recovery.desk import forget_read
from serving.recovery.ledger import Ledger
from serving.recovery.messages import RecoveryAnswer
from serving.state import read_state
from tests.fakes import KeywordPredictor
from tests.mining.journal_rows import Row, journal, said
from tests.serving.recovery_world import ROWS, complained_folder
from tests.serving.served import no_audit, served
from tests.serving.small_world import small_feedback

ANNA, BO = (person_id(f"author:{name}") for name in ("anna", "bo"))
CONTACT = {"state": "contacted", "gesture": "apology_by_name", "cost": 4}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return complained_folder(tmp_path / "out")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(database_url(None, tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def client(database: Database, folder: Path) -> Iterator[TestClient]:
    store(database, [Kept(Feedback(id=row["feedback_id"], text=row["text"]), {}) for row in ROWS], "test")
    engine = Engine(read_state(folder), KeywordPredictor(), folder)
    with served(database, engine=engine, folder=folder) as client:
        yield client


def error(response: Any) -> tuple[int, str]:
    return response.status_code, ErrorAnswer.model_validate(response.json()).error.code


def test_the_queue_is_read_and_a_person_worked(client: TestClient) -> None:
    found = RecoveryAnswer.model_validate(client.get("/v1/recovery").json())
    assert [person.author for person in found.people] == ["Anna", "Bo"]
    assert found.states == {"open": 2}
    entered = client.post(f"/v1/recovery/{ANNA}", json=CONTACT)
    assert entered.status_code == 200
    assert (entered.json()["state"], entered.json()["spent"]) == ("contacted", 4)
    assert error(client.post(f"/v1/recovery/{ANNA}", json=CONTACT)) == (409, "conflict")
    assert client.post(f"/v1/recovery/{ANNA}", json={**CONTACT, "again": True}).json()["spent"] == 8
    assert client.post(f"/v1/recovery/{ANNA}", json={"state": "lost"}).json()["outcome"] == "lost"
    assert [each["id"] for each in client.get("/v1/recovery?state=lost").json()["people"]] == [ANNA]
    assert len(client.get("/v1/recovery?state=all&limit=1").json()["people"]) == 1


def test_the_queue_is_read_page_by_page_also_by_who_works_it_meanwhile(
    client: TestClient, folder: Path
) -> None:
    mined_again(folder, [said(f"f-{each}", f"Person {each}", p=0.1 + each / 20) for each in range(12)])
    whole = [each["id"] for each in client.get("/v1/recovery").json()["people"]]
    read: list[str] = []
    while page := client.get(f"/v1/recovery?limit=5{f'&after={read[-1]}' if read else ''}").json()["people"]:
        read += [each["id"] for each in page]
        assert client.post(f"/v1/recovery/{read[-1]}", json=CONTACT).status_code == 200
    assert read == whole
    everybody = [each["id"] for each in client.get("/v1/recovery?state=all").json()["people"]]
    behind = client.get(f"/v1/recovery?state=all&after={everybody[6]}").json()
    assert ([each["id"] for each in behind["people"]], behind["states"]["open"]) == (everybody[7:], 9)
    refused = client.get("/v1/recovery?after=p-0")
    assert error(refused) == (422, "invalid_request")
    assert "after: nobody with this id" in refused.json()["error"]["message"]


@pytest.mark.parametrize("sent", [CONTACT, {"state": "lost"}])
def test_feedback_is_taken_in_while_the_journal_is_read(
    client: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch, sent: dict[str, Any]
) -> None:
    def slowly(journal: Journal) -> Complainers:
        store(database, [Kept(Feedback(id="late", text="The bell is slow"), {})], "test")
        return complainers(journal)

    forget_read()
    monkeypatch.setattr(desk, "complainers", slowly)
    assert client.post(f"/v1/recovery/{ANNA}", json=sent).status_code == 200
    assert find(database, "late") is not None


def mined_again(folder: Path, rows: Sequence[Row]) -> None:
    write_journal(folder / "state" / JOURNAL_NAME, journal(rows))


def as_kept(database: Database) -> list[Row]:
    """The rows as a job mines them: the same messages under pseudonyms."""
    secret = author_secret(database)
    return [{**row, "author": pseudonym(row["author"], secret)} for row in ROWS]


def test_who_was_contacted_by_name_is_so_under_the_pseudonym_and_back(
    client: TestClient, database: Database, folder: Path
) -> None:
    assert client.post(f"/v1/recovery/{BO}", json=CONTACT).status_code == 200
    mined_again(folder, as_kept(database))
    (bo,) = client.get("/v1/recovery?state=contacted").json()["people"]
    assert (bo["quote"], bo["spent"], bo["author"][:7]) == ("A bit slow", 4, "person-")
    assert error(client.post(f"/v1/recovery/{bo['id']}", json=CONTACT)) == (409, "conflict")
    again = {**CONTACT, "again": True}
    assert client.post(f"/v1/recovery/{bo['id']}", json=again).json()["spent"] == 8
    mined_again(folder, ROWS)
    (bo,) = client.get("/v1/recovery?state=contacted").json()["people"]
    assert (bo["author"], bo["spent"]) == ("Bo", 8)
    assert client.post(f"/v1/recovery/{BO}", json={"state": "recovered"}).json()["outcome"] == "recovered"
    mined_again(folder, as_kept(database))
    assert client.get("/v1/recovery?state=all").json()["states"] == {"open": 1, "recovered": 1}


@pytest.mark.parametrize("contacted_by_name", [True, False])
def test_who_has_words_left_under_the_other_name_stays_in_the_ledger(
    client: TestClient, database: Database, folder: Path, contacted_by_name: bool
) -> None:
    first, then = (ROWS, as_kept(database)) if contacted_by_name else (as_kept(database), ROWS)
    mined_again(folder, first)
    for person in client.get("/v1/recovery").json()["people"]:
        client.post(f"/v1/recovery/{person['id']}", json=CONTACT)
    mined_again(folder, then)
    client.delete("/v1/feedback/f-1")
    assert client.get("/v1/recovery?state=all").json()["states"] == {"contacted": 2}
    client.delete("/v1/feedback/f-2")
    assert len(Ledger(folder / "recovery.db").people()) == 1


@pytest.mark.parametrize("under", ["the name", "the pseudonym"])
def test_who_is_not_in_the_mining_any_more_is_closed_by_id_and_without_words(
    client: TestClient, database: Database, folder: Path, under: str
) -> None:
    client.post(f"/v1/recovery/{ANNA}", json=CONTACT)
    known = person_id(f"author:{pseudonym('Anna', author_secret(database))}")
    mined_again(folder, ROWS[2:])
    assert client.get("/v1/recovery").json()["not_mined"] == 1
    assert error(client.post("/v1/recovery/Anna", json={"state": "lost"})) == (404, "not_found")
    person = ANNA if under == "the name" else known
    entered = client.post(f"/v1/recovery/{person}", json={"state": "recovered"})
    assert set(entered.json()) == {"id", "state", "contacted", "gestures", "spent", "outcome"}
    assert (entered.json()["state"], entered.json()["spent"]) == ("recovered", 4)
    (row,) = client.get("/v1/audit?limit=1").json()["audit"]
    assert (row["action"], row["subject"]) == (
        "recovery.recovered",
        pseudonym("Anna", author_secret(database)),
    )
    assert client.get("/v1/recovery").json()["not_mined"] == 0


def test_an_entry_tells_nothing_of_what_was_written_and_takes_no_name(client: TestClient) -> None:
    """A key that may write need not be one that may read."""
    assert error(client.post("/v1/recovery/Anna", json=CONTACT)) == (404, "not_found")
    entered = client.post(f"/v1/recovery/{ANNA}", json=CONTACT).json()
    assert set(entered) == {"id", "state", "contacted", "gestures", "spent", "outcome"}


def test_who_entered_what_is_in_the_audit_log_without_a_name_or_a_hash_that_tells_it(
    client: TestClient, database: Database
) -> None:
    """Also once the person is erased: whoever has a list of customers can try their ids."""
    hidden = pseudonym("Anna", author_secret(database))
    client.post(f"/v1/recovery/{ANNA}", json=CONTACT)
    assert client.post("/v1/erasures", json={"author": "ANNA "}).json() == {"erased": 2}
    response = client.get("/v1/audit?limit=2")
    assert [(row["action"], row["subject"], row["who"]) for row in response.json()["audit"]] == [
        ("author.erase", hidden, "testclient"),
        ("recovery.contacted", hidden, "testclient"),
    ]
    assert "nna" not in response.text
    assert ANNA not in response.text


def test_what_the_audit_log_cannot_take_is_not_entered(client: TestClient, database: Database) -> None:
    with no_audit(database):
        assert error(client.post(f"/v1/recovery/{ANNA}", json=CONTACT)) == (503, "unavailable")
    assert client.post(f"/v1/recovery/{ANNA}", json=CONTACT).json()["spent"] == 4
    assert error(client.post(f"/v1/recovery/{ANNA}", json=CONTACT)) == (409, "conflict")
    rows = [(row["action"], row["subject"]) for row in client.get("/v1/audit").json()["audit"]]
    assert rows[0] == ("recovery.contacted", pseudonym("Anna", author_secret(database)))
    assert rows[1][0] == "feedback.store", "nothing of what was refused"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"state": "open"}, "state"),
        ({"state": "contacted", "gesture": "hug"}, "gesture: one of"),
        ({"state": "contacted", "cost": -1}, "cost"),
        ({"state": "contacted", "cost": True}, "cost"),
        ({"state": "contacted", "again": "yes"}, "again"),
        ({"state": "lost", "cost": 3}, "are for the state contacted"),
        ({"state": "lost", "note": "x"}, "note"),
    ],
)
def test_what_cannot_be_entered_is_refused(client: TestClient, body: Any, reason: str) -> None:
    response = client.post(f"/v1/recovery/{ANNA}", json=body)
    assert error(response) == (422, "invalid_request")
    assert reason in response.json()["error"]["message"]


def test_who_is_not_there_and_what_is_no_query(client: TestClient) -> None:
    assert error(client.post("/v1/recovery/p-0", json=CONTACT)) == (404, "not_found")
    assert error(client.get("/v1/recovery?state=angry")) == (422, "invalid_request")
    assert error(client.get("/v1/recovery?limit=0")) == (422, "invalid_request")


def test_without_a_journal_the_queue_is_unavailable_and_says_no_path(
    client: TestClient, folder: Path
) -> None:
    (folder / "state" / "journal.parquet").unlink()
    response = client.get("/v1/recovery")
    assert error(response) == (503, "unavailable")
    assert str(folder) not in response.text


def test_erasing_the_last_feedback_of_a_person_erases_the_entry(client: TestClient, folder: Path) -> None:
    ledger = Ledger(folder / "recovery.db")
    for person in (ANNA, BO):
        client.post(f"/v1/recovery/{person}", json=CONTACT)
    client.delete("/v1/feedback/f-1")
    assert set(ledger.standings()) == {"author:anna", "author:bo"}
    left = client.get("/v1/recovery?state=all").json()["people"]
    assert {each["author"]: each["quote"] for each in left} == {"Anna": "Still waiting", "Bo": "A bit slow"}
    client.delete("/v1/feedback/f-2")
    assert set(ledger.standings()) == {"author:bo"}
    assert ledger.people_of(["f-1", "f-2", "f-3"]) == {"author:bo"}
    assert "Anna" not in client.get("/v1/recovery?state=all").text


def test_erased_feedback_of_an_earlier_mining_takes_its_person_along(
    client: TestClient, folder: Path
) -> None:
    client.post(f"/v1/recovery/{BO}", json=CONTACT)
    write_journal(folder / "state" / "journal.parquet", journal(ROWS[:2]))
    client.delete("/v1/feedback/f-3")
    assert Ledger(folder / "recovery.db").standings() == {}


@pytest.mark.parametrize("again", ["anna", "Bo"])
def test_who_has_written_again_since_the_mining_stays_in_the_ledger(
    client: TestClient, folder: Path, again: str
) -> None:
    client.post(f"/v1/recovery/{ANNA}", json=CONTACT)
    client.post("/v1/feedback", json={"id": "new-1", "text": "Still charged twice", "author": again})
    client.post("/v1/erasures", json={"ids": ["f-1", "f-2"]})
    assert set(Ledger(folder / "recovery.db").standings()) == ({"author:anna"} if again == "anna" else set())
    client.delete("/v1/feedback/new-1")
    assert Ledger(folder / "recovery.db").standings() == {}


def test_who_is_kept_by_pseudonym_stays_as_long_as_one_message_does(client: TestClient, folder: Path) -> None:
    for each in ("k-1", "k-2"):
        client.post("/v1/feedback", json={"id": each, "text": "It broke", "author": "Zed"})
    hidden = client.get("/v1/feedback/k-1").json()["author"]
    mined_again(folder, [said("k-1", hidden)])
    client.post(f"/v1/recovery/{person_id(f'author:{hidden}')}", json=CONTACT)
    client.delete("/v1/feedback/k-1")
    assert set(Ledger(folder / "recovery.db").standings()) == {f"author:{hidden}"}
    client.delete("/v1/feedback/k-2")
    assert Ledger(folder / "recovery.db").standings() == {}


def test_erasing_an_author_by_name_erases_the_entry(client: TestClient, folder: Path) -> None:
    client.post(f"/v1/recovery/{ANNA}", json=CONTACT)
    client.post("/v1/erasures", json={"author": "anna"})
    assert Ledger(folder / "recovery.db").standings() == {}


@pytest.mark.parametrize("broken", [None, "state/countervoice.db", "recovery.db", "state/journal.parquet"])
def test_what_is_erased_leaves_the_folder_also_where_no_mining_is_served(
    database: Database, folder: Path, broken: str | None
) -> None:
    """As with a mining that was written a moment ago, or was refused.

    One broken file shields no other, but for the ledger: once mended, it learns from the journal whose the words are.
    """
    at = datetime(2026, 4, 1, tzinfo=UTC)
    Ledger(folder / "recovery.db").contact(
        "author:bo", ["f-3"], "apology_by_name", 4, who="test", at=at, complained_at=None
    )
    if broken is not None:
        (folder / broken).write_bytes(b"no file that can be read")
    quoted = {message.id: message.text for message in small_feedback()}["f-3"]
    store(database, [Kept(Feedback(id="f-3", text=quoted), {})], "test")
    engine = Engine(None, KeywordPredictor(), folder)
    with served(database, engine=engine, folder=folder) as client:
        response = client.delete("/v1/feedback/f-3")
        if broken is None:
            assert response.json() == {"erased": 1}
        else:
            assert error(response) == (503, "unavailable")
            assert client.get("/v1/feedback/f-3").status_code == 200  # to be erased again
    assert quoted.encode() not in (folder / "state" / "countervoice.db").read_bytes()
    if broken != "state/journal.parquet":
        journal = read_journal(folder / "state" / JOURNAL_NAME)
        words = dict(zip(journal.column("feedback_id"), journal.column("text"), strict=True))
        assert words["f-2"] == "Still waiting"
        assert words["f-3"] == ("A bit slow" if broken == "recovery.db" else None)
    if broken in (None, "state/countervoice.db"):  # whose words they are, the journal tells
        assert not Ledger(folder / "recovery.db").people_of(["f-3"])


def test_erasing_before_the_first_mining_is_no_error(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store(database, [Kept(Feedback(id="f-3", text="A bit slow"), {})], "test")
    with served(database, engine=Engine(None, KeywordPredictor(), tmp_path), folder=tmp_path) as client:
        assert client.delete("/v1/feedback/f-3").json() == {"erased": 1}
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
