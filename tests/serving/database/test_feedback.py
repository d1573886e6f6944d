"""Feedback is stored once, found whole, and gone when it is erased; on both databases."""

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from unicodedata import normalize

import pytest
from sqlalchemy import event, make_url
from sqlalchemy.orm import Session

from data.records import Feedback
from serving.database import feedback as kept_feedback
from serving.database.audit import entries
from serving.database.authors import author_secret, is_pseudonym, pseudonym
from serving.database.connection import Database
from serving.database.feedback import (
    ConflictError,
    Kept,
    Outcome,
    any_kept,
    count,
    differing,
    erase,
    erase_author,
    erase_before,
    everything,
    find,
    store,
)
from serving.database.migration import open_database
from tests.serving.conftest import new_postgres

FULL = Feedback(
    id="f-1",
    text="ตัวอย่างน้อยเกินไป 案例太多 😀 Pārāk maz",
    rating=4.1,
    author="person-1",
    source="shop",
    channel="app",
    solicited=False,
    created_at=datetime(2026, 3, 1, 9, 30, 1, 5, tzinfo=timezone(timedelta(hours=7))),
    language="th",
    segments={"plan": "basic", "ภาษา": "ไทย"},
)


def kept(*messages: Feedback) -> list[Kept]:
    return [Kept(message, {}) for message in messages]


def test_every_field_comes_back(database: Database) -> None:
    assert store(database, [Kept(FULL, {"email": 2})], "me") == Outcome(stored=1, unchanged=0)
    found = find(database, "f-1")
    assert found is not None
    assert found[0] == Kept(FULL, {"email": 2})
    assert abs(datetime.now(UTC) - found[1]) < timedelta(minutes=5)
    assert find(database, "f-2") is None


def test_the_same_again_changes_nothing(database: Database) -> None:
    other = replace(FULL, id="f-2", rating=None, created_at=None)
    store(database, kept(FULL), "me")
    assert store(database, kept(FULL, other, other), "me") == Outcome(stored=1, unchanged=2)
    assert count(database) == 2
    assert [entry.subject for entry in entries(database, 10)] == ["f-2", "f-1"]


@pytest.mark.parametrize(
    "change", [{"text": "other"}, {"rating": 4.2}, {"author": None}, {"segments": {}}, {"solicited": True}]
)
def test_an_id_with_another_content_is_refused_with_all_that_came_with_it(
    database: Database, change: dict[str, object]
) -> None:
    store(database, kept(FULL), "me")
    changed: Feedback = replace(FULL, **change)  # type: ignore[arg-type]
    with pytest.raises(ConflictError, match="f-1"):
        store(database, kept(replace(FULL, id="f-0"), changed), "me")
    assert [message.id for message in everything(database)] == ["f-1"]
    with pytest.raises(ConflictError, match="f-3"):
        store(database, kept(replace(FULL, id="f-3"), replace(changed, id="f-3")), "me")
    assert count(database) == 1
    assert len(entries(database, 10)) == 1


def test_what_was_found_to_be_the_same_is_so_while_it_is_what_is_kept(database: Database) -> None:
    """Another may have taken its place while the two were compared."""
    (sent,) = kept(replace(FULL, text="Under other rules"))
    store(database, kept(FULL), "me")
    assert differing(database, [sent, *kept(replace(FULL, id="f-2"))]) == [(Kept(FULL, {}), sent)]
    assert store(database, [sent], "me", {"f-1": Kept(FULL, {})}) == Outcome(stored=0, unchanged=1)
    assert not differing(database, kept(FULL))
    compared = Kept(replace(FULL, text="What was there"), {})
    with pytest.raises(ConflictError, match="f-1"):
        store(database, [sent], "me", {"f-1": compared})


def test_many_who_send_the_same_at_once_store_it_once(database: Database) -> None:
    messages = kept(*(replace(FULL, id=f"f-{number}") for number in range(20)))
    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(lambda _: store(database, messages, "me"), range(6)))
    assert sum(outcome.stored for outcome in outcomes) == 20
    assert count(database) == 20
    assert len(entries(database, 100)) == 20


def test_everything_comes_by_id_a_page_at_a_time(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_feedback, "PAGE", 3)
    for number in (4, 1, 6, 3, 5, 2):
        store(database, kept(replace(FULL, id=f"f-{number}")), "me")
    assert [message.id for message in everything(database)] == [f"f-{number}" for number in range(1, 7)]


def test_it_is_asked_of_more_ids_than_a_query_has_room_for(database: Database) -> None:
    strangers, values = [f"x-{number}" for number in range(3_000)], []
    store(database, kept(FULL), "tests")
    event.listen(database.engine, "before_cursor_execute", lambda *told: values.append(len(told[3])))
    assert not any_kept(database, strangers)
    assert any_kept(database, [*strangers, FULL.id])
    assert max(values) < 1_100  # a page of ids


def test_what_is_erased_is_gone_and_may_come_again(database: Database) -> None:
    store(database, kept(FULL, replace(FULL, id="f-2")), "me")
    with database.writing() as session:
        assert erase(session, ["f-9", "f-1"]) == {"f-1": FULL.author}
        assert not erase(session, ["f-9"])
    assert find(database, "f-1") is None
    assert store(database, kept(replace(FULL, text="new")), "me").stored == 1


def test_all_of_one_author_is_erased_at_once(database: Database) -> None:
    store(database, kept(FULL, replace(FULL, id="f-2"), replace(FULL, id="f-3", author="person-2")), "me")
    with database.writing() as session:
        assert erase_author(session, ["person-1", "person-9"]) == {"f-1": "person-1", "f-2": "person-1"}
    assert [message.id for message in everything(database)] == ["f-3"]


ERASURES: list[Callable[[Session], Collection[str]]] = [
    lambda session: erase(session, ["f-1", "f-2"]),
    lambda session: erase_author(session, ["person-1"]),
    lambda session: erase_before(session, date(2027, 1, 1)),
]


@pytest.mark.parametrize("erased", ERASURES, ids=["ids", "author", "day"])
def test_what_comes_while_others_are_erased_is_kept_or_told(
    postgres_server: str, erased: Callable[[Session], Collection[str]]
) -> None:
    """On SQLite, an erasure is the one writer."""
    database = open_database(make_url(new_postgres(postgres_server)))
    store(database, kept(FULL), "me")

    def come(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        if statement.startswith("DELETE") and find(database, "f-2") is None:
            store(database, kept(replace(FULL, id="f-2")), "me")

    event.listen(database.engine, "before_cursor_execute", come)
    with database.writing() as session:
        gone = erased(session)
    assert {"f-1", "f-2"}.difference(message.id for message in everything(database)) == set(gone)
    database.close()


def test_pseudonyms_are_one_to_a_name_and_of_this_database(database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        (secret,) = set(pool.map(lambda _: author_secret(database), range(4)))
    assert pseudonym(" Anna  KALNIŅA ", secret) == pseudonym("anna kalniņa", secret)
    assert pseudonym(normalize("NFD", "Anna Kalniņa"), secret) == pseudonym("anna kalniņa", secret)
    assert pseudonym("anna", secret) != pseudonym("anna", b"other")
    assert "anna" not in pseudonym("anna", secret)
    assert is_pseudonym(pseudonym("anna", secret))
    assert not any(map(is_pseudonym, ("anna", "person-1", f"{pseudonym('anna', secret)}0")))


def test_the_pseudonyms_that_are_kept_stay() -> None:
    assert pseudonym(" Ilze\u00a0 STRAßE ", b"secret") == "person-3cb5bd125f043a96edaeea95"
