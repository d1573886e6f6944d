"""``countervoice gap`` and /v1/gap: believed first, then shown, then closed."""

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from mining.gap.beliefs import Belief
from mining.gap.book import BOOK_NAME, open_book, read_book
from mining.journal import JOURNAL_NAME, Journal, forget_in_journal, read_journal, write_journal
from mining.register import PEOPLE, RegisteredCause, open_register
from serving import cli
from serving.database.connection import Database, database_url
from serving.database.migration import open_database
from serving.gap import folder as gap_folder
from serving.messages import ErrorAnswer
from tests.mining.journal_rows import journal, said
from tests.serving.job_world import mined_folder
from tests.serving.served import no_audit, served


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """400 people who complain, a tenth of them of delivery, which is cause c-0001, the others of price."""
    made = mined_folder(tmp_path / "out")
    with open_register(made / "causes.db", create=True) as register:
        register.put(RegisteredCause.waiting("c-0001", ("Mangobike",)))
    rows = [
        said(
            f"f-{number:03}",
            topics=("delivery",) if number % 10 == 0 else ("price",),
            cause="c-0001" if number % 10 == 0 else "c-0002",
        )
        for number in range(400)
    ]
    write_journal(made / "state" / JOURNAL_NAME, journal(rows))
    return made


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setattr(sys, "argv", ["countervoice", "gap", *map(str, arguments)])
    return cli.run()


def test_a_belief_is_sealed_then_shown_then_closed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    coo = ("believe", "--state", folder, "--topic", "delivery", "--by", "COO", "--share")
    assert run(monkeypatch, *coo, "0.4") == 0
    assert run(monkeypatch, *coo, "0.10") == 0
    assert (
        run(monkeypatch, "believe", "--state", folder, "--cause", "c-0001", "--share", "0.5", "--by", "CEO")
        == 0
    )
    capsys.readouterr()
    assert run(monkeypatch, "show", "--state", folder, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    cause, topic = told["gaps"]
    assert (topic["verdict"], topic["measured"]["people"], topic["belief"]["revised"]) == ("knew", 40, 1)
    assert (cause["verdict"], cause["difference"]) == ("overrated", pytest.approx(-0.4))
    assert "price" in told["nobody_said"]
    assert told["revealed"] == {}
    assert run(monkeypatch, *coo, "0.2") == 1
    assert "was shown on" in capsys.readouterr().err
    assert run(monkeypatch, "show", "--state", folder) == 0
    shown = capsys.readouterr().out
    assert "knew: as believed" in shown
    assert "90 %" not in shown  # the share of price


def test_what_is_revealed_takes_no_belief(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "show", "--state", folder) == 0
    assert not (folder / BOOK_NAME).exists()
    assert run(monkeypatch, "show", "--state", folder, "--reveal") == 0
    assert "90" in capsys.readouterr().out
    assert (
        run(monkeypatch, "believe", "--state", folder, "--topic", "price", "--share", "0.9", "--by", "CFO")
        == 1
    )


def test_a_file_is_sealed_whole_or_not_at_all(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "beliefs.csv"
    for rows, reason in (
        ("delivery,0.1,COO\nluck,0.1,COO", "no topic 'luck'"),
        ("delivery,0.1,COO\nprice,much,CFO", "row 2 of beliefs.csv"),
        ("delivery,1.5,COO", "give one from 0 to 1"),
    ):
        file.write_text(f"topic,share,by\n{rows}\n")
        assert run(monkeypatch, "believe", "--state", folder, "--file", file) == 1
        assert reason in capsys.readouterr().err
        assert not (folder / BOOK_NAME).exists()
    file.write_text("topic,share,by\ndelivery,0.1,COO\nprice,0.2,CFO\n")
    assert run(monkeypatch, "believe", "--state", folder, "--file", file) == 0
    assert capsys.readouterr().out.count("seal ") == 2
    file.write_text("topic,share\ndelivery,0.1\n")
    assert run(monkeypatch, "believe", "--state", folder, "--file", file) == 1
    assert "has no column by" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--topic", "delivery", "--share", "0.1"), 2),
        (("--topic", "delivery", "--cause", "c-0001", "--share", "0.1", "--by", "COO"), 2),
        (("--cause", "c-0099", "--share", "0.1", "--by", "COO"), 1),
        (("--topic", "delivery", "--share", "0.1", "--by", "COO", "--margin", "0"), 1),
    ],
)
def test_what_is_missing_or_wrong_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int
) -> None:
    assert run(monkeypatch, "believe", "--state", folder, *words) == code
    assert not (folder / BOOK_NAME).exists()


def test_a_folder_without_a_mining_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for words in (
        ("show", "--state", tmp_path),
        ("believe", "--state", tmp_path, "--topic", "price", "--share", "0.1", "--by", "a"),
    ):
        assert run(monkeypatch, *words) == 1
        assert str(tmp_path) in capsys.readouterr().err


@pytest.fixture
def gone(folder: Path) -> Path:
    """Causes that the last mining did not find: retired, waiting, hidden; and a belief about one from before."""
    with open_book(folder) as book:
        belief = Belief(
            subject="c-0003", share=0.5, margin=0.05, by="CEO", at=datetime(2026, 1, 1, tzinfo=UTC), salt="ab"
        )
        book.enter(belief)
    with open_register(folder / "causes.db") as register:
        for cause, found in (("c-0003", 1), ("c-0004", 0), ("c-0005", 2)):
            register.put(replace(RegisteredCause.waiting(cause, ("Mangobike",)), found=found))
        register.append(PEOPLE, "hide", "c-0005", {})
    for _ in range(2):
        with open_register(folder / "causes.db") as register:
            register.put_mining("one", 2, [], [])
    return folder


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        ("c-0003", "c-0003 is retired: the last mining did not find it"),
        ("c-0004", "c-0004 is waiting for its first mining"),
        ("c-0005", "c-0005 is hidden: the last mining left it out"),
    ],
)
def test_of_a_cause_that_was_not_found_nothing_is_believed(
    gone: Path,
    embedded: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    cause: str,
    reason: str,
) -> None:
    words = ("--cause", cause, "--share", "0.1", "--by", "COO")
    assert run(monkeypatch, "believe", "--state", gone, *words) == 1
    assert reason in capsys.readouterr().err
    with served(embedded, folder=gone) as client:
        answer = client.post("/v1/gap", json={"subject": cause, "share": 0.1, "by": "COO"})
        assert (answer.status_code, reason in answer.text) == (422, True)
    assert len(read_book(gone)[0]) == 1


