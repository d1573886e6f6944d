"""The queue: who is in it, how urgent they are, and how they stand."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from data.customers import Customer, Customers
from data.playbook import Playbook, read_playbook
from mining.recovery.complainers import Complainers, complainers
from mining.recovery.holdout import Holdout
from mining.recovery.person_ids import person_id
from mining.recovery.queue import Queue, queue_of
from mining.recovery.shouting import shouts
from mining.recovery.standing import Standing, state_of
from mining.recovery.urgency import Signals, urgency_of
from tests.mining.journal_rows import Row, journal, said

TODAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def found(*rows: Row) -> Complainers:
    return complainers(journal(rows))


def queue(*rows: Row, playbook: Playbook | None = None, customers: Customers | None = None) -> Queue:
    return queue_of(found(*rows), playbook or read_playbook(), {}, today=TODAY, customers=customers)


def test_one_entry_a_person_whatever_the_name_looks_like() -> None:
    people = found(said("f-1", "Bo  Li"), said("f-2", "bo li", person="Bo  Li"), said("f-3", None)).people
    assert set(people) == {"author:bo li", "person:f-3"}
    assert people["author:bo li"].feedback == ("f-1", "f-2")


def test_who_praises_or_only_talks_is_not_in_the_queue_and_complaints_of_degree_are() -> None:
    people = found(
        said("f-1", "a", side="praise"),
        said("f-2", "b", side=None),
        said("f-3", "c", side="too_little"),
        said("f-4", "d", side="too_much"),
    ).people
    assert set(people) == {"author:c", "author:d"}


def test_people_without_an_author_are_counted() -> None:
    assert queue(said("f-1", "a"), said("f-2", None), said("f-3", None)).nameless == 2


def test_a_campaign_has_nobody_to_rescue_and_its_authors_own_words_stay() -> None:
    copies = [said(f"f-{number}", f"bot {number}", person="f-0") for number in range(3)]
    all_of = found(*copies, said("f-9", "bot 1"))
    assert set(all_of.people) == {"author:bot 1"}
    assert all_of.people["author:bot 1"].feedback == ("f-9",)
    assert all_of.copied == 3


def test_what_is_kept_of_a_person_is_of_the_complaints() -> None:
    first, last = date(2026, 1, 5), date(2026, 2, 7)
    (person,) = found(
        said("f-1", "a", day=first, p=0.6, cause="c-2", text="Too slow", solicited=True),
        said(
            "f-2",
            "a",
            day=last,
            p=0.95,
            cause=None,
            topics=("billing",),
            text="CHARGED TWICE",
            solicited=False,
        ),
        said("f-3", "a", day=TODAY, side="praise", p=0.01, cause="c-9", topics=("staff",)),
    ).people.values()
    assert person.days == (first, last)
    assert person.quote == "CHARGED TWICE"
    assert person.quoted == "f-2"
    assert person.anger == pytest.approx(0.95)
    assert person.shouting
    assert person.solicited is False
    assert person.causes == ("c-2",)
    assert person.topics == ("billing", "delivery")


def test_the_topic_of_a_complaint_is_that_of_its_cause() -> None:
    many = [said(f"f-{number}", f"a{number}", topics=("delivery",)) for number in range(5)]
    people = found(*many, said("f-9", "b", topics=("content",))).people
    assert people["author:b"].topics == ("delivery",)


def test_the_order_of_the_rows_changes_nothing() -> None:
    rows = [
        said(
            f"f-{number:02}",
            f"a{number % 7}",
            p=number / 40,
            cause=f"c-{number % 3}",
            topics=("price", "staff"),
        )
        for number in range(30)
    ]
    shuffled = random.Random(1).sample(rows, len(rows))
    assert queue(*rows) == queue(*shuffled)


@pytest.mark.parametrize(
    ("signal", "calm", "urgent"),
    [
        ("anger", {"p": 0.5}, {"p": 0.99}),
        ("shouting", {"text": "It broke"}, {"text": "It broke!!"}),
        ("severity", {"cause": None, "topics": ("features",)}, {"cause": None, "topics": ("billing",)}),
        ("recency", {"day": TODAY - timedelta(days=60)}, {"day": TODAY}),
        ("unsolicited", {"solicited": True}, {"solicited": False}),
    ],
)
def test_each_signal_alone_decides_who_comes_first(signal: str, calm: Row, urgent: Row) -> None:
    first, second = queue(said("f-1", "calm", **calm), said("f-2", "urgent", **urgent)).entries
    assert (first.person.author, second.person.author) == ("urgent", "calm")
    assert getattr(first.signals, signal) > getattr(second.signals, signal)


def test_value_counts_as_a_rank_and_only_where_it_is_known() -> None:
    rows = [said("f-1", "poor"), said("f-2", "rich"), said("f-3", "unknown")]
    customers = Customers(
        {"poor": Customer(1.0, None), "rich": Customer(1e9, None), "silent": Customer(5.0, None)}, False, 3
    )
    values = {entry.person.author: entry.signals.value for entry in queue(*rows, customers=customers).entries}
    assert values == {"poor": pytest.approx(1 / 3), "rich": 1.0, "unknown": 0.5}
    assert all(entry.signals.value is None for entry in queue(*rows).entries)


def test_urgency_is_the_weighted_mean_of_what_is_there() -> None:
    weights = read_playbook().weights
    signals = Signals(anger=1, shouting=0, severity=0.5, value=None, recency=0.25, unsolicited=1)
    assert urgency_of(signals, weights) == pytest.approx(100 * (4 + 1.5 + 0.5 + 1) / 11)
    assert urgency_of(replace(signals, value=0.5), weights) == pytest.approx(
        100 * (4 + 1.5 + 0.5 + 1 + 1) / 13
    )
    edited = replace(weights, anger=0, severity=0, recency=0, unsolicited=0)
    assert urgency_of(signals, edited) == 0


def test_due_days_are_counted_from_the_last_complaint() -> None:
    past, unknown = queue(
        said("f-1", "a", day=date(2026, 1, 1), p=0.4, topics=("other",)),
        said("f-2", "b", day=None, p=0.4, topics=("other",)),
    ).entries[::-1]
    by_name = {entry.person.author: entry for entry in (past, unknown)}
    assert by_name["a"].due == date(2026, 1, 8)
    assert by_name["a"].overdue
    assert by_name["b"].due == TODAY + timedelta(days=7)
    assert not by_name["b"].overdue


def test_closed_people_come_last_and_are_not_overdue() -> None:
    people = found(said("f-1", "a", day=date(2026, 1, 1)), said("f-2", "b", day=date(2026, 1, 1), p=0.2))
    closed = Standing(contacted=(NOON,), gestures=("g",), cost=3, outcome="lost", closed_at=NOON)
    ranked = queue_of(people, read_playbook(), {"author:a": closed}, today=TODAY)
    assert [entry.state for entry in ranked.entries] == ["open", "lost"]
    assert ranked.overdue == 1
    assert ranked.states() == {"open": 1, "lost": 1}


def test_who_complains_again_is_open_again() -> None:
    hour = timedelta(hours=1)
    assert state_of(None, NOON) == "open"
    assert state_of(Standing(contacted=(NOON,)), NOON - hour) == "contacted"
    closed = Standing(contacted=(NOON,), outcome="recovered", closed_at=NOON + hour)
    assert state_of(closed, NOON) == "recovered"
    assert state_of(closed, None) == "recovered"
    assert state_of(closed, NOON + 2 * hour) == "open"
    again = replace(closed, contacted=(NOON, NOON + 3 * hour))
    assert state_of(again, NOON + 2 * hour) == "contacted"


def test_the_held_out_are_counted_and_not_shown() -> None:
    people = found(*(said(f"f-{number:03}", f"a{number}") for number in range(200)))
    holdout = Holdout(share=0.25, salt="salt", since=NOON)
    ranked = queue_of(people, read_playbook(), {}, today=TODAY, holdout=holdout)
    assert ranked.held_out + len(ranked.entries) == 200
    assert 25 <= ranked.held_out <= 75
    assert not any(holdout.holds(entry.person.key) for entry in ranked.entries)


def test_a_holdout_is_stable_and_grows_with_its_share() -> None:
    keys = [f"author:{number}" for number in range(4000)]
    small, large = (Holdout(share=share, salt="s", since=NOON) for share in (0.1, 0.3))
    held = [{key for key in keys if each.holds(key)} for each in (small, large)]
    assert held[0] < held[1]
    assert len(held[1]) / len(keys) == pytest.approx(0.3, abs=0.03)
    assert not any(Holdout(share=0, salt="s", since=NOON).holds(key) for key in keys)
    other = {key for key in keys if Holdout(share=0.3, salt="t", since=NOON).holds(key)}
    assert other != held[1]


def test_ids_are_stable_and_hide_the_name() -> None:
    assert person_id("author:anna") == person_id("author:anna") != person_id("person:anna")
    assert "anna" not in person_id("author:anna")


@pytest.mark.parametrize(
    "text", ["THIS IS A SCANDAL", "ĻOTI SLIKTI BIJA", "Why?! Why", "一直响！！", "ไม่ไหวแล้ว!!", "ДУЖЕ ПОГАНО"]
)
def test_shouting_is_heard_in_any_script(text: str) -> None:
    assert shouts(text)


@pytest.mark.parametrize(
    "text", ["My GPS fails", "USB-C", "It broke!", "案例太多，看不下去！", "แย่มาก", "", "OK"]
)
def test_names_abbreviations_and_single_marks_are_no_shout(text: str) -> None:
    assert not shouts(text)
