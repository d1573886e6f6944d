"""An erasure that fails or is cut short: nothing says that the words are gone, and it can be asked for again."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from data.errors import DatabaseError, StateError, WriteError
from data.records import Feedback
from mining.journal import JOURNAL_NAME, Journal, read_journal, write_journal
from serving import forgetting, job_work, keeper
from serving.configuration import Configuration
from serving.database.connection import Database
from serving.engine import Engine
from serving.job_work import job_folder
from serving.keeper import Keeper
from serving.messages import ErrorAnswer
from serving.state import read_state
from tests.fakes import KeywordPredictor
from tests.mining.journal_rows import journal, said
from tests.serving.job_world import mined_folder
from tests.serving.served import served
from tests.serving.small_world import small_feedback

WORDS = {message.id: message.text for message in small_feedback()}["f-3"]
SEGMENTS = [("order", "A-17 Anna Ozola"), ("product", "Lamp")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the mining left of f-3, and the result of a scoring."""
    folder = mined_folder(tmp_path / "out")
    rows = [{**said("f-3", "bo", text=WORDS), "segments": SEGMENTS}, said("f-5", "al")]
    write_journal(folder / "state" / JOURNAL_NAME, journal(rows))
    job_folder(folder, "old").mkdir(parents=True)
    (job_folder(folder, "old") / "scored.csv").write_text(WORDS, encoding="utf-8")
    return folder


@pytest.fixture
def engine(folder: Path) -> Engine:
    return Engine(read_state(folder), KeywordPredictor(), folder)


@pytest.fixture
def client(embedded: Database, engine: Engine, folder: Path) -> Iterator[TestClient]:
    with served(embedded, engine=engine, folder=folder) as client:
        yield client


def error(response: Any) -> tuple[int, str]:
    return response.status_code, ErrorAnswer.model_validate(response.json()).error.code


def journal_in(folder: Path) -> Journal:
    return read_journal(folder / "state" / JOURNAL_NAME)


def is_quoted(folder: Path) -> bool:
    """Whether a service that starts now quotes the words, or the journal has them."""
    return "f-3" in read_state(folder).stored.messages or WORDS in journal_in(folder).column("text")


def keep(client: TestClient) -> None:
    assert client.post("/v1/feedback", json={"id": "f-3", "text": WORDS, "author": "bo"}).is_success


def erase(client: TestClient, *, whole_author: bool) -> Any:
    if whole_author:
        return client.post("/v1/erasures", json={"author": "bo"})
    return client.delete("/v1/feedback/f-3")


@pytest.mark.parametrize("whole_author", [False, True])
@pytest.mark.parametrize(
    ("module", "what", "failure"),
    [
        (forgetting, "forget_in_file", sqlite3.OperationalError("database or disk is full")),
        (forgetting, "forget_in_journal", WriteError("no space left")),
        (forgetting, "forget_feedback", DatabaseError("database is locked")),
        (job_work.shutil, "rmtree", None),
    ],
)
def test_what_lies_somewhere_still_is_not_called_erased_and_can_be_erased_again(
    client: TestClient,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    what: str,
    failure: Exception | None,
    whole_author: bool,
) -> None:
    def fail(*given: object, **options: object) -> None:
        if failure is not None:
            raise failure

    keep(client)
    with monkeypatch.context() as failing:
        failing.setattr(module, what, fail)
        assert error(erase(client, whole_author=whole_author)) == (503, "unavailable")
    assert client.get("/v1/feedback/f-3").status_code == 200
    assert [row["action"] for row in client.get("/v1/audit").json()["audit"]] == ["feedback.store"]
    assert erase(client, whole_author=whole_author).json() == {"erased": 1}
    assert not is_quoted(folder)
    assert not (folder / "jobs").exists()


def test_an_author_whom_the_ledger_does_not_forget_can_be_erased_again(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        raise StateError("recovery.db holds format 9")

    keep(client)
    with monkeypatch.context() as failing:
        failing.setattr(keeper, "forget_author", fail)
        assert error(erase(client, whole_author=True)) == (503, "unavailable")
    assert erase(client, whole_author=True).json() == {"erased": 1}


def test_a_file_that_fails_does_not_shield_another(
    client: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        raise sqlite3.OperationalError("database is locked")

    keep(client)
    monkeypatch.setattr(forgetting, "forget_in_file", fail)
    assert error(client.delete("/v1/feedback/f-3")) == (503, "unavailable")
    assert journal_in(folder).column("text") == [None, "It broke"]
    assert WORDS not in client.get("/v1/causes/c-0001").text  # and nothing is quoted from memory


def test_an_erasure_that_is_cut_short_has_not_happened(
    embedded: Database, engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*given: object) -> None:
        raise KeyboardInterrupt

    kept = Keeper(embedded, engine, Configuration(state=folder, database=embedded.engine.url))
    kept.store([kept.prepared(Feedback(id="f-3", text=WORDS))], "me")
    with monkeypatch.context() as cut:
        cut.setattr(forgetting, "forget_in_journal", end)
        with pytest.raises(KeyboardInterrupt):
            kept.erase("f-3", "me")
    assert kept.find("f-3") is not None
    assert kept.erase("f-3", "me")
    assert not is_quoted(folder)


def test_what_is_not_kept_is_taken_out_of_the_folder_all_the_same(client: TestClient, folder: Path) -> None:
    """An earlier version erased it in the database, and was killed."""
    assert is_quoted(folder)
    assert error(client.delete("/v1/feedback/f-3")) == (404, "not_found")
    assert not is_quoted(folder)
    assert WORDS not in client.get("/v1/causes/c-0001").text
    assert (folder / "jobs").exists()


def test_what_customers_filled_in_goes_with_their_words(client: TestClient, folder: Path) -> None:
    keep(client)
    client.delete("/v1/feedback/f-3")
    left = journal_in(folder)
    assert left.column("segments") == [[("product", "Lamp")], []]
    assert left.column("author") == [None, "al"]
