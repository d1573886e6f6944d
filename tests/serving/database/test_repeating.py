"""What meets the changes of others is made again, and given up when they are always first."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from data.errors import DatabaseError
from data.records import Feedback
from serving.database import repeating
from serving.database.audit import entries
from serving.database.connection import Database
from serving.database.feedback import ConflictError, Kept, Outcome, count, find, store
from serving.database.repeating import TRIES, made_again

WRITERS = 12


def batch(number: int) -> list[Kept]:
    """Messages that all send, some of them from the other end; every third has some of its own beside them."""
    ids = [f"f-{each}" for each in range(200)]
    if number % 2:
        ids.reverse()
    if number % 3 == 0:
        ids = [*ids[50:], *(f"own-{number}-{each}" for each in range(50))]
    return [Kept(Feedback(id=each, text=f"Too few {each}"), {}) for each in ids]


def test_batches_that_overlap_in_any_order_are_all_kept(database: Database) -> None:
    start = Barrier(WRITERS)

    def send(number: int) -> Outcome:
        start.wait()
        return store(database, batch(number), "me")

    with ThreadPoolExecutor(WRITERS) as pool:
        outcomes = list(pool.map(send, range(WRITERS)))
    everything = {each.feedback.id for number in range(WRITERS) for each in batch(number)}
    assert [outcome.stored + outcome.unchanged for outcome in outcomes] == [200] * WRITERS
    assert sum(outcome.stored for outcome in outcomes) == count(database) == len(everything)
    assert len(entries(database, 1_000)) == len(everything), "each is in the audit log once"


def test_another_content_that_comes_at_once_is_refused(database: Database) -> None:
    start = Barrier(2)

    def send(text: str) -> Outcome | ConflictError:
        start.wait()
        try:
            return store(database, [Kept(Feedback(id="f-1", text=text), {})], "me")
        except ConflictError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(send, ("Too few", "Too many")))
    assert sorted(type(each).__name__ for each in said) == ["ConflictError", "Outcome"]
    assert find(database, "f-1") is not None


def test_who_is_never_first_is_told_in_one_line(embedded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeating, "_WAIT_S", 0)
    tries = []

    def change(session: Session) -> None:
        tries.append(session)
        raise IntegrityError("INSERT", {}, Exception("there is one"))

    with pytest.raises(DatabaseError, match="nothing was changed"):
        made_again(embedded, change)
    assert len(tries) == TRIES


def test_a_database_that_is_away_is_not_asked_again(embedded: Database) -> None:
    tries = []

    def change(session: Session) -> None:
        tries.append(session)
        raise DatabaseError("away")

    with pytest.raises(DatabaseError, match="away"):
        made_again(embedded, change)
    assert len(tries) == 1
