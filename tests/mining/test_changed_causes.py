"""Whether a cause still holds what it held when it was born or named: by the log alone."""

from collections.abc import Iterable

import pytest

from mining.changed_causes import Change, changes_of
from mining.register import MINING, PEOPLE, LogEntry

KEYS = frozenset(f"f-{number}" for number in range(100))
FEWEST = 6


def messages(*numbers: int) -> frozenset[str]:
    return frozenset(f"f-{number}" for number in numbers)


def logged(kind: str, held: Iterable[str] | None = None, actor: str = MINING) -> LogEntry:
    details = {} if held is None else {"members": sorted(held)}
    return LogEntry(number=1, at="", actor=actor, kind=kind, cause="c-0001", details=details)


BORN = logged("born", messages(*range(20)))
NAMED = logged("rename", messages(*range(20)), PEOPLE)


@pytest.mark.parametrize("kept", [9, 10])
def test_under_half_is_a_change(kept: int) -> None:
    held = {"c-0001": messages(*range(20 - kept, 60))}
    found = list(changes_of([BORN], held, KEYS, FEWEST))
    assert found == ([Change("c-0001", 9, 20, "born")] if kept == 9 else [])


def test_messages_that_are_gone_do_not_count() -> None:
    held = {"c-0001": messages(0, 1, 2, *range(50, 90))}
    assert list(changes_of([NAMED], held, messages(*range(6), *range(50, 90)), FEWEST)) == []
    (change,) = changes_of([NAMED], held, messages(*range(7), *range(50, 90)), FEWEST)
    assert change == Change("c-0001", 3, 7, "named")
    assert list(changes_of([NAMED], held, messages(0, 5, 6, 7, 8), FEWEST)) == []


def test_the_last_name_is_the_beginning_and_a_change_is_told_once() -> None:
    held = {"c-0001": messages(*range(40, 60))}
    renamed = logged("rename", messages(*range(40, 60)), PEOPLE)
    assert list(changes_of([BORN, renamed], held, KEYS, FEWEST)) == []
    assert list(changes_of([NAMED, logged("changed")], held, KEYS, FEWEST)) == []
    assert len(list(changes_of([BORN, logged("changed"), NAMED], held, KEYS, FEWEST))) == 1


def test_a_log_of_an_earlier_version_and_a_cause_that_was_not_found_say_nothing() -> None:
    held = {"c-0001": messages(*range(40, 60))}
    assert list(changes_of([BORN, logged("rename", actor=PEOPLE)], held, KEYS, FEWEST)) == []
    assert list(changes_of([NAMED], {}, KEYS, FEWEST)) == []