def test_a_belief_about_a_cause_that_was_not_found_has_no_share_and_is_not_closed(
    gone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "show", "--state", gone) == 0
    shown = capsys.readouterr().out
    assert "cannot tell: not found in this mining" in shown
    assert "0.0" not in shown
    assert run(monkeypatch, "show", "--state", gone, "--json") == 0
    (told,) = json.loads(capsys.readouterr().out)["gaps"]
    assert (told["measured"], told["difference"], told["p_value"]) == (None, None, None)
    assert (told["verdict"], told["reason"]) == ("cannot_tell", "not found in this mining")
    assert read_book(gone)[1] == {}


@pytest.fixture
def client(folder: Path, embedded: Database) -> Iterator[TestClient]:
    with served(embedded, folder=folder) as client:
        yield client


def error(response: Any) -> tuple[int, str]:
    return response.status_code, ErrorAnswer.model_validate(response.json()).error.code


def test_over_http(client: TestClient) -> None:
    one = {"subject": "delivery", "share": 0.1, "by": "COO"}
    made = client.post("/v1/gap", json=one)
    assert (made.status_code, len(made.json()["seal"])) == (201, 64)
    assert "salt" not in made.json()
    assert client.get("/v1/audit").json()["audit"][0]["action"] == "gap.believe"
    assert client.head("/v1/gap").content == b""
    assert (
        client.post("/v1/gap", json={**one, "subject": "staff"}).status_code == 201
    )  # HEAD has closed nothing
    told = client.get("/v1/gap").json()
    assert told["gaps"][0]["verdict"] == "knew"
    assert told["gaps"][0]["belief"] == made.json()
    assert error(client.post("/v1/gap", json=one)) == (409, "conflict")
    for change in (
        {"subject": "luck"},
        {"share": 2},
        {"by": ""},
        {"by": "a\nb"},
        {"margin": 0},
        {"margin": "0.1"},
        {"extra": 1},
    ):
        assert client.post("/v1/gap", json={**one, "subject": "price", **change}).status_code == 422


def test_without_a_mining_there_is_nothing_to_show(tmp_path: Path) -> None:
    database = open_database(database_url(None, tmp_path))
    with served(database, folder=tmp_path) as client:
        assert error(client.get("/v1/gap")) == (404, "not_mined")
        belief = {"subject": "price", "share": 0.1, "by": "CFO"}
        assert error(client.post("/v1/gap", json=belief)) == (404, "not_mined")
    database.close()


def test_what_the_audit_log_cannot_take_is_not_sealed(client: TestClient, embedded: Database) -> None:
    one = {"subject": "delivery", "share": 0.1, "by": "COO"}
    with no_audit(embedded):
        assert error(client.post("/v1/gap", json=one)) == (503, "unavailable")
    assert client.post("/v1/gap", json=one).json()["revised"] == 0
    assert len(client.get("/v1/audit").json()["audit"]) == 1


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Journal]:
    """The journals that are read."""
    journals: list[Journal] = []

    def noted(path: Path) -> Journal:
        journals.append(read_journal(path))
        return journals[-1]

    monkeypatch.setattr(gap_folder, "read_journal", noted)
    return journals


def test_the_journal_is_read_once_by_however_many_ask(client: TestClient, read: list[Journal]) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = [response.json() for response in pool.map(client.get, ["/v1/gap"] * 8)]
    assert len(read) == 1
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["people"] == 400


def test_an_erasure_and_an_edit_of_causes_are_seen_at_once(
    client: TestClient, folder: Path, read: list[Journal]
) -> None:
    client.post("/v1/gap", json={"subject": "c-0001", "share": 0.1, "by": "COO"})
    assert client.get("/v1/gap").json()["gaps"][0]["measured"]["people"] == 40
    path = folder / "state" / JOURNAL_NAME
    forget_in_journal(path, ["f-000"], "product")
    assert client.get("/v1/gap").json()["gaps"][0]["measured"]["people"] == 40, "what was counted stays"
    assert read[-1].column("text")[0] is None
    with open_register(folder / "causes.db") as register:
        register.append(PEOPLE, "merge", "c-0002", {"into": "c-0001"})
    assert client.get("/v1/gap").json()["gaps"][0]["measured"]["people"] == 400


def test_a_cause_that_was_merged_since_waits_with_what_nobody_was_shown(folder: Path) -> None:
    gap_folder.believe(folder, "c-0001", 0.5, "CEO")
    gap_folder.show(folder)
    assert len(gap_folder.shown_before(folder).gaps) == 1
    with open_register(folder / "causes.db") as register:
        register.put(RegisteredCause.waiting("c-0002", ("Mangobike",)))
        register.append(PEOPLE, "merge", "c-0001", {"into": "c-0002"})
    before = gap_folder.shown_before(folder)
    assert (list(before.gaps), before.waiting) == ([], 1)
    gap_folder.show(folder)
    assert len(gap_folder.shown_before(folder).gaps) == 1
