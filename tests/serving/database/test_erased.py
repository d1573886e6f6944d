"""What was erased is noted once, also where two who erase the same meet; on both databases."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from serving.database.connection import Database
from serving.database.erased import (
    erased_among,
    keep_out,
    known_still,
    let_in,
    note_forgotten,
    note_known_still,
)


def test_what_the_register_knows_still_is_noted_until_it_is_forgotten(database: Database) -> None:
    for ids in (["f-1", "f-2", "f-1"], ["f-2", "f-3"]):
        with database.writing() as session:
            note_known_still(session, ids)
    with database.writing() as session:
        note_forgotten(session, ["f-1", "f-9"])
    assert known_still(database) == {"f-2": False, "f-3": False}


def test_what_was_kept_is_told_from_a_row_until_the_row_is_to_be_forgotten_too(database: Database) -> None:
    for kept in (["f-1", "f-2"], ["f-2"], ["f-1", "f-2"]):
        with database.writing() as session:
            note_known_still(session, ["f-1", "f-2"], kept)
    assert known_still(database) == {"f-1": False, "f-2": True}


def test_what_is_kept_out_may_be_let_in(database: Database) -> None:
    with database.writing() as session:
        keep_out(session, ["f-1", "f-2"])
    with database.writing() as session:
        assert let_in(session, ["f-1", "f-9"]) == ["f-1"]
        assert erased_among(session, ["f-1", "f-2"]) == {"f-2"}


@pytest.mark.parametrize("note", [note_known_still, keep_out])
def test_of_two_who_erase_the_same_the_second_waits_for_the_first(
    database: Database, note: Callable[[Session, Sequence[str]], None]
) -> None:
    def second() -> None:
        with database.writing() as session:
            note(session, ["f-1", "f-2"])

    with ThreadPoolExecutor(1) as pool:
        with database.writing() as session:
            note(session, ["f-1"])
            session.flush()
            other = pool.submit(second)
            with pytest.raises(TimeoutError):
                other.result(timeout=0.3)
        other.result()
