"""The sample, with the causes that were planted in it: what its customers leave after is what goes with leaving."""

import json
from pathlib import Path

import pytest

from data.customers import read_customers
from data.reading import read_feedback
from mining.journal import Journal
from mining.loyalty.leaving import find_leaving
from mining.loyalty.trials import month_trials
from mining.loyalty.writers import writers_of
from mining.people import find_people

pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
LEAVERS = {("late", "too_little"), ("fees", "too_much"), ("leaks", "complaint")}


def planted_journal() -> Journal:
    """One row for each message and planted side of it, as a model without errors would leave it."""
    import pyarrow as pa

    feedback = sorted(read_feedback(SAMPLE / "feedback.csv").feedback, key=lambda message: message.id)
    planted: dict[str, list[tuple[str, str]]] = {}
    for cause, found in json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))["causes"].items():
        for side, members in found["sides"].items():
            for member in members:
                planted.setdefault(member, []).append((cause, side))
    first: dict[int, str] = {}
    people = find_people(feedback).tolist()
    for person, message in zip(people, feedback, strict=True):
        first.setdefault(person, message.id)
    rows = [
        {
            "feedback_id": message.id,
            "person": first[person],
            "author": message.author,
            "created_at": message.created_at,
            "source": message.source,
            "channel": message.channel,
            "solicited": message.solicited,
            "rating": message.rating,
            "outcome": None,
            "cause_id": cause,
            "side": side,
            "segments": list(message.segments.items()),
            "text": message.text,
        }
        for person, message in zip(people, feedback, strict=True)
        for cause, side in planted.get(message.id, [(None, None)])
    ]
    segments = pa.map_(pa.string(), pa.string())
    table = pa.table(
        {
            name: pa.array([row[name] for row in rows], segments if name == "segments" else None)
            for name in rows[0]
        }
    )
    return Journal(table)


def test_late_fees_and_leaks_go_with_leaving_and_praise_does_not() -> None:
    customers = read_customers(SAMPLE / "customers.csv")
    writers = writers_of(planted_journal(), customers.by_author)
    leaving, _ = find_leaving(month_trials(writers, max(m.day for w in writers for m in w.messages if m.day)))
    told = {(each.cause_id, each.side): each for each in leaving.associations}
    assert {key for key, each in told.items() if each.direction == "more"} == LEAVERS
    assert all(told[key].coefficient.odds[1] > 3 for key in LEAVERS)
    assert [side for _, side in told].count("praise") >= 3
    assert leaving.calibration is not None
    assert leaving.calibration.usable
