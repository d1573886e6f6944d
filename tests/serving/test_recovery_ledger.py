"""The ledger: what was entered stays, two writers are safe, and who is forgotten is gone from the file."""

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.errors import RecoveryError, StateError
from serving.recovery.ledger import Ledger

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANNA, BO = "author:anna", "author:bo"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "recovery.db")


def contact(
    ledger: Ledger, person: str = ANNA, *, days: int = 0, again: bool = False, cost: float = 5.0
) -> None:
    ledger.contact(
        person,
        [f"f-{person}"],
        "apology_by_name",
        cost,
        who="tests",
        at=NOON + timedelta(days=days),
        complained_at=NOON - timedelta(days=1),
        again=again,
    )


def close(ledger: Ledger, outcome: str, *, days: int = 1, person: str = ANNA) -> None:
    ledger.close(
        person,
        [f"f-{person}"],
        outcome,  # type: ignore[arg-type]
        who="tests",
        at=NOON + timedelta(days=days),
        complained_at=NOON - timedelta(days=1),
    )


def test_reading_makes_no_file(ledger: Ledger) -> None:
    assert ledger.standings() == {}
    assert ledger.holdout() is None
    assert ledger.people_of(["f-1"]) == set()
    assert ledger.forget([ANNA]) == 0
    assert not ledger.path.exists()


def test_contacts_costs_and_ends_add_up(ledger: Ledger) -> None:
    contact(ledger)
    contact(ledger, days=2, again=True, cost=2.5)
    close(ledger, "lost", days=3)
    close(ledger, "recovered", days=4)
    standing = ledger.standings()[ANNA]
    assert standing.contacted == (NOON, NOON + timedelta(days=2))
    assert standing.gestures == ("apology_by_name",) * 2
    assert standing.cost == 7.5
    assert standing.outcome == "recovered"
    assert standing.closed_at == NOON + timedelta(days=4)


def test_nobody_is_contacted_twice_by_mistake(ledger: Ledger) -> None:
    contact(ledger)
    with pytest.raises(RecoveryError, match="was contacted on 2026-03-02"):
        contact(ledger, days=1)
    close(ledger, "recovered")
    contact(ledger, days=2)
    assert len(ledger.standings()[ANNA].contacted) == 2


def test_of_many_writers_at_once_one_contacts_a_person(ledger: Ledger) -> None:
    def attempt(number: int) -> bool:
        try:
            contact(Ledger(ledger.path))
        except RecoveryError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(12))) == 1
    assert len(ledger.standings()[ANNA].contacted) == 1


def test_the_same_end_twice_is_entered_once_and_not_before_the_contact(ledger: Ledger) -> None:
    contact(ledger, days=5)
    with pytest.raises(RecoveryError, match="the last contact was on 2026-03-07"):
        close(ledger, "lost", days=1)
    close(ledger, "lost", days=6)
    close(ledger, "lost", days=9)
    assert ledger.standings()[ANNA].closed_at == NOON + timedelta(days=6)


def test_the_held_out_cannot_be_contacted_until_the_holdout_ends(ledger: Ledger) -> None:
    holdout = ledger.draw(0.5, NOON)
    held = next(f"author:{number}" for number in range(50) if holdout.holds(f"author:{number}"))
    with pytest.raises(RecoveryError, match="is held out"):
        contact(ledger, held)
    close(ledger, "lost", person=held)
    ledger.draw(0, NOON)
    assert ledger.holdout() is None
    contact(ledger, held, days=2)


def test_a_new_draw_keeps_the_old_ones_out(ledger: Ledger) -> None:
    small, large = ledger.draw(0.1, NOON), ledger.draw(0.2, NOON)
    keys = [f"author:{number}" for number in range(2000)]
    assert {key for key in keys if small.holds(key)} < {key for key in keys if large.holds(key)}
    assert ledger.holdout() == large


def test_the_share_in_force_goes_on_from_its_first_day(ledger: Ledger) -> None:
    """A later begin would drop those who were contacted or left meanwhile."""
    first = ledger.draw(0.2, NOON)
    assert ledger.draw(0.2, NOON + timedelta(days=31)) == first == ledger.holdout()
    assert not first.anew


def test_a_ledger_that_was_drawn_twice_before_counts_from_the_first_day(ledger: Ledger) -> None:
    first = ledger.draw(0.2, NOON)
    with sqlite3.connect(ledger.path) as connection:
        connection.execute(
            "INSERT INTO holdout (share, salt, since) SELECT share, salt, '2026-04-02 12:00:00.000000' FROM holdout"
        )
    connection.close()
    assert ledger.holdout() == first


def test_another_share_begins_anew(ledger: Ledger) -> None:
    later = NOON + timedelta(days=31)
    ledger.draw(0, NOON)
    assert not ledger.draw(0.1, NOON).anew
    for share in (0.2, 0.1, 0, 0.1, 0.1):
        drawn = ledger.draw(share, later)
        assert (drawn.since, drawn.anew) == (later, True)
        assert ledger.holdout() == (drawn if share else None)


def test_who_is_forgotten_is_gone_from_the_file(ledger: Ledger) -> None:
    contact(ledger)
    contact(ledger, BO)
    assert ledger.people_of([f"f-{BO}", "f-unknown"]) == {BO}
    assert ledger.forget([BO], [f"f-{BO}"]) == 1
    assert set(ledger.standings()) == {ANNA}
    assert ledger.people_of([f"f-{BO}"]) == set()
    with sqlite3.connect(ledger.path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert BO.encode() not in ledger.path.read_bytes()


def test_the_file_is_for_its_owner_and_a_later_format_is_refused(ledger: Ledger) -> None:
    contact(ledger)
    assert stat.S_IMODE(ledger.path.stat().st_mode) == 0o600
    with sqlite3.connect(ledger.path) as connection:
        connection.execute("PRAGMA user_version = 9")
    connection.close()
    with pytest.raises(StateError, match="holds format 9, this version reads format 1"):
        ledger.standings()


def test_a_file_that_is_no_database_is_named(ledger: Ledger) -> None:
    ledger.path.write_bytes(b"not a database" * 100)
    with pytest.raises(StateError, match=r"recovery\.db"):
        ledger.standings()
