"""Which segments of kept feedback a report may show."""

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
