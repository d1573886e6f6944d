"""Which segments of kept feedback a report may show."""

import re

import pytest

from data import grouping
from data.grouping import with_grouping_segments
from data.records import Feedback


def told(*segments: dict[str, str]) -> list[dict[str, str]]:
    messages = [Feedback(id=f"f-{i}", text="slow", segments=own) for i, own in enumerate(segments)]
    return [dict(message.segments) for message in with_grouping_segments(messages)]


def test_names_and_numbers_of_orders_are_no_segments() -> None:
    people = [
        {"customer": f"Name {i}", "order": f"ORD{i}", "plan": "solo" if i % 3 else "team"} for i in range(60)
    ]
    assert told(*people) == [{"plan": "solo" if i % 3 else "team"} for i in range(60)]


def test_one_value_and_values_of_one_message_each_group_nobody() -> None:
    assert told({"shop": "a"}, {"shop": "a"}, {"shop": "a"}) == [{}, {}, {}]
    assert told({"shop": "a"}, {"shop": "b"}, {"shop": "a"}) == [{}, {}, {}]
    assert told({"shop": "a"}, {"shop": "b"}, {"shop": "a"}, {"shop": "b"})[0] == {"shop": "a"}


def test_texts_and_addresses_are_no_segments() -> None:
    long, mail = {"note": "x" * 61}, {"writer": "anna@example.org"}
    assert told(long, long, {"note": "y"}, {"note": "y"}) == [{}] * 4
    assert told(mail, mail, {"writer": "bo@example.org"}, {"writer": "bo@example.org"}) == [{}] * 4


def test_only_a_short_value_is_looked_at_for_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    class Watched:
        def fullmatch(self, value: str) -> re.Match[str] | None:
            assert len(value) <= 60
            return None

    monkeypatch.setattr(grouping, "_ADDRESS", Watched())  # it would take the square of a run of dots
    assert told({"web": "a@" + "." * 200 + "@"}, {"web": "a"}, {"web": "b"}) == [{}] * 3
